//! Use cases on installed clients.

mod client_variables;
pub mod env;
pub mod gc;
pub mod list;
pub mod run;
pub mod uninstall;
pub mod use_client;
pub mod which;
