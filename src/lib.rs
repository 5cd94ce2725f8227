//! `taos-setup` installs the TDengine client that matches the server, wires the right connector into a project, and proves
//! that the connection works. The map of the house, one line a room:
//!
//! - [`cli`]: arguments in, one use case called, its result handed to [`report`]
//! - [`install`]: the use case: choose, fetch, unpack, check, publish
//! - [`init`]: the use case: choose connectors, plan, show or apply
//! - [`verify`]: the use case: climb each transport's ladder, decide when it stops, collect one verdict
//! - [`explain`]: the use case: a code, an id or a pasted text to its cause and fix
//! - [`server`]: what `install --match` and `init --server` ask a server
//! - [`which`]: the use case: which client and library would be taken, and why
//! - [`catalog`]: what is published and what it works with, as `manifests/` tells it; look-ups, no effects
//! - [`fetch`]: bytes from a mirror, a folder, a file or an address
//! - [`unpack`]: hostile archives to a safe tree
//! - [`store`]: installed clients: staging, publication, receipts, which one is current
//! - [`scaffold`]: a plan of file changes: templates rendered, manifests edited in place
//! - [`dsn`]: targets and connection strings, parsed and printed
//! - [`loader`]: where the dynamic loader looks for the driver, and what it finds
//! - [`probe`]: one file a rung; asks and says what it saw
//! - [`diagnose`]: facts in, findings out
//! - [`report`]: how results are shown
//! - leaves: [`digest`], [`error`], [`events`], [`platform`], [`version`], [`locale`], [`env_vars`], [`secret`], [`transport`],
//!   [`printable`], [`shell`], [`atomic_file`], [`local_text`], [`runtime`], [`proxy`], [`tls`]
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
pub mod explain;
pub mod fetch;
pub mod init;
pub mod install;
pub mod loader;
pub mod local_text;
pub mod locale;
pub mod platform;
pub mod printable;
pub mod probe;
pub mod proxy;
pub mod report;
pub mod runtime;
pub mod scaffold;
pub mod secret;
pub mod server;
pub mod shell;
pub mod store;
pub mod tls;
pub mod transport;
pub mod unpack;
pub mod verify;
pub mod version;
pub mod which;
