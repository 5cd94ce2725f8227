//! `manifests/clients.toml`: read and checked.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Deserialize;

use crate::tdengine::digest::Sha256;
use crate::tdengine::platform::Platform;
use crate::tdengine::version::{Edition, Version};

/// The file as it is written. Keys that this program does not know are passed over, so that a newer catalog still reads.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Manifest {
    /// The form of the file; this program knows 1.
    pub(super) schema: u32,
    /// The day of the last review, `2026-11-30`.
    pub(super) reviewed: Date,
    #[serde(default)]
    pub(super) vendor_lists: Vec<String>,
    #[serde(default)]
    pub(super) driver_libraries: Vec<String>,
    #[serde(rename = "era")]
    pub(super) eras: Vec<Era>,
    pub(super) releases: Vec<Releases>,
    pub(super) digests: BTreeMap<String, Vec<Sha256>>,
}

/// How packages were called, and where they were kept, for a range of versions.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Era {
    pub(super) edition: Edition,
    pub(super) from: Version,
    #[serde(default)]
    pub(super) before: Option<Version>,
    #[serde(default)]
    pub(super) also_from: Option<Version>,
    #[serde(default)]
    pub(super) also_before: Option<Version>,
    pub(super) file: String,
    #[serde(default)]
    pub(super) server: Vec<String>,
    #[serde(default)]
    pub(super) listed: bool,
    pub(super) path: String,
    pub(super) hosts: Vec<String>,
    pub(super) spelling: Spelling,
}

/// How an era's file names spell systems and processors.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Spelling {
    pub(super) linux: String,
    pub(super) windows: String,
    pub(super) macos: String,
    pub(super) x64: String,
    pub(super) arm64: String,
    pub(super) lite: String,
}

/// Releases that are known for some platforms.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Releases {
    pub(super) edition: Edition,
    #[serde(deserialize_with = "platforms")]
    pub(super) platforms: Vec<Platform>,
    pub(super) versions: Vec<Version>,
}

fn platforms<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<Platform>, D::Error> {
    Vec::<String>::deserialize(deserializer)?
        .iter()
        .map(|text| text.parse().map_err(serde::de::Error::custom))
        .collect()
}

impl Manifest {
    /// Reads `text`; an error is a sentence that says what does not fit.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let manifest: Self = toml::from_str(text).map_err(|error| error.to_string())?;
        if manifest.schema != 1 {
            return Err(format!(
                "schema {} is newer than this program",
                manifest.schema
            ));
        }
        Ok(manifest)
    }
}

#[cfg(test)]
mod tests;
