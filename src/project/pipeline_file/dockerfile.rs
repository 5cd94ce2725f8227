//! Dockerfiles: instructions with their continuation lines and here-documents (docs.docker.com, "Dockerfile reference").

use super::{cannot, taken};
use crate::message::message;
use crate::project::edit::{EditRefusal, Splice, apply_splices};
use crate::project::text::{self, TextLine};

/// Bases whose C library is musl, or that have none: the client needs glibc.
const NO_GLIBC: [&str; 5] = [
    "alpine",
    "busybox",
    "musl",
    "distroless/static",
    "chainguard",
];
/// Bases of Windows.
const WINDOWS: [&str; 2] = ["nanoserver", "windows"];

/// An instruction.
#[derive(Clone, Debug, PartialEq, Eq)]
struct DockerInstruction {
    /// Its name, in capitals.
    name: String,
    /// The rest, its lines joined by one space.
    rest: String,
    /// Its here-documents.
    documents: String,
    /// The index of its first line.
    first: usize,
    /// The index of its last line.
    last: usize,
}

impl DockerInstruction {
    fn words(&self) -> impl Iterator<Item = &str> {
        self.rest.split_ascii_whitespace()
    }

    /// The words without options such as `--platform=…`.
    fn arguments(&self) -> impl Iterator<Item = &str> {
        self.words().skip_while(|word| word.starts_with("--"))
    }

    /// The name of the stage that a FROM begins.
    fn stage(&self) -> Option<&str> {
        let mut arguments = self.arguments().skip(1);
        let is_as = arguments.next()?.eq_ignore_ascii_case("as");
        arguments.next().filter(|_| is_as)
    }

    fn is_same_as(&self, other: &Self) -> bool {
        self.name == other.name && self.rest == other.rest && self.documents == other.documents
    }
}

/// A stage: its FROM, and what follows it.
struct DockerStage<'a> {
    from: &'a DockerInstruction,
    inner: &'a [DockerInstruction],
}

/// What of the own file goes where.
struct DockerPiece<'a> {
    stage: DockerStage<'a>,
    /// The instructions that use the stage.
    uses: Vec<&'a DockerInstruction>,
}

/// Returns what puts the stage `name` of `own` in front of the last stage of `source`, and its uses into that.
pub(super) fn merge(source: &str, own: &str, name: &str) -> Result<Vec<Splice>, EditRefusal> {
    let (own_lines, own_instructions) = read(own)?;
    let piece = piece(&own_instructions, name).ok_or_else(|| EditRefusal::Conflict {
        line: 1,
        found: message!("splice-nothing-to-add"),
        next: message!("splice-nothing-to-add-next"),
    })?;
    let (lines, instructions) = read(source)?;
    let stages = stages(&instructions);
    let Some(last) = stages.last() else {
        return Err(EditRefusal::unparsable(1, message!("dockerfile-no-from")));
    };
    check_base(&stages, last)?;
    let mut splices = Vec::new();
    let mut expected: Vec<DockerInstruction> = instructions.clone();
    let mut uses: Vec<_> = piece.uses.clone();
    for own in &piece.uses {
        if last.inner.iter().any(|there| there.is_same_as(own)) {
            uses.retain(|it| it != own);
            continue;
        }
        check_variables(last, own)?;
    }
    let from = instructions
        .iter()
        .rposition(|it| it.name == "FROM")
        .unwrap_or_default();
    if let Some(line) = lines.get(last.from.last)
        && !uses.is_empty()
    {
        let added = raw_lines(&own_lines, &uses);
        splices.push(text::insert_after(source, Some(line), &added));
        let at = from + 1;
        expected.splice(at..at, uses.into_iter().cloned());
    }
    let there = stages.iter().find(|stage| {
        let found = stage.from.stage();
        found.is_some_and(|found| found.eq_ignore_ascii_case(name))
    });
    match there {
        Some(there) if is_same(there, &piece.stage) => {}
        Some(there) => return Err(taken(there.from.first + 1, name)),
        None => {
            let mut own: Vec<_> = vec![piece.stage.from];
            own.extend(piece.stage.inner);
            let mut added = raw_lines(&own_lines, &own);
            added.push("");
            let place = place_before(&lines, &instructions, from);
            let above = place.checked_sub(1).and_then(|above| lines.get(above));
            splices.push(text::insert_after(source, above, &added));
            expected.splice(from..from, own.into_iter().cloned());
        }
    }
    check_result(source, &splices, &expected)?;
    Ok(splices)
}

/// Returns the stage and its uses.
pub(super) fn fragment(own: &str, name: &str) -> String {
    let Ok((lines, instructions)) = read(own) else {
        return own.to_owned();
    };
    let Some(piece) = piece(&instructions, name) else {
        return own.to_owned();
    };
    let mut stage = vec![piece.stage.from];
    stage.extend(piece.stage.inner);
    let mut all = raw_lines(&lines, &stage);
    all.push("");
    all.extend(raw_lines(&lines, &piece.uses));
    all.into_iter().flat_map(|line| [line, "\n"]).collect()
}

fn piece<'a>(own: &'a [DockerInstruction], name: &str) -> Option<DockerPiece<'a>> {
    let stages = stages(own);
    let mut stages = stages.into_iter();
    let stage = stages.find(|stage| stage.from.stage() == Some(name))?;
    let copied = format!("--from={name}");
    let user = stages.next()?;
    let first = user
        .inner
        .iter()
        .position(|it| it.words().next() == Some(&copied))?;
    let uses = user.inner.iter().skip(first);
    Some(DockerPiece {
        stage,
        uses: uses
            .take_while(|it| it.name == "ENV" || it.words().next() == Some(&copied))
            .collect(),
    })
}

/// Refuses a last stage whose base the client does not run on.
fn check_base(stages: &[DockerStage], last: &DockerStage) -> Result<(), EditRefusal> {
    let mut from = last.from;
    // A base may be an earlier stage, which has one, too.
    for _ in stages {
        let base = from.arguments().next().unwrap_or_default();
        let earlier = stages.iter().find(|stage| {
            let name = stage.from.stage();
            stage.from.first < from.first
                && name.is_some_and(|name| name.eq_ignore_ascii_case(base))
        });
        match earlier {
            Some(stage) => from = stage.from,
            None => {
                let lower = base.to_ascii_lowercase();
                let has = |words: &[&str]| words.iter().any(|word| lower.contains(word));
                let found = if lower == "scratch" || has(&NO_GLIBC) {
                    message!("dockerfile-no-glibc", base = base)
                } else if has(&WINDOWS) {
                    message!("dockerfile-windows", base = base)
                } else {
                    return Ok(());
                };
                return Err(EditRefusal::Conflict {
                    line: from.first + 1,
                    found,
                    next: message!("dockerfile-base-next"),
                });
            }
        }
    }
    Ok(())
}

/// Refuses a stage that sets the variables of `own` to something else later.
fn check_variables(last: &DockerStage, own: &DockerInstruction) -> Result<(), EditRefusal> {
    if own.name != "ENV" {
        return Ok(());
    }
    let names: Vec<_> = own
        .words()
        .filter_map(|word| word.split_once('=').map(|(name, _)| name))
        .collect();
    for there in last.inner.iter().filter(|there| there.name == "ENV") {
        let mut words = there.words();
        let is_old_form = words.next().is_some_and(|first| !first.contains('='));
        let set = there
            .words()
            .take(if is_old_form { 1 } else { usize::MAX })
            .map(|word| word.split('=').next().unwrap_or(word));
        for name in set {
            if names.contains(&name) {
                return Err(taken(there.first + 1, name));
            }
        }
    }
    Ok(())
}

/// The index of the line that a stage in front of the instruction `from` gets: above the comments that belong to that.
fn place_before(lines: &[TextLine], instructions: &[DockerInstruction], from: usize) -> usize {
    let first = instructions.get(from).map_or(0, |it| it.first);
    let above = from
        .checked_sub(1)
        .and_then(|above| instructions.get(above))
        .map_or(directives(lines), |above| above.last + 1);
    let mut place = first;
    while place > above
        && lines
            .get(place - 1)
            .is_some_and(|line| line.body.trim_start().starts_with('#'))
    {
        place -= 1;
    }
    place
}

/// The number of lines at the start that are parser directives.
fn directives(lines: &[TextLine]) -> usize {
    let known = ["escape", "syntax", "check"];
    let is_directive = |line: &&TextLine| {
        let body = line.body.trim().strip_prefix('#');
        let named = body.and_then(|body| body.split_once('='));
        named.is_some_and(|(name, _)| {
            let name = name.trim();
            known.iter().any(|known| name.eq_ignore_ascii_case(known))
        })
    };
    lines.iter().take_while(is_directive).count()
}

fn is_same(there: &DockerStage, own: &DockerStage) -> bool {
    there.from.is_same_as(own.from)
        && there.inner.len() == own.inner.len()
        && there
            .inner
            .iter()
            .zip(own.inner)
            .all(|(there, own)| there.is_same_as(own))
}

fn check_result(
    source: &str,
    splices: &[Splice],
    expected: &[DockerInstruction],
) -> Result<(), EditRefusal> {
    let new = apply_splices(source.as_bytes(), splices.iter().collect());
    let new = String::from_utf8_lossy(&new);
    let (_, new) = read(&new).map_err(|_| cannot(1))?;
    let is_expected = new.len() == expected.len()
        && new
            .iter()
            .zip(expected)
            .all(|(new, expected)| new.is_same_as(expected));
    match is_expected {
        true => Ok(()),
        false => Err(cannot(1)),
    }
}

fn stages(instructions: &[DockerInstruction]) -> Vec<DockerStage<'_>> {
    let starts: Vec<_> = instructions
        .iter()
        .enumerate()
        .filter(|(_, it)| it.name == "FROM")
        .map(|(index, _)| index)
        .collect();
    let ends = starts.iter().skip(1).copied().chain([instructions.len()]);
    starts
        .iter()
        .zip(ends)
        .filter_map(|(start, end)| {
            let (from, inner) = instructions.get(*start..end)?.split_first()?;
            Some(DockerStage { from, inner })
        })
        .collect()
}

/// The lines of `instructions`, as they are written.
fn raw_lines<'a>(lines: &[TextLine<'a>], instructions: &[&DockerInstruction]) -> Vec<&'a str> {
    instructions
        .iter()
        .flat_map(|it| lines.get(it.first..=it.last).unwrap_or_default())
        .map(|line| line.body)
        .collect()
}

/// The lines and the instructions of `source`.
fn read(source: &str) -> Result<(Vec<TextLine<'_>>, Vec<DockerInstruction>), EditRefusal> {
    let lines = text::lines(source);
    let escape = escape_character(&lines);
    let mut instructions = Vec::new();
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let body = line.body.trim();
        if body.is_empty() || body.starts_with('#') {
            at += 1;
            continue;
        }
        let first = at;
        let mut joined = String::new();
        let mut last = at;
        // Comments between continuation lines are left out by Docker, too.
        while let Some(line) = lines.get(at) {
            let body = line.body.trim();
            at += 1;
            if at - 1 > first && (body.is_empty() || body.starts_with('#')) {
                continue;
            }
            last = at - 1;
            let continued = body.strip_suffix(escape);
            if !joined.is_empty() {
                joined.push(' ');
            }
            joined.push_str(continued.unwrap_or(body).trim());
            if continued.is_none() {
                break;
            }
        }
        let joined: Vec<_> = joined.split_ascii_whitespace().collect();
        let Some((name, rest)) = joined.split_first() else {
            continue;
        };
        let mut instruction = DockerInstruction {
            name: name.to_ascii_uppercase(),
            rest: rest.join(" "),
            documents: String::new(),
            first,
            last,
        };
        if ["RUN", "COPY", "ADD"].contains(&instruction.name.as_str()) {
            at = read_documents(&lines, &mut instruction, at)?;
        }
        instructions.push(instruction);
    }
    Ok((lines, instructions))
}

/// Reads the here-documents of `instruction`, which begin at the line `at`, and returns the index of the line behind them.
fn read_documents(
    lines: &[TextLine],
    instruction: &mut DockerInstruction,
    mut at: usize,
) -> Result<usize, EditRefusal> {
    let words: Vec<_> = instruction.words().map(str::to_owned).collect();
    for word in words {
        let opened = word.trim_start_matches(|c: char| c.is_ascii_digit());
        let Some(name) = opened.strip_prefix("<<").filter(|it| !it.starts_with('<')) else {
            continue;
        };
        let name = name
            .strip_prefix('-')
            .unwrap_or(name)
            .trim_matches(['"', '\'']);
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        if name.is_empty() || !name.chars().all(is_name) {
            continue;
        }
        loop {
            let Some(line) = lines.get(at) else {
                return Err(EditRefusal::unparsable(
                    instruction.first + 1,
                    message!("dockerfile-open-document", name = name),
                ));
            };
            at += 1;
            instruction.documents.push_str(line.body);
            instruction.documents.push('\n');
            if line.body.trim_start_matches('\t') == name {
                break;
            }
        }
        instruction.last = at - 1;
    }
    Ok(at)
}

/// The character that continues a line: a backslash, unless the first lines name another one.
fn escape_character(lines: &[TextLine]) -> char {
    let named = lines.iter().take(directives(lines)).find_map(|line| {
        let (name, value) = line.body.trim().strip_prefix('#')?.split_once('=')?;
        name.trim()
            .eq_ignore_ascii_case("escape")
            .then(|| value.trim())
    });
    match named {
        Some("`") => '`',
        Some(_) | None => '\\',
    }
}
