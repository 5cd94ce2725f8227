//! Connection strings and targets, parsed and printed; and the one line of taos.cfg that names a server.

pub mod address;
mod read;
mod redact;
mod scheme;
pub mod taos_cfg;
pub mod target;

pub use crate::transport::Transport;
pub use scheme::Scheme;
pub use target::{Opt, Target};
