//! What every target checks: whatever the bytes are, nothing is written outside the folder, and what was unpacked is there.

pub mod memory;

use std::fs;
use std::path::{Path, PathBuf};

use taos_setup::fuzzing::{ArchiveParser, unpack_part};

/// Unpacks `bytes` into a folder inside an otherwise empty one, and looks at both afterwards.
///
/// # Panics
/// Where something was written outside the folder, a link leads out of it, or a file that was unpacked is not there.
pub fn check(part: ArchiveParser, bytes: &[u8]) {
    let memory = Path::new("/dev/shm");
    let around = match memory.is_dir() {
        true => tempfile::tempdir_in(memory),
        false => tempfile::tempdir(),
    }
    .expect("a temporary folder");
    let into = around.path().join("into");
    fs::create_dir(&into).expect("a folder");
    let unpacked = unpack_part(part, bytes, &into);
    let names: Vec<PathBuf> = fs::read_dir(around.path())
        .expect("the folder")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    assert_eq!(names, [into.clone()]);
    let Ok(unpacked) = unpacked else { return };
    for file in &unpacked.files {
        let found = fs::symlink_metadata(into.join(&file.path)).expect("a file that was unpacked");
        assert!(found.is_file() && found.len() == file.size, "{file:?}");
    }
    for link in &unpacked.links {
        let leads = into
            .join(&link.path)
            .canonicalize()
            .expect("a link that leads somewhere");
        assert!(
            leads.starts_with(into.canonicalize().expect("the folder")),
            "{link:?}"
        );
    }
}
