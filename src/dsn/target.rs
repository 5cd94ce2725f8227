//! A target as users name it: a host, a host and port, or a URL.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use percent_encoding::percent_decode_str;

use super::Transport;
use crate::secret::Secret;

/// The most bytes of a target that are looked at.
const LIMIT: usize = 2048;

/// How a URL says what it speaks.
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
    const ALL: [Self; 5] = [Self::Http, Self::Https, Self::Ws, Self::Wss, Self::Taos];

    /// The word before `://`.
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
}

/// A target, parsed. `Display` prints it in one canonical form, without credentials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// How it is spoken to; `None` for a bare host.
    pub scheme: Option<Scheme>,
    /// The name or address, without brackets.
    pub host: String,
    /// The port, where one is given.
    pub port: Option<u16>,
    /// The path that stands before taosAdapter's own, `/tdengine` or empty; never with a slash at its end.
    pub prefix: String,
    /// The database of a `taos://` URL.
    pub database: Option<String>,
    /// The user of a URL.
    pub user: Option<String>,
    /// The password of a URL.
    pub password: Option<Secret>,
}

impl Target {
    /// The host as it stands in URLs and beside a port: IPv6 in brackets.
    pub fn bracketed_host(&self) -> String {
        bracketed(&self.host)
    }
}

/// `host` with brackets where it is an IPv6 address.
pub fn bracketed(host: &str) -> String {
    if host.contains(':') {
        format!("[{host}]")
    } else {
        host.to_owned()
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(scheme) = self.scheme {
            write!(f, "{}://", scheme.as_str())?;
        }
        f.write_str(&self.bracketed_host())?;
        if let Some(port) = self.port {
            write!(f, ":{port}")?;
        }
        f.write_str(&self.prefix)?;
        if let Some(database) = &self.database {
            write!(f, "/{database}")?;
        }
        Ok(())
    }
}

impl FromStr for Target {
    type Err = String;

    /// Reads `HOST`, `HOST:PORT`, `[v6]`, `[v6]:PORT`, a bare IPv6 address, or a URL. The complaint never repeats what may
    /// be a password.
    fn from_str(text: &str) -> Result<Self, String> {
        if text.is_empty() {
            return Err("it is empty".into());
        }
        if text.len() > LIMIT {
            return Err(format!("it is longer than {LIMIT} bytes"));
        }
        if text.chars().any(|c| c.is_control() || c.is_whitespace()) {
            return Err("it holds a blank or a control character".into());
        }
        match text.split_once("://") {
            Some((scheme, rest)) => url(scheme, rest),
            None => bare(text),
        }
    }
}

/// A target without a scheme: no path, no credentials.
fn bare(text: &str) -> Result<Target, String> {
    if text.contains('@') {
        return Err(
            "credentials belong into TAOS_USER and TAOS_PASSWORD, or into a URL with its scheme"
                .into(),
        );
    }
    if text.contains(['/', '?', '#']) {
        return Err("a path needs a URL with its scheme: http://HOST:PORT/PATH".into());
    }
    let (host, port) = host_and_port(text)?;
    Ok(Target {
        scheme: None,
        host,
        port,
        prefix: String::new(),
        database: None,
        user: None,
        password: None,
    })
}

/// A target with a scheme.
fn url(scheme: &str, rest: &str) -> Result<Target, String> {
    let scheme = Scheme::ALL
        .into_iter()
        .find(|known| known.as_str().eq_ignore_ascii_case(scheme))
        .ok_or("its scheme is not one of http, https, ws, wss, taos")?;
    if rest.contains(['?', '#']) {
        return Err("options after ? or # are not understood".into());
    }
    let (authority, path) = match rest.find('/') {
        Some(at) => rest.split_at(at),
        None => (rest, ""),
    };
    let (userinfo, host) = match authority.rsplit_once('@') {
        Some((userinfo, host)) => (Some(userinfo), host),
        None => (None, authority),
    };
    let (user, password) = match userinfo {
        Some(userinfo) => credentials(userinfo)?,
        None => (None, None),
    };
    let (host, port) = host_and_port(host).map_err(|complaint| {
        if userinfo.is_some() {
            "its host or port makes no sense; percent-encode special characters of the password (/ is %2F, @ is %40)".into()
        } else {
            complaint
        }
    })?;
    let (prefix, database) = if scheme == Scheme::Taos {
        (String::new(), database(path)?)
    } else {
        (prefix(path)?, None)
    };
    Ok(Target {
        scheme: Some(scheme),
        host,
        port,
        prefix,
        database,
        user,
        password,
    })
}

/// User and password of `user:password`, percent-decoded.
fn credentials(userinfo: &str) -> Result<(Option<String>, Option<Secret>), String> {
    let decode = |text: &str| {
        percent_decode_str(text)
            .decode_utf8()
            .map(|text| text.into_owned())
            .ok()
            .filter(|text| !text.chars().any(char::is_control))
            .ok_or("its user or password is not percent-encoded UTF-8")
    };
    let (user, password) = match userinfo.split_once(':') {
        Some((user, password)) => (user, Some(decode(password)?)),
        None => (userinfo, None),
    };
    let user = decode(user)?;
    if user.contains(':') {
        return Err("its user holds a colon".into());
    }
    Ok((
        (!user.is_empty()).then_some(user),
        password.map(Secret::new),
    ))
}

/// The prefix that a path gives: the path without taosAdapter's own endpoints and without a slash at its end.
fn prefix(path: &str) -> Result<String, String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/-._~%!$&'()*+,;=:@".contains(c);
    if !path.chars().all(plain) {
        return Err("its path holds characters that a URL cannot hold".into());
    }
    let mut path = path.trim_end_matches('/');
    for endpoint in ["/rest/sql", "/rest/ws", "/ws"] {
        if let Some(prefix) = path.strip_suffix(endpoint) {
            path = prefix.trim_end_matches('/');
            break;
        }
    }
    Ok(path.to_owned())
}

/// The database that the path of a `taos://` URL names.
fn database(path: &str) -> Result<Option<String>, String> {
    let name = path.trim_matches('/');
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    match name {
        "" => Ok(None),
        name if name.len() <= 64 && name.chars().all(plain) => Ok(Some(name.to_owned())),
        _ => Err("its database is not a name of letters, digits and underscores".into()),
    }
}

/// Host and port of `HOST`, `HOST:PORT`, `[v6]`, `[v6]:PORT`, `v6`.
fn host_and_port(text: &str) -> Result<(String, Option<u16>), String> {
    if let Ok(address) = text.parse::<Ipv6Addr>() {
        return Ok((address.to_string(), None));
    }
    if let Some(rest) = text.strip_prefix('[') {
        let (address, after) = rest.split_once(']').ok_or("its [ has no ]")?;
        let address: Ipv6Addr = address
            .parse()
            .map_err(|_| "what stands between [ and ] is not an IPv6 address")?;
        let port = match after.strip_prefix(':') {
            Some(digits) => Some(port(digits)?),
            None if after.is_empty() => None,
            None => return Err("what follows ] is not :PORT".into()),
        };
        return Ok((address.to_string(), port));
    }
    let (name, digits) = match text.split_once(':') {
        Some((name, digits)) => (name, Some(digits)),
        None => (text, None),
    };
    if digits.is_some_and(|digits| digits.contains(':')) {
        return Err("an IPv6 address with a port is written [ADDRESS]:PORT".into());
    }
    let port = digits.map(port).transpose()?;
    Ok((host(name)?, port))
}

/// A port from 1 to 65535.
fn port(digits: &str) -> Result<u16, String> {
    let plain = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    match digits.parse() {
        Ok(port) if plain && port != 0 => Ok(port),
        _ => Err("its port is not a number from 1 to 65535".into()),
    }
}

/// A name as DNS and hosts files spell it, or an IPv4 address, in lower case.
fn host(name: &str) -> Result<String, String> {
    if let Ok(address) = name.parse::<Ipv4Addr>() {
        return Ok(address.to_string());
    }
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
            && !label.starts_with('-')
    };
    let relative = name.strip_suffix('.').unwrap_or(name);
    let digits_only = relative.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    if relative.len() > 253 || digits_only || !relative.split('.').all(label) {
        return Err("its host is neither a name nor an address".into());
    }
    Ok(name.to_ascii_lowercase())
}

/// `text` with what may be a password cut out, for messages about a target that did not parse.
pub fn redacted(text: &str) -> String {
    match text.rsplit_once('@') {
        Some((before, host)) => match before.split_once("://") {
            Some((scheme, _)) => format!("{scheme}://***@{host}"),
            None => format!("***@{host}"),
        },
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parsed(text: &str) -> String {
        match text.parse::<Target>() {
            Ok(target) => format!("{target} {:?}", target.user),
            Err(complaint) => format!("no: {complaint}"),
        }
    }

    #[test]
    fn forms() {
        for (text, shown) in [
            ("Localhost", "localhost None"),
            ("db.example:6041", "db.example:6041 None"),
            ("127.0.0.1:6030", "127.0.0.1:6030 None"),
            ("[::1]:6041", "[::1]:6041 None"),
            ("[::1]", "[::1] None"),
            ("fe80:0:0::1", "[fe80::1] None"),
            ("http://h:80/td/", "http://h:80/td None"),
            ("ws://h/a/b/ws", "ws://h/a/b None"),
            ("http://h/rest/sql", "http://h None"),
            ("WS://root:p%40ss@h:6041", "ws://h:6041 Some(\"root\")"),
            ("taos://u@h:6030/power", "taos://h:6030/power Some(\"u\")"),
        ] {
            assert_eq!(parsed(text), shown, "{text}");
        }
    }

    #[test]
    fn passwords_are_decoded_and_hidden() {
        let target: Target = "http://root:p%40s%2Fs:w@h".parse().unwrap();
        assert_eq!(
            target.password.as_ref().map(Secret::reveal),
            Some("p@s/s:w")
        );
        assert!(!format!("{target:?} {target}").contains("p@s"));
    }

    #[test]
    fn nonsense() {
        for text in [
            "",
            " ",
            "a b",
            "h:",
            "h:0",
            "h:65536",
            "h:+1",
            "h:1:2",
            "::1:x",
            "[::1",
            "[::1]x",
            "[h]:1",
            "-h",
            "a..b",
            "1.2.3",
            "256.1.1.1",
            "h/x",
            "u:p@h",
            "ftp://h",
            "http://",
            "http://h?token=x",
            "taos://h/a-b",
            "h\u{1b}[31m",
            "http://u%ff@h",
            "http://h/\u{202e}",
        ] {
            assert!(text.parse::<Target>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn complaints_hold_no_password() {
        for text in [
            "root:hunter2@h",
            "http://root:hun/ter2@h",
            "http://root:hunter2@h:x",
        ] {
            let complaint = text.parse::<Target>().unwrap_err();
            assert!(!complaint.contains("hunter2") && !redacted(text).contains("hunter2"));
        }
        assert_eq!(redacted("http://u:p@q@h:x"), "http://***@h:x");
    }

    proptest! {
        #[test]
        fn never_panics(text in any::<String>()) {
            let _ = text.parse::<Target>();
            let _ = redacted(&text);
        }

        #[test]
        fn print_then_parse(
            text in "((http|https|ws|wss)://)?([a-z][a-z0-9]{0,8}(\\.[a-z0-9]{1,5}){0,2}|\\[[0-9a-f]{1,4}::[0-9a-f]{1,4}\\]|10\\.[0-9]\\.[0-9]\\.7)(:[1-9][0-9]{0,3})?",
            path in "(/[a-z]{1,5}){0,3}",
        ) {
            let text = if text.contains("://") { text + &path } else { text };
            let target: Target = text.parse().unwrap();
            prop_assert_eq!(target.to_string().parse::<Target>(), Ok(target));
        }

        #[test]
        fn whatever_parses_prints_to_itself(text in "(taos|http|ws)?(://)?[a-z0-9.:@/\\[\\]%-]{1,24}") {
            if let Ok(mut target) = text.parse::<Target>() {
                target.user = None;
                target.password = None;
                prop_assert_eq!(target.to_string().parse::<Target>(), Ok(target));
            }
        }
    }
}
