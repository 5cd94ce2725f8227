//! What a project decides about registries and toolchains, read without following links: other people's files, of any size and kind.

use std::collections::BTreeMap;

use super::recipe::{ExcerptKind, ExcerptRule, ProbeTool};
use crate::error::Error;
use crate::message::{Message, message};
use crate::project::excerpt::{
    ScriptLanguage, option_lines, repositories, toml_values, xml_elements,
};
use crate::project::files::ProjectRoot;

/// The largest file that is copied, in bytes: a wrapper's jar, a release of Yarn.
const LARGEST: u64 = 16 << 20;
/// The most files that are copied.
const MOST: usize = 40;

/// A project's settings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RegistrySettings {
    /// Files to copy, by their paths.
    pub files: BTreeMap<String, Vec<u8>>,
    /// Parts of other files, by the names that templates have for them; each is there, empty if the project has none.
    pub excerpts: BTreeMap<String, String>,
}

impl RegistrySettings {
    /// Reads those that `tool` uses from `project`; without one, all are empty. Notes are about what cannot be read.
    pub fn read(project: Option<&ProjectRoot>, tool: &ProbeTool) -> (Self, Vec<Message>) {
        let mut settings = Self::default();
        let mut notes = Vec::new();
        let names = tool.excerpt.iter().map(|rule| rule.name.clone());
        settings.excerpts = names.map(|name| (name, String::new())).collect();
        let Some(project) = project else {
            return (settings, notes);
        };
        for path in tool.copied.iter().flat_map(|it| paths(project, it)) {
            if settings.files.len() >= MOST {
                break;
            }
            match project.read_at_most(&path, LARGEST) {
                Ok(Some(bytes)) => drop(settings.files.insert(path, bytes)),
                Ok(None) => {}
                Err(error) => notes.push(skipped(&path, &error)),
            }
        }
        for rule in &tool.excerpt {
            match project.read(&rule.file) {
                Ok(Some(bytes)) => {
                    let text = excerpt(rule, &String::from_utf8_lossy(&bytes));
                    let kept = settings.excerpts.entry(rule.name.clone()).or_default();
                    *kept = join(kept, &text);
                }
                Ok(None) => {}
                Err(error) => notes.push(skipped(&rule.file, &error)),
            }
        }
        (settings, notes)
    }
}

fn skipped(file: &str, error: &Error) -> Message {
    message!(
        "application-settings-skipped",
        file = file,
        why = error.observed.clone()
    )
}

fn join(before: &str, text: &str) -> String {
    match before.is_empty() {
        true => text.to_owned(),
        false => format!("{before}\n{text}"),
    }
}

/// The paths that `pattern` names: itself, or all files of a directory.
fn paths(project: &ProjectRoot, pattern: &str) -> Vec<String> {
    match pattern.strip_suffix("/*") {
        None => vec![pattern.to_owned()],
        Some(directory) => {
            let inner = |name: &String| project.names_in(&format!("{directory}/{name}")).is_empty();
            let names = project.names_in(directory).into_iter().filter(inner);
            names
                .take(MOST)
                .map(|name| format!("{directory}/{name}"))
                .collect()
        }
    }
}

fn excerpt(rule: &ExcerptRule, text: &str) -> String {
    match rule.kind {
        ExcerptKind::Xml => xml_elements(text, &rule.keys),
        ExcerptKind::Toml => toml_values(text, &rule.keys),
        ExcerptKind::Options => option_lines(text, &rule.keys),
        ExcerptKind::Gradle => repositories(text, ScriptLanguage::Groovy),
        ExcerptKind::GradleKts => repositories(text, ScriptLanguage::Kotlin),
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests;
