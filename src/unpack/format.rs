//! Which format a package has: its first bytes tell, not its name.

use std::io::{self, BufRead, Chain, Cursor, Read};
use std::path::Path;

use super::read_error::read_error;
use super::walk::PackageWalk;
use super::{ArchiveRefusal, PackageLayout, tarball, xar, zip_archive};

/// Unpacks a package of any format that is known.
pub(super) fn unpack(
    walk: &mut PackageWalk<'_>,
    package: impl BufRead,
    into: &Path,
) -> Result<PackageLayout, ArchiveRefusal> {
    let (head, package) = peek::<4>(package).map_err(|error| read_error(&error))?;
    if head.starts_with(b"PK") {
        zip_archive::spooled(walk, package, into)
    } else if head == b"xar!" {
        xar::unpack(walk, package)
    } else if head.starts_with(b"MZ") {
        Err(ArchiveRefusal::WindowsInstaller)
    } else {
        tarball::gzipped(walk, package)
    }
}

/// A reader whose first bytes were looked at, from its beginning.
pub(super) type Peeked<R> = Chain<Cursor<Vec<u8>>, R>;

/// Looks at the first `N` bytes, or fewer where there are no more.
pub(super) fn peek<const N: usize>(
    mut reader: impl BufRead,
) -> io::Result<(Vec<u8>, Peeked<impl BufRead>)> {
    let mut head = Vec::new();
    (&mut reader).take(N as u64).read_to_end(&mut head)?;
    Ok((head.clone(), Cursor::new(head).chain(reader)))
}
