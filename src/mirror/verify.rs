//! `mirror verify`: compares every byte of a mirror with its manifest, without a network.

use std::io::Read;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::entry_path::EntryPath;
use super::fault::unreadable;
use super::manifest::{MANIFEST, MANIFEST_SIGNATURE, MirrorFile};
use super::stored::StoredMirror;
use super::walk;
use crate::error::Result;
use crate::signature::{SignedList, TrustedKey};
use crate::system::directory::EntryType;
use crate::tdengine::digest::Sha256;

/// The most threads that compute digests.
const MOST_THREADS: usize = 8;

/// A mirror to verify.
#[derive(Clone, Debug)]
pub struct MirrorVerifyRequest {
    /// The mirror's directory.
    pub dir: PathBuf,
    /// The keys of which one must have signed the manifest; without keys the signature is not verified.
    pub trust_keys: Vec<TrustedKey>,
}

/// The result of a verification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MirrorVerification {
    /// The mirror's directory.
    pub dir: PathBuf,
    /// The number of files in the manifest.
    pub files: usize,
    /// Their bytes.
    pub bytes: u64,
    /// The manifest's signature, if it was verified.
    pub signed: Option<SignedList>,
    /// Whether there is a signature that was not verified.
    pub has_unverified_signature: bool,
    /// What differs, by path.
    pub faults: Vec<(String, MirrorFault)>,
}

/// A difference between a mirror and its manifest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MirrorFault {
    /// The file has other bytes.
    Changed,
    /// The file does not exist.
    Missing,
    /// The manifest does not name the file.
    Additional,
    /// A link or a device is in the file's place.
    NotAFile,
    /// The file cannot be read.
    Unreadable,
}

impl MirrorFault {
    /// The stable word for programs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Changed => "changed",
            Self::Missing => "missing",
            Self::Additional => "additional",
            Self::NotAFile => "not-a-file",
            Self::Unreadable => "unreadable",
        }
    }
}

/// Verifies a mirror.
///
/// # Errors
/// `file-unreadable`; `digest-mismatch` and `file-unparsable` for its manifest; `signature-invalid`.
pub fn verify(request: &MirrorVerifyRequest) -> Result<MirrorVerification> {
    let mirror = StoredMirror::open(&request.dir)?;
    verify_stored(&mirror, &request.trust_keys)
}

/// Verifies a mirror that is held open.
///
/// # Errors
/// As [`verify`].
pub(super) fn verify_stored(
    mirror: &StoredMirror,
    trust_keys: &[TrustedKey],
) -> Result<MirrorVerification> {
    let unread = |error| unreadable(&mirror.path, &error);
    let signed = mirror.verify_signature(trust_keys)?;
    let found = walk::files(&mirror.directory).map_err(unread)?;
    let manifest = &mirror.manifest;
    let mut faults = damaged_files(mirror);
    let own = [MANIFEST, MANIFEST_SIGNATURE];
    for (path, kind) in &found {
        let is_known = own.contains(&path.as_str())
            || EntryPath::parse(path).is_some_and(|path| manifest.files.contains_key(&path));
        match kind {
            EntryType::File(_) if is_known => {}
            _ if is_known && !own.contains(&path.as_str()) => {}
            _ => faults.push((path.clone(), MirrorFault::Additional)),
        }
    }
    faults.sort_by(|(one, _), (other, _)| one.cmp(other));
    Ok(MirrorVerification {
        dir: mirror.path.clone(),
        files: manifest.files.len(),
        bytes: manifest.bytes(),
        has_unverified_signature: signed.is_none() && found.contains_key(MANIFEST_SIGNATURE),
        signed,
        faults,
    })
}

/// The files that are not as the manifest says, computed on several threads.
fn damaged_files(mirror: &StoredMirror) -> Vec<(String, MirrorFault)> {
    let files: Vec<(&EntryPath, &MirrorFile)> = mirror.manifest.files.iter().collect();
    let next = AtomicUsize::new(0);
    let faults = Mutex::new(Vec::new());
    let threads = std::thread::available_parallelism()
        .map_or(1, usize::from)
        .clamp(1, MOST_THREADS);
    let work = || {
        while let Some((path, file)) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
            if let Some(fault) = file_fault(mirror, path, file)
                && let Ok(mut faults) = faults.lock()
            {
                faults.push((path.to_string(), fault));
            }
        }
    };
    std::thread::scope(|scope| {
        // If a thread cannot be started, the others do its work.
        for _ in 1..threads {
            let _ = std::thread::Builder::new().spawn_scoped(scope, work);
        }
        work();
    });
    faults.into_inner().unwrap_or_default()
}

fn file_fault(mirror: &StoredMirror, path: &EntryPath, file: &MirrorFile) -> Option<MirrorFault> {
    let opened = match mirror.open_file(path) {
        Ok(opened) => opened,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Some(MirrorFault::Missing);
        }
        Err(error) if error.kind() == std::io::ErrorKind::PermissionDenied => {
            return Some(MirrorFault::Unreadable);
        }
        // A link, a directory, or something in the place of a directory.
        Err(_) => return Some(MirrorFault::NotAFile),
    };
    match opened.metadata() {
        Ok(found) if found.len() != file.size => return Some(MirrorFault::Changed),
        Ok(_) => {}
        Err(_) => return Some(MirrorFault::Unreadable),
    }
    // One byte more, so that a file that grows is not read without end.
    match Sha256::of(opened.take(file.size.saturating_add(1))) {
        Ok(digest) if digest == file.sha256 => None,
        Ok(_) => Some(MirrorFault::Changed),
        Err(_) => Some(MirrorFault::Unreadable),
    }
}
