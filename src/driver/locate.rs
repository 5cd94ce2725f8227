//! Which copy of a library the system's loader picks when a program asks for it by its bare name, and which it passes over.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, ErrorKind};
use std::path::{Path, PathBuf};

use super::cache::LoaderCache;
use super::search::{self, Candidate, Source};
use super::{Machine, machine_of, vendor_installer};
use crate::tdengine::platform::{Os, Platform};

/// A copy that the loader looks at and passes over; why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passed {
    /// The copy.
    pub candidate: Candidate,
    /// It cannot be read by this user; else it is for another machine.
    pub unreadable: bool,
    /// What it is made for, where that is why.
    pub machine: Option<Machine>,
}

/// What a search comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Located {
    /// The copy that is loaded, or that ends the search because it is damaged.
    pub chosen: Option<Candidate>,
    /// Copies before it that the loader passes over.
    pub passed: Vec<Passed>,
    /// Copies behind it, each another file.
    pub behind: Vec<Candidate>,
    /// A copy that is installed where the loader does not find it, unless it finds another.
    pub unfound: Option<UnfoundCopy>,
}

/// A copy that is installed and that the loader does not find; why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UnfoundCopy {
    /// It is in a directory of ld.so.conf, and not in the loader's cache: ldconfig was not run since.
    Uncached(PathBuf),
    /// It is in the directory of the vendor's installer for Windows, which PATH lacks.
    OffPath(PathBuf),
}

/// The largest libraries that are compared byte by byte.
const MOST_COMPARED: u64 = 256 * 1024 * 1024;

/// How the loader takes a file.
enum Fit {
    Absent,
    /// Loaded, or refused for good: either ends the search.
    Taken,
    Unreadable,
    OtherMachine(Machine),
}

/// Searches for the first of `names` that is there. `path` is the value of [`search::variable`].
pub fn locate(platform: Platform, path: Option<&OsStr>, names: &[String]) -> Located {
    let cache = match platform.os {
        Os::Linux => LoaderCache::of_this_system(),
        Os::Macos | Os::Windows => None,
    };
    locate_with(cache.as_ref(), platform, path, names)
}

/// [`locate`], with the loader's `cache`, which is read once for many searches.
pub fn locate_with(
    cache: Option<&LoaderCache>,
    platform: Platform,
    path: Option<&OsStr>,
    names: &[String],
) -> Located {
    let mut located = Located::default();
    for name in names {
        for candidate in candidates(platform, path, name, cache) {
            consider(&mut located, candidate, platform);
        }
        if located.chosen.is_some() {
            return located;
        }
    }
    if cache.is_some() {
        let folders = search::folders(Os::Linux, None);
        located.unfound = names
            .iter()
            .find_map(|name| search::find(&folders, name))
            .map(|candidate| candidate.file)
            .filter(|file| {
                !located
                    .passed
                    .iter()
                    .any(|passed| passed.candidate.file == *file)
            })
            .map(UnfoundCopy::Uncached);
    }
    if platform.os == Os::Windows {
        located.unfound = off_path(&vendor_installer::library_directories(), names);
    }
    located
}

/// The first of `names` in the directories of the vendor's installer.
fn off_path(directories: &[PathBuf], names: &[String]) -> Option<UnfoundCopy> {
    let folders: Vec<_> = directories
        .iter()
        .map(|directory| (directory.clone(), Source::System))
        .collect();
    let found = names.iter().find_map(|name| search::find(&folders, name));
    found.map(|candidate| UnfoundCopy::OffPath(candidate.file))
}

/// Every place in the loader's order.
fn candidates(
    platform: Platform,
    path: Option<&OsStr>,
    name: &str,
    cache: Option<&LoaderCache>,
) -> Vec<Candidate> {
    let Some(cache) = cache else {
        let folders = search::folders(platform.os, path);
        return in_folders(folders.into_iter(), name).collect();
    };
    let named = path.map(|path| std::env::split_paths(path).collect::<Vec<_>>());
    let named = named.into_iter().flatten();
    let named = named
        // glibc takes an empty entry for the current folder.
        .map(|folder| match folder.as_os_str().is_empty() {
            true => PathBuf::from("."),
            false => folder,
        })
        .map(|folder| (folder, Source::Environment));
    let cached = cache.paths(name, platform).map(|file| Candidate {
        folder: file.parent().unwrap_or(Path::new("/")).to_path_buf(),
        file: file.to_path_buf(),
        source: Source::Cache,
    });
    let usual = search::usual()
        .into_iter()
        .map(|folder| (folder, Source::System));
    in_folders(named, name)
        .chain(cached)
        .chain(in_folders(usual, name))
        .collect()
}

fn in_folders(
    folders: impl Iterator<Item = (PathBuf, Source)>,
    name: &str,
) -> impl Iterator<Item = Candidate> {
    folders.map(move |(folder, source)| Candidate {
        file: folder.join(name),
        folder,
        source,
    })
}

fn consider(located: &mut Located, candidate: Candidate, platform: Platform) {
    let fit = fit(&candidate.file, platform);
    match (&located.chosen, fit) {
        (_, Fit::Absent) => {}
        (None, Fit::Taken) => located.chosen = Some(candidate),
        (Some(chosen), Fit::Taken) => {
            let mut known = std::iter::once(chosen).chain(&located.behind);
            if !known.any(|known| same_file(&known.file, &candidate.file)) {
                located.behind.push(candidate);
            }
        }
        (Some(_), _) => {}
        (None, Fit::Unreadable) => located.passed.push(Passed {
            candidate,
            unreadable: true,
            machine: None,
        }),
        (None, Fit::OtherMachine(machine)) => located.passed.push(Passed {
            candidate,
            unreadable: false,
            machine: Some(machine),
        }),
    }
}

/// glibc passes over what it may not open and what is for another processor or word size, and stops at anything else that
/// it cannot load (`open_verify` in its `dl-load.c`); dyld tries the next place too. Windows takes the first of that name.
fn fit(file: &Path, platform: Platform) -> Fit {
    if platform.os == Os::Windows {
        return if file.is_file() {
            Fit::Taken
        } else {
            Fit::Absent
        };
    }
    // Opening a pipe would wait for a writer.
    if file.metadata().is_ok_and(|found| !found.is_file()) {
        return Fit::Absent;
    }
    match std::fs::File::open(file) {
        Err(error) if error.kind() == ErrorKind::PermissionDenied => {
            // The content of a closed folder is unknown, for the loader, too.
            return match std::fs::symlink_metadata(file) {
                Ok(_) => Fit::Unreadable,
                Err(_) => Fit::Absent,
            };
        }
        Err(error) if error.kind() == ErrorKind::NotFound => return Fit::Absent,
        Err(_) if !file.exists() => return Fit::Absent,
        Err(_) => return Fit::Taken,
        Ok(_) => {}
    }
    match machine_of(file) {
        Ok(machine) if machine.os == platform.os.to_string() && !machine.serves(platform) => {
            Fit::OtherMachine(machine)
        }
        _ => Fit::Taken,
    }
}

/// Whether both paths lead to one file, or to files of the same bytes.
fn same_file(a: &Path, b: &Path) -> bool {
    let real = |path: &Path| path.canonicalize().ok();
    if real(a).is_some() && real(a) == real(b) {
        return true;
    }
    let length = |path: &Path| std::fs::metadata(path).map(|metadata| metadata.len()).ok();
    let short = length(a).is_some_and(|length| length <= MOST_COMPARED);
    short && length(a) == length(b) && same_bytes(a, b).unwrap_or(false)
}

/// Whether two files of one length have the same bytes.
fn same_bytes(a: &Path, b: &Path) -> std::io::Result<bool> {
    let open = |path| Ok::<_, std::io::Error>(BufReader::new(std::fs::File::open(path)?));
    let (mut a, mut b) = (open(a)?, open(b)?);
    loop {
        let (left, right) = (a.fill_buf()?, b.fill_buf()?);
        let count = left.len().min(right.len());
        if left[..count] != right[..count] {
            return Ok(false);
        }
        if count == 0 {
            return Ok(left.is_empty() && right.is_empty());
        }
        a.consume(count);
        b.consume(count);
    }
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests;
