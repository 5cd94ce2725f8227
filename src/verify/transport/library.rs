//! Which client library native programs get on this machine, and with which configuration.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::driver::process::DriverReply;
use crate::driver::process::parent::{DriverProcess, DriverSetting};
use crate::driver::search::{self, Candidate, Source};
use crate::driver::taos_cfg::{self, ConfiguredEndpoint};
use crate::driver::{self, Driver, Located, private_libraries};
use crate::store::{Client, Store};
use crate::system::env_vars;
use crate::system::test_machine::host_path;
use crate::tdengine::platform::Platform;
use crate::tdengine::version::{Edition, FIRST_SPLIT_DRIVER, Version};
use crate::verify::plan::TargetPlan;

/// The most copies behind the one that is used that are looked at.
const MOST_BEHIND: usize = 3;

/// The driver to prove, and the folders that go with it.
pub(in crate::verify) struct FoundLibrary {
    /// The driver.
    pub driver: Driver,
    /// What the loader passed over, and what lies behind.
    pub located: Located,
    /// The edition, where the store knows it.
    pub edition: Option<Edition>,
    /// `TAOS_LOG_DIR`.
    pub log_dir: Option<PathBuf>,
    platform: Platform,
    folder: PathBuf,
    config_dir: Option<PathBuf>,
}

/// What the loader would pick, else the store's current client. `Err` where there is neither: what the loader passed over.
pub(in crate::verify) fn find(platform: Platform) -> Result<FoundLibrary, Box<Located>> {
    let path = std::env::var_os(search::variable(platform.os));
    let names = driver::names(platform);
    let located = driver::locate(platform, path.as_deref(), &names);
    let store = Store::from_environment().ok();
    let current = store.as_ref().and_then(|store| store.current().ok()?);
    let of_the_store = || {
        let folders = [(current.as_ref()?.lib_dir(), Source::Store)];
        let find = |name: &String| search::find(&folders, name);
        names.iter().find_map(find)
    };
    let passed = || {
        let passed = located.passed.first();
        passed.map(|passed| passed.candidate.clone())
    };
    let Some(candidate) = located.chosen.clone().or_else(of_the_store).or_else(passed) else {
        return Err(Box::new(located));
    };
    let installed = store.and_then(|store| store.installed().ok());
    let client = installed
        .into_iter()
        .flatten()
        .find(|client| is_of(client, &candidate));
    let version = client.as_ref().map(|client| client.version);
    let driver = Driver::examine(&candidate, platform, version);
    let mut found = FoundLibrary {
        driver,
        located,
        edition: client.as_ref().map(|client| client.edition),
        config_dir: env_vars::TAOS_CONFIG_DIR
            .get()
            .map(PathBuf::from)
            .or_else(|| client.map(|client| client.config_dir())),
        log_dir: env_vars::TAOS_LOG_DIR.get().map(PathBuf::from),
        platform,
        folder: candidate.folder,
    };
    let version = found.driver.version;
    found.driver.missing = found.missing(version);
    Ok(found)
}

/// Whether `candidate` is `client`'s library, however it was found.
fn is_of(client: &Client, candidate: &Candidate) -> bool {
    let same = |a: &Path, b: &Path| {
        a.canonicalize()
            .ok()
            .is_some_and(|a| b.canonicalize().ok() == Some(a))
    };
    same(&client.lib_dir(), &candidate.folder)
}

/// The first directory of the loader's search path that this user may not read.
pub(super) fn closed_directory(platform: Platform) -> Option<PathBuf> {
    let path = std::env::var_os(search::variable(platform.os))?;
    let file = platform.library_file("taos");
    std::env::split_paths(&path).find(|directory| {
        let looked = std::fs::metadata(directory.join(&file));
        looked.is_err_and(|error| error.kind() == std::io::ErrorKind::PermissionDenied)
    })
}

impl FoundLibrary {
    /// The driver's own file and those that lie beside it: what each asks of this machine can be read without loading it.
    pub(super) fn files(&self) -> Vec<PathBuf> {
        let beside = ["taosnative", "taosws"].map(|name| {
            let file = self.platform.library_file(name);
            self.folder.join(file)
        });
        let own = self.driver.file.clone();
        let beside = beside.into_iter().filter(|file| file.is_file());
        std::iter::once(own).chain(beside).collect()
    }

    /// The libraries that a driver of `version` needs and that the loader would not find.
    pub(super) fn missing(&self, version: Option<Version>) -> Vec<String> {
        let path = std::env::var_os(search::variable(self.platform.os));
        driver::unfound(&self.candidate(), self.platform, version, path.as_deref())
    }

    fn candidate(&self) -> Candidate {
        Candidate {
            folder: self.folder.clone(),
            file: self.driver.file.clone(),
            source: self.driver.source,
        }
    }

    /// The copies behind the one that is used which are of another version than `version`, each with its own. A copy whose name
    /// does not tell is asked.
    pub(super) async fn hidden(
        &self,
        version: Version,
        plan: &TargetPlan,
    ) -> Vec<(PathBuf, Version)> {
        let mut hidden = Vec::new();
        for copy in self.located.behind.iter().take(MOST_BEHIND) {
            let other = match driver::version_in_name(&copy.file) {
                Some(other) => Some(other),
                None => said(&self.setting_for(copy, plan)).await,
            };
            if let Some(other) = other.filter(|other| *other != version) {
                hidden.push((copy.file.clone(), other));
            }
        }
        hidden
    }

    /// The folder that a driver of `version` writes its log to where programs start it without `TAOS_LOG_DIR`; `None` where
    /// that is set, where `taos-setup env` sets it, and where an old driver goes by its taos.cfg (`transcripts/README.md`,
    /// `nobody_3.2.txt`: from the split on it is not even read in time).
    pub(super) fn usual_log_dir(&self, version: Option<Version>) -> Option<PathBuf> {
        let set = self.log_dir.is_some() || self.driver.source == Source::Store;
        let configured =
            self.config_dir.is_some() && version.is_none_or(|version| version < FIRST_SPLIT_DRIVER);
        (cfg!(target_os = "linux") && !set && !configured).then(|| host_path("/var/log/taos"))
    }

    /// The server that the taos.cfg in effect names as `firstEp`; `None` if it names none.
    pub(super) fn first_ep(&self) -> Option<ConfiguredEndpoint> {
        taos_cfg::read_first_ep(&self.config_directory())
    }

    /// Whether the taos.cfg in effect switches TLS on for the native connection (`enableTLS`, from 3.3.8 on).
    pub(super) fn enables_tls(&self) -> bool {
        taos_cfg::enables_tls(&self.config_directory())
    }

    fn config_directory(&self) -> PathBuf {
        let directory = self.config_dir.clone();
        directory.unwrap_or_else(taos_cfg::default_directory)
    }

    /// The names of the libraries in the driver's private directory that it needs and that programs do not find.
    pub(super) fn private_libraries(&self) -> Vec<String> {
        let path = std::env::var_os(search::variable(self.platform.os));
        private_libraries::hidden_from_programs(&self.driver.file, self.platform, path.as_deref())
    }

    /// How the driver's process is started.
    pub(in crate::verify) fn setting(&self, plan: &TargetPlan) -> DriverSetting {
        self.setting_for(&self.candidate(), plan)
    }

    /// As the loader finds it, it finds its siblings. The store's has its folder first on the path, as `taos-setup env` sets it;
    /// so has a copy that is not the one that is used.
    fn setting_for(&self, copy: &Candidate, plan: &TargetPlan) -> DriverSetting {
        let variable = search::variable(self.platform.os);
        let rest = std::env::var_os(variable).unwrap_or_default();
        let first = copy.source == Source::Store || copy.file != self.driver.file;
        let path: OsString = if first {
            let folders = std::iter::once(copy.folder.clone()).chain(std::env::split_paths(&rest));
            std::env::join_paths(folders).unwrap_or(rest.clone())
        } else {
            rest.clone()
        };
        let config = self
            .config_dir
            .iter()
            .map(|folder| (env_vars::TAOS_CONFIG_DIR.name, folder.clone().into()));
        let path = (!path.is_empty()).then_some((variable, path));
        DriverSetting {
            library: copy.file.clone(),
            variables: path.into_iter().chain(config).collect(),
            log_dir: self.log_dir.clone(),
            limit: plan.limit,
        }
    }
}

/// The version that a driver says it has.
async fn said(setting: &DriverSetting) -> Option<Version> {
    let mut process = DriverProcess::start(setting).ok()?;
    match process.ready().await {
        DriverReply::Data(said) => Version::find(&said),
        _ => None,
    }
}
