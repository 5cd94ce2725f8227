//! Our own package in a manifest: whether it is there and may stay, and how it is asked for.

use semver::{Version, VersionReq};

use super::companion;
use super::spec::{self, DependencySpec};
use super::{CargoManifest, SpecOrigin, WorkspaceRoot, admits};
use crate::message::{Message, message};
use crate::project::edit::EditRefusal;

impl CargoManifest<'_> {
    /// Whether our package is among the dependencies of programs already, and may stay as it is.
    pub(super) fn is_present(
        &self,
        specs: &[DependencySpec],
        notes: &mut Vec<Message>,
    ) -> Result<bool, EditRefusal> {
        let wanted = self.wanted.package;
        let ours =
            |list| move |spec: &&DependencySpec| spec.list == Some(list) && spec.package == wanted;
        let in_dependencies = specs.iter().find(ours("dependencies"));
        let Some(spec) = in_dependencies.or(specs.iter().find(ours("dev-dependencies"))) else {
            return Ok(false);
        };
        let line = spec.line;
        if spec.name != wanted {
            return Err(companion::called_otherwise(spec));
        }
        if in_dependencies.is_none() && self.list() == "dependencies" {
            notes.push(message!("project-cargo-dev", line = line, package = wanted));
        }
        if spec.is_optional {
            notes.push(message!(
                "project-cargo-optional",
                line = line,
                package = wanted,
                feature = spec::feature_of(self.toml, wanted)
            ));
        }
        let Some((resolved, place)) = self.resolved(spec) else {
            notes.push(message!(
                "project-cargo-inherits",
                line = line,
                package = wanted
            ));
            return Ok(true);
        };
        notes.extend(self.admits(&resolved, place, line)?);
        Ok(true)
    }

    /// Whether `spec`, which is ours and is at `place`, can stay: a note about what it leaves open, or a conflict. `line` is the one of
    /// this manifest that names it.
    fn admits(
        &self,
        spec: &DependencySpec,
        place: SpecOrigin,
        line: usize,
    ) -> Result<Option<Message>, EditRefusal> {
        let (wanted, version) = (self.wanted.package, self.wanted.version);
        let inherited = match place {
            SpecOrigin::Here => String::new(),
            SpecOrigin::WorkspaceRoot(path) => format!("{path}:{}", spec.line),
        };
        let location = || message!("project-cargo-location", line = line, package = wanted);
        self.refuse_unknown_feature(spec, line)?;
        let parts = [self.wanted.parts, self.wanted.or_parts].concat();
        if spec.without_defaults && !spec.features.iter().any(|it| parts.contains(it)) {
            return Err(EditRefusal::Conflict {
                line,
                found: message!(
                    "project-cargo-without-feature",
                    inherited = inherited,
                    package = wanted,
                    feature = self.wanted.parts.join(", ")
                ),
                next: message!(
                    "project-cargo-add-feature",
                    features = companion::list(self.wanted.parts)
                ),
            });
        }
        let Some((asked, _)) = &spec.version else {
            return Ok(Some(location()));
        };
        let Ok(requirement) = VersionReq::parse(asked) else {
            return Err(EditRefusal::Unparsable {
                line,
                reason: message!("project-not-a-requirement", asked = asked),
            });
        };
        if !Version::parse(version).is_ok_and(|version| requirement.matches(&version)) {
            let found = message!(
                "project-cargo-asks",
                inherited = inherited,
                package = wanted,
                asked = asked
            );
            let is_here = matches!(place, SpecOrigin::Here);
            let versions = self.versions(asked);
            if self.wanted.replaces(versions) {
                return Ok(None);
            }
            let by_hand = format!("{version:?}");
            let settled = self
                .wanted
                .settle(("Cargo.toml", line), found, versions, &by_hand);
            return match settled {
                Ok(note) if is_here => Ok(Some(note)),
                Ok(_) => Ok(Some(message!(
                    "project-stays",
                    file = "Cargo.toml",
                    line = line,
                    package = wanted,
                    asks = asked
                ))),
                Err(EditRefusal::Conflict { line, found, .. })
                    if !is_here && self.wanted.upgrade =>
                {
                    Err(EditRefusal::Conflict {
                        line,
                        found,
                        next: message!(
                            "project-write-at",
                            replacement = by_hand,
                            place = inherited
                        ),
                    })
                }
                Err(refusal) => Err(refusal),
            };
        }
        if spec.is_elsewhere {
            return Ok(Some(location()));
        }
        let is_ours = asked.trim_start_matches(['=', '^', ' ']) == version;
        let has = |part: &&String| spec.features.contains(part);
        let instead = self
            .wanted
            .or_parts
            .iter()
            .find(has)
            .filter(|_| spec.without_defaults && !self.wanted.parts.iter().any(|it| has(&it)));
        Ok(match instead {
            None if is_ours => None,
            Some(part) => Some(message!(
                "project-cargo-other-feature",
                line = line,
                package = wanted,
                asked = if is_ours { "" } else { asked },
                part = part,
                feature = self.wanted.parts.join(", ")
            )),
            None if self.upgrade(asked) => None,
            None => {
                let (place, ours) = (("Cargo.toml", line), format!("{version:?}"));
                let versions = self.versions(asked);
                Some(self.wanted.settle_range(place, versions, &ours)?)
            }
        })
    }

    /// Refuses a feature that our package does not have: Cargo does not build such a manifest.
    fn refuse_unknown_feature(
        &self,
        spec: &DependencySpec,
        line: usize,
    ) -> Result<(), EditRefusal> {
        let wanted = self.wanted;
        let ours = Version::parse(wanted.version);
        let is_admitted = spec.version.as_ref().is_some_and(|(asked, _)| {
            let asked = VersionReq::parse(asked);
            asked.is_ok_and(|it| ours.as_ref().is_ok_and(|version| it.matches(version)))
        });
        let is_unknown = |it: &&String| !wanted.all_parts.contains(it);
        let mut unknown = spec.features.iter().filter(is_unknown);
        match unknown.next() {
            Some(feature) if is_admitted && !spec.is_elsewhere && !wanted.all_parts.is_empty() => {
                Err(EditRefusal::Conflict {
                    line,
                    found: message!(
                        "project-cargo-unknown-feature",
                        package = wanted.package,
                        version = wanted.version,
                        feature = feature
                    ),
                    next: message!(
                        "project-cargo-unknown-feature-next",
                        present = spec.features.iter().any(|it| wanted.parts.contains(it)),
                        feature = feature,
                        features = companion::list(wanted.parts)
                    ),
                })
            }
            Some(_) | None => Ok(()),
        }
    }

    /// How our package is asked for: its name and value.
    pub(super) fn own_member(&self) -> Result<(String, String), EditRefusal> {
        let wanted = self.wanted;
        let name = wanted.package.to_owned();
        let features = companion::list(wanted.parts);
        let Some(offered) = self.offered(&name) else {
            return Ok((
                name,
                format!(
                    "{{ version = {:?}, default-features = false, features = {features} }}",
                    wanted.with_operator("", "=", admits)
                ),
            ));
        };
        let has_parts = !offered.without_defaults
            || offered.features.iter().any(|it| wanted.parts.contains(it));
        // What it lacks is asked for here, so only its version can be in the way.
        let offered = DependencySpec {
            without_defaults: false,
            ..offered
        };
        let place = match &self.root {
            WorkspaceRoot::Other(path, _) => SpecOrigin::WorkspaceRoot(path),
            WorkspaceRoot::None | WorkspaceRoot::Own => SpecOrigin::Here,
        };
        self.admits(&offered, place, offered.line)?;
        Ok(if has_parts {
            (format!("{name}.workspace"), "true".into())
        } else {
            (
                name,
                format!("{{ workspace = true, features = {features} }}"),
            )
        })
    }
}
