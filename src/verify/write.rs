//! `verify --write`: a row with a known instant is written, read back, and taken away again, over each transport in turn. What
//! is created has a name that is unmistakably ours, and is dropped after failures, timeouts, and interrupts too.

pub mod connection;
pub mod names;
pub mod script;
pub mod undo;

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use super::port::timed;
use super::site::Site;
use super::transport_checks::TransportChecks;
use crate::diagnose::judge;
use crate::dsn::Transport;
use crate::probe::Check;
use connection::Connection;
use names::WriteNames;
use undo::{PendingUndos, UndoConnection, UndoStatement};

/// What `--write` and `--write-db` ask for.
#[derive(Clone, Debug, Default)]
pub struct Writing {
    /// The database to make a table in; `None` makes a temporary database.
    pub database: Option<String>,
    /// What is to be taken away again, where the run ends early.
    pub pending: PendingUndos,
}

/// The last checks if writing is requested: the server's clock, and a row that is written and read back. `way` opens the
/// same connection again, for what has to be taken away after `line` broke.
pub(super) async fn check(
    site: &Site,
    checks: &mut TransportChecks,
    line: &mut Connection<'_>,
    way: UndoConnection,
) -> Option<()> {
    let Some(writing) = &site.plan.writing else {
        return Some(());
    };
    // One at a time: each takes a vnode, and small servers have few.
    let _turn = site.writing.lock().await;
    let limit = site.plan.limit;
    // A driver evaluates now() by this machine's own clock.
    if checks.transport != Transport::Native {
        let clock = timed(script::clock(line, limit)).await;
        if let Some(clock) = clock.seen {
            checks.add(Check::Clock, clock.ms(), judge::clock::skew(clock.offset))?;
        }
    }
    let names = WriteNames::new(
        &writing.pending,
        checks.transport,
        writing.database.as_deref(),
    );
    let in_flight = Arc::<AtomicBool>::default();
    let undo = UndoStatement {
        sql: names.drop.clone(),
        way,
        in_flight: Arc::clone(&in_flight),
    };
    let ticket = writing.pending.add(undo);
    let mut written = timed(script::run(line, &names, &in_flight, limit)).await;
    if written.seen.left.is_some()
        && let Some(undo) = writing.pending.get(ticket)
        && undo.run(undo_limit(limit)).await
    {
        written.seen.left = None;
    }
    writing.pending.forget(ticket);
    for judgement in judge::write::write(&written.seen) {
        checks.add(Check::Write, written.ms, judgement)?;
    }
    Some(())
}

/// How long taking something away may take: as long as making it, and no less than a second.
pub(super) fn undo_limit(limit: Duration) -> Duration {
    limit.max(Duration::from_secs(1))
}
