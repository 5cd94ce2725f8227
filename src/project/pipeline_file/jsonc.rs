//! JSON with comments and trailing commas, as `devcontainer.json` has them.

use serde_json::Value;

use super::{cannot, taken};
use crate::message::message;
use crate::project::edit::{EditRefusal, Splice, apply_splices};
use crate::project::json_positions::{self, JsonObject};
use crate::project::text;

/// Returns what puts the members of the objects `names` of `own` into those of `source`.
pub(super) fn merge(source: &str, own: &str, names: &[String]) -> Result<Vec<Splice>, EditRefusal> {
    let (bare, commas) = without_comments(source)?;
    let old = text::parse_json(&bare)?;
    let wanted = text::parse_json(own)?;
    let root = json_positions::read(&bare)?;
    let unit = match root.members.first() {
        Some(first) => indent_of(&bare, first.start),
        None => "    ",
    };
    let unit = if unit.is_empty() { "    " } else { unit };
    let mut expected = old.clone();
    let mut splices = Vec::new();
    let mut missing = Vec::new();
    for name in names {
        let Some(Value::Object(members)) = wanted.get(name) else {
            continue;
        };
        let Some(member) = root.member(name) else {
            missing.push((name.clone(), Value::Object(members.clone())));
            continue;
        };
        let line = text::line_of(source, member.start);
        let Some(object) = json_positions::object(&bare, member.value)? else {
            return Err(EditRefusal::Conflict {
                line,
                found: message!("project-json-not-object", name = name),
                next: message!("splice-by-hand"),
            });
        };
        let mut lacking = Vec::new();
        for (key, value) in members {
            let found = old.get(name).and_then(|object| object.get(key));
            match (found, object.member(key)) {
                (None, _) => lacking.push((key.clone(), value.clone())),
                (Some(found), _) if found == value => {}
                (Some(_), place) => {
                    let at = place.map_or(member.start, |place| place.start);
                    return Err(taken(text::line_of(source, at), key));
                }
            }
        }
        if let Some(Value::Object(all)) = expected.get_mut(name) {
            all.extend(lacking.iter().cloned());
        }
        splices.extend(insert(source, (&bare, &commas), &object, &lacking, unit));
    }
    if let Value::Object(all) = &mut expected {
        all.extend(missing.iter().cloned());
    }
    splices.extend(insert(source, (&bare, &commas), &root, &missing, unit));
    let line = text::line_of(source, root.closing);
    let new = apply_splices(source.as_bytes(), splices.iter().collect());
    let (new, _) = without_comments(&String::from_utf8_lossy(&new))?;
    let new = text::parse_json(&new).map_err(|_| cannot(line))?;
    match new == expected {
        true => Ok(splices),
        false => Err(cannot(line)),
    }
}

/// Adds `members` behind those of `object`, whose text is indented by `unit` a level.
fn insert(
    source: &str,
    (bare, commas): (&str, &[usize]),
    object: &JsonObject,
    members: &[(String, Value)],
    unit: &str,
) -> Vec<Splice> {
    if members.is_empty() {
        return Vec::new();
    }
    let ending = text::dominant_ending(source);
    let splice = |at: usize, text: String| Splice {
        at,
        removes: 0,
        text,
    };
    let written = |indent: &str| {
        let members = members.iter().map(|(key, value)| {
            let value = pretty(value, indent, unit, ending);
            format!("{indent}{}: {value}", Value::from(key.as_str()))
        });
        members.collect::<Vec<_>>().join(&format!(",{ending}"))
    };
    let own_line = indent_of(bare, object.opening);
    let Some(last) = object.members.last() else {
        let text = written(&format!("{own_line}{unit}"));
        // A comment in an empty object stays in front.
        let before = bare.get(..object.closing).unwrap_or_default().trim_end();
        let after_comment = source.get(..object.closing).unwrap_or_default().trim_end();
        return match before.len() == after_comment.len() {
            true => vec![splice(
                object.opening + 1,
                format!("{ending}{text}{ending}{own_line}"),
            )],
            false => vec![splice(after_comment.len(), format!("{ending}{text}"))],
        };
    };
    let has_comma = commas
        .iter()
        .any(|comma| (last.end..object.closing).contains(comma));
    let is_multi_line = bare
        .get(object.opening..last.start)
        .is_some_and(|between| between.contains('\n'));
    if !is_multi_line {
        let inline = members
            .iter()
            .map(|(key, value)| format!(", {}: {value}", Value::from(key.as_str())));
        return vec![splice(last.end, inline.collect())];
    }
    let indent = indent_of(bare, last.start);
    let text = written(indent);
    // Comments behind the last member and below it stay above what is added.
    let at = source.get(..object.closing).unwrap_or_default();
    let at = at.trim_end().len();
    let closing_comma = if has_comma { "," } else { "" };
    let added = splice(at, format!("{ending}{text}{closing_comma}"));
    match has_comma {
        true => vec![added],
        false if at == last.end => vec![splice(at, format!(",{}", added.text))],
        false => vec![splice(last.end, ",".to_owned()), added],
    }
}

fn pretty(value: &Value, indent: &str, unit: &str, ending: &str) -> String {
    let Value::Object(members) = value else {
        return value.to_string();
    };
    let inner = format!("{indent}{unit}");
    let members: Vec<_> = members
        .iter()
        .map(|(key, value)| {
            let value = pretty(value, &inner, unit, ending);
            format!("{inner}{}: {value}", Value::from(key.as_str()))
        })
        .collect();
    let members = members.join(&format!(",{ending}"));
    format!("{{{ending}{members}{ending}{indent}}}")
}

/// The white space that the line of `at` starts with.
fn indent_of(source: &str, at: usize) -> &str {
    let before = source.get(..at).unwrap_or_default();
    let line = before.rfind('\n').map_or(0, |newline| newline + 1);
    let line = source.get(line..).unwrap_or_default();
    &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
}

/// Returns `source` with spaces instead of comments and of trailing commas, so that every byte keeps its place, and the places of those
/// commas.
///
/// # Errors
/// The line of a comment that does not end.
fn without_comments(source: &str) -> Result<(String, Vec<usize>), EditRefusal> {
    let mut bytes = source.as_bytes().to_vec();
    let mut at = 0;
    let mut comma = None;
    let mut commas = Vec::new();
    while let Some(byte) = bytes.get(at).copied() {
        match (byte, bytes.get(at + 1)) {
            (b'"', _) => {
                comma = None;
                at += 1;
                while let Some(byte) = bytes.get(at).copied() {
                    match byte {
                        b'\\' => at += 1,
                        b'"' => break,
                        _ => {}
                    }
                    at += 1;
                }
                at += 1;
            }
            (b'/', Some(b'/')) => {
                let end = memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |it| at + it);
                blank(&mut bytes[at..end]);
                at = end;
            }
            (b'/', Some(b'*')) => {
                let end = source.as_bytes()[at + 2..]
                    .windows(2)
                    .position(|two| two == b"*/")
                    .map(|it| at + it + 4);
                let Some(end) = end else {
                    return Err(EditRefusal::unparsable(
                        text::line_of(source, at),
                        message!("splice-open-comment"),
                    ));
                };
                blank(&mut bytes[at..end]);
                at = end;
            }
            (b',', _) => {
                comma = Some(at);
                at += 1;
            }
            (b'}' | b']', _) => {
                if let Some(comma) = comma.take() {
                    bytes[comma] = b' ';
                    commas.push(comma);
                }
                at += 1;
            }
            (b' ' | b'\t' | b'\r' | b'\n', _) => at += 1,
            (_, _) => {
                comma = None;
                at += 1;
            }
        }
    }
    let bare = String::from_utf8(bytes).map_err(|_| cannot(1))?;
    Ok((bare, commas))
}

fn blank(bytes: &mut [u8]) {
    for byte in bytes {
        if !matches!(byte, b'\r' | b'\n') {
            *byte = b' ';
        }
    }
}
