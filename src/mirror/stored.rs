//! A mirror on disk: its manifest and its files, read without following links.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::entry_path::EntryPath;
use super::fault::{damaged, unparsable, unreadable};
use super::manifest::{
    LARGEST_MANIFEST, MANIFEST, MANIFEST_SIGNATURE, ManifestFault, MirrorManifest,
};
use crate::error::{Error, ErrorId, Result};
use crate::message::message;
use crate::safety::printable::printable_path;
use crate::signature::{self, LARGEST_SIGNATURE, SignatureFault, SignedList, TrustedKey};
use crate::system::directory::Directory;
use crate::system::files;

/// A mirror that is held open.
#[derive(Debug)]
pub(super) struct StoredMirror {
    pub(super) path: PathBuf,
    pub(super) directory: Directory,
    pub(super) manifest: MirrorManifest,
    /// The bytes of the manifest, for its signature.
    bytes: Vec<u8>,
}

impl StoredMirror {
    /// Opens the mirror in `path`; `None` if the directory is missing or has no manifest.
    ///
    /// # Errors
    /// `file-unreadable`, `file-unparsable`; `digest-mismatch` if the manifest was changed.
    pub(super) fn find(path: &Path) -> Result<Option<Self>> {
        let directory = match Directory::open_named(path) {
            Ok(directory) => directory,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(unreadable(path, &error)),
        };
        let place = path.join(MANIFEST);
        let read = directory
            .open_file(OsStr::new(MANIFEST))
            .and_then(|file| files::read_capped(file, LARGEST_MANIFEST));
        let bytes = match read {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(unreadable(&place, &error)),
        };
        let manifest = MirrorManifest::parse(&bytes).map_err(|fault| match fault {
            ManifestFault::Damaged => damaged(&place),
            ManifestFault::Unusable(why) => unparsable(&place, why),
        })?;
        Ok(Some(Self {
            path: path.to_path_buf(),
            directory,
            manifest,
            bytes,
        }))
    }

    /// Opens the mirror in `path`.
    ///
    /// # Errors
    /// As [`Self::find`]; `file-unreadable` if there is none.
    pub(super) fn open(path: &Path) -> Result<Self> {
        Self::find(path)?.ok_or_else(|| {
            Error::new(
                ErrorId::FileUnreadable,
                message!("mirror-read", path = printable_path(path)),
                message!("mirror-no-manifest", file = MANIFEST),
                message!("mirror-no-manifest-next", path = path.display()),
            )
        })
    }

    /// Verifies the manifest's signature by one of `keys`; nothing without keys.
    ///
    /// # Errors
    /// `signature-invalid`.
    pub(super) fn verify_signature(&self, keys: &[TrustedKey]) -> Result<Option<SignedList>> {
        if keys.is_empty() {
            return Ok(None);
        }
        let place = self.path.join(MANIFEST_SIGNATURE);
        let invalid = |fault: SignatureFault| {
            Error::new(
                ErrorId::SignatureInvalid,
                message!("signature-verify", place = printable_path(&place)),
                fault.describe(),
                message!("mirror-signature-next"),
            )
        };
        let signature = self
            .signature()
            .map_err(|error| unreadable(&place, &error))?
            .ok_or_else(|| invalid(SignatureFault::SignatureMissing))?;
        signature::verify(&self.bytes, &signature, MANIFEST, keys, Timestamp::now())
            .map(Some)
            .map_err(invalid)
    }

    /// The signature of the manifest, if there is one.
    pub(super) fn signature(&self) -> io::Result<Option<Vec<u8>>> {
        let opened = self.directory.open_file(OsStr::new(MANIFEST_SIGNATURE));
        match opened.and_then(|file| files::read_capped(file, LARGEST_SIGNATURE as u64)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Gives up the bytes of the manifest, when its signature needs no more looks.
    pub(super) fn forget_bytes(&mut self) {
        self.bytes = Vec::new();
    }

    /// Reads the manifest or its signature again.
    pub(super) fn read_own(&self, name: &str) -> io::Result<Vec<u8>> {
        let file = self.directory.open_file(OsStr::new(name))?;
        files::read_capped(file, LARGEST_MANIFEST)
    }

    /// Opens a file; no directory on its way may be a link.
    pub(super) fn open_file(&self, path: &EntryPath) -> io::Result<File> {
        open_below(&self.directory, path)
    }

    /// Whether every file is there with its size. The contents are not read.
    pub(super) fn is_complete(&self) -> bool {
        self.manifest.files.iter().all(|(path, file)| {
            std::fs::symlink_metadata(path.below(&self.path))
                .is_ok_and(|found| found.is_file() && found.len() == file.size)
        })
    }
}

/// Opens the file `path` below `directory`, one name after the other.
pub(super) fn open_below(directory: &Directory, path: &EntryPath) -> io::Result<File> {
    let mut names = path.as_str().split('/').peekable();
    let mut current: Option<Directory> = None;
    while let Some(name) = names.next() {
        let at = current.as_ref().unwrap_or(directory);
        if names.peek().is_none() {
            return at.open_file(OsStr::new(name));
        }
        current = Some(at.open_directory(OsStr::new(name))?);
    }
    Err(ErrorKind::NotFound.into())
}
