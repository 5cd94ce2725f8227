//! Installed clients, side by side: `clients/EDITION-VERSION-PLATFORM/`, and `current`, which names one of them. Everything
//! that changes the store does so in a staging folder and one rename, under the store's lock.

mod change;
mod client;
mod current;
mod disk;
mod journal;
mod leftovers;
mod link_repair;
mod lock;
mod log_folder;
mod open_files;
mod own_catalog_file;
mod parts;
mod prefix;
mod program_cache;
mod receipt;
mod removal;
mod staging;
mod system;
mod trust;
mod unpacked_cache;
mod variables;
mod waiting;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;

use crate::error::{Error, ErrorId, Result, describe_io_error};
use crate::message::{Message, message};
use crate::safety::printable::printable_path;
use crate::safety::shell::quoted;
use crate::system::directory::{Directory, EntryType};
use crate::system::env_vars;
use crate::system::files::{self, TEXT_LIMIT, UnfitFile};
use crate::tdengine::platform::Platform;
use crate::tdengine::version::Request;

pub use client::Client;
pub use leftovers::{Leftover, LeftoverKind};
pub use lock::Lock;
pub use log_folder::may_write;
pub use own_catalog_file::AcceptedCatalog;
pub use parts::Parts;
pub use prefix::refused as prefix_refused;
pub use program_cache::ProgramPlace;
pub use receipt::{InstalledFile, InstalledLink, Receipt, Verified};
pub use removal::{Kept, Removal};
pub use staging::Staging;
pub use system::{
    Comes, Found, Goes, PlacedPath, Put, Swap, System, SystemChangeName, SystemReceipt,
};
pub use trust::{Trust, TrustedPackage};
pub use unpacked_cache::{CachedTree, CachedTreeContents, CachedTreeDraft};
pub use variables::{Value, Variable, resolved};
pub use waiting::{Attempt, Waiting};

/// The folder of the store that holds clients.
const CLIENTS: &str = "clients";
/// The folder of downloaded packages, by digest.
const DOWNLOADS: &str = "downloads";

/// The place where clients are installed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Store {
    home: PathBuf,
    log: PathBuf,
    downloads: PathBuf,
}

impl Store {
    /// The store that the environment names: `TAOS_SETUP_HOME`, else `taos-setup` in the platform's data folder, with the
    /// clients' logs in the platform's state folder. A path that a search path cannot hold is a usage error, because the
    /// driver could never be found there.
    pub fn from_environment() -> Result<Self> {
        let store = match env_vars::HOME.get() {
            Some(home) => {
                let home = PathBuf::from(home);
                let mut store = Self::at(absolute(&home)?);
                store.log = log_folder::of_this_user(store.log);
                store
            }
            None => Self::of_the_platform()?,
        };
        if std::env::join_paths([&store.home]).is_err() {
            return Err(Error::new(
                ErrorId::Usage,
                message!("store-find"),
                message!("store-unsearchable", home = printable_path(&store.home)),
                message!("store-unsearchable-next", variable = env_vars::HOME.name),
            ));
        }
        Ok(store)
    }

    /// The store that a client for every user is copied from: `TAOS_SETUP_HOME`, else a folder of the machine. Never one below
    /// HOME, which may be another user's under sudo. Errors as for [`Self::from_environment`].
    pub fn for_all_users() -> Result<Self> {
        match env_vars::HOME.get() {
            Some(_) => Self::from_environment(),
            None => Ok(System::of_this_machine().store()),
        }
    }

    /// The store in the platform's data folder.
    fn of_the_platform() -> Result<Self> {
        let folders = etcetera::base_strategy::choose_native_strategy().map_err(|_| {
            Error::new(
                ErrorId::FileUnreadable,
                message!("store-find"),
                message!("store-no-home"),
                message!("store-home-next", variable = env_vars::HOME.name),
            )
        })?;
        let data = folders.data_dir().join("taos-setup");
        let log = folders
            .state_dir()
            .map_or_else(|| data.clone(), |state| state.join("taos-setup"))
            .join("log");
        let downloads = folders.cache_dir().join("taos-setup").join(DOWNLOADS);
        // HOME itself may be relative, and what `env` prints has to hold in every folder.
        Ok(Self {
            home: absolute(&data)?,
            log: absolute(&log)?,
            downloads: absolute(&downloads)?,
        })
    }

    /// The store in `home`, an absolute path; the clients' logs go into its folder `log`.
    pub fn at(home: PathBuf) -> Self {
        let (log, downloads) = (home.join("log"), home.join(DOWNLOADS));
        Self {
            home,
            log,
            downloads,
        }
    }

    /// The store's own folder.
    pub fn home(&self) -> &Path {
        &self.home
    }

    /// The folder that the clients write their logs into. It may not exist yet.
    pub fn log_dir(&self) -> &Path {
        &self.log
    }

    /// The folder that keeps downloaded packages. It may not exist.
    pub fn downloads_dir(&self) -> &Path {
        &self.downloads
    }

    fn clients(&self) -> PathBuf {
        self.home.join(CLIENTS)
    }

    /// The installed clients, sorted by edition, version and platform. Folders that no installation made are passed over.
    /// Error `file-unreadable` where the store is there and cannot be read.
    pub fn installed(&self) -> Result<Vec<Client>> {
        let Some(folder) = self.open_clients()? else {
            return Ok(Vec::new());
        };
        let names = folder
            .names()
            .map_err(|error| unreadable(&self.clients(), &error))?;
        let names = names.iter().filter_map(|name| name.to_str());
        let mut clients: Vec<Client> = names
            .filter_map(|name| self.installed_in(&folder, name))
            .collect();
        clients.sort_by_key(|client| (client.edition, client.version, client.platform));
        Ok(clients)
    }

    /// The client installed in the folder called `name`; `None` where there is no such folder or it has no receipt.
    fn installed_as(&self, name: &str) -> Result<Option<Client>> {
        let clients = self.open_clients()?;
        Ok(clients.and_then(|clients| self.installed_in(&clients, name)))
    }

    fn installed_in(&self, clients: &Directory, name: &str) -> Option<Client> {
        let client = Client::from_folder_name(self, name)?;
        let folder = clients.open_directory(OsStr::new(name)).ok()?;
        folder.check_trusted().ok()?;
        let receipt = folder.entry_type(OsStr::new(receipt::FILE)).ok()?;
        matches!(receipt, EntryType::File(_)).then_some(client)
    }

    /// Opens the store's directory; `None` if it does not exist.
    ///
    /// # Errors
    ///
    /// `file-unreadable`; `file-unwritable` if another user could change what is read there.
    fn open_home(&self) -> Result<Option<Directory>> {
        let home = match Directory::open_named(&self.home) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            opened => opened.map_err(|error| unreadable(&self.home, &error))?,
        };
        home.check_trusted()
            .map_err(|error| self.untrusted(&self.home, &error))?;
        Ok(Some(home))
    }

    /// Opens the directory of clients; `None` if it does not exist. Errors as for [`Self::open_home`].
    fn open_clients(&self) -> Result<Option<Directory>> {
        let Some(home) = self.open_home()? else {
            return Ok(None);
        };
        let path = self.clients();
        let clients = match home.open_directory(OsStr::new(CLIENTS)) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            opened => opened.map_err(|error| unreadable(&path, &error))?,
        };
        clients
            .check_trusted()
            .map_err(|error| self.untrusted(&path, &error))?;
        Ok(Some(clients))
    }

    /// Error `file-unwritable` for the store's directory `path`, which another user owns or can write.
    fn untrusted(&self, path: &Path, error: &std::io::Error) -> Error {
        let others_write = UnfitFile::find(error) == Some(UnfitFile::WritableByOthers);
        Error::new(
            ErrorId::FileUnwritable,
            message!("store-use", home = printable_path(&self.home)),
            message!(
                "store-untrusted",
                path = printable_path(path),
                why = describe_io_error(error)
            ),
            message!(
                "store-untrusted-next",
                others_write = others_write,
                path = quoted(&path.to_string_lossy()),
                variable = env_vars::HOME.name
            ),
        )
    }

    /// The client that is used where none is named: the one that was installed or chosen last. `None` where nothing is
    /// installed, or the client that was chosen is gone.
    pub fn current(&self) -> Result<Option<Client>> {
        let name = current::read(self)?;
        match name {
            Some(name) => self.installed_as(&name),
            None => Ok(None),
        }
    }

    /// Whether `use system` was chosen: the machine's own driver is used instead of a current client.
    pub fn uses_system(&self) -> Result<bool> {
        Ok(current::read(self)?.as_deref() == Some(current::SYSTEM))
    }

    /// The client to use: the newest installed one for this machine that `request` admits, or the current one without a request. Error
    /// `nothing-installed` with the command that installs it.
    pub fn choose(&self, request: Option<&Request>) -> Result<Client> {
        let chosen = match request {
            Some(request) => self
                .installed()?
                .into_iter()
                .filter(|client| Platform::host() == Some(client.platform))
                .filter(|client| request.admits(client.version))
                .max_by_key(|client| client.version),
            None => self.current()?,
        };
        if let Some(chosen) = chosen {
            return Ok(chosen);
        }
        let others = self.installed().unwrap_or_default();
        let home = printable_path(&self.home);
        let use_newest = |newest: &Client| message!("store-use-next", version = newest.version);
        let (observed, next) = match request {
            Some(request) => (
                message!("store-no-such-client", request = request, home = home),
                message!("store-install-next", request = request),
            ),
            None if self.uses_system()? => (
                message!("store-no-system-driver"),
                match others.last() {
                    Some(newest) => use_newest(newest),
                    None => message!("store-install-any-next"),
                },
            ),
            None => match others.last() {
                Some(newest) => (
                    match current::read(self)? {
                        Some(_) => message!("store-current-gone", home = home),
                        None => message!("store-no-current", home = home),
                    },
                    use_newest(newest),
                ),
                None => (
                    message!("list-none", home = home),
                    match System::of_this_machine().receipt() {
                        Ok(Some(_)) => message!("store-use-system-next"),
                        _ => message!("store-install-any-next"),
                    },
                ),
            },
        };
        Err(Error::new(
            ErrorId::NothingInstalled,
            message!("store-find-client"),
            observed,
            next,
        ))
    }
}

/// Returns `path` as an absolute path. Error `file-unreadable` if the current directory does not exist.
fn absolute(path: &Path) -> Result<PathBuf> {
    std::path::absolute(path).map_err(|error| unreadable(path, &error))
}

/// Returns `value` as the TOML text of the file `path`. Error `unexpected` for a value without a TOML form.
pub fn toml_text(path: &Path, value: &impl serde::Serialize) -> Result<String> {
    toml::to_string(value).map_err(|error| {
        Error::new(
            ErrorId::Unexpected,
            message!("store-write", path = printable_path(path)),
            Message::quoted(error.to_string()),
            Message::default(),
        )
    })
}

/// Reads the text `name`, which only this program writes, in the store's directory.
fn read_own_text(store: &Store, name: &str) -> std::io::Result<String> {
    let home = Directory::open_named(&store.home)?;
    home.check_trusted()?;
    read_own_text_in(&home, name)
}

/// Reads the text `name`, which only this program writes.
fn read_own_text_in(directory: &Directory, name: &str) -> std::io::Result<String> {
    files::record(directory.read_own(OsStr::new(name), TEXT_LIMIT)?)
}

/// Whether `error` means that a file is not one of this program's texts.
fn is_no_text(error: &std::io::Error) -> bool {
    matches!(
        error.kind(),
        std::io::ErrorKind::InvalidData | std::io::ErrorKind::IsADirectory
    )
}

/// Error `file-unwritable` for `path`, which has a name of this program and is not its file.
fn not_ours(path: &Path, error: &std::io::Error) -> Error {
    Error::new(
        ErrorId::FileUnwritable,
        message!("store-use-file", path = printable_path(path)),
        describe_io_error(error),
        message!("store-move-next", path = quoted(&path.to_string_lossy())),
    )
}

/// Error `file-unreadable` for `path`.
fn unreadable(path: &Path, error: &std::io::Error) -> Error {
    Error::new(
        ErrorId::FileUnreadable,
        message!("store-read", path = printable_path(path)),
        describe_io_error(error),
        message!("store-unreadable-next", variable = env_vars::HOME.name),
    )
}

/// Error `file-unwritable` for `path`.
fn unwritable(path: &Path, error: &std::io::Error) -> Error {
    Error::new(
        ErrorId::FileUnwritable,
        message!("store-write", path = printable_path(path)),
        describe_io_error(error),
        message!("store-unwritable-next", variable = env_vars::HOME.name),
    )
}
