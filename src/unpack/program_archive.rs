//! Reads this program out of an archive of its own release. Such an archive has one directory with the program and texts, and nothing
//! else: an entry that no release has is a reason to refuse all of it.

use std::collections::HashSet;
use std::io::{self, Cursor, Read};

use tar::{Archive, EntryType};
use zip::ZipArchive;

use super::ArchiveRefusal;
use super::entry_name::{components, folded};
use super::gzip::GzipReader;
use super::limits::LIMITS;
use super::zip_directory;
use crate::message::message;

/// The largest program, and the largest archive with all that it contains, in bytes.
pub const LARGEST_PROGRAM: u64 = 64 << 20;
/// The most entries. A release has about 60, most of them manual pages.
const MOST_ENTRIES: usize = 500;
/// Directories below the top one have no directories.
const DEEPEST: usize = 3;

/// The form of a release's archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProgramArchiveForm {
    /// A tar archive in gzip.
    TarGz,
    /// A zip archive.
    Zip,
}

/// Returns the contents of `top/program` in `archive`. Everything else must be a file that cannot be run, in `top` or one of its
/// directories.
///
/// # Errors
/// The reason why the archive is refused. Nothing is written.
pub fn read_program(
    archive: &[u8],
    form: ProgramArchiveForm,
    top: &str,
    program: &str,
) -> Result<Vec<u8>, ArchiveRefusal> {
    let mut search = ProgramSearch {
        top,
        program,
        names: HashSet::new(),
        bytes: 0,
        found: None,
    };
    match form {
        ProgramArchiveForm::TarGz => search.read_tar(archive)?,
        ProgramArchiveForm::Zip => search.read_zip(archive)?,
    }
    search.found.ok_or_else(|| {
        ArchiveRefusal::Corrupt(message!("unpack-program-missing", program = program))
    })
}

/// The kind of an entry.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ProgramEntryKind {
    Directory,
    File { is_executable: bool },
    Other,
}

/// What was seen of an archive.
struct ProgramSearch<'a> {
    top: &'a str,
    program: &'a str,
    /// The names of its files, as the most forgiving file system compares them.
    names: HashSet<String>,
    bytes: u64,
    found: Option<Vec<u8>>,
}

impl ProgramSearch<'_> {
    fn read_tar(&mut self, archive: &[u8]) -> Result<(), ArchiveRefusal> {
        // Headers count, too: what is inflated is limited before it is read as a tar.
        let inflated = GzipReader::new(archive).take(LARGEST_PROGRAM + 1);
        let mut tar = Archive::new(inflated);
        for entry in tar.entries().map_err(damaged)? {
            let mut entry = entry.map_err(damaged)?;
            let raw = entry.path_bytes().into_owned();
            let is_executable = entry.header().mode().map_err(damaged)? & 0o111 != 0;
            let kind = match entry.header().entry_type() {
                EntryType::Regular => ProgramEntryKind::File { is_executable },
                EntryType::Directory => ProgramEntryKind::Directory,
                _ => ProgramEntryKind::Other,
            };
            let size = entry.size();
            self.take(&raw, kind, size, &mut entry)?;
        }
        // Another archive behind the end would be what a reader that goes on sees.
        let mut rest = tar.into_inner();
        let mut chunk = [0; 4096];
        loop {
            match rest.read(&mut chunk).map_err(damaged)? {
                0 => return Ok(()),
                read if chunk[..read].iter().all(|byte| *byte == 0) => {}
                _ => {
                    return Err(ArchiveRefusal::Corrupt(message!(
                        "unpack-program-data-after"
                    )));
                }
            }
        }
    }

    fn read_zip(&mut self, archive: &[u8]) -> Result<(), ArchiveRefusal> {
        let records = zip_directory::read(&mut Cursor::new(archive), &LIMITS)?;
        let broken = |_| ArchiveRefusal::Corrupt(message!("unpack-program-damaged"));
        let mut zip = ZipArchive::new(Cursor::new(archive)).map_err(broken)?;
        if zip.len() != records.len() || zip.offset() != 0 {
            return Err(ArchiveRefusal::Corrupt(message!("unpack-table-ambiguous")));
        }
        for (index, record) in records.iter().enumerate() {
            let is_directory = record.name.ends_with(b"/");
            // Windows runs what its name says.
            let is_executable = record.mode.is_some_and(|mode| mode & 0o111 != 0)
                || record.name.to_ascii_lowercase().ends_with(b".exe");
            let kind = match record.mode.map(|mode| mode & 0o170_000) {
                None | Some(0 | 0o100_000) if !is_directory => {
                    ProgramEntryKind::File { is_executable }
                }
                None | Some(0 | 0o040_000) if is_directory => ProgramEntryKind::Directory,
                _ => ProgramEntryKind::Other,
            };
            let mut content = zip.by_index(index).map_err(broken)?;
            self.take(&record.name, kind, record.size, &mut content)?;
        }
        Ok(())
    }

    /// Checks an entry, and keeps the program.
    fn take(
        &mut self,
        raw: &[u8],
        kind: ProgramEntryKind,
        size: u64,
        content: &mut impl Read,
    ) -> Result<(), ArchiveRefusal> {
        let refuse = |reason| ArchiveRefusal::unsafe_entry(&String::from_utf8_lossy(raw), reason);
        let names = components(raw).map_err(refuse)?;
        self.bytes = self.bytes.saturating_add(size);
        if self.names.len() >= MOST_ENTRIES || self.bytes > LARGEST_PROGRAM {
            return Err(refuse(message!(
                "unpack-program-large",
                entries = MOST_ENTRIES,
                megabytes = LARGEST_PROGRAM >> 20
            )));
        }
        if names.first() != Some(&self.top) || names.len() > DEEPEST {
            return Err(refuse(message!(
                "unpack-program-outside",
                directory = self.top
            )));
        }
        if !self.names.insert(folded(&names.join("/"))) {
            return Err(refuse(message!("unpack-name-taken")));
        }
        match kind {
            ProgramEntryKind::Directory if names.len() < DEEPEST => Ok(()),
            ProgramEntryKind::Directory => Err(refuse(message!(
                "unpack-program-outside",
                directory = self.top
            ))),
            ProgramEntryKind::Other => Err(refuse(message!("unpack-program-kind"))),
            ProgramEntryKind::File { .. } if names[1..] == [self.program] => {
                let mut program = Vec::new();
                let limited = content.take(size.saturating_add(1));
                { limited }.read_to_end(&mut program).map_err(damaged)?;
                if program.len() as u64 != size {
                    return Err(ArchiveRefusal::Corrupt(message!("unpack-program-damaged")));
                }
                self.found = Some(program);
                Ok(())
            }
            ProgramEntryKind::File {
                is_executable: true,
            } => Err(refuse(message!("unpack-program-second"))),
            ProgramEntryKind::File { .. } if names.len() < 2 => Err(refuse(message!(
                "unpack-program-outside",
                directory = self.top
            ))),
            ProgramEntryKind::File { .. } => {
                // To its end, so that its check sum counts.
                io::copy(content, &mut io::sink()).map_err(damaged)?;
                Ok(())
            }
        }
    }
}

fn damaged(_: io::Error) -> ArchiveRefusal {
    ArchiveRefusal::Corrupt(message!("unpack-program-damaged"))
}

#[cfg(test)]
mod tests;
