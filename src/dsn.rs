//! Connection strings and targets, parsed and printed; and the one line of taos.cfg that names a server.

mod address;
pub mod format;
mod read;
mod scheme;
pub mod target;

pub use crate::tdengine::transport::Transport;
pub use address::{Endpoint, host_and_port};
pub use scheme::Scheme;
pub use target::{Opt, Target};
