//! Whoever answers where taosAdapter should.

use super::gateway;
use crate::diagnose::codes::SHORT_OF_MEMORY;
use crate::diagnose::{CauseKind, Id, Judgement, service};
use crate::message::message;
use crate::probe::fingerprint::Fingerprint;
use crate::probe::http::{self, HttpAnswer};
use crate::tdengine::version::Version;

/// Who answers on `address` (`host:port`), and is not taosAdapter.
pub(super) fn stranger(address: &str, fingerprint: &Fingerprint) -> Judgement {
    match fingerprint {
        Fingerprint::Http(answer) => http(address, answer),
        Fingerprint::NativeLike => {
            Judgement::failed(Id::WrongPort, message!("verify-closes-like-taosd"))
                .of_kind(CauseKind::Native)
        }
        Fingerprint::Closed => Judgement::failed(Id::ClosedEarly, message!("verify-closed")),
        Fingerprint::Silent => Judgement::failed(Id::NoAnswer, message!("verify-connected-silent")),
        Fingerprint::Unfinished { closed: true } => {
            Judgement::failed(Id::ClosedEarly, message!("verify-http-cut"))
        }
        Fingerprint::Unfinished { closed: false } => {
            Judgement::failed(Id::NoAnswer, message!("verify-http-unfinished"))
        }
        Fingerprint::Refused(words) => Judgement::failed(
            Id::TlsUntrusted,
            message!("verify-after-handshake", words = words),
        )
        .of_kind(CauseKind::Client),
        Fingerprint::Tls => Judgement::failed(Id::TlsExpected, message!("verify-tls-alert")),
        Fingerprint::Foreign(bytes) => {
            let program = service::of_greeting(bytes);
            let by = program
                .map(|program| message!("verify-in-parentheses", program = program))
                .unwrap_or_default();
            Judgement::failed(
                Id::NotTdengine,
                message!("verify-not-http", by = by, bytes = bytes),
            )
            .with("program", program.unwrap_or_default())
        }
    }
    .with("address", address)
    .with("service", "taosadapter")
}

/// An HTTP answer that is not taosAdapter's.
fn http(address: &str, answer: &HttpAnswer) -> Judgement {
    let (host, port) = address.rsplit_once(':').unwrap_or((address, ""));
    let program = service::of_http(answer, port.parse().unwrap_or_default());
    let family = program.and_then(|program| program.family);
    let by = match (&answer.server, program) {
        (Some(server), _) => message!("verify-from-server", server = server),
        (None, Some(program)) => message!("verify-from-program", name = program.name),
        (None, None) => service::title(&answer.body)
            .map(|title| message!("verify-with-page", title = title))
            .unwrap_or_default(),
    };
    let to = answer
        .location
        .as_ref()
        .filter(|_| (300..400).contains(&answer.status))
        .map(|location| message!("verify-redirect-to", location = location))
        .unwrap_or_default();
    let observed = message!(
        "verify-http-observed",
        by = by,
        to = to,
        status = answer.status
    );
    if let Some(version) = http::legacy_server(&answer.body) {
        return too_old(version);
    }
    let gateway = program.is_some_and(|program| program.gateway);
    let barred = matches!(answer.status, 401 | 403) && gateway;
    let redirect = answer.redirect_target();
    let judgement = if answer.status == 503 && answer.body.contains(SHORT_OF_MEMORY) {
        let body = answer.body.trim();
        Judgement::failed(
            Id::RateLimited,
            message!("verify-observed-body", observed = observed, body = body),
        )
        .of_kind(CauseKind::Memory)
    } else if let Some(target) = redirect {
        let elsewhere = target.host != host;
        let judgement = if target.is_page && elsewhere {
            Judgement::failed(Id::ProxyInTheWay, observed).of_kind(CauseKind::Login)
        } else if target.secure {
            Judgement::failed(
                Id::TlsExpected,
                message!("verify-asks-for-https", observed = observed),
            )
        } else {
            Judgement::failed(
                Id::NotTdengine,
                message!("verify-observed-not-json", observed = observed),
            )
        };
        // A password is sent to no host that only an answer names.
        let url = target.url.as_str();
        judgement
            .with("secure_url", if target.secure { url } else { "" })
            .with(
                "moved_to",
                if target.secure || target.is_page {
                    ""
                } else {
                    url
                },
            )
            .with_flag("elsewhere", elsewhere)
            .with("redirect_host", &target.host)
    } else if answer.wants_tls() {
        Judgement::failed(
            Id::TlsExpected,
            message!("verify-asks-for-https", observed = observed),
        )
    } else if answer.wants_certificate() {
        Judgement::failed(
            Id::TlsUntrusted,
            message!("verify-asks-for-certificate", observed = observed),
        )
        .of_kind(CauseKind::Client)
    } else if answer.status == 400
        && answer.server.is_none()
        && answer.body.trim_start().starts_with("400 Bad Request")
    {
        // Go's own server, and so taosAdapter's, says this of a request that does not begin as HTTP does.
        Judgement::failed(Id::ProxyInTheWay, observed).of_kind(CauseKind::Preamble)
    } else if answer.is_from_gateway() || barred {
        Judgement::failed(Id::ProxyInTheWay, observed).of_kind(gateway::kind(answer.status, family))
    } else {
        Judgement::failed(
            Id::NotTdengine,
            message!("verify-observed-not-json", observed = observed),
        )
        .with(
            "program",
            program
                .map(|program| program.name.as_str())
                .unwrap_or_default(),
        )
        .of_kind(gateway::kind(answer.status, family))
    };
    judgement.with("gateway", gateway::word(family))
}

/// TDengine 2, which no connector of today supports.
pub(super) fn too_old(version: Option<Version>) -> Judgement {
    let shown = version.map_or_else(|| "2".to_owned(), |version| version.to_string());
    Judgement::failed(
        Id::ServerTooOld,
        message!("verify-legacy-server", shown = shown),
    )
    .expecting(message!("verify-server-expected"))
    .with("server_version", shown)
    .with("wanted", "3.3.6.0")
}
