//! Waits for the store lock: retry interval, user notification, and timeout.

use std::time::{Duration, Instant};

use super::lock::Holder;
use super::{Lock, Store};
use crate::error::{Error, ErrorId, Result};
use crate::message::{Message, message};
use crate::safety::printable::{printable, printable_path};
use crate::system::env_vars;
use crate::system::events::{Event, EventSink};

/// The interval of attempts.
const AGAIN: Duration = Duration::from_millis(100);
/// The time after which a note names the other process.
const PATIENCE: Duration = Duration::from_secs(1);
/// The default of [`env_vars::LOCK_TIMEOUT`].
const LIMIT: Duration = Duration::from_secs(300);

/// A process that waits for the lock.
pub struct Waiting<'a> {
    store: &'a Store,
    command: &'a str,
    events: &'a EventSink,
    since: Instant,
    limit: Duration,
    is_noted: bool,
}

/// The result of an attempt.
#[derive(Debug)]
pub enum Attempt {
    /// The lock.
    Locked(Lock),
    /// Another process holds it: try again after this time.
    Again(Duration),
}

impl<'a> Waiting<'a> {
    /// Starts to wait for `store` on behalf of `command`, such as `install`. Error `usage` if the time limit is not a number.
    pub fn new(store: &'a Store, command: &'a str, events: &'a EventSink) -> Result<Self> {
        Ok(Self {
            store,
            command,
            events,
            since: Instant::now(),
            limit: limit()?,
            is_noted: false,
        })
    }

    /// Tries once, completes or rolls back an interrupted change, and notes it.
    ///
    /// # Errors
    /// `store-busy` after the time limit; those of reading and writing the store.
    pub fn attempt(&mut self) -> Result<Attempt> {
        if let Some(mut lock) = self.store.try_lock_unrecovered(self.command)? {
            lock.clean_up()?;
            if let Some(what) = lock.recovered() {
                self.events.emit(Event::note(what.clone()));
            }
            return Ok(Attempt::Locked(lock));
        }
        self.busy().map(Attempt::Again)
    }

    /// As [`Self::attempt`], without completing an interrupted change.
    pub(super) fn attempt_as_it_is(&mut self) -> Result<Attempt> {
        match self.store.try_lock_unrecovered(self.command)? {
            Some(lock) => Ok(Attempt::Locked(lock)),
            None => self.busy().map(Attempt::Again),
        }
    }

    /// How long to pause.
    fn busy(&mut self) -> Result<Duration> {
        let waited = self.since.elapsed();
        let home = printable_path(self.store.home());
        let holder = self.store.holder();
        if waited >= self.limit {
            let (process, stop) = match &holder {
                Some(holder) => (describe_holder(holder), stop_command(holder.pid)),
                None => (message!("store-other-process"), String::new()),
            };
            return Err(Error::new(
                ErrorId::StoreBusy,
                message!("store-lock", home = home),
                message!(
                    "store-busy",
                    process = process,
                    seconds = self.limit.as_secs_f64()
                ),
                message!(
                    "store-busy-next",
                    stop = stop,
                    variable = env_vars::LOCK_TIMEOUT.name
                ),
            ));
        }
        if !self.is_noted && waited >= PATIENCE {
            self.is_noted = true;
            let process = match &holder {
                Some(holder) => describe_holder(holder),
                None => message!("store-other-process"),
            };
            self.events.emit(Event::note(message!(
                "store-waiting",
                process = process,
                home = home
            )));
        }
        Ok(AGAIN.min(self.limit - waited))
    }
}

fn describe_holder(holder: &Holder) -> Message {
    let command = format!("taos-setup {}", holder.command);
    message!(
        "store-process",
        pid = holder.pid,
        command = command.trim_end()
    )
}

fn stop_command(pid: u32) -> String {
    if cfg!(windows) {
        format!("taskkill /PID {pid}")
    } else {
        format!("kill {pid}")
    }
}

fn limit() -> Result<Duration> {
    let Some(text) = env_vars::LOCK_TIMEOUT.get() else {
        return Ok(LIMIT);
    };
    let text = text.to_string_lossy();
    let seconds = text.trim().parse::<f64>().ok();
    seconds
        .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
        .ok_or_else(|| {
            Error::new(
                ErrorId::Usage,
                message!(
                    "store-read-variable",
                    variable = env_vars::LOCK_TIMEOUT.name
                ),
                message!("store-seconds-invalid", value = printable(&text)),
                message!("store-seconds-next", variable = env_vars::LOCK_TIMEOUT.name),
            )
        })
}

impl Store {
    /// Takes the lock for `command`, waiting for another taos-setup to finish. Errors as for [`Waiting::attempt`].
    pub fn lock(&self, command: &str, events: &EventSink) -> Result<Lock> {
        wait(&mut Waiting::new(self, command, events)?, Waiting::attempt)
    }

    /// As [`Self::lock`], without completing an interrupted change.
    pub(super) fn lock_as_it_is(&self, command: &str, events: &EventSink) -> Result<Lock> {
        wait(
            &mut Waiting::new(self, command, events)?,
            Waiting::attempt_as_it_is,
        )
    }
}

fn wait<'a>(
    waiting: &mut Waiting<'a>,
    attempt: impl Fn(&mut Waiting<'a>) -> Result<Attempt>,
) -> Result<Lock> {
    loop {
        match attempt(waiting)? {
            Attempt::Locked(lock) => return Ok(lock),
            Attempt::Again(pause) => std::thread::sleep(pause),
        }
    }
}
