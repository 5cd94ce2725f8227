//! `taos-setup` installs the TDengine client that matches the server, adds the right connector to a project, and verifies the
//! connection. Modules, one line each:
//!
//! - [`commands`]: parses arguments, calls one use case, passes its result to [`output`]
//! - use cases: [`install`], [`clients`], [`init`], [`verify`], [`doctor`], [`explain`],
//!   [`migrate`], [`mirror`], [`own_catalog`],
//!   [`own_program`], [`pipeline`], [`sync`]
//! - [`application`]: the connector of the user's own program, as the last check of [`verify`]
//! - [`catalog`]: the data of `manifests/`; lookups, no effects
//! - [`fetch`]: bytes from a mirror, a directory, a file or a URL
//! - [`unpack`]: hostile archives to a safe tree
//! - [`lock`]: `taos-setup.toml` and `taos-setup.lock`: found, read, rendered, edited
//! - [`store`]: installed clients: staging, publication, receipts, which one is current
//! - [`project`]: manifests and lock files of projects, and templates rendered into them
//! - [`dsn`]: targets and connection strings, parsed and printed
//! - [`driver`]: the client library: where the loader looks for it, and what it finds
//! - [`probe`]: one file a check; returns facts, never advice
//! - [`diagnose`]: facts in, findings out
//! - [`output`]: the only printer
//! - [`signature`]: lists that are signed with minisign
//! - leaf modules: [`error`], [`message`], [`tdengine`], [`safety`], [`system`]
//!
//! Use cases call modules and modules call leaf modules; nothing calls a higher layer.

#![cfg_attr(not(test), warn(unused_crate_dependencies))]

pub(crate) mod application;
pub(crate) mod catalog;
pub(crate) mod clients;
pub(crate) mod commands;
pub(crate) mod diagnose;
pub(crate) mod doctor;
pub(crate) mod driver;
pub(crate) mod dsn;
pub(crate) mod error;
pub(crate) mod explain;
pub(crate) mod fetch;
pub mod fuzzing;
pub(crate) mod init;
pub(crate) mod install;
pub(crate) mod lock;
pub(crate) mod message;
pub(crate) mod migrate;
pub(crate) mod mirror;
pub(crate) mod output;
pub(crate) mod own_catalog;
pub(crate) mod own_program;
pub(crate) mod pipeline;
pub(crate) mod probe;
pub(crate) mod project;
pub(crate) mod safety;
pub(crate) mod signature;
pub(crate) mod store;
pub(crate) mod sync;
pub(crate) mod system;
pub(crate) mod tdengine;
pub(crate) mod unpack;
pub(crate) mod verify;

pub use commands::main;
