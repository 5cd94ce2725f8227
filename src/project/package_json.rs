//! npm's `package.json`, read losslessly and spliced (docs.npmjs.com, "package.json").

mod alias;
mod catalogs;
mod order;
mod overrides;
mod workspaces;

use super::edit::{Edit, EditRefusal, FileEdit, Splice};
use super::json_insertion::{JsonStyle, insert};
use super::json_positions::{self, JsonMember, JsonObject};
use super::manifest::ManifestReader;
use super::npm_range;
use super::pins::{Pin, ranged_pin};
use super::requirement::{AskedVersions, DependencyList, Requirement};
use super::text;
use crate::message::{Message, message};
use catalogs::SharedVersion;

/// The reader of the format.
pub struct PackageJson;

impl ManifestReader for PackageJson {
    fn edit(&self, text: &str, requirement: Requirement) -> Result<Edit, EditRefusal> {
        edit(text, requirement)
    }

    fn pins(&self, text: &str, file: &'static str) -> Result<Vec<Pin>, EditRefusal> {
        pins(text, file)
    }

    fn complaint_about_name(&self, name: &str) -> Option<Message> {
        complaint_about_package_name(name)
    }

    fn without_first_retired<'a>(
        &self,
        text: &str,
        retired: &[&'a str],
    ) -> Result<Option<(&'a str, String)>, EditRefusal> {
        without_retired(text, retired)
    }

    fn parents(&self, text: &str) -> Vec<String> {
        workspaces::workspace_roots(text)
    }

    fn is_parent(&self, path: &str, text: &str, member: &str) -> bool {
        workspaces::counts_member(path, text, member)
    }

    fn workspace_file(&self, _has_manifest: bool) -> Option<&'static str> {
        Some(workspaces::PNPM)
    }

    fn workspace_members(&self, text: &str) -> Vec<String> {
        workspaces::pnpm_patterns(text)
    }

    fn includes(&self, text: &str) -> Vec<String> {
        // The settings of pnpm, even if the project is not a workspace.
        let names_catalog = text.contains("\"catalog:");
        names_catalog
            .then(|| workspaces::PNPM.to_owned())
            .into_iter()
            .collect()
    }

    fn has_list(&self, list: DependencyList) -> bool {
        matches!(list, DependencyList::Main | DependencyList::Development)
    }

    fn package_manager(&self, text: &str) -> Option<String> {
        workspaces::package_manager(text)
    }

    fn admits(&self, asked: &str, version: &str) -> bool {
        admits(asked, version)
    }
}

/// Whether the range `asked` lets `version` through; what is not a range does not.
fn admits(asked: &str, version: &str) -> bool {
    npm_range::admits(asked, version) == Some(true)
}

/// The lists in which a package can be named, with ours first.
const SECTIONS: [&str; 4] = [
    "dependencies",
    "optionalDependencies",
    "devDependencies",
    "peerDependencies",
];

/// The edit that makes `source` depend on `wanted` at exactly its version. A list that is sorted stays sorted. Where
/// nothing is wanted (`package` is empty), only what is retired is named.
fn edit(source: &str, wanted: Requirement) -> Result<Edit, EditRefusal> {
    let root = json_positions::read(source)?;
    let package = PackageEdit {
        source,
        root: &root,
        wanted,
    };
    package.refuse_workspaces()?;
    let mut edit = Edit {
        notes: package.notes_about_retired()?,
        ..Edit::default()
    };
    if wanted.package.is_empty() {
        return Ok(edit);
    }
    let mut found = false;
    for section in SECTIONS {
        let Some(list) = package.section(section)? else {
            continue;
        };
        let aliased = alias::members(source, &list, wanted.package);
        for member in aliased {
            package.settle_alias(&member, &mut edit)?;
            found |= section != "peerDependencies";
        }
        let Some(member) = list.member(wanted.package) else {
            continue;
        };
        let reference = json_positions::string(source, member.value, member.end);
        if reference.as_deref().is_some_and(alias::is_alias) {
            if !alias::names(reference.as_deref().unwrap_or_default(), wanted.package) {
                edit.notes.extend(package.stays(member)?);
            }
            found |= section != "peerDependencies";
            continue;
        }
        if let Some(version) = reference.and_then(|it| catalogs::find(&it, wanted)) {
            package.settle_catalog(member, version, &mut edit)?;
            edit.asked = json_positions::string(source, member.value, member.end);
            found |= section != "peerDependencies";
            continue;
        }
        match package.stays(member) {
            Ok(note) => edit.notes.extend(note),
            Err(conflict) => edit
                .replacements
                .push(package.upgrade(member).ok_or(conflict)?),
        }
        edit.asked = json_positions::string(source, member.value, member.end);
        if section == "devDependencies" && wanted.list == DependencyList::Main {
            edit.notes.push(message!(
                "project-npm-dev",
                line = package.line(member),
                package = wanted.package
            ));
        }
        // A peer is what others are to install.
        found |= section != "peerDependencies";
    }
    edit.notes.extend(package.overrides());
    if let Some(replacement) = edit.replacements.last() {
        let written: Option<String> = serde_json::from_str(&replacement.text).ok();
        edit.asked = written.filter(|it| !alias::is_alias(it));
    }
    if !found {
        edit.asked = Some(package.added_range());
        edit.insertion = Some(package.insertion()?);
    }
    Ok(edit)
}

/// Returns the packages of all lists, those for programs first.
fn pins(source: &str, file: &'static str) -> Result<Vec<Pin>, EditRefusal> {
    let package = text::parse_json(source)?;
    let lists = SECTIONS
        .iter()
        .filter_map(|it| package.get(it)?.as_object());
    let pin = |(package, range): (&String, &serde_json::Value)| {
        let range = range.as_str()?;
        let (package, range) = alias::target(range).unwrap_or((package, range));
        ranged_pin(package, range, true, file).or_else(|| Some(Pin::open(package, file)))
    };
    Ok(lists.flatten().filter_map(pin).collect())
}

/// The first member of a list that names a package among `retired`: the package, and `source` without it.
fn without_retired<'a>(
    source: &str,
    retired: &[&'a str],
) -> Result<Option<(&'a str, String)>, EditRefusal> {
    let root = json_positions::read(source)?;
    for section in SECTIONS {
        let Some(list) = root.member(section) else {
            continue;
        };
        let Some(list) = json_positions::object(source, list.value)? else {
            continue;
        };
        for (index, member) in list.members.iter().enumerate() {
            let Some(name) = retired.iter().find(|name| **name == member.key) else {
                continue;
            };
            // With the comma before it, else the one after it, else with the white space around it.
            let previous = index.checked_sub(1).and_then(|it| list.members.get(it));
            let range = match (previous, list.members.get(index + 1)) {
                (Some(previous), _) => previous.end..member.end,
                (None, Some(next)) => member.start..next.start,
                (None, None) => list.opening + 1..list.closing,
            };
            let mut new = source.to_owned();
            new.replace_range(range, "");
            return Ok(Some((name, new)));
        }
    }
    Ok(None)
}

struct PackageEdit<'a> {
    source: &'a str,
    root: &'a JsonObject,
    wanted: Requirement<'a>,
}

impl PackageEdit<'_> {
    fn line(&self, member: &JsonMember) -> usize {
        text::line_of(self.source, member.start)
    }

    fn section(&self, name: &str) -> Result<Option<JsonObject>, EditRefusal> {
        let Some(member) = self.root.member(name) else {
            return Ok(None);
        };
        match json_positions::object(self.source, member.value)? {
            Some(object) => Ok(Some(object)),
            None => Err(EditRefusal::Unparsable {
                line: self.line(member),
                reason: message!("project-json-not-object", name = name),
            }),
        }
    }

    fn refuse_workspaces(&self) -> Result<(), EditRefusal> {
        let Some(member) = self.root.member("workspaces") else {
            return Ok(());
        };
        let text = text::byte_order_mark(self.source).len();
        let package = serde_json::from_str(&self.source[text..]).unwrap_or_default();
        let members = workspaces::patterns(&package);
        if members.is_empty() {
            return Ok(());
        }
        Err(EditRefusal::Aggregator {
            line: self.line(member),
            found: message!("project-workspace-root"),
            members,
        })
    }

    /// Whether `member`, which is ours, can stay: a note, or a conflict.
    fn stays(&self, member: &JsonMember) -> Result<Option<Message>, EditRefusal> {
        let line = self.line(member);
        let name = self.wanted.package;
        let Some(asked) = json_positions::string(self.source, member.value, member.end) else {
            return Err(EditRefusal::Unparsable {
                line,
                reason: message!("project-json-version", name = name),
            });
        };
        let place = ("package.json", line);
        self.settle_text(place, &asked, &format!("{:?}", self.wanted.version))
    }

    /// Whether what `place` asks of our package can stay: a note, or a conflict. `ours` is the text to write instead.
    fn settle_text(
        &self,
        place: (&str, usize),
        asked: &str,
        ours: &str,
    ) -> Result<Option<Message>, EditRefusal> {
        let name = self.wanted.package;
        if ["latest", "*", "x", ""].contains(&asked.trim()) {
            let shown = if asked.trim().is_empty() { "*" } else { asked };
            return self.wanted.settle_newest(place, shown).map(Some);
        }
        let versions = self.versions(asked);
        match npm_range::admits(asked, self.wanted.version) {
            Some(true) if npm_range::is_exact(asked) => Ok(None),
            Some(true) | None => self.wanted.settle_range(place, versions, ours).map(Some),
            Some(false) => {
                let found = message!("project-asks", package = name, asked = asked);
                self.wanted.settle(place, found, versions, ours).map(Some)
            }
        }
    }

    fn versions<'t>(&'t self, asked: &'t str) -> AskedVersions<'t> {
        self.wanted.asked(asked, |version| admits(asked, version))
    }

    /// Our version in place of `asked`, with its operator `^` or `~` if that lets through only what works; `None` if `asked` stays.
    fn replacement(&self, asked: &str) -> Option<String> {
        let versions = self.versions(asked);
        let is_admitted = admits(asked, self.wanted.version);
        let is_replaced = if is_admitted {
            self.wanted.replaces_range(versions)
        } else {
            self.wanted.replaces(versions)
        };
        if !is_replaced {
            return None;
        }
        let operator = asked.get(..1).filter(|it| ["^", "~"].contains(it));
        let one = !asked.trim().contains(char::is_whitespace) && !asked.contains("||");
        let operator = operator.filter(|_| one).unwrap_or_default();
        Some(self.wanted.with_operator(operator, "", admits))
    }

    /// Our version in place of the older one that `member` asks for; the operators `^` and `~` stay. `None` where it may not.
    fn upgrade(&self, member: &JsonMember) -> Option<Splice> {
        let asked = json_positions::string(self.source, member.value, member.end)?;
        Some(Splice {
            at: member.value,
            removes: member.end - member.value,
            text: format!("{:?}", self.replacement(&asked)?),
        })
    }

    /// Decides about `member`, which installs our package under its own name: a note, an upgrade, or a conflict.
    fn settle_alias(&self, member: &JsonMember, edit: &mut Edit) -> Result<(), EditRefusal> {
        let line = self.line(member);
        let value = json_positions::string(self.source, member.value, member.end);
        let value = value.unwrap_or_default();
        let (package, asked) = alias::target(&value).unwrap_or_default();
        edit.asked = None;
        if member.key != self.wanted.package {
            edit.notes.push(message!(
                "project-npm-alias",
                line = line,
                package = package,
                name = member.key
            ));
        }
        if let Some(ours) = self.replacement(asked) {
            edit.replacements.push(Splice {
                at: member.value,
                removes: member.end - member.value,
                text: format!("{:?}", alias::named(package, &ours)),
            });
            return Ok(());
        }
        let ours = format!("{:?}", alias::named(package, self.wanted.version));
        edit.notes
            .extend(self.settle_text(("package.json", line), asked, &ours)?);
        Ok(())
    }

    /// Decides about `version` of a catalog: a note, an edit of the catalog's file, or a conflict.
    fn settle_catalog(
        &self,
        member: &JsonMember,
        version: SharedVersion,
        edit: &mut Edit,
    ) -> Result<(), EditRefusal> {
        let SharedVersion {
            file,
            line,
            text,
            at,
        } = version;
        let wanted = self.wanted;
        if let Some(ours) = self.replacement(&text) {
            let splice = Splice {
                at,
                removes: text.len(),
                text: ours,
            };
            let known = edit
                .elsewhere
                .iter()
                .any(|it| it.path == file && it.splices.contains(&splice));
            if !known {
                edit.elsewhere.push(FileEdit {
                    path: file,
                    splices: vec![splice],
                });
            }
            return Ok(());
        }
        let note = self
            .settle_text((&file, line), &text, wanted.version)
            .map_err(|refusal| refusal.elsewhere(self.line(member), &file))?;
        edit.notes.extend(note);
        Ok(())
    }

    /// What the manifest asks of our package if it is added: a range in a library, so that its users can have one version of it.
    fn added_range(&self) -> String {
        let has = |name: &str| self.root.member(name).is_some();
        let is_private = self
            .root
            .member("private")
            .is_some_and(|it| self.source.get(it.value..it.end) == Some("true"));
        let is_library = !is_private && ["main", "module", "exports", "types"].into_iter().any(has);
        let is_published = is_library && self.wanted.list == DependencyList::Main;
        let operator = if is_published { "^" } else { "" };
        self.wanted.with_operator(operator, "", admits)
    }

    fn notes_about_retired(&self) -> Result<Vec<Message>, EditRefusal> {
        let mut notes = Vec::new();
        for section in SECTIONS {
            let Some(list) = self.section(section)? else {
                continue;
            };
            for member in &list.members {
                let line = || self.line(member);
                let wanted = self.wanted;
                notes.extend(wanted.note_about_retired("package.json", line, &member.key));
            }
        }
        Ok(notes)
    }

    /// Notes about what overrides the version.
    fn overrides(&self) -> Vec<Message> {
        let mut notes = Vec::new();
        for path in [&["overrides"][..], &["resolutions"], &["pnpm", "overrides"]] {
            let list = path.iter().try_fold(self.root.clone(), |object, name| {
                json_positions::object(self.source, object.member(name)?.value).ok()?
            });
            let lines = list.map(|list| overrides::lines(self.source, &list, self.wanted.package));
            notes.extend(lines.into_iter().flatten().map(|line| {
                message!(
                    "project-npm-override",
                    line = line,
                    package = self.wanted.package,
                    list = path.join(".")
                )
            }));
        }
        notes
    }

    fn insertion(&self) -> Result<Splice, EditRefusal> {
        let style = JsonStyle::of(self.source, self.root, "  ");
        let entry = style.member(self.wanted.package, &format!("{:?}", self.added_range()));
        let section = match self.wanted.list {
            DependencyList::Development => "devDependencies",
            DependencyList::Main | DependencyList::Group(_) | DependencyList::Extra(_) => {
                "dependencies"
            }
        };
        if let Some(list) = self.section(section)? {
            return Ok(insert(self.source, &style, &list, &entry, |members| {
                order::place(
                    members.iter().map(|it| it.key.as_str()),
                    self.wanted.package,
                )
            }));
        }
        let list = if style.is_multi_line {
            let unit = &style.unit;
            let ending = style.ending;
            format!("{{{ending}{unit}{unit}{entry}{ending}{unit}}}")
        } else {
            format!("{{{entry}}}")
        };
        let list = style.member(section, &list);
        // Before the other lists, where people look for it, else last, as npm does.
        Ok(insert(self.source, &style, self.root, &list, |members| {
            members
                .iter()
                .position(|it| section == "dependencies" && SECTIONS.contains(&it.key.as_str()))
                .unwrap_or(members.len())
        }))
    }
}

/// Why `name` cannot be a package's name (docs.npmjs.com, "package.json", "name"); `None` where it can.
fn complaint_about_package_name(name: &str) -> Option<Message> {
    if name.is_empty() || name.len() > 214 {
        return Some(message!("project-name-length", most = 214));
    }
    let bare = match name.strip_prefix('@') {
        None => name,
        Some(scoped) => match scoped.split_once('/') {
            Some((scope, bare)) if !scope.is_empty() && !scope.starts_with(['.', '_']) => bare,
            _ => return Some(message!("project-npm-scope")),
        },
    };
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_.~".contains(c);
    let mut scope_and_name = name.trim_start_matches('@').chars();
    if let Some(c) = scope_and_name.find(|c| !(allowed(*c) || *c == '/' && name.starts_with('@'))) {
        return Some(message!("project-npm-characters", found = c));
    }
    if bare.is_empty() || bare.starts_with(['.', '_', '-']) || bare.contains('/') {
        return Some(message!("project-npm-start"));
    }
    if matches!(bare, "node_modules" | "favicon.ico") {
        return Some(message!("project-name-reserved", tool = "npm", name = bare));
    }
    None
}

#[cfg(test)]
mod tests;
