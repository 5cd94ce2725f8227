//! The login.

use super::gateway;
use super::stranger::too_old;
use crate::diagnose::codes::{self, LoginRefusal};
use crate::diagnose::{CauseKind, Id, Judgement, service};
use crate::message::{Message, message};
use crate::probe::http;
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
        Reply::Refused {
            code: codes::UNKNOWN_SCHEME,
            ..
        } if who.bearer.is_some() => Verdict::Rejected,
        Reply::Refused { code, message } => match codes::of_answer(*code, message) {
            LoginRefusal::Rejected(_) => Verdict::Rejected,
            // Whoever has no time for a login has not looked at it.
            LoginRefusal::Accepted(Id::RateLimited) => Verdict::Undecided,
            LoginRefusal::Accepted(_) => Verdict::Accepted,
            LoginRefusal::Undecided => Verdict::Undecided,
        },
        Reply::Unanswered | Reply::Broken(_) | Reply::Malformed(_) | Reply::Unreadable { .. } => {
            Verdict::Undecided
        }
    }
}

/// A token that the gateway refuses, with these words or this status.
pub fn token_refused(observed: impl Into<Message>) -> Judgement {
    Judgement::failed(Id::TokenInvalid, observed).expecting(message!("verify-token-expected"))
}

/// The login of `who` at a taosAdapter that has answered before.
pub fn adapter<T>(who: &Credentials, database: Option<&str>, reply: &Reply<T>) -> Judgement {
    let user = if who.has_token() {
        message!("verify-the-token")
    } else {
        Message::quoted(who.user.as_str())
    };
    match reply {
        // REST does not know the scheme, and WebSocket reads neither token nor user.
        Reply::Refused {
            code: code @ (codes::UNKNOWN_SCHEME | codes::NO_USER_NAME),
            message,
        } if who.bearer.is_some() => {
            let words = codes::words(*code, message);
            token_refused(message!("verify-token-old-server", words = words))
                .of_kind(CauseKind::Version)
        }
        Reply::Refused { code, message }
            if who.bearer.is_some()
                && matches!(codes::of_answer(*code, message), LoginRefusal::Rejected(_)) =>
        {
            token_refused(Message::quoted(codes::words(*code, message))).of_kind(CauseKind::Bearer)
        }
        Reply::Refused { code, message }
            if who.token.is_some()
                && (*code == codes::NO_AUTH_INFO
                    || matches!(
                        codes::of_answer(*code, message),
                        LoginRefusal::Rejected(
                            Id::AuthFailed
                                | Id::AuthUserUnknown
                                | Id::AuthDenied
                                | Id::TokenInvalid
                        )
                    )) =>
        {
            token_refused(Message::quoted(codes::words(*code, message)))
        }
        Reply::Unreadable {
            status: Some(status @ (401 | 403)),
            ..
        } if who.token.is_some() => token_refused(message!("verify-http-status", status = status)),
        Reply::Refused {
            code: code @ (0x011E | codes::INVALID_SIGNATURE | 0x0140),
            message,
        } => other_client(*code, message),
        Reply::Refused {
            code: codes::OVER_LIMIT,
            message,
        } => Judgement::failed(
            Id::RateLimited,
            Message::quoted(codes::words(codes::OVER_LIMIT, message)),
        ),
        Reply::Data(_) => Judgement::ok(user.clone()),
        Reply::Empty => Judgement::failed(Id::AuthFailed, message!("verify-login-empty")),
        Reply::Refused {
            code: codes::NO_AUTH_INFO,
            message,
        } => Judgement::failed(
            Id::ProxyInTheWay,
            message!(
                "verify-login-header-lost",
                words = codes::words(codes::NO_AUTH_INFO, message)
            ),
        )
        .of_kind(CauseKind::Header),
        Reply::Refused { code, message } => {
            let observed = Message::quoted(codes::words(*code, message));
            match codes::of_answer(*code, message) {
                LoginRefusal::Rejected(id) | LoginRefusal::Accepted(id) => {
                    Judgement::failed(id, observed).of_kind(codes::limit_kind(*code, message))
                }
                LoginRefusal::Undecided => Judgement::failed(Id::AdapterBackendDown, observed),
            }
        }
        Reply::Unanswered => {
            Judgement::failed(Id::AdapterBackendDown, message!("verify-login-unanswered"))
        }
        Reply::Broken(words) => Judgement::failed(
            Id::ClosedEarly,
            message!("verify-login-broken", words = words),
        ),
        Reply::Malformed(how) => {
            Judgement::failed(Id::NotTdengine, message!("verify-not-json", excerpt = how))
        }
        Reply::Unreadable { status, excerpt } => unreadable(*status, excerpt),
    }
    .expecting(message!("verify-login-expected", user = user))
    .with("database", database.unwrap_or_default())
}

/// `judgement` on `reply`, or, where a request went to the proxy that `proxy` (a variable) names and nothing of
/// taosAdapter's came back, that this proxy is why: taosAdapter itself answered before.
pub fn through<T>(proxy: Option<&str>, reply: &Reply<T>, judgement: Judgement) -> Judgement {
    let strange = matches!(
        reply,
        Reply::Unanswered | Reply::Broken(_) | Reply::Malformed(_) | Reply::Unreadable { .. }
    );
    match proxy {
        Some(variable) if strange => Judgement::failed(
            Id::ProxyInTheWay,
            message!(
                "verify-through-proxy",
                variable = variable,
                observed = judgement.observed
            ),
        )
        .expecting(judgement.expected)
        .with("variable", variable),
        _ => judgement,
    }
}

/// taosAdapter reaches taosd with a client library of its own, and taosd refuses that one.
pub(super) fn other_client(code: u16, message: &str) -> Judgement {
    Judgement::failed(
        Id::AdapterBackendDown,
        Message::quoted(codes::words(code, message)),
    )
    .of_kind(CauseKind::Version)
}

/// An answer that is not taosAdapter's, though its own came before: over HTTP, something between does not let this one
/// through.
pub(super) fn unreadable(status: Option<u16>, excerpt: &str) -> Judgement {
    if let Some(version) = http::legacy_server(excerpt) {
        return too_old(version);
    }
    let family = service::family(None, excerpt);
    match status {
        Some(status) if excerpt.contains(codes::SHORT_OF_MEMORY) => Judgement::failed(
            Id::RateLimited,
            message!("verify-http-excerpt", status = status, excerpt = excerpt),
        )
        .of_kind(CauseKind::Memory),
        // A gateway that taosAdapter answered through before waits for it now, and taosAdapter waits for taosd.
        Some(status @ 504) => Judgement::failed(
            Id::AdapterBackendDown,
            message!("verify-gateway-waited", status = status),
        ),
        Some(status @ 300..) => Judgement::failed(
            Id::ProxyInTheWay,
            message!("verify-http-status", status = status),
        )
        .of_kind(gateway::kind(status, family))
        .with("gateway", gateway::word(family)),
        Some(status) => Judgement::failed(
            Id::NotTdengine,
            message!("verify-http-not-json", status = status, excerpt = excerpt),
        ),
        None => Judgement::failed(
            Id::NotTdengine,
            message!("verify-not-json", excerpt = excerpt),
        ),
    }
}

/// How long a connection was open before it broke, from which on something between has given up waiting.
const WAITED_MS: u64 = 500;

/// `judgement`, or that taosd does not answer taosAdapter: a connection on which taosAdapter answered before, and that is closed
/// only after a wait of `ms`, was closed by a gateway between.
pub fn after_wait(judgement: Judgement, ms: u64) -> Judgement {
    match &judgement.cause {
        Some(cause) if cause.id == Id::ClosedEarly && ms >= WAITED_MS => Judgement::failed(
            Id::AdapterBackendDown,
            message!("verify-after-wait", ms = ms, observed = judgement.observed),
        )
        .expecting(judgement.expected),
        _ => judgement,
    }
}

#[cfg(test)]
mod tests;
