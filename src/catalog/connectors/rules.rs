//! Rules: what ranges of versions of a connector cannot do with which servers (`connector.rule` in `manifests/connectors.toml`).

use serde::Deserialize;

use super::Transport;
use crate::tdengine::version::Version;

/// One rule.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConnectorRule {
    #[serde(default)]
    transports: Vec<String>,
    from: Option<String>,
    until: Option<String>,
    /// The oldest server that these versions talk to.
    pub needs: Option<Version>,
    /// The first server that they no longer talk to.
    pub gone: Option<Version>,
    /// They do not work.
    #[serde(default)]
    pub broken: bool,
    /// What makes them not work, where it is another package.
    pub beside: Option<ConflictingPackage>,
    /// They are no longer kept up.
    #[serde(default)]
    pub deprecated: bool,
    /// No more than a warning.
    #[serde(default)]
    pub advice: bool,
    /// What to write instead.
    pub take: Option<String>,
    /// What decides, as a sentence.
    pub why: String,
    /// The same in Chinese.
    pub why_zh: String,
}

/// Another package of the same project.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConflictingPackage {
    /// Its name.
    pub package: String,
    from: String,
}

impl ConnectorRule {
    /// Returns whether it is about `version` over `transport`.
    pub fn is_about(&self, version: &[u32], transport: Transport) -> bool {
        let spoken = self.transports.is_empty()
            || self
                .transports
                .iter()
                .any(|name| name == transport.as_str());
        let since = self
            .from
            .as_ref()
            .is_none_or(|from| *version >= *numbers(from));
        let before = self
            .until
            .as_ref()
            .is_none_or(|until| *version < *numbers(until));
        spoken && since && before
    }
}

impl ConflictingPackage {
    /// Whether the other package is one that makes trouble in `version`.
    pub fn is_met_by(&self, version: &[u32]) -> bool {
        *version >= *numbers(&self.from)
    }
}

/// The leading numbers of a version, by which versions of one package are ordered: `v3.7.8-rc.1` gives 3, 7, 8.
pub fn numbers(version: &str) -> Vec<u32> {
    let text = version.trim_start_matches(['v', 'V']);
    let end = text
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(text.len());
    let mut parts: Vec<u32> = text[..end]
        .split('.')
        .map_while(|part| part.parse().ok())
        .take(4)
        .collect();
    if !parts.is_empty() && parts.len() < 3 {
        parts.resize(3, 0);
    }
    parts
}

#[cfg(test)]
mod tests;
