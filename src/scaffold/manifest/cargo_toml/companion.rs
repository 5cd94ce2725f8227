//! The packages that a project needs beside its connector, and the versions of them that do not work with it.

use semver::{Version, VersionReq};

use super::spec::Spec;
use super::{Manifest, Place};
use crate::catalog::connectors::Companion;
use crate::scaffold::manifest::{Insertion, Refusal};

/// What has to change for one companion.
#[derive(Default)]
pub(super) struct Needed {
    /// A dependency to add: its name and value.
    pub(super) member: Option<(String, String)>,
    /// What has to be put in elsewhere.
    pub(super) splice: Option<Insertion>,
    /// What the user should know.
    pub(super) note: Option<String>,
}

/// What a requirement admits, seen from a limit below which versions work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Admits {
    /// Versions that work, and no others.
    Works,
    /// Versions that work, and some that do not.
    Both,
    /// No version that works.
    Broken,
}

impl Manifest<'_> {
    /// What the manifest lacks of `companion`, given all of its dependencies.
    pub(super) fn companion(
        &self,
        companion: &Companion,
        specs: &[Spec],
    ) -> Result<Needed, Refusal> {
        let named: Vec<_> = specs
            .iter()
            .filter(|spec| spec.package == companion.package)
            .collect();
        let is_at_hand = named.iter().any(|spec| {
            matches!(spec.list, Some("dependencies" | "dev-dependencies")) && !spec.is_optional
        });
        let mut open = None;
        let mut works = false;
        if let Some(below) = &companion.below {
            for spec in named {
                let Some((resolved, place)) = self.resolved(spec) else {
                    continue;
                };
                let Some((asked, range)) = &resolved.version else {
                    continue;
                };
                let line = resolved.line;
                match admits(asked, companion, below) {
                    Admits::Works => works = true,
                    Admits::Broken => {
                        return Err(self.conflict(companion, asked, spec.line, line, place));
                    }
                    Admits::Both => {
                        let capped = format!("{asked}, <{below}");
                        let quoted = self.toml.source().get(range.clone());
                        let can_be_capped = place == Place::Here
                            && VersionReq::parse(&capped).is_ok()
                            && quoted.is_some_and(|it| it.len() == asked.len() + 2);
                        if can_be_capped {
                            open.get_or_insert((range.end - 1, asked.clone(), line));
                        } else {
                            return Err(self.conflict(companion, asked, spec.line, line, place));
                        }
                    }
                }
            }
        }
        if !is_at_hand {
            return Ok(Needed {
                member: Some((companion.package.clone(), self.companion_value(companion))),
                ..Needed::default()
            });
        }
        let (Some((at, asked, line)), Some(below), false) = (open, &companion.below, works) else {
            return Ok(Needed::default());
        };
        Ok(Needed {
            member: None,
            splice: Some(Insertion {
                at,
                removes: 0,
                text: format!(", <{below}"),
            }),
            note: Some(format!(
                "Cargo.toml:{line} asked for {} {asked:?}, and {}: it asks for \"{asked}, <{below}\" now",
                companion.package, companion.why
            )),
        })
    }

    /// How the companion is asked for where the project does not name it yet.
    fn companion_value(&self, companion: &Companion) -> String {
        let features = list(&companion.parts);
        let inherited = self.offered(&companion.package).filter(|spec| {
            let version = spec.version.as_ref();
            version.is_some_and(|(asked, _)| match &companion.below {
                None => true,
                Some(below) => admits(asked, companion, below) == Admits::Works,
            })
        });
        match inherited {
            Some(_) => format!("{{ workspace = true, features = {features} }}"),
            None => format!(
                "{{ version = {:?}, features = {features} }}",
                companion.version
            ),
        }
    }

    fn conflict(
        &self,
        companion: &Companion,
        asked: &str,
        line: usize,
        root_line: usize,
        place: Place,
    ) -> Refusal {
        let (package, why) = (&companion.package, &companion.why);
        let (whose, where_to) = match place {
            Place::Here => ("the project asks".to_owned(), "in that line".to_owned()),
            Place::Root(path) => (
                format!("{path}:{root_line}, which it inherits, asks"),
                format!("in {path}:{root_line}"),
            ),
        };
        Refusal::Conflict {
            line,
            found: format!("{whose} for {package} {asked:?}, and {why}"),
            next: format!(
                "write {:?} {where_to}, or set up another folder with --dir",
                companion.version
            ),
        }
    }
}

/// What `asked` admits, where versions from `below` on do not work. Minor versions and patches are tried one by one.
pub(super) fn admits(asked: &str, companion: &Companion, below: &str) -> Admits {
    /// More minor versions than any package here has.
    const MINORS: u64 = 300;
    const PATCHES: u64 = 30;
    let (Ok(asked), Ok(works)) = (
        VersionReq::parse(asked),
        VersionReq::parse(&companion.version),
    ) else {
        return Admits::Broken;
    };
    let Ok(limit) = VersionReq::parse(&format!("<{below}")) else {
        return Admits::Broken;
    };
    let (mut some_work, mut some_break) = (false, false);
    for minor in 0..MINORS {
        for patch in 0..PATCHES {
            let version = Version::new(1, minor, patch);
            if asked.matches(&version) {
                some_work |= works.matches(&version);
                some_break |= !limit.matches(&version);
            }
        }
    }
    match (some_work, some_break) {
        (true, false) => Admits::Works,
        (true, true) => Admits::Both,
        (false, _) => Admits::Broken,
    }
}

/// `words` as a list of TOML strings.
pub(super) fn list(words: &[String]) -> String {
    let words: Vec<_> = words.iter().map(|word| format!("{word:?}")).collect();
    format!("[{}]", words.join(", "))
}
