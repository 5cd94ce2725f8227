//! Finds and removes the leftovers of interrupted commands, and downloaded packages.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::{Store, program_cache, staging, unreadable, unwritable};
use crate::error::Result;
use crate::message::{Message, message};
use crate::system::directory::{Directory, EntryType, Visitor, remove_tree, walk};
use crate::system::events::EventSink;

/// The kind of a leftover.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeftoverKind {
    /// A directory in which a client was prepared or replaced.
    Staging,
    /// An interrupted change, to be completed or rolled back.
    Interrupted,
    /// A downloaded package, whole or in part.
    Download,
    /// A program that was built to prove a connector.
    Program,
}

/// Something that can be removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leftover {
    /// Its kind.
    pub kind: LeftoverKind,
    /// The file or folder.
    pub path: PathBuf,
    /// The bytes that become free. Files that an installed client shares do not count.
    pub bytes: u64,
    /// The interrupted change, as a phrase; else empty.
    pub about: Message,
}

impl Store {
    /// Lists what [`Self::collect`] would remove; changes nothing and does not wait. The second value is false if a process is
    /// changing the store at this moment: then nothing is listed. Errors `file-unreadable`, `file-unparsable`.
    pub fn leftovers(&self) -> Result<(Vec<Leftover>, bool)> {
        if self.is_locked() {
            Ok((Vec::new(), false))
        } else {
            Ok((self.found()?, true))
        }
    }

    /// Completes or rolls back interrupted changes, and removes every leftover. Returns them. Errors as for
    /// [`Self::lock`] and [`Self::leftovers`], and `file-unwritable`.
    pub fn collect(&self, events: &EventSink) -> Result<Vec<Leftover>> {
        // An empty store is not made in order to clean it.
        if !self.home.is_dir() && !self.downloads.is_dir() && !self.programs_dir().is_dir() {
            return Ok(Vec::new());
        }
        let mut lock = self.lock_as_it_is("gc", events)?;
        let found = self.found()?;
        // Packages go first: on a full disk, recovery may need the space.
        for leftover in found
            .iter()
            .filter(|leftover| leftover.kind == LeftoverKind::Download)
        {
            leftover.remove(&self.downloads)?;
        }
        for leftover in found
            .iter()
            .filter(|leftover| leftover.kind == LeftoverKind::Program)
        {
            let name = leftover.path.file_name().unwrap_or_default();
            program_cache::remove(self, name)
                .map_err(|error| unwritable(&leftover.path, &error))?;
        }
        lock.clean_up()?;
        for leftover in found
            .iter()
            .filter(|leftover| leftover.kind == LeftoverKind::Staging)
        {
            leftover.remove(&self.clients())?;
        }
        let _ = fs::remove_dir(&self.downloads);
        let _ = fs::remove_dir(self.programs_dir());
        Ok(found)
    }

    fn found(&self) -> Result<Vec<Leftover>> {
        let mut found = Vec::new();
        let interrupted = |path: PathBuf, about: Message| Leftover {
            kind: LeftoverKind::Interrupted,
            path,
            bytes: 0,
            about,
        };
        if let Some(about) = self.interrupted()? {
            found.push(interrupted(self.home.join(super::journal::NAME), about));
        }
        let clients = self.clients();
        if let Some(opened) = self.open_clients()? {
            for name in names(&opened, &clients)? {
                if let Some(client) = staging::trashed_client(self, &name) {
                    let about = message!("store-removal", client = client);
                    found.push(interrupted(clients.join(&name), about));
                } else if staging::is_staging(&name) || staging::is_stray_trash(self, &name) {
                    found.push(leftover(LeftoverKind::Staging, &opened, &clients, &name)?);
                }
            }
        }
        // A link in the directory's place is not followed: nothing in it is this program's.
        if let Ok(opened) = Directory::open(&self.downloads) {
            for name in names(&opened, &self.downloads)? {
                // Packages that a user put there are not removed.
                if is_cache(&name) {
                    let kind = LeftoverKind::Download;
                    found.push(leftover(kind, &opened, &self.downloads, &name)?);
                }
            }
        }
        let programs = self.programs_dir();
        for name in program_cache::unused(self)? {
            if let Ok(opened) = Directory::open(&programs) {
                let kind = LeftoverKind::Program;
                found.push(leftover(kind, &opened, &programs, &name)?);
            }
        }
        Ok(found)
    }
}

impl Leftover {
    /// Removes it from the directory `parent`.
    fn remove(&self, parent: &Path) -> Result<()> {
        let name = self.path.file_name().unwrap_or_default();
        match Directory::open(parent).and_then(|opened| remove_tree(&opened, name)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            ended => ended.map_err(|error| unwritable(&self.path, &error)),
        }
    }
}

/// Whether this entry of the downloads folder was made by a download: kept under its digest, or to resume.
fn is_cache(name: &std::ffi::OsStr) -> bool {
    name.to_str()
        .is_some_and(|name| name.starts_with("sha256-") || name == "partial")
}

fn leftover(kind: LeftoverKind, parent: &Directory, at: &Path, name: &OsStr) -> Result<Leftover> {
    let path = at.join(name);
    let bytes = size(parent, name).map_err(|error| unreadable(&path, &error))?;
    Ok(Leftover {
        kind,
        path,
        bytes,
        about: Message::default(),
    })
}

fn names(directory: &Directory, at: &Path) -> Result<Vec<OsString>> {
    directory.names().map_err(|error| unreadable(at, &error))
}

/// Returns the bytes of all files at and below `name` that have no other name; links are not followed.
fn size(parent: &Directory, name: &OsStr) -> io::Result<u64> {
    let mut sum = SizeSum(0);
    let found = parent.entry_type(name)?;
    if sum.entry(parent, name, found, Path::new(name))? {
        walk(&parent.open_directory(name)?, &mut sum)?;
    }
    Ok(sum.0)
}

/// Adds up sizes.
struct SizeSum(u64);

impl Visitor for SizeSum {
    fn entry(
        &mut self,
        parent: &Directory,
        name: &OsStr,
        found: EntryType,
        _path: &Path,
    ) -> io::Result<bool> {
        match found {
            EntryType::Directory => return Ok(true),
            EntryType::File(size) if parent.has_one_name(name)? => self.0 += size,
            EntryType::File(_) | EntryType::Link(_) | EntryType::Special => {}
        }
        Ok(false)
    }
}
