//! Lists of packages in a field: names with bounds of their versions, between commas, in one line or several.

use super::fields::DescriptionField;
use crate::project::edit::Splice;
use crate::project::text;

/// A package in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PackageEntry<'a> {
    /// Its name.
    pub(super) name: &'a str,
    /// The bound between the brackets: `>= 0.2-5`.
    pub(super) bound: Option<&'a str>,
    /// Where its name begins.
    pub(super) start: usize,
    /// Where its name, or its bound, ends.
    pub(super) end: usize,
}

/// Reads the packages in `field`. What is not a name is passed over: only R's own tools decide about that.
pub(super) fn read_list<'a>(source: &'a str, field: &DescriptionField) -> Vec<PackageEntry<'a>> {
    let value = source.get(field.value.clone()).unwrap_or_default();
    let mut at = field.value.start;
    let mut entries = Vec::new();
    for part in value.split(',') {
        let start = at + (part.len() - part.trim_start().len());
        at += part.len() + 1;
        let text = part.trim();
        let name_length = text
            .find(|c: char| !c.is_ascii_alphanumeric() && c != '.')
            .unwrap_or(text.len());
        let (name, rest) = text.split_at(name_length);
        if name.is_empty() {
            continue;
        }
        let rest = rest.trim();
        let bound = rest.strip_prefix('(').and_then(|it| it.strip_suffix(')'));
        entries.push(PackageEntry {
            name,
            bound: bound.map(str::trim).filter(|it| !it.is_empty()),
            start,
            end: start + text.len(),
        });
    }
    entries
}

/// Returns the splice that adds `package` to the list in `field`, as the list is written: in its order if it is sorted, else behind the
/// last. `indent` is that of an empty list.
pub(super) fn insert(
    source: &str,
    field: &DescriptionField,
    package: &str,
    indent: &str,
) -> Splice {
    let entries = read_list(source, field);
    let Some(last) = entries.last() else {
        return insert_first(source, field, package, indent);
    };
    let key = |name: &str| name.to_ascii_lowercase();
    let names: Vec<_> = entries.iter().map(|entry| key(entry.name)).collect();
    let ours = key(package);
    let next = names.iter().position(|name| *name > ours);
    match next.filter(|_| names.len() > 1 && names.is_sorted()) {
        Some(index) => {
            let next = entries[index];
            let before = separator(source, field, &entries, index);
            Splice {
                at: next.start,
                removes: 0,
                text: format!("{package}{before}"),
            }
        }
        None => {
            let before = separator(source, field, &entries, entries.len());
            // A comma may end the list.
            let rest = source.get(last.end..field.value.end).unwrap_or_default();
            let (at, text) = match rest.find(',') {
                Some(comma) => {
                    let before = before.replacen(',', "", 1);
                    (last.end + comma + 1, format!("{before}{package}"))
                }
                None => (last.end, format!("{before}{package}")),
            };
            Splice {
                at,
                removes: 0,
                text,
            }
        }
    }
}

/// What is between two packages of `entries`: near `index`, where a new one goes.
fn separator(
    source: &str,
    field: &DescriptionField,
    entries: &[PackageEntry],
    index: usize,
) -> String {
    let between = |left: &PackageEntry, right: &PackageEntry| {
        source.get(left.end..right.start).map(str::to_owned)
    };
    let near = match index {
        _ if entries.len() < 2 => None,
        index if index >= entries.len() => {
            between(&entries[entries.len() - 2], &entries[entries.len() - 1])
        }
        0 => between(&entries[0], &entries[1]),
        index => between(&entries[index - 1], &entries[index]),
    };
    if let Some(near) = near.filter(|it| it.trim() == ",") {
        return near;
    }
    // One package: on a line of its own, or behind the field's name.
    let first = entries.first().map_or(field.value.start, |it| it.start);
    let head = source.get(field.value.start..first).unwrap_or_default();
    match head.rfind('\n') {
        Some(at) => {
            let ending = if head[..at].ends_with('\r') {
                "\r\n"
            } else {
                "\n"
            };
            format!(",{ending}{}", &head[at + 1..])
        }
        None => ", ".to_owned(),
    }
}

/// The splice for a list without packages.
fn insert_first(source: &str, field: &DescriptionField, package: &str, indent: &str) -> Splice {
    let value = source.get(field.value.clone()).unwrap_or_default();
    let first_line = value.find('\n').map_or(value, |at| &value[..at]);
    let blank = first_line.trim_end_matches('\r').len();
    if first_line.trim().is_empty() {
        let ending = text::dominant_ending(source);
        Splice {
            at: field.value.start + blank,
            removes: 0,
            text: format!("{ending}{indent}{package}"),
        }
    } else {
        // Something else than names: only commas.
        Splice {
            at: field.value.start,
            removes: 0,
            text: format!(" {package}"),
        }
    }
}
