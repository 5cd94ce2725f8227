//! What files of variables, settings and programs put before a connection string: `export NAME=`, `spring.datasource.url=`,
//! `url: `, `String url = "`, `@"`.

use super::{is_whole, jdbc, keyed, scheme_of, unquoted};
use crate::dsn::scheme::word;
use crate::message::{Message, message};
use crate::safety::redaction::is_secret_option;

/// Letters that languages put right before a quote.
const LITERALS: [&str; 6] = ["@", "$", "$@", "@$", "f", "r"];

/// `text`, or the connection string that it gives to a name. What gives a secret to one is refused: it names no server.
pub(super) fn value(text: &str) -> Result<&str, Message> {
    let line = text.strip_prefix("export ").unwrap_or(text).trim_start();
    for (name, value) in [variable(line), setting(line), literal(text)]
        .into_iter()
        .flatten()
    {
        if !is_secret_option(name) {
            return Ok(value);
        }
        if !is_whole(value) {
            return Err(message!("dsn-secret-variable"));
        }
    }
    Ok(text)
}

/// `NAME=VALUE` of a shell or a .env file, NAME in capitals and with an underscore.
fn variable(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.split_once('=')?;
    let capital = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    (name.contains('_') && name.chars().all(capital)).then(|| (name, unquoted(value.trim())))
}

/// `NAME=VALUE` of a properties file or `NAME: VALUE` of YAML, where VALUE begins as a URL.
fn setting(line: &str) -> Option<(&str, &str)> {
    let (at, _) = line.char_indices().find(|(_, c)| "=:".contains(*c))?;
    let (name, value) = (line[..at].trim_end(), &line[at + 1..]);
    let plain = |c: char| c.is_ascii_alphanumeric() || "_.-".contains(c);
    let apart = line[at..].starts_with('=') || value.starts_with(' ');
    let value = unquoted(value.trim());
    let begins = jdbc::strip(value).is_some()
        || !keyed::is_keyed(line)
            && scheme_of(value).is_some_and(|(scheme, _)| word(scheme).is_some());
    (apart && begins && !name.is_empty() && name.chars().all(plain)).then_some((name, value))
}

/// The one text literal in a line of a program or of JSON: `String url = "…";`, `"url": "…"`, `@"…"`.
fn literal(text: &str) -> Option<(&str, &str)> {
    let line = text.trim_end_matches([';', ',']).trim_end();
    let quote = line.chars().next_back().filter(|c| "\"'`".contains(*c))?;
    let line = &line[..line.len() - 1];
    let (name, value) = line.rsplit_once(quote)?;
    let name = name.trim();
    let plain = |c: char| c.is_ascii_alphanumeric() || "_.-$@:=\"' \t".contains(c);
    let gives = name.ends_with(['=', ':']) || LITERALS.contains(&name);
    let own = keyed::is_keyed(text) && !is_whole(value);
    (gives && !own && !value.is_empty() && name.chars().all(plain)).then_some((name, value))
}
