//! The asynchronous runtime that a command runs on.

use std::io;
use std::sync::Mutex;

use tokio::runtime::{Builder, Runtime};

use super::http_runtime;
use super::interrupts::Interrupts;
use crate::error::{Error, ErrorId, Result, describe_io_error};
use crate::message::{Message, message};

/// The threads that a command starts: two workers, those for HTTP connections, one for the resolver, and two that unpack and write.
const THREADS: usize = 5 + http_runtime::WORKERS;
/// The memory that a command needs besides what it has when it starts, in bytes. Without memory the program is aborted.
const MEMORY: usize = 32 * 1024 * 1024;

/// Runs `work` on a runtime of this thread. It selects between its steps and the [`Interrupts`] that it is given, which end
/// with `interrupted`.
///
/// # Errors
/// `unexpected` if the system does not provide what the runtime needs, and the errors of `work`.
pub fn run<T>(
    interrupted: fn() -> Error,
    work: impl AsyncFnOnce(&mut Interrupts) -> Result<T>,
) -> Result<T> {
    run_on(&mut Builder::new_current_thread(), interrupted, work)
}

/// [`run`], with `workers` threads for what `work` spawns.
///
/// # Errors
/// As [`run`].
pub fn run_with_workers<T>(
    workers: usize,
    interrupted: fn() -> Error,
    work: impl AsyncFnOnce(&mut Interrupts) -> Result<T>,
) -> Result<T> {
    run_on(
        Builder::new_multi_thread().worker_threads(workers),
        interrupted,
        work,
    )
}

fn run_on<T>(
    builder: &mut Builder,
    interrupted: fn() -> Error,
    work: impl AsyncFnOnce(&mut Interrupts) -> Result<T>,
) -> Result<T> {
    let runtime = start(builder)?;
    let ended = runtime.block_on(async {
        // First: interrupts are listened for before anything else is done.
        let mut interrupts = Interrupts::listen(interrupted)?;
        work(&mut interrupts).await
    });
    // A resolver, or a read from a pipe, that hangs must not keep the process.
    runtime.shutdown_background();
    ended
}

/// Starts the runtime that `builder` describes, with timers, the network and signals.
///
/// # Errors
/// `unexpected` if the system does not give the descriptors, threads and memory that a command needs.
fn start(builder: &mut Builder) -> Result<Runtime> {
    let failed = |observed: Message, next: Message| {
        Error::new(
            ErrorId::Unexpected,
            message!("runtime-start"),
            observed,
            next,
        )
    };
    let no_descriptors = |error: io::Error| {
        failed(
            describe_io_error(&error),
            message!("runtime-descriptors-next"),
        )
    };
    check_descriptors().map_err(no_descriptors)?;
    check_memory().map_err(|()| {
        failed(
            message!("runtime-memory", mebibytes = MEMORY >> 20),
            message!("runtime-memory-next"),
        )
    })?;
    check_threads().map_err(|error| {
        failed(
            message!("runtime-threads", reason = describe_io_error(&error)),
            message!("runtime-threads-next"),
        )
    })?;
    // Timers are looked at after every step: data that never ends, and takes time to parse, must not keep a deadline from being seen.
    builder
        .enable_all()
        .event_interval(1)
        .build()
        .map_err(no_descriptors)
}

/// Checks that a few descriptors are left: the runtime panics if it cannot listen for signals, which takes a pair of sockets
/// and copies of one.
#[cfg(unix)]
fn check_descriptors() -> io::Result<()> {
    let (first, second) = std::os::unix::net::UnixStream::pair()?;
    let copies = [first.try_clone()?, second.try_clone()?, first.try_clone()?];
    drop(copies);
    Ok(())
}

#[cfg(not(unix))]
fn check_descriptors() -> io::Result<()> {
    Ok(())
}

/// Checks that [`MEMORY`] is left: it is reserved, not touched, and given back.
fn check_memory() -> std::result::Result<(), ()> {
    let mut reserved: Vec<u8> = Vec::new();
    reserved.try_reserve_exact(MEMORY).map_err(|_| ())
}

/// Checks that [`THREADS`] can run at the same time: the runtime panics if it cannot start one.
fn check_threads() -> io::Result<()> {
    let gate = Mutex::new(());
    std::thread::scope(|scope| {
        let closed = gate.lock();
        let started: io::Result<Vec<_>> = (0..THREADS)
            .map(|_| std::thread::Builder::new().spawn_scoped(scope, || drop(gate.lock())))
            .collect();
        drop(closed);
        started.map(drop)
    })
}
