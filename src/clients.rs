//! Use cases on installed clients.

pub mod which;
