//! The queries: the server's version, and what only taosd knows.

use super::login::{other_client, unreadable};
use crate::diagnose::codes::{self, LoginRefusal};
use crate::diagnose::{Id, Judgement};
use crate::message::{Message, message};
use crate::probe::Reply;
use crate::probe::sql::{Cluster, Rows};

/// What taosAdapter's `code` is when no login stands behind a query (`transcripts/ws.jsonl`, ws.query_before_conn).
const NOT_LOGGED_IN: u16 = 0xFFFF;

/// `select server_version()` through taosAdapter.
pub fn version(reply: &Reply<String>) -> Judgement {
    match reply {
        Reply::Data(version) if version.trim().is_empty() => {
            Judgement::ok(message!("verify-no-version"))
        }
        Reply::Data(version) => Judgement::ok(Message::quoted(version.as_str())),
        other => failed(other),
    }
    .expecting(message!("verify-version-expected"))
}

/// What taosd says about its cluster, through taosAdapter.
pub fn cluster(reply: &Reply<Cluster>) -> Judgement {
    match reply {
        Reply::Data(cluster) => Judgement::ok(cluster_words(cluster)),
        other => failed(other),
    }
    .expecting(expected())
}

/// Whether `database` is among those that the server names to this user; `None` if it is, or if they are not listed.
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
            message!("verify-database-not-listed", database = database),
        )
        .expecting(message!("verify-database-expected", database = database))
        .with("database", database)
    })
}

/// A user who is disabled on Community 3.3 logs in, and may then see no table.
pub fn disabled(user: &str) -> Judgement {
    Judgement::failed(
        Id::UserLocked,
        message!("verify-user-disabled", user = user),
    )
    .expecting(expected())
}

/// Short answers arrive, and `large`, an answer of several packets, does not; `None` if it does, or if the server refuses the
/// query. A connection that breaks while it is sent counts as well.
pub fn large_answer<T>(large: &Reply<T>) -> Option<Judgement> {
    let observed = match large {
        Reply::Unanswered => message!("verify-large-unanswered"),
        Reply::Broken(words) => message!("verify-large-broken", words = words),
        Reply::Data(_)
        | Reply::Empty
        | Reply::Refused { .. }
        | Reply::Malformed(_)
        | Reply::Unreadable { .. } => {
            return None;
        }
    };
    Some(
        Judgement::failed(Id::LargeAnswersLost, observed)
            .expecting(message!("verify-large-expected")),
    )
}

/// What a healthy server gives.
pub(super) fn expected() -> Message {
    message!("verify-query-expected")
}

/// Describes a healthy answer.
pub(super) fn cluster_words(cluster: &Cluster) -> Message {
    match cluster {
        Cluster::Dnodes(dnodes) => {
            let names = dnodes.iter().map(|dnode| {
                let (endpoint, offline) = (&dnode.endpoint, dnode.offline);
                message!("verify-dnode", endpoint = endpoint, offline = offline)
            });
            let count = dnodes.len();
            message!(
                "verify-dnodes",
                count = count,
                names = Message::joined(names, ", ")
            )
        }
        Cluster::Databases(count) => message!("verify-databases", count = count),
    }
}

/// A query without its data.
fn failed<T>(reply: &Reply<T>) -> Judgement {
    match reply {
        Reply::Data(_) | Reply::Empty => {
            Judgement::failed(Id::QueryFailed, message!("verify-query-empty"))
        }
        Reply::Refused {
            code: NOT_LOGGED_IN,
            message,
        } if message == "server not connected" => {
            Judgement::failed(Id::AuthFailed, message!("verify-login-not-there"))
        }
        Reply::Refused {
            code: code @ (0x011E | codes::INVALID_SIGNATURE | 0x0140),
            message,
        } => other_client(*code, message),
        Reply::Refused { code, message } => {
            let observed = Message::quoted(codes::words(*code, message));
            match (codes::of_query(*code, message), codes::of_login(*code)) {
                (Some(id), _) => {
                    Judgement::failed(id, observed).of_kind(codes::limit_kind(*code, message))
                }
                (None, LoginRefusal::Undecided) => {
                    Judgement::failed(Id::AdapterBackendDown, observed)
                }
                (None, _) => Judgement::failed(Id::QueryFailed, observed),
            }
        }
        Reply::Unanswered => {
            Judgement::failed(Id::AdapterBackendDown, message!("verify-query-unanswered"))
        }
        Reply::Broken(words) => Judgement::failed(
            Id::ClosedEarly,
            message!("verify-query-broken", words = words),
        ),
        Reply::Unreadable {
            status: status @ Some(300..),
            excerpt,
        } => unreadable(*status, excerpt),
        Reply::Malformed(how) => Judgement::failed(
            Id::QueryFailed,
            message!("verify-answer-unreadable", excerpt = how),
        ),
        Reply::Unreadable { excerpt, .. } => Judgement::failed(
            Id::QueryFailed,
            message!("verify-answer-unreadable", excerpt = excerpt),
        ),
    }
}

#[cfg(test)]
mod tests;
