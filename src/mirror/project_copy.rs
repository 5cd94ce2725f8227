//! Copies a project into a scratch directory, so that its own is not changed, and computes what decides its dependencies.

use std::ffi::OsStr;
use std::fs;
use std::io::{self, Read, Write};
use std::path::Path;

use super::fault::{unreadable, unwritable};
use super::part;
use crate::error::{Error, ErrorId, Result};
use crate::message::message;
use crate::safety::printable::printable_path;
use crate::system::directory::{Directory, EntryType, Visitor, walk};
use crate::tdengine::digest::Sha256;

/// Directories that hold what was built or fetched.
const LEFT_OUT: [&str; 11] = [
    ".git",
    ".gradle",
    ".idea",
    ".mypy_cache",
    ".pytest_cache",
    ".tox",
    ".venv",
    "__pycache__",
    "node_modules",
    "target",
    "venv",
];
/// The most files of a project.
const MOST_FILES: usize = 50_000;
/// The most bytes of a project.
const MOST_BYTES: u64 = 1 << 30;

/// Files of a project that decide which packages it needs.
const MANIFESTS: [&str; 14] = [
    "Cargo.lock",
    "Cargo.toml",
    "DESCRIPTION",
    "go.mod",
    "go.sum",
    "go.work",
    "npm-shrinkwrap.json",
    "package-lock.json",
    "package.json",
    "pom.xml",
    "pyproject.toml",
    "requirements.txt",
    "rust-toolchain.toml",
    "maven-wrapper.properties",
];

/// Copies `project` to the new directory `to`. Links and special files are not copied.
///
/// # Errors
/// `file-unreadable` if it has too many files, too.
pub(super) fn copy(project: &Path, to: &Path) -> Result<()> {
    let root = Directory::open_named(project).map_err(|error| unreadable(project, &error))?;
    fs::create_dir_all(to).map_err(|error| unwritable(to, &error))?;
    let mut copy = Copy {
        to,
        files: 0,
        bytes: 0,
    };
    walk(&root, &mut copy).map_err(|error| match copy.is_full() {
        true => Error::new(
            ErrorId::FileUnreadable,
            message!("mirror-read", path = printable_path(project)),
            message!("mirror-project-too-large"),
            message!("mirror-project-next"),
        ),
        false => unreadable(project, &error),
    })
}

/// The digest of the manifests and lock files of `project`, by path and content.
///
/// # Errors
/// `file-unreadable`.
pub(super) fn key(project: &Path, words: &[&[u8]]) -> Result<Sha256> {
    let root = Directory::open_named(project).map_err(|error| unreadable(project, &error))?;
    let mut manifests = ManifestDigests::default();
    walk(&root, &mut manifests).map_err(|error| unreadable(project, &error))?;
    let found = manifests.found.iter().map(Vec::as_slice);
    Ok(part::key(words.iter().copied().chain(found)))
}

struct Copy<'a> {
    to: &'a Path,
    files: usize,
    bytes: u64,
}

impl Copy<'_> {
    fn is_full(&self) -> bool {
        self.files > MOST_FILES || self.bytes > MOST_BYTES
    }
}

impl Visitor for Copy<'_> {
    fn entry(
        &mut self,
        parent: &Directory,
        name: &OsStr,
        found: EntryType,
        path: &Path,
    ) -> io::Result<bool> {
        let place = self.to.join(path);
        match found {
            EntryType::Directory if is_left_out(name) => return Ok(false),
            EntryType::Directory => {
                fs::create_dir_all(&place)?;
                return Ok(true);
            }
            EntryType::Link(_) | EntryType::Special => return Ok(false),
            EntryType::File(size) => {
                self.files += 1;
                self.bytes = self.bytes.saturating_add(size);
                if self.is_full() {
                    return Err(io::ErrorKind::FileTooLarge.into());
                }
                let mut from = parent.open_file(name)?.take(size);
                let mut to = fs::File::create(&place)?;
                io::copy(&mut from, &mut to)?;
                to.flush()?;
            }
        }
        Ok(false)
    }
}

/// The path and the content of each manifest.
#[derive(Default)]
struct ManifestDigests {
    found: Vec<Vec<u8>>,
    files: usize,
}

impl Visitor for ManifestDigests {
    fn entry(
        &mut self,
        parent: &Directory,
        name: &OsStr,
        found: EntryType,
        path: &Path,
    ) -> io::Result<bool> {
        self.files += 1;
        if self.files > MOST_FILES {
            return Err(crate::error::UnfitFile::TooManyValues.into());
        }
        match found {
            EntryType::Directory => return Ok(!is_left_out(name)),
            EntryType::File(_) if is_manifest(name) => {
                let names: Vec<_> = path.iter().map(OsStr::to_string_lossy).collect();
                self.found.push(names.join("/").into_bytes());
                let digest = Sha256::of(parent.open_file(name)?)?;
                self.found.push(digest.0.to_vec());
            }
            EntryType::File(_) | EntryType::Link(_) | EntryType::Special => {}
        }
        Ok(false)
    }
}

fn is_left_out(name: &OsStr) -> bool {
    LEFT_OUT.iter().any(|it| name == *it)
}

/// Whether a file decides which packages are needed; of Python's, any list of requirements.
fn is_manifest(name: &OsStr) -> bool {
    let is_requirements = name
        .to_str()
        .is_some_and(|it| it.starts_with("requirements") && it.ends_with(".txt"));
    is_requirements || MANIFESTS.iter().any(|it| name == *it)
}
