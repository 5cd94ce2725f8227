//! The macOS package: a xar archive, read from front to back in one pass. The payload in it is a cpio archive.

use std::io::{self, BufRead, BufReader, Read};

use flate2::read::ZlibDecoder;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};

use super::read_error::read_error;
use super::walk::PackageWalk;
use super::xar_toc::{self, HeapPart, Region, Sum};
use super::{ArchiveRefusal, PackageLayout, payload};
use crate::message::{Message, message};

/// Bytes of the header that xar's own readers know; a longer one names an algorithm behind them.
const HEADER: usize = 28;
const LONGEST_HEADER: usize = 128;
/// A notarised package has the notary's ticket behind it, and this at its end ("stapled").
const TICKET: u64 = 1 << 20;

fn corrupt(reason: Message) -> ArchiveRefusal {
    ArchiveRefusal::Corrupt(reason)
}

/// Unpacks a package that begins with `xar!`.
pub(super) fn unpack(
    walk: &mut PackageWalk<'_>,
    mut package: impl BufRead,
) -> Result<PackageLayout, ArchiveRefusal> {
    let (toc, mut packed) = table(&mut package)?;
    let regions = xar_toc::read(&toc)?;
    let mut at = 0;
    let mut payloads = 0;
    for Region {
        offset,
        length,
        part,
    } in regions
    {
        skip(&mut package, offset - at)?;
        at = offset + length;
        let mut content = (&mut package).take(length);
        match part {
            HeapPart::TocSum(style) => {
                let mut found = Vec::new();
                if length > 64 {
                    return Err(corrupt(message!("unpack-toc-sum-invalid")));
                }
                content
                    .read_to_end(&mut found)
                    .map_err(|error| read_error(&error))?;
                let mut hasher = Hasher::new(&style)?;
                hasher.update(&std::mem::take(&mut packed));
                if hasher.finish() != found {
                    return Err(corrupt(message!("unpack-toc-sum-differs")));
                }
            }
            HeapPart::Signature => skip(&mut content, length)?,
            HeapPart::File { name, sum, plain } => {
                let is_payload = name == "Payload" || name.ends_with("/Payload");
                walk.at = name;
                let mut content = Summed::new(content, &sum)?;
                if is_payload && !plain {
                    return Err(walk.refuse(message!("unpack-compressed-twice")));
                }
                if is_payload {
                    payloads += 1;
                    let name = walk.at.clone();
                    payload::unpack(walk, BufReader::with_capacity(128 << 10, &mut content))?;
                    walk.at = name;
                } else {
                    let first = walk.at.rsplit('/').next().unwrap_or_default().to_owned();
                    if first == "Scripts" {
                        walk.leave_part_out(&first);
                    }
                }
                content.finish(length, &sum, &walk.at)?;
            }
        }
    }
    if payloads == 0 {
        return Err(corrupt(message!("unpack-no-payload")));
    }
    trailer(package)?;
    Ok(PackageLayout::Macos)
}

/// Reads the header and the table of contents behind it: the table, and its compressed bytes.
fn table(package: &mut impl Read) -> Result<(String, Vec<u8>), ArchiveRefusal> {
    let mut header = [0; HEADER];
    package
        .read_exact(&mut header)
        .map_err(|error| read_error(&error))?;
    let u16_at = |at: usize| usize::from(u16::from_be_bytes([header[at], header[at + 1]]));
    let u64_at = |at: usize| {
        let field = header[at..at + 8].try_into().unwrap_or_default();
        u64::from_be_bytes(field)
    };
    let (length, version) = (u16_at(4), u16_at(6));
    let (packed_size, size) = (u64_at(8), u64_at(16));
    if !header.starts_with(b"xar!") || version != 1 || !(HEADER..=LONGEST_HEADER).contains(&length)
    {
        return Err(corrupt(message!("unpack-xar-header")));
    }
    if packed_size > xar_toc::TOC || size > xar_toc::TOC {
        return Err(corrupt(message!("unpack-toc-large")));
    }
    skip(package, (length - HEADER) as u64)?;
    let packed = exactly(package, packed_size)?;
    let mut toc = Vec::new();
    let mut inflater = ZlibDecoder::new(packed.as_slice());
    (&mut inflater)
        .take(size + 1)
        .read_to_end(&mut toc)
        .map_err(|error| read_error(&error))?;
    if toc.len() as u64 != size || inflater.total_in() != packed_size {
        return Err(corrupt(message!("unpack-toc-length")));
    }
    let toc = String::from_utf8(toc).map_err(|_| corrupt(message!("unpack-toc-not-utf8")))?;
    Ok((toc, packed))
}

fn exactly(reader: &mut impl Read, length: u64) -> Result<Vec<u8>, ArchiveRefusal> {
    let mut bytes = Vec::new();
    let read = reader
        .take(length)
        .read_to_end(&mut bytes)
        .map_err(|error| read_error(&error))?;
    match read as u64 == length {
        true => Ok(bytes),
        false => Err(corrupt(message!("unpack-ends-early"))),
    }
}

fn skip(reader: &mut impl Read, length: u64) -> Result<(), ArchiveRefusal> {
    let skipped =
        io::copy(&mut reader.take(length), &mut io::sink()).map_err(|error| read_error(&error))?;
    match skipped == length {
        true => Ok(()),
        false => Err(corrupt(message!("unpack-ends-early"))),
    }
}

/// Reads to the end: nothing but a notary's ticket may follow.
fn trailer(rest: impl Read) -> Result<(), ArchiveRefusal> {
    let mut bytes = Vec::new();
    rest.take(TICKET + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| read_error(&error))?;
    let ticket = bytes
        .len()
        .checked_sub(16)
        .is_some_and(|at| bytes[at..].starts_with(b"t8lr"));
    match bytes.is_empty() || ticket && bytes.len() as u64 <= TICKET {
        true => Ok(()),
        false => Err(corrupt(message!("unpack-data-after"))),
    }
}

/// The algorithms that packages use.
enum Hasher {
    Sha1(Sha1),
    Sha256(Sha256),
    Sha512(Sha512),
}

impl Hasher {
    fn new(style: &str) -> Result<Self, ArchiveRefusal> {
        Ok(match style.to_ascii_lowercase().as_str() {
            "sha1" => Self::Sha1(Sha1::new()),
            "sha256" => Self::Sha256(Sha256::new()),
            "sha512" => Self::Sha512(Sha512::new()),
            _ => {
                return Err(corrupt(message!("unpack-sum-unknown")));
            }
        })
    }

    fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Sha1(hasher) => hasher.update(bytes),
            Self::Sha256(hasher) => hasher.update(bytes),
            Self::Sha512(hasher) => hasher.update(bytes),
        }
    }

    fn finish(self) -> Vec<u8> {
        match self {
            Self::Sha1(hasher) => hasher.finalize().to_vec(),
            Self::Sha256(hasher) => hasher.finalize().to_vec(),
            Self::Sha512(hasher) => hasher.finalize().to_vec(),
        }
    }
}

/// A file's stored bytes, summed on the way.
struct Summed<R> {
    inner: R,
    hasher: Hasher,
    count: u64,
}

impl<R: Read> Summed<R> {
    fn new(inner: R, sum: &Sum) -> Result<Self, ArchiveRefusal> {
        Ok(Self {
            inner,
            hasher: Hasher::new(&sum.style)?,
            count: 0,
        })
    }

    /// Reads what is left and compares the sum.
    fn finish(mut self, length: u64, sum: &Sum, name: &str) -> Result<(), ArchiveRefusal> {
        io::copy(&mut self, &mut io::sink()).map_err(|error| read_error(&error))?;
        if self.count != length {
            return Err(corrupt(message!("unpack-ends-early")));
        }
        match self.hasher.finish() == sum.bytes {
            true => Ok(()),
            false => Err(ArchiveRefusal::Corrupt(message!(
                "unpack-sum-differs",
                entry = name
            ))),
        }
    }
}

impl<R: Read> Read for Summed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.hasher.update(&buffer[..read]);
        self.count += read as u64;
        Ok(read)
    }
}

#[cfg(test)]
mod tests;
