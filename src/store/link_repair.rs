//! Puts back the links of an installed client that are missing or lead elsewhere. Nothing but links is replaced, and all links of a
//! client are put back, or none.

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Component, Path};

use super::{Client, InstalledLink, Lock, disk, unreadable, unwritable};
use crate::error::Result;
use crate::system::directory::{Directory, EntryType, ignore_missing};

impl Client {
    /// Returns the links that are missing or lead elsewhere. What stands in a link's place and is no link is not among them.
    ///
    /// # Errors
    /// `file-unreadable`, `file-unparsable`.
    pub fn broken_links(&self) -> Result<Vec<InstalledLink>> {
        let links = self.receipt()?.links.into_iter();
        Ok(links
            .filter(|link| {
                let path = self.prefix.join(&link.path);
                match std::fs::read_link(&path) {
                    Ok(target) => target != Path::new(&link.target),
                    Err(error) => error.kind() == io::ErrorKind::NotFound,
                }
            })
            .collect())
    }
}

/// A link that was exchanged, and what was there before.
struct ExchangedLink {
    folder: Directory,
    name: OsString,
    before: Option<OsString>,
}

impl Lock {
    /// Puts back the broken links of `client` and returns their paths.
    ///
    /// # Errors
    /// `file-unreadable`, `file-unparsable`; `file-unwritable`, and then everything is as before.
    pub fn repair_links(&self, client: &Client) -> Result<Vec<String>> {
        let broken = client.broken_links()?;
        let root = self
            .clients()
            .open_directory(OsStr::new(&client.folder_name()))
            .map_err(|error| unreadable(&client.prefix, &error))?;
        let mut done: Vec<ExchangedLink> = Vec::new();
        for link in &broken {
            match exchange(&root, link) {
                Ok(exchanged) => done.push(exchanged),
                Err(error) => {
                    for exchanged in done.iter().rev() {
                        let _ = exchanged.undo();
                    }
                    return Err(unwritable(&client.prefix.join(&link.path), &error));
                }
            }
        }
        Ok(broken.into_iter().map(|link| link.path).collect())
    }
}

impl ExchangedLink {
    fn undo(&self) -> io::Result<()> {
        match &self.before {
            Some(target) => place(&self.folder, &self.name, target),
            None => ignore_missing(self.folder.remove(&self.name)),
        }
    }
}

/// The names of a relative path that stays where it begins; the error otherwise. A record may be forged.
fn inner_names(path: &str) -> io::Result<Vec<&OsStr>> {
    let names = Path::new(path)
        .components()
        .map(|component| match component {
            Component::Normal(name) => Ok(name),
            Component::Prefix(_)
            | Component::RootDir
            | Component::CurDir
            | Component::ParentDir => Err(io::Error::from(io::ErrorKind::InvalidInput)),
        });
    names.collect()
}

/// Makes `link` below `root`. No link on the way is followed, and neither the path nor the target leads outside.
fn exchange(root: &Directory, link: &InstalledLink) -> io::Result<ExchangedLink> {
    let mut folder = root.try_clone()?;
    let mut names = inner_names(&link.path)?;
    let name = names.pop().ok_or(io::ErrorKind::InvalidInput)?;
    inner_names(&link.target)?;
    for part in names {
        folder = folder.open_directory(part)?;
    }
    let before = match folder.entry_type(name) {
        Ok(EntryType::Link(target)) => Some(target),
        Ok(EntryType::File(_) | EntryType::Directory | EntryType::Special) => {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(error),
    };
    place(&folder, name, OsStr::new(&link.target))?;
    Ok(ExchangedLink {
        folder,
        name: name.to_owned(),
        before,
    })
}

/// Makes the link `name`, in one step for who looks at it.
fn place(folder: &Directory, name: &OsStr, target: &OsStr) -> io::Result<()> {
    let mut new = OsString::from(".");
    new.push(name);
    new.push(".new");
    ignore_missing(folder.remove(&new))?;
    disk::step()?;
    folder.symlink(target, &new)?;
    disk::rename(folder, &new, name).inspect_err(|_| {
        let _ = folder.remove(&new);
    })
}
