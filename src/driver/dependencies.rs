//! The libraries that a library needs, and those need, as the loader resolves them (`DT_NEEDED`, ld.so(8)).

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::PathBuf;

use super::cache::LoaderCache;
use super::locate::locate_with;
use super::{needs, private_libraries};
use crate::tdengine::platform::Platform;

/// The most libraries that are looked at.
const MOST: usize = 256;

/// A library that the loader does not find.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingDependency {
    /// Its name.
    pub name: String,
    /// The library that needs it.
    pub needed_by: PathBuf,
}

/// What following the needs of a library comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dependencies {
    /// How many libraries were found.
    pub found: usize,
    /// Those that were not, each once.
    pub missing: Vec<MissingDependency>,
}

/// Follows the needs of `libraries`. `path` is the value of the loader's search path; the C library's own parts are there if
/// `has_glibc`.
pub fn resolve(
    libraries: &[PathBuf],
    platform: Platform,
    path: Option<&OsStr>,
    has_glibc: bool,
) -> Dependencies {
    let cache = LoaderCache::of_this_system();
    let mut waiting: Vec<PathBuf> = libraries.to_vec();
    let mut known: BTreeSet<String> = BTreeSet::new();
    let mut dependencies = Dependencies::default();
    while let Some(file) = waiting.pop() {
        let named = needs::run_path(&file);
        let private = file
            .parent()
            .map(|it| it.join(private_libraries::DIRECTORY));
        for name in needs::needed_libraries(&file) {
            if known.len() >= MOST || !known.insert(name.clone()) {
                continue;
            }
            if has_glibc && is_of_glibc(&name) {
                dependencies.found += 1;
                continue;
            }
            let own = named.iter().chain(&private).map(|it| it.join(&name));
            let found = own.into_iter().find(|it| it.is_file()).or_else(|| {
                let names = std::slice::from_ref(&name);
                let located = locate_with(cache.as_ref(), platform, path, names);
                located.chosen.map(|chosen| chosen.file)
            });
            match found {
                Some(found) => {
                    dependencies.found += 1;
                    waiting.push(found);
                }
                None => dependencies.missing.push(MissingDependency {
                    name,
                    needed_by: file.clone(),
                }),
            }
        }
    }
    dependencies
}

/// Whether a library belongs to glibc itself: every process that has glibc has it.
fn is_of_glibc(name: &str) -> bool {
    // libcrypt and libnsl are packages of their own.
    let parts = [
        "libc",
        "libm",
        "libdl",
        "librt",
        "libpthread",
        "libresolv",
        "libutil",
    ];
    let stem = name.split(".so").next().unwrap_or_default();
    name.starts_with("ld-linux") || parts.contains(&stem)
}

#[cfg(test)]
#[cfg(all(target_os = "linux", target_env = "gnu"))]
mod tests {
    use super::*;

    #[test]
    fn parts_of_glibc_are_known() {
        for name in [
            "libc.so.6",
            "libm.so.6",
            "ld-linux-x86-64.so.2",
            "libdl.so.2",
        ] {
            assert!(is_of_glibc(name), "{name}");
        }
        for name in [
            "libcrypto.so.3",
            "libgcc_s.so.1",
            "libcrypt.so.1",
            "libmy.so",
        ] {
            assert!(!is_of_glibc(name), "{name}");
        }
    }

    #[test]
    fn this_program_finds_what_it_needs() {
        let own = std::env::current_exe().unwrap();
        let found = resolve(&[own], Platform::host().unwrap(), None, true);
        assert!(found.found > 0, "{found:?}");
        assert_eq!(found.missing, []);
    }
}
