//! A zip archive: the Windows client's files, or a package as the tarball has it. Its table stands at its end, so that the
//! whole of it must be here before the first entry is read.

use std::io::{self, BufRead, BufReader, Read, Seek, Write};
use std::path::Path;

use zip::ZipArchive;

use super::destination::{Destination, Layer};
use super::meter::{Flow, HeaderBudget};
use super::read_error::read_error;
use super::walk::{ArchiveEntry, ArchiveEntryKind, PackageWalk};
use super::zip_directory::{self, ZipRecord};
use super::{ArchiveRefusal, PackageLayout, limits, tarball};
use crate::message::{Message, message};

/// Keeps the whole of `package` in a nameless file in `into`, then unpacks it.
pub(super) fn spooled(
    walk: &mut PackageWalk<'_>,
    mut package: impl BufRead,
    into: &Path,
) -> Result<PackageLayout, ArchiveRefusal> {
    let unwritable = |error| ArchiveRefusal::Unwritable {
        path: into.to_owned(),
        error,
    };
    let mut file = tempfile::tempfile_in(into).map_err(unwritable)?;
    let mut length = 0;
    loop {
        let chunk = match package.fill_buf() {
            Ok(chunk) => chunk,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(read_error(&error)),
        };
        if chunk.is_empty() {
            break;
        }
        file.write_all(chunk).map_err(unwritable)?;
        let read = chunk.len();
        package.consume(read);
        length += read as u64;
        if length > walk.limits.file_size {
            let most = limits::bytes(walk.limits.file_size);
            return Err(ArchiveRefusal::Corrupt(message!(
                "unpack-zip-large",
                most = most
            )));
        }
    }
    seekable(walk, BufReader::new(file))
}

/// Unpacks a zip archive that is here as a whole.
pub(super) fn seekable(
    walk: &mut PackageWalk<'_>,
    mut file: impl Read + Seek,
) -> Result<PackageLayout, ArchiveRefusal> {
    let records = zip_directory::read(&mut file, &walk.limits)?;
    let mut archive = ZipArchive::new(file).map_err(|error| damaged(&error.to_string()))?;
    if archive.len() != records.len() || archive.offset() != 0 {
        return Err(ArchiveRefusal::Corrupt(message!("unpack-table-ambiguous")));
    }
    let layer = layer(walk, &records);
    for (index, record) in records.iter().enumerate() {
        let names = walk.enter(&record.name)?;
        let mut item = item(record).map_err(|reason| walk.refuse(reason))?;
        walk.check_size(&item)?;
        if record.packed > record.size + record.size / 8 + walk.limits.idle {
            return Err(walk.refuse(message!("unpack-idle")));
        }
        let content = archive
            .by_index(index)
            .map_err(|error| damaged(&error.to_string()))?;
        if content.name_raw() != record.name || content.size() != record.size {
            return Err(ArchiveRefusal::Corrupt(message!("unpack-table-ambiguous")));
        }
        let packed = Flow::of(record.packed);
        let mut content = walk.inflated(content, packed, &HeaderBudget::default());
        if let ArchiveEntryKind::Link(target) = &mut item.kind {
            (&mut content)
                .take(limits::NAME as u64 + 1)
                .read_to_end(target)
                .map_err(|error| read_error(&error))?;
        }
        if let (Layer::Outer, Some((top, inside))) = (layer, names.split_first()) {
            walk.check_top(&item, top, inside.is_empty())?;
        }
        match walk.destination(layer, &names) {
            Destination::NestedArchive if item.kind == ArchiveEntryKind::File => {
                let mut content = BufReader::new(content);
                tarball::nested(walk, &mut content)?;
            }
            _ => walk.put(&item, layer, &names, &mut content)?,
        }
    }
    Ok(match layer {
        Layer::Outer => PackageLayout::Linux,
        _ => PackageLayout::Windows,
    })
}

/// Which layout the names tell; notes the folder that all of them are in.
fn layer(walk: &mut PackageWalk<'_>, records: &[ZipRecord]) -> Layer {
    let names: Vec<&str> = records
        .iter()
        .filter_map(|record| std::str::from_utf8(&record.name).ok())
        .collect();
    let packed = |name: &&str| {
        matches!(
            name.split_once('/'),
            Some((_, "package.tar.gz" | "taos.tar.gz"))
        )
    };
    if names.iter().any(packed) {
        return Layer::Outer;
    }
    let first = names.first().and_then(|name| name.split_once('/'));
    if let Some((top, _)) = first
        && !matches!(top, "driver" | "include" | "cfg" | "bin")
        && names
            .iter()
            .all(|name| name.split_once('/').is_some_and(|(first, _)| first == top))
    {
        walk.top = Some(top.to_owned());
    }
    Layer::Windows
}

/// An entry's header; an error is a phrase that follows "it".
fn item(record: &ZipRecord) -> Result<ArchiveEntry, Message> {
    let folder = record.name.ends_with(b"/");
    let kind = match record.mode.map(|mode| mode & 0o170_000) {
        Some(0o040_000) => ArchiveEntryKind::Folder,
        Some(0o100_000) => ArchiveEntryKind::File,
        Some(0o120_000) => ArchiveEntryKind::Link(Vec::new()),
        None | Some(0) if folder => ArchiveEntryKind::Folder,
        None | Some(0) => ArchiveEntryKind::File,
        Some(0o010_000) => return Err(message!("unpack-pipe")),
        Some(0o020_000 | 0o060_000) => return Err(message!("unpack-device")),
        Some(other) => return Err(message!("unpack-type-unknown", kind = format!("{other:o}"))),
    };
    if folder != (kind == ArchiveEntryKind::Folder) {
        return Err(message!("unpack-name-type"));
    }
    if folder && record.size != 0 {
        return Err(message!("unpack-contents-of-no-file"));
    }
    Ok(ArchiveEntry {
        name: record.name.clone(),
        kind,
        size: record.size,
        executable: record.mode.is_some_and(|mode| mode & 0o100 != 0),
    })
}

fn damaged(text: &str) -> ArchiveRefusal {
    ArchiveRefusal::Corrupt(message!("unpack-damaged", words = text))
}

#[cfg(test)]
mod tests;
