//! Which server a project is for (docs/decisions.md).

use super::InitRequest;
use crate::catalog::connectors::Transport;
use crate::error::{Error, ErrorId, Result};
use crate::message::{Message, message};
use crate::store::Store;
use crate::system::events::EventSink;
use crate::tdengine::version::Version;
use crate::verify::{self, Server};

/// The server's version as far as it is known, and notes about it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct KnownServer {
    pub(super) version: Option<Version>,
    /// It, if it was asked.
    pub(super) asked: Option<Server>,
    pub(super) notes: Vec<Message>,
}

/// The version in `--server`, or that of the server which it names; without it, of the server in `TAOS_HOST`.
pub(super) fn known(
    request: &InitRequest,
    transport: Transport,
    events: &EventSink,
) -> Result<KnownServer> {
    let named = request.server.as_deref();
    if let Some(named) = named {
        if let Some(version) = version(named) {
            return Ok(KnownServer {
                version: Some(version),
                asked: None,
                notes: Vec::new(),
            });
        }
        let server = verify::ask_and_wait(named, events).map_err(with_way_out)?;
        return Ok(KnownServer {
            version: Some(server.version),
            notes: vec![message!(
                "init-server-runs",
                target = server.target,
                version = server.version
            )],
            asked: Some(server),
        });
    }
    // The Cloud is another server than TAOS_HOST's.
    let named = match request.cloud {
        true => None,
        false => verify::server_of_variables().transpose(),
    };
    let Some(named) = named else {
        return Ok(installed_client(transport));
    };
    match named.and_then(|target| verify::ask_and_wait(&target, events)) {
        Ok(server) => Ok(KnownServer {
            version: Some(server.version),
            notes: vec![message!(
                "init-variable-runs",
                target = server.target,
                version = server.version
            )],
            asked: Some(server),
        }),
        Err(error) if error.id == ErrorId::Interrupted => Err(error),
        Err(error) => Ok(KnownServer {
            version: None,
            asked: None,
            notes: vec![message!("init-server-unknown", why = error.observed)],
        }),
    }
}

/// Returns the version of the current client, which native connections need the server to have; nothing for other transports.
fn installed_client(transport: Transport) -> KnownServer {
    if transport != Transport::Native {
        return KnownServer::default();
    }
    let current = Store::from_environment().and_then(|store| store.current());
    let Ok(Some(client)) = current else {
        return KnownServer::default();
    };
    KnownServer {
        version: Some(client.version),
        asked: None,
        notes: vec![message!("init-current-client", version = client.version)],
    }
}

fn with_way_out(error: Error) -> Error {
    if error.id == ErrorId::Interrupted {
        return error;
    }
    let own = message!("init-server-version");
    let next = if error.next.is_empty() {
        own
    } else {
        own.then(Message::quoted("\n")).then(error.next)
    };
    Error { next, ..error }
}

/// `text` as a version: one to four parts, of which the first is a single digit, so that an IPv4 address of a private network
/// or of this machine is none.
fn version(text: &str) -> Option<Version> {
    let mut parts = [0; 4];
    let words: Vec<_> = text.split('.').collect();
    if words.len() > parts.len() || words.first()?.len() != 1 {
        return None;
    }
    for (part, word) in parts.iter_mut().zip(words) {
        let digits = word.bytes().all(|byte| byte.is_ascii_digit());
        *part = word.parse().ok().filter(|it| digits && *it <= 9999)?;
    }
    Some(Version(parts))
}

#[cfg(test)]
mod tests;
