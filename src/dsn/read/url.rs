//! URLs, and the strings of the Rust, Python and Node.js connectors, which look like them:
//! `WORD://USER:PASSWORD@HOST:PORT,HOST:PORT/DATABASE?NAME=VALUE`.

use super::decode;
use super::settings::{self, Settings};
use crate::dsn::address::{self, host_and_port};
use crate::dsn::scheme::{self, Word};
use crate::dsn::{Scheme, Target};
use crate::message::{Message, message};
use crate::safety::secret::Secret;

/// The complaint if the credentials seem to contain an unencoded separator.
fn unencoded_separator() -> Message {
    message!("dsn-unencoded-separator")
}

/// Reads what stands before and after `://`.
pub(super) fn read(word: &str, rest: &str) -> Result<Target, Message> {
    let word = scheme::word(word).ok_or_else(|| message!("dsn-scheme"))?;
    if let Some((before, _)) = rest.rsplit_once('@')
        && before.contains(|c: char| c == '#' || c.is_whitespace())
    {
        return Err(message!("dsn-raw-hash"));
    }
    if rest.contains('#') {
        return Err(message!("dsn-fragment"));
    }
    if rest.chars().any(char::is_whitespace) {
        return Err(message!("dsn-blank"));
    }
    let authority = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, rest) = rest.split_at(authority);
    let (path, query) = match rest.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (rest, None),
    };
    let mut target = Target {
        scheme: Some(word.scheme),
        ..Target::default()
    };
    let (userinfo, hosts) = match authority.rsplit_once('@') {
        Some((userinfo, hosts)) => (Some(userinfo), hosts),
        None => (None, authority),
    };
    if let Some(userinfo) = userinfo {
        credentials(userinfo, &mut target)?;
    }
    if path.contains('@') {
        // The password holds a slash, and what stands before it only looks like a host.
        return Err(unencoded_separator());
    }
    locate(word, hosts, &mut target).map_err(|complaint| {
        if userinfo.is_some() || query.is_some_and(|query| query.contains('@')) {
            unencoded_separator()
        } else {
            complaint
        }
    })?;
    let mut found = Settings::default();
    if let Some(query) = query {
        settings::query(query, decode::percent, &mut target, &mut found)?;
    }
    if !found.others.is_empty() || found.endpoint.is_some() {
        // SQLAlchemy: taosws://user:password@/db?hosts=h1:6041,h2:6041
        settings::locate(&mut target, found.endpoint.take(), found.others);
    }
    place(word, path, &mut target)?;
    Ok(target)
}

/// User and password of `user:password`, percent-decoded.
fn credentials(userinfo: &str, target: &mut Target) -> Result<(), Message> {
    let (user, password) = match userinfo.split_once(':') {
        Some((user, password)) => (user, Some(password)),
        None => (userinfo, None),
    };
    target.user = match settings::user(&decode::percent(user)?)? {
        user if user.is_empty() => None,
        user => Some(user),
    };
    target.password = match password {
        Some(password) if !decode::is_placeholder(password) => {
            Some(Secret::new(decode::percent(password)?))
        }
        _ => None,
    };
    Ok(())
}

fn locate(word: Word, hosts: &str, target: &mut Target) -> Result<(), Message> {
    if !word.connector && !hosts.contains(',') {
        let (host, port) = host_and_port(hosts)?;
        (target.host, target.port) = (host, port);
        return Ok(());
    }
    let (first, others) = address::list(hosts)?;
    settings::locate(target, first, others);
    Ok(())
}

/// taosAdapter's own paths, and whether a segment behind them names a database.
const ENDPOINTS: [(&str, bool); 12] = [
    ("/rest/sql", true),
    ("/rest/ws", false),
    ("/rest/stmt", false),
    ("/rest/schemaless", false),
    ("/rest/tmq", false),
    ("/influxdb/v1/write", false),
    ("/opentsdb/v1/put/json", true),
    ("/opentsdb/v1/put/telnet", true),
    ("/prometheus/v1/remote_read", true),
    ("/prometheus/v1/remote_write", true),
    ("/-/ping", false),
    ("/ws", false),
];

/// The path before one of taosAdapter's own, and the database behind it; `None` if `path` has none of them.
fn around_endpoint(path: &str) -> Option<(&str, &str)> {
    ENDPOINTS.iter().find_map(|(endpoint, database)| {
        let at = path.rfind(endpoint)?;
        let behind = &path[at + endpoint.len()..];
        let name = behind.trim_matches('/');
        let ends = name.is_empty();
        let names = *database && behind.starts_with('/') && !name.contains('/');
        (ends || names).then_some((&path[..at], name))
    })
}

/// Decides what `path` is. Connectors take it for the database, and `ws://HOST/NAME` is the form of several of them. With the
/// words of the web a longer path, or one of `http://`, is what a proxy puts before taosAdapter's own paths.
fn place(word: Word, path: &str, target: &mut Target) -> Result<(), Message> {
    let web = !word.connector;
    let rest = matches!(word.scheme, Scheme::Http | Scheme::Https);
    if !web {
        target.database = settings::database(path.trim_matches('/'))?;
        return Ok(());
    }
    if let Some((before, database)) = around_endpoint(path) {
        if !database.is_empty() {
            target.database = settings::database(database)?;
        }
        target.prefix = prefix(before)?;
        return Ok(());
    }
    let one = !path.trim_matches('/').contains('/');
    if !rest && one {
        target.database = settings::database(path.trim_matches('/'))?;
        return Ok(());
    }
    target.prefix = prefix(path)?;
    Ok(())
}

/// The prefix that a path gives: without a slash at its end.
fn prefix(path: &str) -> Result<String, Message> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/-._~%!$&'()*+,;=:".contains(c);
    if !path.chars().all(plain) {
        return Err(message!("dsn-path"));
    }
    Ok(path.trim_end_matches('/').to_owned())
}
