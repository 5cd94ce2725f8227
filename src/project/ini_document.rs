//! Files of sections with settings, read as unixODBC reads them, which differs from other readers: the first of two sections of one name
//! counts, names are compared without regard to case, `;` and `#` begin a comment only at the start of a line, quotes are a part of a
//! value, and a file with anything but comments before its first section is not read at all (tried with unixODBC 2.3.11).

use super::edit::{EditRefusal, Splice};
use super::text::{self, TextLine};
use crate::message::message;

/// A file of sections.
#[derive(Debug)]
pub struct IniDocument<'a> {
    source: &'a str,
    lines: Vec<TextLine<'a>>,
    sections: Vec<IniSection<'a>>,
}

/// A section: `[name]` and the settings below it.
#[derive(Debug)]
pub struct IniSection<'a> {
    /// Its name, without blanks around it.
    pub name: &'a str,
    /// The index of its line.
    header: usize,
    settings: Vec<IniSetting<'a>>,
}

/// A setting: `name = value`.
#[derive(Clone, Copy, Debug)]
pub struct IniSetting<'a> {
    /// Its name, without blanks around it.
    pub name: &'a str,
    /// Its value, without blanks around it; empty if the line has no `=`.
    pub value: &'a str,
    /// The index of its line.
    line: usize,
    /// The offset of the value.
    value_at: usize,
}

impl<'a> IniDocument<'a> {
    /// Reads `source`.
    ///
    /// # Errors
    /// The first line that stands before every section and is not a comment.
    pub fn read(source: &'a str) -> Result<Self, EditRefusal> {
        let lines = text::lines(source);
        let mut sections: Vec<IniSection> = Vec::new();
        for (index, line) in lines.iter().enumerate() {
            let body = line.body.trim();
            if body.is_empty() || body.starts_with([';', '#']) {
                continue;
            }
            if let Some(rest) = body.strip_prefix('[') {
                sections.push(IniSection {
                    name: rest.split(']').next().unwrap_or_default().trim(),
                    header: index,
                    settings: Vec::new(),
                });
                continue;
            }
            let Some(section) = sections.last_mut() else {
                return Err(EditRefusal::unparsable(
                    line.number,
                    message!("project-ini-no-section"),
                ));
            };
            section.settings.push(IniSetting::of(index, line));
        }
        Ok(Self {
            source,
            lines,
            sections,
        })
    }

    /// Returns the sections that count: the first of each name.
    pub fn sections(&self) -> impl Iterator<Item = &IniSection<'a>> {
        let is_first = |(index, section): &(usize, &IniSection)| {
            let mut before = self.sections[..*index].iter();
            !before.any(|it| it.name.eq_ignore_ascii_case(section.name))
        };
        let all = self.sections.iter().enumerate().filter(is_first);
        all.map(|(_, section)| section)
    }

    /// Returns the section `name` that counts.
    pub fn section(&self, name: &str) -> Option<&IniSection<'a>> {
        let mut all = self.sections.iter();
        all.find(|it| it.name.eq_ignore_ascii_case(name))
    }

    /// Returns the number of the line, from 1, in which `section` begins.
    pub fn line(&self, section: &IniSection) -> usize {
        self.lines[section.header].number
    }

    /// Returns the number of the line, from 1, of `setting`.
    pub fn line_of_setting(&self, setting: &IniSetting) -> usize {
        self.lines[setting.line].number
    }

    /// Returns the splice that adds the section `[name]` with `settings` behind everything else.
    pub fn add_section(&self, name: &str, settings: &[(&str, &str)]) -> Splice {
        let equals = self.equals();
        let mut added = vec![format!("[{name}]")];
        added.extend(
            settings
                .iter()
                .map(|(name, value)| format!("{name}{equals}{value}")),
        );
        let last = self.lines.last();
        if last.is_some_and(|line| !line.body.trim().is_empty()) {
            added.insert(0, String::new());
        }
        let added: Vec<_> = added.iter().map(String::as_str).collect();
        text::insert_after(self.source, last, &added)
    }

    /// Returns the splice that adds the setting `name` with `value` to `section`, behind its others.
    pub fn add_setting(&self, section: &IniSection, name: &str, value: &str) -> Splice {
        let last = section.settings.last();
        let line = &self.lines[last.map_or(section.header, |setting| setting.line)];
        let indent = last.map_or("", |_| line.indent());
        let added = format!("{indent}{name}{}{value}", self.equals());
        text::insert_after(self.source, Some(line), &[&added])
    }

    /// Returns the equals sign with the blanks around it that the last setting has.
    fn equals(&self) -> &'a str {
        let mut settings = self.sections.iter().flat_map(|it| &it.settings).rev();
        let found = settings.find_map(|setting| {
            let line = &self.lines[setting.line];
            // An empty value says nothing of the blanks before it.
            let is_told = !setting.value.is_empty();
            let start = line.start + line.indent().len() + setting.name.len();
            is_told
                .then(|| self.source.get(start..setting.value_at))
                .flatten()
        });
        found.unwrap_or(" = ")
    }
}

impl<'a> IniSection<'a> {
    /// Returns the first setting `name`.
    pub fn setting(&self, name: &str) -> Option<&IniSetting<'a>> {
        let mut all = self.settings.iter();
        all.find(|it| it.name.eq_ignore_ascii_case(name))
    }

    /// Returns the value of the first setting `name`, if it is not empty.
    pub fn value(&self, name: &str) -> Option<&'a str> {
        let setting = self.setting(name)?;
        Some(setting.value).filter(|value| !value.is_empty())
    }

    /// Returns its settings, in the order of the file.
    pub fn settings(&self) -> &[IniSetting<'a>] {
        &self.settings
    }
}

impl<'a> IniSetting<'a> {
    fn of(index: usize, line: &TextLine<'a>) -> Self {
        let (name, value) = line.body.split_once('=').unwrap_or((line.body, ""));
        let trimmed = value.trim();
        let before = line.body.len() - value.len() + (value.len() - value.trim_start().len());
        Self {
            name: name.trim(),
            value: trimmed,
            line: index,
            value_at: line.start + before,
        }
    }

    /// Returns the splice that replaces the value with `value`.
    pub fn replace(&self, value: &str) -> Splice {
        Splice {
            at: self.value_at,
            removes: self.value.len(),
            text: value.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests;
