//! A stand-in for libtaos that talks to the taos-setup sandbox alone. Never shipped.
//!
//! It has the part of libtaos's C interface that a probe, a small C program and the native connectors need, with the codes, texts and times that were
//! recorded from the real library (`transcripts/native*.jsonl`). One build plays every version: see `marker`.
//!
//! Environment: `TAOS_CONFIG_DIR`, `TAOS_LOG_DIR`, `TAOS_FIRST_EP` as for the real library. For tests alone:
//! `TAOS_SANDBOX_DRIVER_DIAL_MS` (how long a connection is tried before it fails; 20400, before 3.3 10290),
//! `TAOS_SANDBOX_DRIVER_HANG_MS` (how long it waits for a peer that answers nothing or nonsense; 300000) and
//! `TAOS_SANDBOX_DRIVER_FAULT` (`crash-on-load`, `hang-on-load`, `crash`, `segfault`, `exit`,
//! `hang`, `noise`).
#![cfg_attr(not(test), warn(unused_crate_dependencies))]
#![allow(
    unsafe_code,
    reason = "a C interface is made of raw pointers; every use says why it is sound"
)]

#[macro_use]
mod c_functions;

mod block;
mod bound;
mod config;
mod connection;
mod consumer;
mod dispatch;
mod error;
mod faults;
mod interface;
mod log_folder;
mod marker;
mod outcome;
mod print;
mod statement;
mod wire;

#[path = "../../src/native/hello.rs"]
#[allow(dead_code, reason = "each end of the wire uses its half of the file")]
mod hello;
