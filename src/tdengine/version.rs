//! TDengine's four-part versions, requests for one, editions, and what matches what.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The largest value of one part of a version: four digits, more than any release has used.
const LARGEST_PART: u32 = 9999;

/// A released version: four parts, `[Major+].[Major].[Feature].[Maintenance]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Version(pub [u32; 4]);

impl Version {
    /// The first three parts: what must agree between client and server for a native connection.
    pub const fn series(self) -> [u32; 3] {
        let Self([a, b, c, _]) = self;
        [a, b, c]
    }

    /// The first version in `text` that stands alone: `ver:3.3.7.5\nbuild:…` and `3.3.7.5.alpha` give `3.3.7.5`.
    /// Servers and drivers say their version in such texts (`transcripts/native.jsonl`). `None` where there is none.
    pub fn find(text: &str) -> Option<Self> {
        text.split(|c: char| !c.is_ascii_digit() && c != '.')
            .filter_map(|run| {
                let mut parts = run.trim_matches('.').split('.');
                let four = [parts.next()?, parts.next()?, parts.next()?, parts.next()?];
                if parts.next().is_some() {
                    return None;
                }
                four.join(".").parse().ok()
            })
            .next()
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self([a, b, c, d]) = self;
        write!(f, "{a}.{b}.{c}.{d}")
    }
}

impl FromStr for Version {
    type Err = String;

    /// Reads exactly four parts, `3.3.7.5`.
    fn from_str(text: &str) -> Result<Self, String> {
        match text.parse()? {
            Request::Exact(version) => Ok(version),
            _ => Err(format!(
                "{text:?} is not a full version: a full one has four parts, such as 3.3.7.5"
            )),
        }
    }
}

impl Serialize for Version {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Version {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// What a user asks for: a version, the newest of a series, or the newest of all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// `3.3.7.5`
    Exact(Version),
    /// `3`, `3.3`, `3.3.7`: one to three leading parts.
    Prefix(Vec<u32>),
    /// `latest`
    Latest,
}

impl Request {
    /// Whether `version` satisfies this request.
    pub fn admits(&self, version: Version) -> bool {
        match self {
            Self::Exact(exact) => *exact == version,
            Self::Prefix(parts) => version.0.starts_with(parts),
            Self::Latest => true,
        }
    }

    /// The newest of `versions` that satisfies this request.
    pub fn newest(&self, versions: impl IntoIterator<Item = Version>) -> Option<Version> {
        versions
            .into_iter()
            .filter(|version| self.admits(*version))
            .max()
    }

    /// The version of `versions` that comes closest to this request, for "the nearest is": the one that shares most
    /// leading parts, the newest among equals.
    pub fn nearest(&self, versions: impl IntoIterator<Item = Version>) -> Option<Version> {
        let wanted: &[u32] = match self {
            Self::Exact(version) => &version.0,
            Self::Prefix(parts) => parts,
            Self::Latest => &[],
        };
        versions
            .into_iter()
            .max_by(|a, b| match shared(wanted, *a).cmp(&shared(wanted, *b)) {
                Ordering::Equal => a.cmp(b),
                order => order,
            })
    }
}

/// How many leading parts of `wanted` are also `version`'s.
fn shared(wanted: &[u32], version: Version) -> usize {
    wanted
        .iter()
        .zip(version.0)
        .take_while(|(a, b)| **a == *b)
        .count()
}

impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exact(version) => version.fmt(f),
            Self::Prefix(parts) => {
                let parts: Vec<String> = parts.iter().map(u32::to_string).collect();
                f.write_str(&parts.join("."))
            }
            Self::Latest => f.write_str("latest"),
        }
    }
}

impl FromStr for Request {
    type Err = String;

    /// Reads `latest` or one to four dot-separated numbers, with an optional leading `v`.
    fn from_str(text: &str) -> Result<Self, String> {
        let complaint = || {
            // Of digits and dots alone nothing else can be meant; and that is what `find` asks about.
            let more = |c: char| !c.is_ascii_digit() && c != '.';
            let meant = text
                .contains(more)
                .then(|| Version::find(text))
                .flatten()
                .map(|version| format!("; did you mean {version}?"));
            format!(
                "expected four parts (3.3.7.5), a prefix (3.3), or latest{}",
                meant.unwrap_or_default()
            )
        };
        if text.eq_ignore_ascii_case("latest") {
            return Ok(Self::Latest);
        }
        let digits = text.strip_prefix(['v', 'V']).unwrap_or(text);
        let parts = digits
            .split('.')
            .map(|part| part_from(part).ok_or_else(complaint))
            .collect::<Result<Vec<u32>, String>>()?;
        match *parts {
            [a, b, c, d] => Ok(Self::Exact(Version([a, b, c, d]))),
            [_] | [_, _] | [_, _, _] => Ok(Self::Prefix(parts)),
            _ => Err(complaint()),
        }
    }
}

/// One part: digits only, no leading zero but for zero itself.
fn part_from(text: &str) -> Option<u32> {
    let canonical = text == "0" || !text.starts_with('0');
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let value = text.parse().ok().filter(|value| *value <= LARGEST_PART);
    if canonical && digits { value } else { None }
}

/// Community (TSDB-OSS) or Enterprise. The two do not mix on a native connection (docs/facts.md).
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Edition {
    /// The open-source edition, which servers call `community`.
    #[default]
    Oss,
    /// The Enterprise edition.
    Enterprise,
}

impl fmt::Display for Edition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Oss => "oss",
            Self::Enterprise => "enterprise",
        })
    }
}

impl FromStr for Edition {
    type Err = String;

    /// Reads `oss` (also `community`) or `enterprise`.
    fn from_str(text: &str) -> Result<Self, String> {
        match text.to_ascii_lowercase().as_str() {
            "oss" | "community" => Ok(Self::Oss),
            "enterprise" => Ok(Self::Enterprise),
            _ => Err("expected oss or enterprise".to_owned()),
        }
    }
}

/// Whether a native connection from `client` to `server` can work: the first three parts agree. Both sides compare
/// them.
pub fn native_compatible(client: Version, server: Version) -> bool {
    client.series() == server.series()
}

/// The client to install for `server`: the same four parts where `published` has them, else the newest of the same three
/// that is not newer than the server. `None` where there is none (docs/decisions.md).
pub fn client_for(
    server: Version,
    published: impl IntoIterator<Item = Version>,
) -> Option<Version> {
    published
        .into_iter()
        .filter(|client| native_compatible(*client, server) && *client <= server)
        .max()
}

/// The first version whose driver is three libraries: libtaos loads libtaosnative or libtaosws at run time.
pub const FIRST_SPLIT_DRIVER: Version = Version([3, 3, 6, 0]);

/// The libraries that the driver of `version` consists of, by the name that the linker uses.
pub fn driver_libraries(version: Version) -> &'static [&'static str] {
    if version >= FIRST_SPLIT_DRIVER {
        &["taos", "taosnative", "taosws"]
    } else {
        &["taos"]
    }
}

#[cfg(test)]
mod tests;
