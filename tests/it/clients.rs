//! `use`, `which`, `uninstall`, `gc`, `run`.

pub mod chinese;
pub mod gc;
pub mod run;
pub mod uninstall;
pub mod use_client;
pub mod which;
