//! The Linux package: a gzip of a tar that holds a gzip of a tar. Extended headers are read here and strictly, because
//! readers that disagree about them see different archives (CVE-2025-62518).

use std::io::{BufRead, BufReader, Read};

use tar::{Archive, Entries, Entry, EntryType};

use super::destination::{Destination, Layer};
use super::extensions::Extensions;
use super::gzip::GzipReader;
use super::meter::{Compressed, Flow, HeaderBudget, Inflated};
use super::read_error::read_error;
use super::walk::{ArchiveEntry, ArchiveEntryKind, PackageWalk};
use super::{ArchiveRefusal, PackageLayout};
use crate::message::{Message, message};

/// Compressed bytes of the archive inside that are inflated at once.
const READ_AHEAD: usize = 64 << 10;

/// Unpacks a package, compressed.
pub(super) fn gzipped(
    walk: &mut PackageWalk<'_>,
    package: impl BufRead,
) -> Result<PackageLayout, ArchiveRefusal> {
    let headers = HeaderBudget::default();
    outer(walk, inflate(walk, package, &headers), &headers)?;
    Ok(PackageLayout::Linux)
}

/// Unpacks the archive inside a package, compressed.
pub(super) fn nested(
    walk: &mut PackageWalk<'_>,
    archive: impl BufRead,
) -> Result<(), ArchiveRefusal> {
    walk.begin_nested()?;
    let from = walk.at.clone();
    let headers = HeaderBudget::default();
    let mut archive = Archive::new(inflate(walk, archive, &headers));
    let mut entries = raw(&mut archive)?;
    while let Some((item, mut entry)) = next(walk, &mut entries, &headers)? {
        let names = walk.enter(&item.name)?;
        walk.put(&item, Layer::Nested, &names, &mut entry)?;
    }
    walk.end(archive.into_inner(), &headers)?;
    walk.at = from;
    Ok(())
}

/// Unpacks a package, already inflated.
pub(super) fn outer<R: Read>(
    walk: &mut PackageWalk<'_>,
    package: Inflated<R>,
    headers: &HeaderBudget,
) -> Result<(), ArchiveRefusal> {
    let mut archive = Archive::new(package);
    let mut entries = raw(&mut archive)?;
    while let Some((item, mut entry)) = next(walk, &mut entries, headers)? {
        let names = walk.enter(&item.name)?;
        let Some((top, inside)) = names.split_first() else {
            continue;
        };
        walk.check_top(&item, top, inside.is_empty())?;
        match walk.destination(Layer::Outer, &names) {
            Destination::NestedArchive if item.kind == ArchiveEntryKind::File => {
                walk.check_size(&item)?;
                nested(walk, BufReader::with_capacity(READ_AHEAD, &mut entry))?;
            }
            _ => walk.put(&item, Layer::Outer, &names, &mut entry)?,
        }
    }
    walk.end(archive.into_inner(), headers)
}

fn inflate<R: BufRead>(
    walk: &PackageWalk<'_>,
    compressed: R,
    headers: &HeaderBudget,
) -> Inflated<GzipReader<Compressed<R>>> {
    let flow = Flow::of(0);
    let decoder = GzipReader::new(walk.compressed(compressed, &flow, walk.limits.idle));
    walk.inflated(decoder, flow, headers)
}

/// The blocks of an archive, without tar's own reading of extended headers.
fn raw<R: Read>(archive: &mut Archive<R>) -> Result<Entries<'_, R>, ArchiveRefusal> {
    let entries = archive.entries().map_err(|error| read_error(&error))?;
    Ok(entries.raw(true))
}

/// The next entry with what its extended headers say; headers in front of it are read within their budget.
fn next<'e, R: Read>(
    walk: &mut PackageWalk<'_>,
    entries: &mut Entries<'e, R>,
    headers: &HeaderBudget,
) -> Result<Option<(ArchiveEntry, Entry<'e, R>)>, ArchiveRefusal> {
    headers.set(Some(walk.limits.headers));
    let mut extensions = Extensions::default();
    let found = loop {
        let next = entries.next().transpose();
        let Some(mut entry) = next.map_err(|error| read_error(&error))? else {
            if extensions == Extensions::default() {
                break None;
            }
            return Err(ArchiveRefusal::Corrupt(message!("unpack-header-alone")));
        };
        let own = |walk: &mut PackageWalk<'_>, name: &[u8]| {
            walk.at = String::from_utf8_lossy(name).into_owned();
        };
        let kind = entry.header().entry_type();
        if !Extensions::is_one(kind) {
            let name = extensions.path.clone();
            let name = name.unwrap_or_else(|| entry.path_bytes().into_owned());
            own(walk, &name);
            let item = item(&entry, name, &extensions).map_err(|reason| walk.refuse(reason))?;
            break Some((item, entry));
        }
        let mut content = Vec::new();
        let size = entry.size();
        let name = entry.path_bytes().into_owned();
        let read = entry
            .read_to_end(&mut content)
            .map_err(|error| read_error(&error))?;
        own(walk, &name);
        if read as u64 != size {
            return Err(ArchiveRefusal::Corrupt(message!("unpack-ends-early")));
        }
        extensions
            .add(kind, &content)
            .map_err(|reason| walk.refuse(reason))?;
    };
    headers.set(None);
    Ok(found)
}

/// An entry's header; an error says what is wrong with it, as a phrase that follows "it".
fn item<R: Read>(
    entry: &Entry<'_, R>,
    name: Vec<u8>,
    extensions: &Extensions,
) -> Result<ArchiveEntry, Message> {
    if extensions.sparse {
        return Err(message!("unpack-sparse"));
    }
    let header = entry.header();
    let size = entry.size();
    let linked = || {
        let own = || entry.link_name_bytes().unwrap_or_default().into_owned();
        extensions.link.clone().unwrap_or_else(own)
    };
    let kind = match header.entry_type() {
        EntryType::Regular => ArchiveEntryKind::File,
        EntryType::Directory => ArchiveEntryKind::Folder,
        EntryType::Symlink => ArchiveEntryKind::Link(linked()),
        EntryType::Link => return Err(message!("unpack-hard-link")),
        EntryType::Char | EntryType::Block => return Err(message!("unpack-device")),
        EntryType::Fifo => return Err(message!("unpack-pipe")),
        EntryType::GNUSparse => return Err(message!("unpack-sparse")),
        other => {
            return Err(message!(
                "unpack-type-unknown",
                kind = format!("0x{:02x}", other.as_byte())
            ));
        }
    };
    if extensions.size.is_some_and(|says| says != size) {
        return Err(message!("unpack-size-twice"));
    }
    if kind != ArchiveEntryKind::File && size != 0 {
        return Err(message!("unpack-contents-of-no-file"));
    }
    if kind == ArchiveEntryKind::File && name.ends_with(b"/") {
        return Err(message!("unpack-file-named-as-directory"));
    }
    Ok(ArchiveEntry {
        name,
        executable: header.mode().is_ok_and(|mode| mode & 0o100 != 0),
        kind,
        size,
    })
}

#[cfg(test)]
mod tests;
