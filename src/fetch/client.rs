//! HTTP clients, and what their errors come down to.

use std::error::Error as _;
use std::io;

use reqwest::Client;
use url::Url;

use super::address::{is_loopback, shown};
use super::limits::DownloadLimits;
use crate::error::{Error, ErrorId, Result, describe_io_error};
use crate::message::{Message, message};
use crate::safety::printable::printable;
use crate::system::proxy;
use crate::system::tls::fault::rustls_error;
use crate::system::tls::{self, Fault, TlsTrust};

/// One client a kind of address, made when it is needed.
#[derive(Debug, Default)]
pub(super) struct HttpClients([Option<Client>; 3]);

/// What an address needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum AddressKind {
    /// https: the system's certificates or `SSL_CERT_FILE` and `SSL_CERT_DIR`, and proxies.
    Https,
    /// Plain http elsewhere, which was allowed: proxies, but no certificates, which a bare machine may not have.
    Http,
    /// Plain http to this machine: neither.
    Loopback,
}

impl AddressKind {
    fn of(url: &Url) -> Self {
        match url.scheme() {
            "http" if is_loopback(url) => Self::Loopback,
            "http" => Self::Http,
            _ => Self::Https,
        }
    }
}

impl HttpClients {
    /// The client for `url`. Error `download-failed` without any certificates.
    pub(super) fn of(&mut self, url: &Url, limits: &DownloadLimits) -> Result<Client> {
        let kind = AddressKind::of(url);
        let slot = &mut self.0[kind as usize];
        match slot {
            Some(client) => Ok(client.clone()),
            None => Ok(slot.insert(build(kind, url, limits)?).clone()),
        }
    }
}

fn build(kind: AddressKind, url: &Url, limits: &DownloadLimits) -> Result<Client> {
    let builder = Client::builder()
        .dns_resolver(crate::system::resolver::SystemResolver)
        .user_agent(concat!("taos-setup/", env!("CARGO_PKG_VERSION")))
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(limits.connect)
        .read_timeout(limits.read);
    let failed = |why: Message| {
        let (observed, next) = with_variable(
            message!("fetch-https-unavailable", reason = why),
            message!("fetch-https-unavailable-next"),
        );
        let tried = message!("fetch-download", place = shown(url));
        Error::new(ErrorId::DownloadFailed, tried, observed, next)
    };
    let tls = match kind {
        AddressKind::Https => TlsTrust::of_this_machine()?.strict(),
        AddressKind::Http | AddressKind::Loopback => tls::without_trust(),
    };
    let builder =
        builder.tls_backend_preconfigured(tls.map_err(|why| failed(Message::quoted(why)))?);
    let builder = match kind {
        AddressKind::Https => builder.https_only(true),
        AddressKind::Http => builder,
        AddressKind::Loopback => builder.no_proxy(),
    };
    builder
        .build()
        .map_err(|error| failed(describe(&error, limits)))
}

/// The variable that sends requests for `url` to a proxy, where one does.
pub(super) fn proxy_variable(url: &Url) -> Option<&'static str> {
    match AddressKind::of(url) {
        AddressKind::Loopback => None,
        AddressKind::Http | AddressKind::Https => proxy::variable_for(url.as_str()),
    }
}

/// Why TLS itself failed, where it did: trying again changes nothing then.
pub(super) fn tls_fault(error: &reqwest::Error) -> Option<(Message, Message)> {
    let error = rustls_error(error.source()?)?;
    let (observed, next) = tls_words(error);
    Some(match Fault::of(error).is_some_and(is_untrusted) {
        true => with_variable(observed, next),
        false => (observed, next),
    })
}

/// `observed` and `next`, or the fault of the certificates that SSL_CERT_FILE names: its user expects that they are trusted.
fn with_variable(observed: Message, next: Message) -> (Message, Message) {
    match tls::variable_fault() {
        Some(fault) => {
            let observed = message!(
                "fetch-tls-variable",
                observed = observed,
                tried = fault.tried,
                reason = fault.observed
            );
            (observed, fault.next)
        }
        None => (observed, next),
    }
}

fn is_untrusted(fault: Fault) -> bool {
    matches!(
        fault,
        Fault::UnknownAuthority | Fault::SelfSigned | Fault::NobodyTrusted(_)
    )
}

fn tls_words(error: &rustls::Error) -> (Message, Message) {
    let elsewhere = message!("fetch-tls-elsewhere-next");
    let Some(fault) = Fault::of(error) else {
        let words = match error {
            rustls::Error::InvalidMessage(_) => message!("fetch-tls-not-spoken"),
            _ => message!("fetch-tls-failed", words = printable(&error.to_string())),
        };
        return (words, elsewhere);
    };
    match fault {
        Fault::UnknownAuthority | Fault::SelfSigned | Fault::NobodyTrusted(_) => (
            message!("fetch-tls-unknown-ca"),
            message!("fetch-tls-unknown-ca-next"),
        ),
        Fault::Expired(_) => (
            message!("fetch-tls-expired"),
            message!("fetch-tls-expired-next"),
        ),
        Fault::NotYetValid(_) => (
            message!("fetch-tls-not-yet-valid"),
            message!("fetch-tls-clock-next"),
        ),
        Fault::OtherHost(_) => (message!("fetch-tls-other-host"), elsewhere),
        Fault::Other(words) => (
            message!("fetch-tls-not-accepted", words = printable(&words)),
            elsewhere,
        ),
    }
}

/// Whether a proxy asks for credentials: trying again changes nothing then.
pub(super) fn is_proxy_login(error: &reqwest::Error) -> bool {
    // The client's own words (hyper-util, `TunnelError`).
    last_source(error).downcast_ref::<io::Error>().is_none()
        && last_source(error).to_string() == "tunnel error: proxy authorization required"
}

/// Describes a failed request.
pub(super) fn describe(error: &reqwest::Error, limits: &DownloadLimits) -> Message {
    if error.is_timeout() {
        return if error.is_connect() {
            let seconds = limits.connect.as_secs_f64().to_string();
            message!("fetch-connect-timeout", seconds = seconds)
        } else {
            let seconds = limits.read.as_secs_f64().to_string();
            message!("fetch-read-timeout", seconds = seconds)
        };
    }
    if is_proxy_login(error) {
        return message!("fetch-proxy-login");
    }
    let last = last_source(error);
    match last.downcast_ref::<io::Error>() {
        Some(error) if error.kind() == io::ErrorKind::ConnectionRefused => {
            message!("fetch-connection-refused")
        }
        // The resolver's words differ between C libraries.
        Some(error) if error.to_string().starts_with("failed to lookup address") => {
            message!("fetch-host-unknown")
        }
        Some(error) => describe_io_error(error),
        None => match last.to_string().as_str() {
            // The client's own words (hyper-util, `TunnelError`).
            "tunnel error: unsuccessful" => message!("fetch-proxy-refuses"),
            other => Message::quoted(printable(other)),
        },
    }
}

/// The innermost cause of `error`.
fn last_source(error: &reqwest::Error) -> &(dyn std::error::Error + 'static) {
    let mut last: &(dyn std::error::Error + 'static) = error;
    while let Some(source) = last.source() {
        last = source;
    }
    last
}

#[cfg(test)]
mod tests;
