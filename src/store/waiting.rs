//! Waiting for the store's lock: how often it is tried, when the user is told, when it ends.

use std::time::{Duration, Instant};

use super::{Lock, Store};
use crate::error::{Error, ErrorId, Result};
use crate::system::env_vars;
use crate::system::events::{Event, EventSink};

/// How often a lock that another process holds is tried again.
const AGAIN: Duration = Duration::from_millis(100);
/// After so long the user is told what is waited for.
const PATIENCE: Duration = Duration::from_secs(1);
/// Without [`env_vars::LOCK_TIMEOUT`].
const LIMIT: Duration = Duration::from_secs(300);

/// A process that waits for the lock.
pub struct Waiting<'a> {
    store: &'a Store,
    command: &'a str,
    events: &'a EventSink,
    since: Instant,
    limit: Duration,
    told: bool,
}

/// What an attempt gave.
#[derive(Debug)]
pub enum Attempt {
    /// The lock.
    Locked(Lock),
    /// Another process holds it: try again after so long.
    Again(Duration),
}

impl<'a> Waiting<'a> {
    /// Begins to wait for `store` on behalf of `command`, `install`. Error `usage` where the time limit is no number.
    pub fn new(store: &'a Store, command: &'a str, events: &'a EventSink) -> Result<Self> {
        Ok(Self {
            store,
            command,
            events,
            since: Instant::now(),
            limit: limit()?,
            told: false,
        })
    }

    /// Tries once, finishes or undoes what was interrupted, and tells the user what there is to tell. Errors: `store-busy`
    /// once the time is up; what reading and writing the store gives.
    pub fn attempt(&mut self) -> Result<Attempt> {
        if let Some(mut lock) = self.store.try_lock_unrecovered(self.command)? {
            lock.clean_up()?;
            if let Some(what) = lock.recovered() {
                self.events.emit(Event::note(what.to_owned()));
            }
            return Ok(Attempt::Locked(lock));
        }
        self.busy().map(Attempt::Again)
    }

    /// As [`Self::attempt`], and leaves everything as it is.
    pub(super) fn attempt_as_it_is(&mut self) -> Result<Attempt> {
        match self.store.try_lock_unrecovered(self.command)? {
            Some(lock) => Ok(Attempt::Locked(lock)),
            None => self.busy().map(Attempt::Again),
        }
    }

    /// How long to pause.
    fn busy(&mut self) -> Result<Duration> {
        let waited = self.since.elapsed();
        let home = self.store.home().display();
        let holder = self.store.holder();
        if waited >= self.limit {
            let (by, next) = match &holder {
                Some(holder) => (
                    format!("process {} ({})", holder.pid, program(&holder.command)),
                    format!("wait for it to end, or stop it: {}", stop(holder.pid)),
                ),
                None => (
                    "another taos-setup".to_owned(),
                    "wait for it to end, or stop it".to_owned(),
                ),
            };
            return Err(Error::new(
                ErrorId::StoreBusy,
                format!("lock {home}"),
                format!(
                    "{by} is still changing it after {} s of waiting",
                    self.limit.as_secs_f64()
                ),
                format!(
                    "{next}\n{} sets how many seconds to wait",
                    env_vars::LOCK_TIMEOUT.name
                ),
            ));
        }
        if !self.told && waited >= PATIENCE {
            self.told = true;
            let by = holder.map_or_else(String::new, |holder| {
                format!(" (process {}, {})", holder.pid, program(&holder.command))
            });
            self.events.emit(Event::note(format!(
                "another taos-setup{by} is changing {home}; waiting for it"
            )));
        }
        Ok(AGAIN.min(self.limit - waited))
    }
}

fn program(command: &str) -> String {
    format!("taos-setup {command}").trim_end().to_owned()
}

fn stop(pid: u32) -> String {
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
                format!("read {}", env_vars::LOCK_TIMEOUT.name),
                format!(
                    "{:?} is no number of seconds",
                    crate::safety::printable::printable(&text)
                ),
                format!("{}=60, for a minute", env_vars::LOCK_TIMEOUT.name),
            )
        })
}

impl Store {
    /// Takes the lock for `command`, waiting for another taos-setup to finish. Errors as for [`Waiting::attempt`].
    pub fn lock(&self, command: &str, events: &EventSink) -> Result<Lock> {
        wait(&mut Waiting::new(self, command, events)?, Waiting::attempt)
    }

    /// As [`Self::lock`], and leaves what was interrupted as it is.
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
