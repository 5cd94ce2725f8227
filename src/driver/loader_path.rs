//! Gives a Mach-O library the run path `@loader_path`, so that dyld finds what it opens by a bare name in its own directory (dlopen(3)). The
//! new load command takes the free space behind the others, and nothing is moved. Macs with Apple's processors run no code whose
//! signature is wrong: the hashes of the pages that change are renewed in a signature without a certificate, which linkers make. Other
//! signatures cannot be renewed. (loader.h, "Mach-O"; cs_blobs.h, "CodeDirectory".)

use std::ops::Range;

use sha1::Sha1;
use sha2::{Digest, Sha256};

use super::run_path::{RunPathEdit, RunPathFault};

/// The run path: the directory of the library itself.
const PATH: &[u8] = b"@loader_path";
/// The most load commands of a library; real ones have about thirty.
const MOST_COMMANDS: usize = 1024;
/// The size of the file's header.
const HEADER: usize = 32;
/// The size of the new command: its number, its size, the offset of the path, and the path with its end.
const ADDED: usize = 32;

/// Several libraries in one file, with big-endian numbers.
const UNIVERSAL: u32 = 0xcafe_babe;
/// The most of them; real ones have two.
const MOST_SLICES: u32 = 8;
/// Little-endian, 64 bits.
const MAGIC: u32 = 0xfeed_facf;
/// The kinds of files that are loaded: `MH_DYLIB`, `MH_BUNDLE`.
const LOADED: [u32; 2] = [6, 8];
const LC_SEGMENT_64: u32 = 0x19;
const LC_RPATH: u32 = 0x8000_001c;
const LC_CODE_SIGNATURE: u32 = 0x1d;
/// The sizes of a segment's command, and of each section in it.
const SEGMENT: usize = 72;
const SECTION: usize = 80;

const SIGNATURE: u32 = 0xfade_0cc0;
const CODE_DIRECTORY: u32 = 0xfade_0c02;
/// The slot of the signature by a certificate.
const CERTIFICATE_SLOT: u32 = 0x1_0000;
/// An empty one has only its head.
const EMPTY_BLOB: u32 = 8;
/// The most parts of a signature.
const MOST_BLOBS: u32 = 64;
/// `CS_ADHOC`
const AD_HOC: u32 = 2;

/// Adds `@loader_path` to the run paths of `library`, behind those that it has; for every processor of a universal one.
///
/// # Errors
/// The reason why it cannot be added.
pub fn add_loader_path(library: &[u8]) -> Result<RunPathEdit, RunPathFault> {
    if big(library, 0) != Some(UNIVERSAL) {
        return add_to_one(library);
    }
    let mut new = library.to_vec();
    for place in slices(library)? {
        let one = library.get(place.clone()).ok_or(RunPathFault::Damaged)?;
        // Nothing is moved, so that each stays in its place.
        if let RunPathEdit::Added(one) = add_to_one(one)? {
            new.get_mut(place)
                .ok_or(RunPathFault::Damaged)?
                .copy_from_slice(&one);
        }
    }
    Ok(match new == library {
        true => RunPathEdit::Present,
        false => RunPathEdit::Added(new),
    })
}

/// The places of the libraries in a universal one, which do not overlap.
fn slices(library: &[u8]) -> Result<Vec<Range<usize>>, RunPathFault> {
    let field = |at: usize| big(library, at).ok_or(RunPathFault::Damaged);
    let count = field(4)?;
    // Java's classes begin in the same way, with a version that is larger.
    if count == 0 || count > MOST_SLICES {
        return Err(RunPathFault::OtherForm);
    }
    let mut places = Vec::new();
    for index in 0..count as usize {
        let (start, size) = (field(16 + index * 20)?, field(20 + index * 20)?);
        let end = start.checked_add(size).ok_or(RunPathFault::Damaged)?;
        places.push(start as usize..end as usize);
    }
    places.sort_by_key(|it| it.start);
    match places.windows(2).all(|it| it[0].end <= it[1].start) {
        true => Ok(places),
        false => Err(RunPathFault::Damaged),
    }
}

fn add_to_one(library: &[u8]) -> Result<RunPathEdit, RunPathFault> {
    let layout = MachoLayout::read(library)?;
    if layout.has_path {
        return Ok(RunPathEdit::Present);
    }
    let pages = match &layout.signature {
        Some(place) => signed_pages(library, place, layout.end + ADDED)?,
        None => Vec::new(),
    };
    let added = layout.end..layout.end + ADDED;
    let is_free = added.end <= layout.free
        && library
            .get(added.clone())
            .is_some_and(|it| it.iter().all(|byte| *byte == 0));
    if !is_free {
        return Err(RunPathFault::NoSpace);
    }
    let mut new = library.to_vec();
    let mut command = Vec::with_capacity(ADDED);
    command.extend(LC_RPATH.to_le_bytes());
    command.extend(number(ADDED)?.to_le_bytes());
    command.extend(12_u32.to_le_bytes());
    command.extend(PATH);
    command.resize(ADDED, 0);
    new[added].copy_from_slice(&command);
    let count = number(layout.count + 1)?;
    new[16..20].copy_from_slice(&count.to_le_bytes());
    let size = number(layout.end + ADDED - HEADER)?;
    new[20..24].copy_from_slice(&size.to_le_bytes());
    for page in pages {
        let hash = page.kind.hash(&new[page.content.clone()]);
        new[page.hash].copy_from_slice(&hash);
    }
    // The result is read like any library before it replaces one.
    match MachoLayout::read(&new)?.has_path {
        true => Ok(RunPathEdit::Added(new)),
        false => Err(RunPathFault::Damaged),
    }
}

fn number(value: usize) -> Result<u32, RunPathFault> {
    u32::try_from(value).map_err(|_| RunPathFault::Damaged)
}

/// The parts of a library that the edit looks at.
struct MachoLayout {
    /// The number of its load commands.
    count: usize,
    /// The end of its load commands.
    end: usize,
    /// The begin of what follows them.
    free: usize,
    /// Whether it has the run path.
    has_path: bool,
    /// The place of its signature.
    signature: Option<Range<usize>>,
}

impl MachoLayout {
    fn read(bytes: &[u8]) -> Result<Self, RunPathFault> {
        let is_library = little(bytes, 0) == Some(MAGIC)
            && little(bytes, 12).is_some_and(|kind| LOADED.contains(&kind));
        if !is_library {
            return Err(RunPathFault::OtherForm);
        }
        let field = |at| little(bytes, at).map(|it| it as usize);
        let (Some(count), Some(size)) = (field(16), field(20)) else {
            return Err(RunPathFault::Damaged);
        };
        if count > MOST_COMMANDS || size > bytes.len() {
            return Err(RunPathFault::Damaged);
        }
        let end = HEADER + size;
        let mut layout = Self {
            count,
            end,
            free: bytes.len(),
            has_path: false,
            signature: None,
        };
        let mut at = HEADER;
        for _ in 0..count {
            let length = field(at + 4).unwrap_or_default();
            let command = bytes.get(at..at + length).filter(|_| at + length <= end);
            let command = command
                .filter(|it| it.len() >= 8)
                .ok_or(RunPathFault::Damaged)?;
            layout.look_at(command)?;
            at += length;
        }
        match at == end {
            true => Ok(layout),
            false => Err(RunPathFault::Damaged),
        }
    }

    fn look_at(&mut self, command: &[u8]) -> Result<(), RunPathFault> {
        let field = |at| little(command, at).map(|it| it as usize);
        match little(command, 0) {
            Some(LC_RPATH) => {
                let path = field(8).and_then(|at| command.get(at..));
                let path = path.ok_or(RunPathFault::Damaged)?;
                let path = path.split(|byte| *byte == 0).next().unwrap_or_default();
                self.has_path |= path.strip_suffix(b"/").unwrap_or(path) == PATH;
            }
            Some(LC_CODE_SIGNATURE) => {
                let (Some(start), Some(size)) = (field(8), field(12)) else {
                    return Err(RunPathFault::Damaged);
                };
                if self.signature.is_some() {
                    return Err(RunPathFault::Damaged);
                }
                let end = start.checked_add(size).ok_or(RunPathFault::Damaged)?;
                self.signature = Some(start..end);
            }
            Some(LC_SEGMENT_64) => {
                let start = little_64(command, 40).ok_or(RunPathFault::Damaged)?;
                let sections = field(64).ok_or(RunPathFault::Damaged)?;
                self.limit(start);
                if SEGMENT + sections.saturating_mul(SECTION) > command.len() {
                    return Err(RunPathFault::Damaged);
                }
                for index in 0..sections {
                    let start = little(command, SEGMENT + index * SECTION + 48);
                    self.limit(u64::from(start.unwrap_or_default()));
                }
            }
            Some(_) | None => {}
        }
        Ok(())
    }

    /// Something is at `start`; nothing is at 0, where the header is.
    fn limit(&mut self, start: u64) {
        if start > 0 {
            self.free = self.free.min(usize::try_from(start).unwrap_or(usize::MAX));
        }
    }
}

/// A page of the file whose hash is in the signature.
struct SignedPage {
    content: Range<usize>,
    hash: Range<usize>,
    kind: HashKind,
}

/// The hash of a page.
#[derive(Clone, Copy)]
enum HashKind {
    Sha1,
    Sha256,
    /// SHA-256 of which 20 bytes are kept.
    Short,
}

impl HashKind {
    const fn of(number: u8) -> Option<Self> {
        match number {
            1 => Some(Self::Sha1),
            2 => Some(Self::Sha256),
            3 => Some(Self::Short),
            0 | 4.. => None,
        }
    }

    const fn size(self) -> usize {
        match self {
            Self::Sha1 | Self::Short => 20,
            Self::Sha256 => 32,
        }
    }

    fn hash(self, bytes: &[u8]) -> Vec<u8> {
        let mut hash = match self {
            Self::Sha1 => Sha1::digest(bytes).to_vec(),
            Self::Sha256 | Self::Short => Sha256::digest(bytes).to_vec(),
        };
        hash.truncate(self.size());
        hash
    }
}

/// The pages of `bytes` before `end`, with the places of their hashes in the signature at `place`.
///
/// # Errors
/// `Signed` if a certificate vouches for the hashes, `Damaged` if they are not those of the pages.
fn signed_pages(
    bytes: &[u8],
    place: &Range<usize>,
    end: usize,
) -> Result<Vec<SignedPage>, RunPathFault> {
    let signature = bytes.get(place.clone()).ok_or(RunPathFault::Damaged)?;
    let field = |at: usize| big(signature, at).ok_or(RunPathFault::Damaged);
    if field(0)? != SIGNATURE {
        return Err(RunPathFault::Damaged);
    }
    let count = field(8)?;
    if count > MOST_BLOBS {
        return Err(RunPathFault::Damaged);
    }
    let mut pages = Vec::new();
    for index in 0..count as usize {
        let slot = field(12 + index * 8)?;
        let at = field(16 + index * 8)? as usize;
        if slot == CERTIFICATE_SLOT && field(at + 4)? > EMPTY_BLOB {
            return Err(RunPathFault::Signed);
        }
        if field(at)? == CODE_DIRECTORY {
            let directory = signature.get(at..).unwrap_or_default();
            pages.extend(pages_of(bytes, directory, place.start + at, end)?);
        }
    }
    match pages.is_empty() {
        // A signature without hashes is not known.
        true => Err(RunPathFault::Signed),
        false => Ok(pages),
    }
}

/// The pages before `end` of which `directory`, at the offset `start`, has the hashes.
fn pages_of(
    bytes: &[u8],
    directory: &[u8],
    start: usize,
    end: usize,
) -> Result<Vec<SignedPage>, RunPathFault> {
    let field = |at: usize| big(directory, at).ok_or(RunPathFault::Damaged);
    let byte = |at: usize| directory.get(at).copied().ok_or(RunPathFault::Damaged);
    if field(12)? & AD_HOC == 0 {
        return Err(RunPathFault::Signed);
    }
    let hashes = field(16)? as usize;
    let (slots, limit) = (field(28)? as usize, field(32)? as usize);
    let kind = HashKind::of(byte(37)?).ok_or(RunPathFault::Signed)?;
    let page = match byte(39)? {
        0 => limit,
        power @ 1..=24 => 1 << power,
        25.. => return Err(RunPathFault::Damaged),
    };
    // Pages are at most those of the commands; what is not covered by the hashes would be new to them.
    if limit < end || limit > start || usize::from(byte(36)?) != kind.size() {
        return Err(RunPathFault::Damaged);
    }
    let mut pages = Vec::new();
    for index in 0..end.div_ceil(page) {
        let hash = start + hashes + index * kind.size();
        let one = SignedPage {
            content: index * page..((index + 1) * page).min(limit),
            hash: hash..hash + kind.size(),
            kind,
        };
        let (Some(content), Some(hash)) = (
            bytes.get(one.content.clone()),
            bytes.get(one.hash.clone()).filter(|_| index < slots),
        ) else {
            return Err(RunPathFault::Damaged);
        };
        if kind.hash(content) != hash {
            return Err(RunPathFault::Damaged);
        }
        pages.push(one);
    }
    Ok(pages)
}

fn little(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(four(bytes, at)?))
}

fn big(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(four(bytes, at)?))
}

fn four(bytes: &[u8], at: usize) -> Option<[u8; 4]> {
    bytes.get(at..at.checked_add(4)?)?.try_into().ok()
}

fn little_64(bytes: &[u8], at: usize) -> Option<u64> {
    let bytes = bytes.get(at..at.checked_add(8)?)?;
    Some(u64::from_le_bytes(bytes.try_into().ok()?))
}

#[cfg(test)]
mod tests;
