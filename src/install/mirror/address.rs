//! A mirror at an address: its index, page by page.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashSet};

use tokio::time::{Instant, timeout_at};
use url::Url;

use super::listing::{self, Listing};
use super::{ClientQuery, LIMIT, Mirror, MirrorPackage};
use crate::fetch::{self, shown};
use crate::system::events::Event;
use crate::tdengine::version::Version;

/// The largest number of pages that are read.
const PAGES: usize = 64;
/// Files with names of packages that a mirror may have at its root.
const LISTS: [&str; 2] = ["index.json", "SHA256SUMS"];

impl Mirror<'_> {
    /// The packages that the indexes of the mirror at `base` have. Directories of versions that `query` does not admit are not
    /// read. Empty if it has no index, or none that can be read in time.
    pub(super) async fn listed(&self, base: &Url, query: &ClientQuery<'_>) -> Vec<MirrorPackage> {
        let mut base = base.clone();
        base.set_query(None);
        base.set_fragment(None);
        if let Ok(mut segments) = base.path_segments_mut() {
            segments.pop_if_empty().push("");
        }
        let mut crawl = Crawl {
            mirror: self,
            query,
            listings: base.clone(),
            base,
            deadline: Instant::now() + LIMIT,
            left: PAGES,
            seen: HashSet::new(),
            files: BTreeSet::new(),
        };
        crawl.run().await;
        let files = crawl.files.into_iter();
        files
            .filter_map(|path| MirrorPackage::at(path, self.catalog))
            .collect()
    }
}

struct Crawl<'a> {
    mirror: &'a Mirror<'a>,
    query: &'a ClientQuery<'a>,
    /// The mirror's address, with a slash at the end.
    base: Url,
    /// The address of its listings: of Nexus another one.
    listings: Url,
    deadline: Instant,
    left: usize,
    seen: HashSet<String>,
    files: BTreeSet<String>,
}

impl Crawl<'_> {
    async fn run(&mut self) {
        let root = self.base.clone();
        let mut directories = self.read(root).await;
        if self.files.is_empty() && directories.is_empty() {
            for list in LISTS {
                if let Ok(url) = self.base.join(list) {
                    directories.extend(self.read(url).await);
                }
                if !self.files.is_empty() || !directories.is_empty() {
                    break;
                }
            }
        }
        // First the directories of the layout, then those of versions, the newest first.
        let mut others = BTreeSet::new();
        while let Some(path) = next(&directories) {
            directories.remove(&path);
            let version = version_of(&path);
            if version.is_some_and(|version| !self.query.versions.admits(version)) {
                others.insert(path);
            } else if !version.is_some_and(|version| self.is_enough(version)) {
                directories.extend(self.read_directory(&path).await);
            }
        }
        // A file may be in the directory of another version.
        while let Some(path) = next(&others) {
            if self.has_any() {
                break;
            }
            others.remove(&path);
            self.read_directory(&path).await;
        }
    }

    async fn read_directory(&mut self, path: &str) -> BTreeSet<String> {
        match self.listings.join(&format!("{path}/")) {
            Ok(url) => self.read(url).await,
            Err(_) => BTreeSet::new(),
        }
    }

    /// Whether a package that is looked for was found.
    fn has_any(&self) -> bool {
        let mut files = self.files.iter();
        files.any(|path| {
            MirrorPackage::at(path.clone(), self.mirror.catalog)
                .is_some_and(|package| self.query.admits(&package))
        })
    }

    /// Whether nothing in the directory of `version` is needed any more.
    fn is_enough(&self, version: Version) -> bool {
        self.query.newest_only
            && self.files.iter().any(|path| {
                MirrorPackage::at(path.clone(), self.mirror.catalog).is_some_and(|package| {
                    self.query.admits(&package) && package.version >= version
                })
            })
    }

    /// Reads one page, and gives the directories that it names.
    async fn read(&mut self, url: Url) -> BTreeSet<String> {
        let mut pages = vec![url];
        let mut directories = BTreeSet::new();
        while let Some(url) = pages.pop() {
            if self.left == 0 || !self.seen.insert(url.to_string()) {
                continue;
            }
            self.left -= 1;
            let options = self.mirror.without_retries();
            let page = fetch::read_page(&url, listing::LARGEST, &options);
            let bytes = match timeout_at(self.deadline, page).await {
                Ok(Ok(bytes)) => bytes,
                Ok(Err(error)) => {
                    let detail = format!("no index at {}: {}", shown(&url), error.observed);
                    self.mirror.events.emit(Event::detail(detail));
                    continue;
                }
                Err(_) => {
                    self.left = 0;
                    continue;
                }
            };
            let Listing {
                files,
                directories: named,
                indexes,
            } = listing::parse(&bytes, &url, &self.base, self.mirror.catalog);
            self.files.extend(files);
            directories.extend(named);
            for path in indexes {
                let mut url = self.base.clone();
                url.set_path(&path);
                self.listings = url.clone();
                pages.push(url);
            }
        }
        directories
    }
}

/// The version whose directory `path` is.
fn version_of(path: &str) -> Option<Version> {
    path.rsplit('/').next()?.parse().ok()
}

/// The directory to read next.
fn next(directories: &BTreeSet<String>) -> Option<String> {
    let order = |path: &&String| (version_of(path).is_some(), Reverse(version_of(path)));
    directories.iter().min_by_key(order).cloned()
}
