//! Reads the certificates that people name: `SSL_CERT_FILE`, `SSL_CERT_DIR` and `--ca-cert`.

use std::path::{Path, PathBuf};

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use crate::error::{Error, ErrorId, Result, describe_io_error};
use crate::message::{Message, message};
use crate::system::env_vars;
use crate::system::files::{self, UnfitFile};

/// The most bytes of certificates that are read in all; the largest bundles have a tenth of it.
const MOST_BYTES: u64 = 8 * 1024 * 1024;
/// The most entries of the directories of `SSL_CERT_DIR` that are read.
const MOST_ENTRIES: usize = 4096;

/// Returns the certificates in `file`, at least one: PEM, or one in DER.
///
/// # Errors
/// - `file-unreadable` if the file cannot be read.
/// - `file-unparsable` if it is not a regular file of at most 8 MiB, or one of its certificates cannot be parsed: one that is
///   passed over would not be trusted.
pub fn read_certificates(file: &Path, next: Message) -> Result<Vec<CertificateDer<'static>>> {
    let failed = |id, observed: Message| {
        let tried = message!("tls-read-certificates", file = file.display());
        Error::new(id, tried, observed, next.clone())
    };
    let bytes =
        files::read_named(file, MOST_BYTES).map_err(|error| match UnfitFile::find(&error) {
            Some(unfit) => failed(ErrorId::FileUnparsable, unfit.describe()),
            None => failed(ErrorId::FileUnreadable, describe_io_error(&error)),
        })?;
    let pem = parse_pem(&bytes);
    let found = if pem.is_empty() && bytes.first() == Some(&0x30) {
        vec![CertificateDer::from(bytes)]
    } else {
        pem
    };
    let unparsable = |certificate: &CertificateDer<'_>| {
        rustls::server::ParsedCertificate::try_from(certificate).is_err()
    };
    if found.is_empty() || found.iter().any(unparsable) {
        return Err(failed(
            ErrorId::FileUnparsable,
            message!("tls-no-certificate"),
        ));
    }
    Ok(found)
}

/// Returns the certificates of `SSL_CERT_FILE` and of the files in the directories of `SSL_CERT_DIR`, in PEM, which replace the
/// system's; `None` if neither variable is set. Files that cannot be read are passed over, as OpenSSL does.
pub fn read_environment() -> Option<Vec<CertificateDer<'static>>> {
    let file = env_vars::SSL_CERT_FILE.get().map(PathBuf::from);
    let directories = env_vars::SSL_CERT_DIR.get();
    if file.is_none() && directories.is_none() {
        return None;
    }
    let directories = directories.iter().flat_map(std::env::split_paths);
    let files = directories.flat_map(|directory| {
        let entries = std::fs::read_dir(directory).into_iter().flatten().flatten();
        entries.map(|entry| entry.path())
    });
    let files = file.into_iter().chain(files.take(MOST_ENTRIES));
    let mut left = MOST_BYTES;
    let mut certificates = Vec::new();
    for file in files {
        let Ok(bytes) = files::read_named(&file, left) else {
            continue;
        };
        left = left.saturating_sub(bytes.len() as u64);
        certificates.extend(parse_pem(&bytes));
    }
    // A directory holds each certificate under several names.
    certificates.sort_unstable_by(|a, b| a.as_ref().cmp(b.as_ref()));
    certificates.dedup();
    Some(certificates)
}

/// Returns the certificates in the PEM text `bytes`; what is not one is passed over.
pub fn parse_pem(bytes: &[u8]) -> Vec<CertificateDer<'static>> {
    CertificateDer::pem_slice_iter(bytes)
        .filter_map(std::result::Result::ok)
        .collect()
}
