//! Addresses: what a user may name, where a mirror keeps a package, and how an address is shown.

use std::path::PathBuf;

use url::{Host, Url};

use super::Location;
use crate::catalog::Package;
use crate::error::{Error, ErrorId, Result};
use crate::message::{Message, message};
use crate::safety::printable::printable;
use crate::safety::redaction::redact_url;

/// Reads what a user gave as a mirror or a package: an address where it has `://`, else a path. Error `usage` for an
/// address that is not https, or http on loopback, or with `insecure_http` any http.
pub fn parse_location(text: &str, insecure_http: bool) -> Result<Location> {
    if !text.contains("://") {
        return Ok(Location::Path(PathBuf::from(text)));
    }
    let complaint = |observed: Message, next: Message| {
        Error::new(
            ErrorId::Usage,
            message!("fetch-read-address"),
            observed,
            next,
        )
    };
    let url = Url::parse(text).map_err(|error| {
        complaint(
            message!("fetch-address-invalid", error = error),
            message!("fetch-address-invalid-next"),
        )
    })?;
    if url.scheme() == "file" {
        return url.to_file_path().map(Location::Path).map_err(|()| {
            complaint(
                message!("fetch-address-not-a-path", address = shown(&url)),
                message!("fetch-address-not-a-path-next"),
            )
        });
    }
    check_scheme(&url, insecure_http)?;
    Ok(Location::Address(url))
}

/// Only https is downloaded from, and http on loopback, where no other machine listens; elsewhere http must be allowed.
pub(super) fn check_scheme(url: &Url, insecure_http: bool) -> Result<()> {
    let next = match url.scheme() {
        "https" => return Ok(()),
        "http" if insecure_http || is_loopback(url) => return Ok(()),
        "http" => message!("fetch-use-https-or-allow"),
        _ => message!("fetch-use-https"),
    };
    Err(Error::new(
        ErrorId::Usage,
        message!("fetch-download-from", place = shown(url)),
        message!("fetch-scheme-unsafe", scheme = url.scheme()),
        next,
    ))
}

/// Whether `url`'s host is this machine by its name or number.
pub(super) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// `url` as it may be shown: a password is `***`, as is a user without one, where tokens stand; a query, which may hold a
/// token, is `…`.
pub fn shown(url: &Url) -> String {
    printable(&redact_url(url))
}

/// `url` as it may be stored: without user, password, query and fragment.
pub(super) fn without_secrets(url: &Url) -> String {
    let mut url = url.clone();
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.set_query(None);
    url.set_fragment(None);
    url.into()
}

/// The vendor's addresses: one list a host, the first host first.
pub(super) fn vendor(packages: &[Package]) -> Vec<Vec<Url>> {
    let hosts = packages
        .iter()
        .map(|package| package.hosts.len())
        .max()
        .unwrap_or_default();
    (0..hosts)
        .map(|host| {
            packages
                .iter()
                .filter_map(|package| package.addresses().into_iter().nth(host))
                .filter_map(|address| Url::parse(&address).ok())
                .collect()
        })
        .collect()
}

/// Where the mirror at `base` may have a package, in order.
pub(super) fn on_mirror(base: &Url, packages: &[Package]) -> Result<Vec<Url>> {
    let places = paths_on_mirror(base, packages)?;
    Ok(places.into_iter().map(|(_, url)| url).collect())
}

/// As [`on_mirror`], each with its path below `base`. No place is named twice.
pub(super) fn paths_on_mirror(base: &Url, packages: &[Package]) -> Result<Vec<(String, Url)>> {
    let below = |path: &str| {
        let mut url = base.clone();
        url.path_segments_mut()
            .map_err(|()| {
                Error::new(
                    ErrorId::Usage,
                    message!("fetch-read-mirror"),
                    message!("fetch-mirror-without-paths"),
                    message!("fetch-use-https"),
                )
            })?
            .pop_if_empty()
            .extend(path.split('/'));
        Ok((path.to_owned(), url))
    };
    let folders: Vec<&str> = base
        .path_segments()
        .into_iter()
        .flatten()
        .filter(|segment| !segment.is_empty())
        .collect();
    let mut paths: Vec<&str> = Vec::new();
    for path in packages
        .iter()
        .flat_map(|package| places(&folders, package))
    {
        if !paths.contains(&path) {
            paths.push(path);
        }
    }
    paths.into_iter().map(below).collect()
}

/// Where a mirror whose folders are `base` may have `package`, in order, with `/`.
pub(super) fn places<'p>(base: &[&str], package: &'p Package) -> impl Iterator<Item = &'p str> {
    inside(base, &package.path)
        .into_iter()
        .chain([package.path.as_str(), package.file.as_str()])
}

/// The rest of the vendor's `path` where `base`, the folders of a mirror, ends in its first ones: a mirror may be named by the
/// folder of the product. `None` where it does not, or nothing but the file is left, which is looked for anyway.
fn inside<'p>(base: &[&str], path: &'p str) -> Option<&'p str> {
    let mut first = Vec::new();
    let mut rest = path;
    while let Some((folder, below)) = rest.split_once('/') {
        first.push(folder);
        rest = below;
        if base.ends_with(&first) && rest.contains('/') {
            return Some(rest);
        }
    }
    None
}

#[cfg(test)]
mod tests;
