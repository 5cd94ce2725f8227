//! Whether taosAdapter answers, over REST and over WebSocket.

use crate::diagnose::{Id, Judgement};
use crate::probe::Reply;
use crate::probe::fingerprint::Fingerprint;
use crate::probe::http::HttpAnswer;
use crate::probe::ws::{Hello, Upgrade};
use crate::version::Version;

const EXPECTED: &str = "taosAdapter's answer";

/// REST: what the request without a login got. `address` is `host:port`.
pub fn rest(address: &str, fingerprint: &Fingerprint) -> Judgement {
    match fingerprint {
        Fingerprint::Http(answer) if answer.from_adapter() => Judgement::ok("taosAdapter answers"),
        other => stranger(address, other),
    }
    .expecting(EXPECTED)
}

/// WebSocket: what the Upgrade and the `version` action got; where they failed, `fingerprint` says who is there.
pub fn ws(address: &str, hello: &Hello, fingerprint: Option<&Fingerprint>) -> Judgement {
    let expected = "101 Switching Protocols, and taosAdapter's version";
    if let (Upgrade::Switched { path }, Some(version)) = (&hello.upgrade, &hello.version) {
        let spoken = |version: &str| format!("taosAdapter {version} on {path}");
        return match version {
            Reply::Data(version) => match Version::find(version) {
                Some(version) => Judgement::ok(spoken(&version.to_string())),
                None => Judgement::ok(spoken(version)),
            },
            Reply::Empty | Reply::Refused { .. } => Judgement::ok(spoken("of an unknown version")),
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
        Some(Fingerprint::Http(answer)) if answer.from_adapter() => {
            upgrade(address, &hello.upgrade)
        }
        Some(other) => stranger(address, other),
        None => upgrade(address, &hello.upgrade),
    }
    .expecting(expected)
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

/// Whoever answers where taosAdapter should.
fn stranger(address: &str, fingerprint: &Fingerprint) -> Judgement {
    match fingerprint {
        Fingerprint::Http(answer) => http(answer),
        Fingerprint::NativeLike => Judgement::failed(
            Id::WrongPort,
            "it closes an HTTP request without a word, as taosd's native port does",
        )
        .with("kind", "native"),
        Fingerprint::Closed => {
            Judgement::failed(Id::ClosedEarly, "the connection is closed without a word")
        }
        Fingerprint::Silent => Judgement::failed(Id::NoAnswer, "connected, then nothing was said"),
        Fingerprint::Unfinished { closed: true } => {
            Judgement::failed(Id::ClosedEarly, "an HTTP answer that breaks off")
        }
        Fingerprint::Unfinished { closed: false } => Judgement::failed(
            Id::NoAnswer,
            "an HTTP answer began, and did not end in time",
        ),
        Fingerprint::Tls => Judgement::failed(Id::TlsExpected, "a TLS alert to plain HTTP"),
        Fingerprint::Foreign(bytes) => {
            Judgement::failed(Id::NotTdengine, format!("bytes that are not HTTP: {bytes}"))
        }
    }
    .with("address", address)
    .with("service", "taosadapter")
}

/// An HTTP answer that is not taosAdapter's.
fn http(answer: &HttpAnswer) -> Judgement {
    let by = answer
        .server
        .as_ref()
        .map(|server| format!(" from {server}"))
        .unwrap_or_default();
    let observed = format!("HTTP {}{by}", answer.status);
    if answer.wants_tls() {
        Judgement::failed(Id::TlsExpected, format!("{observed}, which asks for https"))
    } else if answer.from_gateway() {
        Judgement::failed(Id::ProxyInTheWay, observed)
    } else {
        Judgement::failed(
            Id::NotTdengine,
            format!("{observed}, not taosAdapter's JSON"),
        )
    }
}
