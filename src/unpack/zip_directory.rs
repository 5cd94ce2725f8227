//! The table at a zip archive's end, compared with the header in front of each entry. Readers differ in which of the two
//! they believe (CVE-2025-54368), so both must say the same and together cover every byte of the file. The fields are those of
//! PKWARE's APPNOTE, 4.3.

use std::collections::HashSet;
use std::io::{self, Read, Seek, SeekFrom};

use super::ArchiveRefusal;
use super::limits::ArchiveLimits;
use super::read_error::read_error;
use crate::message::{Message, message};

/// An entry, as both tables describe it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ZipRecord {
    pub(super) name: Vec<u8>,
    /// Whether its content is deflated; else it is stored.
    pub(super) deflated: bool,
    pub(super) packed: u64,
    pub(super) size: u64,
    /// The Unix mode, where a Unix system made it.
    pub(super) mode: Option<u32>,
    flags: u16,
    crc: u32,
    offset: u64,
}

const END: usize = 22;
const CENTRAL: usize = 46;
const LOCAL: usize = 30;

/// Bit 3: the sizes stand behind the content.
const DESCRIPTOR: u16 = 1 << 3;
/// Bit 11: the name is UTF-8.
const UTF8: u16 = 1 << 11;
/// Bits 1 and 2 say how hard the compressor tried.
const EFFORT: u16 = 0b110;
/// Bits 0, 6 and 13.
const ENCRYPTED: u16 = 1 | 1 << 6 | 1 << 13;

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    let field = bytes
        .get(at..at + 2)
        .and_then(|field| field.try_into().ok());
    u16::from_le_bytes(field.unwrap_or_default())
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    let field = bytes
        .get(at..at + 4)
        .and_then(|field| field.try_into().ok());
    u32::from_le_bytes(field.unwrap_or_default())
}

fn corrupt(reason: Message) -> ArchiveRefusal {
    ArchiveRefusal::Corrupt(reason)
}

/// Reads and checks the tables of the whole file `file`; the records come in the order of the table at the end.
pub(super) fn read(
    file: &mut (impl Read + Seek),
    limits: &ArchiveLimits,
) -> Result<Vec<ZipRecord>, ArchiveRefusal> {
    let length = file
        .seek(SeekFrom::End(0))
        .map_err(|error| read_error(&error))?;
    let Some(end_at) = length.checked_sub(END as u64) else {
        return Err(corrupt(message!("unpack-ends-early")));
    };
    let end = bytes(file, end_at, END)?;
    if !end.starts_with(b"PK\x05\x06") {
        return Err(corrupt(message!("unpack-zip-end")));
    }
    if u16_at(&end, 20) != 0 {
        return Err(corrupt(message!("unpack-ends-early")));
    }
    let count = u16_at(&end, 10);
    let (size, start) = (u32_at(&end, 12), u32_at(&end, 16));
    if count == u16::MAX || size == u32::MAX || start == u32::MAX {
        return Err(corrupt(message!("unpack-zip64")));
    }
    if u32_at(&end, 4) != 0 || u16_at(&end, 8) != count {
        return Err(corrupt(message!("unpack-zip-part")));
    }
    if u64::from(start) + u64::from(size) != end_at {
        return Err(corrupt(message!("unpack-zip-place")));
    }
    if u64::from(count) > limits.entries {
        return Err(ArchiveRefusal::Corrupt(message!(
            "unpack-zip-entries",
            most = limits.entries
        )));
    }
    // Each name and extra field is far shorter than its own limit allows.
    if u64::from(size) > limits.entries * 512 {
        return Err(corrupt(message!("unpack-zip-table-large")));
    }
    let table = bytes(file, u64::from(start), size as usize)?;
    let records = records(&table, count)?;
    check_cover(file, &records, u64::from(start))?;
    Ok(records)
}

fn bytes(file: &mut (impl Read + Seek), at: u64, count: usize) -> Result<Vec<u8>, ArchiveRefusal> {
    let mut bytes = vec![0; count];
    file.seek(SeekFrom::Start(at))
        .and_then(|_| file.read_exact(&mut bytes))
        .map_err(|error| read_error(&error))?;
    Ok(bytes)
}

/// The records of the table at the end, which must be exactly `count`.
fn records(mut table: &[u8], count: u16) -> Result<Vec<ZipRecord>, ArchiveRefusal> {
    let mut records = Vec::new();
    let mut names = HashSet::new();
    for _ in 0..count {
        if !table.starts_with(b"PK\x01\x02") || table.len() < CENTRAL {
            return Err(corrupt(message!("unpack-zip-table-damaged")));
        }
        let lengths = [28, 30, 32].map(|at| usize::from(u16_at(table, at)));
        let end = CENTRAL + lengths.iter().sum::<usize>();
        let Some(rest) = table.get(CENTRAL..end) else {
            return Err(corrupt(message!("unpack-zip-table-damaged")));
        };
        let (name, rest) = rest.split_at(lengths[0]);
        let record = record(table, name, &rest[..lengths[1]]).map_err(|reason| {
            ArchiveRefusal::unsafe_entry(&String::from_utf8_lossy(name), reason)
        })?;
        if !names.insert(record.name.clone()) {
            return Err(ArchiveRefusal::unsafe_entry(
                &String::from_utf8_lossy(name),
                message!("unpack-name-taken"),
            ));
        }
        records.push(record);
        table = &table[end..];
    }
    match table.is_empty() {
        true => Ok(records),
        false => Err(corrupt(message!("unpack-zip-table-more"))),
    }
}

/// One record; an error is a phrase that follows "it".
fn record(header: &[u8], name: &[u8], extra: &[u8]) -> Result<ZipRecord, Message> {
    let flags = u16_at(header, 8);
    let unix = header[5] == 3;
    let record = ZipRecord {
        name: name.to_vec(),
        deflated: check_method(flags, u16_at(header, 10))?,
        packed: u64::from(u32_at(header, 20)),
        size: u64::from(u32_at(header, 24)),
        mode: unix.then(|| u32_at(header, 38) >> 16),
        flags,
        crc: u32_at(header, 16),
        offset: u64::from(u32_at(header, 42)),
    };
    check_extra(extra)?;
    if flags & UTF8 == 0 && !name.is_ascii() {
        return Err(message!("unpack-name-charset"));
    }
    if u16_at(header, 34) != 0 {
        return Err(message!("unpack-zip-other-part"));
    }
    if !record.deflated && record.packed != record.size {
        return Err(message!("unpack-two-sizes"));
    }
    Ok(record)
}

/// Whether the content is deflated.
fn check_method(flags: u16, method: u16) -> Result<bool, Message> {
    if flags & ENCRYPTED != 0 {
        return Err(message!("unpack-encrypted"));
    }
    if flags & !(EFFORT | DESCRIPTOR | UTF8) != 0 {
        return Err(message!(
            "unpack-flags-unknown",
            flags = format!("0x{flags:04x}")
        ));
    }
    match method {
        8 => Ok(true),
        // Only the table at the end would tell where it ends.
        0 if flags & DESCRIPTOR != 0 => Err(message!("unpack-size-behind")),
        0 => Ok(false),
        other => Err(message!("unpack-method-unknown", method = other)),
    }
}

/// Extra fields: none may change sizes or names.
fn check_extra(mut extra: &[u8]) -> Result<(), Message> {
    while !extra.is_empty() {
        let length = usize::from(u16_at(extra, 2));
        if extra.len() < 4 + length {
            return Err(message!("unpack-extra-damaged"));
        }
        match u16_at(extra, 0) {
            0x0001 => return Err(message!("unpack-zip64-sizes")),
            0x7075 => return Err(message!("unpack-second-name")),
            0x9901 => return Err(message!("unpack-encrypted")),
            _ => {}
        }
        extra = &extra[4 + length..];
    }
    Ok(())
}

/// Checks the header in front of each entry, and that the entries fill the file up to the table at `end`.
fn check_cover(
    file: &mut (impl Read + Seek),
    records: &[ZipRecord],
    end: u64,
) -> Result<(), ArchiveRefusal> {
    let mut in_place: Vec<&ZipRecord> = records.iter().collect();
    in_place.sort_by_key(|record| record.offset);
    let mut at = 0;
    for record in in_place {
        let refuse = |reason: Message| {
            ArchiveRefusal::unsafe_entry(&String::from_utf8_lossy(&record.name), reason)
        };
        if record.offset != at {
            return Err(refuse(message!("unpack-zip-gap")));
        }
        if at + (LOCAL as u64) > end {
            return Err(refuse(message!("unpack-zip-overlap")));
        }
        let header = bytes(file, at, LOCAL)?;
        let lengths = [26, 28].map(|at| usize::from(u16_at(&header, at)));
        let rest = bytes(file, at + LOCAL as u64, lengths[0] + lengths[1])?;
        let (name, extra) = rest.split_at(lengths[0]);
        let method = check_method(u16_at(&header, 6), u16_at(&header, 8)).map_err(&refuse)?;
        check_extra(extra).map_err(&refuse)?;
        let own = [14, 18, 22].map(|at| u64::from(u32_at(&header, at)));
        let expected = [u64::from(record.crc), record.packed, record.size];
        let behind = record.flags & DESCRIPTOR != 0;
        if !header.starts_with(b"PK\x03\x04")
            || name != record.name
            || method != record.deflated
            || u16_at(&header, 6) != record.flags
            || !(own == expected || behind && own == [0; 3])
        {
            return Err(refuse(message!("unpack-zip-headers-differ")));
        }
        at += (LOCAL + rest.len()) as u64 + record.packed;
        if behind {
            at += descriptor(file, at, end, expected)
                .map_err(|error| read_error(&error))?
                .ok_or_else(|| refuse(message!("unpack-zip-sizes-differ")))?;
        }
        if at > end {
            return Err(refuse(message!("unpack-zip-overlap")));
        }
    }
    match at == end {
        true => Ok(()),
        false => Err(corrupt(message!("unpack-zip-data-between"))),
    }
}

/// The length of the sizes behind an entry's content, with or without their own signature; `None` where they differ.
fn descriptor(
    file: &mut (impl Read + Seek),
    at: u64,
    end: u64,
    expected: [u64; 3],
) -> io::Result<Option<u64>> {
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(at))?;
    file.take(end.saturating_sub(at).min(16))
        .read_to_end(&mut bytes)?;
    let says = |from: usize| {
        bytes.len() >= from + 12
            && [0, 4, 8].map(|at| u64::from(u32_at(&bytes, from + at))) == expected
    };
    Ok(if bytes.starts_with(b"PK\x07\x08") && says(4) {
        Some(16)
    } else if says(0) {
        Some(12)
    } else {
        None
    })
}
