//! R scripts, which load their packages with `library()`. A project without a `DESCRIPTION` has no other list of them. Nothing is inserted:
//! where a script loads what is its author's choice, so the line to add is printed.

use super::edit::{Edit, EditRefusal};
use super::manifest::ManifestReader;
use super::pins::Pin;
use super::requirement::Requirement;
use super::text::{self, TextLine};
use crate::message::{Message, message};

/// The functions that load a package.
const LOADERS: [&str; 4] = ["library", "require", "requireNamespace", "loadNamespace"];

/// The reader of the format.
pub struct RScript;

impl ManifestReader for RScript {
    fn edit(&self, source: &str, wanted: Requirement) -> Result<Edit, EditRefusal> {
        let mut edit = Edit {
            asked: Some("*".to_owned()),
            ..Edit::default()
        };
        let lines = text::lines(source);
        let qualified = format!("{}::", wanted.package);
        let is_ours = |line: &TextLine| {
            let code = code_of(line.body);
            loaded(code).any(|name| name == wanted.package) || names_whole(code, &qualified)
        };
        if wanted.package.is_empty() || lines.iter().any(is_ours) {
            return Ok(edit);
        }
        let loads = |line: &&TextLine| loaded(code_of(line.body)).next().is_some();
        let last = lines.iter().rev().find(loads);
        edit.notes.push(message!(
            "project-script-line",
            file = wanted.file,
            line = last.map_or(0, |line| line.number),
            package = wanted.package
        ));
        Ok(edit)
    }

    fn pins(&self, _text: &str, _file: &'static str) -> Result<Vec<Pin>, EditRefusal> {
        Ok(Vec::new())
    }

    fn complaint_about_name(&self, _name: &str) -> Option<Message> {
        None
    }

    fn holds_dependencies(&self, text: &str) -> bool {
        let mut lines = text.lines().map(code_of);
        lines.any(|code| loaded(code).next().is_some())
    }

    fn is_script(&self) -> bool {
        true
    }

    /// Projects of other languages have scripts in R, too.
    fn is_shared(&self) -> bool {
        true
    }

    fn is_evidence(&self, _text: &str) -> bool {
        true
    }
}

/// `line` without its comment. A `#` in a text is not one.
fn code_of(line: &str) -> &str {
    let mut quote = None;
    let mut escaped = false;
    for (at, c) in line.char_indices() {
        match (quote, c) {
            (Some(_), _) if escaped => escaped = false,
            (Some(_), '\\') => escaped = true,
            (Some(open), c) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'' | '`') => quote = Some(c),
            (None, '#') => return &line[..at],
            (None, _) => {}
        }
    }
    line
}

/// The packages that `code` loads.
fn loaded(code: &str) -> impl Iterator<Item = &str> {
    LOADERS.into_iter().flat_map(move |function| {
        let places = code.match_indices(function);
        places.filter_map(move |(at, _)| {
            let rest = code[at + function.len()..].trim_start();
            let argument = rest.strip_prefix('(')?.trim_start();
            let argument = argument.trim_start_matches(['"', '\'']);
            let end = argument.find(|c: char| !is_name_character(c));
            let name = &argument[..end.unwrap_or(argument.len())];
            let is_whole = !code[..at].ends_with(is_name_character);
            (is_whole && !name.is_empty()).then_some(name)
        })
    })
}

/// Whether `code` has `word`, not as the end of a longer name.
fn names_whole(code: &str, word: &str) -> bool {
    let mut places = code.match_indices(word);
    places.any(|(at, _)| !code[..at].ends_with(is_name_character))
}

fn is_name_character(c: char) -> bool {
    c.is_alphanumeric() || c == '.' || c == '_'
}

#[cfg(test)]
mod tests;
