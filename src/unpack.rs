//! A hostile archive becomes a safe tree, whatever its format: the Linux tarball with its archive inside, zip, the macOS
//! package. One pass over the bytes (zip's table stands at its end, so a zip is kept in a nameless file first). Nothing is
//! written but regular files and folders through checked names, and links that were checked last.
//!
//! docs/attacks.md lists the attacks that are refused here, with their tests.

mod compression_fault;
mod cpio;
mod destination;
mod entry_name;
mod extensions;
mod format;
mod gzip;
mod installer_roots;
mod limits;
mod meter;
mod part;
mod payload;
mod pbzx;
mod program_archive;
mod read_error;
mod source_archive;
mod tarball;
mod tree;
mod walk;
mod writer;
mod xar;
mod xar_toc;
mod zip_archive;
mod zip_directory;

use crate::message::Message;
use std::io::{self, BufRead};
use std::path::{Path, PathBuf};

use crate::tdengine::digest::Sha256;

pub use destination::is_shared_library;
pub use part::{ArchiveParser, unpack_part};
pub use program_archive::{LARGEST_PROGRAM, ProgramArchiveForm, read_program};
pub use source_archive::{MOST_BYTES, MOST_ENTRIES, unpack_source};
pub use tree::make_link;

use limits::{ArchiveLimits, LIMITS};
use walk::PackageWalk;

/// Unpacks the client package that `package` holds into the empty directory `into`. Reads to the end of `package`, so that its own
/// checksums count. `vendor` are the stems of the driver's libraries, the only ones that go directly into `lib/`. After a refusal
/// `into` is left as it is, for the caller to remove.
pub fn unpack(
    package: impl BufRead,
    into: &Path,
    vendor: &[String],
) -> Result<Unpacked, ArchiveRefusal> {
    unpack_within(package, into, vendor, LIMITS)
}

fn unpack_within(
    package: impl BufRead,
    into: &Path,
    vendor: &[String],
    limits: ArchiveLimits,
) -> Result<Unpacked, ArchiveRefusal> {
    let mut walk = PackageWalk::new(into, limits, vendor);
    let walked = format::unpack(&mut walk, package, into);
    walk.finish(walked)
}

/// How a package arranges what it holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PackageLayout {
    /// One top folder with `driver/` and, in an archive inside, the rest.
    #[default]
    Linux,
    /// What the Windows installer writes.
    Windows,
    /// What the macOS installer writes.
    Macos,
}

/// What was unpacked.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Unpacked {
    /// Every file, in the archive's order.
    pub files: Vec<UnpackedFile>,
    /// Every symbolic link.
    pub links: Vec<UnpackedLink>,
    /// Names of the archive that are not installed, the first folder or file of each.
    pub left_out: Vec<String>,
    /// Whether the archive held the nested one.
    pub nested: bool,
    /// How the package was arranged.
    pub layout: PackageLayout,
}

/// A file that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnpackedFile {
    /// Its path in the tree, with `/`.
    pub path: String,
    /// Its size in bytes.
    pub size: u64,
    /// Its SHA-256.
    pub sha256: Sha256,
}

/// A symbolic link that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnpackedLink {
    /// Its path in the tree, with `/`.
    pub path: String,
    /// What it points to, relative to its own folder.
    pub target: String,
}

/// Why an archive was not unpacked.
#[derive(Debug)]
pub enum ArchiveRefusal {
    /// It is damaged or cut short; the text is a sentence without a full stop. Values in it come from outside.
    Corrupt(Message),
    /// An entry is one that no honest package holds.
    Unsafe {
        /// The entry's name as the archive gives it, not yet safe to print.
        entry: String,
        /// What is wrong with it, a phrase that follows the entry's name. Values in it come from outside.
        reason: Message,
    },
    /// It is a program that installs, for Windows, and not opened here.
    WindowsInstaller,
    /// The tree could not be written.
    Unwritable {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
}

impl ArchiveRefusal {
    fn unsafe_entry(entry: &str, reason: Message) -> Self {
        Self::Unsafe {
            entry: entry.to_owned(),
            reason,
        }
    }
}
