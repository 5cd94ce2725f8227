//! Every behaviour through the real binary, one file a behaviour. One test program, so that it links once.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    missing_docs,
    reason = "tests fail by panicking"
)]

mod program;

mod command_line;
mod init_connectors;
mod init_go_mod;
mod init_new;
mod init_new_go;
mod init_new_python;
mod init_refusals;
mod init_requirements;
mod tree;
