//! The TLS handshake.

use super::stranger::stranger;
use crate::diagnose::{CauseKind, Id, Judgement};
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
            Judgement::ok(format!("{version}, a trusted certificate for {host}"))
        }
        Handshake::Untrusted(fault, taken) => {
            let observed = fault_words(fault);
            match taken {
                None => untrusted(fault, observed),
                Some(version) => untrusted(
                    fault,
                    format!("{version}, taken as --insecure asks: {observed}"),
                )
                .with_flag("taken", true)
                .into_warning(),
            }
        }
        Handshake::NotTls | Handshake::Closed => return no_tls(address, handshake, plain),
        Handshake::Refused(words) => {
            Judgement::failed(Id::TlsUntrusted, format!("the handshake failed: {words}"))
                .of_kind(CauseKind::Handshake)
        }
        Handshake::NameUnknown => Judgement::failed(
            Id::TlsUntrusted,
            format!("the server ends the handshake: it has no certificate for {host}"),
        )
        .of_kind(CauseKind::Name),
        Handshake::Silent => Judgement::failed(Id::NoAnswer, "no answer to the TLS handshake"),
    };
    judgement
        .expecting("a TLS handshake with a trusted certificate")
        .with("alternative_name", alternative_name(host))
        .with("address", address)
        .with("service", "taosadapter")
}

fn untrusted(fault: &Fault, observed: String) -> Judgement {
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
fn fault_words(fault: &Fault) -> String {
    let day = |seconds: &u64| {
        i64::try_from(*seconds)
            .ok()
            .and_then(|seconds| jiff::Timestamp::from_second(seconds).ok())
            .map(|time| format!(" ({time})"))
            .unwrap_or_default()
    };
    match fault {
        Fault::UnknownAuthority => {
            "the certificate comes from an authority that this machine does not trust".into()
        }
        Fault::SelfSigned => {
            "the certificate vouches for itself, and this machine does not trust it".into()
        }
        Fault::Expired(since) => format!(
            "the certificate has expired{}",
            since.as_ref().map(day).unwrap_or_default()
        ),
        Fault::NotYetValid(from) => format!(
            "the certificate is not valid yet{}",
            from.as_ref().map(day).unwrap_or_default()
        ),
        Fault::OtherHost(names) if names.is_empty() => {
            "the certificate names no host in its subjectAltName, which clients go by".into()
        }
        Fault::OtherHost(names) => format!("the certificate is for {}", names.join(", ")),
        Fault::NobodyTrusted(words) => {
            format!("this machine trusts no certificates at all: {words}")
        }
        Fault::Other(words) => format!("the certificate is not accepted: {words}"),
    }
}

/// The port does not speak TLS.
fn no_tls(address: &str, handshake: &Handshake, plain: Option<&Fingerprint>) -> Judgement {
    let expected = "a TLS handshake with a trusted certificate";
    let judgement = match plain {
        Some(Fingerprint::Http(answer)) if answer.is_from_adapter() => Judgement::failed(
            Id::TlsUnexpected,
            "no TLS: taosAdapter answers plain HTTP there",
        ),
        Some(Fingerprint::Http(answer)) if answer.is_from_gateway() => Judgement::failed(
            Id::TlsUnexpected,
            format!("no TLS: plain HTTP {} answers there", answer.status),
        ),
        Some(Fingerprint::Tls) | None if *handshake == Handshake::Closed => Judgement::failed(
            Id::ClosedEarly,
            "the connection is closed during the TLS handshake",
        ),
        Some(seen) if *seen != Fingerprint::Tls => {
            return stranger(address, seen).expecting(expected);
        }
        _ => Judgement::failed(
            Id::TlsUnexpected,
            "what answers the TLS handshake is no TLS",
        ),
    };
    judgement
        .expecting(expected)
        .with("address", address)
        .with("service", "taosadapter")
}
