//! Finds the uses in one file.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, MatchKind};

use super::connector::NewConnector;
use super::deprecated_use::{DeprecatedUse, Replacement};
use super::segment::{Segment, contains, segments};
use super::syntax::Syntax;
use super::{csharp_code, go_code, java_code, jdbc_url, python_code, r_code};

/// A file without any of these, and without [`ANY_CASE`], has no use.
const NEEDLES: [&str; 9] = [
    "jdbc:TAOS",
    "com.taosdata.jdbc",
    "taos-jdbcdriver",
    "td.connect.type",
    "taosdata/driver-go",
    "taosrest",
    "TDengine",
    "6030",
    ":60", // with a network in front, a data source name
];
/// A part of `protocol=native`, whose case connectors ignore.
const ANY_CASE: &str = "otoc";

/// Exact texts, the leftmost first: the search for these is vectorized.
static PREFILTER: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let exact = NEEDLES.map(str::to_owned).into_iter();
    AhoCorasickBuilder::new()
        .match_kind(MatchKind::LeftmostFirst)
        .build(exact.chain(spellings(ANY_CASE)))
        .ok()
});

/// Every way to write `word` in small and capital letters.
fn spellings(word: &str) -> Vec<String> {
    word.chars().fold(vec![String::new()], |all, letter| {
        let cases = [letter.to_ascii_lowercase(), letter.to_ascii_uppercase()];
        let longer = |start: &String| cases.map(|letter| format!("{start}{letter}"));
        all.iter().flat_map(longer).collect()
    })
}

/// Returns whether `bytes` may have a use. Binary files have none.
pub fn may_have_uses(bytes: &[u8]) -> bool {
    /// As git decides it.
    const LOOKED_AT: usize = 8000;
    let is_binary = bytes[..bytes.len().min(LOOKED_AT)].contains(&0);
    !is_binary
        && PREFILTER
            .as_ref()
            .is_none_or(|needles| needles.is_match(bytes))
}

/// Returns the uses in `bytes`, the file `name` written in `syntax`, in the order in which they come. Releases that are older than
/// `connector` needs are uses, too.
pub fn find_uses(
    name: &str,
    bytes: &[u8],
    syntax: Syntax,
    connector: Option<&NewConnector>,
) -> Vec<DeprecatedUse> {
    let stretches = syntax.stretches(bytes);
    let segments: Vec<Segment> = stretches
        .iter()
        .flat_map(|stretch| segments(bytes, stretch, syntax))
        .collect();
    let mut uses = Vec::new();
    for segment in &segments {
        jdbc_url::find(segment, &mut uses);
        java_code::find_drivers(segment, &mut uses);
        python_code::find_urls(segment, &mut uses);
    }
    java_code::find_subscriptions(&segments, &mut uses);
    let names_driver = contains(bytes, b"TDengine");
    match syntax {
        Syntax::Java | Syntax::Kotlin | Syntax::Scala | Syntax::Groovy => {
            if contains(bytes, java_code::PACKAGE) {
                for stretch in &stretches {
                    java_code::find_code(bytes, stretch, &mut uses);
                }
            }
        }
        Syntax::Go => {
            go_code::find_names(bytes, &segments, &mut uses);
            let drivers = go_code::GoDrivers::of(&segments);
            for segment in &segments {
                go_code::find_sources(segment, Some(drivers), &mut uses);
            }
            if contains(bytes, go_code::MODULE) {
                for stretch in &stretches {
                    go_code::find_code(bytes, stretch, &mut uses);
                }
            }
        }
        Syntax::CSharp | Syntax::FSharp => {
            for segment in &segments {
                csharp_code::find_strings(segment, names_driver, &mut uses);
            }
            if names_driver {
                for stretch in &stretches {
                    csharp_code::find_code(bytes, stretch, &mut uses);
                }
            }
        }
        Syntax::Python => {
            for stretch in &stretches {
                python_code::find_code(bytes, stretch, &mut uses);
            }
        }
        Syntax::Json | Syntax::Xml | Syntax::Properties | Syntax::Ini | Syntax::Hash => {
            for segment in &segments {
                go_code::find_sources(segment, None, &mut uses);
                csharp_code::find_strings(segment, false, &mut uses);
            }
        }
        Syntax::R => r_code::find(&segments, &mut uses),
    }
    if let Some(connector) = connector {
        connector.find(name, bytes, &segments, &mut uses);
    }
    uses.sort_by_key(|found| (found.at, found.end));
    drop_overlapping(&mut uses);
    uses
}

/// Drops uses whose changes would meet those of an earlier one: a URL as the parameter of another, say.
fn drop_overlapping(uses: &mut Vec<DeprecatedUse>) {
    let mut taken: Vec<(usize, usize)> = Vec::new();
    uses.retain(|found| {
        let Replacement::Automatic(splices) = &found.replacement else {
            return true;
        };
        let ranges = splices
            .iter()
            .map(|splice| (splice.at, splice.at + splice.removes));
        let ranges: Vec<_> = ranges.collect();
        // Uses are in order, so only the latest ranges can meet these.
        let meets = taken
            .iter()
            .rev()
            .take(16)
            .any(|(start, end)| ranges.iter().any(|(from, to)| from < end && start < to));
        if !meets {
            taken.extend(ranges);
        }
        !meets
    });
}

#[cfg(test)]
mod tests;
