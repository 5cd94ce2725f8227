//! The tree being written. It knows every name that it wrote, so that no name is written twice or through a link.

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::destination::{PRIVATE, RequiredKind, required_kind};
use super::entry_name::folded;
use super::writer::{FileTarget, FileWriter};
use super::{ArchiveRefusal, UnpackedFile, UnpackedLink, limits};
use crate::message::{Message, message};
use crate::tdengine::digest::Sha256;

/// What a name in the tree is.
#[derive(Clone, Debug, PartialEq, Eq)]
enum NodeKind {
    Folder,
    /// A file, from the entry of this name.
    File(String),
    /// A link, created last.
    Link {
        /// The path of the tree that it leads to.
        target: String,
        /// The archive's name for errors.
        entry: String,
    },
}

/// A tree below `root`.
pub(super) struct Tree<'a> {
    root: &'a Path,
    /// The stems of the driver's own libraries.
    vendor: &'a [String],
    /// The largest number of names.
    most: usize,
    /// By folded path: file systems that ignore case or composition would take two such names for one.
    names: HashMap<String, (String, NodeKind)>,
    /// Path and size of every file.
    files: Vec<(String, u64)>,
    writer: FileWriter,
    digests: Vec<Option<Sha256>>,
    /// Path, entry and digest of every file that came once more.
    again: Vec<(String, String, Sha256)>,
}

impl<'a> Tree<'a> {
    /// An empty tree below the empty folder `root`.
    pub(super) fn new(root: &'a Path, vendor: &'a [String], most: usize) -> Self {
        Self {
            root,
            vendor,
            most,
            names: HashMap::new(),
            files: Vec::new(),
            writer: FileWriter::default(),
            digests: Vec::new(),
            again: Vec::new(),
        }
    }

    /// Makes the folder `path` unless it is there. `entry` is the archive's name for errors.
    pub(super) fn folder(&mut self, entry: &str, path: &str) -> Result<(), ArchiveRefusal> {
        let mut at = 0;
        loop {
            let end = path[at..].find('/').map_or(path.len(), |found| at + found);
            self.one_folder(entry, &path[..end])?;
            if end == path.len() {
                return Ok(());
            }
            at = end + 1;
        }
    }

    fn one_folder(&mut self, entry: &str, path: &str) -> Result<(), ArchiveRefusal> {
        match self.names.get(&folded(path)) {
            Some((known, NodeKind::Folder)) if known == path => return Ok(()),
            Some(_) => return Err(taken(entry)),
            None => {}
        }
        self.claim(entry, path, NodeKind::Folder)?;
        let on_disk = self.root.join(path);
        fs::create_dir(&on_disk).map_err(|error| write_error(entry, on_disk, error))
    }

    /// Writes the file `path` from `content`, which must hold exactly `size` bytes. `twice`: another entry may have brought the
    /// same file already.
    pub(super) fn file(
        &mut self,
        entry: &str,
        path: &str,
        size: u64,
        executable: bool,
        twice: bool,
        content: &mut impl Read,
    ) -> Result<(), ArchiveRefusal> {
        if twice && self.is_from_another(entry, path) {
            return self.again(entry, path, size, content);
        }
        self.parent(entry, path)?;
        self.claim(entry, path, NodeKind::File(entry.to_owned()))?;
        let on_disk = self.root.join(path);
        let target = FileTarget {
            entry: entry.to_owned(),
            on_disk,
            executable,
        };
        if self.writer.write(target, size, content)? != size {
            return Err(ArchiveRefusal::Corrupt(message!(
                "unpack-cut-short",
                entry = entry
            )));
        }
        self.files.push((path.to_owned(), size));
        Ok(())
    }

    fn is_from_another(&self, entry: &str, path: &str) -> bool {
        matches!(
            self.names.get(&folded(path)),
            Some((known, NodeKind::File(from))) if known == path && from != entry
        )
    }

    /// Reads a file that another entry brought; [`Tree::finish`] refuses it unless it is the same.
    fn again(
        &mut self,
        entry: &str,
        path: &str,
        size: u64,
        content: &mut impl Read,
    ) -> Result<(), ArchiveRefusal> {
        let (read, sha256) = self.writer.digest(content)?;
        if read != size {
            return Err(ArchiveRefusal::Corrupt(message!(
                "unpack-cut-short",
                entry = entry
            )));
        }
        self.again.push((path.to_owned(), entry.to_owned(), sha256));
        Ok(())
    }

    /// Notes the link `path`, which leads to the path `target` of the tree. It is made by [`Tree::finish`], when nothing can
    /// be written through it any more.
    pub(super) fn link(
        &mut self,
        entry: &str,
        path: &str,
        target: String,
    ) -> Result<(), ArchiveRefusal> {
        self.parent(entry, path)?;
        let entry_name = entry.to_owned();
        let link = NodeKind::Link {
            target,
            entry: entry_name,
        };
        self.claim(entry, path, link)
    }

    fn parent(&mut self, entry: &str, path: &str) -> Result<(), ArchiveRefusal> {
        match path.rsplit_once('/') {
            Some((folder, _)) => self.folder(entry, folder),
            None => Ok(()),
        }
    }

    fn claim(&mut self, entry: &str, path: &str, kind: NodeKind) -> Result<(), ArchiveRefusal> {
        if let Some(reason) = misplaced(&kind, required_kind(path, self.vendor)) {
            return Err(ArchiveRefusal::unsafe_entry(entry, reason));
        }
        if self.names.len() >= self.most {
            let reason = message!("unpack-files-many", most = self.most);
            return Err(ArchiveRefusal::unsafe_entry(entry, reason));
        }
        let name = (path.to_owned(), kind);
        match self.names.insert(folded(path), name) {
            None => Ok(()),
            Some(_) => Err(taken(entry)),
        }
    }

    /// Waits until everything is written. The error is that of an earlier entry than any that is met after it.
    pub(super) fn written(&mut self) -> Result<(), ArchiveRefusal> {
        self.digests = std::mem::take(&mut self.writer).finish()?;
        Ok(())
    }

    /// Makes the links and gives all that the tree holds, once it is [`Self::written`].
    pub(super) fn finish(self) -> Result<(Vec<UnpackedFile>, Vec<UnpackedLink>), ArchiveRefusal> {
        let mut links = Vec::new();
        for (path, kind) in self.names.values() {
            let NodeKind::Link { target, entry } = kind else {
                continue;
            };
            self.check_link(entry, path, target)?;
            let target = relative(path, target);
            let on_disk = self.root.join(path);
            make_link(&target, &on_disk).map_err(|error| write_error(path, on_disk, error))?;
            links.push(UnpackedLink {
                path: path.clone(),
                target,
            });
        }
        links.sort_by(|a, b| a.path.cmp(&b.path));
        let mut files = Vec::with_capacity(self.files.len());
        for (number, (path, size)) in self.files.into_iter().enumerate() {
            let sha256 = self.digests.get(number).copied().flatten();
            let sha256 = sha256.ok_or_else(|| {
                ArchiveRefusal::Corrupt(message!("unpack-cut-short", entry = path))
            })?;
            files.push(UnpackedFile { path, size, sha256 });
        }
        for (path, entry, sha256) in self.again {
            let first = files.iter().find(|file| file.path == path);
            if first.is_none_or(|first| first.sha256 != sha256) {
                return Err(taken(&entry));
            }
        }
        Ok((files, links))
    }

    /// Follows a link to its end, which must be a file of this tree, in the same directory of the client.
    fn check_link(&self, entry: &str, path: &str, target: &str) -> Result<(), ArchiveRefusal> {
        let mut target = target;
        for _ in 0..limits::DEPTH {
            match self.names.get(&folded(target)) {
                Some((known, NodeKind::Link { target: next, .. })) if known == target => {
                    target = next
                }
                Some((known, NodeKind::File(_))) if known == target => {
                    return match is_reachable(path, target) {
                        true => Ok(()),
                        false => Err(ArchiveRefusal::unsafe_entry(
                            entry,
                            message!("unpack-link-other-directory"),
                        )),
                    };
                }
                Some((known, NodeKind::Folder)) if known == target => {
                    return Err(ArchiveRefusal::unsafe_entry(
                        entry,
                        message!("unpack-link-directory"),
                    ));
                }
                _ => {
                    return Err(ArchiveRefusal::unsafe_entry(
                        entry,
                        message!("unpack-link-nothing"),
                    ));
                }
            }
        }
        Err(ArchiveRefusal::unsafe_entry(
            entry,
            message!("unpack-link-itself"),
        ))
    }
}

/// The complaint, a phrase that follows "it", about a `kind` where the client needs `required`.
fn misplaced(kind: &NodeKind, required: RequiredKind) -> Option<Message> {
    match (required, kind) {
        (RequiredKind::Any, _)
        | (RequiredKind::Directory, NodeKind::Folder)
        | (RequiredKind::File | RequiredKind::FileOrLink, NodeKind::File(_))
        | (RequiredKind::FileOrLink, NodeKind::Link { .. }) => None,
        (RequiredKind::Directory, NodeKind::File(_) | NodeKind::Link { .. }) => {
            Some(message!("unpack-not-a-directory"))
        }
        (RequiredKind::File, NodeKind::Link { .. }) => Some(message!("unpack-link-for-file")),
        (RequiredKind::File | RequiredKind::FileOrLink, NodeKind::Folder) => {
            Some(message!("unpack-directory-for-file"))
        }
    }
}

/// Whether a link at `path` may lead to `target`: both are in the same directory of the client, and no driver's library is
/// replaced by a private one.
fn is_reachable(path: &str, target: &str) -> bool {
    let directory = |path: &str| path.split('/').next().map(str::to_owned);
    let is_private = |path: &str| path.starts_with(PRIVATE);
    directory(path) == directory(target) && (is_private(path) || !is_private(target))
}

fn taken(entry: &str) -> ArchiveRefusal {
    ArchiveRefusal::unsafe_entry(entry, message!("unpack-name-taken"))
}

/// A failed write; a name that exists although the tree does not know it is another spelling of one that it does know.
pub(super) fn write_error(entry: &str, path: PathBuf, error: io::Error) -> ArchiveRefusal {
    if error.kind() == io::ErrorKind::AlreadyExists {
        return taken(entry);
    }
    ArchiveRefusal::Unwritable { path, error }
}

/// A new file: never one that is there, readable by all, written by its owner alone, whatever the archive says.
pub(super) fn create(path: &Path, executable: bool) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(if executable { 0o755 } else { 0o644 });
    }
    #[cfg(not(unix))]
    let _ = executable;
    options.open(path)
}

/// The way from the link `path` to `target`, both paths of the tree.
fn relative(path: &str, target: &str) -> String {
    let from: Vec<&str> = path.split('/').collect();
    let to: Vec<&str> = target.split('/').collect();
    let folders = from.len() - 1;
    let shared = from[..folders]
        .iter()
        .zip(&to[..to.len() - 1])
        .take_while(|(a, b)| a == b)
        .count();
    let mut way = vec![".."; folders - shared];
    way.extend(&to[shared..]);
    way.join("/")
}

/// Makes the symbolic link `path`, which leads to `target`. Error `Unsupported` where this program makes none.
#[cfg(unix)]
pub fn make_link(target: &str, path: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(target, path)
}

/// Makes no link, which is an error.
#[cfg(not(unix))]
pub fn make_link(_target: &str, _path: &Path) -> io::Result<()> {
    Err(io::Error::new(
        io::ErrorKind::Unsupported,
        "symbolic links are not made on this system",
    ))
}

#[cfg(test)]
mod tests;
