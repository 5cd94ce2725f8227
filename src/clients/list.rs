//! The use case of `list`: the installed clients.

use std::path::PathBuf;

use crate::error::Result;
use crate::store::{Client, Receipt, Store, System, SystemReceipt};

/// The clients that are installed on this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstalledClients {
    /// The store's directory.
    pub home: PathBuf,
    /// The clients of the store.
    pub clients: Vec<(Client, Receipt)>,
    /// The current client.
    pub current: Option<Client>,
    /// The client that is installed for all users.
    pub system: Option<SystemClient>,
}

/// The client that is installed for all users.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SystemClient {
    /// Its record.
    pub receipt: SystemReceipt,
    /// Whether `use system` was chosen, so that it is used instead of a current client.
    pub is_current: bool,
}

/// Lists the clients of `store` and the one for all users.
///
/// # Errors
/// Those of reading the store: `file-unreadable`, `file-unparsable`.
pub fn list(store: &Store) -> Result<InstalledClients> {
    let installed = store.installed()?.into_iter();
    let clients = installed
        .map(|client| client.receipt().map(|receipt| (client, receipt)))
        .collect::<Result<Vec<_>>>()?;
    let is_current = store.uses_system()?;
    let receipt = System::of_this_machine().receipt()?;
    Ok(InstalledClients {
        home: store.home().to_path_buf(),
        clients,
        current: store.current()?,
        system: receipt.map(|receipt| SystemClient {
            receipt,
            is_current,
        }),
    })
}
