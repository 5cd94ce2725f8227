//! The runtime of Visual C++: which version a library of Windows needs, and which one this machine has. It must be at least as new as
//! the compiler that made the library (docs/facts.md).

use std::fmt;
use std::fs::File;
use std::path::{Path, PathBuf};

use object::endian::LittleEndian;
use object::read::pe::{PeFile64, ResourceDirectoryEntryData, ResourceNameOrId};
use object::{ReadCache, ReadRef};

use crate::system::files::open_named;
use crate::system::registry::{self, Hive};
use crate::tdengine::platform::{Arch, Platform};

/// Where the runtime's installer records its version, in front of the processor's name.
const INSTALLED: &str = r"SOFTWARE\Microsoft\VisualStudio\14.0\VC\Runtimes";
/// The libraries of the runtime begin with one of these, in lower case. Visual Studio 2015 and later share the number.
const LIBRARIES: [&str; 2] = ["vcruntime140", "msvcp140"];
/// The number of the resource that holds a file's version.
const VERSION_RESOURCE: u16 = 16;
/// What the fixed part of a version begins with (VS_FIXEDFILEINFO).
const SIGNATURE: u32 = 0xFEEF_04BD;
/// The largest library that is read, in bytes.
const LARGEST: u64 = 512 << 20;
/// The most bytes of a version that are read.
const MOST_BYTES: usize = 4096;
/// The most imported libraries that are looked at.
const MOST_IMPORTS: usize = 1024;

/// A version of the runtime: 14.44.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct VcRuntime(pub u32, pub u32);

impl fmt::Display for VcRuntime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02}", self.0, self.1)
    }
}

/// Returns the newest runtime that one of `files` needs, and that file; `None` if none of them needs one or can be read.
pub fn newest_needed(files: &[PathBuf]) -> Option<(PathBuf, VcRuntime)> {
    let needed = files
        .iter()
        .filter_map(|file| Some((file.clone(), needed(&open(file)?)?)));
    needed.max_by_key(|(_, version)| *version)
}

fn open(file: &Path) -> Option<ReadCache<File>> {
    let file = open_named(file).ok()?;
    let is_small = file.metadata().ok()?.len() <= LARGEST;
    is_small.then(|| ReadCache::new(file))
}

/// The runtime that the library of these bytes needs: it is linked with one, and the linker's version is the compiler's.
fn needed<'data, R: ReadRef<'data>>(data: R) -> Option<VcRuntime> {
    let file = PeFile64::parse(data).ok()?;
    let table = file.import_table().ok()??;
    let mut imports = table.descriptors().ok()?;
    let is_linked = std::iter::from_fn(|| imports.next().ok().flatten())
        .take(MOST_IMPORTS)
        .filter_map(|import| table.name(import.name.get(LittleEndian)).ok())
        .any(is_runtime);
    let header = &file.nt_headers().optional_header;
    let version = VcRuntime(
        header.major_linker_version.into(),
        header.minor_linker_version.into(),
    );
    is_linked.then_some(version)
}

fn is_runtime(name: &[u8]) -> bool {
    let name = name.to_ascii_lowercase();
    LIBRARIES.iter().any(|begin| {
        let rest = name.strip_prefix(begin.as_bytes());
        // Names with a `d` behind the number are of the debug runtime.
        rest.is_some_and(|rest| !rest.starts_with(b"d"))
    })
}

/// Returns the runtime that this machine has: what its installer recorded, else the version of its library in System32. `None` if
/// neither is known.
pub fn installed(platform: Platform) -> Option<VcRuntime> {
    let arch = match platform.arch {
        Arch::X64 => "X64",
        Arch::Arm64 => "ARM64",
    };
    let key = format!(r"{INSTALLED}\{arch}");
    let number = |name| registry::number(Hive::LocalMachine, &key, name);
    recorded(number).or_else(|| file_version(&system_directory()?.join("vcruntime140.dll")))
}

/// The version that the runtime's installer recorded, if it says that it is installed.
fn recorded(number: impl Fn(&'static str) -> Option<u32>) -> Option<VcRuntime> {
    let version = VcRuntime(number("Major")?, number("Minor")?);
    (number("Installed") == Some(1)).then_some(version)
}

/// Returns whether Windows has the libraries of the runtime.
pub fn is_there() -> bool {
    system_directory().is_some_and(|directory| {
        ["msvcp140.dll", "vcruntime140.dll"]
            .iter()
            .all(|name| directory.join(name).is_file())
    })
}

fn system_directory() -> Option<PathBuf> {
    let root = std::env::var_os("SystemRoot")?;
    Some(Path::new(&root).join("System32"))
}

/// The version of the library `file`.
fn file_version(file: &Path) -> Option<VcRuntime> {
    version_resource(&open(file)?)
}

fn version_resource<'data, R: ReadRef<'data>>(data: R) -> Option<VcRuntime> {
    let file = PeFile64::parse(data).ok()?;
    let sections = file.section_table();
    let directory = file
        .data_directories()
        .resource_directory(data, &sections)
        .ok()??;
    let mut table = directory.root().ok()?;
    let mut entry = table
        .entries
        .iter()
        .find(|entry| matches!(entry.name_or_id(), ResourceNameOrId::Id(VERSION_RESOURCE)))?;
    // Its name and its language.
    for _ in 0..2 {
        let ResourceDirectoryEntryData::Table(next) = entry.data(directory).ok()? else {
            return None;
        };
        table = next;
        entry = table.entries.first()?;
    }
    let found = entry.data(directory).ok()?.data()?;
    let bytes = sections.pe_data_at(data, found.offset_to_data.get(LittleEndian))?;
    fixed_version(bytes.get(..bytes.len().min(MOST_BYTES))?)
}

/// The version in the fixed part of a version resource.
fn fixed_version(bytes: &[u8]) -> Option<VcRuntime> {
    let signature = SIGNATURE.to_le_bytes();
    let at = bytes.windows(4).position(|four| four == signature)?;
    let word = bytes.get(at + 8..at + 12)?;
    let word = u32::from_le_bytes(word.try_into().ok()?);
    Some(VcRuntime(word >> 16, word & 0xFFFF))
}

#[cfg(test)]
mod tests;
