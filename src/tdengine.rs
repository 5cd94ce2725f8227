//! Facts of TDengine that everything builds on: versions, platforms, transports, digests.

pub mod digest;
pub mod platform;
pub mod transport;
pub mod version;
