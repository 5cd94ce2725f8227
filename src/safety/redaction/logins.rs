//! User information: `SCHEME://USER:PASSWORD@HOST`, `USER:PASSWORD@NET(HOST:PORT)/` of driver-go, `USER:PASSWORD@HOST`.
//!
//! A password that is not percent-encoded can hold an `@`, a slash or a blank, so that the last `@` of the line ends it.

use std::ops::Range;

use super::{MASK, at_signs, values};

/// Networks before the parenthesis of driver-go's connection strings.
const NETS: [&str; 7] = ["ws(", "wss(", "http(", "https(", "tcp(", "cfg(", "net("];

/// The user under which repositories are served, who has no password.
const GIT: &str = "git";

/// Schemes of URLs, in lower case and without what follows a `+`. Another word before `://` may be a user, whose password
/// begins with two slashes.
const SCHEMES: [&str; 30] = [
    "amqp",
    "amqps",
    "docker",
    "file",
    "ftp",
    "git",
    "http",
    "https",
    "kafka",
    "ldap",
    "ldaps",
    "mongodb",
    "mqtt",
    "mqtts",
    "mysql",
    "oci",
    "odbc",
    "oss",
    "postgres",
    "postgresql",
    "redis",
    "rediss",
    "s3",
    "sftp",
    "socks",
    "socks4",
    "socks5",
    "ssh",
    "svn",
    "tcp",
];

/// Characters that end the host and port of a URL.
const AUTHORITY_ENDS: &str = "/?#\"'`<>;()|\\";

/// Adds the places of logins in `line` to `spans`.
pub(super) fn find(line: &str, spans: &mut Vec<Range<usize>>) {
    let last = at_signs::last(line);
    let mut first = None;
    for start in schemes(line) {
        let authority = authority(&line[start..]);
        let at = last.filter(|at| *at > start);
        if at.is_some_and(|at| holds_login(line, start, authority, at)) {
            first = Some(start);
            break;
        }
        if at.is_none()
            && let Some(colon) = false_port(authority)
        {
            // The password of `user:password`, and no host after it.
            let from = start + colon;
            let end = line[from..].find(char::is_whitespace);
            spans.push(from..end.map_or(line.len(), |end| from + end));
        }
    }
    let Some(last) = last else { return };
    let starts = [
        first,
        before_net(line),
        in_word(line),
        at_beginning(line, last),
    ];
    if let Some(start) = starts.into_iter().flatten().min()
        && start < last
        && !is_placeholder(&line[start..last])
    {
        spans.push(password(line, start, last));
    }
}

/// The password of the login `USER:PASSWORD` between `start` and `end`. A user without a password may be a token.
fn password(line: &str, start: usize, end: usize) -> Range<usize> {
    let colon = line[start..end].find(':');
    colon.map_or(start, |colon| start + colon + 1)..end
}

/// Where what follows `://` begins, for each scheme in `line`.
fn schemes(line: &str) -> impl Iterator<Item = usize> + '_ {
    line.match_indices("://")
        .filter(|(at, _)| line[..*at].ends_with(|c: char| c.is_ascii_alphanumeric()))
        .map(|(at, sign)| at + sign.len())
}

/// Whether `text`, which may end with `://`, ends with the scheme of a URL.
fn is_scheme(text: &str) -> bool {
    let text = text.strip_suffix("://").unwrap_or(text);
    let rest = text.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || "+-.".contains(c));
    let scheme = text[rest.len()..].to_ascii_lowercase();
    let name = scheme.split('+').next().unwrap_or_default();
    let tdengine = ["taos", "tmq", "ws"];
    SCHEMES.contains(&name)
        || tdengine.iter().any(|own| name.starts_with(own))
        || rest.to_ascii_lowercase().ends_with("jdbc:")
}

/// User information, hosts and ports at the beginning of `text`.
fn authority(text: &str) -> &str {
    let end = text.find(|c: char| c.is_whitespace() || AUTHORITY_ENDS.contains(c));
    &text[..end.unwrap_or(text.len())]
}

/// Whether the URL whose authority begins at `start` has a login before the `@` at `at`.
fn holds_login(line: &str, start: usize, authority: &str, at: usize) -> bool {
    if let Some((user, _)) = authority.split_once('@') {
        return user != GIT;
    }
    if false_port(authority).is_some() {
        return true;
    }
    let rest = &line[start..];
    let word = rest.find(char::is_whitespace).unwrap_or(rest.len());
    let next = rest[authority.len()..].chars().next();
    let Some(colon) = authority.find(':') else {
        // USER://'@HOST: no URL continues so.
        let path = next.is_none_or(|c| c.is_whitespace() || "/?#".contains(c));
        let url = path && is_scheme(&line[..start]);
        return !url && start + word > at && is_server(&line[at + 1..]);
    };
    let host = &authority[..colon];
    if (host.contains('.') || host == "localhost") && &line[start + authority.len()..at] == "/" {
        // A package in a registry, HOST:PORT/@SCOPE/NAME.
        return false;
    }
    // USER:12/3@HOST, USER:"1 2"@HOST: the password begins with what looks like a port, or is quoted.
    let no_port = colon + 1 == authority.len() && next.is_some_and(|c| !c.is_whitespace());
    no_port
        || start + word > at
        || is_beginning(line, start)
        || is_server(&line[at + 1..]) && !at_signs::begins_scope(line, at)
}

/// Whether `text` begins with a host and a port or a path.
fn is_server(text: &str) -> bool {
    let rest = text.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || "-_.".contains(c));
    let port = rest.strip_prefix(':').unwrap_or_default();
    rest.len() < text.len()
        && (rest.starts_with(['/', '(']) || port.starts_with(|c: char| c.is_ascii_digit()))
}

/// Whether only a name, a sign and quotes stand before the scheme that ends at `start`: the line is a connection string, and
/// no prose.
fn is_beginning(line: &str, start: usize) -> bool {
    let before = line[..start].trim_end_matches("://");
    let before = before.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || "+-.:".contains(c));
    let before = before.trim_matches(|c: char| c.is_whitespace() || "\"'`".contains(c));
    before.is_empty() || before.ends_with('=')
}

/// Where the text behind a colon begins that is not a port, as `PASSWORD` of `USER:PASSWORD`; `None` if all hosts of the list
/// have a port or none, or if the port is a placeholder.
fn false_port(authority: &str) -> Option<usize> {
    let mut start = 0;
    for host in authority.split(',') {
        if let Some(colon) = host.find(':')
            && !is_ipv6(host)
        {
            let port = host[colon + 1..].trim_end_matches(['.', ':', ']', '}']);
            let placeholder = port.is_empty()
                || port.starts_with(['$', '{', '%', '<'])
                || ["port", "xxxx"]
                    .iter()
                    .any(|word| port.eq_ignore_ascii_case(word));
            if !placeholder && !port.bytes().all(|b| b.is_ascii_digit()) {
                return Some(start + colon + 1);
            }
        }
        start += host.len() + 1;
    }
    None
}

fn is_ipv6(host: &str) -> bool {
    let literal = |c: char| c.is_ascii_hexdigit() || "[]:.".contains(c);
    let address = host.split('%').next().unwrap_or_default();
    host.matches(':').count() > 1 && address.chars().all(literal)
}

/// Where the login of driver-go's form begins: at the word that holds the line's first colon.
fn before_net(line: &str) -> Option<usize> {
    let net = line.rmatch_indices('@').find(|(at, _)| {
        let rest = &line[at + 1..];
        NETS.iter().any(|net| rest.starts_with(net))
    });
    let colon = line[..net?.0].find(':')?;
    Some(word_start(line, colon))
}

/// Where the first word `USER:PASSWORD@HOST` begins.
fn in_word(line: &str) -> Option<usize> {
    let mut from = 0;
    for word in line.split(char::is_whitespace) {
        let start = from;
        from += word.len();
        from += line[from..].chars().next().map_or(0, char::len_utf8);
        let mut signs = word.rmatch_indices('@').map(|(at, _)| at);
        let Some(at) = signs.find(|at| at_signs::may_end_login(line, start + at)) else {
            continue;
        };
        // A label in Chinese is not a user.
        let mut colons = word[..at].match_indices(':').map(|(colon, _)| colon);
        let is_user = |colon: &usize| !word[..*colon].ends_with(|c: char| !c.is_ascii());
        let Some(colon) = colons.find(is_user) else {
            continue;
        };
        // What is before was a label.
        let label = word[..colon]
            .rfind(':')
            .map_or(0, |label| start + label + 1);
        let from = word_start(line, start + colon).max(label);
        if !word[colon..].starts_with("://") {
            return Some(from);
        }
    }
    None
}

/// Where a login begins that begins the line and whose password holds a blank: `USER:PASS WORD@HOST`.
fn at_beginning(line: &str, last: usize) -> Option<usize> {
    let text = line.trim_start_matches(|c: char| c.is_whitespace() || "\"'`".contains(c));
    let start = line.len() - text.len();
    let colon = text.find(|c: char| !(c.is_ascii_alphanumeric() || "_-.".contains(c)))?;
    let behind = text[colon..].strip_prefix(':')?;
    let digits = behind.len()
        - behind
            .trim_start_matches(|c: char| c.is_ascii_digit())
            .len();
    let next = behind[digits..].chars().next()?;
    let number = digits > 0 && (next.is_whitespace() || ":,)".contains(next));
    let letter = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    let url = is_scheme(&text[..colon])
        && behind.strip_prefix("//").is_some_and(|host| {
            host.starts_with(|c: char| c.is_alphanumeric() || "[*_$%".contains(c))
        });
    let plain = next.is_whitespace() && digits == 0 || next == ':';
    let is_prose =
        plain && (at_signs::begins_scope(line, last) || is_git(&line[start + colon + 1..last]));
    let login = !number && !plain || is_server(&line[last + 1..]) && !is_prose;
    (letter && !url && login && start + colon < last).then_some(start)
}

/// Whether `text` is the user under which repositories are served.
fn is_git(text: &str) -> bool {
    text.trim() == GIT
}

/// Where the word begins that holds the byte at `at`.
fn word_start(line: &str, at: usize) -> usize {
    line[..at]
        .char_indices()
        .rev()
        .find(|(_, c)| c.is_whitespace() || "\"'`(=[,{<：，（“".contains(*c))
        .map_or(0, |(at, c)| at + c.len_utf8())
}

/// Whether the password of `login` is a variable, or masked already.
fn is_placeholder(login: &str) -> bool {
    let password = login.split_once(':').map_or("", |(_, password)| password);
    password == MASK || !password.is_empty() && values::placeholder(password) == password.len()
}

/// The places of what may be a secret in `text`, which is a single argument.
pub(super) fn find_in_argument(text: &str) -> Vec<Range<usize>> {
    let mut spans = Vec::new();
    // In USER:PASS://WORD, no scheme precedes the sign.
    let url = schemes(text).next().filter(|start| {
        let before = &text[..start - 3];
        !before.contains(':') || before.to_ascii_lowercase().contains("jdbc:")
    });
    if url.is_none()
        && let Some(rest) = text.strip_prefix("-p")
        && !rest.is_empty()
    {
        spans.push(2..text.len());
    }
    if let Some(open) = text.find(['(', '{'])
        && !text[..open].contains([':', '@', '='])
        && text[open..].contains(['"', '\'', '`'])
    {
        spans.push(open + 1..text.len());
    }
    let start = url.unwrap_or(0);
    match at_signs::last(text) {
        Some(at) => {
            let login = &text[start.min(at)..at];
            if !is_placeholder(login) && login != GIT {
                spans.push(password(text, start.min(at), at));
            }
        }
        None => {
            let rest = &text[start..];
            let end = rest.find(['/', '?', '#', ';', '=']);
            let drive = text
                .get(1..3)
                .is_some_and(|sign| [":\\", ":/"].contains(&sign));
            if !drive && let Some(from) = false_port(&rest[..end.unwrap_or(rest.len())]) {
                spans.push(start + from..text.len());
            }
        }
    }
    spans
}
