//! Settings with semicolons: ADO.NET's (`protocol=WebSocket;host=…;port=…;username=…;password=…`) and ODBC's
//! (`Driver={…};URL={http://…};UID=…;PWD=…`, `DSN=…;SERVER=HOST:PORT`).
//!
//! Values are taken as they are, without quotes' meaning: so does TDengine.Connector's `ConnectionStringBuilder`. ODBC's braces
//! are taken off.

use super::settings::{self, Settings};
use super::{decode, scheme_of, url};
use crate::dsn::{Scheme, Target, Transport};
use crate::message::{Message, message};

/// Names that begin a string of this family.
const NAMES: [&str; 14] = [
    "protocol", "host", "port", "username", "password", "user", "db", "database", "driver", "dsn",
    "url", "server", "uid", "pwd",
];

/// Names that only ODBC has.
const ODBC: [&str; 6] = ["driver", "dsn", "url", "server", "uid", "pwd"];

/// Whether `text` begins with `NAME=`, with a name of this family.
pub(super) fn is_keyed(text: &str) -> bool {
    text.split_once('=').is_some_and(|(name, _)| {
        let name = name.trim().replace(' ', "");
        NAMES.iter().any(|known| known.eq_ignore_ascii_case(&name))
            || ["token", "usessl", "timezone", "datasource", "userid"]
                .iter()
                .any(|known| known.eq_ignore_ascii_case(&name))
    })
}

/// Settings of ADO.NET and ODBC drivers that this program does not use. They may follow a password; another name there may be a part of
/// it, because a semicolon ends a password.
const UNUSED: [&str; 20] = [
    "autoreconnect",
    "charset",
    "commandtimeout",
    "connectiontimeout",
    "connmode",
    "conntimeout",
    "connecttimeout",
    "enablecompression",
    "maxpoolsize",
    "minpoolsize",
    "pooling",
    "poolsize",
    "readtimeout",
    "reconnectintervalms",
    "reconnectretrycount",
    "timeout",
    "userapp",
    "userip",
    "version",
    "writetimeout",
];

/// Reads a whole string of the family.
pub(super) fn read(text: &str) -> Result<Target, Message> {
    parts(text).map_err(|complaint| message!("dsn-reads-as-keyed", complaint = complaint))
}

fn parts(text: &str) -> Result<Target, Message> {
    let mut target = Target::default();
    let mut found = Settings::default();
    let mut odbc = false;
    let mut after_password = false;
    for pair in pairs(text) {
        let (name, value) = pair.split_once('=').ok_or_else(|| {
            if after_password {
                message!("dsn-password-semicolon")
            } else {
                message!("dsn-keyed-equals")
            }
        })?;
        let name = name.trim();
        let of_odbc = ODBC.iter().any(|known| known.eq_ignore_ascii_case(name));
        odbc |= of_odbc;
        let value = if of_odbc {
            braceless(value)
        } else if name.eq_ignore_ascii_case("useSSL") {
            // TDengine.Connector takes this one by Convert.ToBoolean, which blanks do not matter to.
            value.trim()
        } else {
            value
        };
        let options = target.options.len();
        settings::take(name, value, decode::plain, &mut target, &mut found)?;
        let bare = name.to_ascii_lowercase().replace([' ', '_'], "");
        let is_unknown = target.options.len() > options && !UNUSED.contains(&bare.as_str());
        if is_unknown && after_password {
            return Err(message!("dsn-password-semicolon"));
        }
        after_password = ["password", "pwd", "pass"].contains(&bare.as_str());
    }
    if let Some(address) = found.url.take() {
        let (word, rest) = scheme_of(&address).ok_or_else(|| message!("dsn-url-scheme"))?;
        return beside_url(url::read(word, rest)?, target);
    }
    let (first, others) = (found.endpoint.take(), std::mem::take(&mut found.others));
    settings::locate(&mut target, first, others);
    target.port = found.port.or(target.port);
    let transport = match found.protocol.as_deref() {
        Some(word) if word.eq_ignore_ascii_case("WebSocket") => Some(Transport::Ws),
        Some(word) if word.eq_ignore_ascii_case("Native") => Some(Transport::Native),
        Some(_) => return Err(message!("dsn-protocol")),
        // Without a protocol TDengine.Connector and the ODBC driver take the native connection.
        None if found.tls.is_some() || target.token.is_some() => Some(Transport::Ws),
        None => Some(Transport::Native),
    };
    if odbc && target.host_assumed {
        if target
            .options
            .iter()
            .any(|option| option.name.eq_ignore_ascii_case("dsn"))
        {
            return Err(message!("dsn-data-source"));
        }
        target.scheme = None;
        return Ok(target);
    }
    target.scheme = transport.map(|transport| settings::scheme(transport, &found));
    Ok(target)
}

/// What ODBC's URL says, with the settings beside it. The driver speaks WebSocket to it, whatever the word.
fn beside_url(url: Target, settings: Target) -> Result<Target, Message> {
    let tls = url.scheme.is_some_and(Scheme::tls);
    let mut options = settings.options;
    options.extend(url.options);
    let path = url.prefix.trim_matches('/');
    Ok(Target {
        scheme: Some(Scheme::of(Transport::Ws, tls)),
        user: settings.user.or(url.user),
        password: settings.password.or(url.password),
        token: settings.token.or(url.token),
        database: match (settings.database, url.database) {
            (Some(name), _) | (None, Some(name)) => Some(name),
            (None, None) => settings::database(path)?,
        },
        timezone: settings.timezone.or(url.timezone),
        config_dir: None,
        prefix: String::new(),
        options,
        ..url
    })
}

/// The parts between semicolons; one within braces does not part.
fn pairs(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut braces) = (0, false);
    for (at, c) in text.char_indices() {
        match c {
            '{' if text[..at].trim_end().ends_with('=') => braces = true,
            '}' => braces = false,
            ';' if !braces => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts.retain(|part| !part.trim().is_empty());
    parts
}

fn braceless(value: &str) -> &str {
    let trimmed = value.trim();
    match trimmed
        .strip_prefix('{')
        .and_then(|rest| rest.strip_suffix('}'))
    {
        Some(inner) => inner,
        None => value,
    }
}
