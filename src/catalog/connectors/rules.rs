//! Rules: what ranges of versions of a connector cannot do with which servers (`connector.rule` in `manifests/connectors.toml`).

use serde::Deserialize;

use super::{Connector, Transport};
use crate::message::locale::LocalizedText;
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
    pub why: LocalizedText,
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

/// What is known of the versions of one connector over one transport, with a server that may be known.
#[derive(Clone, Copy, Debug)]
pub struct VersionRules<'a> {
    connector: Option<&'a Connector>,
    transport: Transport,
    server: Option<Version>,
}

/// The judgement of a version that a project asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VersionVerdict<'a> {
    /// Nothing is known of the package, or it names no version.
    Unknown,
    /// It works, as far as it is known.
    Works,
    /// It is newer than this release, the newest that was tested.
    Untested(&'a str),
    /// It is known not to work, for this reason: a sentence.
    Fails(&'a LocalizedText),
}

/// The oldest server of the generation that connectors are for, if no server is named.
const GENERATION: Version = Version([3, 0, 0, 0]);

impl<'a> VersionRules<'a> {
    /// Rules that know no version.
    pub const NONE: Self = Self {
        connector: None,
        transport: Transport::Ws,
        server: None,
    };

    /// The rules of `connector` over `transport` with `server`.
    pub const fn new(
        connector: Option<&'a Connector>,
        transport: Transport,
        server: Option<Version>,
    ) -> Self {
        Self {
            connector,
            transport,
            server,
        }
    }

    /// Returns what is known of `asked`, a version or a range: of the lowest version that it names.
    pub fn judge(&self, asked: &str) -> VersionVerdict<'a> {
        let version = lowest(asked);
        let Some(connector) = self.connector.filter(|_| !version.is_empty()) else {
            return VersionVerdict::Unknown;
        };
        let rules = connector.rule.iter().filter(|rule| !rule.advice);
        let mut about = rules.filter(|rule| rule.is_about(&version, self.transport));
        let failing = about.find(|rule| {
            let too_new = match (rule.needs, self.server) {
                (Some(needs), Some(server)) => server < needs,
                (Some(_) | None, _) => false,
            };
            let server = self.server.unwrap_or(GENERATION);
            let too_old = rule.gone.is_some_and(|gone| server >= gone);
            too_new || too_old || rule.broken && rule.beside.is_none()
        });
        if let Some(rule) = failing {
            return VersionVerdict::Fails(&rule.why);
        }
        let tested = connector.release.iter().map(|it| it.version.as_str());
        match tested.max_by_key(|it| numbers(it)) {
            Some(newest) if version > numbers(newest) => VersionVerdict::Untested(newest),
            _ => VersionVerdict::Works,
        }
    }
}

impl<'a> VersionRules<'a> {
    /// Returns the newest known release that `admits` lets through, whether it has the transport or not.
    pub fn newest_of(&self, admits: impl Fn(&str) -> bool) -> Option<&'a str> {
        let releases = self.connector?.release.iter();
        let versions = releases.map(|it| it.version.as_str());
        let admitted = versions.filter(|version| admits(version));
        admitted.max_by_key(|version| numbers(version))
    }

    /// Returns the newest tested release that has the transport, and the oldest server that it works with.
    pub fn newest(&self) -> Option<(&'a str, Version)> {
        let releases = self.connector?.release.iter();
        let supported = releases.filter_map(|release| {
            let support = release.support(self.transport)?;
            Some((release.version.as_str(), support.server))
        });
        supported.max_by_key(|(version, _)| numbers(version))
    }
}

/// The numbers of the lowest version that `asked` names; of its upper limit if it names no other.
fn lowest(asked: &str) -> Vec<u32> {
    let words = asked.split(|c: char| c.is_whitespace() || ",|[]()\"'".contains(c));
    let words = words.filter(|word| !word.starts_with('!'));
    let (limits, floors): (Vec<_>, Vec<_>) = words.partition(|word| word.starts_with('<'));
    let all = |words: Vec<&str>| {
        let bare = words
            .into_iter()
            .map(|it| it.trim_start_matches(['<', '>', '=', '~', '^']));
        bare.map(numbers).filter(|it| !it.is_empty()).min()
    };
    all(floors).or_else(|| all(limits)).unwrap_or_default()
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
