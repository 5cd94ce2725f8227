//! `php.ini` and the files of its directories: which extensions they load, and where one more line goes
//! (php.net/manual/en/configuration.file.php).

use super::text::{self, TextLine};

/// The most bytes of a file; PHP's own has 75 KB.
pub const LARGEST: u64 = 1 << 20;

/// A line that loads an extension.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExtensionLine {
    /// Its number, from 1.
    pub line: usize,
    /// The extension as it is written: a name, a file's name, or a path.
    pub value: String,
}

impl ExtensionLine {
    /// Whether PHP looks for it in its own directory.
    pub fn is_name(&self) -> bool {
        !self.value.contains(['/', '\\'])
    }
}

/// Returns the lines of `source` that load the extension `name`.
pub fn loads(source: &str, name: &str) -> Vec<ExtensionLine> {
    let lines = text::lines(source);
    let settings = settings(&lines).filter(|(_, key, _)| *key == "extension");
    settings
        .filter(|(_, _, value)| name_of(value) == name)
        .map(|(line, _, value)| ExtensionLine {
            line: line.number,
            value: value.to_owned(),
        })
        .collect()
}

/// Returns `source` with a line that loads `value`: below the last such line, else before the sections of directories and hosts.
pub fn with_extension(source: &str, value: &str) -> String {
    let lines = text::lines(source);
    let last = settings(&lines).filter(|(_, key, _)| *key == "extension");
    let end = lines
        .iter()
        .find(|line| section(line).is_some_and(is_conditional))
        .map_or(source.len(), |line| line.start);
    let at = last.last().map_or(end, |(line, _, _)| line.end());
    let ending = lines.iter().map(|it| it.ending).find(|it| !it.is_empty());
    let ending = ending.unwrap_or("\n");
    let (before, behind) = source.split_at(at);
    let is_open = !before.trim_start_matches('\u{feff}').is_empty() && !before.ends_with('\n');
    let gap = if is_open { ending } else { "" };
    format!("{before}{gap}extension={}{ending}{behind}", written(value))
}

/// `value` as the file has it: PHP takes some signs for operators.
fn written(value: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/._-\\:".contains(c);
    match value.chars().all(is_plain) {
        true => value.to_owned(),
        false => format!("\"{value}\""),
    }
}

/// The settings of `lines` that hold for every request, with their keys and values.
fn settings<'a>(lines: &[TextLine<'a>]) -> impl Iterator<Item = (TextLine<'a>, &'a str, &'a str)> {
    let mut is_conditional_part = false;
    lines.iter().filter_map(move |line| {
        if let Some(name) = section(line) {
            is_conditional_part = is_conditional(name);
        }
        let (key, value) = line.body.split_once('=')?;
        let key = key.trim();
        // A comment.
        (!is_conditional_part && !key.starts_with(';')).then(|| (*line, key, bare(value)))
    })
}

/// The name of the section that `line` begins.
fn section<'a>(line: &TextLine<'a>) -> Option<&'a str> {
    let name = line.body.trim().strip_prefix('[')?;
    name.split(']').next()
}

/// Whether the section `name` holds for some directories or hosts only. Extensions are not loaded there.
fn is_conditional(name: &str) -> bool {
    let name = name.trim().to_ascii_uppercase();
    ["PATH", "HOST"].iter().any(|it| {
        let rest = name.strip_prefix(it);
        rest.is_some_and(|rest| rest.trim_start().starts_with('='))
    })
}

/// `value` without its quotes, and without a comment behind it.
fn bare(value: &str) -> &str {
    let value = value.trim();
    for quote in ['"', '\''] {
        if let Some(rest) = value.strip_prefix(quote) {
            return rest.split(quote).next().unwrap_or_default();
        }
    }
    value.split(';').next().unwrap_or_default().trim_end()
}

/// The extension that `value` means: `tdengine` of `tdengine.so`, `/opt/tdengine.so`, and `php_tdengine.dll`.
fn name_of(value: &str) -> &str {
    let file = value.rsplit(['/', '\\']).next().unwrap_or(value);
    let stem = file
        .strip_suffix(".so")
        .or_else(|| file.strip_suffix(".dll"));
    let stem = stem.unwrap_or(file);
    stem.strip_prefix("php_").unwrap_or(stem)
}

#[cfg(test)]
mod tests;
