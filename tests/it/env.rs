//! `env`.

pub mod shells;
pub mod variables;
