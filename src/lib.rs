//! `taos-setup` installs the TDengine client that matches the server, wires the right connector into a project, and proves
//! that the connection works. The map of the house, one line a room:
//!
//! - [`cli`]: arguments in, one use case called, its result handed to [`report`]
//! - [`report`]: how results are shown
//! - [`diagnose`]: facts in, findings out
//! - [`install`]: the use case: choose, fetch, unpack, check, publish
//! - [`catalog`]: what is published, as `manifests/` tells it; look-ups, no effects
//! - [`store`]: installed clients: staging, publication, receipts, which one is current
//! - [`fetch`]: bytes from a mirror, a folder, a file or an address
//! - [`unpack`]: hostile archives to a safe tree
//! - leaves: [`digest`], [`error`], [`events`], [`platform`], [`version`], [`locale`], [`env_vars`], [`secret`],
//!   [`printable`], [`shell`], [`atomic_file`]
//!
//! Use cases call rooms, rooms call leaves, nobody calls up.

pub mod atomic_file;
pub mod catalog;
pub mod cli;
pub mod diagnose;
pub mod digest;
pub mod env_vars;
pub mod error;
pub mod events;
pub mod fetch;
pub mod install;
pub mod locale;
pub mod platform;
pub mod printable;
pub mod report;
pub mod secret;
pub mod shell;
pub mod store;
pub mod unpack;
pub mod version;
