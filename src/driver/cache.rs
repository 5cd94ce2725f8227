//! `/etc/ld.so.cache`: what ldconfig recorded about the system's folders for the loader of glibc. A library that was put there later
//! is not found, whatever its folder.

use std::io::Read;
use std::path::{Path, PathBuf};

use crate::system::files::open_named;
use crate::system::test_machine::host_path;
use crate::tdengine::platform::{Arch, Platform};

/// How the file begins since glibc 2.2 (glibc's `dl-cache.h`), and, before that, an older table that is skipped.
const MAGIC: &[u8] = b"glibc-ld.so.cache1.1";
const OLD_MAGIC: &[u8] = b"ld.so-1.7.0";
/// Magic, count, length of strings, flags, extension's offset, reserved.
const HEADER: usize = 48;
/// flags, key, value, osversion, hwcap.
const ENTRY: usize = 24;
/// The most that is read, and the most entries that are looked at.
const MOST_BYTES: u64 = 16 * 1024 * 1024;
const MOST_ENTRIES: usize = 200_000;

/// The parsed cache.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LoaderCache {
    entries: Vec<(u32, String, PathBuf)>,
}

impl LoaderCache {
    /// The cache of this system; `None` where there is none or it is not of a form that is known.
    pub fn of_this_system() -> Option<Self> {
        let mut bytes = Vec::new();
        open_named(&host_path("/etc/ld.so.cache"))
            .ok()?
            .take(MOST_BYTES)
            .read_to_end(&mut bytes)
            .ok()?;
        Self::parse(&bytes)
    }

    /// Reads the file's bytes. Invalid entries are left out.
    fn parse(bytes: &[u8]) -> Option<Self> {
        let start = if bytes.starts_with(OLD_MAGIC) {
            bytes.windows(MAGIC.len()).position(|at| at == MAGIC)?
        } else {
            0
        };
        let bytes = bytes.get(start..)?;
        if !bytes.starts_with(MAGIC) {
            return None;
        }
        let number = |at: usize| -> Option<usize> {
            let four = bytes.get(at..)?.first_chunk()?;
            usize::try_from(u32::from_ne_bytes(*four)).ok()
        };
        let text = |at: usize| -> Option<String> {
            let rest = bytes.get(at..)?;
            let end = rest.iter().position(|byte| *byte == 0)?;
            String::from_utf8(rest[..end].to_vec()).ok()
        };
        let count = number(MAGIC.len())?.min(MOST_ENTRIES);
        let entry = |at: usize| -> Option<(u32, String, PathBuf)> {
            let base = HEADER + at * ENTRY;
            let flags = u32::try_from(number(base)?).ok()?;
            let path = text(number(base + 8)?)?;
            Some((flags, text(number(base + 4)?)?, path.into()))
        };
        Some(Self {
            entries: (0..count)
                .take_while(|at| HEADER + at * ENTRY < bytes.len())
                .filter_map(entry)
                .collect(),
        })
    }

    /// The paths of `name` for `platform`, in the loader's order.
    pub fn paths<'a>(
        &'a self,
        name: &'a str,
        platform: Platform,
    ) -> impl Iterator<Item = &'a Path> {
        // FLAG_ELF_LIBC6, with FLAG_X8664_LIB64 or FLAG_AARCH64_LIB64 (glibc's ldconfig.h).
        let flags = match platform.arch {
            Arch::X64 => 0x0303,
            Arch::Arm64 => 0x0a03,
        };
        self.entries
            .iter()
            .filter(move |(found, known, _)| *found == flags && known == name)
            .map(|(_, _, path)| path.as_path())
    }
}

#[cfg(test)]
mod tests;
