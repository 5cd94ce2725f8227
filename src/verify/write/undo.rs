//! What has to be taken away again, whatever happens to the run that made it.

use std::collections::hash_map::RandomState;
use std::fmt;
use std::hash::{BuildHasher, Hasher};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::connection::Connection;
use crate::driver::process::parent::{DriverProcess, DriverSetting};
use crate::driver::process::{DriverLogin, DriverReply};
use crate::probe::rest::Rest;
use crate::probe::{self, Credentials, Reply, ws};

/// How to open a connection again.
pub enum UndoConnection {
    /// REST needs none.
    Rest(Rest),
    /// WebSocket.
    Ws {
        /// How the open address is spoken to.
        wire: probe::wire::Way,
        /// `host:port` as the `Host` header says it.
        host: String,
        /// What stands before taosAdapter's paths.
        prefix: String,
        /// Who logs in.
        who: Credentials,
    },
    /// A driver in a process of its own.
    Native(Box<(DriverSetting, DriverLogin)>),
}

/// A statement that takes something away, and where to run it.
pub struct UndoStatement {
    /// The statement.
    pub sql: String,
    /// Where.
    pub way: UndoConnection,
    /// A statement that makes it was sent, and has no answer yet.
    pub in_flight: Arc<AtomicBool>,
}

impl fmt::Debug for UndoStatement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UndoStatement")
            .field("sql", &self.sql)
            .finish_non_exhaustive()
    }
}

impl UndoStatement {
    /// Runs the statement on a connection of its own; whether it worked.
    pub async fn run(&self, limit: Duration) -> bool {
        let reply = match &self.way {
            UndoConnection::Rest(rest) => Connection::Rest(rest).run(&self.sql, limit).await,
            UndoConnection::Ws {
                wire,
                host,
                prefix,
                who,
            } => {
                let (_, Some(mut session)) = ws::open(wire, host, prefix, who, limit).await else {
                    return false;
                };
                if session.login(who, None, limit).await.data().is_none() {
                    return false;
                }
                Connection::Ws(&mut session).run(&self.sql, limit).await
            }
            UndoConnection::Native(native) => {
                let (setting, dial) = native.as_ref();
                let Ok(mut process) = DriverProcess::start(setting) else {
                    return false;
                };
                let ready = matches!(process.ready().await, DriverReply::Data(_));
                if !ready || !matches!(process.connect(dial).await, DriverReply::Data(_)) {
                    return false;
                }
                Connection::Native(&mut process).run(&self.sql, limit).await
            }
        };
        matches!(reply, Reply::Data(_))
    }
}

/// What an interrupted run may leave behind, each as the statement that removes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Leftovers {
    /// Could not be removed.
    pub failed: Vec<String>,
    /// Was being made when the run was interrupted; the server may finish that after it was removed.
    pub uncertain: Vec<String>,
}

/// How long a statement that was interrupted is given to take effect.
const SETTLING: Duration = Duration::from_millis(700);

/// What is to be run, each with its ticket.
type List = Vec<(u64, Arc<UndoStatement>)>;

/// Everything that this run has made and not taken away yet; and a number that no other run has.
#[derive(Clone, Debug)]
pub struct PendingUndos {
    run: u64,
    writes: Arc<AtomicU64>,
    list: Arc<Mutex<List>>,
}

impl Default for PendingUndos {
    fn default() -> Self {
        // The keys of a hasher are the standard library's random numbers.
        let mut hasher = RandomState::new().build_hasher();
        hasher.write_u32(std::process::id());
        Self {
            run: hasher.finish(),
            writes: Arc::default(),
            list: Arc::default(),
        }
    }
}

impl PendingUndos {
    /// This run's number.
    pub const fn run(&self) -> u64 {
        self.run
    }

    /// A number that no other write of this run has.
    pub fn next_write(&self) -> u64 {
        self.writes.fetch_add(1, Ordering::Relaxed)
    }

    fn list(&self) -> MutexGuard<'_, List> {
        self.list.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Remembers `undo`; the ticket with which it is taken out again.
    pub fn add(&self, undo: UndoStatement) -> u64 {
        let mut list = self.list();
        let ticket = list.iter().map(|(known, _)| known + 1).max().unwrap_or(0);
        list.push((ticket, Arc::new(undo)));
        ticket
    }

    /// It has been taken away.
    pub fn forget(&self, ticket: u64) {
        self.list().retain(|(known, _)| *known != ticket);
    }

    /// One of them, to be run. It stays in the list: an interrupt may come while it runs.
    pub fn get(&self, ticket: u64) -> Option<Arc<UndoStatement>> {
        let list = self.list();
        let (_, undo) = list.iter().find(|(known, _)| *known == ticket)?;
        Some(Arc::clone(undo))
    }

    /// Runs all that is left, within `limit` each; the statements that did not work, and those that may have run too early.
    pub async fn run_all(&self, limit: Duration) -> Leftovers {
        let all = std::mem::take(&mut *self.list());
        let mut leftovers = Leftovers::default();
        for (_, undo) in all {
            let in_flight = undo.in_flight.load(Ordering::Relaxed);
            let mut undone = undo.run(limit).await;
            if in_flight {
                // What is being made may be there only now.
                tokio::time::sleep(SETTLING).await;
                undone = undo.run(limit).await;
            }
            if !undone {
                leftovers.failed.push(undo.sql.clone());
            } else if in_flight {
                leftovers.uncertain.push(undo.sql.clone());
            }
        }
        leftovers
    }
}
