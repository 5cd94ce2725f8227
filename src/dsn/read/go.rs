//! driver-go's: `USER:PASSWORD@NET(HOST:PORT)/DATABASE?NAME=VALUE`, read as its `ParseDSN` does: the last slash ends the address,
//! the last `@` before it the credentials, the first colon the user.

use super::settings::{self, Settings};
use super::{decode, scheme_of};
use crate::dsn::{Scheme, Target, address};
use crate::message::{Message, message};
use crate::safety::secret::Secret;

/// The words before the parenthesis, and their schemes. `cfg` names a folder of a taos.cfg.
const NETS: [(&str, Scheme); 7] = [
    ("ws", Scheme::Ws),
    ("wss", Scheme::Wss),
    ("http", Scheme::Http),
    ("https", Scheme::Https),
    ("tcp", Scheme::Taos),
    ("cfg", Scheme::Taos),
    ("net", Scheme::Taos),
];

/// Whether `text` has the form, or lacks only the slash that must follow the address.
pub(super) fn is_go(text: &str) -> bool {
    let (_, net) = text.rsplit_once('@').unwrap_or(("", text));
    let begins = net.split_once('(').is_some_and(|(word, _)| is_net(word));
    let whole = split(text).is_some_and(|(login, net, _)| {
        let word = net.split('(').next().unwrap_or_default();
        scheme_of(text).is_none()
            && if net.contains('(') {
                is_net(word)
            } else {
                login.is_some() && net.is_empty()
            }
    });
    whole || begins && scheme_of(text).is_none()
}

fn is_net(word: &str) -> bool {
    NETS.iter().any(|(known, _)| *known == word)
}

/// Credentials, net with address, and what follows the slash.
fn split(text: &str) -> Option<(Option<&str>, &str, &str)> {
    let slash = text.rfind('/')?;
    let (before, after) = text.split_at(slash);
    let (login, net) = match before.rsplit_once('@') {
        Some((login, net)) => (Some(login), net),
        None => (None, before),
    };
    // A folder holds slashes: cfg(/etc/taos)/db
    Some((login, net, &after[1..]))
}

/// Reads a whole string of the form.
pub(super) fn read(text: &str) -> Result<Target, Message> {
    parts(text).map_err(|complaint| message!("dsn-reads-as-go", complaint = complaint))
}

fn parts(text: &str) -> Result<Target, Message> {
    if let Some((_, after)) = text.rsplit_once(')') {
        if !after.starts_with('/') {
            return Err(message!("dsn-go-slash"));
        }
        if after.rfind('/') > after.find('?') && after.contains('?') {
            return Err(message!("dsn-go-last-slash"));
        }
    }
    let (login, net, rest) = split(text).ok_or_else(|| message!("dsn-go-slash"))?;
    let mut target = Target::default();
    if let Some(login) = login {
        let (user, password) = match login.split_once(':') {
            Some((user, password)) => (user, Some(password)),
            None => (login, None),
        };
        let user = settings::user(&decode::form_if_valid(user)?)?;
        target.user = (!user.is_empty()).then_some(user);
        target.password = match password {
            Some(text) if !decode::is_placeholder(text) && !text.is_empty() => {
                Some(Secret::new(decode::form_if_valid(text)?))
            }
            _ => None,
        };
    }
    let (word, address) = match net.split_once('(') {
        Some((word, address)) => (
            word,
            address
                .strip_suffix(')')
                .ok_or_else(|| message!("dsn-go-parenthesis"))?,
        ),
        None => (net, ""),
    };
    target.scheme = NETS
        .into_iter()
        .find_map(|(known, scheme)| (known == word).then_some(scheme));
    if word == "cfg" {
        target.config_dir = Some(decode::plain(address)?);
        settings::locate(&mut target, None, Vec::new());
    } else {
        if address.contains(',') {
            return Err(message!("dsn-go-one-host"));
        }
        let (first, _) = address::list(address)?;
        settings::locate(&mut target, first, Vec::new());
    }
    let (database, query) = rest.split_once('?').unwrap_or((rest, ""));
    target.database = settings::database(database)?;
    let mut found = Settings::default();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        // Of all values, only the token is not decoded.
        let decode = if name == "token" {
            decode::plain
        } else {
            decode::form_if_valid
        };
        settings::take(name, value, decode, &mut target, &mut found)?;
    }
    Ok(target)
}
