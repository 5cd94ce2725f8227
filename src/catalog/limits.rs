//! What versions of connectors cannot do with which servers (`manifests/connector-limits.toml`).

use std::sync::OnceLock;

use serde::Deserialize;

use super::connectors::Transport;
use crate::version::Version;

/// One limit.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// The package, as its registry names it.
    pub package: String,
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
    pub beside: Option<Beside>,
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
pub struct Beside {
    /// Its name.
    pub package: String,
    from: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Limits {
    limit: Vec<Limit>,
}

/// Every limit that is known.
pub fn built_in() -> &'static [Limit] {
    static BUILT_IN: OnceLock<Limits> = OnceLock::new();
    let text = include_str!("../../manifests/connector-limits.toml");
    // A test reads it, so it is never damaged.
    &BUILT_IN
        .get_or_init(|| toml::from_str(text).unwrap_or_default())
        .limit
}

impl Limit {
    /// Whether it is about `package` in `version` over `transport`.
    pub fn is_about(&self, package: &str, version: &[u32], transport: Transport) -> bool {
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
        self.package == package && spoken && since && before
    }
}

impl Beside {
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
mod tests {
    use super::*;
    use crate::catalog::connectors::Connectors;

    #[test]
    fn limits_are_well_formed() {
        let limits: Limits =
            toml::from_str(include_str!("../../manifests/connector-limits.toml")).unwrap();
        for limit in &limits.limit {
            let name = format!("{} {:?} {:?}", limit.package, limit.from, limit.until);
            let kinds = [
                limit.needs.is_some(),
                limit.gone.is_some(),
                limit.broken,
                limit.deprecated,
            ];
            assert_eq!(kinds.iter().filter(|kind| **kind).count(), 1, "{name}");
            assert!(limit.why.ends_with('.'), "{name}");
            assert!(limit.why_zh.ends_with('。'), "{name}");
            for transport in &limit.transports {
                assert!(transport.parse::<Transport>().is_ok(), "{name}");
            }
            for version in [&limit.from, &limit.until].into_iter().flatten() {
                assert_eq!(numbers(version).len(), 3, "{name}");
            }
        }
    }

    /// What `verify` says of a release is what `init` chooses by.
    #[test]
    fn releases_and_limits_agree() {
        for connector in &Connectors::built_in().connector {
            for release in &connector.release {
                let version = numbers(&release.version);
                for transport in Transport::ALL {
                    let Some(support) = release.support(transport) else {
                        continue;
                    };
                    let name = format!("{} {} {transport}", connector.package, release.version);
                    let about = || {
                        let limits = built_in().iter();
                        limits.filter(|it| it.is_about(&connector.package, &version, transport))
                    };
                    for limit in about() {
                        assert!(limit.needs <= Some(support.server), "{name}: {}", limit.why);
                        assert!(limit.gone.is_none(), "{name}: {}", limit.why);
                    }
                    let breaks = about().any(|it| it.broken && it.beside.is_none());
                    assert_eq!(breaks, support.broken.is_some(), "{name}");
                    let beside = about().filter_map(|it| it.beside.as_ref());
                    let beside: Vec<_> =
                        beside.map(|it| (&it.package, numbers(&it.from))).collect();
                    let below = support.companion.iter().filter_map(|it| {
                        let below = it.below.as_ref()?;
                        Some((&it.package, numbers(below)))
                    });
                    assert_eq!(beside, below.collect::<Vec<_>>(), "{name}");
                }
            }
        }
        for limit in built_in().iter().filter(|it| it.deprecated) {
            let connector = Connectors::built_in().named(&limit.package).unwrap();
            assert!(connector.retired.is_some(), "{}", limit.package);
        }
    }

    #[test]
    fn versions_in_every_form() {
        assert_eq!(numbers("v3.7.8"), [3, 7, 8]);
        assert_eq!(numbers("3.7"), [3, 7, 0]);
        assert_eq!(numbers("1.54.1+build"), [1, 54, 1]);
        assert_eq!(numbers("latest"), Vec::<u32>::new());
        assert_eq!(numbers("99999999999999999999.1"), Vec::<u32>::new());
    }
}
