//! The use case of `list`: the installed clients.

use std::path::{Path, PathBuf};

use crate::error::{ErrorId, Result};
use crate::store::{Client, Receipt, Store, System, SystemReceipt};

/// The clients that are installed on this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstalledClients {
    /// The directory that was read: the store's, or a prefix.
    pub home: PathBuf,
    /// Whether that is a prefix.
    pub is_prefix: bool,
    /// The clients in it.
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
        is_prefix: false,
        clients,
        current: store.current()?,
        system: receipt.map(|receipt| SystemClient {
            receipt,
            is_current,
        }),
    })
}

/// Lists the client that `install --prefix` put into `prefix`: none or one.
///
/// # Errors
/// `usage` for a directory that cannot be a prefix; those of reading the record: `file-unreadable`, `file-unparsable`.
pub fn list_prefix(store: &Store, prefix: &Path) -> Result<InstalledClients> {
    let home = store.prefix(prefix)?;
    let clients = match store.client_in(prefix) {
        Ok(client) => vec![(client.clone(), client.receipt()?)],
        Err(error) if error.id == ErrorId::NothingInstalled => Vec::new(),
        Err(error) => return Err(error),
    };
    Ok(InstalledClients {
        home,
        is_prefix: true,
        clients,
        current: None,
        system: None,
    })
}
