//! Every behavior through the real binary, one file a behavior. One test program, so that it links once.
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

mod architecture;
mod book;
mod catalog;
mod ci;
mod clients;
mod command_line;
mod doctor;
mod download;
mod env;
mod explain;
mod fault_matrix;
mod init;
mod install;
mod list;
mod lock;
mod migrate;
mod mirror;
#[cfg(unix)]
mod own_program;
mod safety;
mod start;
mod store;
mod support;
mod system;
mod unpack;
mod url;
mod verify;
#[cfg(target_os = "linux")]
#[path = "../../src/unpack/xar_writer.rs"]
mod xar_writer;
