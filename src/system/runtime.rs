//! The asynchronous runtime that a command runs on.

use tokio::runtime::{Builder, Runtime};

use crate::error::{Error, ErrorId, Result, describe_io_error};

/// Starts what `builder` describes, with timers, the network and signals. Error `unexpected` where the system does not give
/// what that takes.
pub fn start(builder: &mut Builder) -> Result<Runtime> {
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

/// The runtime panics where it cannot listen for signals: for those it takes a pair of sockets and copies of one.
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
