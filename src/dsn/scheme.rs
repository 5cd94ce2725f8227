//! The words before `://`, and what they ask for.

use super::Transport;

/// How a target is spoken to: the transport, and whether over TLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// `http://`: REST.
    Http,
    /// `https://`: REST over TLS.
    Https,
    /// `ws://`: WebSocket.
    Ws,
    /// `wss://`: WebSocket over TLS.
    Wss,
    /// `taos://`: the native protocol.
    Taos,
}

impl Scheme {
    /// The canonical word before `://`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
            Self::Ws => "ws",
            Self::Wss => "wss",
            Self::Taos => "taos",
        }
    }

    /// The transport that it asks for.
    pub const fn transport(self) -> Transport {
        match self {
            Self::Http | Self::Https => Transport::Rest,
            Self::Ws | Self::Wss => Transport::Ws,
            Self::Taos => Transport::Native,
        }
    }

    /// Whether it speaks TLS.
    pub const fn tls(self) -> bool {
        matches!(self, Self::Https | Self::Wss)
    }

    /// The scheme of `transport`, with TLS where `tls` says so and the transport can: native cannot.
    pub const fn of(transport: Transport, tls: bool) -> Self {
        match (transport, tls) {
            (Transport::Ws, false) => Self::Ws,
            (Transport::Ws, true) => Self::Wss,
            (Transport::Rest, false) => Self::Http,
            (Transport::Rest, true) => Self::Https,
            (Transport::Native, _) => Self::Taos,
        }
    }
}

/// What a URL's scheme word says besides the transport.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) scheme: Scheme,
    /// Only connectors read it: its path is the database, and without a host they take localhost. With the words of the web
    /// (`http`, `ws`) the path may as well be a prefix of a proxy.
    pub(super) connector: bool,
}

/// What `word` asks for, in any case: `DRIVER` or `DRIVER+PROTOCOL`, as the Rust connector's `Dsn` and Python's SQLAlchemy
/// dialects take them. `taos+http` is WebSocket: so say taos 0.12 and taosws (taos-ws `from_dsn`).
pub(super) fn word(word: &str) -> Option<Word> {
    let word = word.to_ascii_lowercase();
    let (driver, protocol) = match word.split_once('+') {
        Some((driver, protocol)) => (driver, Some(protocol)),
        None => (word.as_str(), None),
    };
    let (scheme, connector) = match (driver, protocol) {
        ("http", None) => (Scheme::Http, false),
        ("https", None) => (Scheme::Https, false),
        ("ws", None) => (Scheme::Ws, false),
        ("wss", None) => (Scheme::Wss, false),
        ("taos" | "tmq", None) => (Scheme::Taos, true),
        ("taos" | "tmq" | "taosws", Some("ws" | "http")) | ("taosws", None) => (Scheme::Ws, true),
        ("taos" | "tmq" | "taosws", Some("wss" | "https")) | ("taoswss", None) => {
            (Scheme::Wss, true)
        }
        ("taosrest", None | Some("http")) => (Scheme::Http, true),
        ("taosrest", Some("https")) => (Scheme::Https, true),
        _ => return None,
    };
    Some(Word { scheme, connector })
}
