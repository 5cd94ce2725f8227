//! Why a server's certificate is not accepted.

use std::io;

use rustls::client::verify_server_name;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, Error};
use serde::Serialize;

/// The most names of a certificate that are kept.
const MOST_NAMES: usize = 32;

/// What is wrong with a certificate. Texts come from the server: escape them before they are shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// It is issued by a CA that this machine does not trust.
    UnknownAuthority,
    /// It is signed by itself.
    SelfSigned,
    /// It has expired; since when (seconds since 1970), where that is known.
    Expired(Option<u64>),
    /// It is not valid yet; from when, where that is known.
    NotYetValid(Option<u64>),
    /// It is for other hosts; their names, where they are known.
    OtherHost(Vec<String>),
    /// This machine trusts no CA: it has none; the library's words.
    NobodyTrusted(String),
    /// Anything else, in the library's words.
    Other(String),
}

impl Fault {
    /// What `error` says about a certificate; `None` where it is about something else.
    pub fn of(error: &Error) -> Option<Self> {
        let Error::InvalidCertificate(fault) = error else {
            return None;
        };
        let seconds = |time: &UnixTime| Some(time.as_secs());
        Some(match fault {
            _ if is_authority_as_server(error) => Self::SelfSigned,
            CertificateError::UnknownIssuer | CertificateError::BadSignature => {
                Self::UnknownAuthority
            }
            CertificateError::Expired => Self::Expired(None),
            CertificateError::ExpiredContext { not_after, .. } => Self::Expired(seconds(not_after)),
            CertificateError::NotValidYet => Self::NotYetValid(None),
            CertificateError::NotValidYetContext { not_before, .. } => {
                Self::NotYetValid(seconds(not_before))
            }
            CertificateError::NotValidForName => Self::OtherHost(Vec::new()),
            CertificateError::NotValidForNameContext { presented, .. } => {
                let names = presented.iter().take(MOST_NAMES);
                Self::OtherHost(names.map(|name| plain_name(name)).collect())
            }
            other => Self::Other(other.to_string()),
        })
    }
}

/// Returns what is wrong with the form of a certificate (DER), or with its names as those of `host`.
pub fn certificate_fault(certificate: &[u8], host: &str) -> Option<Fault> {
    let certificate = CertificateDer::from(certificate);
    let name = ServerName::try_from(host).ok()?;
    let checked = ParsedCertificate::try_from(&certificate)
        .and_then(|parsed| verify_server_name(&parsed, &name));
    checked.err().as_ref().and_then(Fault::of)
}

/// `DnsName("db.example")` as the library writes names, without the wrapping.
fn plain_name(name: &str) -> String {
    let inner = name
        .split_once('(')
        .and_then(|(_, rest)| rest.strip_suffix(')'));
    inner.unwrap_or(name).trim_matches('"').to_owned()
}

/// Whether `error` is that an authority's own certificate was shown as a server's. The library keeps its reason in a type that
/// it does not name.
pub(super) fn is_authority_as_server(error: &Error) -> bool {
    matches!(error, Error::InvalidCertificate(CertificateError::Other(other)) if format!("{other:?}").contains("CaUsedAsEndEntity"))
}

/// The error of the TLS library below `error`. An `io::Error` names the cause of what it holds as its own, so what it holds is
/// looked at too.
pub fn rustls_error<'a>(error: &'a (dyn std::error::Error + 'static)) -> Option<&'a Error> {
    if let Some(fault) = error.downcast_ref::<Error>() {
        return Some(fault);
    }
    let held = error
        .downcast_ref::<io::Error>()
        .and_then(io::Error::get_ref);
    if let Some(fault) = held.and_then(|held| rustls_error(held)) {
        return Some(fault);
    }
    error.source().and_then(rustls_error)
}

#[cfg(test)]
mod tests;
