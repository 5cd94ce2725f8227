//! Libraries that a package brings for its driver, in `lib/private/`: on no search path, so that they hide none of the system's.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use super::needs;
use crate::tdengine::platform::Platform;

/// The directory beside the driver that holds them.
pub const DIRECTORY: &str = "private";
/// The driver's own libraries, as it loads them.
const OWN: [&str; 3] = ["libtaos.so", "libtaosnative.so", "libtaosws.so"];
/// The most libraries that are looked at.
const MOST: usize = 64;

/// Returns the private libraries that the driver `library` and its siblings need, each after those that it needs itself.
pub fn needed_by(library: &Path) -> Vec<PathBuf> {
    let real = library.canonicalize();
    let real = real.as_deref().unwrap_or(library);
    let Some(directory) = real.parent().filter(|it| it.join(DIRECTORY).is_dir()) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for name in OWN {
        add(
            &directory.join(name),
            &directory.join(DIRECTORY),
            &mut found,
            0,
        );
    }
    found
}

/// Returns the names of those libraries that programs do not find: `path`, the value of the loader's search path, and the
/// system's directories have none of them.
pub fn hidden_from_programs(
    library: &Path,
    platform: Platform,
    path: Option<&OsStr>,
) -> Vec<String> {
    let names = needed_by(library);
    let names = names.iter().filter_map(|file| file.file_name()?.to_str());
    names
        .filter(|name| {
            let name = (*name).to_owned();
            let located = super::locate(platform, path, std::slice::from_ref(&name));
            located.chosen.is_none()
        })
        .map(str::to_owned)
        .collect()
}

fn add(file: &Path, private: &Path, found: &mut Vec<PathBuf>, depth: usize) {
    if depth > MOST {
        return;
    }
    for name in needs::needed_libraries(file) {
        let needed = private.join(&name);
        let is_plain = !name.contains('/');
        if is_plain && found.len() < MOST && !found.contains(&needed) && needed.is_file() {
            add(&needed, private, found, depth + 1);
            if !found.contains(&needed) {
                found.push(needed);
            }
        }
    }
}
