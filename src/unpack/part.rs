//! The parsers one by one, without the compression and the check sums around them, which made-up bytes do not get past.

use std::io::Cursor;
use std::path::Path;

use super::limits::{ArchiveLimits, LIMITS};
use super::meter::{Flow, HeaderBudget};
use super::walk::PackageWalk;
use super::{ArchiveRefusal, PackageLayout, Unpacked, payload, tarball, xar, xar_toc, zip_archive};

/// A parser of outside bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArchiveParser {
    /// A tar archive, already inflated, as a Linux package.
    Tar,
    /// A zip archive.
    Zip,
    /// A macOS package; and the same bytes as its table of contents, already inflated.
    Xar,
    /// A macOS package's payload, already inflated.
    Cpio,
}

/// Unpacks what one parser finds in `bytes` into the empty folder `into`, under limits a thousand times smaller than a
/// package's, so that each can be reached. Errors are those of [`super::unpack`].
pub fn unpack_part(
    part: ArchiveParser,
    bytes: &[u8],
    into: &Path,
) -> Result<Unpacked, ArchiveRefusal> {
    let limits = ArchiveLimits {
        entries: 1000,
        file_size: 1 << 20,
        total_size: 4 << 20,
        ratio_from: 16 << 10,
        ..LIMITS
    };
    let vendor = ["libtaos", "libtaosnative", "libtaosws"].map(str::to_owned);
    let mut walk = PackageWalk::new(into, limits, &vendor);
    let headers = HeaderBudget::default();
    let given = Flow::of(bytes.len() as u64);
    let walked = match part {
        ArchiveParser::Tar => {
            let reader = walk.inflated(bytes, given, &headers);
            tarball::outer(&mut walk, reader, &headers).map(|()| PackageLayout::Linux)
        }
        ArchiveParser::Zip => zip_archive::seekable(&mut walk, Cursor::new(bytes)),
        ArchiveParser::Xar => {
            if let Ok(xml) = std::str::from_utf8(bytes) {
                // What it says is not used; it must only not fail.
                let _ = xar_toc::read(xml);
            }
            xar::unpack(&mut walk, bytes)
        }
        ArchiveParser::Cpio => {
            let reader = walk.inflated(bytes, given, &headers);
            payload::entries(&mut walk, reader, &headers).map(|()| PackageLayout::Macos)
        }
    };
    walk.finish(walked)
}
