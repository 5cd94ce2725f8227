//! TLS on the adapter's port, as taosAdapter's `ssl.enable` gives it.

use std::fmt;
use std::io;
use std::sync::Arc;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::{RootCertStore, ServerConfig};
use tokio_rustls::server::TlsStream;
use tokio_rustls::{TlsAcceptor, rustls};

/// The first byte of every TLS connection: a handshake record.
const HANDSHAKE: u8 = 0x16;
/// What Go's HTTP server, on which taosAdapter stands, says to plain HTTP on a TLS port (net/http, `badRequestError`).
const PLAIN_HTTP: &[u8] =
    b"HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n";

/// The certificate that a sandbox shows, and its key. Both are for tests; the caller makes them (with rcgen, say): trusted or
/// not, expired or not, for this name or another.
#[derive(Clone, PartialEq, Eq)]
pub struct TlsIdentity {
    /// The certificate and those that it was signed by, in PEM, its own first.
    pub certificates: String,
    /// Its private key, in PEM.
    pub key: String,
    /// The certificate of the authority, in PEM, from which clients must have a certificate of their own; `None`: they need
    /// none.
    pub clients: Option<String>,
}

impl fmt::Debug for TlsIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TlsIdentity").finish_non_exhaustive()
    }
}

impl TlsIdentity {
    /// What accepts TLS connections with this identity.
    ///
    /// # Errors
    /// The PEM texts hold no certificate or no key, or these do not fit each other.
    pub(crate) fn acceptor(&self) -> io::Result<Acceptor> {
        let invalid = |error: &dyn fmt::Display| {
            io::Error::new(io::ErrorKind::InvalidInput, error.to_string())
        };
        let chain = CertificateDer::pem_slice_iter(self.certificates.as_bytes())
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| invalid(&error))?;
        let key =
            PrivateKeyDer::from_pem_slice(self.key.as_bytes()).map_err(|error| invalid(&error))?;
        let provider = Arc::new(ring::default_provider());
        let clients = match &self.clients {
            None => WebPkiClientVerifier::no_client_auth(),
            Some(authority) => {
                let authority = CertificateDer::from_pem_slice(authority.as_bytes())
                    .map_err(|error| invalid(&error))?;
                let mut roots = RootCertStore::empty();
                roots.add(authority).map_err(|error| invalid(&error))?;
                WebPkiClientVerifier::builder_with_provider(roots.into(), Arc::clone(&provider))
                    .build()
                    .map_err(|error| invalid(&error))?
            }
        };
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(&[&rustls::version::TLS12, &rustls::version::TLS13])
            .and_then(|config| {
                config
                    .with_client_cert_verifier(clients)
                    .with_single_cert(chain, key)
            })
            .map_err(|error| invalid(&error))?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Acceptor(TlsAcceptor::from(Arc::new(config))))
    }
}

/// Accepts TLS connections.
#[derive(Clone)]
pub(crate) struct Acceptor(TlsAcceptor);

impl Acceptor {
    /// Shakes hands, or answers plain HTTP with the refusal of a TLS server; `None` if there is nothing to serve then.
    pub(crate) async fn accept(
        &self,
        mut stream: TcpStream,
    ) -> io::Result<Option<TlsStream<TcpStream>>> {
        let mut first = [0];
        if stream.peek(&mut first).await? == 0 {
            return Ok(None);
        }
        if first[0] == HANDSHAKE {
            return self.0.accept(stream).await.map(Some);
        }
        // The request is read, so that closing does not take the answer back.
        if stream.read(&mut [0; 64 * 1024]).await? > 0 {
            stream.write_all(PLAIN_HTTP).await?;
        }
        stream.shutdown().await?;
        Ok(None)
    }
}
