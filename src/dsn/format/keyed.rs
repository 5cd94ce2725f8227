//! Settings with semicolons: ADO.NET's and ODBC's. Neither decodes anything.

use super::{Login, Place, Refusal, Slot, encode};
use crate::dsn::Transport;
use crate::dsn::address::bracketed;
use crate::message::message;

/// TDengine.Connector's. It splits at every semicolon, garbles a value that holds a comma, and its base class reads quotes.
pub(super) fn ado(word: &str, place: &Place, login: &Login) -> Result<String, Refusal> {
    let (host, port) = place.first();
    // It writes ws://HOST:PORT by itself, and hands the host to libtaos as it is.
    let host = if word == "WebSocket" {
        bracketed(host)
    } else {
        host.to_owned()
    };
    let mut text = format!("protocol={word};host={host};port={port}");
    if place.tls {
        text += ";useSSL=true";
    }
    match login {
        Login::Password(user, password) => {
            let quotes = ['"', '\''];
            let fits = |text: &str| {
                !text.contains([';', ','])
                    && text.trim() == text
                    && !text.starts_with(quotes)
                    && !text.ends_with(quotes)
                    && !text.starts_with('=')
                    && !text.is_empty()
            };
            if !fits(user) || !password.text().is_none_or(fits) {
                return Err(Refusal::new(
                    message!("url-ado-splits"),
                    message!("url-ado-splits-instead"),
                ));
            }
            text += &format!(
                ";username={user};password={}",
                password.spelled(str::to_owned)
            );
        }
        Login::Token(token) => {
            plain_token(token, "TDengine.Connector")?;
            text += &format!(";token={}", token.spelled(str::to_owned));
        }
    }
    if let Some(database) = &place.database {
        text += &format!(";db={database}");
    }
    Ok(text)
}

/// The ODBC driver's, by its grammar: a URL first, then UID, PWD and DB of plain characters.
pub(super) fn odbc(
    driver: &str,
    transport: Transport,
    place: &Place,
    login: &Login,
) -> Result<String, Refusal> {
    let scheme = if place.tls { "https" } else { "http" };
    let mut text = format!("Driver={{{driver}}}");
    match (transport, login) {
        (Transport::Native, _) => {
            let (host, port) = place.first();
            if !host
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.')
            {
                return Err(Refusal::new(
                    message!("url-odbc-server"),
                    message!("url-odbc-server-instead"),
                ));
            }
            text += &format!(";SERVER={host}:{port}");
        }
        (_, Login::Token(token)) => {
            plain_token(token, "ODBC")?;
            text += &format!(
                ";URL={{{scheme}://{}?token={}}}",
                place.authority(),
                token.spelled(str::to_owned)
            );
        }
        (_, Login::Password(..)) => text += &format!(";URL={{{scheme}://{}}}", place.authority()),
    }
    if let Login::Password(user, password) = login {
        let fits = |text: &str| {
            !text.is_empty()
                && !text.contains(|c: char| c.is_whitespace() || "[]{}(),;?*=!@".contains(c))
                && !text.bytes().all(|b| b.is_ascii_digit())
        };
        if !fits(user) || !password.text().is_none_or(fits) {
            return Err(Refusal::new(
                message!("url-odbc-password"),
                message!("url-odbc-password-instead"),
            ));
        }
        text += &format!(";UID={user};PWD={}", password.spelled(str::to_owned));
    }
    if let Some(database) = &place.database {
        text += &format!(";DB={database}");
    }
    Ok(text)
}

fn plain_token(token: &Slot, reader: &str) -> Result<(), Refusal> {
    if token.text().is_some_and(|text| !encode::is_plain(text)) {
        return Err(Refusal::new(
            message!("url-token-not-decoded", reader = reader),
            message!("url-token-instead"),
        ));
    }
    Ok(())
}
