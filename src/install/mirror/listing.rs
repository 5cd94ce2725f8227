//! Reads an index: an HTML listing of nginx, Apache, Python, Nexus, or Artifactory, `SHA256SUMS`, or JSON. All of them are
//! unknown text: only names of the forms that packages and the directories of the vendor's layout have are used.

use std::collections::BTreeSet;

use percent_encoding::percent_decode_str;
use url::Url;

use crate::catalog::Clients;
use crate::tdengine::version::Version;

/// The largest index that is read.
pub const LARGEST: usize = 1 << 20;
/// The largest number of names that are used from one index.
pub const NAMES: usize = 4000;
/// The longest path below a mirror that is used.
const LONGEST: usize = 512;
/// The deepest path below a mirror that is used.
const DEPTH: usize = 6;

/// The names of an index that may be packages or directories, as paths below the mirror.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    /// Files with a name that the vendor gives client packages.
    pub files: BTreeSet<String>,
    /// Directories of the vendor's layout, without a slash at the end.
    pub directories: BTreeSet<String>,
    /// Other pages that list the same directory: Nexus has the listing of a repository next to it.
    pub indexes: BTreeSet<String>,
}

/// Reads the index `bytes` that came from `page`, an address at or below `base`, which ends in a slash.
pub fn parse(bytes: &[u8], page: &Url, base: &Url, catalog: &Clients) -> Listing {
    let mut listing = Listing::default();
    let bytes = bytes.get(..LARGEST).unwrap_or(bytes);
    // JSON may write a slash as `\/`.
    let text = String::from_utf8_lossy(bytes).replace("\\/", "/");
    let names = text
        .split(|c: char| {
            c.is_whitespace() || c.is_control() || "\"'<>()[]{},;|*&?#=`\\".contains(c)
        })
        .filter(|name| !name.is_empty() && name.len() <= LONGEST);
    let mut left = NAMES;
    for name in names {
        if left == 0 {
            break;
        }
        let last = name.trim_end_matches('/').rsplit('/').next().unwrap_or("");
        let Ok(last) = percent_decode_str(last).decode_utf8() else {
            continue;
        };
        let is_package = catalog.identify_full(&last).is_some() && !name.ends_with('/');
        let is_directory = last.parse::<Version>().is_ok() || catalog.is_layout_directory(&last);
        let is_index = name.contains(NEXUS_LISTING) && name.ends_with('/');
        if !is_package && !is_directory && !is_index {
            continue;
        }
        left -= 1;
        let Some(url) = resolve(name, page) else {
            continue;
        };
        if is_index && is_listing_of(&url, base) {
            listing.indexes.insert(url.path().to_owned());
            continue;
        }
        let Some(path) = below(&url, base) else {
            continue;
        };
        if is_package {
            listing.files.insert(path);
        } else if is_directory && !path.is_empty() {
            listing.directories.insert(path);
        }
    }
    listing
}

/// Nexus has the listing of `/repository/NAME/` at `/service/rest/repository/browse/NAME/`.
const NEXUS_LISTING: &str = "/service/rest/repository/browse/";
const NEXUS_REPOSITORY: &str = "/repository/";

/// The address that `name` stands for. Only its path is used afterwards: what an index says about hosts is ignored.
fn resolve(name: &str, page: &Url) -> Option<Url> {
    let mut page = page.clone();
    // Names are relative to the directory that the page lists.
    if let Some(path) = listed_by_nexus(page.path()) {
        if name.contains("://") || name.starts_with('/') {
            return page.join(name).ok();
        }
        page.set_path(&path);
    }
    page.join(name).ok()
}

/// The path of the repository's directory that the Nexus listing at `path` shows.
fn listed_by_nexus(path: &str) -> Option<String> {
    let at = path.find(NEXUS_LISTING)?;
    let (before, after) = (&path[..at], &path[at + NEXUS_LISTING.len()..]);
    Some(format!("{before}{NEXUS_REPOSITORY}{after}"))
}

/// Whether `url` is the Nexus listing of `base`.
fn is_listing_of(url: &Url, base: &Url) -> bool {
    listed_by_nexus(url.path()).is_some_and(|path| path == base.path())
}

/// The path of `url` below `base`, decoded. `None` if it is elsewhere, or has names that no mirror of packages has.
fn below(url: &Url, base: &Url) -> Option<String> {
    let rest = url.path().strip_prefix(base.path())?;
    let mut names = Vec::new();
    for name in rest.split('/').filter(|name| !name.is_empty()) {
        let name = percent_decode_str(name).decode_utf8().ok()?;
        let is_plain = name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "._-+".contains(c));
        if !is_plain || name.starts_with('.') {
            return None;
        }
        names.push(name.into_owned());
    }
    (names.len() <= DEPTH).then(|| names.join("/"))
}

#[cfg(test)]
mod tests;
