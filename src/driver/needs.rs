//! What an ELF library asks of the machine: the newest glibc among its version needs, and whether it wants an executable stack.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use object::endian::Endianness;
use object::read::elf::{Dyn, FileHeader, ProgramHeader};
use object::{ReadCache, ReadRef, elf};

use super::search;
use crate::system::files::open_named;
use crate::system::test_machine::{self, host_path};
use crate::tdengine::platform::Os;

/// The most version needs, or definitions, that are looked at; glibc itself has about forty.
const MOST: usize = 4096;
/// The glibc's own library.
const LIBC: &str = "libc.so.6";

/// A version of glibc: 2.17.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Glibc(pub u32, pub u32);

impl Glibc {
    /// The version that `GLIBC_2.17` or `GLIBC_2.2.5` names; `None` for `GLIBC_PRIVATE` and the names of other libraries.
    fn named(name: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(name).ok()?.strip_prefix("GLIBC_")?;
        let mut parts = text.split('.');
        Some(Self(
            parts.next()?.parse().ok()?,
            parts.next()?.parse().ok()?,
        ))
    }
}

impl fmt::Display for Glibc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.0, self.1)
    }
}

/// What a library asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// The newest glibc that a symbol of it is bound to (`.gnu.version_r`).
    pub glibc: Option<Glibc>,
    /// It wants an executable stack (`PT_GNU_STACK`), which glibc 2.41 and later refuse to a library loaded at run time. The
    /// place in the file of the four bytes that request it, and their value without that wish.
    pub executable_stack: Option<(u64, [u8; 4])>,
}

/// Reads the library at `path`. What is damaged or missing in it is passed over: then nothing is known to be needed.
pub fn of(path: &Path) -> io::Result<Needs> {
    let cache = ReadCache::new(open_named(path)?);
    Ok(read(&cache))
}

/// Reads a library from its bytes. What is damaged or missing in it is passed over.
pub fn read<'data, R: ReadRef<'data>>(data: R) -> Needs {
    Needs {
        glibc: needed(data).ok().flatten(),
        executable_stack: executable_stack(data).ok().flatten(),
    }
}

type Header = elf::FileHeader64<Endianness>;

fn needed<'data, R: ReadRef<'data>>(data: R) -> object::read::Result<Option<Glibc>> {
    let header = Header::parse(data)?;
    let endian = header.endian()?;
    let sections = header.sections(endian, data)?;
    let Some((mut needs, link)) = sections.gnu_verneed(endian, data)? else {
        return Ok(None);
    };
    let strings = sections.strings(endian, data, link)?;
    let (mut newest, mut left) = (None, MOST);
    while let Some((_, mut versions)) = needs.next()? {
        while let Some(version) = versions.next()? {
            newest = newest.max(Glibc::named(version.name(endian, strings)?));
            left -= 1;
            if left == 0 {
                return Ok(newest);
            }
        }
    }
    Ok(newest)
}

fn executable_stack<'data, R: ReadRef<'data>>(
    data: R,
) -> object::read::Result<Option<(u64, [u8; 4])>> {
    let header = Header::parse(data)?;
    let endian = header.endian()?;
    let segments = header.program_headers(endian, data)?;
    let found = segments.iter().position(|segment| {
        segment.p_type(endian) == elf::PT_GNU_STACK && segment.p_flags(endian).0 & elf::PF_X.0 != 0
    });
    let Some(index) = found else {
        return Ok(None);
    };
    let flags = segments[index].p_flags(endian).0 & !elf::PF_X.0;
    let bytes = match endian {
        Endianness::Little => flags.to_le_bytes(),
        Endianness::Big => flags.to_be_bytes(),
    };
    // p_flags stands behind p_type, four bytes in.
    let size = u64::from(header.e_phentsize(endian));
    let place = header.e_phoff(endian) + index as u64 * size + 4;
    Ok(Some((place, bytes)))
}

/// The folders that the library itself names for those that it loads (`DT_RUNPATH`, else `DT_RPATH`), with `$ORIGIN` replaced.
/// What is damaged is passed over.
pub fn run_path(path: &Path) -> Vec<PathBuf> {
    let Ok(file) = open_named(path) else {
        return Vec::new();
    };
    let cache = ReadCache::new(file);
    let text = named_path(&cache).ok().flatten().unwrap_or_default();
    let real = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    let origin = real
        .parent()
        .unwrap_or(Path::new("/"))
        .display()
        .to_string();
    text.split(':')
        .filter(|folder| !folder.is_empty())
        .map(|folder| {
            let folder = folder.replace("${ORIGIN}", &origin);
            PathBuf::from(folder.replace("$ORIGIN", &origin))
        })
        .collect()
}

/// Returns the names of the libraries that the library at `path` needs (`DT_NEEDED`); none if it cannot be read.
pub fn needed_libraries(path: &Path) -> Vec<String> {
    let Ok(file) = open_named(path) else {
        return Vec::new();
    };
    let cache = ReadCache::new(file);
    needed_names(&cache).unwrap_or_default()
}

fn needed_names<'data, R: ReadRef<'data>>(data: R) -> object::read::Result<Vec<String>> {
    let header = Header::parse(data)?;
    let endian = header.endian()?;
    let sections = header.sections(endian, data)?;
    let Some((entries, link)) = sections.dynamic(endian, data)? else {
        return Ok(Vec::new());
    };
    let strings = sections.strings(endian, data, link)?;
    let needed = entries
        .iter()
        .take(MOST)
        .filter(|entry| entry.d_tag(endian) == elf::DT_NEEDED)
        .filter_map(|entry| strings.get(u32::try_from(entry.d_val(endian)).ok()?).ok());
    Ok(needed
        .map(|name| String::from_utf8_lossy(name).into_owned())
        .collect())
}

fn named_path<'data, R: ReadRef<'data>>(data: R) -> object::read::Result<Option<String>> {
    let header = Header::parse(data)?;
    let endian = header.endian()?;
    let sections = header.sections(endian, data)?;
    let Some((entries, link)) = sections.dynamic(endian, data)? else {
        return Ok(None);
    };
    let strings = sections.strings(endian, data, link)?;
    let value = |tag| {
        let entry = entries.iter().find(|entry| entry.d_tag(endian) == tag)?;
        let offset = u32::try_from(entry.d_val(endian)).ok()?;
        let bytes = strings.get(offset).ok()?;
        Some(String::from_utf8_lossy(bytes).into_owned())
    };
    Ok(value(elf::DT_RUNPATH).or_else(|| value(elf::DT_RPATH)))
}

/// Whether this machine's C library is musl: its loader is there, and a glibc is not.
pub fn host_is_musl() -> bool {
    cfg!(target_os = "linux") && has_musl() && host_glibc().is_none()
}

/// Whether musl's loader is there.
fn has_musl() -> bool {
    let musl = ["x86_64", "aarch64"].map(|arch| format!("/lib/ld-musl-{arch}.so.1"));
    musl.iter().any(|file| host_path(file).exists())
}

/// The machine's glibc and the file that was read: the newest version that its libc.so.6 defines. It is read from the file,
/// because asking the library itself takes unsafe code. The libc.so.6 is the one that this process runs with, else the one
/// that the loader would find; `None` where there is none, as with musl.
pub fn host_glibc() -> Option<(Glibc, PathBuf)> {
    // The glibc that a test's own process runs with is not that of the machine that it asks about.
    if test_machine::is_exchanged() && has_musl() {
        return None;
    }
    let own = std::fs::read_to_string("/proc/self/maps")
        .ok()
        .and_then(|maps| {
            let mut paths = maps.lines().filter_map(|line| line.split_once('/'));
            let path = paths
                .find_map(|(_, path)| path.ends_with("/libc.so.6").then(|| format!("/{path}")))?;
            Some(PathBuf::from(path))
        });
    let file = own.or_else(|| {
        let folders = search::folders(Os::Linux, None);
        search::find(&folders, LIBC).map(|candidate| candidate.file)
    })?;
    let cache = ReadCache::new(open_named(&file).ok()?);
    let version = defined(&cache).ok().flatten()?;
    Some((version, file))
}

fn defined<'data, R: ReadRef<'data>>(data: R) -> object::read::Result<Option<Glibc>> {
    let header = Header::parse(data)?;
    let endian = header.endian()?;
    let sections = header.sections(endian, data)?;
    let Some((mut definitions, link)) = sections.gnu_verdef(endian, data)? else {
        return Ok(None);
    };
    let strings = sections.strings(endian, data, link)?;
    let (mut newest, mut left) = (None, MOST);
    while let Some((_, mut names)) = definitions.next()? {
        if let Some(name) = names.next()? {
            newest = newest.max(Glibc::named(name.name(endian, strings)?));
        }
        left -= 1;
        if left == 0 {
            break;
        }
    }
    Ok(newest)
}

#[cfg(test)]
#[cfg(all(target_os = "linux", target_env = "gnu"))]
mod tests;
