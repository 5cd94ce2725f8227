//! The TLS handshake.

use super::stranger::stranger;
use crate::diagnose::{CauseKind, Id, Judgement};
use crate::message::{Message, message};
use crate::probe::fingerprint::Fingerprint;
use crate::probe::tls::Handshake;
use crate::system::tls::Fault;

/// What came of the handshake with `address` (`host:port`), whose certificate must be for `host`; where it was no TLS,
/// `plain` says who answers plain text there.
pub fn handshake(
    address: &str,
    host: &str,
    handshake: &Handshake,
    plain: Option<&Fingerprint>,
) -> Judgement {
    let judgement = match handshake {
        Handshake::Trusted(version) => {
            Judgement::ok(message!("verify-tls-ok", version = version, host = host))
        }
        Handshake::Untrusted(fault, taken) => {
            let observed = fault_words(fault);
            match taken {
                None => untrusted(fault, observed),
                Some(version) => untrusted(
                    fault,
                    message!("verify-tls-taken", version = version, observed = observed),
                )
                .with_flag("taken", true)
                .into_warning(),
            }
        }
        Handshake::NotTls | Handshake::Closed => return other_than_tls(address, handshake, plain),
        Handshake::Refused(words) => Judgement::failed(
            Id::TlsUntrusted,
            message!("verify-handshake-failed", words = words),
        )
        .of_kind(CauseKind::Handshake),
        Handshake::NameUnknown => Judgement::failed(
            Id::TlsUntrusted,
            message!("verify-handshake-no-name", host = host),
        )
        .of_kind(CauseKind::Name),
        Handshake::Silent => Judgement::failed(Id::NoAnswer, message!("verify-handshake-silent")),
    };
    judgement
        .expecting(message!("verify-tls-expected"))
        .with("alternative_name", alternative_name(host))
        .with("address", address)
        .with("service", "taosadapter")
}

fn untrusted(fault: &Fault, observed: Message) -> Judgement {
    let (kind, names) = match fault {
        Fault::UnknownAuthority => (CauseKind::UnknownAuthority, String::new()),
        Fault::SelfSigned => (CauseKind::SelfSigned, String::new()),
        Fault::Expired(_) => (CauseKind::Expired, String::new()),
        Fault::NotYetValid(_) => (CauseKind::Early, String::new()),
        Fault::OtherHost(names) => (CauseKind::Host, usable_name(names)),
        Fault::NobodyTrusted(_) => (CauseKind::NoAuthorities, String::new()),
        Fault::Other(_) => (CauseKind::Rule, String::new()),
    };
    Judgement::failed(Id::TlsUntrusted, observed)
        .of_kind(kind)
        .with("name", names)
}

/// The first name that can be dialled as it is; empty where there is none.
fn usable_name(names: &[String]) -> String {
    let plain = |name: &&String| !name.contains('*');
    names.iter().find(plain).cloned().unwrap_or_default()
}

/// How a certificate names `host` in its subjectAltName.
fn alternative_name(host: &str) -> String {
    let kind = match host.parse::<std::net::IpAddr>() {
        Ok(_) => "IP",
        Err(_) => "DNS",
    };
    format!("{kind}:{host}")
}

/// What is wrong with a certificate.
fn fault_words(fault: &Fault) -> Message {
    let day = |seconds: &u64| {
        i64::try_from(*seconds)
            .ok()
            .and_then(|seconds| jiff::Timestamp::from_second(seconds).ok())
            .map(|time| format!(" ({time})"))
            .unwrap_or_default()
    };
    match fault {
        Fault::UnknownAuthority => {
            message!("verify-certificate-unknown")
        }
        Fault::SelfSigned => {
            message!("verify-certificate-self")
        }
        Fault::Expired(since) => message!(
            "verify-certificate-expired",
            since = since.as_ref().map(day).unwrap_or_default()
        ),
        Fault::NotYetValid(from) => message!(
            "verify-certificate-early",
            since = from.as_ref().map(day).unwrap_or_default()
        ),
        Fault::OtherHost(names) if names.is_empty() => {
            message!("verify-certificate-no-host")
        }
        Fault::OtherHost(names) => message!("verify-certificate-for", names = names.join(", ")),
        Fault::NobodyTrusted(words) => {
            message!("verify-certificate-none-trusted", words = words)
        }
        Fault::Other(words) => message!("verify-certificate-refused", words = words),
    }
}

/// The port does not speak TLS.
fn other_than_tls(address: &str, handshake: &Handshake, plain: Option<&Fingerprint>) -> Judgement {
    let expected = message!("verify-tls-expected");
    let judgement = match plain {
        Some(Fingerprint::Http(answer)) if answer.is_from_adapter() => {
            Judgement::failed(Id::TlsUnexpected, message!("verify-no-tls-adapter"))
        }
        Some(Fingerprint::Http(answer)) if answer.is_from_gateway() => Judgement::failed(
            Id::TlsUnexpected,
            message!("verify-no-tls-http", status = answer.status),
        ),
        Some(Fingerprint::Tls) | None if *handshake == Handshake::Closed => {
            Judgement::failed(Id::ClosedEarly, message!("verify-handshake-closed"))
        }
        Some(seen) if *seen != Fingerprint::Tls => {
            return stranger(address, seen).expecting(expected);
        }
        _ => Judgement::failed(Id::TlsUnexpected, message!("verify-handshake-not-tls")),
    };
    judgement
        .expecting(expected)
        .with("address", address)
        .with("service", "taosadapter")
}
