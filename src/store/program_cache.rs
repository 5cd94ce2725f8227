//! Programs that were built to prove a connector: `programs/LANGUAGE-DIGEST/` in the cache folder, with a lock beside each. One process at a
//! time builds, runs, or removes a program.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File, TryLockError};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use super::{Store, unreadable, unwritable};
use crate::error::Result;
use crate::system::directory::{Directory, ignore_missing, remove_tree};
use crate::tdengine::digest::Sha256;

/// The folder of the programs.
pub const PROGRAMS: &str = "programs";
/// The folder of a program's files, which tools fill.
const WORK: &str = "work";
/// The file that says that the program is whole.
const BUILT: &str = "built";
/// The end of the name of a program's lock.
const LOCK: &str = ".lock";
/// The digits of a digest that names hold.
const DIGITS: usize = 24;

/// A program's place in the cache, locked. Dropping it unlocks.
#[derive(Debug)]
pub struct ProgramPlace {
    directory: Directory,
    path: PathBuf,
    _lock: File,
}

impl Store {
    /// The folder of programs that prove connectors. It may not exist.
    pub fn programs_dir(&self) -> PathBuf {
        self.downloads.with_file_name(PROGRAMS)
    }

    /// Takes the place of the program of `language` that `digest` decides; `None` if another process has it.
    ///
    /// # Errors
    /// `file-unwritable` if the cache folder cannot be used, or another user could change it.
    pub fn try_program_place(
        &self,
        language: &str,
        digest: &Sha256,
    ) -> Result<Option<ProgramPlace>> {
        let root = self.programs_dir();
        let opened = create_private(&root)
            .and_then(|()| Directory::open(&root))
            .map_err(|error| unwritable(&root, &error))?;
        opened
            .check_own()
            .map_err(|error| self.untrusted(&root, &error))?;
        let digits = digest.to_string();
        let name = format!("{language}-{}", digits.get(..DIGITS).unwrap_or_default());
        let path = root.join(&name);
        let lock = try_lock(&opened, &name).map_err(|error| unwritable(&path, &error))?;
        let Some(lock) = lock else {
            return Ok(None);
        };
        let name = OsStr::new(&name);
        let directory = match opened.open_directory(name) {
            Err(error) if error.kind() == ErrorKind::NotFound => opened
                .create_directory(name, 0o700)
                .and_then(|()| opened.open_directory(name)),
            opened => opened,
        };
        let directory = directory.map_err(|error| unwritable(&path, &error))?;
        directory
            .check_own()
            .map_err(|error| self.untrusted(&path, &error))?;
        Ok(Some(ProgramPlace {
            directory,
            path,
            _lock: lock,
        }))
    }
}

impl ProgramPlace {
    /// The folder of the program's files.
    pub fn work(&self) -> PathBuf {
        self.path.join(WORK)
    }

    /// Returns whether the program is whole.
    pub fn is_built(&self) -> bool {
        self.directory.open_own(OsStr::new(BUILT)).is_ok()
    }

    /// Removes what an earlier build left, and writes `files`: their paths with `/`, and their bytes. They are executable if they are
    /// scripts.
    ///
    /// # Errors
    /// `file-unwritable`.
    pub fn start_over<'a>(
        &self,
        files: impl IntoIterator<Item = (&'a str, &'a [u8])>,
    ) -> Result<()> {
        let work = OsStr::new(WORK);
        let failed = |error: io::Error| unwritable(&self.work(), &error);
        ignore_missing(self.directory.remove(OsStr::new(BUILT))).map_err(failed)?;
        ignore_missing(remove_tree(&self.directory, work)).map_err(failed)?;
        self.directory
            .create_directory(work, 0o700)
            .map_err(failed)?;
        for (path, bytes) in files {
            let path = self.work().join(path);
            write(&path, bytes).map_err(|error| unwritable(&path, &error))?;
        }
        Ok(())
    }

    /// Marks the program as whole.
    ///
    /// # Errors
    /// `file-unwritable`.
    pub fn finish(&self) -> Result<()> {
        let written = self.directory.replace(OsStr::new(BUILT), b"taos-setup\n");
        written.map_err(|error| unwritable(&self.path.join(BUILT), &error))
    }

    /// Removes the mark: the program is built again next time.
    ///
    /// # Errors
    /// `file-unwritable`.
    pub fn forget(&self) -> Result<()> {
        ignore_missing(self.directory.remove(OsStr::new(BUILT)))
            .map_err(|error| unwritable(&self.path.join(BUILT), &error))
    }
}

/// Writes a new file in new directories, for this user only.
fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(parent) = path.parent() {
        create_private(parent)?;
    }
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        let mode = if bytes.starts_with(b"#!") {
            0o700
        } else {
            0o600
        };
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, mode);
    }
    io::Write::write_all(&mut options.open(path)?, bytes)
}

fn create_private(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Locks the program `name` in `root`; `None` if another process has it.
fn try_lock(root: &Directory, name: &str) -> io::Result<Option<File>> {
    let name = OsString::from(format!("{name}{LOCK}"));
    loop {
        let file = match root.open_own_for_writing(&name) {
            Err(error) if error.kind() == ErrorKind::NotFound => match root.create(&name) {
                Err(error) if error.kind() == ErrorKind::AlreadyExists => continue,
                created => created?,
            },
            opened => opened?,
        };
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) => return Err(error),
        }
        // `gc` may have removed it between the two steps.
        if root.holds(&name, &file) {
            return Ok(Some(file));
        }
    }
}

/// Whether this entry of the folder of programs is a program.
fn is_program(name: &OsStr) -> bool {
    let parts = name.to_str().and_then(|name| name.rsplit_once('-'));
    parts.is_some_and(|(language, digits)| {
        language.bytes().all(|b| b.is_ascii_lowercase())
            && digits.len() == DIGITS
            && digits.bytes().all(|b| b.is_ascii_hexdigit())
    })
}

/// The programs in the cache of `store` that no process uses, by their names.
///
/// # Errors
/// `file-unreadable`.
pub(super) fn unused(store: &Store) -> Result<Vec<OsString>> {
    let root = store.programs_dir();
    // A link in the directory's place is not followed: nothing in it is this program's.
    let Ok(opened) = Directory::open(&root) else {
        return Ok(Vec::new());
    };
    let names = opened.names().map_err(|error| unreadable(&root, &error))?;
    let is_unused = |name: &OsString| {
        let lock = name.to_str().map(|name| try_lock(&opened, name));
        matches!(lock, Some(Ok(Some(_))))
    };
    let programs = names.into_iter().filter(|name| is_program(name));
    Ok(programs.filter(is_unused).collect())
}

/// Removes the program `name`, and its lock, unless a process uses it.
///
/// # Errors
/// What the system says.
pub(super) fn remove(store: &Store, name: &OsStr) -> io::Result<()> {
    let opened = Directory::open(&store.programs_dir())?;
    let Some(text) = name.to_str() else {
        return Ok(());
    };
    let Some(lock) = try_lock(&opened, text)? else {
        return Ok(());
    };
    ignore_missing(remove_tree(&opened, name))?;
    ignore_missing(opened.remove(OsStr::new(&format!("{text}{LOCK}"))))?;
    drop(lock);
    Ok(())
}

#[cfg(test)]
#[cfg(unix)]
mod tests;
