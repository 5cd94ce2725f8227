//! The asynchronous runtime that a command runs on.

use tokio::runtime::{Builder, Runtime};

use super::interrupts::Interrupts;
use crate::error::{Error, ErrorId, Result, describe_io_error};

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

fn start(builder: &mut Builder) -> Result<Runtime> {
    enough_descriptors()
        .and_then(|()| builder.enable_all().build())
        .map_err(|error| {
            Error::new(
                ErrorId::Unexpected,
                "start",
                describe_io_error(&error),
                "raise the limits of this shell: ulimit -n 256",
            )
        })
}

/// Fails if there are too few descriptors: the runtime panics if it cannot listen for signals, for which it needs a pair of
/// sockets and copies of one.
#[cfg(unix)]
fn enough_descriptors() -> std::io::Result<()> {
    let (first, second) = std::os::unix::net::UnixStream::pair()?;
    let copies = [first.try_clone()?, second.try_clone()?, first.try_clone()?];
    drop(copies);
    Ok(())
}

#[cfg(not(unix))]
fn enough_descriptors() -> std::io::Result<()> {
    Ok(())
}
