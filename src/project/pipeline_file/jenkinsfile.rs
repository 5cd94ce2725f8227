//! Declarative pipelines of Jenkins: blocks in braces, outside of Groovy's strings and comments (jenkins.io, "Pipeline syntax").

use super::{cannot, taken};
use crate::message::message;
use crate::project::edit::{EditRefusal, Splice, apply_splices};
use crate::project::text;

/// The deepest nesting that is read.
const DEEPEST: usize = 256;

/// A block, and what is written in front of its brace.
#[derive(Clone, Debug)]
struct GroovyBlock {
    /// The words before the brace, such as `stage('build')`.
    head: String,
    /// Where the head starts.
    start: usize,
    /// Where the brace is.
    opening: usize,
    /// Where the closing brace is.
    closing: usize,
    /// The index of the block around it.
    parent: Option<usize>,
}

/// Returns what puts the stage `name` of `own` first into the stages of `source`.
pub(super) fn merge(source: &str, own: &str, name: &str) -> Result<Vec<Splice>, EditRefusal> {
    let own_blocks = read(own)?;
    let stage = named(&own_blocks, name).ok_or_else(|| cannot(1))?;
    let piece = own
        .get(stage.start..=stage.closing)
        .ok_or_else(|| cannot(1))?;
    let blocks = read(source)?;
    let (index, stages) = stages(source, &blocks)?;
    if let Some(there) = named(&blocks, name) {
        let found = source.get(there.start..=there.closing).unwrap_or_default();
        let mut found = bare(found);
        found.retain(|line| *line != "agent any");
        return match found == bare(piece) {
            true => Ok(Vec::new()),
            false => Err(taken(text::line_of(source, there.start), name)),
        };
    }
    let line = text::line_of(source, stages.opening);
    let lines = text::lines(source);
    let opened = lines.get(line - 1).ok_or_else(|| cannot(line))?;
    let behind = source.get(stages.opening + 1..opened.end());
    let behind = behind.unwrap_or_default().trim();
    if !behind.is_empty() && !behind.starts_with("//") {
        return Err(EditRefusal::Conflict {
            line,
            found: message!("jenkinsfile-one-line"),
            next: message!("splice-by-hand"),
        });
    }
    let outer = opened.indent();
    let first = blocks.iter().find(|block| block.parent == Some(index));
    let inner = first.and_then(|first| {
        let line = lines.get(text::line_of(source, first.start) - 1)?;
        line.indent().strip_prefix(outer).map(str::to_owned)
    });
    let unit = inner
        .filter(|unit| !unit.is_empty())
        .unwrap_or_else(|| "    ".to_owned());
    let mut added = indented(piece, &format!("{outer}{unit}"), &unit);
    if has_no_agent(source, stages) {
        // The stage has no machine else.
        added.insert(1, format!("{outer}{unit}{unit}agent any"));
    }
    let added: Vec<_> = added.iter().map(String::as_str).collect();
    let splice = text::insert_after(source, Some(opened), &added);
    let new = apply_splices(source.as_bytes(), vec![&splice]);
    let new = String::from_utf8_lossy(&new);
    let after = read(&new).map_err(|_| cannot(line))?;
    // The own blocks stand among the others, which are what they were.
    let heads = |blocks: &[GroovyBlock]| -> Vec<String> {
        blocks.iter().map(|block| block.head.clone()).collect()
    };
    let mut expected = heads(&blocks);
    let own_heads: Vec<_> = own_blocks
        .iter()
        .filter(|it| (stage.start..=stage.closing).contains(&it.opening))
        .map(|it| it.head.clone())
        .collect();
    expected.splice(index + 1..=index, own_heads);
    match heads(&after) == expected && named(&after, name).is_some() {
        true => Ok(vec![splice]),
        false => Err(cannot(line)),
    }
}

/// Returns the stage.
pub(super) fn fragment(own: &str, name: &str) -> String {
    let stage = read(own).ok().and_then(|blocks| {
        let stage = named(&blocks, name)?;
        own.get(stage.start..=stage.closing).map(str::to_owned)
    });
    match stage {
        Some(stage) => indented(&stage, "", "    ").join("\n") + "\n",
        None => own.to_owned(),
    }
}

/// The block `stages` of the pipeline, and its index.
fn stages<'a>(
    source: &str,
    blocks: &'a [GroovyBlock],
) -> Result<(usize, &'a GroovyBlock), EditRefusal> {
    let pipeline = blocks
        .iter()
        .position(|block| block.parent.is_none() && block.head == "pipeline");
    let Some(pipeline) = pipeline else {
        let first = blocks.iter().find(|block| block.parent.is_none());
        return Err(EditRefusal::Conflict {
            line: first.map_or(1, |first| text::line_of(source, first.start)),
            found: message!("jenkinsfile-scripted"),
            next: message!("splice-by-hand"),
        });
    };
    let mut found = blocks
        .iter()
        .enumerate()
        .filter(|(_, block)| block.parent == Some(pipeline) && block.head == "stages");
    match (found.next(), found.next()) {
        (Some(stages), None) => Ok(stages),
        (_, second) => Err(EditRefusal::Conflict {
            line: text::line_of(source, second.map_or(0, |(_, second)| second.start)),
            found: message!("jenkinsfile-no-stages"),
            next: message!("splice-by-hand"),
        }),
    }
}

/// Whether the pipeline in front of `stages` has no agent, so that each stage has its own.
fn has_no_agent(source: &str, stages: &GroovyBlock) -> bool {
    let before = source.get(..stages.start).unwrap_or_default();
    let words = bare(before);
    let words: Vec<_> = words
        .iter()
        .flat_map(|line| line.split_whitespace())
        .collect();
    words.windows(2).any(|pair| pair == ["agent", "none"])
}

/// The stage that is called `name`.
fn named<'a>(blocks: &'a [GroovyBlock], name: &str) -> Option<&'a GroovyBlock> {
    blocks.iter().find(|block| {
        let head: String = block.head.split_whitespace().collect();
        let name = head
            .strip_prefix("stage")
            .map(|rest| rest.trim_matches(['(', ')']))
            .filter(|quoted| quoted.trim_matches(['\'', '"']) == name);
        name.is_some_and(|quoted| quoted.starts_with(['\'', '"']))
    })
}

/// The lines of `text` without indentation, comments, and blank lines.
fn bare(text: &str) -> Vec<&str> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with("//"))
        .collect()
}

/// The lines of `piece`, which is indented by four spaces a level below its first line, with another indentation.
fn indented(piece: &str, base: &str, unit: &str) -> Vec<String> {
    let last = piece.lines().last().map_or(0, text::indent_width);
    piece
        .lines()
        .enumerate()
        .map(|(index, line)| {
            let own = match index {
                0 => 0,
                _ => text::indent_width(line).saturating_sub(last),
            };
            let body = line.trim_start();
            match body.is_empty() {
                true => String::new(),
                false => format!("{base}{}{body}", unit.repeat(own / 4)),
            }
        })
        .collect()
}

/// The blocks of `source`, in the order in which they begin.
fn read(source: &str) -> Result<Vec<GroovyBlock>, EditRefusal> {
    let bytes = source.as_bytes();
    let mut blocks: Vec<GroovyBlock> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    // Where the current statement starts.
    let mut statement = None;
    // The last character that is not white space, outside of comments.
    let mut previous = b'\n';
    let mut parentheses = 0_usize;
    let mut at = text::byte_order_mark(source).len();
    let refusal = |at: usize, what| EditRefusal::unparsable(text::line_of(source, at), what);
    while let Some(byte) = bytes.get(at).copied() {
        let rest = &bytes[at..];
        if rest.starts_with(b"//") || (at == 0 && rest.starts_with(b"#!")) {
            at += memchr::memchr(b'\n', rest).unwrap_or(rest.len());
            continue;
        }
        if rest.starts_with(b"/*") {
            let end = memchr::memmem::find(&rest[2..], b"*/");
            let end = end.ok_or_else(|| refusal(at, message!("splice-open-comment")))?;
            at += end + 4;
            continue;
        }
        if let Some(close) = string_end(rest, previous) {
            let Some(length) = quoted_length(rest, close) else {
                return Err(refusal(at, message!("jenkinsfile-open-string")));
            };
            statement.get_or_insert(at);
            at += length;
            previous = b'"';
            continue;
        }
        match byte {
            b'{' => {
                if open.len() >= DEEPEST {
                    return Err(refusal(at, message!("yaml-too-large")));
                }
                let start = statement.take().unwrap_or(at);
                open.push(blocks.len());
                let parent = open.len().checked_sub(2).and_then(|it| open.get(it));
                blocks.push(GroovyBlock {
                    head: source.get(start..at).unwrap_or_default().trim().to_owned(),
                    start,
                    opening: at,
                    closing: at,
                    parent: parent.copied(),
                });
            }
            b'}' => {
                let block = open.pop().and_then(|index| blocks.get_mut(index));
                let block = block.ok_or_else(|| refusal(at, message!("jenkinsfile-braces")))?;
                block.closing = at;
                statement = None;
            }
            b'(' | b'[' => {
                parentheses += 1;
                statement.get_or_insert(at);
            }
            b')' | b']' => {
                parentheses = parentheses.saturating_sub(1);
                statement.get_or_insert(at);
            }
            b';' => statement = None,
            // A brace may stand in the line below its words.
            b'\n' if parentheses == 0 && !next_is_brace(rest) => statement = None,
            b' ' | b'\t' | b'\r' | b'\n' => {}
            _ => {
                statement.get_or_insert(at);
            }
        }
        if !matches!(byte, b' ' | b'\t' | b'\r') {
            previous = byte;
        }
        at += 1;
    }
    match open.last().and_then(|index| blocks.get(*index)) {
        None => Ok(blocks),
        Some(block) => Err(refusal(block.opening, message!("jenkinsfile-braces"))),
    }
}

fn next_is_brace(rest: &[u8]) -> bool {
    let next = rest.iter().find(|byte| !byte.is_ascii_whitespace());
    next == Some(&b'{')
}

/// What ends the string that starts here, if one does.
fn string_end(rest: &[u8], previous: u8) -> Option<&'static [u8]> {
    let starts: [(&[u8], &'static [u8]); 5] = [
        (b"'''", b"'''"),
        (b"\"\"\"", b"\"\"\""),
        (b"'", b"'"),
        (b"\"", b"\""),
        (b"$/", b"/$"),
    ];
    let found = starts.iter().find(|(start, _)| rest.starts_with(start));
    if let Some((_, end)) = found {
        return Some(end);
    }
    // Elsewhere, it divides.
    let may_start = b"(,=[{:!&|?~;\n+".contains(&previous);
    (rest.first() == Some(&b'/') && may_start).then_some(b"/")
}

/// The length of the string that starts here and ends with `end`.
fn quoted_length(rest: &[u8], end: &[u8]) -> Option<usize> {
    let is_one_line = matches!(end, b"'" | b"\"");
    let escape = if end == b"/$" { b'$' } else { b'\\' };
    let mut at = end.len();
    while let Some(byte) = rest.get(at).copied() {
        if rest[at..].starts_with(end) {
            return Some(at + end.len());
        }
        if is_one_line && byte == b'\n' {
            return None;
        }
        at += if byte == escape { 2 } else { 1 };
    }
    None
}
