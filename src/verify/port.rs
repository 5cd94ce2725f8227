//! One port of a host and what was seen there. Every fact is asked for once, for the first transport that needs it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::{Mutex, OnceCell};

use crate::dsn::target::bracketed;
use crate::message::Message;
use crate::probe::Credentials;
use crate::probe::dns::{self, Dns};
use crate::probe::fingerprint::{self, Fingerprint};
use crate::probe::rest::Rest;
use crate::probe::tcp::{self, Tcp, millis};
use crate::probe::tls::{self, Handshake, Setup};
use crate::probe::wire::Way;
use crate::probe::ws::{self, Hello, Session};
use crate::system::tls::certificate_names::{CertificateNames, certificate_names};
use crate::verify::plan::TargetPlan;

/// The least time that a port which closes plain text is given to answer a TLS hello.
const HELLO: Duration = Duration::from_millis(300);

/// A fact and the milliseconds that it took.
#[derive(Debug)]
pub struct Timed<T> {
    /// Milliseconds.
    pub ms: u64,
    /// The fact.
    pub seen: T,
}

/// Runs `asking` and takes its time.
pub async fn timed<T>(asking: impl Future<Output = T>) -> Timed<T> {
    let begun = Instant::now();
    let seen = asking.await;
    Timed {
        ms: millis(begun),
        seen,
    }
}

/// One port of a host.
#[derive(Debug)]
pub struct Port {
    /// The host, without brackets.
    pub host: String,
    /// The port's number.
    pub number: u16,
    prefix: String,
    limit: Duration,
    patience: Duration,
    dns: Arc<OnceCell<Timed<Dns>>>,
    tcp: OnceCell<Timed<Tcp>>,
    who: Credentials,
    tls: Option<Arc<Setup>>,
    handshake: OnceCell<Timed<Handshake>>,
    fingerprint: OnceCell<Timed<Fingerprint>>,
    hello: OnceCell<Timed<(Hello, Mutex<Option<Session>>)>>,
}

impl Port {
    /// The port of the taosAdapter that `plan` asks; nothing is known about it.
    pub fn adapter(plan: &TargetPlan) -> Self {
        Self {
            tls: plan.tls.clone(),
            ..Self::plain(
                &plan.host,
                plan.adapter_port,
                &plan.prefix,
                plan.credentials(),
                plan.limit,
            )
        }
    }

    fn plain(host: &str, number: u16, prefix: &str, who: Credentials, limit: Duration) -> Self {
        Self {
            host: host.to_owned(),
            number,
            prefix: prefix.to_owned(),
            limit,
            patience: limit,
            dns: Arc::default(),
            tcp: OnceCell::new(),
            who,
            tls: None,
            handshake: OnceCell::new(),
            fingerprint: OnceCell::new(),
            hello: OnceCell::new(),
        }
    }

    /// Another port of the same host, spoken to in plain text: its name is resolved once for both. Whether it answers strangers is waited for no
    /// longer than `patience`.
    pub fn sibling(&self, number: u16, patience: Duration) -> Self {
        Self {
            patience: patience.min(self.limit),
            dns: Arc::clone(&self.dns),
            ..Self::plain(
                &self.host,
                number,
                &self.prefix,
                self.who.clone(),
                self.limit,
            )
        }
    }

    /// The host as it stands in URLs.
    pub fn bracketed_host(&self) -> String {
        bracketed(&self.host)
    }

    /// `host:port` as it stands in URLs.
    pub fn address(&self) -> String {
        format!("{}:{}", self.bracketed_host(), self.number)
    }

    /// The host's addresses.
    pub async fn dns(&self) -> &Timed<Dns> {
        let ask = || timed(dns::resolve(&self.host, self.limit));
        self.dns.get_or_init(ask).await
    }

    /// The URL of REST on this port.
    pub fn url(&self) -> String {
        let scheme = if self.secure() { "https" } else { "http" };
        format!("{scheme}://{}{}/rest/sql", self.address(), self.prefix)
    }

    /// Where the host's addresses will stand once they are known.
    pub fn names(&self) -> Arc<OnceCell<Timed<Dns>>> {
        Arc::clone(&self.dns)
    }

    /// What the addresses say to a connection.
    pub async fn tcp(&self) -> &Timed<Tcp> {
        let addresses = self.dns().await.seen.addresses();
        let ask = || timed(tcp::dial(&addresses, self.number, self.limit));
        self.tcp.get_or_init(ask).await
    }

    /// The address that accepts connections.
    pub async fn open(&self) -> Option<SocketAddr> {
        self.tcp().await.seen.open()
    }

    /// How the open address is spoken to; `None` where nothing accepts connections.
    pub async fn way(&self) -> Option<Way> {
        let open = self.open().await?;
        match &self.tls {
            Some(setup) => setup.way(open, &self.host),
            None => Some(Way::plain(open)),
        }
    }

    /// Whether TLS is asked for.
    pub const fn secure(&self) -> bool {
        self.tls.is_some()
    }

    /// The TLS handshake; `None` where nothing accepts connections, or plain text is asked for.
    pub async fn handshake(&self) -> Option<&Timed<Handshake>> {
        let setup = self.tls.as_deref()?;
        let open = self.open().await?;
        let ask = || timed(tls::ask(open, &self.host, setup, self.limit));
        Some(self.handshake.get_or_init(ask).await)
    }

    /// What the resolver said, if it was asked.
    pub fn known_dns(&self) -> Option<&Timed<Dns>> {
        self.dns.get()
    }

    /// What the addresses said, if they were connected to.
    pub fn known_tcp(&self) -> Option<&Timed<Tcp>> {
        self.tcp.get()
    }

    /// What came of the TLS handshake, if there was one.
    pub fn known_handshake(&self) -> Option<&Handshake> {
        self.handshake.get().map(|timed| &timed.seen)
    }

    /// The names in the certificate that the port shows, if TLS is asked for; a handshake of its own.
    pub async fn certificate(&self) -> Option<CertificateNames> {
        self.tls.as_ref()?;
        let open = self.open().await?;
        let certificate = tls::certificate(open, &self.host, self.limit).await?;
        certificate_names(&certificate)
    }

    /// Who answers plain text where TLS is asked for and not spoken.
    pub async fn in_plain(&self) -> Option<Fingerprint> {
        let way = Way::plain(self.open().await?);
        let host = self.address();
        Some(fingerprint::ask(&way, &host, &self.prefix, self.patience).await)
    }

    /// A REST client for the open address; `None` where nothing accepts connections. The complaint is about the client.
    pub async fn rest(&self) -> Option<Result<Rest, Message>> {
        let way = self.way().await?;
        Some(Rest::new(
            &way,
            &self.bracketed_host(),
            &self.prefix,
            &self.who,
        ))
    }

    /// Who answers; `None` where nothing accepts connections.
    pub async fn fingerprint(&self) -> Option<&Timed<Fingerprint>> {
        let way = self.way().await?;
        let host = self.address();
        // Over a long path an answer takes as long as the connection did.
        let patience = Duration::from_millis(self.tcp().await.ms.saturating_mul(4));
        let patience = patience.clamp(self.patience, self.limit);
        let hello = Duration::from_millis(self.tcp().await.ms.saturating_mul(8));
        let hello = hello.clamp(HELLO.min(self.limit), self.limit);
        let ask = || {
            timed(async {
                let seen = fingerprint::ask(&way, &host, &self.prefix, patience).await;
                let tls = seen == Fingerprint::Closed
                    && way.tls.is_none()
                    && tls::is_spoken(way.address, &self.host, hello).await;
                if tls { Fingerprint::Tls } else { seen }
            })
        };
        Some(self.fingerprint.get_or_init(ask).await)
    }

    /// The Upgrade, with the token where there is one, and the version; `None` where nothing accepts connections. The session goes to
    /// the first who takes it.
    pub async fn hello(&self) -> Option<&Timed<(Hello, Mutex<Option<Session>>)>> {
        let way = self.way().await?;
        let host = self.address();
        let ask = || {
            timed(async {
                let (hello, session) =
                    ws::open(&way, &host, &self.prefix, &self.who, self.limit).await;
                (hello, Mutex::new(session))
            })
        };
        Some(self.hello.get_or_init(ask).await)
    }
}
