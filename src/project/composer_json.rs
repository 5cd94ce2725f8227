//! Composer's `composer.json`, read losslessly and spliced (getcomposer.org/doc/04-schema.md). The connector is an extension of PHP,
//! which Composer checks and never installs.

mod order;

use super::edit::{Edit, EditRefusal, Splice};
use super::json_insertion::{JsonStyle, insert};
use super::json_positions::{self, JsonMember, JsonObject};
use super::manifest::ManifestReader;
use super::pins::{Pin, ranged_pin};
use super::requirement::{DependencyList, Requirement};
use super::text;
use crate::message::{Message, message};

/// The indent of Composer's own files.
const INDENT: &str = "    ";

/// The lists in which a package can be named.
const LISTS: [&str; 2] = ["require", "require-dev"];

/// The members before which a new list is put: those that people write behind the lists.
const BEHIND_LISTS: [&str; 9] = [
    "suggest",
    "autoload",
    "autoload-dev",
    "minimum-stability",
    "prefer-stable",
    "repositories",
    "config",
    "scripts",
    "extra",
];

/// The reader of the format.
pub struct ComposerJson;

impl ManifestReader for ComposerJson {
    fn edit(&self, text: &str, requirement: Requirement) -> Result<Edit, EditRefusal> {
        edit(text, requirement)
    }

    fn pins(&self, text: &str, file: &'static str) -> Result<Vec<Pin>, EditRefusal> {
        let package = text::parse_json(text)?;
        let lists = LISTS.iter().filter_map(|it| package.get(it)?.as_object());
        let pin = |(package, range): (&String, &serde_json::Value)| {
            let range = range.as_str()?;
            ranged_pin(package, range, true, file).or_else(|| Some(Pin::open(package, file)))
        };
        Ok(lists.flatten().filter_map(pin).collect())
    }

    fn complaint_about_name(&self, name: &str) -> Option<Message> {
        complaint_about_package_name(name)
    }

    fn has_list(&self, list: DependencyList) -> bool {
        matches!(list, DependencyList::Main | DependencyList::Development)
    }
}

/// Returns the edit that makes `source` require the extension `wanted`. If nothing is wanted (`package` is empty), nothing changes.
fn edit(source: &str, wanted: Requirement) -> Result<Edit, EditRefusal> {
    let root = json_positions::read(source)?;
    let manifest = ComposerEdit {
        source,
        root: &root,
        wanted,
    };
    let mut edit = Edit::default();
    for list in LISTS {
        // A list of another form is reported even if nothing is wanted.
        manifest.list(list)?;
    }
    if wanted.package.is_empty() {
        return Ok(edit);
    }
    let mut found = false;
    for list in LISTS {
        let Some(object) = manifest.list(list)? else {
            continue;
        };
        let Some(member) = manifest.named(&object) else {
            continue;
        };
        let asked = manifest.constraint(member)?;
        if asked.trim() != "*" {
            edit.notes.push(message!(
                "project-stays",
                file = "composer.json",
                line = manifest.line(member),
                package = wanted.package,
                asks = asked
            ));
        }
        if list == "require-dev" && wanted.list == DependencyList::Main {
            edit.notes.push(message!(
                "project-composer-dev",
                line = manifest.line(member),
                package = wanted.package
            ));
        }
        edit.asked.get_or_insert(asked);
        found = true;
    }
    edit.notes.extend(manifest.notes_about_stated()?);
    if !found {
        edit.asked = Some("*".to_owned());
        edit.insertion = Some(manifest.insertion()?);
    }
    Ok(edit)
}

struct ComposerEdit<'a> {
    source: &'a str,
    root: &'a JsonObject,
    wanted: Requirement<'a>,
}

impl ComposerEdit<'_> {
    fn line(&self, member: &JsonMember) -> usize {
        text::line_of(self.source, member.start)
    }

    fn list(&self, name: &str) -> Result<Option<JsonObject>, EditRefusal> {
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

    /// The member of `object` that has the name of the package: Composer does not tell capital letters apart.
    fn named<'o>(&self, object: &'o JsonObject) -> Option<&'o JsonMember> {
        let mut members = object.members.iter();
        members.find(|it| it.key.eq_ignore_ascii_case(self.wanted.package))
    }

    fn constraint(&self, member: &JsonMember) -> Result<String, EditRefusal> {
        json_positions::string(self.source, member.value, member.end).ok_or_else(|| {
            EditRefusal::Unparsable {
                line: self.line(member),
                reason: message!("project-json-version", name = self.wanted.package),
            }
        })
    }

    /// Notes about places that state that the extension is there: Composer then does not look for it.
    fn notes_about_stated(&self) -> Result<Vec<Message>, EditRefusal> {
        let mut notes = Vec::new();
        for path in [&["config", "platform"][..], &["provide"], &["replace"]] {
            let mut object = Some(self.root.clone());
            for name in path {
                let member = object.as_ref().and_then(|it| it.member(name)).cloned();
                object = match member {
                    Some(member) => json_positions::object(self.source, member.value)?,
                    None => None,
                };
            }
            if let Some(member) = object.as_ref().and_then(|it| self.named(it)) {
                notes.push(message!(
                    "project-composer-stated",
                    line = self.line(member),
                    list = path.join("."),
                    package = self.wanted.package
                ));
            }
        }
        Ok(notes)
    }

    /// Whether the project keeps its lists sorted.
    fn sorts_packages(&self) -> bool {
        let body = &self.source[text::byte_order_mark(self.source).len()..];
        let package: serde_json::Value = serde_json::from_str(body).unwrap_or_default();
        package.pointer("/config/sort-packages") == Some(&serde_json::Value::Bool(true))
    }

    fn insertion(&self) -> Result<Splice, EditRefusal> {
        let style = JsonStyle::of(self.source, self.root, INDENT);
        let package = self.wanted.package;
        let entry = style.member(package, "\"*\"");
        let name = match self.wanted.list {
            DependencyList::Development => "require-dev",
            DependencyList::Main | DependencyList::Group(_) | DependencyList::Extra(_) => "require",
        };
        let sorts = self.sorts_packages();
        if let Some(list) = self.list(name)? {
            return Ok(insert(self.source, &style, &list, &entry, |members| {
                order::place(members.iter().map(|it| it.key.as_str()), package, sorts)
            }));
        }
        let list = if style.is_multi_line {
            let (unit, ending) = (&style.unit, style.ending);
            format!("{{{ending}{unit}{unit}{entry}{ending}{unit}}}")
        } else {
            format!("{{{entry}}}")
        };
        let list = style.member(name, &list);
        Ok(insert(self.source, &style, self.root, &list, |members| {
            let is_behind = |it: &JsonMember| {
                BEHIND_LISTS.contains(&it.key.as_str())
                    || name == "require" && it.key == "require-dev"
            };
            members.iter().position(is_behind).unwrap_or(members.len())
        }))
    }
}

/// Returns why `name` cannot be a package's name (getcomposer.org/doc/04-schema.md, "name"); `None` if it can. A name without a vendor
/// gets one.
fn complaint_about_package_name(name: &str) -> Option<Message> {
    if name.is_empty() || name.len() > 100 {
        return Some(message!("project-name-length", most = 100));
    }
    let is_part = |part: &str| {
        let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        part.starts_with(allowed)
            && part.ends_with(allowed)
            && part.chars().all(|c| allowed(c) || "-_.".contains(c))
            && !["..", "--", "__", "._", "_.", ".-", "-.", "_-", "-_"]
                .iter()
                .any(|it| part.contains(it))
    };
    let mut parts = name.split('/');
    let is_name = parts.by_ref().take(2).all(is_part) && parts.next().is_none();
    (!is_name).then(|| message!("project-composer-name"))
}

#[cfg(test)]
mod tests;
