//! What a client's files are in the system's folders.

use std::io;
use std::path::{Component, Path, PathBuf};

use sha2::{Digest, Sha256 as Hasher};

use crate::catalog::Clients;
use crate::error::{Error, ErrorId, Result, describe_io_error};
use crate::install::{InstallRequest, config};
use crate::store::{Client, Comes, Put, Receipt, System};
use crate::tdengine::digest::Sha256;
use crate::unpack::is_shared_library;

/// Where `lib/`, `include/` and `bin/` go.
const PREFIX: &str = "/usr/local";
/// The folders of a client that go there. Its `etc/` is not among them: there is one configuration for all.
const FOLDERS: &[&str] = &["lib", "include", "bin"];
/// The files of `lib/` that build tools read.
const BUILD_FILES: &[&str] = &[
    "pkgconfig/taos.pc",
    "cmake/taos/taosConfig.cmake",
    "cmake/taos/taosConfigVersion.cmake",
];
/// The configuration of every user who has none of their own.
pub(super) const CONFIG: &str = "/etc/taos/taos.cfg";

/// A file or link that is to be there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct WantedPath {
    /// Its path, from the root.
    pub(super) path: String,
    /// What it is.
    pub(super) put: Put,
    /// How it comes there.
    pub(super) comes: Comes,
}

/// The configuration that is to be there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct WantedConfig {
    /// Where there is none.
    pub(super) fresh: Vec<u8>,
    /// The one that is there with `firstEp` set, where that is asked for.
    pub(super) spliced: Option<Vec<u8>>,
    /// Whether `firstEp` is to be set.
    pub(super) pointed: bool,
}

/// The files and links of `receipt`, whose client is in `root`. Error `file-unparsable` for a path that leads elsewhere.
pub(super) fn wanted(root: &Path, receipt: &Receipt) -> Result<Vec<WantedPath>> {
    let mut wanted = Vec::new();
    for file in &receipt.files {
        if let Some(path) = target(&file.path)? {
            wanted.push(WantedPath {
                path,
                put: Put::File {
                    size: file.size,
                    sha256: file.sha256,
                },
                comes: Comes::Copy {
                    from: root.join(&file.path),
                    sha256: file.sha256,
                },
            });
        }
    }
    for link in &receipt.links {
        if let Some(path) = target(&link.path)?
            && stays_inside(&link.path, &link.target)
        {
            wanted.push(WantedPath {
                path,
                put: Put::Link {
                    target: link.target.clone(),
                },
                comes: Comes::Link(link.target.clone()),
            });
        }
    }
    wanted.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(wanted)
}

/// Where the client's `path` goes; `None` where it goes nowhere.
fn target(path: &str) -> Result<Option<String>> {
    let inside = Path::new(path)
        .components()
        .all(|component| matches!(component, Component::Normal(_)));
    if !inside || path.contains("//") || path.contains("/./") || path.ends_with('/') {
        return Err(Error::new(
            ErrorId::FileUnparsable,
            "read the client's receipt",
            format!(
                "{} is no path in a client",
                crate::safety::printable::printable(path)
            ),
            "run the command again with --repair",
        ));
    }
    let goes = match path.split_once('/') {
        Some(("lib", name)) => is_for_all(name)?,
        Some((folder, _)) => FOLDERS.contains(&folder),
        None => false,
    };
    Ok(goes.then(|| format!("{PREFIX}/{path}")))
}

/// Whether the file `name` of a client's `lib/` may be placed for every user: the driver's own libraries, and what taos-setup wrote for
/// build tools. Other projects' libraries never are.
fn is_for_all(name: &str) -> Result<bool> {
    let vendor = Clients::builtin()?.driver_libraries();
    Ok(BUILD_FILES.contains(&name) || is_shared_library(name, vendor))
}

/// Whether the link `path` leads to one of the folders that go with it.
fn stays_inside(path: &str, target: &str) -> bool {
    let mut at: Vec<&str> = path.split('/').collect();
    at.pop();
    for part in target.split('/') {
        match part {
            "" => return false,
            "." => {}
            ".." => {
                if at.pop().is_none() {
                    return false;
                }
            }
            name => at.push(name),
        }
    }
    at.first().is_some_and(|folder| FOLDERS.contains(folder))
}

/// The configuration: the package's own where there is none, without the log folder that the store's copy names; else the one
/// that is there. Errors `file-unreadable`, `usage`.
pub(super) fn config(
    client: &Client,
    root: &Path,
    request: &InstallRequest,
    system: &System,
) -> Result<WantedConfig> {
    let path: PathBuf = root.join("etc/taos.cfg");
    let own = match crate::system::files::read_named(&path, crate::system::files::TEXT_LIMIT) {
        Ok(own) => own,
        Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
        Err(error) => {
            return Err(Error::new(
                ErrorId::FileUnreadable,
                format!("read {}", path.display()),
                describe_io_error(&error),
                "check the file's owner and mode",
            ));
        }
    };
    let log = client.log_dir();
    let fresh = match log.to_str() {
        Some(log) => config::without_log_dir(&own, log),
        None => own,
    };
    let Some(first_ep) = &request.first_ep else {
        return Ok(WantedConfig {
            fresh,
            spliced: None,
            pointed: false,
        });
    };
    let with = |config: &[u8]| config::splice_first_ep(config, &first_ep.endpoint);
    let there = match system.look(CONFIG)? {
        crate::store::Found::File { .. } => system.read(CONFIG)?,
        _ => None,
    };
    Ok(WantedConfig {
        fresh: with(&fresh).unwrap_or(fresh),
        spliced: there.as_deref().and_then(with),
        pointed: true,
    })
}

/// What `bytes` are as a file.
pub(super) fn put(bytes: &[u8]) -> Put {
    Put::File {
        size: bytes.len() as u64,
        sha256: Sha256(Hasher::digest(bytes).into()),
    }
}

#[cfg(test)]
mod tests;
