//! The cache: `downloads/sha256-HEX/FILE` for complete packages, with `unpacked-CLIENT/` beside them for what is in them,
//! `downloads/partial/` for those that can be resumed, and `downloads/FILE` for what a user puts there by hand.

use std::fs;
use std::path::{Path, PathBuf};

use url::Url;

use super::own_file;
use crate::tdengine::digest::Sha256;

/// File systems take names of up to 255 bytes; no package's is nearly as long.
const LONGEST_NAME: usize = 160;

/// The place where downloads are kept. It may not exist yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DownloadCache {
    folder: PathBuf,
}

impl DownloadCache {
    /// The cache in `folder`, an absolute path.
    pub fn at(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Its folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The file that was kept under one of `digests`. Whether it still has that digest must be seen while it is read.
    pub fn find(&self, digests: &[Sha256]) -> Option<PathBuf> {
        digests
            .iter()
            .find_map(|digest| self.files(digest).into_iter().next())
    }

    /// The file that was kept under one of `digests` and one of `names`: the digests that a user accepts may be those of several
    /// packages.
    pub fn find_named<'a>(
        &self,
        digests: &[Sha256],
        names: impl Iterator<Item = &'a str>,
    ) -> Option<PathBuf> {
        let names: Vec<String> = names.map(plain).collect();
        let is_wanted = |path: &PathBuf| {
            let name = path.file_name().and_then(|name| name.to_str());
            names.iter().any(|wanted| Some(wanted.as_str()) == name)
        };
        digests
            .iter()
            .find_map(|digest| self.files(digest).into_iter().find(is_wanted))
    }

    /// The files that were kept under `digest`, sorted.
    fn files(&self, digest: &Sha256) -> Vec<PathBuf> {
        let entries = self
            .existing(digest)
            .and_then(|directory| fs::read_dir(directory).ok());
        let mut files: Vec<PathBuf> = entries
            .into_iter()
            .flatten()
            .flatten()
            .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_file()))
            .map(|entry| entry.path())
            .collect();
        files.sort();
        files
    }

    /// Where a file with `digest` is kept as `name`.
    pub(super) fn place(&self, digest: &Sha256, name: &str) -> PathBuf {
        self.of(digest).join(plain(name))
    }

    /// The directory of the package with `digest`, if it is there, belongs to this user, and is not a link.
    pub fn existing(&self, digest: &Sha256) -> Option<PathBuf> {
        let directory = self.of(digest);
        own_file::is_own_directory(&directory).then_some(directory)
    }

    /// The folder of what is kept of the package with `digest`. It may not exist.
    fn of(&self, digest: &Sha256) -> PathBuf {
        self.folder.join(format!("sha256-{digest}"))
    }
}

/// Removes a file of the cache and its folder.
pub(super) fn discard(path: &Path) {
    let _ = fs::remove_file(path);
    for folder in path.ancestors().skip(1).take(2) {
        let _ = fs::remove_dir(folder);
    }
}

/// The name under which the cache folder may hold the file at `url`.
pub(super) fn name_in(url: &Url) -> String {
    plain(&super::http::file_name(url))
}

/// `name` as a file's name on every system: what an address ends in may be anything.
fn plain(name: &str) -> String {
    let mut plain: String = name
        .chars()
        .map(|c| match c {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '-' | '_' | '+' | '.' => c,
            _ => '_',
        })
        .take(LONGEST_NAME)
        .collect();
    if plain.starts_with('.') || plain.is_empty() {
        plain.insert_str(0, "package");
    }
    plain
}

#[cfg(test)]
mod tests;
