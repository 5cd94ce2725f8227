//! `url`.

pub mod connectors;
pub mod printed;
