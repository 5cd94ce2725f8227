//! The ports that TDengine uses unless it is configured otherwise.

/// taosAdapter: REST and WebSocket.
pub const ADAPTER_PORT: u16 = 6041;
/// taosd: native connections.
pub const NATIVE_PORT: u16 = 6030;
/// HTTPS: TDengine Cloud, and gateways before taosAdapter.
pub const HTTPS_PORT: u16 = 443;
