//! The use case of `uninstall` for clients of the store and of a prefix.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use crate::error::{Error, ErrorId, Result};
use crate::message::message;
use crate::safety::printable::{printable, printable_path};
use crate::store::{Client, LeftoverKind, Removal, Store};
use crate::system::events::EventSink;
use crate::tdengine::version::Request;

/// A client to remove.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UninstallChoice {
    /// The client in this directory of the store.
    Folder(String),
    /// The one client that the request admits.
    Client(Request),
}

/// Everything to remove.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UninstallRequest {
    /// These clients of the store.
    Clients(Vec<UninstallChoice>),
    /// The client that `install --prefix` put into this directory.
    Prefix(PathBuf),
}

/// The result of `uninstall`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UninstallOutcome {
    /// The clients, and what was removed and kept of each.
    pub removed: Vec<(Client, Removal)>,
    /// The current client now.
    pub current: Option<Client>,
    /// Whether another client, or none, was current before.
    pub has_moved: bool,
}

impl UninstallChoice {
    fn admits(&self, client: &Client) -> bool {
        match self {
            Self::Folder(name) => client.folder_name() == *name,
            Self::Client(request) => request.admits(client.version),
        }
    }
}

impl fmt::Display for UninstallChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(name) => f.write_str(name),
            Self::Client(request) => request.fmt(f),
        }
    }
}

impl FromStr for UninstallChoice {
    type Err = <Request as FromStr>::Err;

    fn from_str(text: &str) -> std::result::Result<Self, Self::Err> {
        match text.parse() {
            Ok(request) => Ok(Self::Client(request)),
            Err(_) if text.matches('-').count() >= 3 => Ok(Self::Folder(text.to_owned())),
            Err(error) => Err(error),
        }
    }
}

/// Removes what `request` names from `store`, or from its prefix.
///
/// # Errors
/// `nothing-installed`; `usage` if a choice admits several clients; `store-busy`; those of reading and writing the store.
pub fn uninstall(
    store: &Store,
    request: &UninstallRequest,
    events: &EventSink,
) -> Result<UninstallOutcome> {
    match request {
        UninstallRequest::Prefix(prefix) => {
            let client = store.client_in(prefix)?;
            // Two processes at one prefix take turns, as they do in the store.
            let _lock = store.lock("uninstall", events)?;
            let removal = client.remove_prefix()?;
            Ok(UninstallOutcome {
                removed: vec![(client, removal)],
                current: store.current()?,
                has_moved: false,
            })
        }
        UninstallRequest::Clients(choices) => {
            // Before the lock: nothing is created if nothing is installed. An interrupted removal is completed all the same.
            if let Err(error) = find_clients(store, choices) {
                let (left, _) = store.leftovers()?;
                if left.iter().any(|it| it.kind == LeftoverKind::Interrupted) {
                    store.lock("uninstall", events)?;
                }
                return Err(error);
            }
            let lock = store.lock("uninstall", events)?;
            let clients = find_clients(store, choices)?;
            let before = store.current()?;
            let mut removed = Vec::new();
            for client in clients {
                let removal = lock.uninstall(&client)?;
                removed.push((client, removal));
            }
            let current = store.current()?;
            Ok(UninstallOutcome {
                removed,
                has_moved: before != current,
                current,
            })
        }
    }
}

/// Finds the clients that `choices` name, each once. Errors: `nothing-installed`; `usage` if a choice admits several.
fn find_clients(store: &Store, choices: &[UninstallChoice]) -> Result<Vec<Client>> {
    let installed = store.installed()?;
    let mut clients: Vec<Client> = Vec::new();
    for choice in choices {
        let tried = message!("uninstall-tried", name = printable(&choice.to_string()));
        let mut admitted = installed.iter().filter(|client| choice.admits(client));
        let Some(client) = admitted.next() else {
            return Err(Error::new(
                ErrorId::NothingInstalled,
                tried,
                message!(
                    "uninstall-not-installed",
                    home = printable_path(store.home())
                ),
                message!("store-list-next"),
            ));
        };
        let others: Vec<String> = admitted.map(Client::folder_name).collect();
        if !others.is_empty() {
            let folder = client.folder_name();
            return Err(Error::new(
                ErrorId::Usage,
                tried,
                message!(
                    "uninstall-ambiguous",
                    clients = format!("{folder}, {}", others.join(", "))
                ),
                message!("uninstall-ambiguous-next", folder = folder),
            ));
        }
        if !clients.contains(client) {
            clients.push(client.clone());
        }
    }
    Ok(clients)
}
