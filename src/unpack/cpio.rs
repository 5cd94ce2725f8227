//! cpio archives of the two ASCII forms that macOS packages use: odc (IEEE 1003.1-1988, 10.1.2) and newc (SVR4).

use std::io::{self, Read, Take};

use super::read_error::read_error;
use super::walk::{ArchiveEntry, ArchiveEntryKind};
use super::{ArchiveRefusal, limits};
use crate::message::{Message, message};

/// The last entry's name.
const TRAILER: &[u8] = b"TRAILER!!!";

/// An archive, read entry by entry.
pub(super) struct Archive<R> {
    inner: Take<R>,
    /// Bytes behind the content up to the next header.
    padding: u64,
}

/// A header's fields that matter.
struct CpioHeader {
    mode: u64,
    links: u64,
    size: u64,
    name_size: u64,
    /// Names and contents are filled up to a multiple of this.
    align: u64,
    /// The header's own length.
    length: u64,
}

fn corrupt(reason: Message) -> ArchiveRefusal {
    ArchiveRefusal::Corrupt(reason)
}

impl<R: Read> Archive<R> {
    pub(super) fn new(inner: R) -> Self {
        Self {
            inner: inner.take(0),
            padding: 0,
        }
    }

    /// The content of the entry that [`Archive::next`] gave, to its end and not beyond.
    pub(super) fn content(&mut self) -> &mut impl Read {
        &mut self.inner
    }

    /// What follows the last entry.
    pub(super) fn into_inner(self) -> R {
        self.inner.into_inner()
    }

    /// The next entry; `None` at the end. A link's target is its content. `at` becomes its name before anything is refused.
    pub(super) fn next(&mut self, at: &mut String) -> Result<Option<ArchiveEntry>, ArchiveRefusal> {
        let unread = self.inner.limit();
        io::copy(&mut self.inner, &mut io::sink()).map_err(|error| read_error(&error))?;
        if unread > 0 && self.inner.limit() > 0 {
            return Err(ArchiveRefusal::Corrupt(message!(
                "unpack-cut-short",
                entry = at
            )));
        }
        self.fill(self.padding)?;
        let header = self.header()?;
        if header.name_size == 0 || header.name_size > limits::NAME as u64 + 1 {
            return Err(corrupt(message!("unpack-name-length")));
        }
        let name = self.bytes(header.name_size)?;
        let Some(name) = name.strip_suffix(b"\0") else {
            return Err(corrupt(message!("unpack-name-end")));
        };
        *at = String::from_utf8_lossy(name).into_owned();
        self.fill(to_multiple(header.length + header.name_size, header.align))?;
        self.padding = to_multiple(header.size, header.align);
        self.inner.set_limit(header.size);
        if name == TRAILER {
            return match header.size {
                0 => Ok(None),
                _ => Err(corrupt(message!("unpack-trailer-contents"))),
            };
        }
        item(name, &header)
            .map(Some)
            .map_err(|reason| ArchiveRefusal::unsafe_entry(at, reason))
    }

    fn header(&mut self) -> Result<CpioHeader, ArchiveRefusal> {
        let none = || corrupt(message!("unpack-damaged-header"));
        match self.bytes(6)?.as_slice() {
            // Magic, then in octal: device, inode, mode, owner, group, links, device, time, name's size, size.
            b"070707" => {
                let fields = self.bytes(70)?;
                let field =
                    |at: usize, length: usize| number(&fields[at..at + length], 8).ok_or_else(none);
                Ok(CpioHeader {
                    mode: field(12, 6)?,
                    links: field(30, 6)?,
                    name_size: field(53, 6)?,
                    size: field(59, 11)?,
                    align: 1,
                    length: 76,
                })
            }
            // Magic, then thirteen numbers of eight hexadecimal digits: inode, mode, owner, group, links, time, size, four of
            // devices, name's size, check sum.
            b"070701" => {
                let fields = self.bytes(104)?;
                let field = |at: usize| number(&fields[8 * at..8 * at + 8], 16).ok_or_else(none);
                Ok(CpioHeader {
                    mode: field(1)?,
                    links: field(4)?,
                    size: field(6)?,
                    name_size: field(11)?,
                    align: 4,
                    length: 110,
                })
            }
            _ => Err(none()),
        }
    }

    fn bytes(&mut self, length: u64) -> Result<Vec<u8>, ArchiveRefusal> {
        let mut bytes = Vec::new();
        self.inner.set_limit(length);
        let read = self
            .inner
            .read_to_end(&mut bytes)
            .map_err(|error| read_error(&error))?;
        match read as u64 == length {
            true => Ok(bytes),
            false => Err(corrupt(message!("unpack-ends-early"))),
        }
    }

    /// Reads what fills up; it must be zeros.
    fn fill(&mut self, length: u64) -> Result<(), ArchiveRefusal> {
        match self.bytes(length)?.iter().all(|byte| *byte == 0) {
            true => Ok(()),
            false => Err(corrupt(message!("unpack-data-between"))),
        }
    }
}

fn to_multiple(length: u64, of: u64) -> u64 {
    length.next_multiple_of(of) - length
}

fn number(digits: &[u8], radix: u32) -> Option<u64> {
    let digits = std::str::from_utf8(digits).ok()?;
    let plain = digits.chars().all(|digit| digit.is_digit(radix));
    plain
        .then(|| u64::from_str_radix(digits, radix).ok())
        .flatten()
}

/// An entry's header; an error is a phrase that follows "it".
fn item(name: &[u8], header: &CpioHeader) -> Result<ArchiveEntry, Message> {
    let kind = match header.mode & 0o170_000 {
        0o100_000 if header.links > 1 => return Err(message!("unpack-hard-link")),
        0o100_000 => ArchiveEntryKind::File,
        0o040_000 => ArchiveEntryKind::Folder,
        0o120_000 => ArchiveEntryKind::Link(Vec::new()),
        0o010_000 => return Err(message!("unpack-pipe")),
        0o020_000 | 0o060_000 => return Err(message!("unpack-device")),
        other => return Err(message!("unpack-type-unknown", kind = format!("{other:o}"))),
    };
    if kind == ArchiveEntryKind::Folder && header.size != 0 {
        return Err(message!("unpack-contents-of-no-file"));
    }
    if kind == ArchiveEntryKind::File && name.ends_with(b"/") {
        return Err(message!("unpack-file-named-as-directory"));
    }
    Ok(ArchiveEntry {
        name: name.to_vec(),
        kind,
        size: header.size,
        executable: header.mode & 0o100 != 0,
    })
}
