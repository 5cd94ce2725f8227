//! TLS for everything that dials: whom this machine trusts, and why a server is not trusted. One configuration serves
//! downloads, REST and WebSocket.

pub mod fault;
mod verifier;

use std::path::Path;
use std::sync::Arc;

use rustls::ClientConfig;
use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use crate::error::{Error, ErrorId, Result, describe_io_error};
use crate::system::env_vars;
pub use fault::Fault;
use verifier::{Checking, Lenient};

/// The most bytes of a file of certificates that are read; the largest bundles have a tenth of it.
const CAP: u64 = 8 * 1024 * 1024;

/// What to do about a variable whose certificates cannot be read.
const VARIABLE_NEXT: &str = "set SSL_CERT_FILE to a file of certificates in PEM form, or unset it";

/// Whom a connection trusts.
#[derive(Clone, Debug, Default)]
pub struct Trust {
    /// Certificates that are trusted beside the system's.
    own: Vec<CertificateDer<'static>>,
}

impl Trust {
    /// The system's certificates, or those of `SSL_CERT_FILE` and `SSL_CERT_DIR` (beside the system's on Windows and macOS).
    /// Errors `file-unreadable` and `file-unparsable` where the system's own verifier would pass over the variable.
    pub fn of_this_machine() -> Result<Self> {
        let Some(path) = env_vars::SSL_CERT_FILE.get() else {
            return Ok(Self::default());
        };
        match certificates(path.as_ref(), VARIABLE_NEXT) {
            Ok(own) => Ok(Self { own }),
            // The verifier reads the variable itself, and trusts nobody where it cannot.
            Err(_) if cfg!(not(any(windows, target_os = "macos"))) => Ok(Self::default()),
            Err(error) => Err(error),
        }
    }

    /// The same, and the certificates in `file` (PEM, or one in DER). Errors `file-unreadable` and `file-unparsable`.
    pub fn with_file(mut self, file: &Path) -> Result<Self> {
        self.own.extend(certificates(
            file,
            "name a file of certificates in PEM form: --ca-cert FILE",
        )?);
        Ok(self)
    }

    /// A configuration that checks certificates. The complaint says what is wrong with this machine: nobody is trusted on it.
    pub fn strict(&self) -> std::result::Result<ClientConfig, String> {
        let provider = provider();
        let platform = rustls_platform_verifier::Verifier::new_with_extra_roots(
            self.own.iter().cloned(),
            Arc::clone(&provider),
        )
        .map_err(|error| match error {
            rustls::Error::General(words) => words,
            other => other.to_string(),
        })?;
        configuration(
            &provider,
            Arc::new(Checking::new(platform, self.own.clone())),
        )
    }
}

/// Why the certificates that `SSL_CERT_FILE` names are not trusted, where they cannot be read or parsed.
pub fn variable_fault() -> Option<Error> {
    let path = env_vars::SSL_CERT_FILE.get()?;
    certificates(path.as_ref(), VARIABLE_NEXT).err()
}

/// A configuration that takes any certificate: what is sent may be read by whoever stands between.
pub fn lenient() -> std::result::Result<ClientConfig, String> {
    let provider = provider();
    configuration(&provider, Arc::new(Lenient::new(Arc::clone(&provider))))
}

/// A configuration that trusts nobody: for plain http, where reading the system's certificates would only take time.
pub fn nobody() -> std::result::Result<ClientConfig, String> {
    Ok(ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth())
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

fn configuration(
    provider: &Arc<CryptoProvider>,
    verifier: Arc<dyn ServerCertVerifier>,
) -> std::result::Result<ClientConfig, String> {
    Ok(ClientConfig::builder_with_provider(Arc::clone(provider))
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth())
}

/// The certificates in `path`; at least one.
fn certificates(path: &Path, next: &str) -> Result<Vec<CertificateDer<'static>>> {
    let tried = || format!("read the certificates of {}", path.display());
    let failed = |id, observed: String| Error::new(id, tried(), observed, next);
    let about = std::fs::metadata(path).map_err(|error| {
        failed(
            ErrorId::FileUnreadable,
            describe_io_error(&error).to_string(),
        )
    })?;
    if !about.is_file() || about.len() > CAP {
        return Err(failed(
            ErrorId::FileUnparsable,
            "it is no file of certificates: a folder, a device, or more than 8 MiB".into(),
        ));
    }
    let bytes = std::fs::read(path).map_err(|error| {
        failed(
            ErrorId::FileUnreadable,
            describe_io_error(&error).to_string(),
        )
    })?;
    let pem: Vec<_> = CertificateDer::pem_slice_iter(&bytes)
        .filter_map(std::result::Result::ok)
        .collect();
    let found = if pem.is_empty() && bytes.first() == Some(&0x30) {
        vec![CertificateDer::from(bytes)]
    } else {
        pem
    };
    // Only what parses can be trusted; one that does not must not be passed over in silence.
    if found.is_empty()
        || found
            .iter()
            .any(|certificate| rustls::server::ParsedCertificate::try_from(certificate).is_err())
    {
        return Err(failed(
            ErrorId::FileUnparsable,
            "it holds no certificate that can be read (PEM, or one in DER)".into(),
        ));
    }
    Ok(found)
}
