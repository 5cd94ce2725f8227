//! What is asked of the server, statement by statement, and the facts that come of it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::connection::Connection;
use super::names::{WriteNames, is_leftover};
use crate::probe::Reply;
use crate::probe::sql::Rows;
use crate::probe::write::{WriteStep, Written};

/// `Out of dnodes`: what a server that has just started says for some seconds (`transcripts/README.md`).
const STARTING: u16 = 820;
/// How long to wait before asking such a server again.
const PAUSE: Duration = Duration::from_millis(200);
/// The values by which the two rows are known.
const KNOWN: &str = "1";
const LOCAL: &str = "2";
/// The most leftovers that are named.
const MOST_LEFTOVERS: usize = 8;

/// The server's clock against this machine's.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    /// How far the server is ahead, with the round trip allowed for.
    pub offset: SignedDuration,
    asked: Duration,
}

impl Clock {
    /// Milliseconds that asking took.
    pub fn ms(self) -> u64 {
        u64::try_from(self.asked.as_millis()).unwrap_or(u64::MAX)
    }
}

/// Asks for the server's time; `None` where it gives none.
pub async fn clock(line: &mut Connection<'_>, limit: Duration) -> Option<Clock> {
    let (before, begun) = (crate::system::clock::now(), Instant::now());
    let reply = line.run("select now()", limit).await;
    let asked = begun.elapsed();
    let given = instant(reply.data()?.single()?.as_str())?;
    Some(Clock {
        offset: offset(given, before, asked),
        asked,
    })
}

/// How far `given` is from the time that passed between `before` and `asked` later: nothing where it lies between.
fn offset(given: Timestamp, before: Timestamp, asked: Duration) -> SignedDuration {
    let after = before
        .checked_add(SignedDuration::try_from(asked).unwrap_or(SignedDuration::ZERO))
        .unwrap_or(before);
    if given > after {
        given.duration_since(after)
    } else if given < before {
        given.duration_since(before)
    } else {
        SignedDuration::ZERO
    }
}

/// Writes, reads, and takes away.
pub async fn run(
    line: &mut Connection<'_>,
    names: &WriteNames,
    in_flight: &AtomicBool,
    limit: Duration,
) -> Written {
    let mut written = Written {
        database: names.database.clone(),
        leftovers: leftovers(line, names, limit).await,
        ..Written::default()
    };
    let mut made = false;
    let outcome = write(line, names, in_flight, limit, &mut written, &mut made).await;
    let broken = matches!(
        outcome,
        Err((
            _,
            Reply::Unanswered | Reply::Broken(_) | Reply::Malformed(_) | Reply::Unreadable { .. }
        ))
    );
    written.failed = outcome.err();
    // A connection that broke or lags behind is not used again.
    let dropped = !made || (!broken && line.run(&names.drop, limit).await.data().is_some());
    written.left = (!dropped).then(|| names.drop.clone());
    written
}

async fn write(
    line: &mut Connection<'_>,
    names: &WriteNames,
    in_flight: &AtomicBool,
    limit: Duration,
    written: &mut Written,
    made: &mut bool,
) -> Result<(), (WriteStep, Reply<()>)> {
    if let Some(create) = &names.create {
        in_flight.store(true, Ordering::Relaxed);
        let reply = patiently(line, create, limit).await;
        in_flight.store(reply == Reply::Unanswered, Ordering::Relaxed);
        // A refused one made nothing; what became of one without an answer is not known.
        *made = !matches!(reply, Reply::Refused { .. });
        done(WriteStep::Database, reply)?;
    }
    let create = format!("create table {} (ts timestamp, v int)", names.table);
    in_flight.store(true, Ordering::Relaxed);
    let reply = line.run(&create, limit).await;
    in_flight.store(reply == Reply::Unanswered, Ordering::Relaxed);
    *made |= !matches!(reply, Reply::Refused { .. });
    done(WriteStep::Table, reply)?;
    let known = now();
    let insert = format!("insert into {} values ('{known}', {KNOWN})", names.table);
    done(WriteStep::Insert, line.run(&insert, limit).await)?;
    let local = local(known, &TimeZone::system());
    let mut local_written = false;
    if let Some((text, _)) = &local {
        let insert = format!("insert into {} values ('{text}', {LOCAL})", names.table);
        local_written = line.run(&insert, limit).await.data().is_some();
    }
    let select = format!("select ts, v from {}", names.table);
    let reply = line.run(&select, limit).await;
    let Reply::Data(rows) = reply else {
        return done(WriteStep::Select, reply);
    };
    let later = |value, than: Timestamp| Some(row(&rows, value)?.duration_since(than));
    written.known = later(KNOWN, known);
    if let Some((_, meant)) = local.filter(|_| local_written) {
        written.local = later(LOCAL, meant);
    }
    Ok(())
}

/// Runs `sql`, again where the server is still starting.
async fn patiently(line: &mut Connection<'_>, sql: &str, limit: Duration) -> Reply<Rows> {
    let begun = Instant::now();
    loop {
        let reply = line.run(sql, limit).await;
        let starting = matches!(reply, Reply::Refused { code: STARTING, .. });
        if !starting || begun.elapsed() + PAUSE > limit {
            return reply;
        }
        tokio::time::sleep(PAUSE).await;
    }
}

fn done(step: WriteStep, reply: Reply<Rows>) -> Result<(), (WriteStep, Reply<()>)> {
    match reply.and_then(|_| Some(())) {
        Reply::Data(()) => Ok(()),
        other => Err((step, other)),
    }
}

/// This moment, in the milliseconds that every database keeps.
fn now() -> Timestamp {
    let now = crate::system::clock::now();
    Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
}

/// A minute after `known` as this machine's clock on the wall shows it, and the instant that it means by that. `None` where the
/// wall shows that time twice.
fn local(known: Timestamp, zone: &TimeZone) -> Option<(String, Timestamp)> {
    let meant = known.checked_add(SignedDuration::from_secs(60)).ok()?;
    let wall = zone.to_datetime(meant);
    if zone.to_ambiguous_timestamp(wall).is_ambiguous() {
        return None;
    }
    Some((wall.strftime("%Y-%m-%d %H:%M:%S%.3f").to_string(), meant))
}

/// The instant of the row with `value`.
fn row(rows: &Rows, value: &str) -> Option<Timestamp> {
    let row = rows
        .rows
        .iter()
        .find(|row| row.get(1).and_then(Option::as_deref) == Some(value))?;
    instant(row.first()?.as_deref()?)
}

/// An instant as servers give it: RFC 3339 over REST, else the digits of the database's precision, which their number tells for
/// any time between 2001 and 2286.
fn instant(text: &str) -> Option<Timestamp> {
    let Ok(number) = text.parse::<i128>() else {
        return text.parse().ok();
    };
    let nanoseconds = match number.unsigned_abs() {
        0..10_000_000_000_000 => number * 1_000_000,
        10_000_000_000_000..10_000_000_000_000_000 => number * 1000,
        _ => number,
    };
    Timestamp::from_nanosecond(nanoseconds).ok()
}

/// What earlier runs left behind, as far as the server tells.
async fn leftovers(
    line: &mut Connection<'_>,
    names: &WriteNames,
    limit: Duration,
) -> Vec<(String, String)> {
    let reply = line.run(&names.list, limit).await;
    let listed = reply.data().and_then(|rows| rows.column(names.column));
    listed
        .into_iter()
        .flatten()
        .flatten()
        .filter(|name| is_leftover(name, &names.own))
        .take(MOST_LEFTOVERS)
        .map(|name| {
            let drop = names.drop_leftover(&name);
            (name, drop)
        })
        .collect()
}

#[cfg(test)]
mod tests;
