//! The dependency that a manifest is to name, and how it compares with what is there.

use std::cmp::Ordering;

use super::edit::EditRefusal;
use super::version_order::compare_newest;
use crate::catalog::connectors::{Companion, Connectors, VersionRules, VersionVerdict};
use crate::message::{Message, message};

/// The list of a manifest that names the dependency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DependencyList<'a> {
    /// The one for programs.
    Main,
    /// The one for development.
    Development,
    /// A group of this name.
    Group(&'a str),
    /// An extra of this name.
    Extra(&'a str),
}

/// A section that a file of settings is to have.
#[derive(Clone, Debug)]
pub struct RequiredSection {
    /// The section, as the language's templates give it.
    pub text: String,
    /// Whether the server in it is assumed, because none was named.
    pub is_assumed: bool,
}

/// The dependency that a manifest is to name.
#[derive(Clone, Copy, Debug)]
pub struct Requirement<'a> {
    /// The manifest, as notes name it.
    pub file: &'a str,
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
    /// Every part of the package that can be chosen; empty where they are not known.
    pub all_parts: &'a [String],
    /// Other packages that the project needs beside it.
    pub companions: &'a [Companion],
    /// Packages that should not be there any more; the catalog says why.
    pub retired: &'a [&'a str],
    /// The manifests that the project inherits from, nearest first, or that it includes: their paths, as they are shown, and their
    /// texts.
    pub parents: &'a [(String, String)],
    /// Whether an older version makes way for this one.
    pub upgrade: bool,
    /// Whether any other version does, a newer one, too: a lock decides.
    pub is_pinned: bool,
    /// Where the package comes from instead of its registry, as this format writes it.
    pub location: Option<&'a str>,
    /// The versions of the package that lock files hold.
    pub locked: &'a [String],
    /// What is known of other versions of the package.
    pub rules: VersionRules<'a>,
    /// The list that gets it.
    pub list: DependencyList<'a>,
    /// The sections for files of settings, which name a server: one for the manifest, then one for each file that it includes.
    pub sections: &'a [RequiredSection],
}

impl Requirement<'_> {
    /// Returns why the package `name` should not be there any more; `None` if it may.
    pub fn retirement(&self, name: &str) -> Option<Message> {
        let name = *self.retired.iter().find(|retired| **retired == name)?;
        let why = Connectors::built_in().named(name)?.retired.clone()?;
        Some(why.into())
    }

    /// Returns a note about the package `name` in line `line` of `file` if it is retired.
    pub fn note_about_retired(
        &self,
        file: &str,
        line: impl FnOnce() -> usize,
        name: &str,
    ) -> Option<Message> {
        let why = self.retirement(name)?;
        Some(message!(
            "project-retired",
            file = file,
            line = line(),
            name = name,
            why = why,
            upgrade = self.upgrade
        ))
    }
}

/// The versions that a manifest asks for.
#[derive(Clone, Copy, Debug)]
pub struct AskedVersions<'a> {
    /// They, as they are written.
    pub text: &'a str,
    /// The one that a package manager takes of them, if it is known: the locked one, else the newest known release.
    pub taken: Option<&'a str>,
}

impl<'a> AskedVersions<'a> {
    /// The one version `text`.
    pub const fn exact(text: &'a str) -> Self {
        Self { text, taken: None }
    }
}

impl<'a> Requirement<'a> {
    /// Returns `text`, of which `admits` says whether it lets a version through, with the version that a package manager takes.
    pub fn asked<'t>(&self, text: &'t str, admits: impl Fn(&str) -> bool) -> AskedVersions<'t>
    where
        'a: 't,
    {
        let locked = self.locked.iter().map(String::as_str);
        let locked = locked.into_iter().find(|version| admits(version));
        AskedVersions {
            text,
            taken: locked.or_else(|| self.rules.newest_of(admits)),
        }
    }

    /// Returns `operator` with our version, or just our version, written with `exactly`, if the operator lets a newer one through that is
    /// known not to work; `admits` says whether a range lets a version through.
    pub fn with_operator(
        &self,
        operator: &str,
        exactly: &str,
        admits: impl Fn(&str, &str) -> bool,
    ) -> String {
        let range = format!("{operator}{}", self.version);
        let newest = self.rules.newest_of(|version| admits(&range, version));
        let fails = newest.is_some_and(|newest| self.is_known_to_fail(newest));
        if fails {
            format!("{exactly}{}", self.version)
        } else {
            range
        }
    }

    /// Returns whether ours replaces what a manifest asks for: an upgrade was asked for, and what is there is older, or known not to work.
    pub fn replaces(&self, asked: AskedVersions) -> bool {
        let order = || compare_newest(asked.text, self.version);
        if self.is_pinned {
            return order().is_some_and(Ordering::is_ne);
        }
        self.upgrade && (self.fails(asked) || order() == Some(Ordering::Less))
    }

    /// Returns whether ours replaces the range `asked`, which admits it: an upgrade was asked for, and what is taken is known not to work.
    pub fn replaces_range(&self, asked: AskedVersions) -> bool {
        self.upgrade
            && asked
                .taken
                .is_some_and(|taken| self.is_known_to_fail(taken))
    }

    fn fails(&self, asked: AskedVersions) -> bool {
        self.is_known_to_fail(asked.taken.unwrap_or(asked.text))
    }

    /// Decides about the range `asked` in line `line` of the file shown as `file`, which admits our version: a note if it stays. `replacement`
    /// is the text to write instead.
    ///
    /// # Errors
    /// The conflict if the version that is taken is known not to work.
    pub fn settle_range(
        &self,
        (file, line): (&str, usize),
        asked: AskedVersions,
        replacement: &str,
    ) -> Result<Message, EditRefusal> {
        let package = self.package.rsplit(':').next().unwrap_or_default();
        let asks = asked.text.trim();
        if let Some(taken) = asked.taken
            && let VersionVerdict::Fails(why) = self.rules.judge(taken)
        {
            let found = message!(
                "project-range-fails",
                package = package,
                asked = asks,
                taken = taken,
                locked = self.locked.iter().any(|it| it == taken),
                why = Message::from(why.clone())
            );
            let next = if self.upgrade {
                message!("project-write-there", replacement = replacement)
            } else {
                message!("project-upgrade", replacement = replacement)
            };
            return Err(EditRefusal::Conflict { line, found, next });
        }
        Ok(message!(
            "project-stays",
            file = file,
            line = line,
            package = package,
            asks = asks
        ))
    }

    /// Decides about `asked`, a word for the newest release (`RELEASE`, `latest`) in line `line` of the file shown as `file`: a note if it
    /// stays.
    ///
    /// # Errors
    /// The conflict if the newest release is known not to work.
    pub fn settle_newest(
        &self,
        (file, line): (&str, usize),
        asked: &str,
    ) -> Result<Message, EditRefusal> {
        let package = self.package.rsplit(':').next().unwrap_or_default();
        let Some((newest, server)) = self.rules.newest() else {
            return Ok(message!(
                "project-stays",
                file = file,
                line = line,
                package = package,
                asks = asked
            ));
        };
        if let VersionVerdict::Fails(why) = self.rules.judge(newest) {
            let found = message!("project-asks", package = package, asked = asked);
            return Err(EditRefusal::Conflict {
                line,
                found: message!(
                    "project-fails",
                    found = found,
                    why = Message::from(why.clone())
                ),
                next: message!("project-write-there", replacement = self.version),
            });
        }
        Ok(message!(
            "project-stays-newest",
            file = file,
            line = line,
            package = package,
            asks = asked,
            newest = newest,
            server = server
        ))
    }

    fn is_known_to_fail(&self, asked: &str) -> bool {
        matches!(self.rules.judge(asked), VersionVerdict::Fails(_))
    }

    /// Decides about `asked`, which line `line` of the file shown as `file` asks for and which does not admit our version: a note if it
    /// stays. `found` describes what is there, `replacement` is the text to write instead.
    ///
    /// # Errors
    /// The conflict, if it is to be replaced or is known not to work.
    pub fn settle(
        &self,
        (file, line): (&str, usize),
        found: Message,
        asked: AskedVersions,
        replacement: &str,
    ) -> Result<Message, EditRefusal> {
        let order = compare_newest(asked.text, self.version);
        let package = self.package.rsplit(':').next().unwrap_or_default();
        let asks = asked.text.trim();
        let found = match self.rules.judge(asked.taken.unwrap_or(asked.text)) {
            VersionVerdict::Works if !self.replaces(asked) => {
                return Ok(match order {
                    Some(Ordering::Less) => message!(
                        "project-stays-older",
                        file = file,
                        line = line,
                        package = package,
                        asks = asks,
                        replacement = replacement
                    ),
                    Some(Ordering::Equal | Ordering::Greater) | None => message!(
                        "project-stays",
                        file = file,
                        line = line,
                        package = package,
                        asks = asks
                    ),
                });
            }
            VersionVerdict::Untested(newest) => {
                return Ok(message!(
                    "project-stays-untested",
                    file = file,
                    line = line,
                    package = package,
                    asks = asks,
                    newest = newest
                ));
            }
            VersionVerdict::Fails(why) => message!(
                "project-fails",
                found = found,
                why = Message::from(why.clone())
            ),
            VersionVerdict::Works | VersionVerdict::Unknown => found,
        };
        let next = if self.upgrade || order.is_none() {
            message!("project-write-there", replacement = replacement)
        } else {
            message!("project-upgrade", replacement = replacement)
        };
        Err(EditRefusal::Conflict { line, found, next })
    }
}
