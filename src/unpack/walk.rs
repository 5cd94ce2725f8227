//! What is known while a package is walked, entry by entry, whatever its format; and the rules that every entry meets.

use std::collections::BTreeSet;
use std::io::{self, Read};
use std::path::Path;
use std::rc::Rc;

use super::destination::{Destination, Layer, destination};
use super::entry_name::{components, link_target};
use super::limits::{self, ArchiveLimits};
use super::meter::{Compressed, Flow, HeaderBudget, Inflated, Meter};
use super::read_error::read_error;
use super::tree::Tree;
use super::{ArchiveRefusal, PackageLayout, Unpacked, installer_roots};
use crate::message::{Message, message};

/// The kinds of entry that a package may hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ArchiveEntryKind {
    File,
    Folder,
    /// A symbolic link and its target, as the archive gives it.
    Link(Vec<u8>),
}

/// An entry's header, of any format.
#[derive(Clone, Debug)]
pub(super) struct ArchiveEntry {
    /// Its name as the archive gives it.
    pub(super) name: Vec<u8>,
    pub(super) kind: ArchiveEntryKind,
    /// Bytes of its content.
    pub(super) size: u64,
    pub(super) executable: bool,
}

/// A package on its way into a tree.
pub(super) struct PackageWalk<'a> {
    tree: Tree<'a>,
    pub(super) meter: Rc<Meter>,
    pub(super) limits: ArchiveLimits,
    vendor: &'a [String],
    entries: u64,
    /// The one folder that everything is in, once seen.
    pub(super) top: Option<String>,
    nested: bool,
    left_out: BTreeSet<String>,
    /// The entry being read, for errors.
    pub(super) at: String,
}

impl<'a> PackageWalk<'a> {
    pub(super) fn new(into: &'a Path, limits: ArchiveLimits, vendor: &'a [String]) -> Self {
        Self {
            tree: Tree::new(into, vendor, limits.installed),
            vendor,
            meter: Rc::new(Meter::new(limits)),
            limits,
            entries: 0,
            top: None,
            nested: false,
            left_out: BTreeSet::new(),
            at: "the first entry".to_owned(),
        }
    }

    /// Ends the walk: a broken limit explains the reading error that it caused, and links are made last.
    pub(super) fn finish(
        mut self,
        walked: Result<PackageLayout, ArchiveRefusal>,
    ) -> Result<Unpacked, ArchiveRefusal> {
        // What could not be written comes before what was read after it.
        self.tree.written()?;
        if let (Err(ArchiveRefusal::Corrupt(_)), Some(reason)) = (&walked, self.meter.violation()) {
            return Err(ArchiveRefusal::unsafe_entry(&self.at, reason));
        }
        let layout = walked?;
        let (files, links) = self.tree.finish()?;
        Ok(Unpacked {
            files,
            links,
            left_out: self.left_out.into_iter().collect(),
            nested: self.nested,
            layout,
        })
    }

    /// Counts what `decompressor` gives; `flow` knows what goes into it.
    pub(super) fn inflated<R: Read>(
        &self,
        decompressor: R,
        flow: Rc<Flow>,
        headers: &HeaderBudget,
    ) -> Inflated<R> {
        Inflated::new(
            decompressor,
            Rc::clone(&self.meter),
            flow,
            Rc::clone(headers),
        )
    }

    /// Counts what goes into a decompressor, of which `idle` bytes may come before it gives anything.
    pub(super) fn compressed<R>(&self, packed: R, flow: &Rc<Flow>, idle: u64) -> Compressed<R> {
        Compressed::new(packed, Rc::clone(flow), Rc::clone(&self.meter), idle)
    }

    /// Counts an entry and checks its name.
    pub(super) fn enter<'n>(&mut self, raw: &'n [u8]) -> Result<Vec<&'n str>, ArchiveRefusal> {
        self.at = String::from_utf8_lossy(raw).into_owned();
        self.entries += 1;
        if self.entries > self.limits.entries {
            let reason = message!("unpack-entries-many", most = self.limits.entries);
            return Err(self.refuse(reason));
        }
        components(raw).map_err(|reason| self.refuse(reason))
    }

    /// A refusal of the entry being read.
    pub(super) fn refuse(&self, reason: Message) -> ArchiveRefusal {
        ArchiveRefusal::unsafe_entry(&self.at, reason)
    }

    /// Everything of a package is in one folder, whatever its name.
    pub(super) fn check_top(
        &mut self,
        item: &ArchiveEntry,
        top: &str,
        alone: bool,
    ) -> Result<(), ArchiveRefusal> {
        if alone && item.kind == ArchiveEntryKind::File && is_of_finder(top) {
            return Ok(());
        }
        if alone && item.kind != ArchiveEntryKind::Folder {
            let reason = message!("unpack-next-to-top");
            return Err(self.refuse(reason));
        }
        let known = self.top.get_or_insert_with(|| top.to_owned());
        if known != top {
            let reason = message!("unpack-second-top", first = known);
            return Err(self.refuse(reason));
        }
        Ok(())
    }

    /// Notes that the archive inside begins, which may happen once.
    pub(super) fn begin_nested(&mut self) -> Result<(), ArchiveRefusal> {
        match std::mem::replace(&mut self.nested, true) {
            true => Err(self.refuse(message!("unpack-nested-twice"))),
            false => Ok(()),
        }
    }

    /// The destination of the entry called `names`.
    pub(super) fn destination(&self, layer: Layer, names: &[&str]) -> Destination {
        if names.last().is_some_and(|name| is_of_finder(name)) {
            return Destination::LeftOut;
        }
        match self.inside(layer, names) {
            Some(inside) => destination(layer, inside, self.vendor),
            None => Destination::LeftOut,
        }
    }

    /// A name without the folders around the client; `None` where it is not in them.
    fn inside<'n, 's>(&self, layer: Layer, names: &'n [&'s str]) -> Option<&'n [&'s str]> {
        match (layer, names) {
            (Layer::Nested, _) => Some(names),
            (Layer::Outer | Layer::Windows, _) => {
                let inside = match &self.top {
                    Some(top) => names
                        .split_first()
                        .filter(|(first, _)| *first == top)
                        .map(|(_, inside)| inside),
                    None => Some(names),
                };
                match layer {
                    Layer::Windows => inside.map(installer_roots::windows),
                    _ => inside,
                }
            }
            (Layer::Macos, _) => Some(installer_roots::macos(names)),
        }
    }

    /// Refuses what no limit allows, before anything is read.
    pub(super) fn check_size(&self, item: &ArchiveEntry) -> Result<(), ArchiveRefusal> {
        if item.size > self.limits.file_size {
            let most = limits::bytes(self.limits.file_size);
            return Err(self.refuse(message!("unpack-entry-large", most = most)));
        }
        Ok(())
    }

    /// Writes an entry where it belongs, or passes it over. `content` holds the item's bytes and nothing else.
    pub(super) fn put(
        &mut self,
        item: &ArchiveEntry,
        layer: Layer,
        names: &[&str],
        content: &mut impl Read,
    ) -> Result<(), ArchiveRefusal> {
        self.check_size(item)?;
        let target = match &item.kind {
            ArchiveEntryKind::Link(raw) => Some(self.link_place(raw, layer, names)?),
            _ => None,
        };
        // Installers have the same file in several places, whose one place is here.
        let installer = matches!(layer, Layer::Windows | Layer::Macos);
        match (self.destination(layer, names), &item.kind) {
            (Destination::Installed(path), ArchiveEntryKind::Folder) => {
                self.tree.folder(&self.at, &path)
            }
            (Destination::Installed(path), ArchiveEntryKind::File) => self.tree.file(
                &self.at,
                &path,
                item.size,
                item.executable || path.starts_with("bin/"),
                installer,
                content,
            ),
            (Destination::Installed(path), ArchiveEntryKind::Link(_)) => match target.flatten() {
                Some((target, itself)) if installer && target == path && !itself => Ok(()),
                Some((target, _)) => self.tree.link(&self.at, &path, target),
                None => Err(self.refuse(message!("unpack-link-not-installed"))),
            },
            (Destination::NestedArchive | Destination::LeftOut, kind) => {
                self.leave_out(layer, names, *kind == ArchiveEntryKind::Folder);
                let skipped =
                    io::copy(content, &mut io::sink()).map_err(|error| read_error(&error))?;
                if skipped == item.size || *kind != ArchiveEntryKind::File {
                    Ok(())
                } else {
                    Err(ArchiveRefusal::Corrupt(message!(
                        "unpack-cut-short",
                        entry = self.at
                    )))
                }
            }
        }
    }

    /// Where a link leads, as a path of the tree, and whether it leads to its own name; `None` where that is not installed.
    fn link_place(
        &self,
        raw: &[u8],
        layer: Layer,
        names: &[&str],
    ) -> Result<Option<(String, bool)>, ArchiveRefusal> {
        let folder = &names[..names.len().saturating_sub(1)];
        let target = link_target(folder, raw).map_err(|reason| self.refuse(reason))?;
        let Some(inside) = self.inside(layer, &target) else {
            return Err(self.refuse(message!("unpack-link-out-of-top")));
        };
        Ok(match destination(layer, inside, self.vendor) {
            Destination::Installed(path) => Some((path, target == names)),
            _ => None,
        })
    }

    /// Remembers what is not installed, by its first name, or its file in `bin/`.
    fn leave_out(&mut self, layer: Layer, names: &[&str], folder: bool) {
        let inside = self.inside(layer, names).unwrap_or(names);
        let shown = match (layer, inside) {
            // Folders around the client are none of its parts.
            (Layer::Macos, [_, ..]) if folder && inside.len() == names.len() => return,
            (Layer::Nested | Layer::Macos, ["bin", name]) => format!("bin/{name}"),
            (_, [first, ..]) => (*first).to_owned(),
            _ => return,
        };
        self.left_out.insert(shown);
    }

    /// Remembers a part of the package that is not opened.
    pub(super) fn leave_part_out(&mut self, name: &str) {
        self.left_out.insert(name.to_owned());
    }

    /// Reads an archive to its very end: what follows is padding, and the decompressor checks its sums there.
    pub(super) fn end(
        &self,
        mut rest: impl Read,
        headers: &HeaderBudget,
    ) -> Result<(), ArchiveRefusal> {
        headers.set(None);
        let mut buffer = [0; 8192];
        let mut padding = 0;
        let after = |what: Message| Err(ArchiveRefusal::Corrupt(what));
        loop {
            match rest.read(&mut buffer) {
                Ok(0) => return Ok(()),
                Ok(read) if buffer[..read].iter().all(|byte| *byte == 0) => padding += read as u64,
                Ok(_) => return after(message!("unpack-data-after")),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(read_error(&error)),
            }
            if padding > self.limits.padding {
                return after(message!("unpack-padding"));
            }
        }
    }
}

/// What macOS puts beside files when it packs or copies them: attributes of `NAME` in `._NAME` (AppleDouble), how a folder's
/// window looks.
fn is_of_finder(name: &str) -> bool {
    name.starts_with("._") || name == ".DS_Store"
}
