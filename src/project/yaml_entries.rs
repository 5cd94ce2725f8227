//! As much of YAML as people write in settings: tables by indentation, with scalars in them. Lists, aliases and block texts are passed
//! over (yaml.org/spec/1.2.2).

use super::text;

/// A key of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct YamlEntry<'a> {
    /// The keys from the root to it.
    pub(super) path: Vec<&'a str>,
    /// Its scalar, without quotes and the comment behind it; empty if it has none.
    pub(super) value: &'a str,
    /// The offset of the scalar in bytes.
    pub(super) at: usize,
    /// Its line, from 1.
    pub(super) line: usize,
}

/// Returns the keys of all tables of `text`, in order.
pub(super) fn read(text: &str) -> Vec<YamlEntry<'_>> {
    /// Settings are nested no deeper.
    const DEEPEST: usize = 24;
    let mut entries = Vec::new();
    // The keys above the line, each with its indentation.
    let mut above: Vec<(usize, &str)> = Vec::new();
    for line in text::lines(text) {
        if line.body.starts_with("---") {
            above.clear();
            continue;
        }
        let bare = line.body.trim_start_matches(' ');
        let indent = line.body.len() - bare.len();
        let bare = bare.strip_prefix("- ").unwrap_or(bare);
        if bare.is_empty() || bare.starts_with('#') {
            continue;
        }
        let Some((key, value)) = entry(bare) else {
            continue;
        };
        above.retain(|(theirs, _)| *theirs < indent);
        if above.len() >= DEEPEST {
            continue;
        }
        above.push((indent, key));
        let value = scalar(value);
        entries.push(YamlEntry {
            path: above.iter().map(|(_, key)| *key).collect(),
            at: line.start + offset_in(line.body, value),
            value,
            line: line.number,
        });
    }
    entries
}

/// The offset of `part`, which is a slice of `whole`.
fn offset_in(whole: &str, part: &str) -> usize {
    (part.as_ptr() as usize)
        .saturating_sub(whole.as_ptr() as usize)
        .min(whole.len())
}

/// The key and the value of `key: value`.
fn entry(line: &str) -> Option<(&str, &str)> {
    /// Keys are shorter.
    const LONGEST: usize = 200;
    let line = line.trim_end();
    let quote = line.chars().next().filter(|it| ['"', '\''].contains(it));
    let (key, behind) = match quote {
        Some(quote) => line[1..].split_once(quote)?,
        None => {
            let end = line.find(": ").or_else(|| {
                let end = line.find(':')?;
                let behind = line.get(end + 1..)?.trim_start();
                (behind.is_empty() || behind.starts_with('#')).then_some(end)
            })?;
            line.split_at(end)
        }
    };
    let value = behind.trim_start().strip_prefix(':')?;
    let key = key.trim();
    (!key.is_empty() && key.len() <= LONGEST).then_some((key, value))
}

/// The scalar `value` without quotes and the comment behind it.
fn scalar(value: &str) -> &str {
    let value = value.trim();
    for quote in ['"', '\''] {
        if let Some(rest) = value.strip_prefix(quote) {
            return rest.split(quote).next().unwrap_or(rest);
        }
    }
    if value.starts_with('#') {
        return &value[..0];
    }
    value.split(" #").next().unwrap_or(value).trim_end()
}

#[cfg(test)]
mod tests;
