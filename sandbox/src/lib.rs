//! A stand-in server.

pub mod driver;
pub mod mirror;
