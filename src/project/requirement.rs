//! The dependency that a manifest is to name, and how it compares with what is there.

use std::cmp::Ordering;

use super::edit::EditRefusal;
use super::version_order::compare_newest;
use crate::catalog::connectors::Companion;

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
    /// Whether ours may stand in place of what a manifest asks for: an upgrade was asked for, and it is one.
    pub fn replaces(&self, asked: &str) -> bool {
        self.upgrade && compare_newest(asked, self.version) == Some(Ordering::Less)
    }

    /// The conflict with line `line`, which asks for `asked`: `found` says so, `by_hand` what to write there.
    pub fn conflict(&self, line: usize, found: String, asked: &str, by_hand: &str) -> EditRefusal {
        let version = self.version;
        let (found, next) = match compare_newest(asked, version) {
            Some(Ordering::Less) if !self.upgrade => (
                found,
                format!("run it again with --upgrade, which writes {by_hand} there, or set up another folder with --dir"),
            ),
            Some(Ordering::Greater) => (
                format!("{found}, which is newer than {version}"),
                "name the server that it is for with --server HOST or --server VERSION, or set up another folder with --dir".into(),
            ),
            _ => (
                found,
                format!("write {by_hand} in that line, or set up another folder with --dir"),
            ),
        };
        EditRefusal::Conflict { line, found, next }
    }
}
