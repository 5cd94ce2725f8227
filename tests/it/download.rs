//! Downloads.

pub mod cache;
pub mod deadlines;
pub mod hostile;
pub mod proxy_faults;
pub mod redirect;
pub mod resume;
pub mod retry;
pub mod signed_list;
pub mod tls;
