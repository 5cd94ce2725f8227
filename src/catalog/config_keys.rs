//! The keys of taos.cfg (`manifests/taos-cfg.toml`).

use serde::Deserialize;
use similar::get_close_matches;

use crate::error::Result;
use crate::error::built_in::{BuiltIn, parsed};

/// How alike a wrong key and the one that is probably meant are; 1.0 means equal.
const LIKENESS: f32 = 0.8;
/// Shorter keys are like too many others.
const SHORTEST: usize = 5;

/// The keys that are known.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConfigKeys {
    client: Vec<String>,
    server: Vec<String>,
}

/// What is known of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConfigKey {
    /// The client reads it.
    Client,
    /// Only the server reads it.
    Server,
    /// It is like this one, which the client reads.
    Like(&'static str),
    /// Nothing.
    Unknown,
}

static KEYS: BuiltIn<ConfigKeys> = BuiltIn::new("manifests/taos-cfg.toml", || {
    parsed(toml::from_str(include_str!(
        "../../manifests/taos-cfg.toml"
    )))
});

impl ConfigKeys {
    /// The keys that this program knows.
    ///
    /// # Errors
    /// `unexpected` if the built-in list is damaged.
    pub fn built_in() -> Result<&'static Self> {
        KEYS.get()
    }

    /// Returns what is known of `key`; the driver ignores its case.
    pub fn find(&'static self, key: &str) -> ConfigKey {
        let is = |known: &String| known.eq_ignore_ascii_case(key);
        if self.client.iter().any(is) {
            return ConfigKey::Client;
        }
        if self.server.iter().any(is) {
            return ConfigKey::Server;
        }
        let key = key.to_ascii_lowercase();
        // Each module has its own level of debugging, and new ones come with every release.
        let is_comparable = key.len() >= SHORTEST
            && key.len() <= 64
            && key
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
            && !key.contains("debugflag");
        let known: Vec<String> = self
            .client
            .iter()
            .map(|it| it.to_ascii_lowercase())
            .collect();
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        let close = match is_comparable {
            true => get_close_matches(key.as_str(), &known, 1, LIKENESS),
            false => Vec::new(),
        };
        let like = close.first().and_then(|like| {
            let mut client = self.client.iter();
            client.find(|known| known.eq_ignore_ascii_case(like))
        });
        like.map_or(ConfigKey::Unknown, |like| ConfigKey::Like(like))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_found_in_any_case() {
        let keys = ConfigKeys::built_in().unwrap();
        for (key, expected) in [
            ("firstep", ConfigKey::Client),
            ("firstEP", ConfigKey::Client),
            ("dataDir", ConfigKey::Server),
            ("fristEp", ConfigKey::Like("firstEp")),
            ("time_zone", ConfigKey::Like("timezone")),
            ("timezome", ConfigKey::Like("timezone")),
            ("newDebugFlag", ConfigKey::Unknown),
            ("x", ConfigKey::Unknown),
            ("somethingElse", ConfigKey::Unknown),
        ] {
            assert_eq!(keys.find(key), expected, "{key}");
        }
    }

    #[test]
    fn every_key_is_listed_once() {
        let keys = ConfigKeys::built_in().unwrap();
        let mut all: Vec<String> = keys.client.iter().chain(&keys.server).cloned().collect();
        all.iter_mut().for_each(|key| key.make_ascii_lowercase());
        let count = all.len();
        all.sort();
        all.dedup();
        assert_eq!(all.len(), count);
    }
}
