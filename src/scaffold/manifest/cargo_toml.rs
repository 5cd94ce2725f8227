//! Cargo's `Cargo.toml`, read losslessly and spliced (doc.rust-lang.org/cargo, "The Manifest Format").
//!
//! What a workspace's root says is looked at, and never changed: it is another project's file.

mod companion;
mod lock;
mod spec;
mod workspace;

use std::collections::BTreeMap;

use semver::{Version, VersionReq};
use toml_edit::Item;

use super::text;
use super::toml_document::Toml;
use super::{Edit, Insertion, Refusal, Requirement};
use spec::Spec;
use workspace::Root;

pub use lock::notes as notes_about_lock;
pub use workspace::{counts_member, note_about_new_member, workspace_folders};

/// The example that existing projects get (`templates/rust/template.toml`).
const EXAMPLE: &str = "taos_example";

/// The edit that makes `source` depend on `wanted`, and on what it needs beside it. A list that is sorted stays sorted.
pub fn edit(source: &str, wanted: Requirement) -> Result<Edit, Refusal> {
    let toml = Toml::read(source)?;
    let root = Root::of(&toml, wanted)?;
    let manifest = Manifest {
        toml: &toml,
        root,
        wanted,
    };
    manifest.edit()
}

/// The first dependency of programs that is among `retired` and stands in lines of its own, or in a table of its own: the package,
/// and `source` without it.
pub fn without_retired<'a>(
    source: &str,
    retired: &[(&'a str, &str)],
) -> Result<Option<(&'a str, String)>, Refusal> {
    let toml = Toml::read(source)?;
    for entry in toml.entries(&["dependencies"]) {
        let Some((name, _)) = retired.iter().find(|(name, _)| *name == entry.name) else {
            continue;
        };
        let first = toml.line(toml.line_number(entry.range.start));
        let last = toml.line(toml.line_number(entry.range.end.saturating_sub(1)));
        if let (Some(first), Some(last)) = (first, last)
            && first.body.trim_start().starts_with(*name)
        {
            let mut new = source.to_owned();
            new.replace_range(first.start..last.end(), "");
            return Ok(Some((name, new)));
        }
    }
    for (name, _) in retired {
        if let Some(lines) = toml.lines_of_table(&["dependencies", name]) {
            let mut new = source.to_owned();
            new.replace_range(lines, "");
            return Ok(Some((name, new)));
        }
    }
    Ok(None)
}

struct Manifest<'a> {
    toml: &'a Toml<'a>,
    root: Root<'a>,
    wanted: Requirement<'a>,
}

impl Manifest<'_> {
    fn edit(&self) -> Result<Edit, Refusal> {
        self.refuse_what_is_no_package()?;
        let specs = self.specs();
        let mut notes = self.notes_about_retired(&specs);
        notes.extend(self.note_about_rust_version());
        notes.extend(self.note_about_examples());
        companion::name_is_taken(&specs, self.wanted.package)?;
        let mut members = Vec::new();
        if !self.is_present(&specs, &mut notes)? {
            let (name, value) = self.own_member()?;
            members.push(("dependencies", name, value));
        }
        let mut splices = Vec::new();
        for companion in self.wanted.companions {
            companion::name_is_taken(&specs, &companion.package)?;
            let needed = self.companion(companion, &specs)?;
            members.extend(needed.member);
            splices.extend(needed.splice);
            notes.extend(needed.note);
        }
        for list in ["dependencies", "dev-dependencies"] {
            let members: Vec<_> = members
                .iter()
                .filter(|(of, ..)| *of == list)
                .map(|(_, name, value)| (name.as_str(), value.clone()))
                .collect();
            if !members.is_empty() {
                splices.push(
                    self.toml
                        .insert(&[spec::spelling(self.toml, list)], &members),
                );
            }
        }
        let insertion = (!splices.is_empty()).then(|| text::combined(self.toml.source(), splices));
        let present = specs
            .iter()
            .find(|spec| spec.package == self.wanted.package && spec.list == Some("dependencies"));
        let asked = present.map_or(Some(self.wanted.version.to_owned()), |spec| {
            let (asked, _) = self.resolved(spec)?.0.version?;
            Some(if self.upgrade(&asked) {
                self.wanted.version.to_owned()
            } else {
                asked
            })
        });
        Ok(Edit {
            insertion,
            replacements: self.upgrades(&specs),
            asked,
            notes,
            ..Edit::default()
        })
    }

    /// The dependencies, with the packages that the workspace's root has under their names.
    fn specs(&self) -> Vec<Spec> {
        let root = match &self.root {
            Root::None => None,
            Root::Own => Some(self.toml),
            Root::Other(_, toml) => Some(toml.as_ref()),
        };
        let offered = root.map(|it| Spec::list(it, &["workspace", "dependencies"], None));
        let renamed: BTreeMap<_, _> = offered
            .into_iter()
            .flatten()
            .filter(|spec| spec.name != spec.package)
            .map(|spec| (spec.name, spec.package))
            .collect();
        let mut specs = Spec::all(self.toml);
        for spec in specs.iter_mut().filter(|spec| spec.inherits) {
            if let Some(package) = renamed.get(&spec.name) {
                spec.package.clone_from(package);
            }
        }
        specs
    }

    /// Our version in place of every older one that this file gives to our package; the operators `=`, `^` and `~` stay.
    fn upgrades(&self, specs: &[Spec]) -> Vec<Insertion> {
        let ours = specs.iter().filter(|it| it.package == self.wanted.package);
        let mut upgrades: Vec<_> = ours
            .filter_map(|spec| {
                let (spec, place) = self.resolved(spec)?;
                let (asked, range) = spec.version?;
                if !matches!(place, Place::Here) || !self.upgrade(&asked) {
                    return None;
                }
                let operator = asked.get(..1).filter(|it| ["=", "^", "~"].contains(it));
                let operator = operator.filter(|_| !asked.contains(','));
                Some(Insertion {
                    at: range.start,
                    removes: range.len(),
                    text: format!(
                        "\"{}{}\"",
                        operator.unwrap_or_default(),
                        self.wanted.version
                    ),
                })
            })
            .collect();
        upgrades.sort_by_key(|upgrade| upgrade.at);
        upgrades.dedup();
        upgrades
    }

    /// Whether ours comes in place of the requirement `asked`, which does not admit it.
    fn upgrade(&self, asked: &str) -> bool {
        let admits = VersionReq::parse(asked).is_ok_and(|it| {
            Version::parse(self.wanted.version).is_ok_and(|version| it.matches(&version))
        });
        !admits && self.wanted.replaces(asked)
    }

    fn refuse_what_is_no_package(&self) -> Result<(), Refusal> {
        let toml = self.toml;
        if toml.table(&["package"]).is_some() || toml.table(&["project"]).is_some() {
            return Ok(());
        }
        if toml.table(&["workspace"]).is_none() {
            return Err(Refusal::Unparsable {
                line: 1,
                reason: "it has neither a [package] nor a [workspace]".into(),
            });
        }
        Err(Refusal::Aggregator {
            line: toml.line_of(&[], "workspace"),
            found: "this is the root of a workspace and has no package of its own".into(),
            members: toml.strings(&["workspace", "members"]),
        })
    }

    fn notes_about_retired(&self, specs: &[Spec]) -> Vec<String> {
        let note = |spec: &Spec| {
            let wanted = self.wanted;
            wanted.note_about_retired("Cargo.toml", || spec.line, &spec.package)
        };
        specs.iter().filter_map(note).collect()
    }

    fn note_about_rust_version(&self) -> Option<String> {
        let item = self.toml.item(&["package", "rust-version"])?;
        let number = |text: &str| -> Vec<u32> {
            text.split('.')
                .map(|part| part.parse().unwrap_or(0))
                .collect()
        };
        let asked = item.as_str()?;
        (number(asked) < number(self.wanted.runtime)).then(|| {
            format!(
                "Cargo.toml:{} says Rust {asked}; {} needs Rust {} or later",
                self.toml.line_of(&["package"], "rust-version"),
                self.wanted.package,
                self.wanted.runtime
            )
        })
    }

    /// Cargo builds an example that no manifest names only where it looks for such.
    fn note_about_examples(&self) -> Option<String> {
        let package = ["package", "project"]
            .into_iter()
            .find(|it| self.toml.table(&[it]).is_some())?;
        let looks = self.toml.item(&[package, "autoexamples"])?.as_bool()?;
        let named = self
            .toml
            .item(&["example"])
            .and_then(Item::as_array_of_tables);
        let is_named = named
            .into_iter()
            .flatten()
            .any(|example| example.get("name").and_then(Item::as_str) == Some(EXAMPLE));
        (!looks && !is_named).then(|| {
            format!(
                "Cargo.toml:{} turns autoexamples off, so Cargo finds the example only with: [[example]] name = {EXAMPLE:?}",
                self.toml.line_of(&[package], "autoexamples")
            )
        })
    }

    /// What `spec` comes to with what it inherits, and where its version stands; `None` where the root is not known.
    fn resolved(&self, spec: &Spec) -> Option<(Spec, Place<'_>)> {
        if !spec.inherits {
            return Some((spec.clone(), Place::Here));
        }
        let (base, place) = self.in_root(&spec.name)?;
        let features = [base.features.clone(), spec.features.clone()].concat();
        Some((Spec { features, ..base }, place))
    }

    /// What the workspace's root says about the dependency `name`.
    fn in_root(&self, name: &str) -> Option<(Spec, Place<'_>)> {
        let (toml, place) = match &self.root {
            Root::None => return None,
            Root::Own => (self.toml, Place::Here),
            Root::Other(path, toml) => (toml.as_ref(), Place::Root(path)),
        };
        let offered = Spec::list(toml, &["workspace", "dependencies"], None);
        let spec = offered.into_iter().find(|spec| spec.name == name)?;
        Some((spec, place))
    }

    /// What the root offers under `name`, where this package inherits anything at all.
    fn offered(&self, name: &str) -> Option<Spec> {
        let inherits = |item: &Item| {
            let workspace = item.as_table_like().and_then(|it| it.get("workspace"));
            workspace.and_then(Item::as_bool) == Some(true)
        };
        let package = self.toml.table(&["package"]);
        let of_package = package.is_some_and(|it| it.iter().any(|(_, item)| inherits(item)));
        let of_dependencies = Spec::all(self.toml).iter().any(|spec| spec.inherits);
        if !of_package && !of_dependencies {
            return None;
        }
        let (spec, _) = self.in_root(name)?;
        Some(spec).filter(|spec| spec.package == name)
    }

    /// Whether our package is among the dependencies of programs already, and may stay as it is.
    fn is_present(&self, specs: &[Spec], notes: &mut Vec<String>) -> Result<bool, Refusal> {
        let wanted = self.wanted.package;
        let ours = |list| move |spec: &&Spec| spec.list == Some(list) && spec.package == wanted;
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
    fn admits(&self, spec: &Spec, place: Place, line: usize) -> Result<Option<String>, Refusal> {
        let (wanted, version) = (self.wanted.package, self.wanted.version);
        let (whose, where_to) = match place {
            Place::Here => ("the project already".to_owned(), "in that line".to_owned()),
            Place::Root(path) => (
                format!("{path}:{}, which it inherits,", spec.line),
                format!("in {path}:{}", spec.line),
            ),
        };
        let parts = [self.wanted.parts, self.wanted.or_parts].concat();
        if spec.without_defaults && !spec.features.iter().any(|it| parts.contains(it)) {
            return Err(Refusal::Conflict {
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
            return Err(Refusal::Unparsable {
                line,
                reason: format!("{asked:?} is not a version requirement"),
            });
        };
        if !Version::parse(version).is_ok_and(|version| requirement.matches(&version)) {
            let found = format!("{whose} asks for {wanted} {asked}");
            let is_here = matches!(place, Place::Here);
            if is_here && self.wanted.replaces(asked) {
                return Ok(None);
            }
            if is_here {
                return Err(self
                    .wanted
                    .conflict(line, found, asked, &format!("{version:?}")));
            }
            return Err(Refusal::Conflict {
                line,
                found,
                next: format!("write {version:?} {where_to}, or set up another folder with --dir"),
            });
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
    fn own_member(&self) -> Result<(String, String), Refusal> {
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
        let offered = Spec {
            without_defaults: false,
            ..offered
        };
        let place = match &self.root {
            Root::Other(path, _) => Place::Root(path),
            Root::None | Root::Own => Place::Here,
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

/// Where something stands that a package asks for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place<'a> {
    /// In its own manifest.
    Here,
    /// In the workspace's root, which is shown as this path.
    Root(&'a str),
}

/// Why `name` cannot be a package's name (doc.rust-lang.org/cargo, "The name field"); `None` where it can.
pub fn complaint_about_crate_name(name: &str) -> Option<String> {
    /// Names that clash with Rust's own crates, its keywords and what the example uses.
    const TAKEN: [&str; 48] = [
        "abstract",
        "alloc",
        "as",
        "async",
        "await",
        "become",
        "box",
        "break",
        "const",
        "continue",
        "core",
        "crate",
        "do",
        "dyn",
        "else",
        "enum",
        "extern",
        "final",
        "fn",
        "for",
        "if",
        "impl",
        "in",
        "let",
        "loop",
        "macro",
        "match",
        "mod",
        "move",
        "mut",
        "priv",
        "proc_macro",
        "pub",
        "ref",
        "return",
        "std",
        "static",
        "struct",
        "super",
        "taos",
        "test",
        "tokio",
        "trait",
        "type",
        "unsafe",
        "use",
        "where",
        "while",
    ];
    if name.is_empty() || name.len() > 64 {
        return Some("a package's name has 1 to 64 characters".into());
    }
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
    if let Some(c) = name.chars().find(|c| !allowed(*c)) {
        return Some(format!(
            "a package's name consists of ASCII letters, digits and - _, not {c:?}"
        ));
    }
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return Some("a package's name starts with a letter".into());
    }
    TAKEN
        .contains(&name)
        .then(|| format!("the name {name} means something else in Rust"))
}

#[cfg(test)]
mod tests;
