//! A mirror without an index: versions and places are asked for one by one, within a bound.

use std::collections::BTreeSet;

use tokio::time::timeout_at;

use super::{CANDIDATES, ClientQuery, Mirror, MirrorPackage, VersionQuery};
use crate::catalog::{Clients, Identity, Package};
use crate::error::Result;
use crate::fetch;
use crate::tdengine::version::{self, Edition, Version};

/// The largest fourth part that is guessed: the catalog has the few that are larger.
const LARGEST_FOURTH: u32 = 16;

impl Mirror<'_> {
    /// The packages that match `query` and that the mirror has under the vendor's name and path, or under that name at its root.
    ///
    /// # Errors
    /// Those of the mirror's answers.
    pub(super) async fn probe(&self, query: &ClientQuery<'_>) -> Result<Vec<MirrorPackage>> {
        let mut found = Vec::new();
        for (edition, version) in self.candidates(query) {
            let identity = Identity {
                edition,
                version,
                platform: query.platform,
            };
            let packages = self.catalog.packages(identity);
            let options = self.without_retries();
            let asked = fetch::find_path(self.origin, &packages, &options);
            match timeout_at(self.deadline, asked).await {
                Ok(Ok(Some(path))) => found.extend(MirrorPackage::at(path, self.catalog)),
                Ok(Ok(None)) => {}
                Ok(Err(error)) => return Err(error),
                Err(_) => break,
            }
            if query.newest_only && !found.is_empty() {
                break;
            }
        }
        Ok(found)
    }

    /// The versions to ask for, the likeliest first: those of the catalog that `query` admits, and those with other fourth parts
    /// if the first three are given.
    fn candidates(&self, query: &ClientQuery<'_>) -> Vec<(Edition, Version)> {
        let mut candidates = Vec::new();
        for edition in query.editions {
            let published = self.catalog.published(*edition, query.platform);
            let mut versions: BTreeSet<Version> = published
                .into_iter()
                .filter(|version| query.versions.admits(*version))
                .collect();
            versions.extend(guesses(&query.versions));
            let newest_first = versions.into_iter().rev().take(CANDIDATES);
            candidates.extend(newest_first.map(|version| (*edition, version)));
        }
        candidates
    }
}

/// The versions that only the fourth part of `versions` leaves open.
fn guesses(versions: &VersionQuery<'_>) -> Vec<Version> {
    let (series, last) = match versions {
        VersionQuery::Request(version::Request::Prefix(parts)) => match parts[..] {
            [a, b, c] => ([a, b, c], LARGEST_FOURTH),
            _ => return Vec::new(),
        },
        VersionQuery::Server(server) => {
            let Version([.., fourth]) = *server;
            (server.series(), fourth)
        }
        VersionQuery::Request(version::Request::Exact(_) | version::Request::Latest)
        | VersionQuery::All => return Vec::new(),
    };
    let [a, b, c] = series;
    let first = last.saturating_sub(LARGEST_FOURTH);
    (first..=last)
        .map(|fourth| Version([a, b, c, fourth]))
        .collect()
}

/// The less likely places of a client on a mirror: every spelling of its name, in every layout.
pub(in crate::install) fn elsewhere(identity: Identity, catalog: &Clients) -> Vec<Package> {
    let spellings = catalog.spellings(identity);
    let directories: Vec<&str> = spellings
        .iter()
        .filter_map(|package| package.path.rsplit_once('/'))
        .map(|(directory, _)| directory)
        .collect();
    let version = identity.version.to_string();
    let mut places = Vec::new();
    for package in &spellings {
        for directory in directories.iter().copied().chain([version.as_str()]) {
            let place = Package {
                file: package.file.clone(),
                path: format!("{directory}/{}", package.file),
                hosts: Vec::new(),
            };
            if !places.contains(&place) {
                places.push(place);
            }
        }
    }
    places
}
