//! The queries: the server's version, and what only taosd knows.

use super::login::unreadable;
use crate::diagnose::codes::{self, LoginRefusal};
use crate::diagnose::{Id, Judgement};
use crate::probe::Reply;
use crate::probe::sql::{Cluster, Rows};

/// What taosAdapter's `code` is when no login stands behind a query (`transcripts/ws.jsonl`, ws.query_before_conn).
const NOT_LOGGED_IN: u16 = 0xFFFF;

/// `select server_version()` through taosAdapter.
pub fn version(reply: &Reply<String>) -> Judgement {
    match reply {
        Reply::Data(version) if version.trim().is_empty() => Judgement::ok("the server tells none"),
        Reply::Data(version) => Judgement::ok(version),
        other => failed(other),
    }
    .expecting("the server's version")
}

/// What taosd says about its cluster, through taosAdapter.
pub fn cluster(reply: &Reply<Cluster>) -> Judgement {
    match reply {
        Reply::Data(cluster) => Judgement::ok(cluster_words(cluster)),
        other => failed(other),
    }
    .expecting(EXPECTED)
}

/// Whether `database` is among those that the server names to this user; `None` where it is, or where they are not told.
/// Names are compared without regard to case: only quoted ones keep theirs.
pub fn database(named: &Reply<Rows>, database: &str) -> Option<Judgement> {
    let names = named.data()?.column("name")?;
    let there = names
        .iter()
        .flatten()
        .any(|name| name.eq_ignore_ascii_case(database));
    (!there).then(|| {
        Judgement::failed(
            Id::DatabaseMissing,
            format!("{database} is not among the server's databases"),
        )
        .expecting(format!("a database {database}"))
        .with("database", database)
    })
}

/// What a healthy server gives.
pub(super) const EXPECTED: &str = "rows that only taosd knows";

/// A healthy answer in words.
pub(super) fn cluster_words(cluster: &Cluster) -> String {
    let plural = |count: usize| if count == 1 { "" } else { "s" };
    match cluster {
        Cluster::Dnodes(dnodes) => {
            let names = dnodes.iter().map(|dnode| {
                let state = if dnode.offline { " (offline)" } else { "" };
                format!("{}{state}", dnode.endpoint)
            });
            format!(
                "{} dnode{}: {}",
                dnodes.len(),
                plural(dnodes.len()),
                names.collect::<Vec<_>>().join(", ")
            )
        }
        Cluster::Databases(count) => format!(
            "{count} database{}; this user may not see the dnodes (sysinfo 0)",
            plural(*count)
        ),
    }
}

/// A query without its data.
fn failed<T>(reply: &Reply<T>) -> Judgement {
    match reply {
        Reply::Data(_) | Reply::Empty => Judgement::failed(
            Id::QueryFailed,
            "code 0 without the data that was asked for",
        ),
        Reply::Refused {
            code: NOT_LOGGED_IN,
            message,
        } if message == "server not connected" => Judgement::failed(
            Id::AuthFailed,
            "the login was answered with code 0, but there is none",
        ),
        Reply::Refused { code, message } => {
            let observed = codes::words(*code, message);
            match (codes::of_query(*code, message), codes::of_login(*code)) {
                (Some(id), _) => Judgement::failed(id, observed),
                (None, LoginRefusal::Undecided) => {
                    Judgement::failed(Id::AdapterBackendDown, observed)
                }
                (None, _) => Judgement::failed(Id::QueryFailed, observed),
            }
        }
        Reply::Unanswered => Judgement::failed(
            Id::AdapterBackendDown,
            "the login worked, but a query that only taosd can answer gets no answer in time",
        ),
        Reply::Broken(words) => {
            Judgement::failed(Id::ClosedEarly, format!("the query broke off: {words}"))
        }
        Reply::Unreadable {
            status: status @ Some(300..),
            excerpt,
        } => unreadable(*status, excerpt),
        Reply::Unreadable { excerpt, .. } => Judgement::failed(
            Id::QueryFailed,
            format!("an answer that cannot be read: {excerpt}"),
        ),
    }
}

#[cfg(test)]
mod tests;
