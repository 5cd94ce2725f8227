//! A client in a directory that the user names, outside the store: it can be moved or copied into an image. The receipt in it
//! identifies the directory. It is published in one step, from a directory next to it.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::{
    Client, Receipt, Removal, Store, absolute, disk, open_files, receipt, removal, unreadable,
};
use crate::error::{Error, ErrorId, Result, describe_io_error};
use crate::message::{Message, message};
use crate::safety::printable::{printable, printable_path};
use crate::safety::shell::quoted;
use crate::system::directory::Directory;

/// In the name of a folder that becomes a prefix, behind a dot and the prefix's own name.
const STAGING: &str = ".taos-setup-";
/// Ends the name of a prefix that is being replaced, where the system cannot exchange two folders.
const OLD: &str = "-old";

impl Store {
    /// The path of the prefix `path`, from the root and without links. Error `usage` for a folder that can be none: the
    /// store's own, or the file system's root.
    pub fn prefix(&self, path: &Path) -> Result<PathBuf> {
        let refused = |observed: Message| {
            Error::new(
                ErrorId::Usage,
                message!("prefix-use", path = printable_path(path)),
                observed,
                message!("prefix-use-next"),
            )
        };
        let path = match path.canonicalize() {
            Ok(path) => path,
            Err(_) => beside_what_is_there(&absolute(path)?),
        };
        if path.file_name().is_none() {
            return Err(refused(message!("prefix-no-name")));
        }
        let home = beside_what_is_there(&self.home);
        if path.starts_with(&home) || home.starts_with(&path) {
            return Err(refused(message!(
                "prefix-in-store",
                home = printable_path(&home)
            )));
        }
        if std::env::join_paths([&path]).is_err() {
            return Err(refused(message!("prefix-unsearchable")));
        }
        Ok(path)
    }

    /// The client that stands in the prefix `path`. Error `nothing-installed` where none does.
    pub fn client_in(&self, path: &Path) -> Result<Client> {
        let path = self.prefix(path)?;
        let none = |observed: Message| {
            Error::new(
                ErrorId::NothingInstalled,
                message!("prefix-find", path = printable_path(&path)),
                observed,
                message!("prefix-find-next", path = quoted(&path.to_string_lossy())),
            )
        };
        if !path.join(receipt::FILE).is_file() {
            return Err(none(message!("prefix-none")));
        }
        let receipt = Receipt::read(&path.join(receipt::FILE))?;
        let Ok(platform) = receipt.platform.parse() else {
            return Err(none(message!("prefix-platform-unknown")));
        };
        let (edition, version) = (receipt.edition, receipt.version);
        Ok(Client::at(self, path, edition, version, platform))
    }
}

/// `path` with the longest part of it that exists resolved: what does not exist has no links.
fn beside_what_is_there(path: &Path) -> PathBuf {
    for there in path.ancestors() {
        if let (Ok(real), Ok(rest)) = (there.canonicalize(), path.strip_prefix(there)) {
            return real.components().chain(rest.components()).collect();
        }
    }
    path.to_path_buf()
}

/// The reason why `prefix` may not be written: it contains files of others. `None` if it is missing, empty, or only has a client.
pub(super) fn foreign(prefix: &Path) -> Result<Option<Message>> {
    let entries = match fs::read_dir(prefix) {
        Ok(mut entries) => entries.next().is_some(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => false,
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => {
            return Ok(Some(message!("prefix-is-file")));
        }
        Err(error) => return Err(unreadable(prefix, &error)),
    };
    if !entries {
        return Ok(None);
    }
    let path = prefix.join(receipt::FILE);
    if !path.is_file() {
        return Ok(Some(message!("prefix-not-empty")));
    }
    let found = removal::plan(prefix, &Receipt::read(&path)?)?;
    let added = found
        .kept
        .into_iter()
        .find(|(_, why)| *why == removal::Kept::Added);
    Ok(added.map(|(path, _)| message!("prefix-holds", path = printable(&path))))
}

/// Error `would-overwrite` for a prefix that [`Client::foreign`] gives a reason `why` not to write.
pub fn refused(tried: Message, why: Message) -> Error {
    Error::new(
        ErrorId::WouldOverwrite,
        tried,
        why,
        message!("prefix-refused-next"),
    )
}

/// The folder in which a prefix is put together: beside it, so that one rename publishes it. Takes away the folders around
/// it that it had to make, where it is dropped unpublished.
#[derive(Debug)]
pub(super) struct Beside {
    folder: Option<TempDir>,
    made: Vec<PathBuf>,
    _lock: Option<File>,
}

impl Beside {
    /// An empty folder beside `prefix`. What a process that was killed left there is put right first.
    pub(super) fn new(prefix: &Path) -> Result<Self> {
        let around = prefix.parent().unwrap_or(prefix);
        let made: Vec<PathBuf> = around
            .ancestors()
            .take_while(|folder| !folder.exists())
            .map(Path::to_path_buf)
            .collect();
        let failed = |error: &io::Error| unwritable(around, error);
        fs::create_dir_all(around).map_err(|error| failed(&error))?;
        recover(prefix);
        let mut beside = Self {
            folder: None,
            made,
            _lock: None,
        };
        let begin = staging_name(prefix);
        let mut builder = tempfile::Builder::new();
        builder.prefix(&begin);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            builder.permissions(fs::Permissions::from_mode(0o755));
        }
        let folder = builder.tempdir_in(around).map_err(|error| failed(&error))?;
        beside._lock = in_use(folder.path());
        beside.folder = Some(folder);
        Ok(beside)
    }

    pub(super) fn path(&self) -> &Path {
        self.folder.as_ref().map_or(Path::new(""), TempDir::path)
    }

    /// Gives the folder its place as `prefix`. What is there goes with this value. On an error `prefix` is as it was.
    pub(super) fn publish(mut self, prefix: &Path) -> Result<()> {
        let failed = |error: io::Error| unwritable(prefix, &error);
        disk::sync_tree(self.path()).map_err(failed)?;
        let is_there = fs::read_dir(prefix).is_ok_and(|mut entries| entries.next().is_some());
        // What the user put there meanwhile must not go with what is replaced.
        if let Some(why) = foreign(prefix)? {
            let tried = message!("prefix-publish", prefix = printable_path(prefix));
            return Err(refused(tried, why));
        }
        let ended = if is_there {
            replace(self.path(), prefix)
        } else {
            // Windows renames over no folder, not even an empty one.
            if cfg!(windows) {
                let _ = fs::remove_dir(prefix);
            }
            disk::rename_path(self.path(), prefix)
        };
        ended.map_err(failed)?;
        self.made.clear();
        let around = prefix.parent().unwrap_or(prefix);
        disk::sync_directory(around).map_err(failed)
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        drop(self.folder.take());
        for folder in &self.made {
            let _ = fs::remove_dir(folder);
        }
    }
}

/// Exchanges the folders in one step; where the system cannot, `prefix` steps aside first.
fn replace(staging: &Path, prefix: &Path) -> io::Result<()> {
    match exchange(staging, prefix) {
        Err(error) if is_unable(&error) => {}
        ended => return ended,
    }
    let mut aside = staging.as_os_str().to_owned();
    aside.push(OLD);
    let aside = PathBuf::from(aside);
    disk::rename_path(prefix, &aside)?;
    disk::rename_path(staging, prefix).inspect_err(|_| {
        let _ = fs::rename(&aside, prefix);
    })?;
    let _ = fs::remove_dir_all(aside);
    Ok(())
}

#[cfg(any(target_os = "linux", target_os = "macos"))]
fn exchange(one: &Path, other: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    disk::step()?;
    Ok(renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE)?)
}

#[cfg(not(any(target_os = "linux", target_os = "macos")))]
fn exchange(_one: &Path, _other: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Whether a file system does not know how to exchange two names.
fn is_unable(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::Unsupported | io::ErrorKind::InvalidInput
    )
}

/// Puts right what a process that was killed left beside `prefix`: a prefix that had stepped aside comes back, folders that
/// no process works in are removed. What cannot be put right stays.
fn recover(prefix: &Path) {
    let begin = staging_name(prefix);
    let around = prefix.parent().unwrap_or(prefix);
    for entry in fs::read_dir(around).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let Some(name) = name.to_str().filter(|name| name.starts_with(&begin)) else {
            continue;
        };
        let path = entry.path();
        // In a folder that others may write too, theirs is nothing to go by.
        if !is_this_users(&path) {
            continue;
        }
        if name.ends_with(OLD) && !prefix.exists() && path.join(receipt::FILE).is_file() {
            let _ = fs::rename(&path, prefix);
        } else if in_use(&path).is_some() {
            let _ = fs::remove_dir_all(path);
        }
    }
}

#[cfg(unix)]
fn is_this_users(path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let user = rustix::process::geteuid().as_raw();
    fs::symlink_metadata(path).is_ok_and(|found| found.is_dir() && found.uid() == user)
}

#[cfg(not(unix))]
fn is_this_users(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|found| found.is_dir())
}

/// A lock on the folder `path`; `None` where another process has it, or the system locks no folders.
fn in_use(path: &Path) -> Option<File> {
    let folder = File::open(path).ok()?;
    folder.try_lock().ok()?;
    Some(folder)
}

fn staging_name(prefix: &Path) -> String {
    let name = prefix.file_name().unwrap_or_default();
    format!(".{}{STAGING}", name.to_string_lossy())
}

impl Client {
    /// Deletes what the receipt of a client outside the store tells, and nothing else; may be begun again after any step.
    /// Says what went and what stays. Errors: `file-unreadable`, `file-unparsable`, `file-unwritable`.
    pub fn remove_prefix(&self) -> Result<Removal> {
        let removal = self.removal()?;
        open_files::refuse(&self.prefix)?;
        let around = self.prefix.parent().unwrap_or(&self.prefix);
        let name = self.prefix.file_name().unwrap_or_default();
        let opened = Directory::open_named(around).map_err(|error| unwritable(around, &error))?;
        removal::empty(&opened, around, name)?;
        Ok(removal)
    }
}

fn unwritable(path: &Path, error: &io::Error) -> Error {
    Error::new(
        ErrorId::FileUnwritable,
        message!("store-write", path = printable_path(path)),
        match error.kind() {
            io::ErrorKind::ResourceBusy => message!("prefix-mount"),
            io::ErrorKind::CrossesDevices => message!("prefix-crosses-devices"),
            _ => describe_io_error(error),
        },
        message!("prefix-unwritable-next"),
    )
}

#[cfg(test)]
#[cfg(unix)]
mod tests;
