//! How a port is spoken to: over TCP, with TLS around it or without.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::tcp;

/// A connection that bytes are read from and written to.
pub trait Io: AsyncRead + AsyncWrite + Send + Unpin + fmt::Debug {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin + fmt::Debug> Io for T {}

/// An open connection, with TLS or without.
pub type Wire = Box<dyn Io>;

/// An address and how it is spoken to.
#[derive(Clone, Debug)]
pub struct Way {
    /// The address.
    pub address: SocketAddr,
    /// TLS: the trusted certificates, and the name that the certificate must have. `None`: plain text.
    pub tls: Option<(Arc<ClientConfig>, ServerName<'static>)>,
}

impl Way {
    /// Plain text.
    pub const fn plain(address: SocketAddr) -> Self {
        Self { address, tls: None }
    }

    /// A connection within `limit`. The error says why there is none.
    pub async fn connect(&self, limit: Duration) -> io::Result<Wire> {
        let stream = tcp::connect(self.address, limit)
            .await
            .map_err(|dial| io::Error::from(dial.kind()))?;
        match &self.tls {
            None => Ok(Box::new(stream)),
            Some((config, name)) => Ok(Box::new(shake(stream, config, name).await?)),
        }
    }
}

/// TLS on an open connection.
pub(super) async fn shake(
    stream: TcpStream,
    config: &Arc<ClientConfig>,
    name: &ServerName<'static>,
) -> io::Result<TlsStream<TcpStream>> {
    TlsConnector::from(Arc::clone(config))
        .connect(name.clone(), stream)
        .await
}
