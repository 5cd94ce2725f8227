//! What a library is made for, from its header: ELF, Mach-O or PE.

use std::fmt;

use object::endian::{Endianness, LittleEndian};
use object::read::elf::{FileHeader, ProgramHeader};
use object::read::macho::{FatArch, MachHeader, MachOFatFile32, MachOFatFile64, Segment};
use object::{FileKind, elf, macho, pe};
use serde::Serialize;

use crate::message::{Message, message};
use crate::tdengine::platform::{Arch, Os, Platform};

/// The systems and processors that a library serves; a universal Mach-O file serves several.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Machine {
    /// `linux` for ELF, `windows` for PE, `macos` for Mach-O.
    pub os: &'static str,
    /// `x64`, `arm64`, `x86`, or the header's own number.
    pub archs: Vec<String>,
}

/// The reason why it is not known what a file is made for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MachineFault {
    /// It has another form than libraries have.
    NotALibrary,
    /// Its header does not parse.
    DamagedHeader,
    /// It ends before the places that its header names.
    Truncated,
    /// It cannot be read; the reason.
    Unreadable(Message),
}

impl MachineFault {
    /// Describes the fault, as a sentence without a full stop.
    pub fn message(&self) -> Message {
        match self {
            Self::NotALibrary => message!("driver-not-a-library"),
            Self::DamagedHeader => message!("driver-header-damaged"),
            Self::Truncated => message!("driver-cut-short"),
            Self::Unreadable(why) => why.clone(),
        }
    }
}

impl Machine {
    /// Whether a program on `platform` can load it.
    pub fn serves(&self, platform: Platform) -> bool {
        let arch = platform.arch.to_string();
        self.os == platform.os.to_string() && self.archs.contains(&arch)
    }
}

impl fmt::Display for Machine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.os, self.archs.join("+"))
    }
}

/// Reads the first bytes of a library of `length` bytes. The error says what it is instead.
pub fn read(head: &[u8], length: u64) -> Result<Machine, MachineFault> {
    let damaged = |_| MachineFault::DamagedHeader;
    let kind = FileKind::parse(head).map_err(|_| MachineFault::NotALibrary)?;
    let (os, archs) = match kind {
        FileKind::Elf64 => {
            let header = elf::FileHeader64::<Endianness>::parse(head).map_err(damaged)?;
            let endian = header.endian().map_err(damaged)?;
            // A library with an added run path has them at its end.
            let table = u64::from(header.e_phentsize(endian)) * u64::from(header.e_phnum(endian));
            let table_end = header.e_phoff(endian).checked_add(table);
            let is_behind = table_end.is_none_or(|end| end > head.len() as u64);
            let segments = if is_behind && (head.len() as u64) < length {
                if table_end.is_none_or(|end| end > length) {
                    return Err(MachineFault::Truncated);
                }
                &[][..]
            } else {
                header.program_headers(endian, head).map_err(damaged)?
            };
            let end = |segment: &elf::ProgramHeader64<_>| {
                let file = segment
                    .p_offset(endian)
                    .checked_add(segment.p_filesz(endian));
                file.unwrap_or(u64::MAX)
            };
            if segments.iter().any(|segment| end(segment) > length) {
                return Err(MachineFault::Truncated);
            }
            ("linux", vec![elf_arch(header.e_machine(endian))])
        }
        FileKind::Elf32 => {
            let header = elf::FileHeader32::<Endianness>::parse(head).map_err(damaged)?;
            let machine = header.e_machine(header.endian().map_err(damaged)?);
            ("linux", vec![elf_arch(machine)])
        }
        FileKind::MachO64 => {
            let header = macho::MachHeader64::<Endianness>::parse(head, 0).map_err(damaged)?;
            let endian = header.endian().map_err(damaged)?;
            let mut commands = header.load_commands(endian, head, 0).map_err(damaged)?;
            // Behind the first bytes there may be more of them, which are not looked at.
            while let Ok(Some(command)) = commands.next() {
                if let Ok(Some((segment, _))) = command.segment_64() {
                    let end = segment
                        .fileoff(endian)
                        .checked_add(segment.filesize(endian));
                    if end.is_none_or(|end| end > length) {
                        return Err(MachineFault::Truncated);
                    }
                }
            }
            let arch = macho_arch(header.cputype(endian), header.cpusubtype(endian));
            ("macos", vec![arch])
        }
        FileKind::MachOFat32 => {
            let fat = MachOFatFile32::parse(head).map_err(damaged)?;
            ("macos", fat_archs(fat.arches(), head, length)?)
        }
        FileKind::MachOFat64 => {
            let fat = MachOFatFile64::parse(head).map_err(damaged)?;
            ("macos", fat_archs(fat.arches(), head, length)?)
        }
        FileKind::Pe32 | FileKind::Pe64 => {
            let (arch, end) = pe_arch(head).ok_or(MachineFault::DamagedHeader)?;
            if end > length {
                return Err(MachineFault::Truncated);
            }
            ("windows", vec![arch])
        }
        _ => return Err(MachineFault::NotALibrary),
    };
    Ok(Machine { os, archs })
}

fn elf_arch(machine: elf::Machine) -> String {
    match machine {
        elf::EM_X86_64 => Arch::X64.to_string(),
        elf::EM_AARCH64 => Arch::Arm64.to_string(),
        elf::EM_386 => "x86".into(),
        other => format!("machine {}", other.0),
    }
}

/// The bits of a subtype that are the subtype; the others are features of it.
const SUBTYPE: u32 = 0x00ff_ffff;

fn macho_arch(cpu: macho::CpuType, subtype: macho::CpuSubtype) -> String {
    match cpu {
        macho::CPU_TYPE_X86_64 => Arch::X64.to_string(),
        macho::CPU_TYPE_X86 => "x86".into(),
        // Programs for arm64 do not load it: pointers in it are signed.
        macho::CPU_TYPE_ARM64 if subtype.0 & SUBTYPE == macho::CPU_SUBTYPE_ARM64E.0 => {
            "arm64e".into()
        }
        macho::CPU_TYPE_ARM64 => Arch::Arm64.to_string(),
        other => format!("cpu {}", other.0),
    }
}

/// The processor in the first bytes of a slice, of 32 or 64 bits.
fn slice_cpu(own: &[u8; 8]) -> Option<u32> {
    let [a, b, c, d, cpu @ ..] = *own;
    match u32::from_be_bytes([a, b, c, d]) {
        0xfeed_face | 0xfeed_facf => Some(u32::from_be_bytes(cpu)),
        0xcefa_edfe | 0xcffa_edfe => Some(u32::from_le_bytes(cpu)),
        _ => None,
    }
}

/// The processors of a universal file, each of whose slices must be there and be for the processor that the table names, as far as the
/// file's first bytes, `head`, show it.
fn fat_archs<A: FatArch>(
    archs: &[A],
    head: &[u8],
    length: u64,
) -> Result<Vec<String>, MachineFault> {
    let slice = |arch: &A| {
        let (offset, size): (u64, u64) = (arch.offset().into(), arch.size().into());
        let whole = offset.checked_add(size).is_some_and(|end| end <= length);
        let own = usize::try_from(offset)
            .ok()
            .and_then(|offset| head.get(offset..)?.first_chunk::<8>());
        let fits = own.is_none_or(|own| slice_cpu(own) == Some(arch.cputype().0));
        match (whole, fits) {
            (false, _) => Err(MachineFault::Truncated),
            (true, false) => Err(MachineFault::DamagedHeader),
            (true, true) => Ok(macho_arch(arch.cputype(), arch.cpusubtype())),
        }
    };
    archs.iter().map(slice).collect()
}

/// The processor, and where the last section ends in the file.
fn pe_arch(head: &[u8]) -> Option<(String, u64)> {
    let dos = pe::ImageDosHeader::parse(head).ok()?;
    // The signature's four bytes stand before the file header.
    let at = u64::from(dos.nt_headers_offset()) + 4;
    let header = object::ReadRef::read_at::<pe::ImageFileHeader>(head, at).ok()?;
    let sections = at
        + size_of::<pe::ImageFileHeader>() as u64
        + u64::from(header.size_of_optional_header.get(LittleEndian));
    let count = usize::from(header.number_of_sections.get(LittleEndian));
    let sections = object::ReadRef::read_slice_at::<pe::ImageSectionHeader>(head, sections, count)
        .unwrap_or_default();
    let end = |section: &pe::ImageSectionHeader| {
        match section.pointer_to_raw_data.get(LittleEndian) {
            // Nothing of it is in the file.
            0 => 0,
            from => u64::from(from) + u64::from(section.size_of_raw_data.get(LittleEndian)),
        }
    };
    let end = sections.iter().map(end).max().unwrap_or_default();
    let arch = match header.machine.get(LittleEndian) {
        pe::IMAGE_FILE_MACHINE_AMD64 => Arch::X64.to_string(),
        pe::IMAGE_FILE_MACHINE_ARM64 => Arch::Arm64.to_string(),
        pe::IMAGE_FILE_MACHINE_I386 => "x86".into(),
        other => format!("machine {}", other.0),
    };
    Some((arch, end))
}

/// The word for what a file is made for if that is not known.
pub const UNKNOWN: &str = "?";

/// The platform of this program in the same words.
pub fn words(platform: Platform) -> String {
    let os: Os = platform.os;
    format!("{os}-{}", platform.arch)
}

#[cfg(test)]
mod tests;
