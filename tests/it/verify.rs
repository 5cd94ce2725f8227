//! `verify`.

pub mod addresses;
pub mod backend_down;
pub mod clock;
pub mod cloud;
pub mod dnodes;
pub mod fingerprint;
pub mod fixes;
pub mod gateway;
pub mod green;
pub mod hostile_answers;
pub mod hostile_files;
pub mod library;
pub mod limits;
pub mod login;
pub mod many;
pub mod native_loader;
pub mod native_server;
pub mod ports;
pub mod private_libraries;
pub mod proxy;
pub mod slow;
pub mod targets;
pub mod tls;
pub mod versions;
pub mod wait;
pub mod write;
