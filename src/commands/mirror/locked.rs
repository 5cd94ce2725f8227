//! The content of a mirror that a `taos-setup.lock` decides.

use std::path::{Path, PathBuf};

use crate::error::Result;
use crate::lock::{LockFile, LockedPackage};
use crate::tdengine::digest::Sha256;
use crate::tdengine::platform::Platform;
use crate::tdengine::version::{self, Edition};

/// A client to mirror.
pub(super) struct MirroredClient {
    pub(super) version: version::Request,
    pub(super) edition: Edition,
    pub(super) platform: Platform,
    /// The digests of which its package must have one, as the user names them.
    pub(super) sha256: Vec<Sha256>,
    /// The packages of a lock of which it must be one.
    pub(super) locked: Vec<LockedPackage>,
}

/// What a lock names.
pub(super) struct LockedMirror {
    lock: LockFile,
    /// The directories of its projects.
    pub(super) projects: Vec<PathBuf>,
}

/// Reads the lock in `path`.
///
/// # Errors
/// `file-unreadable`, `file-unparsable`.
pub(super) fn read(path: &Path) -> Result<LockedMirror> {
    let lock = LockFile::read(path)?;
    let root = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        Some(_) | None => Path::new("."),
    };
    let mut projects: Vec<PathBuf> = lock
        .connectors
        .iter()
        .map(|connector| match connector.dir.as_str() {
            "." => root.to_path_buf(),
            dir => root.join(dir),
        })
        .collect();
    projects.dedup();
    Ok(LockedMirror { lock, projects })
}

impl LockedMirror {
    /// The clients for `platforms`, or for all that are locked.
    pub(super) fn clients(&self, platforms: &[Platform]) -> Vec<MirroredClient> {
        let mut clients: Vec<MirroredClient> = Vec::new();
        for package in &self.lock.packages {
            if !platforms.is_empty() && !platforms.contains(&package.platform) {
                continue;
            }
            let version = version::Request::Exact(package.version);
            let same = clients.iter_mut().find(|client| {
                client.version == version
                    && client.edition == package.edition
                    && client.platform == package.platform
            });
            match same {
                Some(client) => client.locked.push(package.clone()),
                None => clients.push(MirroredClient {
                    version,
                    edition: package.edition,
                    platform: package.platform,
                    sha256: Vec::new(),
                    locked: vec![package.clone()],
                }),
            }
        }
        clients
    }
}
