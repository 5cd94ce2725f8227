//! The login.

use super::gateway;
use crate::diagnose::codes::{self, LoginRefusal};
use crate::diagnose::{CauseKind, Id, Judgement};
use crate::probe::{Credentials, Reply};

/// What a login says about user and password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// They are right.
    Accepted,
    /// They are not: no login with them again.
    Rejected,
    /// Nobody looked at them.
    Undecided,
}

/// What a login says about user and password.
pub fn verdict<T>(who: &Credentials, reply: &Reply<T>) -> Verdict {
    match reply {
        Reply::Data(_) => Verdict::Accepted,
        // How taosAdapter can answer a refused login (`transcripts/README.md`): to ask again would be a second failed one.
        Reply::Empty => Verdict::Rejected,
        // A gateway judges tokens itself.
        Reply::Refused {
            code: codes::NO_AUTH_INFO,
            ..
        }
        | Reply::Unreadable {
            status: Some(401 | 403),
            ..
        } if who.token.is_some() => Verdict::Rejected,
        Reply::Refused { code, message } => match codes::of_answer(*code, message) {
            LoginRefusal::Rejected(_) => Verdict::Rejected,
            // Whoever has no time for a login has not looked at it.
            LoginRefusal::Accepted(Id::RateLimited) => Verdict::Undecided,
            LoginRefusal::Accepted(_) => Verdict::Accepted,
            LoginRefusal::Undecided => Verdict::Undecided,
        },
        Reply::Unanswered | Reply::Broken(_) | Reply::Unreadable { .. } => Verdict::Undecided,
    }
}

/// A token that the gateway refuses, with these words or this status.
pub fn token_refused(observed: impl Into<String>) -> Judgement {
    Judgement::failed(Id::TokenInvalid, observed).expecting("a login with the token")
}

/// The login of `who` at a taosAdapter that has answered before.
pub fn adapter<T>(who: &Credentials, database: Option<&str>, reply: &Reply<T>) -> Judgement {
    let user = match &who.token {
        Some(_) => "the token",
        None => who.user.as_str(),
    };
    match reply {
        Reply::Refused { code, message }
            if who.token.is_some()
                && (*code == codes::NO_AUTH_INFO
                    || matches!(
                        codes::of_answer(*code, message),
                        LoginRefusal::Rejected(
                            Id::AuthFailed | Id::AuthUserUnknown | Id::AuthDenied | Id::TokenInvalid
                        )
                    )) =>
        {
            token_refused(codes::words(*code, message))
        }
        Reply::Unreadable {
            status: Some(status @ (401 | 403)),
            ..
        } if who.token.is_some() => token_refused(format!("HTTP {status}")),
        Reply::Refused {
            code: codes::OVER_LIMIT,
            message,
        } => Judgement::failed(
            Id::RateLimited,
            codes::words(codes::OVER_LIMIT, message),
        ),
        Reply::Unreadable {
            status: Some(429), ..
        } => Judgement::failed(Id::RateLimited, "HTTP 429"),
        Reply::Data(_) => Judgement::ok(user),
        Reply::Empty => Judgement::failed(
            Id::AuthFailed,
            "code 0 without the data that a login gets: taosAdapter answers refused logins so under load",
        ),
        Reply::Refused {
            code: codes::NO_AUTH_INFO,
            message,
        } => Judgement::failed(
            Id::ProxyInTheWay,
            format!(
                "the Authorization header does not arrive: {}",
                codes::words(codes::NO_AUTH_INFO, message)
            ),
        )
        .of_kind(CauseKind::Header),
        Reply::Refused { code, message } => {
            let observed = codes::words(*code, message);
            match codes::of_answer(*code, message) {
                LoginRefusal::Rejected(id) | LoginRefusal::Accepted(id) => Judgement::failed(id, observed),
                LoginRefusal::Undecided => Judgement::failed(Id::AdapterBackendDown, observed),
            }
        }
        Reply::Unanswered => Judgement::failed(
            Id::AdapterBackendDown,
            "taosAdapter answers, but the login gets no answer in time",
        ),
        Reply::Broken(words) => Judgement::failed(Id::ClosedEarly, format!("the login broke off: {words}")),
        Reply::Unreadable { status, excerpt } => unreadable(*status, excerpt),
    }
    .expecting(format!("a login as {user}"))
    .with("database", database.unwrap_or_default())
}

/// `judgement` on `reply`, or, where a request went to the proxy that `proxy` (a variable) names and nothing of
/// taosAdapter's came back, that this proxy is why: taosAdapter itself answered before.
pub fn through<T>(proxy: Option<&str>, reply: &Reply<T>, judgement: Judgement) -> Judgement {
    let strange = matches!(
        reply,
        Reply::Unanswered | Reply::Broken(_) | Reply::Unreadable { .. }
    );
    match proxy {
        Some(variable) if strange => Judgement::failed(
            Id::ProxyInTheWay,
            format!("through the proxy of {variable}: {}", judgement.observed),
        )
        .expecting(judgement.expected)
        .with("variable", variable),
        _ => judgement,
    }
}

/// An answer that is not taosAdapter's, where its own came before: over HTTP, something between does not let this one
/// through.
pub(super) fn unreadable(status: Option<u16>, excerpt: &str) -> Judgement {
    match status {
        Some(status) if excerpt.contains(codes::SHORT_OF_MEMORY) => {
            Judgement::failed(Id::RateLimited, format!("HTTP {status}: {excerpt}"))
        }
        Some(status @ 300..) => Judgement::failed(Id::ProxyInTheWay, format!("HTTP {status}"))
            .of_kind(gateway::kind(status)),
        Some(status) => Judgement::failed(
            Id::NotTdengine,
            format!("HTTP {status}, not taosAdapter's JSON: {excerpt}"),
        ),
        None => Judgement::failed(
            Id::NotTdengine,
            format!("not taosAdapter's JSON: {excerpt}"),
        ),
    }
}

#[cfg(test)]
mod tests;
