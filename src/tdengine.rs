//! Facts of TDengine that everything builds on: versions, platforms, ports, transports, digests.

pub mod digest;
pub mod platform;
pub mod ports;
pub mod transport;
pub mod version;
