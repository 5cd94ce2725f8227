//! Where the loader looks for a library that is asked for by its bare name, in its order.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::system::test_machine::host_path;
use crate::tdengine::platform::Os;

/// Why a library is the one that is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The environment's search path names its folder.
    Environment,
    /// It lies in one of the system's folders.
    System,
    /// The system's loader has it in its cache, `/etc/ld.so.cache`.
    Cache,
    /// It is the store's current client.
    Store,
}

/// A library that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Its folder.
    pub folder: PathBuf,
    /// The file.
    pub file: PathBuf,
    /// Why it is a candidate.
    pub source: Source,
}

/// The variable that holds the loader's search path on `os`.
pub const fn variable(os: Os) -> &'static str {
    match os {
        Os::Linux => "LD_LIBRARY_PATH",
        Os::Macos => "DYLD_LIBRARY_PATH",
        Os::Windows => "PATH",
    }
}

/// The directories that glibc searches last.
const USUAL: [&str; 4] = ["/lib64", "/usr/lib64", "/lib", "/usr/lib"];

/// Returns the directories that glibc searches last.
pub fn usual() -> [PathBuf; 4] {
    USUAL.map(host_path)
}

/// The folders that the loader searches, each once: those of `path` (the value of [`variable`]), then the system's; on Windows
/// the system's first. Those of Linux are what its cache is made of: [`super::locate()`] asks the cache itself.
pub fn folders(os: Os, path: Option<&OsStr>) -> Vec<(PathBuf, Source)> {
    let named = path.map(|path| std::env::split_paths(path).collect::<Vec<_>>());
    let named = named
        .into_iter()
        .flatten()
        .map(|folder| (folder, Source::Environment));
    let system = system_folders(os)
        .into_iter()
        .map(|folder| (folder, Source::System));
    let mut folders: Vec<(PathBuf, Source)> = Vec::new();
    let mut known = HashSet::new();
    let ordered: Vec<_> = match os {
        Os::Windows => system.chain(named).collect(),
        Os::Linux | Os::Macos => named.chain(system).collect(),
    };
    for (folder, source) in ordered {
        if !folder.as_os_str().is_empty() && known.insert(folder.clone()) {
            folders.push((folder, source));
        }
    }
    folders
}

/// The first of `folders` that holds `file`.
pub fn find(folders: &[(PathBuf, Source)], file: &str) -> Option<Candidate> {
    folders.iter().find_map(|(folder, source)| {
        let path = folder.join(file);
        path.is_file().then(|| Candidate {
            folder: folder.clone(),
            file: path,
            source: *source,
        })
    })
}

fn system_folders(os: Os) -> Vec<PathBuf> {
    match os {
        Os::Linux => {
            let mut folders = configured(&host_path("/etc/ld.so.conf"), 0);
            folders.extend(usual());
            folders
        }
        // DYLD_FALLBACK_LIBRARY_PATH's value where it is not set (dyld(1)).
        Os::Macos => {
            let home = std::env::home_dir().map(|home| home.join("lib"));
            let usual = ["/usr/local/lib", "/usr/lib"].map(PathBuf::from);
            home.into_iter().chain(usual).collect()
        }
        Os::Windows => {
            let root = std::env::var_os("SystemRoot").unwrap_or_else(|| r"C:\Windows".into());
            let root = PathBuf::from(root);
            vec![root.join("System32"), root]
        }
    }
}

/// The folders that ld.so.conf and the files that it includes name (ldconfig(8)): what the loader's cache is made of.
fn configured(file: &Path, depth: usize) -> Vec<PathBuf> {
    let Ok(text) = crate::system::files::read_named_text(file, crate::system::files::TEXT_LIMIT)
    else {
        return Vec::new();
    };
    let mut folders = Vec::new();
    for line in text.lines() {
        let line = line.split('#').next().unwrap_or_default().trim();
        if let Some(pattern) = line.strip_prefix("include ") {
            // The only pattern in use is `FOLDER/*.conf`.
            if let Some(folder) = pattern.trim().strip_suffix("/*.conf").filter(|_| depth < 2) {
                folders.extend(
                    files(&host_path(folder))
                        .iter()
                        .flat_map(|file| configured(file, depth + 1)),
                );
            }
        } else if line.starts_with('/') {
            folders.push(host_path(line));
        }
    }
    folders
}

/// The `.conf` files of `folder`, sorted by name.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "conf")
        })
        .collect();
    files.sort();
    files
}

#[cfg(test)]
mod tests;
