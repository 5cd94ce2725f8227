//! Connection strings and targets, parsed and printed; and the one line of taos.cfg that names a server.

pub mod taos_cfg;
pub mod target;

pub use crate::transport::Transport;
pub use target::{Scheme, Target};
