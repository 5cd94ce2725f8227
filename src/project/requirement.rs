//! The dependency that a manifest is to name, and how it compares with what is there.

use std::cmp::Ordering;

use super::edit::EditRefusal;
use super::version_order::compare_newest;
use crate::catalog::connectors::{Companion, VersionRules, VersionVerdict};

/// The dependency that a manifest is to name.
#[derive(Clone, Copy, Debug)]
pub struct Requirement<'a> {
    /// The package, as its registry names it.
    pub package: &'a str,
    /// The version, as this format writes it.
    pub version: &'a str,
    /// The oldest version of the language that the package builds with.
    pub runtime: &'a str,
    /// The version of the language from which on the package refuses to be installed, where it names one.
    pub runtime_below: Option<&'a str>,
    /// Which of the package's files is wanted, where not the usual one: Maven's classifier.
    pub classifier: Option<&'a str>,
    /// The parts of the package that are wanted, where it has parts that can be left out: Cargo's features.
    pub parts: &'a [String],
    /// Parts that do as well as those.
    pub or_parts: &'a [String],
    /// Other packages that the project needs beside it.
    pub companions: &'a [Companion],
    /// Packages that should not be there any more, each with the reason and what to use instead.
    pub retired: &'a [(&'a str, &'a str)],
    /// The manifests that the project inherits from, nearest first, or that it includes: their paths, as they are shown, and their
    /// texts.
    pub parents: &'a [(String, String)],
    /// Whether an older version makes way for this one.
    pub upgrade: bool,
    /// Where the package comes from instead of its registry, as this format writes it.
    pub location: Option<&'a str>,
    /// What is known of other versions of the package.
    pub rules: VersionRules<'a>,
}

impl Requirement<'_> {
    /// What is said about the package `name` in line `line` of `file`, where it is retired.
    pub fn note_about_retired(
        &self,
        file: &str,
        line: impl FnOnce() -> usize,
        name: &str,
    ) -> Option<String> {
        let (_, why) = self.retired.iter().find(|(retired, _)| *retired == name)?;
        let way_out = if self.upgrade {
            "take it out by hand, as it stands where --upgrade does not reach"
        } else {
            "--upgrade takes it out"
        };
        Some(format!(
            "{file}:{} names {name}, which is retired: {why}; {way_out}",
            line()
        ))
    }
}

impl Requirement<'_> {
    /// Returns whether ours replaces what a manifest asks for: an upgrade was asked for, and what is there is older, or known not to work.
    pub fn replaces(&self, asked: &str) -> bool {
        let is_older = || compare_newest(asked, self.version) == Some(Ordering::Less);
        self.upgrade && (self.is_known_to_fail(asked) || is_older())
    }

    fn is_known_to_fail(&self, asked: &str) -> bool {
        matches!(self.rules.judge(asked), VersionVerdict::Fails(_))
    }

    /// Decides about `asked`, which line `line` of the file shown as `file` asks for and which does not admit our version: a note if it
    /// stays. `found` says what is there, `by_hand` what to write instead.
    ///
    /// # Errors
    /// The conflict, if it is to be replaced or is known not to work.
    pub fn settle(
        &self,
        (file, line): (&str, usize),
        found: String,
        asked: &str,
        by_hand: &str,
    ) -> Result<String, EditRefusal> {
        let order = compare_newest(asked, self.version);
        let package = self.package.rsplit(':').next().unwrap_or_default();
        let stays = |what: String| Ok(format!("{file}:{line} {what}; it is left as it is"));
        let stays_older = |what: String| {
            Ok(format!(
                "{file}:{line} {what}; it is left as it is, and --upgrade writes {by_hand}"
            ))
        };
        let asks = format!("asks for {package} {}", asked.trim());
        let found = match self.rules.judge(asked) {
            VersionVerdict::Works if !self.replaces(asked) => {
                return match order {
                    Some(Ordering::Less) => stays_older(asks),
                    Some(Ordering::Equal | Ordering::Greater) | None => stays(asks),
                };
            }
            VersionVerdict::Untested(newest) => {
                return stays(format!(
                    "{asks}, and {newest} is the newest that was tested"
                ));
            }
            VersionVerdict::Fails(why) => format!("{found}. {}", why.trim_end_matches('.')),
            VersionVerdict::Works | VersionVerdict::Unknown => found,
        };
        let next = if self.upgrade || order.is_none() {
            format!("write {by_hand} in that line, or set up another folder with --dir")
        } else {
            format!("run it again with --upgrade, which writes {by_hand} there")
        };
        Err(EditRefusal::Conflict { line, found, next })
    }
}
