//! A stand-in server.

pub mod driver;
pub mod mirror;
mod native;
mod stub;
pub use stub::{faults, server, sql, state};
