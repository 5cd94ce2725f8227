//! Ctrl-C and termination, noticed between steps and while waiting, so that what was begun is cleaned up.

use tokio::sync::watch;

use crate::error::{Error, ErrorId, Result};

/// Whether the user has asked to stop.
pub(super) struct Stop(watch::Receiver<bool>);

impl Stop {
    /// Begins to listen for the signals; from here on they no longer end the process by themselves.
    pub(super) fn listen() -> Result<Self> {
        let (sender, receiver) = watch::channel(false);
        let signals = Signals::new().map_err(|error| {
            Error::new(
                ErrorId::Unexpected,
                "listen for signals",
                error.to_string(),
                "",
            )
        })?;
        tokio::spawn(async move {
            signals.any().await;
            sender.send_replace(true);
            // Keeps the channel open; the process ends soon.
            sender.closed().await;
        });
        Ok(Self(receiver))
    }

    /// Error `interrupted` once the user has asked to stop.
    pub(super) fn check(&self) -> Result<()> {
        if *self.0.borrow() {
            Err(interrupted())
        } else {
            Ok(())
        }
    }

    /// What `work` gives, or error `interrupted` as soon as the user asks to stop.
    pub(super) async fn unless<T>(&mut self, work: impl Future<Output = T>) -> Result<T> {
        tokio::select! {
            biased;
            _ = self.0.wait_for(|asked| *asked) => Err(interrupted()),
            done = work => Ok(done),
        }
    }
}

fn interrupted() -> Error {
    Error::new(
        ErrorId::Interrupted,
        "finish the installation",
        "it was interrupted; the store is as it was",
        "",
    )
}

#[cfg(unix)]
struct Signals([Option<tokio::signal::unix::Signal>; 3]);

#[cfg(unix)]
impl Signals {
    fn new() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let ignored = ignored();
        let listen = |kind: SignalKind| match ignored >> (kind.as_raw_value() - 1) & 1 {
            0 => signal(kind).map(Some),
            // Whoever started this process, nohup for one, wants it to go on.
            _ => Ok(None),
        };
        Ok(Self([
            listen(SignalKind::interrupt())?,
            listen(SignalKind::terminate())?,
            listen(SignalKind::hangup())?,
        ]))
    }

    async fn any(mut self) {
        let [interrupt, terminate, hangup] = &mut self.0;
        tokio::select! {
            Some(()) = received(interrupt) => {}
            Some(()) = received(terminate) => {}
            Some(()) = received(hangup) => {}
            else => std::future::pending().await,
        }
    }
}

#[cfg(unix)]
async fn received(signal: &mut Option<tokio::signal::unix::Signal>) -> Option<()> {
    signal.as_mut()?.recv().await
}

/// The signals that this process was started to ignore, one bit each from signal 1 on; none where Linux's `/proc` does not
/// tell (proc_pid_status(5), `SigIgn`).
#[cfg(unix)]
fn ignored() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status
        .lines()
        .find_map(|line| line.strip_prefix("SigIgn:"))
        .and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok())
        .unwrap_or_default()
}

#[cfg(windows)]
struct Signals(
    tokio::signal::windows::CtrlC,
    tokio::signal::windows::CtrlClose,
);

#[cfg(windows)]
impl Signals {
    fn new() -> std::io::Result<Self> {
        use tokio::signal::windows::{ctrl_c, ctrl_close};
        Ok(Self(ctrl_c()?, ctrl_close()?))
    }

    async fn any(mut self) {
        tokio::select! {
            _ = self.0.recv() => {}
            _ = self.1.recv() => {}
        }
    }
}
