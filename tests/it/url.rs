//! `url`.

mod chinese;
pub mod connectors;
pub mod printed;
