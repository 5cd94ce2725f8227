//! `catalog add`: the entry of a package that a person trusts.

use std::path::{Path, PathBuf};

use crate::catalog::{Clients, Identity, LARGEST_OWN_CATALOG, OwnCatalog};
use crate::error::{Error, ErrorId, Result, describe_io_error};
use crate::fetch::{self, FetchOptions, Origin, ReadProgress};
use crate::message::{Message, message};
use crate::safety::printable::printable_path;
use crate::system::atomic_file;
use crate::system::events::EventSink;
use crate::system::files;
use crate::system::interrupts::Interrupts;
use crate::system::runtime;
use crate::tdengine::digest::Sha256;
use md5::{Digest as _, Md5};
use sha2::Sha256 as Hasher;

/// A package to add.
#[derive(Clone, Debug)]
pub struct CatalogAddRequest {
    /// The package: a file or an address.
    pub origin: Origin,
    /// How it is fetched.
    pub fetch: FetchOptions,
    /// The catalog that gets the entry; without it the entry is only shown.
    pub to: Option<PathBuf>,
}

/// The entry of a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnCatalogEntry {
    /// Which client it is.
    pub identity: Identity,
    /// The name of its file.
    pub file: String,
    /// Its size in bytes.
    pub size: u64,
    /// Its SHA-256.
    pub sha256: Sha256,
    /// Its MD5 in hexadecimal digits, as the vendor's list has it.
    pub md5: String,
    /// Whether the built-in catalog, or the company's, has the digest already.
    pub is_known: bool,
    /// The catalog with the entry.
    pub text: String,
    /// The file that was written, and whether it changed.
    pub written: Option<(PathBuf, bool)>,
}

/// Computes the digests of a package, and adds its entry to a catalog if one is named.
///
/// # Errors
/// Those of a download; `usage` if the name is not one that the vendor gives clients; `file-unparsable` if the catalog is damaged.
pub fn add(request: &CatalogAddRequest, events: &EventSink) -> Result<OwnCatalogEntry> {
    let read = runtime::run(interrupted, async |stop| read(request, stop, events).await)?;
    let clients = Clients::builtin()?;
    let identity = clients.identify(&read.file).ok_or_else(|| {
        Error::new(
            ErrorId::Usage,
            message!("own-catalog-add"),
            message!("own-catalog-file-name", file = read.file),
            message!("own-catalog-file-name-next"),
        )
    })?;
    let mut catalog = match &request.to {
        Some(path) => existing(path)?,
        None => OwnCatalog::default(),
    };
    let is_new = catalog.add(identity, &read.file, read.sha256);
    let text = catalog.render();
    let written = match &request.to {
        Some(path) => {
            if is_new {
                atomic_file::write(path, text.as_bytes())
                    .map_err(|error| unwritable(path, &error))?;
            }
            Some((path.clone(), is_new))
        }
        None => None,
    };
    Ok(OwnCatalogEntry {
        identity,
        is_known: clients.digests_of_file(&read.file).contains(&read.sha256),
        file: read.file,
        size: read.size,
        sha256: read.sha256,
        md5: read.md5,
        text,
        written,
    })
}

/// A package whose bytes were read.
struct ReadPackage {
    file: String,
    size: u64,
    sha256: Sha256,
    md5: String,
}

async fn read(
    request: &CatalogAddRequest,
    stop: &mut Interrupts,
    events: &EventSink,
) -> Result<ReadPackage> {
    let hint = Message::default();
    let opening = fetch::open(&request.origin, &[], &[], &request.fetch, &hint, events);
    let mut opened = stop.unless(opening).await??;
    let (mut sha256, mut md5, mut size) = (Hasher::new(), Md5::new(), 0);
    loop {
        let mut chunk = Vec::new();
        let progress = stop.unless(opened.fill(&mut chunk)).await??;
        if progress == ReadProgress::StartOver {
            (sha256, md5, size) = (Hasher::new(), Md5::new(), 0);
        }
        sha256.update(&chunk);
        md5.update(&chunk);
        size += chunk.len() as u64;
        if size > fetch::LARGEST {
            opened.discard();
            return Err(Error::new(
                ErrorId::ArchiveCorrupt,
                message!("own-catalog-add"),
                message!("install-package-too-large", gib = (fetch::LARGEST >> 30)),
                Message::default(),
            ));
        }
        if progress == ReadProgress::End {
            break;
        }
    }
    let file = opened.file.rsplit(['/', '\\']).next().unwrap_or_default();
    let file = file.to_owned();
    let md5 = md5
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let sha256 = Sha256(sha256.finalize().into());
    // The bytes are there for an installation.
    opened.keep(&sha256);
    Ok(ReadPackage {
        file,
        size,
        sha256,
        md5,
    })
}

/// The catalog in `path`; an empty one if the file does not exist.
fn existing(path: &Path) -> Result<OwnCatalog> {
    let bytes = match files::read_named(path, LARGEST_OWN_CATALOG as u64) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Ok(OwnCatalog::default());
        }
        Err(error) => {
            return Err(Error::new(
                ErrorId::FileUnreadable,
                message!("own-catalog-read", path = printable_path(path)),
                describe_io_error(&error),
                Message::default(),
            ));
        }
    };
    OwnCatalog::parse(&bytes).map_err(|why| unparsable(path, why))
}

/// `file-unparsable`
pub(super) fn unparsable(path: &Path, observed: Message) -> Error {
    Error::new(
        ErrorId::FileUnparsable,
        message!("own-catalog-read", path = printable_path(path)),
        observed,
        message!("own-catalog-read-next"),
    )
}

/// `file-unwritable`
pub(super) fn unwritable(path: &Path, error: &std::io::Error) -> Error {
    Error::new(
        ErrorId::FileUnwritable,
        message!("own-catalog-write", path = printable_path(path)),
        describe_io_error(error),
        Message::default(),
    )
}

/// `interrupted`
pub(super) fn interrupted() -> Error {
    Error::new(
        ErrorId::Interrupted,
        message!("own-catalog-finish"),
        message!("own-catalog-interrupted"),
        Message::default(),
    )
}
