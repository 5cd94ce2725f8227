//! LuaRocks' rockspecs, read losslessly and spliced: Lua that assigns variables, of which the table `dependencies` is the list of rocks
//! (github.com/luarocks/luarocks/wiki/Rockspec-format).

mod dependency;
mod statements;
mod table;

use super::edit::{Edit, EditRefusal, Splice};
use super::lua_source::LuaSource;
use super::manifest::ManifestReader;
use super::pins::{Pin, ranged_pin};
use super::requirement::Requirement;
use super::text;
use crate::message::{Message, message};
use dependency::RockDependency;
use statements::{Assignment, RockspecStatements};
use table::{DependencyEntry, DependencyTable};

/// The end of a rockspec's name.
pub const ROCKSPEC_ENDING: &str = ".rockspec";

/// The variable that holds the list.
const LIST: &str = "dependencies";

/// The reader of the format.
pub struct Rockspec;

impl ManifestReader for Rockspec {
    fn edit(&self, text: &str, requirement: Requirement) -> Result<Edit, EditRefusal> {
        let source = LuaSource::read(text)?;
        let manifest = RockspecEdit::read(&source, requirement)?;
        manifest.edit()
    }

    fn pins(&self, text: &str, file: &'static str) -> Result<Vec<Pin>, EditRefusal> {
        let source = LuaSource::read(text)?;
        let statements = statements::read(&source, LIST)?;
        let Some(list) = list(&source, &statements) else {
            return Ok(Vec::new());
        };
        let table = DependencyTable::read(&source, &list.value);
        let entries = table.into_iter().flat_map(|it| it.entries);
        let pins = entries.filter_map(|entry| {
            let dependency = dependency::read(source.value(entry.text?)?)?;
            let RockDependency { name, constraints } = dependency;
            let pin = ranged_pin(&name, constraints, true, file);
            Some(
                pin.filter(|_| entry.is_whole)
                    .unwrap_or_else(|| Pin::open(&name, file)),
            )
        });
        Ok(pins.collect())
    }

    fn admits(&self, asked: &str, version: &str) -> bool {
        dependency::admits(asked, version)
    }

    fn complaint_about_name(&self, name: &str) -> Option<Message> {
        let is_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_.".contains(c);
        if name.is_empty() || name.len() > 100 {
            return Some(message!("project-name-length", most = 100));
        }
        let has_start = name.starts_with(|c: char| c.is_ascii_alphanumeric());
        (!has_start || !name.chars().all(is_name)).then(|| message!("project-rockspec-name"))
    }
}

/// The assignment of the list, the last one: it is what counts.
fn list<'s>(source: &LuaSource, statements: &'s RockspecStatements) -> Option<&'s Assignment> {
    let mut assignments = statements.assignments.iter().rev();
    assignments.find(|it| source.is(it.name, LIST))
}

struct RockspecEdit<'a> {
    source: &'a LuaSource<'a>,
    statements: RockspecStatements,
    table: Option<DependencyTable>,
    wanted: Requirement<'a>,
}

impl<'a> RockspecEdit<'a> {
    fn read(source: &'a LuaSource<'a>, wanted: Requirement<'a>) -> Result<Self, EditRefusal> {
        let statements = statements::read(source, LIST)?;
        if let Some(other) = statements.others.first() {
            return Err(EditRefusal::unparsable(
                source.line(*other),
                message!("project-rockspec-not-plain"),
            ));
        }
        let mut lists = statements.assignments.iter();
        let mut lists = lists.by_ref().filter(|it| source.is(it.name, LIST));
        let first = lists.next();
        if let Some(second) = lists.next() {
            return Err(EditRefusal::unparsable(
                source.line(second.name),
                message!("project-rockspec-twice"),
            ));
        }
        let table = match first {
            None => None,
            Some(list) => {
                let table = DependencyTable::read(source, &list.value);
                let refusal = || {
                    EditRefusal::unparsable(
                        source.line(list.name),
                        message!("project-rockspec-not-plain"),
                    )
                };
                Some(table.ok_or_else(refusal)?)
            }
        };
        Ok(Self {
            source,
            statements,
            table,
            wanted,
        })
    }

    fn edit(&self) -> Result<Edit, EditRefusal> {
        let mut edit = Edit::default();
        if self.wanted.package.is_empty() {
            return Ok(edit);
        }
        let mut missing = Vec::new();
        let ours = format!(">= {}", self.wanted.version);
        match self.find(self.wanted.package) {
            Some((entry, dependency)) => self.settle(&mut edit, entry, &dependency, &ours)?,
            None => {
                missing.push(format!("{} {ours}", self.wanted.package));
                edit.asked = Some(ours);
            }
        }
        let companions = self.wanted.companions.iter();
        let companions = companions.filter(|it| self.find(&it.package).is_none());
        missing.extend(companions.map(|it| format!("{} {}", it.package, it.version)));
        if !missing.is_empty() {
            let (insertion, separator) = self.insertion(&missing);
            edit.insertion = Some(insertion);
            edit.replacements.extend(separator);
        }
        Ok(edit)
    }

    fn find(&self, name: &str) -> Option<(&DependencyEntry, RockDependency<'_>)> {
        self.table.as_ref()?.named(self.source, name)
    }

    /// Decides about `entry`, which is there and asks for `dependency`.
    fn settle(
        &self,
        edit: &mut Edit,
        entry: &DependencyEntry,
        dependency: &RockDependency,
        ours: &str,
    ) -> Result<(), EditRefusal> {
        let wanted = self.wanted;
        let asks = dependency.constraints;
        edit.asked = Some(asks.to_owned());
        let line = self.source.line(entry.tokens.start);
        if !entry.is_whole {
            let tokens = &self.source.tokens[entry.tokens.clone()];
            let range = tokens.first().zip(tokens.last());
            let range = range.map_or(0..0, |(first, last)| first.start..last.end);
            edit.notes.push(message!(
                "project-stays",
                file = wanted.file,
                line = line,
                package = wanted.package,
                asks = self.source.text[range].to_owned()
            ));
            return Ok(());
        }
        if asks.is_empty() || dependency::admits(asks, wanted.version) {
            return Ok(());
        }
        let versions = wanted.asked(asks, |it| dependency::admits(asks, it));
        let replacement = format!("{} {ours}", wanted.package);
        if wanted.replaces(versions)
            && let Some(text) = entry.text
        {
            let token = &self.source.tokens[text];
            let quote = if self.source.word(text).starts_with('\'') {
                "'"
            } else {
                "\""
            };
            edit.replacements.push(Splice {
                at: token.start,
                removes: token.end - token.start,
                text: format!("{quote}{replacement}{quote}"),
            });
            edit.asked = Some(ours.to_owned());
            return Ok(());
        }
        let what = Message::quoted(asks);
        let depends = message!("project-depends", artifact = wanted.package, what = what);
        let note = wanted.settle((wanted.file, line), depends, versions, &replacement)?;
        edit.notes.push(note);
        Ok(())
    }

    /// The splices that make the file name `missing`.
    fn insertion(&self, missing: &[String]) -> (Splice, Option<Splice>) {
        if let Some(table) = &self.table {
            return table.insertion(self.source, missing);
        }
        let text = self.source.text;
        let ending = text::dominant_ending(text);
        let table = table::new_table(text, missing);
        let insert = |at: usize, text: String| {
            let removes = 0;
            (Splice { at, removes, text }, None)
        };
        let mut assignments = self.statements.assignments.iter();
        // Before `build`, as in LuaRocks' own rockspecs; else behind all.
        let next = assignments.find(|it| self.source.is(it.name, "build"));
        let next = next.map(|it| it.name);
        let previous = next.unwrap_or(self.source.tokens.len()).checked_sub(1);
        let Some(previous) = previous else {
            return match next {
                Some(next) => {
                    let start = self.source.tokens[next].start;
                    insert(start, format!("{table}{ending}{ending}"))
                }
                None if text.is_empty() || text.ends_with(['\n', '\u{feff}']) => {
                    insert(text.len(), format!("{table}{ending}"))
                }
                None => insert(text.len(), format!("{ending}{table}")),
            };
        };
        let at = table::behind_comments(self.source, self.source.tokens[previous].end);
        let next_start = next.map_or(text.len(), |it| self.source.tokens[it].start);
        if next.is_some() && !text[at..next_start].contains('\n') {
            return insert(next_start, format!("{table}{ending}"));
        }
        insert(at, format!("{ending}{ending}{table}"))
    }
}

#[cfg(test)]
mod tests;
