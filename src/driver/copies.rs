//! Every copy of the driver on this machine, in places that a loader searches and in those where installers put one.

use std::path::{Path, PathBuf};

use super::{
    Candidate, Located, Machine, MachineFault, Source, machine_of, names, search, vendor_installer,
    version_in_name,
};
use crate::system::test_machine::host_path;
use crate::tdengine::platform::{Os, Platform};
use crate::tdengine::version::Version;

/// The most copies that are looked at.
const MOST: usize = 64;

/// What a program that asks for the driver by name does with a copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CopyUse {
    /// It loads it.
    Loaded,
    /// The loader looks at it and passes over it.
    PassedOver,
    /// Another one is found first.
    Shadowed,
    /// The loader does not look in its directory.
    Unsearched,
}

impl CopyUse {
    /// The word for it in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Loaded => "loaded",
            Self::PassedOver => "passed-over",
            Self::Shadowed => "shadowed",
            Self::Unsearched => "unsearched",
        }
    }
}

/// One copy of the driver.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DriverCopy {
    /// Where it is, and why it was looked at.
    pub candidate: Candidate,
    /// What becomes of it.
    pub used: CopyUse,
    /// Its version, if its name tells it.
    pub version: Option<Version>,
    /// What it is made for.
    pub machine: Result<Machine, MachineFault>,
}

impl DriverCopy {
    fn new(candidate: Candidate, used: CopyUse) -> Self {
        Self {
            version: version_in_name(&candidate.file),
            machine: machine_of(&candidate.file),
            candidate,
            used,
        }
    }
}

/// Returns the copies of `located`, then those in `store`, the directories of installed clients, then all others, each file once.
pub fn find(located: &Located, store: &[PathBuf], platform: Platform) -> Vec<DriverCopy> {
    let mut copies: Vec<DriverCopy> = Vec::new();
    let passed = located
        .passed
        .iter()
        .map(|passed| (passed.candidate.clone(), CopyUse::PassedOver));
    let loaded = located.chosen.iter().cloned();
    let behind = located.behind.iter().cloned();
    let searched = passed
        .chain(loaded.map(|candidate| (candidate, CopyUse::Loaded)))
        .chain(behind.map(|candidate| (candidate, CopyUse::Shadowed)));
    for (candidate, used) in searched.take(MOST) {
        copies.push(DriverCopy::new(candidate, used));
    }
    let mut known: Vec<PathBuf> = copies
        .iter()
        .map(|copy| real(&copy.candidate.file))
        .collect();
    let names = names(platform);
    let stored = store.iter().map(|folder| (folder.clone(), Source::Store));
    let usual = places(platform.os).into_iter();
    for folder in stored.chain(usual.map(|folder| (folder, Source::System))) {
        let found = names
            .iter()
            .find_map(|name| search::find(std::slice::from_ref(&folder), name));
        let Some(candidate) = found.filter(|_| copies.len() < MOST) else {
            continue;
        };
        let file = real(&candidate.file);
        if !known.contains(&file) {
            known.push(file);
            copies.push(DriverCopy::new(candidate, CopyUse::Unsearched));
        }
    }
    copies
}

/// The file itself, without links.
fn real(file: &Path) -> PathBuf {
    file.canonicalize().unwrap_or_else(|_| file.to_path_buf())
}

/// Returns where installers put the driver, and where variables of connectors say that it is (docs/facts.md).
fn places(os: Os) -> Vec<PathBuf> {
    let usual: &[&str] = match os {
        Os::Linux => &[
            "/usr/lib64",
            "/usr/lib",
            "/usr/lib/x86_64-linux-gnu",
            "/usr/lib/aarch64-linux-gnu",
            "/usr/local/lib64",
            "/usr/local/lib",
            "/usr/local/taos/driver",
            "/opt/taos/lib",
        ],
        Os::Macos => &[
            "/usr/local/lib",
            "/opt/homebrew/lib",
            "/usr/local/taos/driver",
            "/Library/Frameworks",
            "/Library/Java/Extensions",
        ],
        Os::Windows => &[r"C:\TDengine", r"C:\TDengine\driver"],
    };
    let home: &[&str] = match os {
        // A server of one user has its links in the first, its files in the second.
        Os::Linux => &[".local/lib", "taos/driver", "taos/lib"],
        Os::Macos => &[
            "lib",
            "Library/Frameworks",
            "Library/Java/Extensions",
            ".local/lib",
            "taos/driver",
        ],
        Os::Windows => &[],
    };
    let own = std::env::home_dir();
    let own = own
        .iter()
        .flat_map(|own| home.iter().map(|name| own.join(name)));
    let variables: &[&str] = match os {
        Os::Macos => &[
            "TD_LIBRARY_PATH",
            "DYLD_FALLBACK_LIBRARY_PATH",
            "DYLD_FRAMEWORK_PATH",
            "DYLD_FALLBACK_FRAMEWORK_PATH",
        ],
        Os::Linux | Os::Windows => &["TD_LIBRARY_PATH"],
    };
    let named = variables
        .iter()
        .filter_map(std::env::var_os)
        .flat_map(|path| std::env::split_paths(&path).collect::<Vec<_>>());
    let of_rust = std::env::var_os("TAOS_LIBRARY_PATH").map(PathBuf::from);
    let of_rust = of_rust.and_then(|file| Some(file.parent()?.to_path_buf()));
    let usual = usual.iter().map(host_path);
    let of_installer = match os {
        Os::Windows => vendor_installer::library_directories(),
        Os::Linux | Os::Macos => Vec::new(),
    };
    usual
        .chain(of_installer)
        .chain(own)
        .chain(named)
        .chain(of_rust)
        .filter(|folder| !folder.as_os_str().is_empty())
        .collect()
}
