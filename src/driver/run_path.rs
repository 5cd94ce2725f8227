//! Gives an ELF library a run path, so that the loader finds what it opens by a bare name in its own directory. Nothing is moved: a new
//! segment at the end of the file holds the program headers, the names with the run path, and the dynamic section if it has no spare
//! entry. Programs and debuggers read the rest as before. (System V ABI, chapters 4 and 5; `man 8 ld.so`, "RUNPATH".)

use std::ops::Range;

use object::Endianness;
use object::elf;
use object::read::elf::{Dyn, FileHeader, ProgramHeader, SectionHeader};

/// The run path: the directory of the library itself.
const ORIGIN: &str = "$ORIGIN";
/// The other way to write it.
const ORIGIN_BRACED: &str = "${ORIGIN}";
/// The most program headers of a library; real ones have about ten.
const MOST_SEGMENTS: usize = 128;
/// The most entries of a dynamic section; real ones have about forty.
const MOST_ENTRIES: usize = 1024;
/// The largest alignment of a segment. Linkers use 64 KiB, or 2 MiB.
const LARGEST_ALIGNMENT: u64 = 1 << 24;
/// The smallest alignment of a segment: the page of x64.
const PAGE: u64 = 0x1000;
/// The alignment of what is added to the file.
const UNIT: u64 = 16;
/// The size of an entry of the dynamic section.
const ENTRY: usize = 16;

type Header = elf::FileHeader64<Endianness>;
type Segment = elf::ProgramHeader64<Endianness>;

/// A library after [`add_origin`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RunPathEdit {
    /// It had the run path before.
    Present,
    /// Its new bytes.
    Added(Vec<u8>),
}

/// The reason why a library gets no run path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunPathFault {
    /// It is not a 64-bit ELF library with a dynamic section, or a 64-bit Mach-O library.
    OtherForm,
    /// A Mach-O library has no room for one more load command.
    NoSpace,
    /// A certificate signed it.
    Signed,
    /// Its headers or tables contradict each other.
    Damaged,
}

impl From<object::read::Error> for RunPathFault {
    fn from(_: object::read::Error) -> Self {
        Self::Damaged
    }
}

/// Adds `$ORIGIN` to the run path of `library`, before the directories that it has already.
///
/// # Errors
/// The reason why it cannot be added.
pub fn add_origin(library: &[u8]) -> Result<RunPathEdit, RunPathFault> {
    let layout = Layout::read(library)?;
    let old = layout.run_path()?;
    if old.as_deref().is_some_and(has_origin) {
        return Ok(RunPathEdit::Present);
    }
    let path = match old.as_deref() {
        None | Some("") => ORIGIN.to_owned(),
        Some(old) => format!("{ORIGIN}:{old}"),
    };
    let new = layout.with_run_path(&path)?;
    // The result is read like any library before it replaces one.
    let read = Layout::read(&new)?.run_path()?;
    match read.as_deref() == Some(&*path) {
        true => Ok(RunPathEdit::Added(new)),
        false => Err(RunPathFault::Damaged),
    }
}

fn has_origin(run_path: &str) -> bool {
    let mut directories = run_path.split(':').map(|it| it.trim_end_matches('/'));
    directories.any(|it| it == ORIGIN || it == ORIGIN_BRACED)
}

/// The parts of a library that the edit changes.
struct Layout<'a> {
    bytes: &'a [u8],
    endian: Endianness,
    segments: &'a [Segment],
    /// The index of the dynamic section among the segments, and its bytes in the file.
    dynamic: (usize, Range<usize>),
    /// The tags and values of its entries, without the first `DT_NULL`.
    entries: Vec<(elf::DynamicTag, u64)>,
    /// The address of the names, and their bytes in the file.
    names: (u64, Range<usize>),
    /// The positions of the section headers of the names and of the dynamic section.
    name_section: Option<usize>,
    dynamic_section: Option<usize>,
}

impl<'a> Layout<'a> {
    fn read(bytes: &'a [u8]) -> Result<Self, RunPathFault> {
        let header = Header::parse(bytes).map_err(|_| RunPathFault::OtherForm)?;
        let endian = header.endian()?;
        if header.e_type(endian) != elf::ET_DYN {
            return Err(RunPathFault::OtherForm);
        }
        let segments = header.program_headers(endian, bytes)?;
        if segments.len() > MOST_SEGMENTS || usize::from(header.e_phnum(endian)) != segments.len() {
            return Err(RunPathFault::Damaged);
        }
        let index = segments
            .iter()
            .position(|it| it.p_type(endian) == elf::PT_DYNAMIC)
            .ok_or(RunPathFault::OtherForm)?;
        let dynamic = &segments[index];
        let place = range(bytes, dynamic.p_offset(endian), dynamic.p_filesz(endian))?;
        let entries = Self::entries(dynamic, endian, bytes)?;
        let value = |tag| entries.iter().find(|it| it.0 == tag).map(|it| it.1);
        let (Some(address), Some(size)) = (value(elf::DT_STRTAB), value(elf::DT_STRSZ)) else {
            return Err(RunPathFault::Damaged);
        };
        let offset = file_offset(segments, endian, address, size)?;
        let names = range(bytes, offset, size)?;
        if bytes[names.clone()].last() != Some(&0) {
            return Err(RunPathFault::Damaged);
        }
        let mut layout = Self {
            bytes,
            endian,
            segments,
            dynamic: (index, place),
            entries,
            names: (address, names),
            name_section: None,
            dynamic_section: None,
        };
        layout.find_sections(header)?;
        Ok(layout)
    }

    fn entries(
        dynamic: &Segment,
        endian: Endianness,
        bytes: &[u8],
    ) -> Result<Vec<(elf::DynamicTag, u64)>, RunPathFault> {
        let all = dynamic.dynamic(endian, bytes)?.unwrap_or_default();
        let all = all.iter().map(|it| (it.d_tag(endian), it.d_val(endian)));
        let entries: Vec<_> = all.take_while(|it| it.0 != elf::DT_NULL).collect();
        let is_once = |tag| entries.iter().filter(|it| it.0 == tag).count() <= 1;
        let tags = [
            elf::DT_STRTAB,
            elf::DT_STRSZ,
            elf::DT_RUNPATH,
            elf::DT_RPATH,
        ];
        if entries.len() > MOST_ENTRIES || !tags.into_iter().all(is_once) {
            return Err(RunPathFault::Damaged);
        }
        Ok(entries)
    }

    /// Finds the headers of the two sections. A library without section headers is valid.
    fn find_sections(&mut self, header: &Header) -> Result<(), RunPathFault> {
        let endian = self.endian;
        let sections = header.section_headers(endian, self.bytes)?;
        let start = header.e_shoff(endian);
        let place = |index: usize| {
            let size = u64::from(header.e_shentsize(endian));
            usize::try_from(start + index as u64 * size).map_err(|_| RunPathFault::Damaged)
        };
        let (address, names) = (self.names.0, &self.names.1);
        for (index, section) in sections.iter().enumerate() {
            let offset = usize::try_from(section.sh_offset(endian)).ok();
            let kind = section.sh_type(endian);
            let is_names = kind == elf::SHT_STRTAB
                && section.sh_addr(endian) == address
                && offset == Some(names.start);
            if is_names && self.name_section.is_none() {
                self.name_section = Some(place(index)?);
            }
            if kind == elf::SHT_DYNAMIC && offset == Some(self.dynamic.1.start) {
                self.dynamic_section = Some(place(index)?);
            }
        }
        // Readers that go by sections would look for the run path elsewhere.
        match sections.is_empty() || self.name_section.is_some() {
            true => Ok(()),
            false => Err(RunPathFault::Damaged),
        }
    }

    /// The run path that counts: `DT_RPATH` only if there is no `DT_RUNPATH`.
    fn run_path(&self) -> Result<Option<String>, RunPathFault> {
        let value = |tag| self.entries.iter().find(|it| it.0 == tag).map(|it| it.1);
        let Some(offset) = value(elf::DT_RUNPATH).or_else(|| value(elf::DT_RPATH)) else {
            return Ok(None);
        };
        let names = &self.bytes[self.names.1.clone()];
        let rest = usize::try_from(offset).ok().and_then(|it| names.get(it..));
        let text = rest.and_then(|it| it.split(|byte| *byte == 0).next());
        let text = text.and_then(|it| std::str::from_utf8(it).ok());
        text.map(|it| Some(it.to_owned()))
            .ok_or(RunPathFault::Damaged)
    }

    fn with_run_path(&self, path: &str) -> Result<Vec<u8>, RunPathFault> {
        let mut names = self.bytes[self.names.1.clone()].to_vec();
        let path_offset = names.len() as u64;
        names.extend_from_slice(path.as_bytes());
        names.push(0);
        let mut entries = self.entries.clone();
        let mut own = entries
            .iter_mut()
            .filter(|it| [elf::DT_RUNPATH, elf::DT_RPATH].contains(&it.0));
        match (own.next(), own.next()) {
            // A run path makes the older kind of entry void.
            (Some(one), None) => *one = (elf::DT_RUNPATH, path_offset),
            (None, _) => entries.push((elf::DT_RUNPATH, path_offset)),
            (Some(one), Some(other)) => {
                let newer = if one.0 == elf::DT_RUNPATH { one } else { other };
                newer.1 = path_offset;
            }
        }
        let is_moved = (entries.len() + 1) * ENTRY > self.spare_space();
        // In the new segment: the dynamic section if it moves, the names, the program headers. A file that is cut has no complete headers.
        let start = align(self.bytes.len() as u64, UNIT)?;
        let dynamic_size = (entries.len() + 1) * ENTRY;
        let names_start = if is_moved { dynamic_size as u64 } else { 0 };
        let headers_start = align(names_start + names.len() as u64, UNIT)?;
        let headers_size = (self.segments.len() + 1) * size_of::<Segment>();
        let size = headers_start + headers_size as u64;
        let (address, alignment) = self.free_address(start, size)?;
        for (tag, value) in &mut entries {
            match *tag {
                elf::DT_STRTAB => *value = address + names_start,
                elf::DT_STRSZ => *value = names.len() as u64,
                _ => {}
            }
        }
        let mut new = PatchedLibrary {
            bytes: self.bytes.to_vec(),
            endian: self.endian,
        };
        let end = usize::try_from(start + size).map_err(|_| RunPathFault::Damaged)?;
        new.bytes.resize(end, 0);
        let segment = AddedSegment {
            offset: start,
            address,
            size,
            headers: headers_start,
            alignment,
            is_written: is_moved,
        };
        new.program_headers(self.segments, &segment)?;
        let dynamic = match is_moved {
            true => {
                let section = (start, address, dynamic_size as u64);
                let shift =
                    usize::from(self.dynamic.0 >= place_of_added(self.segments, self.endian));
                let header = (self.dynamic.0 + shift) * size_of::<Segment>();
                new.place(start + headers_start + header as u64, section)?;
                if let Some(header) = self.dynamic_section {
                    new.section_place(header, section)?;
                }
                start
            }
            false => self.dynamic.1.start as u64,
        };
        new.entries(dynamic, &entries)?;
        let section = (
            start + names_start,
            address + names_start,
            names.len() as u64,
        );
        if let Some(header) = self.name_section {
            new.section_place(header, section)?;
        }
        new.put(section.0, &names)?;
        Ok(new.bytes)
    }

    /// The bytes that entries may take in the dynamic section, with the one that ends it. Behind that one are spare entries, as far as
    /// they are empty.
    fn spare_space(&self) -> usize {
        let used = (self.entries.len() + 1) * ENTRY;
        let rest = &self.bytes[self.dynamic.1.clone()];
        let spare = rest.get(used..).unwrap_or_default().chunks_exact(ENTRY);
        let spare = spare.take_while(|it| it.iter().all(|byte| *byte == 0));
        used + spare.count() * ENTRY
    }

    /// An address for `size` bytes at the offset `start`, above all segments, and the alignment.
    fn free_address(&self, start: u64, size: u64) -> Result<(u64, u64), RunPathFault> {
        let endian = self.endian;
        let (mut end, mut alignment) = (0, PAGE);
        for it in self
            .segments
            .iter()
            .filter(|it| it.p_type(endian) == elf::PT_LOAD)
        {
            let own_end = it.p_vaddr(endian).checked_add(it.p_memsz(endian));
            // Loaders expect them in the order of their addresses.
            match own_end {
                Some(own_end) if it.p_vaddr(endian) >= end => end = own_end,
                Some(_) | None => return Err(RunPathFault::Damaged),
            }
            alignment = alignment.max(it.p_align(endian));
        }
        if end == 0 || !alignment.is_power_of_two() || alignment > LARGEST_ALIGNMENT {
            return Err(RunPathFault::Damaged);
        }
        // A segment's address and offset agree within a page.
        let address = align(end, alignment)?
            .checked_add(start % alignment)
            .ok_or(RunPathFault::Damaged)?;
        match address.checked_add(size) {
            Some(end) if end < 1 << 47 => Ok((address, alignment)),
            Some(_) | None => Err(RunPathFault::Damaged),
        }
    }
}

/// The segment at the end of the new file.
struct AddedSegment {
    offset: u64,
    address: u64,
    size: u64,
    /// The place of the program headers in it.
    headers: u64,
    alignment: u64,
    /// Whether the loader writes to it: it relocates the dynamic section.
    is_written: bool,
}

/// The new file.
struct PatchedLibrary {
    bytes: Vec<u8>,
    endian: Endianness,
}

impl PatchedLibrary {
    fn put(&mut self, at: u64, bytes: &[u8]) -> Result<(), RunPathFault> {
        let place = range(&self.bytes, at, bytes.len() as u64)?;
        self.bytes[place].copy_from_slice(bytes);
        Ok(())
    }

    fn put_u64(&mut self, at: u64, value: u64) -> Result<(), RunPathFault> {
        match self.endian {
            Endianness::Little => self.put(at, &value.to_le_bytes()),
            Endianness::Big => self.put(at, &value.to_be_bytes()),
        }
    }

    fn put_u32(&mut self, at: u64, value: u32) -> Result<(), RunPathFault> {
        match self.endian {
            Endianness::Little => self.put(at, &value.to_le_bytes()),
            Endianness::Big => self.put(at, &value.to_be_bytes()),
        }
    }

    /// Writes `segments` and `added`, which follows the last that is loaded, into `added`, and their place into the file header.
    fn program_headers(
        &mut self,
        segments: &[Segment],
        added: &AddedSegment,
    ) -> Result<(), RunPathFault> {
        let endian = self.endian;
        let before = place_of_added(segments, endian);
        let width = size_of::<Segment>() as u64;
        let count = segments.len() as u64 + 1;
        let table = added.offset + added.headers;
        for (index, segment) in segments.iter().enumerate() {
            let shift = u64::from(index >= before);
            let at = table + (index as u64 + shift) * width;
            self.put(at, object::bytes_of(segment))?;
            // The program headers describe their own place.
            if segment.p_type(endian) == elf::PT_PHDR {
                let address = added.address + added.headers;
                self.place(at, (table, address, count * width))?;
            }
        }
        let at = table + before as u64 * width;
        let flags = match added.is_written {
            true => elf::PF_R | elf::PF_W,
            false => elf::PF_R,
        };
        self.put_u32(at, elf::PT_LOAD.0)?;
        self.put_u32(at + 4, flags.0)?;
        self.place(at, (added.offset, added.address, added.size))?;
        self.put_u64(at + 48, added.alignment)?;
        // e_phoff and e_phnum.
        self.put_u64(32, table)?;
        let count = u16::try_from(count).map_err(|_| RunPathFault::Damaged)?;
        match endian {
            Endianness::Little => self.put(56, &count.to_le_bytes()),
            Endianness::Big => self.put(56, &count.to_be_bytes()),
        }
    }

    /// Writes offset, address, and size into the program header at `at`.
    fn place(
        &mut self,
        at: u64,
        (offset, address, size): (u64, u64, u64),
    ) -> Result<(), RunPathFault> {
        self.put_u64(at + 8, offset)?;
        self.put_u64(at + 16, address)?;
        self.put_u64(at + 24, address)?;
        self.put_u64(at + 32, size)?;
        self.put_u64(at + 40, size)
    }

    /// Writes address, offset, and size into the section header at `header`.
    fn section_place(
        &mut self,
        header: usize,
        (offset, address, size): (u64, u64, u64),
    ) -> Result<(), RunPathFault> {
        let header = header as u64;
        self.put_u64(header + 16, address)?;
        self.put_u64(header + 24, offset)?;
        self.put_u64(header + 32, size)
    }

    /// Writes the entries of the dynamic section, and the one that ends it, to `at`.
    fn entries(&mut self, at: u64, entries: &[(elf::DynamicTag, u64)]) -> Result<(), RunPathFault> {
        let end = (elf::DT_NULL, 0);
        let all = entries.iter().chain(std::iter::once(&end));
        for (index, (tag, value)) in all.enumerate() {
            let at = at + (index * ENTRY) as u64;
            self.put_u64(at, tag.0.cast_unsigned())?;
            self.put_u64(at + 8, *value)?;
        }
        Ok(())
    }
}

/// The index of the new segment among the program headers: behind the last that is loaded.
fn place_of_added(segments: &[Segment], endian: Endianness) -> usize {
    let last = segments
        .iter()
        .rposition(|it| it.p_type(endian) == elf::PT_LOAD);
    last.map_or(segments.len(), |it| it + 1)
}

/// `size` bytes at `offset`, which must be in `bytes`.
fn range(bytes: &[u8], offset: u64, size: u64) -> Result<Range<usize>, RunPathFault> {
    let end = offset.checked_add(size).ok_or(RunPathFault::Damaged)?;
    let (start, end) = (usize::try_from(offset), usize::try_from(end));
    match (start, end) {
        (Ok(start), Ok(end)) if end <= bytes.len() => Ok(start..end),
        (Ok(_) | Err(_), Ok(_) | Err(_)) => Err(RunPathFault::Damaged),
    }
}

/// The offset in the file of the `size` bytes at `address`, which one loaded segment holds.
fn file_offset(
    segments: &[Segment],
    endian: Endianness,
    address: u64,
    size: u64,
) -> Result<u64, RunPathFault> {
    let mut loaded = segments
        .iter()
        .filter(|it| it.p_type(endian) == elf::PT_LOAD);
    let offset = loaded.find_map(|it| {
        let inside = address.checked_sub(it.p_vaddr(endian))?;
        let end = inside.checked_add(size)?;
        (end <= it.p_filesz(endian)).then(|| it.p_offset(endian).checked_add(inside))?
    });
    offset.ok_or(RunPathFault::Damaged)
}

fn align(value: u64, to: u64) -> Result<u64, RunPathFault> {
    value
        .checked_next_multiple_of(to)
        .ok_or(RunPathFault::Damaged)
}

#[cfg(test)]
mod tests;
