//! Ctrl-C, termination and hang-up, noticed while work runs, so that what was begun is cleaned up.

use tokio::sync::watch;

use crate::error::{Error, ErrorId, Result, describe_io_error};
use crate::message::{Message, message};

/// Whether this process was asked to end, and the error with which its work then ends.
pub struct Interrupts {
    asked: watch::Receiver<bool>,
    error: fn() -> Error,
}

impl Interrupts {
    /// Begins to listen for the signals; afterwards they no longer end the process by themselves. `error` is what
    /// interrupted work ends with.
    ///
    /// # Errors
    /// `unexpected` if the system does not let this process listen.
    pub fn listen(error: fn() -> Error) -> Result<Self> {
        let (sender, asked) = watch::channel(false);
        let signals = Signals::listen().map_err(|error| {
            Error::new(
                ErrorId::Unexpected,
                message!("runtime-listen"),
                describe_io_error(&error),
                Message::default(),
            )
        })?;
        tokio::spawn(async move {
            signals.first().await;
            sender.send_replace(true);
            // Keeps the channel open; the process ends soon.
            sender.closed().await;
        });
        Ok(Self { asked, error })
    }

    /// Fails once the process was asked to end.
    ///
    /// # Errors
    /// The error that [`Interrupts::listen`] was given.
    pub fn check(&self) -> Result<()> {
        if *self.asked.borrow() {
            Err((self.error)())
        } else {
            Ok(())
        }
    }

    /// Runs `work` until it ends or the process is asked to end.
    ///
    /// # Errors
    /// The error that [`Interrupts::listen`] was given.
    pub async fn unless<T>(&mut self, work: impl Future<Output = T>) -> Result<T> {
        tokio::select! {
            biased;
            _ = self.asked.wait_for(|asked| *asked) => Err((self.error)()),
            done = work => Ok(done),
        }
    }
}

#[cfg(unix)]
struct Signals([Option<tokio::signal::unix::Signal>; 3]);

#[cfg(unix)]
impl Signals {
    fn listen() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let ignored = ignored();
        let listen = |kind: SignalKind| match ignored >> (kind.as_raw_value() - 1) & 1 {
            0 => signal(kind).map(Some),
            // The program that started this one, for example nohup, wants it to continue.
            _ => Ok(None),
        };
        Ok(Self([
            listen(SignalKind::interrupt())?,
            listen(SignalKind::terminate())?,
            listen(SignalKind::hangup())?,
        ]))
    }

    async fn first(mut self) {
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

/// The signals that this process was started to ignore, one bit each from signal 1 on; none if Linux's `/proc` does not
/// list them (proc_pid_status(5), `SigIgn`).
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
    fn listen() -> std::io::Result<Self> {
        use tokio::signal::windows::{ctrl_c, ctrl_close};
        Ok(Self(ctrl_c()?, ctrl_close()?))
    }

    async fn first(mut self) {
        tokio::select! {
            _ = self.0.recv() => {}
            _ = self.1.recv() => {}
        }
    }
}
