//! Calls of a connect function, for what has no string.

use super::forms::Family;
use super::{Login, Place, Slot};
use crate::dsn::address::bracketed;

/// The call of the native connect function of C, PHP or Lua.
pub(super) fn native(family: Family, function: &str, place: &Place, login: &Login) -> String {
    let (host, port) = place.first();
    let (quote, getenv) = match family {
        Family::CallPhp => ('\'', "getenv"),
        Family::CallLua => ('"', "os.getenv"),
        _ => ('"', "getenv"),
    };
    let text = |text: &str| match family {
        Family::CallC => without_trigraphs(&literal(text, quote)),
        _ => literal(text, quote),
    };
    let (user, password) = match login {
        Login::Password(user, Slot::Variable(name)) => {
            (user.as_str(), format!("{getenv}({})", text(name)))
        }
        Login::Password(user, Slot::Value(secret)) => (user.as_str(), text(secret.reveal())),
        // Refused before: the native connection has no tokens.
        Login::Token(_) => ("", text("")),
    };
    let (host, user) = (text(host), text(user));
    let database = place.database.as_deref().map(text);
    match family {
        Family::CallPhp => {
            let database = database.map_or(String::new(), |name| format!(", {name}"));
            format!("{function}({host}, {port}, {user}, {password}{database})")
        }
        Family::CallLua => {
            let database = database.map_or(String::new(), |name| format!(", database={name}"));
            format!(
                "{function}{{host={host}, port={port}, user={user}, password={password}{database}}}"
            )
        }
        _ => {
            let database = database.unwrap_or_else(|| "NULL".into());
            format!("{function}({host}, {user}, {password}, {database}, {port})")
        }
    }
}

/// The call of Python's `taosrest.connect`.
pub(super) fn taosrest(place: &Place, login: &Login) -> String {
    let text = |text: &str| literal(text, '"');
    let value = |slot: &Slot| match slot {
        Slot::Variable(name) => format!("os.environ[{}]", text(name)),
        Slot::Value(secret) => text(secret.reveal()),
    };
    let (host, port) = place.first();
    let scheme = if place.tls { "https" } else { "http" };
    let address = format!("{scheme}://{}:{port}{}", bracketed(host), place.prefix);
    let login = match login {
        Login::Password(user, password) => {
            format!("user={}, password={}", text(user), value(password))
        }
        Login::Token(token) => format!("token={}", value(token)),
    };
    let database = match &place.database {
        Some(name) => format!(", database={}", text(name)),
        None => String::new(),
    };
    format!(
        "taosrest.connect(url={}, {login}{database})",
        text(&address)
    )
}

/// A literal of C in which no `??` begins a trigraph, which C11 replaces within literals too.
fn without_trigraphs(literal: &str) -> String {
    let mut out = String::new();
    for c in literal.chars() {
        if c == '?' && out.ends_with('?') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// `text` as a literal of C, PHP, Lua or Python between `quote`s: without control characters, the backslash and the quote are
/// all that need an escape.
fn literal(text: &str, quote: char) -> String {
    let mut out = String::from(quote);
    for c in text.chars() {
        if c == '\\' || c == quote {
            out.push('\\');
        }
        out.push(c);
    }
    out.push(quote);
    out
}
