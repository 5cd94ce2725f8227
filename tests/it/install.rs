//! `install`.

pub mod alone;
pub mod at_once;
pub mod chinese;
pub mod dry_run;
pub mod first_ep;
pub mod macos_installer;
pub mod match_checks;
pub mod match_server;
pub mod match_server_package;
pub mod mirror_address;
pub mod mirror_directory;
pub mod network;
pub mod packages;
pub mod parts;
pub mod platforms;
pub mod prefix;
pub mod reinstall;
pub mod repair;
pub mod run_path;
pub mod sources;
pub mod store;
pub mod trust;
pub mod users;
pub mod vendor_list;
