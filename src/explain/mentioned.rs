//! Finds the server that a pasted text names. A host counts only in a connection string, with a TDengine port, or as the host
//! setting of a program: links, clients of a log, source files and durations are not servers.

use std::borrow::Cow;
use std::net::Ipv4Addr;

use super::normal::is_han;
use crate::dsn::host_and_port;

/// A server, as far as it is known; the host is a name or an address that needs no quoting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedServer {
    /// Name or address, without brackets.
    pub host: String,
    /// The port that is named.
    pub port: Option<u16>,
    /// Where it was taken from.
    pub origin: ServerOrigin,
}

/// Where a server was taken from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServerOrigin {
    /// `--host`
    Option,
    /// The text.
    Text,
    /// `TAOS_HOST`
    Variable,
    /// No place: localhost is assumed.
    Default,
}

/// Keys that a host is assigned to.
const KEYS: [&str; 9] = [
    "host",
    "hostname",
    "server",
    "taos_host",
    "firstep",
    "ip",
    "datasource",
    "td.connect.ip",
    "taos_first_ep",
];
/// Words that a name follows which the resolver does not know.
const UNRESOLVED: [&str; 6] = [
    "lookup",
    "enotfound",
    "eai_again",
    "unknownhostexception",
    "fqdn",
    "resolve",
];
/// What the names of source files and libraries end with: `TSDBJNIConnector.java:38`.
const FILES: [&str; 22] = [
    ".java", ".go", ".rs", ".py", ".c", ".h", ".cc", ".cpp", ".ts", ".js", ".cs", ".kt", ".php",
    ".lua", ".r", ".so", ".dll", ".log", ".cfg", ".jar", ".sh", ".scala",
];
/// Words that precede a colon and a number that is not a port.
const LABELS: [&str; 22] = [
    "code", "errno", "error", "err", "line", "status", "pid", "tid", "port", "id", "rc", "ret",
    "exit", "version", "client", "server", "os", "at", "row", "col", "column", "offset",
];
/// Words that follow a key or a lead and are not a host.
const STOP_WORDS: [&str; 28] = [
    "since",
    "because",
    "reason",
    "local",
    "is",
    "not",
    "name",
    "and",
    "the",
    "to",
    "in",
    "on",
    "a",
    "for",
    "host",
    "of",
    "address",
    "fqdn",
    "with",
    "was",
    "failed",
    "ip",
    "from",
    "null",
    "connection",
    "unable",
    "error",
    "list",
];
/// Paths that only taosAdapter serves.
const ADAPTER_PATHS: [&str; 7] = [
    "rest/",
    "ws",
    "influxdb/v1",
    "opentsdb/v1",
    "prometheus/v1",
    "-/ping",
    "rest",
];
/// The longest word that is looked at.
const LONGEST: usize = 512;

/// Returns whether `port` is one of TDengine's default ports: 6020 (TDengine 1), 6030 to 6049.
pub const fn is_server_port(port: u16) -> bool {
    matches!(port, 6020 | 6030..=6049)
}

/// Returns the first server that `text` names in its most certain form: a connection string, then a host setting or a TDengine
/// port. A port without a host gives an empty host.
pub fn in_text(text: &str) -> Option<NamedServer> {
    let mut best: Option<(u8, NamedServer)> = None;
    let mut port = None;
    let mut key = String::new();
    let mut of_shell = 0;
    let mut before = ["", ""];
    let mut is_of_pool = false;
    // A socket's two ends stay one word.
    let text = if text.contains("->") {
        Cow::Owned(text.replace("->", "→"))
    } else {
        Cow::Borrowed(text)
    };
    for word in words(&text) {
        let lower = word.to_ascii_lowercase();
        let found = candidate(word).or_else(|| {
            let named = assigned(word, &key, of_shell > 0)?;
            Some((1, named))
        });
        if let Some(found) = found
            && best.as_ref().is_none_or(|(rank, _)| found.0 < *rank)
        {
            best = Some(found);
            // Python: `HTTPSConnectionPool(host='index.example', port=443)`
            is_of_pool = before.iter().any(|word| word.ends_with("ConnectionPool"));
        }
        // curl's form: `Failed to connect to db port 6041`.
        if let Some(number) = number_after_port(word, &lower, &key)
            && port.is_none()
        {
            port = Some(number);
            if let ["to", name] = before
                && is_server_port(number)
                && let Some(named) = parse(name).filter(|named| named.port.is_none())
                && !STOP_WORDS.contains(&name)
                && best.as_ref().is_none_or(|(rank, _)| *rank > 1)
            {
                best = Some((1, named));
            }
        }
        // `telnet db 6041`, `nc -vz db 6041`
        let [probe, name] = before;
        if ["telnet", "nc", "-vz", "-zv", "-v", "-z", "-vuz"].contains(&probe)
            && let Ok(number) = word.parse::<u16>()
            && is_server_port(number)
            && let Some(named) = parse(name).filter(|named| named.port.is_none())
            && best.as_ref().is_none_or(|(rank, _)| *rank > 1)
        {
            best = Some((1, named));
            port = Some(number);
        }
        of_shell = if lower.ends_with("taos")
            || lower.ends_with("taos.exe")
            || lower.contains("taosdump")
            || lower.contains("taosbenchmark")
        {
            12
        } else {
            i32::max(of_shell - 1, 0)
        };
        if lower != "port" && key != "port" {
            before = [before[1], word];
        }
        key = if word == "-h" || word == "-P" {
            word.to_owned()
        } else {
            lower
        };
    }
    match best {
        // Package indexes, which pip asks, have these ports.
        Some((_, named))
            if is_of_pool && matches!(port, Some(80 | 443)) && !is_cloud(&named.host) =>
        {
            None
        }
        Some((_, mut named)) => {
            named.port = named.port.or(port);
            Some(named)
        }
        None => port
            .filter(|port| is_server_port(*port))
            .map(|port| NamedServer {
                host: String::new(),
                port: Some(port),
                origin: ServerOrigin::Text,
            }),
    }
}

/// Returns the host name that the text says cannot be resolved.
pub fn unresolved_name(text: &str) -> Option<String> {
    let mut lead = String::new();
    for word in words(text) {
        let trimmed = word.trim_end_matches(['.', ':', '!', ']']);
        let (key, value) = trimmed.rsplit_once(':').unwrap_or(("", trimmed));
        let follows = UNRESOLVED.contains(&lead.as_str())
            || UNRESOLVED.contains(&key.to_ascii_lowercase().as_str());
        if follows
            && !value.is_empty()
            && !STOP_WORDS.contains(&value.to_ascii_lowercase().as_str())
            && let Some(named) = parse(value)
            && named.port.is_none()
            && !value.starts_with("0.0")
            && named.host.len() > 1
        {
            return Some(named.host);
        }
        lead = word
            .rsplit(['/', '.'])
            .next()
            .unwrap_or(word)
            .trim_end_matches([':', '='])
            .to_ascii_lowercase();
    }
    None
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    let separator = |c: char| {
        c.is_whitespace()
            || matches!(
                c,
                '"' | '\''
                    | '`'
                    | '('
                    | ')'
                    | ','
                    | ';'
                    | '<'
                    | '>'
                    | '{'
                    | '}'
                    | '&'
                    | '|'
                    | '“'
                    | '”'
                    | '，'
                    | '。'
                    | '（'
                    | '）'
                    | '：'
                    | '；'
            )
            // A name is often written without a blank before the next Chinese word.
            || is_han(c)
    };
    text.split(separator)
        .filter(|word| !word.is_empty() && word.len() <= LONGEST)
}

/// Returns the number in `port=6041`, `port 6041` or ` :6041`.
fn number_after_port(word: &str, lower: &str, key: &str) -> Option<u16> {
    let digits = word
        .strip_prefix(':')
        .or_else(|| lower.strip_prefix("port="))
        .or_else(|| lower.strip_prefix("port:"))
        .or_else(|| (matches!(key, "port" | "-P" | "port=" | "port:")).then_some(word))?;
    let digits = digits
        .trim_start_matches(['[', ':'])
        .trim_end_matches([':', '.']);
    let plain = (2..=5).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    digits.parse().ok().filter(|port| plain && *port >= 80)
}

/// Returns the server of a connection string (rank 0) or of a host with a TDengine port (rank 1 or 2).
fn candidate(word: &str) -> Option<(u8, NamedServer)> {
    if let Some((left, right)) = word.split_once('→') {
        // A socket's two ends: the server's is the one with its port.
        return candidate(right).or_else(|| candidate(left.rsplit('=').next()?));
    }
    if let Some((scheme, rest)) = word.split_once("://") {
        return connection_string(scheme, rest).map(|named| (0, named));
    }
    let trimmed = word
        .rsplit(['@', '='])
        .next()
        .unwrap_or(word)
        .trim_end_matches(['.', ':', '!', '/', ']'])
        .trim_start_matches(['/', '[']);
    let trimmed = if trimmed.starts_with("::") || word.contains("[::") {
        word.rsplit('@').next()?.trim_matches('/')
    } else {
        trimmed
    };
    let trimmed = trimmed
        .strip_prefix("ep:")
        .or_else(|| trimmed.strip_prefix("to:"))
        .unwrap_or(trimmed);
    let authority = trimmed.split('/').next().unwrap_or(trimmed);
    let named = parse(authority)?;
    let port = named.port.filter(|port| is_server_port(*port))?;
    let host = named.host.as_str();
    let is_name = !host.is_empty()
        && !host.bytes().all(|byte| byte.is_ascii_digit())
        && !host.chars().all(|c| matches!(c, 'x' | 'X' | '.' | '-'))
        && host != "0.0.0.0"
        && !LABELS.contains(&host.to_ascii_lowercase().as_str())
        && !is_file(host);
    is_name.then_some((if matches!(port, 6030 | 6041) { 1 } else { 2 }, named))
}

/// Returns the server of `scheme://rest` if only a TDengine client has such a URL.
fn connection_string(scheme: &str, rest: &str) -> Option<NamedServer> {
    let scheme = scheme.rsplit(['=', '(']).next()?.to_ascii_lowercase();
    let last = scheme.rsplit([':', '+']).next()?;
    let first = scheme.trim_start_matches("jdbc:");
    let (authority, path) = match rest.find(['/', '?', '#']) {
        Some(at) => (&rest[..at], &rest[at + 1..]),
        None => (rest, ""),
    };
    let authority = authority
        .rsplit('@')
        .next()?
        .trim_end_matches([':', '.', ']']);
    let mut named = parse(authority)?;
    named.port = named.port.filter(|port| *port > 0);
    let of_driver = first.starts_with("taos");
    let of_adapter = matches!(last, "http" | "https" | "ws" | "wss" | "tcp")
        && (named.port.is_some_and(is_server_port)
            || ADAPTER_PATHS.iter().any(|known| {
                path.strip_prefix(known).is_some_and(|after| {
                    known.ends_with('/') || !after.starts_with(|c: char| c.is_alphanumeric())
                })
            })
            || is_cloud(&named.host));
    let is_host = !named
        .host
        .chars()
        .all(|c| matches!(c, 'x' | 'X' | '.' | '-'));
    ((of_driver || of_adapter) && is_host).then_some(named)
}

fn is_cloud(host: &str) -> bool {
    host.contains("cloud.") && (host.ends_with("tdengine.com") || host.ends_with("taosdata.com"))
}

/// Returns the host that a key such as `host=` or the shell's `-h` introduces.
fn assigned(word: &str, key: &str, of_shell: bool) -> Option<NamedServer> {
    let value = match word.split_once('=') {
        Some((name, value)) if is_host_key(name) && !value.is_empty() => value,
        _ => {
            let after_key = key.strip_suffix(['=', ':']).is_some_and(is_host_key)
                || matches!(key, "--host")
                || key == "-h" && of_shell;
            let bare = after_key.then_some(word);
            // `taos -hdb01`
            bare.or_else(|| {
                word.strip_prefix("-h")
                    .filter(|value| of_shell && !value.is_empty())
            })?
        }
    };
    let value = value.trim_end_matches(['.', ':', ']']);
    let named = parse(value)?;
    let host = named.host.as_str();
    let is_version = key.starts_with("server") && is_release(host);
    let is_host = host.len() > 1
        && !STOP_WORDS.contains(&host.to_ascii_lowercase().as_str())
        && !is_file(host)
        && !host.bytes().all(|byte| byte.is_ascii_digit())
        && !host.chars().all(|c| matches!(c, 'x' | 'X' | '.' | '-'))
        && !is_version;
    is_host.then_some(named)
}

/// Returns whether `host` is a version of TDengine, as in `Server: 3.3.7.5`, rather than an address.
fn is_release(host: &str) -> bool {
    let parts: Vec<&str> = host.trim_start_matches(['v', 'V']).split('.').collect();
    let are_numbers = parts.iter().all(|part| part.parse::<u8>().is_ok());
    (3..=4).contains(&parts.len()) && are_numbers && matches!(parts[0], "1" | "2" | "3")
}

fn is_host_key(name: &str) -> bool {
    let name = name.trim_start_matches('-').to_ascii_lowercase();
    let last = name.rsplit(['?', '[', '.']).next().unwrap_or(&name);
    KEYS.contains(&name.as_str()) || last == "host"
}

fn is_file(name: &str) -> bool {
    FILES.iter().any(|ending| name.ends_with(ending))
}

fn parse(text: &str) -> Option<NamedServer> {
    let (host, port) = host_and_port(text).ok()?;
    let host = match host.strip_prefix("0x") {
        Some(digits) => reversed_address(digits)?,
        None => host,
    };
    Some(NamedServer {
        host,
        port,
        origin: ServerOrigin::Text,
    })
}

/// Returns the address that TDengine 2 logs as a little-endian number: `0xe70200c0` is 192.0.2.231.
fn reversed_address(digits: &str) -> Option<String> {
    let number = u32::from_str_radix(digits, 16).ok()?;
    Some(Ipv4Addr::from(number.swap_bytes()).to_string())
}

#[cfg(test)]
mod tests;
