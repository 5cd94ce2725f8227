//! `go.mod`, read losslessly and spliced. The grammar is that of golang.org/x/mod/modfile (go.dev/ref/mod, "go.mod files").

pub(super) mod syntax;

use super::edit::{Edit, EditRefusal, Splice};
use super::go_work;
use super::manifest::ManifestReader;
use super::pins::Pin;
use super::requirement::{AskedVersions, Requirement};
use super::text::{self, TextLine};
use crate::message::{Message, message};
use syntax::{GoRequire, ParsedGoMod};

/// The reader of the format.
pub struct GoMod;

impl ManifestReader for GoMod {
    fn edit(&self, text: &str, requirement: Requirement) -> Result<Edit, EditRefusal> {
        edit(text, requirement)
    }

    fn pins(&self, text: &str, file: &'static str) -> Result<Vec<Pin>, EditRefusal> {
        pins(text, file)
    }

    fn workspace_file(&self, has_manifest: bool) -> Option<&'static str> {
        (!has_manifest).then_some(go_work::FILE)
    }

    fn workspace_members(&self, text: &str) -> Vec<String> {
        go_work::folders(text)
    }

    fn complaint_about_name(&self, name: &str) -> Option<Message> {
        complaint_about_module_path(name)
    }

    fn excluded_versions(&self, text: &str, package: &str) -> Vec<String> {
        let parsed = syntax::parse(text).ok();
        let excluded = parsed.into_iter().flat_map(|it| it.excluded);
        let of_package = excluded.filter(|(_, path, _)| *path == package);
        of_package.map(|it| it.2.to_owned()).collect()
    }

    fn without_first_retired<'a>(
        &self,
        text: &str,
        retired: &[&'a str],
    ) -> Result<Option<(&'a str, String)>, EditRefusal> {
        without_retired(text, retired)
    }
}

/// The edit that makes `source` require `wanted` at exactly its version. A block that is sorted stays sorted; `replace`,
/// `exclude` and `// indirect` are left alone.
fn edit(source: &str, wanted: Requirement) -> Result<Edit, EditRefusal> {
    let parsed = syntax::parse(source)?;
    let mut notes = notes(&parsed, wanted);
    if !text::byte_order_mark(source).is_empty() {
        notes.push(message!("project-go-byte-order-mark"));
    }
    let present = parsed
        .requires
        .iter()
        .filter(|require| require.path == wanted.package);
    let mut found = false;
    let mut kept = None;
    let mut replacements = Vec::new();
    for require in present {
        found = true;
        if require.version == wanted.version {
            continue;
        }
        let token = parsed.version_token(require);
        let versions = AskedVersions::exact(require.version);
        let exclusion = parsed.exclusion(require);
        let is_replaced = wanted.replaces(versions) || wanted.upgrade && exclusion.is_some();
        let token = token.filter(|_| is_replaced);
        if let Some((line, ..)) = parsed.replaced(require).filter(|_| token.is_some()) {
            return Err(EditRefusal::Conflict {
                line: *line,
                found: message!(
                    "project-go-replaced",
                    path = require.path,
                    version = require.version,
                    wanted = wanted.version
                ),
                next: message!("project-go-replaced-next", wanted = wanted.version),
            });
        }
        match token {
            Some(at) => replacements.push(Splice {
                at,
                removes: require.version.len(),
                text: wanted.version.into(),
            }),
            None if exclusion.is_some() => {
                return Err(EditRefusal::Conflict {
                    line: require.line,
                    found: message!(
                        "project-go-excluded",
                        path = require.path,
                        version = require.version,
                        line = exclusion.unwrap_or_default()
                    ),
                    next: message!("project-upgrade", replacement = wanted.version),
                });
            }
            None => {
                let found = message!(
                    "project-go-requires",
                    path = require.path,
                    version = require.version
                );
                let place = ("go.mod", require.line);
                notes.push(wanted.settle(place, found, versions, wanted.version)?);
                kept = Some(require.version);
            }
        }
    }
    let insertion = (!found).then(|| insertion(source, &parsed, wanted));
    Ok(Edit {
        insertion,
        replacements,
        // What replaces it has hashes of its own, or none.
        asked: (!parsed.is_replaced(wanted.package)).then(|| kept.unwrap_or(wanted.version).into()),
        notes,
        ..Edit::default()
    })
}

/// Returns the required modules; those that a `replace` points elsewhere are left out, because what is there is not known.
fn pins(source: &str, file: &'static str) -> Result<Vec<Pin>, EditRefusal> {
    let parsed = syntax::parse(source)?;
    let kept = parsed.requires.iter();
    let kept = kept.filter(|it| !parsed.is_replaced(it.path));
    Ok(kept
        .map(|require| Pin::exact(require.path, require.version, file))
        .collect())
}

/// The first requirement of a package among `retired`, and `source` without it.
fn without_retired<'a>(
    source: &str,
    retired: &[&'a str],
) -> Result<Option<(&'a str, String)>, EditRefusal> {
    let parsed = syntax::parse(source)?;
    for require in &parsed.requires {
        let mut names = retired.iter();
        // Another module brings it: without the line, `go mod tidy` adds it again.
        let named = names.find(|name| **name == require.path && !require.indirect);
        if let (Some(name), Some(line)) = (named, parsed.line(require.line)) {
            let mut new = source.to_owned();
            new.replace_range(line.start..line.end(), "");
            return Ok(Some((name, new)));
        }
    }
    Ok(None)
}

fn notes(parsed: &ParsedGoMod, wanted: Requirement) -> Vec<Message> {
    let mut notes = Vec::new();
    match parsed.go {
        None => notes.push(message!(
            "project-go-no-version",
            package = wanted.package,
            runtime = wanted.runtime
        )),
        Some((line, version)) if number(version) < number(wanted.runtime) => {
            notes.push(message!(
                "project-go-version",
                line = line,
                version = version,
                package = wanted.package,
                runtime = wanted.runtime
            ));
        }
        Some(_) => {}
    }
    for require in &parsed.requires {
        if require.indirect {
            let is_retired = wanted.retired.contains(&require.path);
            notes.extend(is_retired.then(|| {
                message!(
                    "project-go-retired-indirect",
                    line = require.line,
                    path = require.path
                )
            }));
            continue;
        }
        notes.extend(wanted.note_about_retired("go.mod", || require.line, require.path));
    }
    let of_ours = parsed.replaced.iter().filter(|it| it.1 == wanted.package);
    notes.extend(
        of_ours.map(|(line, path)| message!("project-go-override", line = line, path = path)),
    );
    let of_ours = parsed.excluded.iter().filter(|it| it.1 == wanted.package);
    notes.extend(of_ours.map(|(line, path, version)| {
        message!(
            "project-go-exclusion",
            line = line,
            path = path,
            version = version
        )
    }));
    notes
}

/// `1.21`, `1.21.3` and `1.21rc1` as numbers that can be compared.
fn number(version: &str) -> Vec<u32> {
    version
        .split('.')
        .map(|part| {
            let digits = part
                .find(|c: char| !c.is_ascii_digit())
                .unwrap_or(part.len());
            part[..digits].parse().unwrap_or(0)
        })
        .collect()
}

fn insertion(source: &str, parsed: &ParsedGoMod, wanted: Requirement) -> Splice {
    let line = format!("{} {}", wanted.package, wanted.version);
    // As cmd/go does: direct requirements go to a block of their own, not to the one that holds only indirect ones.
    let block = parsed.blocks.iter().find(|block| {
        let mut inside = parsed.inside(block).peekable();
        inside.peek().is_none() || inside.any(|require| !require.indirect)
    });
    if let Some(block) = block {
        let inside: Vec<_> = parsed.inside(block).collect();
        let Some(opening) = parsed.line(block.opening) else {
            return text::insert_after(source, parsed.lines.last(), &[&line]);
        };
        if block.opening == block.closing {
            // `require ()` on one line.
            let ending = text::dominant_ending(source);
            return Splice {
                at: block.paren,
                removes: 0,
                text: format!("{ending}\t{line}{ending}"),
            };
        }
        let previous = place(&inside, wanted.package);
        let indent = inside
            .iter()
            .find_map(|require| parsed.line(require.line))
            .map_or("\t", TextLine::indent);
        let after = previous
            .and_then(|require| parsed.line(require.line))
            .unwrap_or(opening);
        return text::insert_after(source, Some(after), &[&format!("{indent}{line}")]);
    }
    let single: Vec<_> = parsed
        .requires
        .iter()
        .filter(|require| require.block.is_none())
        .collect();
    let statement = format!("require {line}");
    if let Some(first) = single.first() {
        return match place(&single, wanted.package).and_then(|it| parsed.line(it.line)) {
            Some(after) => text::insert_after(source, Some(after), &[&statement]),
            None => before(source, parsed, first.line, &statement),
        };
    }
    // Nothing is required directly yet: after the head of the file, with a blank line between.
    let head = parsed.head.and_then(|number| parsed.line(number));
    text::insert_after(source, head, &["", &statement])
}

/// The requirement after which `path` goes: in order where they are in order, else the last. `None`: before them all.
fn place<'a>(requires: &[&'a GoRequire<'a>], path: &str) -> Option<&'a GoRequire<'a>> {
    if requires.is_sorted_by_key(|require| require.path) {
        requires
            .iter()
            .rev()
            .find(|require| require.path < path)
            .copied()
    } else {
        requires.last().copied()
    }
}

/// `statement` above line `number` and the comments that belong to it.
fn before(source: &str, parsed: &ParsedGoMod, number: usize, statement: &str) -> Splice {
    let mut first = number;
    while first > 1
        && parsed
            .line(first - 1)
            .is_some_and(|line| line.body.trim_start().starts_with("//"))
    {
        first -= 1;
    }
    let above = if first > 1 {
        parsed.line(first - 1)
    } else {
        None
    };
    text::insert_after(source, above, &[statement])
}

/// Why `path` cannot be a module's path (golang.org/x/mod/module, `CheckPath` and `CheckImportPath`); `None` where it can.
fn complaint_about_module_path(path: &str) -> Option<Message> {
    if path.is_empty() || path.len() > 200 {
        return Some(message!("project-go-path-length"));
    }
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-._~/".contains(c);
    if let Some(c) = path.chars().find(|c| !allowed(*c)) {
        return Some(message!("project-go-path-characters", found = c));
    }
    if path.starts_with('-') {
        return Some(message!("project-go-path-dash"));
    }
    for element in path.split('/') {
        if element.is_empty() || element.starts_with('.') || element.ends_with('.') {
            return Some(message!("project-go-path-element"));
        }
    }
    if matches!(path, "std" | "cmd" | "go" | "toolchain" | "main" | "all") {
        return Some(message!("project-name-reserved", tool = "Go", name = path));
    }
    None
}

#[cfg(test)]
mod tests;
