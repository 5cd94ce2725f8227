//! One port of a host and what was seen there. Every fact is asked for once, whoever needs it first.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::{Mutex, OnceCell};

use crate::dsn::target::bracketed;
use crate::probe::dns::{self, Dns};
use crate::probe::fingerprint::{self, Fingerprint};
use crate::probe::tcp::{self, Tcp, millis};
use crate::probe::ws::{self, Hello, Session};

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
    fingerprint: OnceCell<Timed<Fingerprint>>,
    hello: OnceCell<Timed<(Hello, Mutex<Option<Session>>)>>,
}

impl Port {
    /// A port about which nothing is known.
    pub fn new(host: &str, number: u16, prefix: &str, limit: Duration) -> Self {
        Self {
            host: host.to_owned(),
            number,
            prefix: prefix.to_owned(),
            limit,
            patience: limit,
            dns: Arc::default(),
            tcp: OnceCell::new(),
            fingerprint: OnceCell::new(),
            hello: OnceCell::new(),
        }
    }

    /// Another port of the same host: its name is resolved once for both. Whether it answers strangers is waited for no
    /// longer than `patience`.
    pub fn sibling(&self, number: u16, patience: Duration) -> Self {
        Self {
            patience: patience.min(self.limit),
            dns: Arc::clone(&self.dns),
            ..Self::new(&self.host, number, &self.prefix, self.limit)
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

    /// Who answers; `None` where nothing accepts connections.
    pub async fn fingerprint(&self) -> Option<&Timed<Fingerprint>> {
        let open = self.open().await?;
        let host = self.address();
        let ask = || timed(fingerprint::ask(open, &host, &self.prefix, self.patience));
        Some(self.fingerprint.get_or_init(ask).await)
    }

    /// The Upgrade and the version; `None` where nothing accepts connections. The session goes to the first who takes it.
    pub async fn hello(&self) -> Option<&Timed<(Hello, Mutex<Option<Session>>)>> {
        let open = self.open().await?;
        let host = self.address();
        let ask = || {
            timed(async {
                let (hello, session) = ws::open(open, &host, &self.prefix, self.limit).await;
                (hello, Mutex::new(session))
            })
        };
        Some(self.hello.get_or_init(ask).await)
    }
}
