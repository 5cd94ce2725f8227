//! The packages that a project needs beside its connector, and the versions of them that do not work with it.

use std::ops::Range;

use semver::{Version, VersionReq};

use super::spec::DependencySpec;
use super::{CargoManifest, SpecOrigin};
use crate::catalog::connectors::Companion;
use crate::message::{Message, message};
use crate::project::edit::{EditRefusal, FileEdit, Splice};

/// What has to change for one companion.
#[derive(Default)]
pub(super) struct CompanionEdit {
    /// A dependency to add: the list that it goes into, its name and its value.
    pub(super) member: Option<(&'static str, String, String)>,
    /// What has to be put in elsewhere.
    pub(super) splice: Option<Splice>,
    /// The edit of the workspace's root.
    pub(super) elsewhere: Option<FileEdit>,
    /// A note for the user.
    pub(super) note: Option<Message>,
}

/// What a requirement admits, seen from a limit below which versions work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Admission {
    /// Versions that work, and no others.
    Works,
    /// Versions that work, and some from the limit on.
    Both,
    /// No version that works, and some from the limit on.
    TooNew,
    /// None of these: older ones, or another major version.
    Other,
}

impl CargoManifest<'_> {
    /// What the manifest lacks of `companion`, given all of its dependencies.
    pub(super) fn companion(
        &self,
        companion: &Companion,
        specs: &[DependencySpec],
    ) -> Result<CompanionEdit, EditRefusal> {
        let mut open = None;
        let mut in_root = None;
        let mut works = false;
        let mut optional = None;
        let mut is_at_hand = false;
        for spec in specs.iter().filter(|it| it.package == companion.package) {
            let resolved = self.resolved(spec);
            let version = resolved.as_ref().and_then(|(resolved, place)| {
                let (asked, range) = resolved.version.as_ref()?;
                Some((asked, range, resolved.line, *place))
            });
            let admits = version.map(|(asked, ..)| admits(asked, companion));
            let is_seen = matches!(spec.list, Some("dependencies" | "dev-dependencies"));
            if is_seen && spec.name != companion.package && admits != Some(Admission::Other) {
                return Err(called_otherwise(spec));
            }
            let is_meant = is_seen && spec.name == companion.package;
            if is_meant {
                if spec.is_optional {
                    optional = Some(spec.line);
                } else {
                    is_at_hand = true;
                }
            }
            let (Some((asked, range, line, place)), Some(admits)) = (version, admits) else {
                continue;
            };
            let path_in_root = match place {
                SpecOrigin::WorkspaceRoot(path) => self.wanted.upgrade.then_some(path),
                SpecOrigin::Here => None,
            };
            match (admits, path_in_root) {
                (Admission::Works, _) => works = true,
                (Admission::Both, _) if self.can_be_capped(companion, asked, range, place) => {
                    open.get_or_insert((range.end - 1, asked.clone(), line));
                }
                (Admission::Other, _) if !is_meant => {}
                (Admission::Both | Admission::TooNew, Some(path)) => {
                    in_root = Some(limit_in_root(path, companion, admits, asked, range));
                    works = true;
                }
                (Admission::Both | Admission::TooNew, None) | (Admission::Other, _) => {
                    return Err(conflict(companion, admits, asked, spec.line, line, place));
                }
            }
        }
        if !is_at_hand {
            // An example may use what is for development alone.
            let list = optional.map_or(self.list(), |_| "dev-dependencies");
            let (package, value) = (companion.package.clone(), self.companion_value(companion));
            return Ok(CompanionEdit {
                note: optional.map(|line| {
                    message!(
                        "project-cargo-companion-optional",
                        line = line,
                        package = package
                    )
                }),
                member: Some((list, package, value)),
                ..CompanionEdit::default()
            });
        }
        let (Some((at, asked, line)), Some(below), false) = (open, &companion.below, works) else {
            return Ok(CompanionEdit {
                elsewhere: in_root,
                ..CompanionEdit::default()
            });
        };
        Ok(CompanionEdit {
            elsewhere: in_root,
            member: None,
            splice: Some(Splice {
                at,
                removes: 0,
                text: format!(", <{below}"),
            }),
            note: Some(message!(
                "project-cargo-capped",
                line = line,
                package = companion.package,
                asked = asked,
                why = Message::from(companion.why.clone()),
                now = format!("{asked}, <{below}")
            )),
        })
    }

    /// Whether the requirement `asked`, which stands at `range`, can be limited where it stands.
    fn can_be_capped(
        &self,
        companion: &Companion,
        asked: &str,
        range: &Range<usize>,
        place: SpecOrigin,
    ) -> bool {
        let Some(below) = &companion.below else {
            return false;
        };
        let quoted = self.toml.source().get(range.clone());
        place == SpecOrigin::Here
            && VersionReq::parse(&format!("{asked}, <{below}")).is_ok()
            && quoted.is_some_and(|it| it.len() == asked.len() + 2)
    }

    /// How the companion is asked for where the project does not name it yet.
    fn companion_value(&self, companion: &Companion) -> String {
        let features = list(&companion.parts);
        let inherited = self.offered(&companion.package).filter(|spec| {
            let version = spec.version.as_ref();
            version.is_some_and(|(asked, _)| admits(asked, companion) == Admission::Works)
        });
        match inherited {
            Some(_) => format!("{{ workspace = true, features = {features} }}"),
            None => format!(
                "{{ version = {:?}, features = {features} }}",
                companion.version
            ),
        }
    }
}

/// The conflict with `spec`, which has a package that the example needs under another name: Cargo refuses a second one.
pub(super) fn called_otherwise(spec: &DependencySpec) -> EditRefusal {
    let DependencySpec { name, package, .. } = spec;
    EditRefusal::Conflict {
        line: spec.line,
        found: message!("project-cargo-renamed", package = package, name = name),
        next: message!("project-cargo-renamed-next", package = package),
    }
}

/// The conflict with a dependency that has the name of `package`, which the example needs, and is another package.
pub(super) fn name_is_taken(specs: &[DependencySpec], package: &str) -> Result<(), EditRefusal> {
    let taken = specs.iter().find(|spec| {
        let is_seen = matches!(spec.list, Some("dependencies" | "dev-dependencies"));
        is_seen && spec.name == package && spec.package != package
    });
    let Some(spec) = taken else {
        return Ok(());
    };
    Err(EditRefusal::Conflict {
        line: spec.line,
        found: message!(
            "project-cargo-name-taken",
            other = spec.package,
            package = package
        ),
        next: message!("project-cargo-name-taken-next", other = spec.package),
    })
}

fn conflict(
    companion: &Companion,
    admits: Admission,
    asked: &str,
    line: usize,
    root_line: usize,
    place: SpecOrigin,
) -> EditRefusal {
    let (package, version) = (&companion.package, &companion.version);
    let inherited = match place {
        SpecOrigin::Here => String::new(),
        SpecOrigin::WorkspaceRoot(path) => format!("{path}:{root_line}"),
    };
    let why = match admits {
        Admission::Other => message!("project-cargo-example-needs", version = version),
        Admission::Works | Admission::Both | Admission::TooNew => {
            Message::from(companion.why.clone())
        }
    };
    let replacement = format!("{version:?}");
    let next = match place {
        SpecOrigin::Here => message!("project-write-there", replacement = replacement),
        SpecOrigin::WorkspaceRoot(_) if admits != Admission::Other => {
            message!("project-upgrade", replacement = replacement)
        }
        SpecOrigin::WorkspaceRoot(_) => message!(
            "project-write-at",
            replacement = replacement,
            place = inherited
        ),
    };
    EditRefusal::Conflict {
        line,
        found: message!(
            "project-cargo-companion",
            inherited = inherited,
            package = package,
            asked = asked,
            why = why
        ),
        next,
    }
}

/// The limit of `companion` in the workspace's root at `path`, whose text at `range` asks for `asked`.
fn limit_in_root(
    path: &str,
    companion: &Companion,
    admits: Admission,
    asked: &str,
    range: &Range<usize>,
) -> FileEdit {
    let below = companion.below.as_deref().unwrap_or_default();
    let limited = format!("{asked}, <{below}");
    let is_valid = admits == Admission::Both && VersionReq::parse(&limited).is_ok();
    let text = if is_valid {
        limited
    } else {
        companion.version.clone()
    };
    FileEdit {
        path: path.to_owned(),
        splices: vec![Splice {
            at: range.start,
            removes: range.len(),
            text: format!("{text:?}"),
        }],
    }
}

/// What `asked` admits of `companion`. Minor versions and patches are tried one by one.
pub(super) fn admits(asked: &str, companion: &Companion) -> Admission {
    /// More minor versions than any package here has.
    const MINORS: u64 = 300;
    const PATCHES: u64 = 30;
    let (Ok(asked), Ok(works)) = (
        VersionReq::parse(asked),
        VersionReq::parse(&companion.version),
    ) else {
        return Admission::Other;
    };
    let breaks = companion.breaks();
    let (mut some_work, mut some_break) = (false, false);
    for minor in 0..MINORS {
        for patch in 0..PATCHES {
            let version = Version::new(1, minor, patch);
            if asked.matches(&version) {
                some_work |= works.matches(&version);
                some_break |= breaks.as_ref().is_some_and(|it| it.matches(&version));
            }
        }
    }
    match (some_work, some_break) {
        (true, false) => Admission::Works,
        (true, true) => Admission::Both,
        (false, true) => Admission::TooNew,
        (false, false) => Admission::Other,
    }
}

/// `words` as a list of TOML strings.
pub(super) fn list(words: &[String]) -> String {
    let words: Vec<_> = words.iter().map(|word| format!("{word:?}")).collect();
    format!("[{}]", words.join(", "))
}
