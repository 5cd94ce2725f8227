//! Our own package in a manifest: whether it is there and may stay, and how it is asked for.

use semver::{Version, VersionReq};

use super::companion;
use super::spec::{self, DependencySpec};
use super::{CargoManifest, SpecOrigin, WorkspaceRoot};
use crate::project::edit::EditRefusal;
use crate::project::requirement::Requirement;

impl CargoManifest<'_> {
    /// Whether our package is among the dependencies of programs already, and may stay as it is.
    pub(super) fn is_present(
        &self,
        specs: &[DependencySpec],
        notes: &mut Vec<String>,
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
        if in_dependencies.is_none() {
            notes.push(format!(
                "Cargo.toml:{line} names {wanted} among the dev-dependencies, which programs in src cannot use"
            ));
        }
        if spec.is_optional {
            notes.push(format!(
                "Cargo.toml:{line} makes {wanted} optional: the example needs --features {}",
                spec::feature_of(self.toml, wanted)
            ));
        }
        let stays = |what: String| format!("Cargo.toml:{line} {what}; it is left as it is");
        let Some((resolved, place)) = self.resolved(spec) else {
            notes.push(stays(format!(
                "inherits {wanted} from a workspace that was not found"
            )));
            return Ok(true);
        };
        notes.extend(self.admits(&resolved, place, line)?.map(stays));
        Ok(true)
    }

    /// Whether `spec`, which is ours and stands at `place`, can stay: a phrase about what it leaves open, or a conflict. `line`
    /// is the one of this manifest that names it.
    fn admits(
        &self,
        spec: &DependencySpec,
        place: SpecOrigin,
        line: usize,
    ) -> Result<Option<String>, EditRefusal> {
        let (wanted, version) = (self.wanted.package, self.wanted.version);
        let (whose, where_to) = match place {
            SpecOrigin::Here => ("the project already".to_owned(), "in that line".to_owned()),
            SpecOrigin::WorkspaceRoot(path) => (
                format!("{path}:{}, which it inherits,", spec.line),
                format!("in {path}:{}", spec.line),
            ),
        };
        let parts = [self.wanted.parts, self.wanted.or_parts].concat();
        if spec.without_defaults && !spec.features.iter().any(|it| parts.contains(it)) {
            return Err(EditRefusal::Conflict {
                line,
                found: format!(
                    "{whose} asks for {wanted} without its feature {}",
                    self.wanted.parts.join(", ")
                ),
                next: format!(
                    "add {} to its features, or set up another folder with --dir",
                    companion::list(self.wanted.parts)
                ),
            });
        }
        let Some((asked, _)) = &spec.version else {
            return Ok(Some(format!("names a location for {wanted}")));
        };
        let Ok(requirement) = VersionReq::parse(asked) else {
            return Err(EditRefusal::Unparsable {
                line,
                reason: format!("{asked:?} is not a version requirement"),
            });
        };
        if !Version::parse(version).is_ok_and(|version| requirement.matches(&version)) {
            let found = format!("{whose} asks for {wanted} {asked}");
            let is_here = matches!(place, SpecOrigin::Here);
            if is_here && self.wanted.replaces(asked) {
                return Ok(None);
            }
            let by_hand = format!("{version:?}");
            let reachable = Requirement {
                upgrade: self.wanted.upgrade && is_here,
                ..self.wanted
            };
            let settled = reachable.settle(("Cargo.toml", line), found, asked, &by_hand);
            return match settled {
                Ok(_) => Ok(Some(format!("asks for {asked:?} for {wanted}"))),
                Err(EditRefusal::Conflict { line, found, .. }) if !is_here => {
                    Err(EditRefusal::Conflict {
                        line,
                        found,
                        next: format!(
                            "write {by_hand} {where_to}, or set up another folder with --dir"
                        ),
                    })
                }
                Err(refusal) => Err(refusal),
            };
        }
        if spec.is_elsewhere {
            return Ok(Some(format!("names a location for {wanted}")));
        }
        let is_ours = asked.trim_start_matches(['=', '^', ' ']) == version;
        let has = |part: &&String| spec.features.contains(part);
        let instead = self
            .wanted
            .or_parts
            .iter()
            .find(has)
            .filter(|_| spec.without_defaults && !self.wanted.parts.iter().any(|it| has(&it)));
        let instead = instead
            .map(|part| format!(" with {part} in place of {}", self.wanted.parts.join(", ")));
        Ok(match instead {
            None if is_ours => None,
            Some(instead) if is_ours => Some(format!("asks for {wanted}{instead}")),
            instead => Some(format!(
                "asks for {asked:?} for {wanted}{}",
                instead.unwrap_or_default()
            )),
        })
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
                    wanted.version
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
