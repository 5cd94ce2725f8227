//! Calls of a connect function, where a language has no string: `taos_connect("h", "root", "…", "db", 6030)` of C,
//! `new TDengine\Connection('h', 6030, …)` of PHP, `taos.connect(host="h", …)` of Python, `connect{host="h", …}` of Lua; and calls
//! whose last text is a string of another family, as `sql.Open("taosWS", "…")`.

use super::settings::{self, Settings};
use super::{decode, is_whole, keyed, scheme_of, string, url};
use crate::dsn::{Scheme, Target, address};
use crate::message::{Message, message};
use crate::safety::secret::Secret;

/// The parameters of functions that take them by place, and whether the function may speak another transport than native.
const BY_PLACE: [(&str, [&str; 5]); 2] = [
    ("taos_connect", ["host", "user", "password", "db", "port"]),
    ("Connection", ["host", "port", "user", "password", "db"]),
];

/// An argument: its name where it has one, and its value.
struct Argument<'a> {
    name: Option<&'a str>,
    value: CallValue,
}

enum CallValue {
    Text(String),
    Number(String),
    /// A variable or a call, as `getenv("TAOS_PASSWORD")`.
    Unknown,
    /// `None`, `NULL` and the like.
    Nothing,
}

/// Function and arguments, where `text` is a call. The function's name keeps what stands before it, `conn = taos.`.
pub(super) fn split(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_end_matches([';', ',']).trim_end();
    let open = text.find(['(', '{'])?;
    let function = text[..open].trim_end();
    let plain = |c: char| c.is_ascii_alphanumeric() || "_.:\\>-=,*$ \t".contains(c);
    let named = function.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
    let inner = if text[open..].starts_with('(') {
        text[open + 1..].strip_suffix(')')?
    } else {
        text[open + 1..].strip_suffix('}')?
    };
    let call = named
        && function.chars().all(plain)
        && inner.contains(['"', '\'', '`'])
        && !keyed::is_keyed(text);
    call.then_some((function, inner))
}

/// Whether `text` is a list of Python's keyword arguments: `host="h", port=6041, user="root"`.
pub(super) fn is_arguments(text: &str) -> bool {
    keyed::is_keyed(text)
        && !text.contains(';')
        && split_arguments(text).is_ok_and(|list| {
            list.len() > 1
                && list.iter().all(|argument| argument.name.is_some())
                && list
                    .iter()
                    .any(|argument| matches!(argument.value, CallValue::Text(_)))
        })
}

/// Reads such a list. Which function it is for is not known, so every transport may be meant.
pub(super) fn read_arguments(text: &str) -> Result<Target, Message> {
    let target = parts("", "", text)
        .map_err(|complaint| message!("dsn-reads-as-arguments", complaint = complaint))?;
    Ok(Target {
        scheme: None,
        ..target
    })
}

/// Reads the call of `function` with `arguments`.
pub(super) fn read(function: &str, arguments: &str) -> Result<Target, Message> {
    let name = function
        .rsplit(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .next()
        .unwrap_or_default();
    parts(function, name, arguments).map_err(|complaint| {
        let name: String = name.chars().take(40).collect();
        message!("dsn-reads-as-call", name = name, complaint = complaint)
    })
}

fn parts(function: &str, name: &str, arguments: &str) -> Result<Target, Message> {
    let arguments = arguments.trim();
    let table = arguments
        .strip_prefix('{')
        .and_then(|rest| rest.strip_suffix('}'));
    let list = split_arguments(table.unwrap_or(arguments))?;
    let places = BY_PLACE
        .iter()
        .find_map(|(known, places)| (*known == name).then_some(places));
    let mut target = Target::default();
    let mut found = Settings::default();
    let mut texts = Vec::new();
    for (at, argument) in list.into_iter().enumerate() {
        let place = places.and_then(|places| places.get(at).copied());
        match (argument.name.or(place), argument.value) {
            // Port 0 is the driver's own, and 0 is NULL.
            (Some(_), CallValue::Number(text)) if text == "0" => {}
            (Some("host"), CallValue::Unknown) => {
                return Err(message!("dsn-call-host"));
            }
            (Some(name), CallValue::Text(text) | CallValue::Number(text)) => {
                take(name, &text, &mut target, &mut found)?;
            }
            (None, CallValue::Text(text)) => texts.push(text),
            _ => {}
        }
    }
    if !texts.is_empty() {
        return among(&texts, target);
    }
    if let Some(address) = found.url.take() {
        let (word, rest) = scheme_of(&address).unwrap_or(("http", &address));
        return Ok(beside(url::read(word, rest)?, target));
    }
    settings::locate(&mut target, found.endpoint.take(), found.others);
    target.port = found.port.or(target.port);
    target.scheme = if function.contains("taosrest") {
        Some(Scheme::Http)
    } else if function.contains("taosws") {
        Some(Scheme::Ws)
    } else if name == "taos_connect" && target.port == Some(crate::tdengine::ports::ADAPTER_PORT) {
        // taosAdapter's port: libtaos from 3.3.6 on speaks WebSocket to it, if its options say so.
        None
    } else {
        Some(Scheme::Taos)
    };
    Ok(target)
}

/// The target of the one among `texts` that is a connection string, with what is `given` beside it. Two texts behind it are user
/// and password, as `DriverManager.getConnection` takes them. A text alone may be a host; among others it may be a password.
fn among(texts: &[String], mut given: Target) -> Result<Target, Message> {
    let at = texts
        .iter()
        .rposition(|text| is_whole(text))
        .or((texts.len() == 1).then_some(0));
    let Some((text, behind)) = at
        .and_then(|at| texts.get(at..))
        .and_then(<[_]>::split_first)
    else {
        return Err(message!("dsn-call-none"));
    };
    match behind {
        [] => {}
        [user, password] => {
            given.user = Some(settings::user(user)?);
            given.password = Some(Secret::new(decode::plain(password)?));
        }
        _ => return Err(message!("dsn-call-unknown")),
    }
    Ok(beside(string(text)?, given))
}

/// A password of a literal is never a placeholder.
fn take(name: &str, text: &str, target: &mut Target, found: &mut Settings) -> Result<(), Message> {
    match name {
        "password" | "pass" => target.password = Some(Secret::new(decode::plain(text)?)),
        "token" => target.token = Some(Secret::new(decode::plain(text)?)),
        "host" if text.contains(':') && !text.starts_with('[') => {
            found.endpoint = Some(address::host_and_port(text)?);
        }
        _ => settings::take(name, text, decode::plain, target, found)?,
    }
    Ok(())
}

/// `whole` with what the other arguments say.
fn beside(whole: Target, given: Target) -> Target {
    let mut options = whole.options.clone();
    options.extend(given.options);
    Target {
        user: given.user.or(whole.user),
        password: given.password.or(whole.password),
        token: given.token.or(whole.token),
        database: given.database.or(whole.database),
        timezone: given.timezone.or(whole.timezone),
        config_dir: given.config_dir.or(whole.config_dir),
        options,
        ..whole
    }
}

/// The arguments between commas.
fn split_arguments(text: &str) -> Result<Vec<Argument<'_>>, Message> {
    let mut arguments = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let name = argument_name(rest);
        if let Some((_, after)) = name {
            rest = after.trim_start();
        }
        let (value, after) = argument_value(rest)?;
        arguments.push(Argument {
            name: name.map(|(name, _)| name),
            value,
        });
        let after = after.trim_start();
        rest = match after.strip_prefix(',') {
            Some(after) => after.trim_start(),
            None if after.is_empty() => after,
            None => return Err(message!("dsn-call-commas")),
        };
    }
    Ok(arguments)
}

/// `NAME=` or `NAME:` at the beginning, and what follows.
fn argument_name(text: &str) -> Option<(&str, &str)> {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_')?;
    let after = text[end..].trim_start();
    let value = after
        .strip_prefix('=')
        .or_else(|| after.strip_prefix(':'))?;
    (end > 0 && !value.starts_with(['=', ':'])).then_some((&text[..end], value))
}

/// A value at the beginning, and what follows.
fn argument_value(text: &str) -> Result<(CallValue, &str), Message> {
    if let Some(quote) = text.chars().next().filter(|c| "\"'`".contains(*c)) {
        let (value, after) = literal(&text[1..], quote)?;
        return Ok((CallValue::Text(value), after));
    }
    let mut depth = 0_usize;
    let mut quote = None;
    let mut end = text.len();
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (Some(open), _) if open == c => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'' | '`') => quote = Some(c),
            (None, '(' | '[' | '{') => depth += 1,
            (None, ')' | ']' | '}') => depth = depth.saturating_sub(1),
            (None, ',') if depth == 0 => {
                end = at;
                break;
            }
            _ => {}
        }
    }
    let word = text[..end].trim();
    let value = if !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit()) {
        CallValue::Number(word.to_owned())
    } else if ["NULL", "nullptr", "null", "None", "nil"].contains(&word) {
        CallValue::Nothing
    } else {
        CallValue::Unknown
    };
    Ok((value, &text[end..]))
}

/// A text literal whose opening quote is gone, its escapes undone, and what follows its end.
fn literal(text: &str, quote: char) -> Result<(String, &str), Message> {
    let mut value = String::new();
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        if c == quote {
            return Ok((value, &text[at + c.len_utf8()..]));
        }
        if c != '\\' {
            value.push(c);
            continue;
        }
        match chars.next() {
            Some((_, escaped)) if "\\\"'`$/?".contains(escaped) => value.push(escaped),
            _ => return Err(message!("dsn-call-escape")),
        }
    }
    Err(message!("dsn-call-quote"))
}
