//! From a target and what is asked of it to strings: which port belongs to which transport, which login is meant.

use super::forms::Language;
use super::{Line, Login, Place, Refusal, line};
use crate::dsn::{Endpoint, Scheme, Target, Transport};
use crate::message::{Message, message};
use crate::tdengine::ports::{ADAPTER_PORT, HTTPS_PORT, NATIVE_PORT};

/// taosAdapter's port, taosd's, and that of TLS where none is named.
const PORTS: (u16, u16, u16) = (ADAPTER_PORT, NATIVE_PORT, HTTPS_PORT);

/// What is asked for.
#[derive(Debug)]
pub struct Ask {
    /// The server.
    pub target: Target,
    /// TLS, though the target does not say so.
    pub tls: bool,
    /// The database, before the target's.
    pub database: Option<String>,
    /// The login that strings get.
    pub login: Login,
}

/// What came of it for one language and transport.
#[derive(Debug)]
pub struct Answer {
    /// The language.
    pub language: &'static Language,
    /// The transport.
    pub transport: Transport,
    /// The string, or why there is none.
    pub outcome: Result<Line, Refusal>,
}

impl Ask {
    /// The string of `language` over `transport`. `named`: the transport was named, so a port without a scheme is its own.
    pub fn answer(&self, language: &'static Language, transport: Transport, named: bool) -> Answer {
        let place = self.place(transport, named);
        Answer {
            language,
            transport,
            outcome: line(language, transport, &place, &self.login),
        }
    }

    fn place(&self, transport: Transport, named: bool) -> Place {
        let tls = self.tls || self.target.scheme.is_some_and(Scheme::tls);
        let first = (self.target.host.clone(), self.target.port);
        let port = |(host, port): &Endpoint| {
            (
                host.clone(),
                port_for(self.target.scheme, *port, transport, named, tls),
            )
        };
        Place {
            hosts: std::iter::once(&first)
                .chain(&self.target.others)
                .map(port)
                .collect(),
            prefix: self.target.prefix.clone(),
            database: self
                .database
                .clone()
                .or_else(|| self.target.database.clone()),
            tls,
            config_dir: self.config_dir(transport).map(str::to_owned),
        }
    }

    /// The directory of the taos.cfg that a native string can name instead of a host.
    fn config_dir(&self, transport: Transport) -> Option<&str> {
        let target = &self.target;
        let is_used = transport == Transport::Native && target.host_assumed;
        let is_plain =
            |it: &&str| !it.contains(['(', ')', '@', '?']) && !it.chars().any(char::is_control);
        target
            .config_dir
            .as_deref()
            .filter(|_| is_used)
            .filter(is_plain)
    }

    /// Options of the target that no string takes over. `answers` are the strings.
    pub fn left_out(&self, answers: &[Answer]) -> Option<Message> {
        let target = &self.target;
        let mut names: Vec<_> = target
            .options
            .iter()
            .map(|option| option.name.as_str())
            .filter(|name| !name.eq_ignore_ascii_case("token"))
            .map(Message::quoted)
            .collect();
        names.extend(target.timezone.as_ref().map(|_| message!("url-timezone")));
        let keeps_dir =
            |it: &Answer| it.language.id == "go" && self.config_dir(it.transport).is_some();
        let config_dir = target.config_dir.as_ref();
        let config_dir = config_dir.filter(|_| !answers.iter().all(keeps_dir));
        names.extend(config_dir.map(|_| message!("url-config-dir")));
        (!names.is_empty()).then(|| message!("url-left-out", names = Message::joined(names, ", ")))
    }
}

/// The port for `transport` where the target names `port`: its own where the scheme is of its kind; a port without a scheme is
/// taosAdapter's unless it is 6030, as for `verify`, or the named transport's unless it is the other kind's default.
fn port_for(
    scheme: Option<Scheme>,
    port: Option<u16>,
    transport: Transport,
    named: bool,
    tls: bool,
) -> u16 {
    let (adapter, native, secure) = PORTS;
    let default = match transport {
        Transport::Native => native,
        _ if tls => secure,
        _ => adapter,
    };
    let wanted = transport == Transport::Native;
    match (scheme, port) {
        (_, None) => default,
        (Some(scheme), Some(port)) => {
            if (scheme.transport() == Transport::Native) == wanted {
                port
            } else {
                default
            }
        }
        (None, Some(port)) => match (wanted, named) {
            (true, true) if port == adapter => default,
            (true, true) => port,
            (true, false) if port == native => port,
            (true, false) => default,
            (false, _) if port == native => default,
            (false, _) => port,
        },
    }
}

#[cfg(test)]
mod tests;
