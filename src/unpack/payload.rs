//! A macOS package's payload: a cpio archive, compressed in one of the ways that macOS knows.

use std::io::{BufRead, Read};
use std::rc::Rc;

use bzip2::bufread::MultiBzDecoder;
use lzma_rust2::XzReader;

use super::destination::Layer;
use super::format::peek;
use super::gzip::GzipReader;
use super::meter::{Flow, HeaderBudget};
use super::pbzx::{self, Pbzx};
use super::read_error::read_error;
use super::walk::{ArchiveEntryKind, PackageWalk};
use super::{ArchiveRefusal, cpio, limits};
use crate::message::message;

/// KiB that xz may hold: its dictionary of the strongest setting that macOS uses, 8 MiB, four times.
pub(super) const XZ_MEMORY: u32 = 32 << 10;

/// Unpacks a payload. What `archive` holds is read to its end.
pub(super) fn unpack(
    walk: &mut PackageWalk<'_>,
    archive: impl BufRead,
) -> Result<(), ArchiveRefusal> {
    let (head, archive) = peek::<6>(archive).map_err(|error| read_error(&error))?;
    let flow = Flow::of(0);
    let idle = match head.starts_with(b"pbzx") {
        // A chunk is read whole before it is inflated.
        true => 2 * pbzx::CHUNK,
        false => walk.limits.idle,
    };
    let packed = walk.compressed(archive, &flow, idle);
    match head.as_slice() {
        [0x1f, 0x8b, ..] => inflated(walk, GzipReader::new(packed), flow),
        [b'B', b'Z', b'h', ..] => inflated(walk, MultiBzDecoder::new(packed), flow),
        b"\xfd7zXZ\0" => inflated(walk, XzReader::new_mem_limit(packed, true, XZ_MEMORY), flow),
        [b'p', b'b', b'z', b'x', ..] => inflated(walk, Pbzx::new(packed), flow),
        b"070701" | b"070707" => inflated(walk, packed, flow),
        _ => Err(ArchiveRefusal::Corrupt(message!("unpack-payload-unknown"))),
    }
}

fn inflated(
    walk: &mut PackageWalk<'_>,
    reader: impl Read,
    flow: Rc<Flow>,
) -> Result<(), ArchiveRefusal> {
    let headers = HeaderBudget::default();
    let reader = walk.inflated(reader, flow, &headers);
    entries(walk, reader, &headers)
}

/// Unpacks a cpio archive, already inflated.
pub(super) fn entries(
    walk: &mut PackageWalk<'_>,
    reader: impl Read,
    headers: &HeaderBudget,
) -> Result<(), ArchiveRefusal> {
    let mut archive = cpio::Archive::new(reader);
    loop {
        headers.set(Some(walk.limits.headers));
        let next = archive.next(&mut walk.at)?;
        headers.set(None);
        let Some(mut item) = next else { break };
        let names = walk.enter(&item.name)?;
        walk.check_size(&item)?;
        let mut content = archive.content();
        if let ArchiveEntryKind::Link(target) = &mut item.kind {
            (&mut content)
                .take(limits::NAME as u64 + 1)
                .read_to_end(target)
                .map_err(|error| read_error(&error))?;
        }
        walk.put(&item, Layer::Macos, &names, &mut content)?;
    }
    walk.end(archive.into_inner(), headers)
}
