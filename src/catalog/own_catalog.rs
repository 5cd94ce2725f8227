//! A catalog of a company's own: more digests, internal versions, Enterprise packages. It adds to the built-in one and takes nothing away.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::Identity;
use crate::message::{Message, message};
use crate::safety::value_count::{MOST_WRITTEN, count_toml};
use crate::tdengine::digest::Sha256;
use crate::tdengine::platform::Platform;
use crate::tdengine::version::{Edition, Version};

/// The largest catalog, in bytes.
pub const LARGEST_OWN_CATALOG: usize = 1 << 20;
/// The longest name of a package.
const LONGEST_NAME: usize = 255;

/// A catalog of a company's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnCatalog {
    /// The form of the file: 1.
    schema: u32,
    /// The releases, sorted.
    #[serde(
        default,
        rename = "release",
        skip_serializing_if = "BTreeSet::is_empty"
    )]
    releases: BTreeSet<OwnRelease>,
    /// The digests of which a package has one, by the name of its file.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    digests: BTreeMap<String, BTreeSet<Sha256>>,
}

/// A release for a platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnRelease {
    /// Community or Enterprise.
    pub edition: Edition,
    /// The version.
    #[serde(with = "as_text")]
    pub version: Version,
    /// The platform.
    #[serde(with = "as_text")]
    pub platform: Platform,
}

/// Values that a catalog has as texts.
mod as_text {
    use std::fmt::Display;
    use std::str::FromStr;

    use serde::de::Error as _;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<T: Display, S: Serializer>(
        value: &T,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.collect_str(value)
    }

    pub(super) fn deserialize<'de, T, D>(from: D) -> Result<T, D::Error>
    where
        T: FromStr,
        T::Err: std::fmt::Display,
        D: Deserializer<'de>,
    {
        let text = String::deserialize(from)?;
        text.parse().map_err(D::Error::custom)
    }
}

impl Default for OwnCatalog {
    fn default() -> Self {
        Self {
            schema: 1,
            releases: BTreeSet::new(),
            digests: BTreeMap::new(),
        }
    }
}

impl OwnCatalog {
    /// Parses a catalog.
    ///
    /// # Errors
    /// A sentence about the file.
    pub fn parse(bytes: &[u8]) -> Result<Self, Message> {
        if bytes.len() > LARGEST_OWN_CATALOG {
            return Err(message!(
                "io-too-large-mib",
                most = LARGEST_OWN_CATALOG >> 20
            ));
        }
        if count_toml(bytes) > MOST_WRITTEN {
            return Err(message!("own-catalog-values"));
        }
        let text = std::str::from_utf8(bytes).map_err(|_| message!("io-not-utf8"))?;
        let catalog: Self = toml::from_str(text).map_err(|error| {
            let line = error.span().map_or(1, |span| {
                text.get(..span.start)
                    .map_or(1, |before| before.matches('\n').count() + 1)
            });
            message!("own-catalog-line", line = line, why = error.message())
        })?;
        if catalog.schema != 1 {
            return Err(message!("own-catalog-newer", schema = catalog.schema));
        }
        let is_name = |name: &String| {
            !name.is_empty()
                && name.len() <= LONGEST_NAME
                && !name
                    .chars()
                    .any(|c| c.is_control() || c == '/' || c == '\\')
        };
        match catalog.digests.keys().find(|name| !is_name(name)) {
            Some(name) => Err(message!("own-catalog-name", name = name)),
            None => Ok(catalog),
        }
    }

    /// Writes the catalog.
    pub fn render(&self) -> String {
        // Its types are all that TOML has.
        toml::to_string(self).unwrap_or_default()
    }

    /// Adds a package. Returns whether something is new.
    pub fn add(&mut self, identity: Identity, file: &str, sha256: Sha256) -> bool {
        let is_new = self.releases.insert(OwnRelease {
            edition: identity.edition,
            version: identity.version,
            platform: identity.platform,
        });
        let digests = self.digests.entry(file.to_owned()).or_default();
        digests.insert(sha256) || is_new
    }

    /// The releases.
    pub fn releases(&self) -> impl Iterator<Item = &OwnRelease> {
        self.releases.iter()
    }

    /// The digests by file.
    pub fn digests(&self) -> impl Iterator<Item = (&str, &BTreeSet<Sha256>)> {
        self.digests
            .iter()
            .map(|(file, digests)| (file.as_str(), digests))
    }
}

#[cfg(test)]
mod tests;
