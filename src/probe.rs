//! One file a check. A probe reports facts, never what to do about them; every wait is bounded by the time limit
//! that it is given.

pub mod answer_budget;
pub mod block;
pub mod control;
pub mod credentials;
pub mod dns;
pub mod endpoints;
pub mod fingerprint;
pub mod http;
pub mod http_date;
pub mod json;
pub mod load;
pub mod reply;
pub mod rest;
pub mod sql;
pub mod tcp;
pub mod tls;
pub mod wire;
pub mod write;
pub mod ws;

pub use credentials::Credentials;
pub use reply::Reply;

/// A check, in the words of reports and JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Check {
    /// Which client library there is, and whether it is whole.
    Library,
    /// The library loads and starts.
    Load,
    /// The version that the library says it has, against the server's.
    ClientVersion,
    /// The server that the configuration in effect names.
    Config,
    /// The host's name becomes addresses.
    Dns,
    /// A connection to the port.
    Tcp,
    /// The TLS handshake, where TLS is asked for.
    Tls,
    /// Who answers on the native port.
    Fingerprint,
    /// taosAdapter answers in its own protocol.
    Protocol,
    /// The login.
    Auth,
    /// The native login.
    Connect,
    /// The version that the server says it has.
    Version,
    /// A query that only taosd can answer.
    Query,
    /// Every dnode's advertised endpoint, resolved and dialled from here.
    Endpoints,
    /// The server's clock against this machine's.
    Clock,
    /// A row written, read back and taken away.
    Write,
    /// The connectors that the project in the current folder pins.
    Connector,
}

impl Check {
    /// The word for it in reports and JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Library => "library",
            Self::Load => "load",
            Self::ClientVersion => "client_version",
            Self::Config => "config",
            Self::Dns => "dns",
            Self::Tcp => "tcp",
            Self::Tls => "tls",
            Self::Fingerprint => "fingerprint",
            Self::Protocol => "protocol",
            Self::Auth => "auth",
            Self::Connect => "connect",
            Self::Version => "version",
            Self::Query => "query",
            Self::Endpoints => "endpoints",
            Self::Clock => "clock",
            Self::Write => "write",
            Self::Connector => "connector",
        }
    }
}
