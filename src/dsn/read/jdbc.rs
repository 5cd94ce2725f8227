//! Java's, and R's over RJDBC: `jdbc:TAOS-WS://HOST:PORT,HOST:PORT/DATABASE?user=USER&password=PASSWORD`.
//!
//! As taos-jdbcdriver 3.7.9 reads it (`StringUtils.parseUrl`, `ConnectionParam.getParam`): the WebSocket and REST drivers decode
//! user and password as a form, the native one takes them as they are; the database is written in lower case.

use super::decode;
use super::settings::{self, Settings};
use crate::dsn::{Target, Transport, address};
use crate::message::{Message, message};

/// The prefixes and their transports. `TSDB` is the native driver's old name.
const PREFIXES: [(&str, Transport); 4] = [
    ("jdbc:TAOS-WS://", Transport::Ws),
    ("jdbc:TAOS-RS://", Transport::Rest),
    ("jdbc:TAOS://", Transport::Native),
    ("jdbc:TSDB://", Transport::Native),
];

/// What follows `jdbc:` in a text that begins so, and the whole text.
pub(super) fn strip(text: &str) -> Option<&str> {
    let head = text.get(..5)?;
    head.eq_ignore_ascii_case("jdbc:").then_some(text)
}

/// Reads a whole JDBC URL.
pub(super) fn read(text: &str) -> Result<Target, Message> {
    let (rest, transport) = PREFIXES
        .into_iter()
        .find_map(|(prefix, transport)| {
            let head = text.get(..prefix.len())?;
            head.eq_ignore_ascii_case(prefix)
                .then(|| (&text[prefix.len()..], transport))
        })
        .ok_or_else(|| message!("dsn-jdbc-prefix"))?;
    parts(rest, transport).map_err(|complaint| {
        message!(
            "dsn-reads-as-jdbc",
            transport = transport.localized_title(),
            complaint = complaint
        )
    })
}

/// Refuses a user or password that Java's `URLDecoder` throws at, so that no program could connect with it.
fn credentials_decode(query: &str) -> Result<(), Message> {
    let throws = query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .any(|(name, value)| {
            ["user", "password"].contains(&name) && !decode::all_percents_encode(value)
        });
    if throws {
        return Err(message!("dsn-jdbc-percent"));
    }
    Ok(())
}

fn parts(rest: &str, transport: Transport) -> Result<Target, Message> {
    let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (hosts, database) = place.split_once('/').unwrap_or((place, ""));
    let mut target = Target::default();
    if hosts.contains('@') {
        return Err(message!("dsn-jdbc-userinfo"));
    }
    let (first, others) = address::list(hosts)?;
    settings::locate(&mut target, first, others);
    let mut found = Settings::default();
    let decode = if transport == Transport::Native {
        decode::plain
    } else {
        credentials_decode(query)?;
        decode::form
    };
    settings::query(query, decode, &mut target, &mut found)?;
    if !database.is_empty() {
        target.database = settings::database(database.trim_end_matches('/'))?;
    }
    target.database = target.database.map(|name| name.to_ascii_lowercase());
    // The REST driver uses WebSocket if batchfetch is set.
    let transport = match transport {
        Transport::Rest if found.batch_fetch => Transport::Ws,
        other => other,
    };
    target.scheme = Some(settings::scheme(transport, &found));
    Ok(target)
}
