//! One file a family of strings: a text to a [`Target`].

mod call;
mod decode;
mod go;
mod jdbc;
mod keyed;
mod settings;
mod url;

use super::Target;
use super::address;
use super::redact::is_secret;

/// Reads `text` by the family that its first words show.
pub(super) fn read(text: &str) -> Result<Target, String> {
    if text.chars().any(char::is_control) && text.trim().chars().any(char::is_control) {
        return Err("it holds a blank or a control character".into());
    }
    let text = assigned(unquoted(text.trim()))?;
    match call::split(text) {
        Some((function, arguments)) => call::read(function, arguments),
        None => string(text),
    }
}

/// Reads a string that is no call.
fn string(text: &str) -> Result<Target, String> {
    let plain = text.trim_end_matches([';', ',']).trim_end();
    if text.trim().is_empty() {
        return Err("it is empty".into());
    }
    if let Some(rest) = jdbc::strip(plain) {
        return jdbc::read(rest);
    }
    if let Some((word, rest)) = scheme_of(plain) {
        return url::read(word, rest);
    }
    if keyed::is_keyed(text) {
        return keyed::read(text);
    }
    if go::is_go(plain) {
        return go::read(plain);
    }
    bare(plain)
}

/// `text` without the quotes of a source file around it, and without the semicolon or comma after them.
fn unquoted(text: &str) -> &str {
    let bare = text.trim_end_matches([';', ',']).trim_end();
    ['"', '\'', '`']
        .into_iter()
        .find_map(|quote| {
            let inner = bare.strip_prefix(quote)?.strip_suffix(quote)?;
            (!inner.is_empty()).then_some(inner)
        })
        .unwrap_or(text)
}

/// The value, where `text` is a line of a shell or a .env file: `export NAME=VALUE`, NAME in capitals and with an underscore.
fn assigned(text: &str) -> Result<&str, String> {
    let line = text.strip_prefix("export ").unwrap_or(text).trim_start();
    let Some((name, value)) = line.split_once('=') else {
        return Ok(text);
    };
    let capital = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    if !name.contains('_') || !name.chars().all(capital) {
        return Ok(text);
    }
    if is_secret(name) {
        return Err("it sets a variable with a secret, and names no server".into());
    }
    Ok(unquoted(value.trim()))
}

/// The word before `://` and what follows, where the word can be a scheme.
fn scheme_of(text: &str) -> Option<(&str, &str)> {
    let (word, rest) = text.split_once("://")?;
    let plain = word
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || "+-._".contains(c));
    plain.then_some((word, rest))
}

/// A target without a scheme: no path, no credentials.
fn bare(text: &str) -> Result<Target, String> {
    if text.chars().any(char::is_whitespace) {
        return Err("it holds a blank or a control character".into());
    }
    if text.contains('@') {
        return Err(
            "credentials belong into TAOS_USER and TAOS_PASSWORD, or into a URL with its scheme"
                .into(),
        );
    }
    if text.contains(['/', '?', '#']) {
        return Err("a path needs a URL with its scheme: http://HOST:PORT/PATH".into());
    }
    if text.contains(',') {
        return Err("several hosts need a URL with its scheme: ws://HOST:PORT,HOST:PORT".into());
    }
    let (host, port) = address::host_and_port(text)?;
    Ok(Target {
        host,
        port,
        ..Target::default()
    })
}
