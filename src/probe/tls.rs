//! The TLS handshake: the server's certificate, and why it is not trusted.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::ServerName;
use rustls::{AlertDescription, ClientConfig, ProtocolVersion};
use serde::Serialize;

use super::tcp;
use super::wire::{Way, shake};
use crate::system::tls::fault::{Fault, rustls_error};
use crate::system::tls::{self, TlsTrust};

/// How this run speaks TLS; made once, for all of its targets.
#[derive(Clone, Debug)]
pub struct Setup {
    /// Checks certificates; the reason if this machine has no CA certificates.
    strict: Result<Arc<ClientConfig>, String>,
    /// Takes any certificate; the configuration of `--insecure`, and where a fault is known.
    lenient: Arc<ClientConfig>,
    /// Whether the user accepts certificates that are not trusted.
    insecure: bool,
}

impl Setup {
    /// Trusts the certificates of `trust`, or any if `insecure`. The error is the TLS library's.
    pub fn new(trust: &TlsTrust, insecure: bool) -> Result<Self, String> {
        Ok(Self {
            strict: trust.strict().map(Arc::new),
            lenient: Arc::new(tls::lenient()?),
            insecure,
        })
    }

    /// The configuration for what comes after the handshake of [`ask`].
    pub fn configuration(&self) -> Arc<ClientConfig> {
        match &self.strict {
            Ok(strict) if !self.insecure => Arc::clone(strict),
            _ => Arc::clone(&self.lenient),
        }
    }

    /// How `address` is spoken to, which `host` names. `None` where no certificate can be for such a host.
    pub fn way(&self, address: SocketAddr, host: &str) -> Option<Way> {
        Some(Way {
            address,
            tls: Some((self.configuration(), name(host)?)),
        })
    }
}

/// What came of a handshake.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Handshake {
    /// TLS of this version, with a certificate that is to be trusted.
    Trusted(&'static str),
    /// The server's certificate is not to be trusted. The version, where `--insecure` makes it be taken.
    Untrusted(Fault, Option<&'static str>),
    /// The server said something that is no TLS.
    NotTls,
    /// The server speaks TLS and ends the handshake, or cannot be agreed with; the library's words.
    Refused(String),
    /// The server knows no certificate for the name that it was asked for, or was asked for none (an address has no name).
    NameUnknown,
    /// The connection was closed before the handshake was done.
    Closed,
    /// Nothing within the limit.
    Silent,
}

/// Shakes hands with `address`, which `host` names, and closes again.
pub async fn ask(address: SocketAddr, host: &str, setup: &Setup, limit: Duration) -> Handshake {
    let begun = std::time::Instant::now();
    let first = match &setup.strict {
        Ok(strict) => once(address, host, strict, limit).await,
        // The certificate is looked at all the same: the port may not speak TLS at all.
        Err(words) => match once(address, host, &setup.lenient, limit).await {
            Handshake::Trusted(version) => {
                let taken = setup.insecure.then_some(version);
                return Handshake::Untrusted(Fault::NobodyTrusted(words.clone()), taken);
            }
            other => other,
        },
    };
    match first {
        Handshake::Untrusted(fault, _) if setup.insecure => {
            let left = limit.saturating_sub(begun.elapsed());
            match once(address, host, &setup.lenient, left).await {
                Handshake::Trusted(version) => Handshake::Untrusted(fault, Some(version)),
                other => other,
            }
        }
        seen => seen,
    }
}

async fn once(
    address: SocketAddr,
    host: &str,
    config: &Arc<ClientConfig>,
    limit: Duration,
) -> Handshake {
    let Some(name) = name(host) else {
        let words = "the host's name cannot stand in a certificate";
        return Handshake::Untrusted(Fault::Other(words.into()), None);
    };
    let talk = async {
        let Ok(stream) = tcp::connect(address, limit).await else {
            return Handshake::Closed;
        };
        let error = match shake(stream, config, &name).await {
            Ok(stream) => {
                let version = stream.get_ref().1.protocol_version();
                return Handshake::Trusted(version.map_or("TLS", words));
            }
            Err(error) => error,
        };
        let Some(fault) = rustls_error(&error) else {
            return Handshake::Closed;
        };
        if let Some(fault) = Fault::of(fault) {
            return Handshake::Untrusted(fault, None);
        }
        match fault {
            rustls::Error::InvalidMessage(_) => Handshake::NotTls,
            // Caddy answers a name for which it has no certificate with the second.
            rustls::Error::AlertReceived(
                AlertDescription::UnrecognisedName | AlertDescription::InternalError,
            ) => Handshake::NameUnknown,
            other => Handshake::Refused(other.to_string()),
        }
    };
    tokio::time::timeout(limit, talk)
        .await
        .unwrap_or(Handshake::Silent)
}

/// The certificate (DER) that `address` shows, whatever it is worth; `None` if the handshake does not get so far.
pub async fn certificate(address: SocketAddr, host: &str, limit: Duration) -> Option<Vec<u8>> {
    let config = Arc::new(tls::lenient().ok()?);
    let name = name(host)?;
    let talk = async {
        let stream = tcp::connect(address, limit).await.ok()?;
        let stream = shake(stream, &config, &name).await.ok()?;
        let certificates = stream.get_ref().1.peer_certificates()?;
        Some(certificates.first()?.to_vec())
    };
    tokio::time::timeout(limit, talk).await.ok()?
}

/// Whether `address` answers a TLS hello in TLS, whatever its certificate is worth.
pub async fn is_spoken(address: SocketAddr, host: &str, limit: Duration) -> bool {
    let Ok(config) = tls::lenient() else {
        return false;
    };
    !matches!(
        once(address, host, &Arc::new(config), limit).await,
        Handshake::NotTls | Handshake::Closed | Handshake::Silent
    )
}

/// The name that a certificate must have: without the dot that may end a name.
fn name(host: &str) -> Option<ServerName<'static>> {
    let host = host.strip_suffix('.').unwrap_or(host);
    ServerName::try_from(host.to_owned()).ok()
}

const fn words(version: ProtocolVersion) -> &'static str {
    match version {
        ProtocolVersion::TLSv1_3 => "TLS 1.3",
        ProtocolVersion::TLSv1_2 => "TLS 1.2",
        _ => "TLS",
    }
}
