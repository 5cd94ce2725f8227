//! Paths on which a program that runs as root relies: each directory on the way belongs to root, and only root can write it.

use std::ffi::OsStr;
use std::io;
use std::path::{Component, Path, PathBuf};

use super::Directory;

/// A directory on the way that another user could change, or that cannot be opened.
#[derive(Debug)]
pub struct UntrustedPath {
    /// The directory.
    pub path: PathBuf,
    /// The reason.
    pub error: io::Error,
}

/// Opens the directory `path`. Links in it are resolved first; then every directory from `/` on is opened in the one above it and
/// checked, so that no other user can exchange one meanwhile.
pub fn open_roots_directory(path: &Path) -> Result<Directory, UntrustedPath> {
    let at = |path: &Path| {
        let path = path.to_path_buf();
        move |error| UntrustedPath { path, error }
    };
    let real = path.canonicalize().map_err(at(path))?;
    let mut here = PathBuf::from("/");
    let mut opened = Directory::open(&here).map_err(at(&here))?;
    opened.check_roots(true).map_err(at(&here))?;
    let names: Vec<&OsStr> = real
        .components()
        .filter_map(|component| match component {
            Component::Normal(name) => Some(name),
            Component::Prefix(_)
            | Component::RootDir
            | Component::CurDir
            | Component::ParentDir => None,
        })
        .collect();
    for (index, name) in names.iter().enumerate() {
        here.push(name);
        opened = opened.open_directory(name).map_err(at(&here))?;
        let is_last = index + 1 == names.len();
        opened.check_roots(!is_last).map_err(at(&here))?;
    }
    Ok(opened)
}

/// Creates the directory `path` and those above it, as far as they are missing, and opens it as [`open_roots_directory`].
pub fn create_roots_directory(path: &Path) -> Result<Directory, UntrustedPath> {
    let missing: Vec<&Path> = path
        .ancestors()
        .take_while(|directory| std::fs::symlink_metadata(directory).is_err())
        .collect();
    let Some(there) = path.ancestors().nth(missing.len()) else {
        return open_roots_directory(path);
    };
    let mut opened = match missing.is_empty() {
        true => open_roots_directory(path)?,
        false => open_roots_parent(there)?,
    };
    for directory in missing.into_iter().rev() {
        let at = |error| UntrustedPath {
            path: directory.to_path_buf(),
            error,
        };
        let name = directory.file_name().unwrap_or_default();
        match opened.create_directory(name, 0o755) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(at(error)),
            _ => {}
        }
        opened = opened.open_directory(name).map_err(at)?;
        opened.check_roots(false).map_err(at)?;
    }
    Ok(opened)
}

/// As [`open_roots_directory`]; the last directory may also be one like `/tmp`, in which users cannot exchange what is root's.
fn open_roots_parent(path: &Path) -> Result<Directory, UntrustedPath> {
    match open_roots_directory(path) {
        Err(untrusted) if path.canonicalize().is_ok_and(|real| real == untrusted.path) => {
            let at = |error| UntrustedPath {
                path: untrusted.path.clone(),
                error,
            };
            let name = untrusted.path.file_name().unwrap_or_default();
            let above = untrusted.path.parent().unwrap_or(Path::new("/"));
            let opened = open_roots_directory(above)?
                .open_directory(name)
                .map_err(at)?;
            opened.check_roots(true).map_err(at)?;
            Ok(opened)
        }
        opened => opened,
    }
}
