//! Faults that tests cause: in debug builds a step of a change to the disk can fail, or end the process. Release builds have none.

/// Marks a step.
#[cfg(not(debug_assertions))]
pub fn step() -> std::io::Result<()> {
    Ok(())
}

#[cfg(debug_assertions)]
pub use enabled::step;

#[cfg(debug_assertions)]
mod enabled {
    use std::io;
    use std::sync::atomic::{AtomicUsize, Ordering};

    static STEPS: AtomicUsize = AtomicUsize::new(0);

    /// Marks a step. `TAOS_SETUP_TEST_FAULT=WHAT@N`: at the process's Nth step `WHAT` happens; `N+` means at every step from there.
    /// `WHAT` is `kill` (as by kill -9), `stop` (until it is continued), or the name of a system error.
    pub fn step() -> io::Result<()> {
        let Ok(fault) = std::env::var("TAOS_SETUP_TEST_FAULT") else {
            return Ok(());
        };
        let now = STEPS.fetch_add(1, Ordering::Relaxed) + 1;
        let Some((what, at)) = fault.split_once('@') else {
            return Ok(());
        };
        let (at, on) = at.strip_suffix('+').map_or((at, false), |at| (at, true));
        match at.parse::<usize>() {
            Ok(at) if now == at || (on && now > at) => happen(what),
            _ => Ok(()),
        }
    }

    #[cfg(unix)]
    fn happen(what: &str) -> io::Result<()> {
        use rustix::io::Errno;
        use rustix::process::{Signal, getpid, kill_process};
        let errno = match what {
            "EBUSY" => Errno::BUSY,
            "EIO" => Errno::IO,
            "EXDEV" => Errno::XDEV,
            "ENOSPC" => Errno::NOSPC,
            "stop" => return Ok(kill_process(getpid(), Signal::STOP)?),
            _ => {
                kill_process(getpid(), Signal::KILL)?;
                Errno::INTR
            }
        };
        Err(errno.into())
    }

    #[cfg(not(unix))]
    fn happen(what: &str) -> io::Result<()> {
        let kind = match what {
            "EBUSY" => io::ErrorKind::ResourceBusy,
            "EIO" => io::ErrorKind::Other,
            "EXDEV" => io::ErrorKind::CrossesDevices,
            "ENOSPC" => io::ErrorKind::StorageFull,
            _ => std::process::abort(),
        };
        Err(kind.into())
    }
}
