//! A target as users name it: a host, a host and port, a URL, or a connection string of any language.

use crate::message::{Message, message};
use std::fmt;
use std::str::FromStr;

use super::Endpoint;
pub use super::address::bracketed;
use super::{Scheme, read};
use crate::safety::secret::Secret;

/// The most bytes of a target that are looked at.
const LIMIT: usize = 2048;

/// A target, parsed. `Display` prints it in one canonical form, without credentials and options.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Target {
    /// How it is spoken to; `None` for a bare host, and for forms that leave it to the driver.
    pub scheme: Option<Scheme>,
    /// The name or address, without brackets.
    pub host: String,
    /// A connection string named no host: `host` is `localhost` (WebSocket and REST); native drivers ask the firstEp of taos.cfg.
    pub host_assumed: bool,
    /// The port, where one is given.
    pub port: Option<u16>,
    /// More hosts of the same cluster, each with its port where one is given.
    pub others: Vec<Endpoint>,
    /// The path that stands before taosAdapter's own, `/tdengine` or empty; never with a slash at its end.
    pub prefix: String,
    /// The database.
    pub database: Option<String>,
    /// The user.
    pub user: Option<String>,
    /// The password. `None` too where a placeholder stands for it, `${TAOS_PASSWORD}`.
    pub password: Option<Secret>,
    /// A token of TDengine Cloud. `None` too where a placeholder stands for it.
    pub token: Option<Secret>,
    /// A token that a server of 3.4 or later made for a user (`CREATE TOKEN`). `None` too if a placeholder is written for it.
    pub bearer: Option<Secret>,
    /// The connection's time zone, as it was written.
    pub timezone: Option<String>,
    /// The directory of the taos.cfg that the driver reads.
    pub config_dir: Option<String>,
    /// Every other option.
    pub options: Vec<Opt>,
}

/// An option that a connection string holds and that means nothing to a target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opt {
    /// Its name, as it was written.
    pub name: String,
    /// Its value; `None` where the name says that it is secret, or where it has none.
    pub value: Option<String>,
}

impl Target {
    /// The host as it stands in URLs and beside a port: IPv6 in brackets.
    pub fn bracketed_host(&self) -> String {
        bracketed(&self.host)
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let http = matches!(self.scheme, Some(Scheme::Http | Scheme::Https));
        if let Some(scheme) = self.scheme {
            // With ws:// alone a path may be a proxy's prefix.
            if self.database.is_some() && scheme.transport() == super::Transport::Ws {
                f.write_str("taos+")?;
            }
            write!(f, "{}://", scheme.as_str())?;
        }
        f.write_str(&self.bracketed_host())?;
        if let Some(port) = self.port {
            write!(f, ":{port}")?;
        }
        for (host, port) in &self.others {
            write!(f, ",{}", bracketed(host))?;
            if let Some(port) = port {
                write!(f, ":{port}")?;
            }
        }
        f.write_str(&self.prefix)?;
        match &self.database {
            Some(database) if http => write!(f, "/rest/sql/{database}"),
            Some(database) if self.scheme.is_some() => write!(f, "/{database}"),
            _ => Ok(()),
        }
    }
}

impl FromStr for Target {
    type Err = Message;

    /// Reads `HOST`, `HOST:PORT`, `[v6]`, `[v6]:PORT`, a bare IPv6 address, a URL, or a connection string: JDBC's, driver-go's,
    /// the Rust, Python and Node.js connectors', ADO.NET's, ODBC's, or a call of a connect function. Blanks and quotes around
    /// it and a semicolon after it are taken as pasted. The complaint says what it was taken for, and never repeats what may
    /// be a password. Takes time linear in the text's length, and never panics.
    fn from_str(text: &str) -> Result<Self, Message> {
        if text.trim().is_empty() {
            return Err(message!("dsn-empty"));
        }
        if text.len() > LIMIT {
            return Err(message!("dsn-too-long", limit = LIMIT));
        }
        read::read(text)
    }
}

#[cfg(test)]
mod tests;
