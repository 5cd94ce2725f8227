//! Every behaviour through the real binary, one file a behaviour. One test program, so that it links once.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    missing_docs,
    unreachable_pub,
    reason = "tests fail by panicking"
)]

mod program;

mod command_line;
mod env;
mod init_connectors;
mod init_go_mod;
mod init_new;
mod init_new_go;
mod init_new_python;
mod init_refusals;
mod init_requirements;
mod install_bench;
mod install_network;
mod install_packages;
mod install_sources;
mod install_store;
mod install_trust;
mod list;
mod run;
mod tree;
mod unpack_corpus;
mod unpack_formats;
mod verify_backend_down;
mod verify_bench;
mod verify_dnodes;
mod verify_green;
mod verify_library;
mod verify_login;
mod verify_ports;
mod verify_targets;
