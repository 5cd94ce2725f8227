//! What several checks ask about this machine, found out once.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use super::DoctorRequest;
use crate::driver::copies::{self, DriverCopy};
use crate::driver::search::{self, Candidate};
use crate::driver::taos_cfg::{self, ConfigEntry};
use crate::driver::{self, Located, Source};
use crate::error::Error;
use crate::store::{Client, Store};
use crate::system::env_vars;
use crate::tdengine::platform::Platform;
use crate::tdengine::version::Version;

/// Why a taos.cfg is the one in effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConfigReason {
    /// `TAOS_CONFIG_DIR` names its directory.
    Variable,
    /// It belongs to the client of the store that is used.
    Client,
    /// It is in the directory that the driver reads if nothing names another.
    Usual,
}

/// The taos.cfg in effect.
#[derive(Debug)]
pub struct EffectiveConfig {
    /// The file.
    pub file: PathBuf,
    /// Why it is this one.
    pub why: ConfigReason,
    /// What it sets; `None` if it does not exist.
    pub entries: io::Result<Option<Vec<ConfigEntry>>>,
}

impl EffectiveConfig {
    fn read(folder: PathBuf, why: ConfigReason) -> Self {
        Self {
            file: folder.join(taos_cfg::NAME),
            why,
            entries: match taos_cfg::read(&folder) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
                read => read.map(Some),
            },
        }
    }

    /// What it sets; nothing if it cannot be read, which a check of its own reports.
    pub fn settings(&self) -> &[ConfigEntry] {
        match &self.entries {
            Ok(Some(entries)) => entries,
            Ok(None) | Err(_) => &[],
        }
    }

    /// Returns the value of `key`.
    pub fn value(&self, key: &str) -> Option<&str> {
        taos_cfg::value(self.settings(), key)
    }
}

/// The installed clients.
#[derive(Debug)]
pub struct StoreFacts {
    /// The store.
    pub store: Store,
    /// Its clients.
    pub clients: Vec<Client>,
    /// The current one.
    pub current: Option<Client>,
}

impl StoreFacts {
    fn read() -> Result<Self, Error> {
        let store = Store::from_environment()?;
        Ok(Self {
            clients: store.installed()?,
            current: store.current()?,
            store,
        })
    }
}

/// The driver that native programs get.
#[derive(Clone, Debug)]
pub struct UsedDriver {
    /// The library.
    pub candidate: Candidate,
    /// Its version, if it is known.
    pub version: Option<Version>,
    /// The client of the store that it belongs to.
    pub client: Option<Client>,
}

impl UsedDriver {
    /// The driver's own file and those of its parts that are beside it.
    pub fn files(&self, platform: Platform) -> Vec<PathBuf> {
        let parts = ["taosnative", "taosws"].map(|name| {
            let file = platform.library_file(name);
            self.candidate.folder.join(file)
        });
        let parts = parts.into_iter().filter(|file| file.is_file());
        std::iter::once(self.candidate.file.clone())
            .chain(parts)
            .collect()
    }
}

/// This machine.
#[derive(Debug)]
pub struct MachineFacts {
    /// What was asked for.
    pub request: DoctorRequest,
    /// Its platform, if a client is published for it.
    pub platform: Option<Platform>,
    /// The value of the loader's search path.
    pub search_path: Option<OsString>,
    /// What the loader finds.
    pub located: Located,
    /// Every copy of the driver.
    pub copies: Vec<DriverCopy>,
    /// The store.
    pub store: Result<StoreFacts, Error>,
    /// The driver that native programs get: the loader's, else the current client's.
    pub used: Option<UsedDriver>,
    /// The taos.cfg in effect.
    pub config: EffectiveConfig,
}

impl MachineFacts {
    /// Looks at this machine. Nothing is loaded or changed.
    pub fn collect(request: DoctorRequest) -> Self {
        let platform = Platform::host();
        let store = StoreFacts::read();
        let clients = store.as_ref().map_or(&[][..], |store| &store.clients);
        let search_path = platform.and_then(|it| std::env::var_os(search::variable(it.os)));
        let located = platform.map_or_else(Located::default, |platform| {
            driver::locate(platform, search_path.as_deref(), &driver::names(platform))
        });
        let folders: Vec<PathBuf> = clients
            .iter()
            .filter(|client| client.is_for_this_machine())
            .map(Client::lib_dir)
            .collect();
        let mut copies = platform.map_or_else(Vec::new, |platform| {
            copies::find(&located, &folders, platform)
        });
        for copy in &mut copies {
            let client = client_of(clients, &copy.candidate.folder);
            copy.version = client.map(|client| client.version).or(copy.version);
        }
        let current = store.as_ref().ok().and_then(|it| it.current.clone());
        let used = platform.and_then(|platform| used(platform, &located, clients, current));
        let client = used.as_ref().and_then(|used| used.client.as_ref());
        let config = match (env_vars::TAOS_CONFIG_DIR.get(), client) {
            (Some(named), _) => EffectiveConfig::read(named.into(), ConfigReason::Variable),
            (None, Some(client)) => {
                EffectiveConfig::read(client.config_dir(), ConfigReason::Client)
            }
            (None, None) => {
                EffectiveConfig::read(taos_cfg::default_directory(), ConfigReason::Usual)
            }
        };
        Self {
            request,
            platform,
            search_path,
            located,
            copies,
            store,
            used,
            config,
        }
    }
}

/// The driver of native programs.
fn used(
    platform: Platform,
    located: &Located,
    clients: &[Client],
    current: Option<Client>,
) -> Option<UsedDriver> {
    let of_the_store = || {
        let folders = [(current.as_ref()?.lib_dir(), Source::Store)];
        let names = driver::names(platform);
        names.iter().find_map(|name| search::find(&folders, name))
    };
    let candidate = located.chosen.clone().or_else(of_the_store)?;
    let client = client_of(clients, &candidate.folder).cloned();
    let named = driver::version_in_name(&candidate.file);
    Some(UsedDriver {
        version: client.as_ref().map(|client| client.version).or(named),
        candidate,
        client,
    })
}

/// The client whose libraries are in `folder`, however it was found.
fn client_of<'a>(clients: &'a [Client], folder: &Path) -> Option<&'a Client> {
    let folder = folder.canonicalize().ok()?;
    let mut clients = clients.iter();
    clients.find(|client| {
        let own = client.lib_dir().canonicalize();
        own.is_ok_and(|own| own == folder)
    })
}
