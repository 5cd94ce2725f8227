//! TDengine's four-part versions, requests for one, editions, and what matches what.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The largest value of one part of a version: four digits, more than any release has used.
const LARGEST_PART: u32 = 9999;

/// A released version: four parts, `[Major+].[Major].[Feature].[Maintenance]` (`reference/facts.md`, E).
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
                "{text:?} is not a version: say four parts (3.3.7.5), a prefix (3.3) or latest{}",
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

/// Community (TSDB-OSS) or Enterprise. The two do not mix on a native connection (FAQ 4, `reference/facts.md` E).
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
            _ => Err(format!("{text:?} is not an edition: say oss or enterprise")),
        }
    }
}

/// Whether a native connection from `client` to `server` can work: the first three parts agree (both sides compare them;
/// `reference/facts.md` E).
pub fn native_compatible(client: Version, server: Version) -> bool {
    client.series() == server.series()
}

/// The client to install for `server`: the same four parts where `published` has them, else the newest of the same three
/// that is not newer than the server. `None` where there is none (design, decision 4).
pub fn client_for(
    server: Version,
    published: impl IntoIterator<Item = Version>,
) -> Option<Version> {
    published
        .into_iter()
        .filter(|client| native_compatible(*client, server) && *client <= server)
        .max()
}

/// The first version whose driver is three libraries: libtaos loads libtaosnative or libtaosws at run time
/// (`reference/field-notes.md`, fact 1).
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
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn v(text: &str) -> Version {
        text.parse().unwrap()
    }

    #[test]
    fn requests() {
        assert_eq!("3.3".parse(), Ok(Request::Prefix(vec![3, 3])));
        assert_eq!("v3.3.7.5".parse(), Ok(Request::Exact(v("3.3.7.5"))));
        assert_eq!("LATEST".parse(), Ok(Request::Latest));
        for bad in [
            "",
            "3.",
            ".3",
            "3.3.7.5.1",
            "3.x",
            "03.3",
            "+3.3",
            "3.3.7.10000",
            "3..3",
            "vv3",
            "3.3.7.5 ",
        ] {
            assert!(bad.parse::<Request>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn what_was_meant() {
        let said = |text: &str| text.parse::<Request>().unwrap_err();
        for text in [
            "3.3.7.5.alpha",
            "ver-3.3.7.5",
            "3.3.7.5-enterprise",
            " 3.3.7.5",
        ] {
            assert!(said(text).ends_with("; did you mean 3.3.7.5?"), "{text}");
        }
        for text in ["3.x", "latst", "3.3.7.10000", "v3.3.7.5.1"] {
            assert!(said(text).ends_with(" or latest"), "{text}");
        }
    }

    #[test]
    fn a_prefix_is_whole_parts() {
        let request: Request = "3.3".parse().unwrap();
        assert!(request.admits(v("3.3.7.5")));
        assert!(!request.admits(v("3.30.0.0")));
    }

    #[test]
    fn versions_in_prose() {
        assert_eq!(
            Version::find("ver:3.3.7.5\nbuild:Linux-x64 2025-09-23"),
            Some(v("3.3.7.5"))
        );
        assert_eq!(Version::find("3.2.3.0.alpha"), Some(v("3.2.3.0")));
        assert_eq!(
            Version::find("taos version: 3.3.7.5 compatible_version: 3.0.0.0"),
            Some(v("3.3.7.5"))
        );
        assert_eq!(Version::find("1.2.3"), None);
        assert_eq!(Version::find(""), None);
    }

    #[test]
    fn the_client_for_a_server() {
        let published = || ["3.3.6.3", "3.3.6.9", "3.3.6.13", "3.3.7.5", "3.4.0.2"].map(v);
        assert_eq!(client_for(v("3.3.6.9"), published()), Some(v("3.3.6.9")));
        assert_eq!(client_for(v("3.3.6.10"), published()), Some(v("3.3.6.9")));
        assert_eq!(client_for(v("3.3.6.0"), published()), None);
        assert_eq!(client_for(v("3.3.8.0"), published()), None);
    }

    #[test]
    fn the_nearest() {
        let published = || ["3.2.2.0", "3.3.6.9", "3.3.7.5"].map(v);
        let nearest = |text: &str| text.parse::<Request>().unwrap().nearest(published());
        assert_eq!(nearest("3.3.6.1"), Some(v("3.3.6.9")));
        assert_eq!(nearest("3.3.9"), Some(v("3.3.7.5")));
        assert_eq!(nearest("9"), Some(v("3.3.7.5")));
    }

    #[test]
    fn three_libraries_from_3_3_6() {
        assert_eq!(driver_libraries(v("3.3.5.8")).len(), 1);
        assert_eq!(driver_libraries(v("3.3.6.0")).len(), 3);
    }

    prop_compose! {
        fn any_version()(parts in prop::array::uniform4(0..=LARGEST_PART)) -> Version { Version(parts) }
    }

    proptest! {
        #[test]
        fn print_then_parse(version in any_version()) {
            prop_assert_eq!(version.to_string().parse(), Ok(version));
        }

        #[test]
        fn parse_then_print(text in "(latest|[1-9][0-9]{0,3}(\\.(0|[1-9][0-9]{0,3})){0,3})") {
            prop_assert_eq!(text.parse::<Request>().unwrap().to_string(), text);
        }

        #[test]
        fn never_panics(text in any::<String>()) {
            let _ = text.parse::<Request>();
            let _ = Version::find(&text);
        }

        #[test]
        fn order_is_by_parts(a in any_version(), b in any_version()) {
            prop_assert_eq!(a.cmp(&b), a.0.cmp(&b.0));
        }

        #[test]
        fn compatibility_is_an_equivalence(a in any_version(), b in any_version()) {
            prop_assert!(native_compatible(a, a));
            prop_assert_eq!(native_compatible(a, b), native_compatible(b, a));
        }

        #[test]
        fn the_chosen_client_matches_and_is_not_newer(
            server in prop::array::uniform4(3u32..6),
            published in prop::collection::vec(prop::array::uniform4(3u32..6), 0..40),
        ) {
            let server = Version(server);
            let chosen = client_for(server, published.iter().copied().map(Version));
            if let Some(chosen) = chosen {
                prop_assert!(native_compatible(chosen, server) && chosen <= server);
            }
            let exact = published.contains(&server.0);
            prop_assert_eq!(exact, chosen == Some(server));
        }
    }
}
