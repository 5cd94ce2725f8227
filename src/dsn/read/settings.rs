//! Settings by name, which every family has under slightly different names.

use super::decode;
use crate::dsn::address;
use crate::dsn::{Endpoint, Opt, Scheme, Target, Transport};
use crate::message::{Message, message};
use crate::safety::redaction::is_secret_option;
use crate::safety::secret::Secret;

/// How values are decoded.
pub(super) type Decode = fn(&str) -> Result<String, Message>;

/// What settings add to a target besides its fields.
#[derive(Debug, Default)]
pub(super) struct Settings {
    /// `useSSL` and its like.
    pub(super) tls: Option<bool>,
    /// `protocol`, for ADO.NET.
    pub(super) protocol: Option<String>,
    /// `url`, for ODBC and taosrest.
    pub(super) url: Option<String>,
    /// JDBC's `batchfetch`: REST's driver then speaks WebSocket.
    pub(super) batch_fetch: bool,
    /// Where the host was named.
    pub(super) endpoint: Option<Endpoint>,
    /// `port`, where it stands apart.
    pub(super) port: Option<u16>,
    /// More hosts.
    pub(super) others: Vec<Endpoint>,
}

/// Takes one setting, its name in any case, into `target` or `settings`. An empty value counts as missing.
pub(super) fn take(
    name: &str,
    value: &str,
    decode: Decode,
    target: &mut Target,
    settings: &mut Settings,
) -> Result<(), Message> {
    if name.chars().any(char::is_control) {
        return Err(message!("dsn-option-control"));
    }
    let secret = |value: &str| -> Result<Option<Secret>, Message> {
        if decode::is_placeholder(value) {
            return Ok(None);
        }
        decode(value).map(|value| Some(Secret::new(value)))
    };
    let lower = name.trim().to_ascii_lowercase();
    if value.is_empty() {
        if !lower.is_empty() {
            target.options.push(option(name, None));
        }
        return Ok(());
    }
    // ADO.NET writes some names with a blank or without it.
    match lower.replace([' ', '_'], "").as_str() {
        "user" | "username" | "uid" | "userid" => target.user = Some(user(&decode(value)?)?),
        "password" | "pass" | "pwd" => target.password = secret(value)?,
        "token" => {
            target.token = secret(value)?;
            if target.token.is_none() {
                target.options.push(option(name, None));
            }
        }
        "bearertoken" => {
            target.bearer = secret(value)?;
            target.options.push(option(name, None));
        }
        "db" | "database" | "dbname" => target.database = database(&decode(value)?)?,
        "timezone" | "connectiontimezone" => target.timezone = Some(decode(value)?),
        "cfgdir" | "configdir" | "config" => target.config_dir = Some(decode(value)?),
        "usessl" | "ssl" => settings.tls = Some(value.eq_ignore_ascii_case("true")),
        "batchfetch" => settings.batch_fetch = value.eq_ignore_ascii_case("true"),
        "protocol" => settings.protocol = Some(value.to_owned()),
        "url" => settings.url = Some(value.to_owned()),
        "host" | "server" | "ip" | "datasource" | "hosts" => {
            let (first, others) = address::list(value)?;
            settings.endpoint = first;
            settings.others = others;
        }
        "port" => settings.port = address::port(value.trim())?,
        _ => {
            let shown = if is_secret_option(&lower) {
                None
            } else {
                Some(decode(value)?)
            };
            target.options.push(option(name, shown));
        }
    }
    Ok(())
}

fn option(name: &str, value: Option<String>) -> Opt {
    Opt {
        name: name.trim().to_owned(),
        value,
    }
}

/// Takes the settings of a query: `name=value&…`. Text after a password without a `=` is the end of the password.
pub(super) fn query(
    text: &str,
    decode: Decode,
    target: &mut Target,
    settings: &mut Settings,
) -> Result<(), Message> {
    let mut after_password = false;
    for pair in text.split('&').filter(|pair| !pair.is_empty()) {
        let Some((name, value)) = pair.split_once('=') else {
            if after_password {
                return Err(message!("dsn-password-ampersand"));
            }
            take(pair, "", decode, target, settings)?;
            continue;
        };
        take(name, value, decode, target, settings)?;
        after_password = name.trim().eq_ignore_ascii_case("password");
    }
    Ok(())
}

/// Sets `target`'s host and port from the list `first` and `others`; localhost if the host is missing.
pub(super) fn locate(target: &mut Target, first: Option<Endpoint>, others: Vec<Endpoint>) {
    let (host, port) = first.unwrap_or_default();
    target.host_assumed = host.is_empty();
    target.host = if host.is_empty() {
        "localhost".into()
    } else {
        host
    };
    target.port = port;
    target.others = others;
}

/// The scheme of `transport` with the TLS that the settings ask for.
pub(super) fn scheme(transport: Transport, settings: &Settings) -> Scheme {
    Scheme::of(transport, settings.tls == Some(true))
}

/// A user's name: no colon, no control character.
pub(super) fn user(text: &str) -> Result<String, Message> {
    decode::plain(text)?;
    if text.contains(':') {
        return Err(message!("dsn-user-colon"));
    }
    Ok(text.to_owned())
}

/// The database that `name` names; none where it is empty.
pub(super) fn database(name: &str) -> Result<Option<String>, Message> {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    match name {
        "" => Ok(None),
        name if name.len() <= 64 && name.chars().all(plain) => Ok(Some(name.to_owned())),
        _ => Err(message!("dsn-database")),
    }
}
