//! A stand-in for a TDengine server and its taosAdapter, for tests and the demo. It is not TDengine and never ships.
//!
//! [`server::Sandbox`] serves the adapter's REST and WebSocket protocols and a native port on loopback, over a small SQL
//! engine ([`sql`]). What it answers is held against recordings of a real 3.3.7.5 server (`transcripts/`, `transcripts.toml`,
//! `tests/replay.rs`). [`faults::Faults`] makes it fail in the ways that a diagnosis must tell apart.

pub mod block;
pub mod faults;
pub mod native;
pub mod server;
pub mod sql;
pub mod state;

mod listener;
mod rest;
mod ws;
