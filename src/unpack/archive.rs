//! Walks a package, and the archive inside it, entry by entry.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::rc::Rc;

use flate2::bufread::MultiGzDecoder;
use tar::{Archive, Entry, EntryType};

use super::entry_name::{components, link_target};
use super::meter::{Compressed, HeaderBudget, Inflated, Meter};
use super::place::{Layer, Place, place};
use super::tree::Tree;
use super::{Refusal, Unpacked, limits};

/// The stages between compressed bytes and tar.
type Inflater<R> = Inflated<MultiGzDecoder<Compressed<R>>>;

/// Unpacks the client package that `package` holds into the empty folder `into`. Reads to the end of `package`, so that
/// gzip's own check sums count. On a refusal `into` is left as it is, for the caller to remove.
pub fn unpack(package: impl BufRead, into: &Path) -> Result<Unpacked, Refusal> {
    let meter = Rc::new(Meter::default());
    let mut walk = Walk {
        tree: Tree::new(into),
        meter: Rc::clone(&meter),
        entries: 0,
        top: None,
        nested: false,
        left_out: BTreeSet::new(),
        at: "the first entry".to_owned(),
    };
    let walked = walk.outer(package);
    if let (Err(Refusal::Corrupt(_)), Some(reason)) = (&walked, meter.violation()) {
        return Err(Refusal::unsafe_entry(&walk.at, reason));
    }
    walked?;
    let (files, links) = walk.tree.finish()?;
    Ok(Unpacked {
        files,
        links,
        left_out: walk.left_out.into_iter().collect(),
        nested: walk.nested,
    })
}

/// What is known on the way.
struct Walk<'a> {
    tree: Tree<'a>,
    meter: Rc<Meter>,
    entries: u64,
    /// The package's one top folder, once seen.
    top: Option<String>,
    nested: bool,
    left_out: BTreeSet<String>,
    /// The entry being read, for errors.
    at: String,
}

impl Walk<'_> {
    fn outer(&mut self, package: impl BufRead) -> Result<(), Refusal> {
        let headers = HeaderBudget::default();
        let mut archive = Archive::new(self.inflate(package, &headers));
        let mut entries = archive.entries().map_err(|error| read_error(&error))?;
        while let Some(mut entry) = next(&mut entries, &headers)? {
            let raw = entry.path_bytes().into_owned();
            let names = self.enter(&raw)?;
            let Some((top, inside)) = names.split_first() else {
                continue;
            };
            self.check_top(&entry, top, inside.is_empty())?;
            match place(Layer::Outer, inside) {
                Place::NestedArchive if kind(&entry) == Some(Kind::File) => {
                    if std::mem::replace(&mut self.nested, true) {
                        return Err(Refusal::unsafe_entry(
                            &self.at,
                            "is a second nested archive",
                        ));
                    }
                    let from = self.at.clone();
                    self.inner(BufReader::new(&mut entry))?;
                    self.at = from;
                }
                found => self.put(&mut entry, Layer::Outer, &names, inside, found)?,
            }
        }
        self.end(archive.into_inner(), &headers)
    }

    fn inner(&mut self, nested: impl BufRead) -> Result<(), Refusal> {
        let headers = HeaderBudget::default();
        let mut archive = Archive::new(self.inflate(nested, &headers));
        let mut entries = archive.entries().map_err(|error| read_error(&error))?;
        while let Some(mut entry) = next(&mut entries, &headers)? {
            let raw = entry.path_bytes().into_owned();
            let names = self.enter(&raw)?;
            let found = place(Layer::Nested, &names);
            self.put(&mut entry, Layer::Nested, &names, &names, found)?;
        }
        self.end(archive.into_inner(), &headers)
    }

    fn inflate<R: BufRead>(&self, compressed: R, headers: &HeaderBudget) -> Inflater<R> {
        let count = Rc::new(Cell::new(0));
        let decoder = MultiGzDecoder::new(Compressed::new(compressed, Rc::clone(&count)));
        Inflated::new(decoder, Rc::clone(&self.meter), count, Rc::clone(headers))
    }

    /// Counts an entry and checks its name.
    fn enter<'n>(&mut self, raw: &'n [u8]) -> Result<Vec<&'n str>, Refusal> {
        self.at = String::from_utf8_lossy(raw).into_owned();
        self.entries += 1;
        if self.entries > limits::ENTRIES {
            let reason = format!("is one of more than {} entries", limits::ENTRIES);
            return Err(Refusal::unsafe_entry(&self.at, reason));
        }
        components(raw).map_err(|reason| Refusal::unsafe_entry(&self.at, reason))
    }

    /// Everything of a package is in one folder, whatever its name.
    fn check_top<R: Read>(
        &mut self,
        entry: &Entry<'_, R>,
        top: &str,
        alone: bool,
    ) -> Result<(), Refusal> {
        if alone && kind(entry) != Some(Kind::Folder) {
            let reason =
                "stands beside the top folder; a package has one top folder and nothing else";
            return Err(Refusal::unsafe_entry(&self.at, reason));
        }
        let known = self.top.get_or_insert_with(|| top.to_owned());
        if known != top {
            let reason = format!("is in a second top folder; the first is {known}");
            return Err(Refusal::unsafe_entry(&self.at, reason));
        }
        Ok(())
    }

    /// Writes an entry where it belongs, or passes it over.
    fn put<R: Read>(
        &mut self,
        entry: &mut Entry<'_, R>,
        layer: Layer,
        names: &[&str],
        inside: &[&str],
        found: Place,
    ) -> Result<(), Refusal> {
        let refuse = |reason: String| Refusal::unsafe_entry(&self.at, reason);
        let Some(kind) = kind(entry) else {
            return Err(refuse(format!(
                "is {}",
                unwanted(entry.header().entry_type())
            )));
        };
        if pretends_to_be_sparse(entry) {
            return Err(refuse("is a sparse file".into()));
        }
        if entry.size() > limits::FILE_SIZE {
            return Err(refuse(format!(
                "is larger than {} GiB",
                limits::FILE_SIZE >> 30
            )));
        }
        let target = match kind {
            Kind::Link => Some(self.link_place(entry, layer, names)?),
            _ => None,
        };
        match (found, kind) {
            (Place::Installed(path), Kind::Folder) => self.tree.folder(&self.at, &path),
            (Place::Installed(path), Kind::File) => {
                // The vendor's script makes everything in bin/ executable, whatever its mode in the archive.
                let executable = path.starts_with("bin/")
                    || entry.header().mode().is_ok_and(|mode| mode & 0o100 != 0);
                let size = entry.size();
                self.tree.file(&self.at, &path, size, executable, entry)
            }
            (Place::Installed(path), Kind::Link) => match target.flatten() {
                Some(target) => self.tree.link(&self.at, &path, target),
                None => {
                    let reason = "is a link to something that is not installed";
                    Err(Refusal::unsafe_entry(&self.at, reason))
                }
            },
            (Place::NestedArchive | Place::LeftOut, _) => {
                self.leave_out(layer, inside);
                let size = entry.size();
                let skipped =
                    io::copy(entry, &mut io::sink()).map_err(|error| read_error(&error))?;
                if skipped == size || kind != Kind::File {
                    Ok(())
                } else {
                    Err(Refusal::Corrupt(format!("{} is cut short", self.at)))
                }
            }
        }
    }

    /// Where a link leads, as a path of the tree; `None` where that is not installed.
    fn link_place<R: Read>(
        &self,
        entry: &Entry<'_, R>,
        layer: Layer,
        names: &[&str],
    ) -> Result<Option<String>, Refusal> {
        let refuse = |reason: String| Refusal::unsafe_entry(&self.at, reason);
        let raw = entry.link_name_bytes().unwrap_or_default();
        let folder = &names[..names.len().saturating_sub(1)];
        let target = link_target(folder, &raw).map_err(refuse)?;
        let inside = match (layer, target.split_first()) {
            (Layer::Nested, _) => target.as_slice(),
            (Layer::Outer, Some((top, inside))) if Some(*top) == self.top.as_deref() => inside,
            (Layer::Outer, _) => {
                return Err(refuse("is a link that leads out of the top folder".into()));
            }
        };
        Ok(match place(layer, inside) {
            Place::Installed(path) => Some(path),
            _ => None,
        })
    }

    /// Remembers what is not installed, by its first name, or its file in `bin/`.
    fn leave_out(&mut self, layer: Layer, inside: &[&str]) {
        let shown = match (layer, inside) {
            (Layer::Nested, ["bin", name]) => format!("bin/{name}"),
            (_, [first, ..]) => (*first).to_owned(),
            _ => return,
        };
        self.left_out.insert(shown);
    }

    /// Reads an archive to its very end: what follows is padding, and the decompressor checks its sums there.
    fn end(&mut self, mut rest: impl Read, headers: &HeaderBudget) -> Result<(), Refusal> {
        headers.set(None);
        let mut buffer = [0; 8192];
        let mut padding = 0;
        loop {
            match rest.read(&mut buffer) {
                Ok(0) => return Ok(()),
                Ok(read) if buffer[..read].iter().all(|byte| *byte == 0) => padding += read as u64,
                Ok(_) => {
                    return Err(Refusal::Corrupt(
                        "there is data after the archive's end".into(),
                    ));
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(read_error(&error)),
            }
            if padding > limits::PADDING {
                return Err(Refusal::Corrupt(
                    "there is too much padding after the archive's end".into(),
                ));
            }
        }
    }
}

/// The next entry; headers in front of it are read within their budget.
fn next<'a, R: Read>(
    entries: &mut tar::Entries<'a, R>,
    headers: &HeaderBudget,
) -> Result<Option<Entry<'a, R>>, Refusal> {
    headers.set(Some(limits::HEADERS));
    let next = entries
        .next()
        .transpose()
        .map_err(|error| read_error(&error));
    headers.set(None);
    next
}

/// The kinds of entry that a package may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    File,
    Folder,
    Link,
}

fn kind<R: Read>(entry: &Entry<'_, R>) -> Option<Kind> {
    match entry.header().entry_type() {
        EntryType::Regular => Some(Kind::File),
        EntryType::Directory => Some(Kind::Folder),
        EntryType::Symlink => Some(Kind::Link),
        _ => None,
    }
}

fn unwanted(kind: EntryType) -> String {
    match kind {
        EntryType::Link => "a hard link".into(),
        EntryType::Char | EntryType::Block => "a device".into(),
        EntryType::Fifo => "a pipe".into(),
        EntryType::GNUSparse => "a sparse file".into(),
        other => format!("of the unknown type 0x{:02x}", other.as_byte()),
    }
}

/// GNU tar's newer sparse files look regular and tell the truth in extensions only.
fn pretends_to_be_sparse<R: Read>(entry: &mut Entry<'_, R>) -> bool {
    match entry.pax_extensions() {
        Ok(Some(extensions)) => extensions
            .flatten()
            .any(|extension| extension.key_bytes().starts_with(b"GNU.sparse.")),
        _ => false,
    }
}

/// Says a reading error in words: the bytes came from elsewhere, so it is the archive's fault.
pub(super) fn read_error(error: &io::Error) -> Refusal {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(inner) = source {
        text = inner.to_string();
        source = inner.source();
    }
    let says = |words: &[&str]| words.iter().any(|words| text.contains(words));
    Refusal::Corrupt(
        if says(&[
            "end of file",
            "unexpected EOF",
            "failed to fill whole buffer",
            "incomplete deflate",
        ]) {
            "the archive ends too early".into()
        } else if says(&["invalid gzip header"]) {
            "it is no gzip archive".into()
        } else if says(&["numeric field", "header checksum"]) {
            // tar repeats the bytes that it could not read.
            "the archive is damaged: a header does not make sense".into()
        } else {
            format!("the archive is damaged: {text}")
        },
    )
}

#[cfg(test)]
#[path = "archive_tests.rs"]
mod tests;
