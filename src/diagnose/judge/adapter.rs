//! Whether taosAdapter answers, over REST and over WebSocket.

use super::gateway;
use super::stranger::stranger;
use crate::diagnose::{CauseKind, Id, Judgement, service};
use crate::message::{Message, message};
use crate::probe::Reply;
use crate::probe::fingerprint::Fingerprint;
use crate::probe::http;
use crate::probe::ws::{Hello, Upgrade};
use crate::tdengine::version::Version;

/// REST: what the request without a login got. `address` is `host:port`; the Cloud's gateway, to which a `token` goes, may
/// refuse requests without one in its own words.
pub fn rest(address: &str, fingerprint: &Fingerprint, token: bool) -> Judgement {
    match fingerprint {
        Fingerprint::Http(answer) if http::legacy_server(&answer.body).is_some() => {
            stranger(address, fingerprint)
        }
        Fingerprint::Http(answer) if token && asks_for_a_token(answer.status) => Judgement::ok(
            message!("verify-gateway-asks-for-token", status = answer.status),
        ),
        Fingerprint::Http(answer) if answer.is_from_adapter() => {
            Judgement::ok(message!("verify-adapter-answers"))
        }
        other => stranger(address, other),
    }
    .expecting(message!("verify-adapter-expected"))
}

/// WebSocket: what the Upgrade and the `version` action got; where they failed, `fingerprint` says who is there.
pub fn ws(
    address: &str,
    hello: &Hello,
    fingerprint: Option<&Fingerprint>,
    token: bool,
) -> Judgement {
    let expected = message!("verify-upgrade-expected");
    if let (Upgrade::Switched { path }, Some(version)) = (&hello.upgrade, &hello.version) {
        let spoken =
            |version: Message| message!("verify-adapter-version", version = version, path = path);
        return match version {
            Reply::Data(version) => match Version::find(version) {
                Some(version) => Judgement::ok(spoken(Message::quoted(version.to_string()))),
                None if version.trim().is_empty() => {
                    Judgement::ok(spoken(message!("verify-adapter-unknown-version")))
                }
                None => Judgement::ok(spoken(Message::quoted(version.as_str()))),
            },
            Reply::Empty | Reply::Refused { .. } => {
                Judgement::ok(spoken(message!("verify-adapter-unknown-version")))
            }
            Reply::Unanswered => {
                Judgement::failed(Id::NoAnswer, message!("verify-upgrade-then-silence"))
            }
            Reply::Broken(words) => Judgement::failed(
                Id::ClosedEarly,
                message!("verify-upgrade-then-broken", words = words),
            ),
            Reply::Malformed(how) => Judgement::failed(
                Id::NotTdengine,
                message!("verify-upgrade-then-unreadable", excerpt = how),
            ),
            Reply::Unreadable { excerpt, .. } => Judgement::failed(
                Id::NotTdengine,
                message!("verify-upgrade-then-unreadable", excerpt = excerpt),
            ),
        }
        .with("address", address)
        .with("service", "taosadapter")
        .expecting(expected);
    }
    match fingerprint {
        Some(seen @ Fingerprint::Http(answer)) if http::legacy_server(&answer.body).is_some() => {
            stranger(address, seen)
        }
        Some(Fingerprint::Http(answer))
            if answer.is_from_adapter() || token && asks_for_a_token(answer.status) =>
        {
            upgrade(address, &hello.upgrade, answer.server.as_deref())
        }
        Some(other) => stranger(address, other),
        None => upgrade(address, &hello.upgrade, None),
    }
    .expecting(expected)
}

/// Whether the gateway refused the token that came with the Upgrade: the HTTP status.
pub fn token_refused(hello: &Hello) -> Option<u16> {
    match hello.upgrade {
        Upgrade::Refused { status, .. } if asks_for_a_token(status) => Some(status),
        _ => None,
    }
}

const fn asks_for_a_token(status: u16) -> bool {
    matches!(status, 401 | 403)
}

/// A failed Upgrade, though taosAdapter itself answers REST; that answer may name a gateway, `before`.
fn upgrade(address: &str, upgrade: &Upgrade, before: Option<&str>) -> Judgement {
    match upgrade {
        Upgrade::Refused {
            path,
            status,
            server,
        } => {
            let server = server.as_deref().or(before);
            let by = server
                .map(|server| message!("verify-from-server", server = server))
                .unwrap_or_default();
            let observed = message!(
                "verify-upgrade-status",
                status = status,
                by = by,
                path = path
            );
            let family = service::family(server, "");
            let id = match (status, server) {
                (401 | 403 | 407 | 429 | 502..=504, _) | (500, Some(_)) => Id::ProxyInTheWay,
                // taosAdapter names no server in its answers.
                (500, None) => Id::AdapterBackendDown,
                _ => Id::WsUpgradeRefused,
            };
            let kind = match status {
                500 => Some(CauseKind::Internal),
                _ => gateway::kind(*status, family),
            };
            Judgement::failed(id, observed)
                .of_kind(kind)
                .with("gateway", gateway::word(family))
        }
        Upgrade::Mangled(words) => Judgement::failed(
            Id::WsUpgradeRefused,
            message!("verify-upgrade-mangled", words = words),
        ),
        Upgrade::Silent => Judgement::failed(Id::NoAnswer, message!("verify-upgrade-silent")),
        Upgrade::Broken(words) => Judgement::failed(
            Id::ClosedEarly,
            message!("verify-upgrade-broken", words = words),
        ),
        Upgrade::Switched { .. } => Judgement::ok(message!("verify-switched")),
    }
    .with("address", address)
    .with("service", "taosadapter")
}
