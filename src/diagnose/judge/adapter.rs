//! Whether taosAdapter answers, over REST and over WebSocket.

use super::gateway;
use super::stranger::stranger;
use crate::diagnose::{Id, Judgement};
use crate::probe::Reply;
use crate::probe::fingerprint::Fingerprint;
use crate::probe::ws::{Hello, Upgrade};
use crate::tdengine::version::Version;

const EXPECTED: &str = "taosAdapter's answer";
const UNKNOWN: &str = "of an unknown version";

/// REST: what the request without a login got. `address` is `host:port`; the Cloud's gateway, to which a `token` goes, may
/// refuse whoever has none in its own words.
pub fn rest(address: &str, fingerprint: &Fingerprint, token: bool) -> Judgement {
    match fingerprint {
        Fingerprint::Http(answer) if token && asks_for_a_token(answer.status) => Judgement::ok(
            format!("HTTP {}: the gateway asks for a token", answer.status),
        ),
        Fingerprint::Http(answer) if answer.is_from_adapter() => {
            Judgement::ok("taosAdapter answers")
        }
        other => stranger(address, other),
    }
    .expecting(EXPECTED)
}

/// WebSocket: what the Upgrade and the `version` action got; where they failed, `fingerprint` says who is there.
pub fn ws(
    address: &str,
    hello: &Hello,
    fingerprint: Option<&Fingerprint>,
    token: bool,
) -> Judgement {
    let expected = "101 Switching Protocols, and taosAdapter's version";
    if let (Upgrade::Switched { path }, Some(version)) = (&hello.upgrade, &hello.version) {
        let spoken = |version: &str| format!("taosAdapter {version} on {path}");
        return match version {
            Reply::Data(version) => match Version::find(version) {
                Some(version) => Judgement::ok(spoken(&version.to_string())),
                None if version.trim().is_empty() => Judgement::ok(spoken(UNKNOWN)),
                None => Judgement::ok(spoken(version)),
            },
            Reply::Empty | Reply::Refused { .. } => Judgement::ok(spoken(UNKNOWN)),
            Reply::Unanswered => {
                Judgement::failed(Id::NoAnswer, "the Upgrade worked, then nothing was said")
            }
            Reply::Broken(words) => Judgement::failed(
                Id::ClosedEarly,
                format!("the Upgrade worked, then: {words}"),
            ),
            Reply::Unreadable { excerpt, .. } => Judgement::failed(
                Id::NotTdengine,
                format!("the Upgrade worked, then came {excerpt}"),
            ),
        }
        .with("address", address)
        .with("service", "taosadapter")
        .expecting(expected);
    }
    match fingerprint {
        Some(Fingerprint::Http(answer))
            if answer.is_from_adapter() || token && asks_for_a_token(answer.status) =>
        {
            upgrade(address, &hello.upgrade)
        }
        Some(other) => stranger(address, other),
        None => upgrade(address, &hello.upgrade),
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

/// A failed Upgrade where taosAdapter itself is there.
fn upgrade(address: &str, upgrade: &Upgrade) -> Judgement {
    match upgrade {
        Upgrade::Refused {
            path,
            status,
            server,
        } => {
            let by = server
                .as_ref()
                .map(|server| format!(" from {server}"))
                .unwrap_or_default();
            let observed = format!("HTTP {status}{by} to the Upgrade on {path}");
            if matches!(status, 407 | 502 | 503 | 504) {
                Judgement::failed(Id::ProxyInTheWay, observed)
            } else {
                Judgement::failed(Id::WsUpgradeRefused, observed)
            }
            .of_kind(gateway::kind(*status))
        }
        Upgrade::Mangled(words) => Judgement::failed(
            Id::WsUpgradeRefused,
            format!("no proper answer to the Upgrade: {words}"),
        ),
        Upgrade::Silent => Judgement::failed(Id::NoAnswer, "no answer to the Upgrade"),
        Upgrade::Broken(words) => {
            Judgement::failed(Id::ClosedEarly, format!("the Upgrade broke: {words}"))
        }
        Upgrade::Switched { .. } => Judgement::ok("switched"),
    }
    .with("address", address)
    .with("service", "taosadapter")
}
