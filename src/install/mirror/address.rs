//! A mirror at an address: its index, page by page.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashSet};

use tokio::time::{Instant, timeout_at};
use url::Url;

use super::listing::{self, Listing};
use super::{ClientQuery, Mirror, MirrorPackage};
use crate::fetch::{self, shown};
use crate::message::message;
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
            deadline: self.deadline,
            left: PAGES,
            seen: HashSet::new(),
            files: BTreeSet::new(),
            newest: None,
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
    /// The newest version of a package that is looked for.
    newest: Option<Version>,
}

/// Directories to read: first those of the layout, then those of versions, the newest first.
type DirectoryQueue = BTreeSet<(bool, Reverse<Option<Version>>, String)>;

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
        let mut others = DirectoryQueue::new();
        while let Some((_, Reverse(version), path)) = directories.pop_first() {
            if self.is_over() {
                return;
            }
            if version.is_some_and(|version| !self.query.versions.admits(version)) {
                others.insert(queued(path));
            } else if !version.is_some_and(|version| self.is_enough(version)) {
                directories.extend(self.read_directory(&path).await);
            }
        }
        // A file may be in the directory of another version.
        while let Some((.., path)) = others.pop_first() {
            if self.newest.is_some() || self.is_over() {
                break;
            }
            self.read_directory(&path).await;
        }
    }

    /// Whether nothing more may be read.
    fn is_over(&self) -> bool {
        self.left == 0 || Instant::now() >= self.deadline
    }

    async fn read_directory(&mut self, path: &str) -> DirectoryQueue {
        match self.listings.join(&format!("{path}/")) {
            Ok(url) => self.read(url).await,
            Err(_) => DirectoryQueue::new(),
        }
    }

    /// Whether nothing in the directory of `version` is needed any more.
    fn is_enough(&self, version: Version) -> bool {
        self.query.newest_only && self.newest >= Some(version)
    }

    fn add_files(&mut self, files: BTreeSet<String>) {
        for path in files {
            if self.files.len() >= listing::NAMES {
                // What there is suffices.
                self.left = 0;
                return;
            }
            let package = MirrorPackage::at(path.clone(), self.mirror.catalog);
            let admitted = package.filter(|package| self.query.admits(package));
            self.newest = self.newest.max(admitted.map(|package| package.version));
            self.files.insert(path);
        }
    }

    /// Reads one page, and gives the directories that it names.
    async fn read(&mut self, url: Url) -> DirectoryQueue {
        let mut pages = vec![url];
        let mut directories = DirectoryQueue::new();
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
                    let detail = message!(
                        "install-no-index",
                        place = shown(&url),
                        why = error.observed
                    );
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
            self.add_files(files);
            directories.extend(named.into_iter().map(queued));
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

/// `path` with its place among others.
fn queued(path: String) -> (bool, Reverse<Option<Version>>, String) {
    let last = path.rsplit('/').next().unwrap_or_default();
    let version: Option<Version> = last.parse().ok();
    (version.is_some(), Reverse(version), path)
}
