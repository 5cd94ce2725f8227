//! TLS for every connection: the certificates that this machine trusts, and the reason why a server is not trusted. One
//! configuration serves downloads, REST and WebSocket.

pub mod certificate_files;
pub mod certificate_names;
pub mod fault;
mod verifier;

use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, UnixTime};
use rustls::time_provider::TimeProvider;
use rustls::{ClientConfig, RootCertStore};

use crate::error::{Error, Result};
use crate::message::message;
use crate::system::env_vars;
pub use certificate_files::read_certificates;
use certificate_files::read_environment;
pub use fault::Fault;
use verifier::{Checking, Lenient};

/// The certificates that a connection trusts.
#[derive(Clone, Debug, Default)]
pub struct TlsTrust {
    /// Certificates that are trusted in addition to the system's.
    own: Vec<CertificateDer<'static>>,
    /// The certificates of `SSL_CERT_FILE` and `SSL_CERT_DIR`, which replace the system's.
    instead: Option<Vec<CertificateDer<'static>>>,
}

impl TlsTrust {
    /// Returns the system's certificates, or those of `SSL_CERT_FILE` and `SSL_CERT_DIR`; on Windows and macOS, those of
    /// `SSL_CERT_FILE` in addition to the system's. Elsewhere a variable that names no certificate leaves nothing to trust.
    ///
    /// # Errors
    /// On Windows and macOS `file-unreadable` and `file-unparsable`, if `SSL_CERT_FILE` cannot be read.
    pub fn of_this_machine() -> Result<Self> {
        if cfg!(not(any(windows, target_os = "macos"))) {
            return Ok(Self {
                own: Vec::new(),
                instead: read_environment(),
            });
        }
        match env_vars::SSL_CERT_FILE.get() {
            Some(path) => Ok(Self {
                own: read_certificates(path.as_ref(), message!("tls-variable-next"))?,
                instead: None,
            }),
            None => Ok(Self::default()),
        }
    }

    /// Adds the certificates in `file` (PEM, or one in DER).
    ///
    /// # Errors
    /// `file-unreadable` and `file-unparsable`.
    pub fn with_file(mut self, file: &Path) -> Result<Self> {
        self.own
            .extend(read_certificates(file, message!("tls-option-next"))?);
        Ok(self)
    }

    /// Returns a configuration that checks certificates, or the reason why this machine trusts none.
    pub fn strict(&self) -> std::result::Result<ClientConfig, String> {
        let provider = provider();
        let verifier = match &self.instead {
            None => self.platform_verifier(&provider)?,
            Some(roots) => self.verifier_of(roots, &provider)?,
        };
        let verifier = Checking::new(verifier, self.own.clone());
        configuration(&provider, Arc::new(verifier))
    }

    fn platform_verifier(
        &self,
        provider: &Arc<CryptoProvider>,
    ) -> std::result::Result<Arc<dyn ServerCertVerifier>, String> {
        let verifier = rustls_platform_verifier::Verifier::new_with_extra_roots(
            self.own.iter().cloned(),
            Arc::clone(provider),
        );
        match verifier {
            Ok(verifier) => Ok(Arc::new(verifier)),
            Err(rustls::Error::General(words)) => Err(words),
            Err(other) => Err(other.to_string()),
        }
    }

    /// The verifier of `roots` and of the user's own certificates.
    fn verifier_of(
        &self,
        roots: &[CertificateDer<'static>],
        provider: &Arc<CryptoProvider>,
    ) -> std::result::Result<Arc<dyn ServerCertVerifier>, String> {
        let mut store = RootCertStore::empty();
        store.add_parsable_certificates(self.own.iter().chain(roots).cloned());
        if store.is_empty() {
            return Err("No CA certificates were loaded from the system".into());
        }
        let verifier =
            WebPkiServerVerifier::builder_with_provider(Arc::new(store), Arc::clone(provider))
                .build()
                .map_err(|error| error.to_string())?;
        Ok(verifier)
    }
}

/// Returns the reason why the certificates of `SSL_CERT_FILE` are not trusted, if they cannot be read or parsed.
pub fn variable_fault() -> Option<Error> {
    let path = env_vars::SSL_CERT_FILE.get()?;
    read_certificates(path.as_ref(), message!("tls-variable-next")).err()
}

/// A configuration that takes any certificate: an attacker on the network can read what is sent.
pub fn lenient() -> std::result::Result<ClientConfig, String> {
    let provider = provider();
    configuration(&provider, Arc::new(Lenient::new(Arc::clone(&provider))))
}

/// A configuration that trusts no certificate: for plain http, where reading the system's certificates would only take time.
pub fn without_trust() -> std::result::Result<ClientConfig, String> {
    Ok(
        ClientConfig::builder_with_details(provider(), Arc::new(TlsClock))
            .with_safe_default_protocol_versions()
            .map_err(|error| error.to_string())?
            .with_root_certificates(rustls::RootCertStore::empty())
            .with_no_client_auth(),
    )
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

/// The system clock for TLS, which has no time before 1970: the library's own clock panics then.
#[derive(Debug)]
struct TlsClock;

impl TimeProvider for TlsClock {
    fn current_time(&self) -> Option<UnixTime> {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        since.ok().map(UnixTime::since_unix_epoch)
    }
}

fn configuration(
    provider: &Arc<CryptoProvider>,
    verifier: Arc<dyn ServerCertVerifier>,
) -> std::result::Result<ClientConfig, String> {
    Ok(
        ClientConfig::builder_with_details(Arc::clone(provider), Arc::new(TlsClock))
            .with_safe_default_protocol_versions()
            .map_err(|error| error.to_string())?
            .dangerous()
            .with_custom_certificate_verifier(verifier)
            .with_no_client_auth(),
    )
}
