//! Which server a pasted text speaks of.

use crate::dsn::host_and_port;

/// A server, as far as it is known; the host is a name or an address that needs no quoting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Name or address, without brackets.
    pub host: String,
    /// The port that is named.
    pub port: Option<u16>,
    /// Where it was taken from.
    pub source: Source,
}

/// Where a place was taken from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// `--host`
    Option,
    /// The text.
    Text,
    /// `TAOS_HOST`
    Variable,
    /// Nowhere: localhost.
    Default,
}

/// Words that only a host follows.
const LEADS: [&str; 7] = [
    "lookup",
    "enotfound",
    "eai_again",
    "econnrefused",
    "unknownhostexception",
    "-h",
    "fqdn",
];
/// Words that a host may follow: one with a digit, a dot or a hyphen is taken for it.
const WEAK_LEADS: [&str; 5] = ["host", "hostname", "resolve", "server", "ip"];
/// What a quoted host follows: `HTTPConnectionPool(host='db', port=6041)`.
const ASSIGNED: [&str; 3] = ["host=", "hostname=", "server="];
/// Words that stand before a colon and a number that is no port.
const LABELS: [&str; 22] = [
    "code", "errno", "error", "err", "line", "status", "pid", "tid", "port", "id", "rc", "ret",
    "exit", "version", "client", "server", "os", "at", "row", "col", "column", "offset",
];
/// What a source file's or a library's name ends with: `TSDBJNIConnector.java:38`.
const FILES: [&str; 22] = [
    ".java", ".go", ".rs", ".py", ".c", ".h", ".cc", ".cpp", ".ts", ".js", ".cs", ".kt", ".php",
    ".lua", ".r", ".so", ".dll", ".log", ".cfg", ".jar", ".sh", ".scala",
];

/// The server that `text` names first among the surest: an address with a scheme, then `host:port`, then a name that a known
/// word leads. `None` where it names none.
pub fn in_text(text: &str) -> Option<Place> {
    let mut best: Option<(u8, Place)> = None;
    let mut port = None;
    let mut lead = String::new();
    let mut before = ["", ""];
    let separator = |c: char| {
        c.is_whitespace()
            || matches!(
                c,
                '"' | '\'' | '`' | '(' | ')' | ',' | ';' | '<' | '>' | '{' | '}' | '&' | '?' | '|'
            )
    };
    for word in text
        .split(separator)
        .filter(|word| !word.is_empty() && word.len() <= 512)
    {
        if let Some(candidate) = candidate(word, &lead)
            && best.as_ref().is_none_or(|(rank, _)| candidate.0 < *rank)
        {
            best = Some(candidate);
        }
        // curl's words: `Failed to connect to db port 6041`.
        if let ("port", ["to", name]) = (word, before)
            && !STOP_WORDS.contains(&name)
            && let Some(named) = place(name).filter(|named| named.port.is_none())
            && best.as_ref().is_none_or(|(rank, _)| *rank > 1)
        {
            best = Some((1, named));
        }
        before = [before[1], word];
        let bare = word.trim_start_matches(['[', ':']);
        let digits = word
            .strip_prefix(':')
            .or_else(|| word.strip_prefix("port="))
            .unwrap_or(if lead == "port" || lead == "-p" {
                bare
            } else {
                ""
            });
        if port.is_none() {
            port = number(digits.trim_end_matches([':', '.']));
        }
        lead = word
            .rsplit(['/', '.'])
            .next()
            .unwrap_or(word)
            .trim_end_matches([':', '='])
            .to_ascii_lowercase();
        let whole = word.to_ascii_lowercase();
        if word == "-h" || word == "-P" || ASSIGNED.contains(&whole.as_str()) {
            lead = whole;
        }
    }
    match best {
        Some((_, mut place)) => {
            place.port = place.port.or(port);
            Some(place)
        }
        None => port.map(|port| Place {
            host: String::new(),
            port: Some(port),
            source: Source::Text,
        }),
    }
}

/// What `word` may name, with its rank; `lead` is the word before it.
fn candidate(word: &str, lead: &str) -> Option<(u8, Place)> {
    // `10.0.0.5:51514->10.0.0.9:6041`: the far end.
    let word = word.rsplit("->").next().unwrap_or(word);
    if let Some((scheme, rest)) = word.split_once("://") {
        let known = scheme
            .rsplit([':', '+', '='])
            .next()
            .is_some_and(|scheme| scheme.len() <= 12 && !scheme.eq_ignore_ascii_case("file"));
        let authority = rest.split(['/', '#']).next()?;
        let authority = authority.rsplit('@').next()?.trim_end_matches([':', '.']);
        let place = place(authority)?;
        return (known && !is_documentation(&place.host)).then_some((0, place));
    }
    if let Some((key, value)) = word.split_once('=') {
        let key = key.trim_start_matches('-').to_ascii_lowercase();
        if ["host", "hostname", "server", "taos_host", "fqdn", "firstep"].contains(&key.as_str()) {
            return place(value).map(|place| (1, place));
        }
    }
    let trimmed = word
        .trim_end_matches(['.', ':', '!', '/'])
        .trim_start_matches('/');
    let unbracketed = match trimmed.strip_prefix('[') {
        Some(inner) if !inner.contains("]:") => inner.trim_end_matches(']').trim_start_matches('/'),
        _ => trimmed,
    };
    let place = place(unbracketed)?;
    let name = place.host.as_str();
    match place.port {
        Some(port)
            if port == 53 || LABELS.contains(&name) || is_file(name) || !likely(name, port) =>
        {
            None
        }
        Some(port) => Some((if matches!(port, 6030 | 6041) { 1 } else { 2 }, place)),
        None if name.len() < 2 || STOP_WORDS.contains(&name) || is_file(name) => None,
        None if ASSIGNED.contains(&lead) => Some((1, place)),
        None if LEADS.contains(&lead) => Some((3, place)),
        None if WEAK_LEADS.contains(&lead) && name.contains(|c: char| !c.is_ascii_alphabetic()) => {
            Some((4, place))
        }
        None => None,
    }
}

/// Words that follow a lead and are no host.
const STOP_WORDS: [&str; 16] = [
    "is", "not", "name", "and", "the", "to", "in", "on", "a", "for", "host", "of", "address",
    "fqdn", "with", "was",
];

fn is_file(name: &str) -> bool {
    FILES.iter().any(|ending| name.ends_with(ending))
}

/// Sites that texts point to for reading, not for connecting.
fn is_documentation(host: &str) -> bool {
    [
        "github.com",
        "docs.taosdata.com",
        "docs.tdengine.com",
        "docs.rs",
        "errors.edgesuite.net",
        "reactjs.org",
    ]
    .contains(&host)
}

/// A name without a dot needs a letter, and a port that no counter would be taken for.
fn likely(name: &str, port: u16) -> bool {
    port >= 1024 || port == 443 || port == 80 || name.parse::<std::net::IpAddr>().is_ok()
}

fn place(text: &str) -> Option<Place> {
    let (host, port) = host_and_port(text).ok()?;
    Some(Place {
        host,
        port,
        source: Source::Text,
    })
}

fn number(digits: &str) -> Option<u16> {
    let plain = (2..=5).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    digits.parse().ok().filter(|port| plain && *port >= 80)
}

#[cfg(test)]
mod tests;
