//! `taos-setup` installs the TDengine client that matches the server, wires the right connector into a project, and proves
//! that the connection works. The map of the house, one line a room:
//!
//! - [`cli`]: arguments in, one use case called, its result handed to [`report`]
//! - [`verify`]: the use case that climbs each transport's ladder and gives one verdict
//! - [`report`]: how results are shown
//! - [`diagnose`]: facts in, findings out
//! - [`probe`]: one file a rung; asks and says what it saw
//! - [`loader`]: where the dynamic loader looks for the driver, and what it finds
//! - [`dsn`]: targets and connection strings, parsed and printed
//! - [`catalog`]: what is published, as `manifests/` tells it; look-ups, no effects
//! - [`store`]: installed clients: staging, publication, receipts, which one is current
//! - leaves: [`digest`], [`error`], [`events`], [`platform`], [`version`], [`locale`], [`env_vars`], [`secret`], [`printable`],
//!   [`atomic_file`]
//!
//! Use cases call rooms, rooms call leaves, nobody calls up.

pub mod atomic_file;
pub mod catalog;
pub mod cli;
pub mod diagnose;
pub mod digest;
pub mod dsn;
pub mod env_vars;
pub mod error;
pub mod events;
pub mod loader;
pub mod locale;
pub mod platform;
pub mod printable;
pub mod probe;
pub mod report;
pub mod secret;
pub mod store;
pub mod verify;
pub mod version;
