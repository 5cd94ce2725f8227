//! Packages that are files already.

use std::io;
use std::path::Path;

use tokio::fs::File;
use tokio::io::AsyncReadExt;

use super::address::places;
use super::{Body, OpenedPackage};
use crate::catalog::Package;
use crate::error::{Error, ErrorId, Result, describe_io_error};
use crate::message::{Message, message};
use crate::system::files::{self, UnfitFile};

/// A local file being read.
pub(super) struct LocalFile {
    file: File,
    place: String,
}

impl LocalFile {
    /// Appends the next bytes to `buffer`; false at the end.
    pub(super) async fn read_into(&mut self, buffer: &mut Vec<u8>) -> Result<bool> {
        match self.file.read_buf(buffer).await {
            Ok(read) => Ok(read > 0),
            Err(error) => Err(unreadable(&self.place, &error)),
        }
    }
}

/// Opens exactly `path`.
pub(super) async fn open(path: &Path) -> Result<OpenedPackage> {
    let place = path.display().to_string();
    try_open(path)
        .await
        .map_err(|error| unreadable(&place, &error))
}

/// Opens the first of `packages` that `folder` has, at the vendor's path or flat.
pub(super) async fn first_in(
    folder: &Path,
    packages: &[Package],
    hint: &Message,
) -> Result<OpenedPackage> {
    // A folder that is not there is another fault than a package that is not in it.
    std::fs::read_dir(folder).map_err(|error| unreadable(&folder.display().to_string(), &error))?;
    let base: Vec<&str> = folder
        .iter()
        .map(|name| name.to_str().unwrap_or_default())
        .collect();
    for package in packages {
        for path in places(&base, package) {
            let path = folder.join(path);
            match try_open(&path).await {
                Ok(opened) => return Ok(opened),
                Err(error)
                    if matches!(
                        error.kind(),
                        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
                    ) => {}
                Err(error) => return Err(unreadable(&path.display().to_string(), &error)),
            }
        }
    }
    let mut names: Vec<&str> = packages
        .iter()
        .map(|package| package.file.as_str())
        .collect();
    names.dedup();
    Err(Error::new(
        ErrorId::PackageNotFound,
        message!("fetch-find-in", directory = folder.display()),
        message!("fetch-directory-has-no", names = names.join(", ")),
        hint.clone(),
    ))
}

async fn try_open(path: &Path) -> io::Result<OpenedPackage> {
    let owned = path.to_path_buf();
    let file = tokio::task::spawn_blocking(move || files::open_named(&owned)).await??;
    let place = path.display().to_string();
    let name = path.file_name().unwrap_or_default();
    Ok(OpenedPackage {
        size: Some(file.metadata()?.len()),
        body: Body::File(LocalFile {
            file: File::from_std(file),
            place: place.clone(),
        }),
        file: name.to_string_lossy().into_owned(),
        place,
        cached: None,
        is_resumed: false,
    })
}

fn unreadable(place: &str, error: &io::Error) -> Error {
    let (shown, next) = match error.kind() {
        _ if UnfitFile::find(error) == Some(UnfitFile::Special) => {
            (place.to_owned(), message!("fetch-save-first"))
        }
        io::ErrorKind::IsADirectory => (
            place.to_owned(),
            message!("fetch-name-package", place = place),
        ),
        io::ErrorKind::NotFound if is_like_an_address(place) => {
            // A password may stand in it.
            let shown = match place.rsplit_once('@') {
                Some((_, host)) => format!("***@{host}"),
                None => place.to_owned(),
            };
            let next = message!("fetch-check-scheme", place = shown);
            (shown, next)
        }
        _ => (place.to_owned(), message!("fetch-check-path")),
    };
    Error::new(
        ErrorId::FileUnreadable,
        message!("fetch-read", place = shown),
        describe_io_error(error),
        next,
    )
}

/// Whether `place`, which is not a file, is an address without its scheme: `mirror.example/x`, `localhost:8080`, `me:secret@host`.
fn is_like_an_address(place: &str) -> bool {
    let (host, below) = place.split_once('/').unwrap_or((place, ""));
    let port = host.rsplit_once(':').is_some_and(|(name, port)| {
        !name.is_empty() && !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit())
    });
    let name = host.contains('.') && !host.starts_with('.') && !below.is_empty();
    host.contains('@') || port || name || host == "localhost"
}

#[cfg(test)]
mod tests;
