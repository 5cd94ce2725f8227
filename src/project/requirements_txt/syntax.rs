//! Reading `requirements.txt`: which logical lines name which packages.

use super::normalised;
use crate::message::{Message, message};
use crate::project::edit::EditRefusal;
use crate::project::text::{TextLine, lines};

/// What of a `requirements.txt` matters for an edit.
#[derive(Debug)]
pub(super) struct ParsedRequirements<'a> {
    /// Its lines.
    pub(super) lines: Vec<TextLine<'a>>,
    /// Its requirements, in order.
    pub(super) entries: Vec<RequirementLine>,
    /// The first line that pins a hash, or asks for hashes.
    pub(super) hashes: Option<usize>,
    /// The files that it includes, in order.
    pub(super) includes: Vec<IncludedFile>,
}

/// A file that another one includes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct IncludedFile {
    /// The line that says so.
    pub(super) line: usize,
    /// Its path as seen from the file that includes it, with `/`.
    pub(super) path: String,
    /// Whether it only limits the versions of what others name (`-c`).
    pub(super) constrains: bool,
}

/// A line that names a package.
#[derive(Debug)]
pub(super) struct RequirementLine {
    /// The package, normalised.
    pub(super) name: String,
    /// What is asked of it.
    pub(super) asks: AskedOfPackage,
    /// The first physical line.
    pub(super) first: usize,
    /// The last physical line.
    pub(super) last: usize,
    /// The last physical line, with the indented comments that follow (`# via …`).
    pub(super) last_with_comments: usize,
}

/// What is asked of a package.
#[derive(Debug)]
pub(in crate::project) enum AskedOfPackage {
    /// Versions, as PEP 440 specifiers; empty for any.
    Versions(String),
    /// A file, an address or a repository: what stands after `@`, or nothing where it is written otherwise.
    Location(String),
}

impl<'a> ParsedRequirements<'a> {
    /// The line with that number.
    pub(super) fn line(&self, number: usize) -> Option<&TextLine<'a>> {
        self.lines.get(number.checked_sub(1)?)
    }
}

/// Reads `source`, or says which line is wrong.
pub(super) fn parse(source: &str) -> Result<ParsedRequirements<'_>, EditRefusal> {
    let mut parsed = ParsedRequirements {
        lines: lines(source),
        entries: Vec::new(),
        hashes: None,
        includes: Vec::new(),
    };
    let all = parsed.lines.clone();
    let mut at = 0;
    while let Some(line) = all.get(at) {
        let first = line.number;
        let mut last = first;
        let mut logical = String::new();
        // pip joins lines that end in a backslash, unless they are comments, and looks for other comments after that.
        let mut continues = true;
        for line in &all[at..] {
            last = line.number;
            let joined = line.body.strip_suffix('\\');
            continues = joined.is_some() && !is_comment(line.body);
            if is_comment(line.body) {
                logical.push(' ');
            }
            logical.push_str(joined.unwrap_or(line.body));
            if !continues {
                break;
            }
        }
        if continues {
            return Err(EditRefusal::Unparsable {
                line: last,
                reason: message!("project-pip-backslash"),
            });
        }
        at = last;
        let logical = without_comment(&logical).trim();
        if parsed.hashes.is_none() && has_hash(logical) {
            parsed.hashes = Some(first);
        }
        let option = logical.starts_with('-')
            && !logical.starts_with("-e")
            && !logical.starts_with("--editable");
        if logical.is_empty() || option {
            parsed.includes.extend(include(logical, first));
            continue;
        }
        let wrong = |reason| EditRefusal::Unparsable {
            line: first,
            reason,
        };
        if let Some((name, asks)) = requirement(logical).map_err(wrong)? {
            parsed.entries.push(RequirementLine {
                name,
                asks,
                first,
                last,
                last_with_comments: with_comments(&all, last),
            });
        }
    }
    Ok(parsed)
}

/// The line after which nothing belongs to the entry that ends in line `last`: indented comments do (pip-compile's `# via`).
fn with_comments(all: &[TextLine], mut last: usize) -> usize {
    while let Some(next) = all.get(last)
        && !next.indent().is_empty()
        && is_comment(next.body)
    {
        last = next.number;
    }
    last
}

fn is_comment(body: &str) -> bool {
    body.trim_start().starts_with('#')
}

/// A line without its comment: `#` at the start, or after white space.
fn without_comment(body: &str) -> &str {
    let mut after_space = true;
    for (at, c) in body.char_indices() {
        if c == '#' && after_space {
            return &body[..at];
        }
        after_space = c.is_whitespace();
    }
    body
}

fn has_hash(content: &str) -> bool {
    content
        .split_whitespace()
        .any(|word| word.starts_with("--hash=") || word == "--hash" || word == "--require-hashes")
}

/// The file that the option `logical` in line `line` includes; `None` where it does not, or by an address.
fn include(logical: &str, line: usize) -> Option<IncludedFile> {
    let forms = [
        ("--requirement", false),
        ("--constraint", true),
        ("-r", false),
        ("-c", true),
    ];
    let (rest, constrains) = forms
        .into_iter()
        .find_map(|(option, constrains)| Some((logical.strip_prefix(option)?, constrains)))?;
    let path = rest.trim_start_matches(['=', ' ', '\t']).replace('\\', "/");
    let is_relative = !path.is_empty() && !path.starts_with('/') && !path.contains(':');
    is_relative.then_some(IncludedFile {
        line,
        path,
        constrains,
    })
}

/// The package that a requirement names, and what it asks; `None` where it names none (a path, an address without `#egg=`).
pub(in crate::project) fn requirement(
    head: &str,
) -> Result<Option<(String, AskedOfPackage)>, Message> {
    let editable = head
        .strip_prefix("--editable")
        .or_else(|| head.strip_prefix("-e"))
        .map(|rest| rest.trim_start_matches(['=', ' ', '\t']));
    let text = editable.unwrap_or(head);
    if let Some((_, egg)) = text.split_once("#egg=") {
        let end = egg.find(|c: char| !is_name(c)).unwrap_or(egg.len());
        let asks = AskedOfPackage::Location(String::new());
        return Ok(Some((normalised(&egg[..end]), asks)));
    }
    let name_end = text.find(|c: char| !is_name(c)).unwrap_or(text.len());
    let (name, rest) = text.split_at(name_end);
    let rest = rest.trim_start();
    let location = editable.is_some()
        || name.starts_with('.')
        || rest.starts_with([':', '/', '\\'])
        || text.contains("://") && !rest.starts_with('@')
        || [".whl", ".zip", ".tar.gz"]
            .iter()
            .any(|end| text.ends_with(end))
            && !rest.starts_with('@');
    if location {
        return Ok(None);
    }
    if !name.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        return Err(message!("project-not-a-requirement", asked = head));
    }
    let rest = match rest.strip_prefix('[') {
        None => rest,
        Some(extras) => {
            let Some((_, rest)) = extras.split_once(']') else {
                return Err(message!("project-pip-extras"));
            };
            rest.trim_start()
        }
    };
    if let Some(location) = rest.strip_prefix('@') {
        // A marker stands after white space and `;` (PEP 508).
        let location = location.split(" ;").next().unwrap_or_default();
        let asks = AskedOfPackage::Location(location.trim().to_owned());
        return Ok(Some((normalised(name), asks)));
    }
    let end = rest.find([';']).unwrap_or(rest.len());
    let versions = rest[..end].trim_end();
    // Options of the requirement: `--hash=…`, `--config-settings …`.
    let versions = versions.split(" --").next().unwrap_or_default().trim();
    let versions = versions
        .strip_prefix('(')
        .and_then(|inner| inner.strip_suffix(')'))
        .unwrap_or(versions);
    if !versions.is_empty()
        && !versions.starts_with(['=', '!', '~', '>', '<'])
        && !versions.starts_with("--")
    {
        return Err(message!("project-not-a-specifier", text = versions));
    }
    let versions = if versions.starts_with("--") {
        ""
    } else {
        versions
    };
    Ok(Some((
        normalised(name),
        AskedOfPackage::Versions(versions.to_owned()),
    )))
}

const fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')
}
