//! Fixtures: the program in an empty environment, packages, servers, certificates.

pub mod certificates;
pub mod client_package;
pub mod download_source;
pub mod fake_server;
pub mod file_server;
pub mod hostile_websocket;
pub mod installed;
pub mod matching_server;
#[path = "../../src/signature/minisign_writer.rs"]
pub mod minisign_writer;
pub mod platform_packages;
pub mod program;
pub mod served;
pub mod skipped;
pub mod steps;
pub mod system_directories;
pub mod tree;
pub mod unused_address;
