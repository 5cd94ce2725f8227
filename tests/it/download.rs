//! Downloads.

pub mod cache;
pub mod proxy_faults;
pub mod redirect;
pub mod resume;
pub mod retry;
pub mod tls;
