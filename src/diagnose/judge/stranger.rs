//! Whoever answers where taosAdapter should.

use super::gateway;
use crate::diagnose::codes::SHORT_OF_MEMORY;
use crate::diagnose::{CauseKind, Id, Judgement, service};
use crate::probe::fingerprint::Fingerprint;
use crate::probe::http::HttpAnswer;

/// Who answers on `address` (`host:port`), and is not taosAdapter.
pub(super) fn stranger(address: &str, fingerprint: &Fingerprint) -> Judgement {
    match fingerprint {
        Fingerprint::Http(answer) => http(address, answer),
        Fingerprint::NativeLike => Judgement::failed(
            Id::WrongPort,
            "it closes an HTTP request without a word, as taosd's native port does",
        )
        .of_kind(CauseKind::Native),
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
        Fingerprint::Refused(words) => {
            Judgement::failed(Id::TlsUntrusted, format!("after the handshake: {words}"))
                .of_kind(CauseKind::Client)
        }
        Fingerprint::Tls => Judgement::failed(Id::TlsExpected, "a TLS alert to plain HTTP"),
        Fingerprint::Foreign(bytes) => {
            let program = service::of_greeting(bytes);
            let by = program
                .map(|program| format!(" ({program})"))
                .unwrap_or_default();
            Judgement::failed(
                Id::NotTdengine,
                format!("bytes that are not HTTP{by}: {bytes}"),
            )
            .with("program", program.unwrap_or_default())
        }
    }
    .with("address", address)
    .with("service", "taosadapter")
}

/// An HTTP answer that is not taosAdapter's.
fn http(address: &str, answer: &HttpAnswer) -> Judgement {
    let port = address
        .rsplit(':')
        .next()
        .and_then(|port| port.parse().ok());
    let program = service::of_http(answer, port.unwrap_or_default());
    let by = match (&answer.server, program) {
        (Some(server), _) => format!(" from {server}"),
        (None, Some(program)) => format!(" from {}", program.name),
        (None, None) => service::title(&answer.body)
            .map(|title| format!(" with the page {title:?}"))
            .unwrap_or_default(),
    };
    let to = answer
        .location
        .as_ref()
        .filter(|_| (300..400).contains(&answer.status))
        .map(|location| format!(" to {location}"))
        .unwrap_or_default();
    let observed = format!("HTTP {}{by}{to}", answer.status);
    let barred =
        matches!(answer.status, 401 | 403) && program.is_some_and(|program| program.gateway);
    let program = program.map(|program| program.name.as_str());
    if answer.status == 503 && answer.body.contains(SHORT_OF_MEMORY) {
        let body = answer.body.trim();
        Judgement::failed(Id::RateLimited, format!("{observed}: {body}"))
    } else if answer.wants_tls() {
        Judgement::failed(Id::TlsExpected, format!("{observed}, which asks for https"))
            .with("secure_url", answer.secure_target().unwrap_or_default())
    } else if answer.wants_certificate() {
        Judgement::failed(
            Id::TlsUntrusted,
            format!("{observed}, which asks for a certificate of the client"),
        )
        .of_kind(CauseKind::Client)
    } else if answer.is_from_gateway() || barred {
        Judgement::failed(Id::ProxyInTheWay, observed).of_kind(gateway::kind(answer.status))
    } else {
        Judgement::failed(
            Id::NotTdengine,
            format!("{observed}, not taosAdapter's JSON"),
        )
        .with("program", program.unwrap_or_default())
        .of_kind(gateway::kind(answer.status))
        .with("moved_to", answer.moved_to().unwrap_or_default())
    }
}
