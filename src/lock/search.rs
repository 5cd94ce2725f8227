//! Finds the `taos-setup.toml` in effect: in the current directory or above it, up to the repository's or the user's directory.
//!
//! It decides which server gets this user's login, so that one which another user could have put there is not used.

use std::ffi::OsStr;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use super::setup_file::SetupFile;
use super::{LOCK_FILE, LockFile, SETUP_FILE};
use crate::error::{Error, ErrorId, Result, UnfitFile, describe_io_error};
use crate::message::{Message, message};
use crate::safety::printable::printable_path;
use crate::system::directory::{Directory, EntryType};
use crate::system::files;

/// The largest file that is read, in bytes.
const LARGEST: u64 = 1 << 20;

/// The file in effect, for commands that work without one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EffectiveSetup {
    /// The file.
    pub file: Option<SetupFile>,
    /// The note about one that is not used.
    pub note: Option<Message>,
}

impl EffectiveSetup {
    /// The lock that belongs to the file, if it exists.
    ///
    /// # Errors
    /// Those of [`LockFile::read`].
    pub fn lock(&self) -> Result<Option<LockFile>> {
        match &self.file {
            Some(file) => file.lock(),
            None => Ok(None),
        }
    }
}

impl SetupFile {
    /// The lock that belongs to it, if that exists.
    ///
    /// # Errors
    /// Those of [`LockFile::read`]; `file-unreadable` if it belongs to another user, as the file itself.
    pub fn lock(&self) -> Result<Option<LockFile>> {
        let text = self.lock_text()?;
        let path = self.lock_path();
        text.map(|text| LockFile::parse(&text, &path)).transpose()
    }

    /// The text of the lock that belongs to it, if that exists. Errors as for [`Self::lock`].
    pub fn lock_text(&self) -> Result<Option<String>> {
        match read(self.directory(), LOCK_FILE, super::lock_file::LARGEST) {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(unreadable(&self.lock_path(), &error)),
        }
    }
}

/// Reads the file in effect, if there is one. One that another user could have put there is left out, with a note.
///
/// # Errors
/// `file-unreadable`, `file-unparsable`.
pub fn in_effect() -> Result<EffectiveSetup> {
    let Some(path) = find() else {
        return Ok(EffectiveSetup::default());
    };
    match read_at(&path) {
        Ok(text) => Ok(EffectiveSetup {
            file: Some(SetupFile::parse(&text, &shown(path))?),
            note: None,
        }),
        Err(error) if is_of_others(&error) => Ok(EffectiveSetup {
            file: None,
            note: Some(message!(
                "lock-setup-ignored",
                path = printable_path(&path),
                why = describe_io_error(&error)
            )),
        }),
        Err(error) => Err(unreadable(&path, &error)),
    }
}

/// Reads the file in effect.
///
/// # Errors
/// `file-unreadable` if there is none, or another user could have put it there; `file-unparsable`.
pub fn required() -> Result<SetupFile> {
    let Some(path) = find() else {
        return Err(Error::new(
            ErrorId::FileUnreadable,
            message!("lock-read-tried", path = SETUP_FILE),
            message!("lock-no-setup"),
            Message::quoted("taos-setup lock --init"),
        ));
    };
    let text = read_at(&path).map_err(|error| unreadable(&path, &error))?;
    SetupFile::parse(&text, &shown(path))
}

/// `path` as people write it, if it is in the current directory.
fn shown(path: PathBuf) -> PathBuf {
    let current = std::env::current_dir().ok();
    match path.parent() == current.as_deref() {
        true => PathBuf::from(SETUP_FILE),
        false => path,
    }
}

/// The nearest file of that name in the current directory, or above it.
fn find() -> Option<PathBuf> {
    let start = std::env::current_dir().ok()?;
    let home = etcetera::home_dir().ok();
    find_from(&start, home.as_deref())
}

fn find_from(start: &Path, home: Option<&Path>) -> Option<PathBuf> {
    for directory in start.ancestors() {
        // Anybody may put a file there, and the directories above are nobody's project.
        if directory != start && is_writable_by_all(directory) {
            return None;
        }
        let path = directory.join(SETUP_FILE);
        if std::fs::symlink_metadata(&path).is_ok() {
            return Some(path);
        }
        if Some(directory) == home || directory.join(".git").exists() {
            return None;
        }
    }
    None
}

fn read_at(path: &Path) -> io::Result<String> {
    read(path.parent().unwrap_or(Path::new(".")), SETUP_FILE, LARGEST)
}

/// Reads the regular file `name` of `directory`, if this user may rely on it.
fn read(directory: &Path, name: &str, limit: u64) -> io::Result<String> {
    let name = OsStr::new(name);
    let opened = Directory::open_named(directory)?;
    if let EntryType::Link(_) = opened.entry_type(name)? {
        return Err(UnfitFile::Link.into());
    }
    let file = opened.open_file(name)?;
    check_owner(&file, directory)?;
    files::text(files::read_capped(file, limit)?)
}

fn is_of_others(error: &io::Error) -> bool {
    matches!(UnfitFile::find(error), Some(UnfitFile::Owner(_)))
}

/// Refuses the file of another user: always for root; else if it is not of the same user as its directory, or anybody may write
/// there.
#[cfg(unix)]
fn check_owner(file: &std::fs::File, directory: &Path) -> io::Result<()> {
    use crate::system::directory::is_root;
    use std::os::unix::fs::MetadataExt;
    let owner = file.metadata()?.uid();
    let user = rustix::process::geteuid().as_raw();
    if owner == user || is_root(owner) {
        return Ok(());
    }
    let of_directory = std::fs::metadata(directory)?;
    let is_trusted =
        !is_root(user) && of_directory.uid() == owner && of_directory.mode() & 0o002 == 0;
    match is_trusted {
        true => Ok(()),
        false => Err(UnfitFile::Owner(owner).into()),
    }
}

#[cfg(not(unix))]
fn check_owner(_file: &std::fs::File, _directory: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
fn is_writable_by_all(directory: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata(directory).is_ok_and(|found| found.mode() & 0o002 != 0)
}

#[cfg(not(unix))]
fn is_writable_by_all(_directory: &Path) -> bool {
    false
}

fn unreadable(path: &Path, error: &io::Error) -> Error {
    let next = match UnfitFile::find(error) {
        Some(UnfitFile::Owner(_)) => message!("lock-owner-next", path = printable_path(path)),
        Some(_) | None => message!("lock-unreadable-next"),
    };
    Error::new(
        ErrorId::FileUnreadable,
        message!("lock-read-tried", path = printable_path(path)),
        describe_io_error(error),
        next,
    )
}

#[cfg(test)]
mod tests;
