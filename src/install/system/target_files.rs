//! The files of a client in the system's directories.

use std::io;
use std::path::{Component, Path, PathBuf};

use sha2::{Digest, Sha256 as Hasher};

use crate::catalog::Clients;
use crate::error::{Error, ErrorId, Result};
use crate::install::{InstallRequest, config};
use crate::message::message;
use crate::safety::printable::printable;
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

/// A file or link to place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TargetPath {
    /// Its path, from the root.
    pub(super) path: String,
    /// What it is.
    pub(super) put: Put,
    /// How it comes there.
    pub(super) comes: Comes,
}

/// The configuration to place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TargetConfig {
    /// Where there is none.
    pub(super) fresh: Vec<u8>,
    /// The one that is there with `firstEp` set, where that is asked for.
    pub(super) spliced: Option<Vec<u8>>,
    /// Whether `firstEp` is to be set.
    pub(super) pointed: bool,
}

/// The target files and links of `receipt`, whose client is in `root`. Error `file-unparsable` for a path outside the client.
pub(super) fn target_files(root: &Path, receipt: &Receipt) -> Result<Vec<TargetPath>> {
    let mut targets = Vec::new();
    for file in &receipt.files {
        if let Some(path) = target(&file.path)? {
            targets.push(TargetPath {
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
            targets.push(TargetPath {
                path,
                put: Put::Link {
                    target: link.target.clone(),
                },
                comes: Comes::Link(link.target.clone()),
            });
        }
    }
    targets.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(targets)
}

/// The target of the client's `path`; `None` if it has none.
fn target(path: &str) -> Result<Option<String>> {
    let inside = Path::new(path)
        .components()
        .all(|component| matches!(component, Component::Normal(_)));
    if !inside || path.contains("//") || path.contains("/./") || path.ends_with('/') {
        return Err(Error::new(
            ErrorId::FileUnparsable,
            message!("system-receipt-tried"),
            message!("system-receipt-path", path = printable(path)),
            message!("system-receipt-next"),
        ));
    }
    let goes = match path.split_once('/') {
        Some(("lib", name)) => is_for_all(name)?,
        Some((folder, _)) => FOLDERS.contains(&folder),
        None => false,
    };
    Ok(goes.then(|| format!("{PREFIX}/{path}")))
}

/// Whether the file `name` of a client's `lib/` may be placed for all users: the driver's own libraries, and the files that taos-setup wrote for
/// build tools. Libraries of other projects are never placed.
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

/// The configuration: the package's own if there is none, without the log directory of the store's copy; else the
/// present one. Errors `file-unreadable`, `usage`.
pub(super) fn target_config(
    client: &Client,
    root: &Path,
    request: &InstallRequest,
    system: &System,
) -> Result<TargetConfig> {
    let path: PathBuf = root.join("etc/taos.cfg");
    let own = match crate::system::files::read_named(&path, crate::system::files::TEXT_LIMIT) {
        Ok(own) => own,
        Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
        Err(error) => return Err(config::unreadable(&path, &error)),
    };
    let log = client.log_dir();
    let fresh = match log.to_str() {
        Some(log) => config::without_log_dir(&own, log),
        None => own,
    };
    let Some(first_ep) = &request.first_ep else {
        return Ok(TargetConfig {
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
    Ok(TargetConfig {
        fresh: with(&fresh).unwrap_or(fresh),
        spliced: there.as_deref().and_then(with),
        pointed: true,
    })
}

/// The record of a file that contains `bytes`.
pub(super) fn put(bytes: &[u8]) -> Put {
    Put::File {
        size: bytes.len() as u64,
        sha256: Sha256(Hasher::digest(bytes).into()),
    }
}

#[cfg(test)]
mod tests;
