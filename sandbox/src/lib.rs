//! A stand-in for a TDengine server and its taosAdapter, for tests and the demo. It is not TDengine and never ships.
//!
//! [`server::Sandbox`] serves the adapter's REST and WebSocket protocols and a native port on loopback, over a small SQL
//! engine ([`sql`]). What it answers is held against recordings of real servers, 3.3.7.5 and 3.2.2.2 (`transcripts/`,
//! `transcripts.toml`, `tests/replay.rs`), and other people's connectors run against it (`tests/connectors.rs`).
//! Statements, subscriptions and schemaless writes are played as far as recordings and connectors show them.
//! [`front`] is what may stand before it: Cloud's gateway, a reverse proxy; [`tls`] its certificate. [`faults::Faults`] makes it fail in the ways that a diagnosis must tell apart.
//! [`mirror`] serves client packages around the stand-in driver that [`driver`] builds.

#![cfg_attr(not(test), warn(unused_crate_dependencies))]

pub mod block;
pub mod data_faults;
pub mod deflate;
pub mod driver;
pub mod faults;
pub mod front;
pub mod mirror;
pub mod server;
pub mod sql;
pub mod state;
pub mod tls;

mod listener;
mod narrow;
mod native;
mod release;
mod rest;
mod schemaless;
mod tmq;
mod ws;
