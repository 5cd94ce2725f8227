//! One file a family of strings: a text to a [`Target`].

mod assignment;
mod call;
mod decode;
mod go;
mod jdbc;
mod keyed;
mod settings;
mod url;

use super::Target;
use super::address;
use crate::message::{Message, message};

/// Reads `text` by the family that its first words show.
pub(super) fn read(text: &str) -> Result<Target, Message> {
    if text.chars().any(char::is_control) && text.trim().chars().any(char::is_control) {
        return Err(message!("dsn-blank"));
    }
    // The quotes may stand around the value, or around the whole line.
    let text = unquoted(assignment::value(text.trim())?);
    let text = assignment::value(text)?;
    match call::split(text) {
        Some((function, arguments)) => call::read(function, arguments),
        None if call::is_arguments(text) => call::read_arguments(text),
        None => string(text),
    }
}

/// Reads a string that is not a call.
fn string(text: &str) -> Result<Target, Message> {
    let plain = text.trim_end_matches([';', ',']).trim_end();
    if text.trim().is_empty() {
        return Err(message!("dsn-empty"));
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

/// Whether `text` says by itself that it is a connection string, and no host alone.
fn is_whole(text: &str) -> bool {
    let plain = text.trim_end_matches([';', ',']).trim_end();
    scheme_of(plain).is_some()
        || jdbc::strip(plain).is_some()
        || keyed::is_keyed(text)
        || go::is_go(plain)
}

/// `text` without the quotes of a source file around it, and without the semicolon or comma after them.
fn unquoted(text: &str) -> &str {
    let bare = text.trim_end_matches([';', ',']).trim_end();
    [('"', '"'), ('\'', '\''), ('`', '`'), ('“', '”'), ('‘', '’')]
        .into_iter()
        .find_map(|(opening, closing)| {
            let inner = bare.strip_prefix(opening)?.strip_suffix(closing)?;
            (!inner.is_empty()).then_some(inner)
        })
        .unwrap_or(text)
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
fn bare(text: &str) -> Result<Target, Message> {
    if text.chars().any(char::is_whitespace) {
        return Err(message!("dsn-blank"));
    }
    if text.contains('@') {
        return Err(message!("dsn-credentials"));
    }
    if text.contains(['/', '?', '#']) {
        return Err(message!("dsn-path-scheme"));
    }
    if text.contains(',') {
        return Err(message!("dsn-hosts-scheme"));
    }
    let (host, port) = address::host_and_port(text)?;
    Ok(Target {
        host,
        port,
        ..Target::default()
    })
}
