//! The client packages that a mirror has: a directory is listed, an address is asked for its index.

mod address;
mod candidates;
mod directory;
mod listing;

use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use crate::catalog::{Clients, Identity, Package};
use crate::error::Result;
use crate::fetch::{self, Origin};
use crate::system::events::EventSink;
use crate::tdengine::platform::Platform;
use crate::tdengine::version::{self, Edition, Version, native_compatible};

pub(super) use candidates::elsewhere;

/// The time limit for all questions to a mirror about what it has.
const LIMIT: Duration = Duration::from_secs(30);
/// The largest number of versions that are asked for one by one.
const CANDIDATES: usize = 32;

/// A client package that a mirror has.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MirrorPackage {
    /// Its version.
    pub version: Version,
    /// Its edition.
    pub edition: Edition,
    /// Its platform.
    pub platform: Platform,
    /// Its path below the mirror, with `/`; it ends in the file's name.
    pub path: String,
}

impl MirrorPackage {
    /// The package of the file that is at `path`, with `/`, if its name is one that the vendor gives clients.
    fn at(path: String, catalog: &Clients) -> Option<Self> {
        let file = path.rsplit('/').next()?;
        let identity = catalog.identify_full(file)?;
        Some(Self {
            version: identity.version,
            edition: identity.edition,
            platform: identity.platform,
            path,
        })
    }

    pub(super) fn identity(&self) -> Identity {
        Identity {
            edition: self.edition,
            version: self.version,
            platform: self.platform,
        }
    }

    /// The name of the file.
    pub fn file(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    fn package(&self) -> Package {
        Package {
            file: self.file().to_owned(),
            path: self.path.clone(),
            hosts: Vec::new(),
        }
    }
}

/// The clients that are looked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct ClientQuery<'a> {
    /// The editions.
    pub(super) editions: &'a [Edition],
    pub(super) platform: Platform,
    pub(super) versions: VersionQuery<'a>,
    /// Only the newest is needed.
    pub(super) newest_only: bool,
}

/// The versions that are looked for.
#[derive(Clone, Copy, Debug)]
pub(super) enum VersionQuery<'a> {
    /// Those that a request admits.
    Request(&'a version::Request),
    /// Those that fit a server of this version.
    Server(Version),
    /// All.
    All,
}

impl VersionQuery<'_> {
    pub(super) fn admits(&self, version: Version) -> bool {
        match self {
            Self::Request(request) => request.admits(version),
            Self::Server(server) => native_compatible(version, *server) && version <= *server,
            Self::All => true,
        }
    }
}

impl ClientQuery<'_> {
    fn admits(&self, package: &MirrorPackage) -> bool {
        self.editions.contains(&package.edition)
            && package.platform == self.platform
            && self.versions.admits(package.version)
    }
}

/// A mirror: a directory or an address.
pub(super) struct Mirror<'a> {
    pub(super) origin: &'a Origin,
    pub(super) options: &'a fetch::FetchOptions,
    pub(super) catalog: &'a Clients,
    pub(super) events: &'a EventSink,
    /// The end of the time for all questions.
    deadline: Instant,
}

impl<'a> Mirror<'a> {
    /// The mirror at `origin`. `None` if `origin` is not a mirror, or one that may not be asked because the network is off.
    pub(super) fn at(
        origin: &'a Origin,
        options: &'a fetch::FetchOptions,
        catalog: &'a Clients,
        events: &'a EventSink,
    ) -> Option<Self> {
        let can_be_asked = match origin {
            Origin::Folder(_) => true,
            Origin::Mirror(_) => !options.offline,
            Origin::Vendor | Origin::File(_) | Origin::Address(_) => false,
        };
        can_be_asked.then(|| Self::new(origin, options, catalog, events))
    }

    /// The mirror, or the vendor, at `origin`, whose time to answer begins now.
    pub(super) fn new(
        origin: &'a Origin,
        options: &'a fetch::FetchOptions,
        catalog: &'a Clients,
        events: &'a EventSink,
    ) -> Self {
        Self {
            origin,
            options,
            catalog,
            events,
            deadline: Instant::now() + LIMIT.min(options.limits.total),
        }
    }

    /// The mirror, safe to show.
    pub(super) fn place(&self) -> String {
        match self.origin {
            Origin::Folder(folder) => folder.display().to_string(),
            Origin::Mirror(base) => fetch::shown(base).trim_end_matches('/').to_owned(),
            Origin::Vendor | Origin::File(_) | Origin::Address(_) => String::new(),
        }
    }

    /// How the mirror is asked: what one try does not give is done without, because the download itself is retried.
    fn without_retries(&self) -> fetch::FetchOptions {
        fetch::FetchOptions {
            limits: fetch::DownloadLimits {
                retries: 0,
                ..self.options.limits.clone()
            },
            ..self.options.clone()
        }
    }

    /// Whether the mirror, or the vendor, has the client `identity` where the vendor would have it. `None` if the answer does
    /// not show it.
    pub(super) async fn has(&self, identity: Identity) -> Option<bool> {
        let packages = self.catalog.packages(identity);
        let options = self.without_retries();
        let asked = fetch::find_path(self.origin, &packages, &options);
        match timeout_at(self.deadline, asked).await {
            Ok(Ok(path)) => Some(path.is_some()),
            Ok(Err(_)) | Err(_) => None,
        }
    }

    /// The packages that match `query`, the newest first. If the mirror has no index, versions are asked for one by one, and
    /// the search ends at the first that it has if only the newest is needed.
    ///
    /// # Errors
    /// Those of reading the directory, or of the mirror's answers.
    pub(super) async fn find(&self, query: &ClientQuery<'_>) -> Result<Vec<MirrorPackage>> {
        let mut found = match self.origin {
            Origin::Folder(folder) => directory::packages(folder, self.catalog)?,
            Origin::Mirror(base) => {
                let listed = self.listed(base, query).await;
                if listed.is_empty() {
                    self.probe(query).await?
                } else {
                    listed
                }
            }
            Origin::Vendor | Origin::File(_) | Origin::Address(_) => Vec::new(),
        };
        found.retain(|package| query.admits(package));
        self.sort(&mut found);
        Ok(found)
    }

    /// The places where the mirror's index or directory has the client `identity`.
    pub(super) async fn places(&self, identity: Identity) -> Vec<Package> {
        let request = version::Request::Exact(identity.version);
        let query = ClientQuery {
            editions: &[identity.edition],
            platform: identity.platform,
            versions: VersionQuery::Request(&request),
            newest_only: false,
        };
        let mut found = match self.origin {
            Origin::Folder(folder) => directory::packages(folder, self.catalog).unwrap_or_default(),
            Origin::Mirror(base) => self.listed(base, &query).await,
            Origin::Vendor | Origin::File(_) | Origin::Address(_) => Vec::new(),
        };
        found.retain(|package| query.admits(package));
        self.sort(&mut found);
        found.iter().map(MirrorPackage::package).collect()
    }

    /// The newest version first; of one version, the name and the place that the vendor gives it first.
    fn sort(&self, found: &mut Vec<MirrorPackage>) {
        let rank = |package: &MirrorPackage| {
            let spellings = self.catalog.spellings(package.identity());
            let file = package.file();
            let name = spellings.iter().position(|known| known.file == file);
            let is_vendors = spellings
                .iter()
                .any(|known| package.path.ends_with(&known.path));
            (
                name.unwrap_or(usize::MAX),
                !is_vendors,
                package.path.clone(),
            )
        };
        found.sort_by_cached_key(|package| {
            (
                std::cmp::Reverse(package.version),
                package.edition,
                rank(package),
            )
        });
        found.dedup();
    }

    /// The packages of `found` that are the same client as the first one.
    pub(super) fn first_client(found: &[MirrorPackage]) -> Vec<Package> {
        let Some(first) = found.first() else {
            return Vec::new();
        };
        found
            .iter()
            .filter(|package| package.identity() == first.identity())
            .map(MirrorPackage::package)
            .collect()
    }
}
