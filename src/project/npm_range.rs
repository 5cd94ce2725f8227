//! npm's version ranges (github.com/npm/node-semver, "Ranges") against a version that consists of three numbers.

type Triple = [u64; 3];

/// Whether `range` admits `version`; `None` if `range` is not a range of versions: a tag, an address, a path.
pub(in crate::project) fn admits(range: &str, version: &str) -> Option<bool> {
    let ours = parse(version).and_then(|parts| triple(&parts, 3))?;
    let mut any = false;
    for alternative in range.split("||") {
        any |= all_of(alternative.trim(), ours)?;
    }
    Some(any)
}

/// Whether `range` names one version alone.
pub(super) fn is_exact(range: &str) -> bool {
    let bare = range.trim().trim_start_matches(['=', 'v', ' ']);
    parse(bare).is_some_and(|parts| parts.iter().flatten().count() == 3)
}

fn all_of(text: &str, ours: Triple) -> Option<bool> {
    if let Some((low, high)) = text.split_once(" - ") {
        let low = parse(low.trim())?;
        let high = parse(high.trim())?;
        let above = ours >= floor(&low);
        return Some(above && ceiling(&high).is_none_or(|end| ours < end));
    }
    let mut all = true;
    let mut words = text.split_whitespace();
    let mut next = words.next();
    while let Some(word) = next {
        // `>= 1.2` is written with a space, too.
        let mut comparator = word.to_owned();
        if word.chars().all(|c| "<>=~^".contains(c)) {
            comparator.push_str(words.next()?);
        }
        all &= one(&comparator, ours)?;
        next = words.next();
    }
    Some(all)
}

fn one(comparator: &str, ours: Triple) -> Option<bool> {
    let operators = [">=", "<=", "~>", ">", "<", "=", "~", "^"];
    let operator = operators.iter().find(|it| comparator.starts_with(**it));
    let operator = operator.copied().unwrap_or_default();
    let parts = parse(comparator.get(operator.len()..)?.trim())?;
    let low = floor(&parts);
    let high = ceiling(&parts);
    let below = |end: Option<Triple>| end.is_none_or(|end| ours < end);
    let release = comparator.split('+').next().unwrap_or_default();
    Some(match operator {
        // A pre-release alone is not its release.
        "" | "=" if release.contains('-') => false,
        ">=" => ours >= low,
        "<" => ours < low,
        ">" => high.is_some_and(|end| ours >= end),
        "<=" => below(high),
        "~" | "~>" => {
            let given = parts.iter().flatten().count();
            let end = match given {
                0 => None,
                1 => Some([low[0] + 1, 0, 0]),
                _ => Some([low[0], low[1] + 1, 0]),
            };
            ours >= low && below(end)
        }
        "^" => {
            let given = parts.iter().flatten().count();
            let end = match low {
                _ if given == 0 => None,
                [0, 0, _] if given == 1 => Some([1, 0, 0]),
                [0, 0, _] if given == 2 => Some([0, 1, 0]),
                [0, 0, patch] => Some([0, 0, patch + 1]),
                [0, minor, _] => Some([0, minor + 1, 0]),
                [major, ..] => Some([major + 1, 0, 0]),
            };
            ours >= low && below(end)
        }
        _ => ours >= low && below(high),
    })
}

/// The lowest version that the parts name.
fn floor(parts: &[Option<u64>; 3]) -> Triple {
    parts.map(|part| part.unwrap_or(0))
}

/// The lowest version above all that the parts name; `None` where they name all.
fn ceiling(parts: &[Option<u64>; 3]) -> Option<Triple> {
    match *parts {
        [None, ..] => None,
        [Some(major), None, _] => Some([major + 1, 0, 0]),
        [Some(major), Some(minor), None] => Some([major, minor + 1, 0]),
        [Some(major), Some(minor), Some(patch)] => Some([major, minor, patch + 1]),
    }
}

/// `1.2.x` as 1, 2 and anything. A pre-release counts as its release: none of ours is one, so in a range it does not matter.
fn parse(text: &str) -> Option<[Option<u64>; 3]> {
    let text = text.trim_start_matches(['v', '=']);
    let text = text.split(['-', '+']).next().unwrap_or_default();
    let mut parts = [None; 3];
    if text.is_empty() {
        return Some(parts);
    }
    let mut words = text.split('.');
    for part in &mut parts {
        match words.next() {
            None | Some("x" | "X" | "*") => break,
            Some(word) => *part = Some(word.parse().ok().filter(|it| *it < 1 << 50)?),
        }
    }
    words
        .all(|word| matches!(word, "x" | "X" | "*"))
        .then_some(parts)
}

fn triple(parts: &[Option<u64>; 3], given: usize) -> Option<Triple> {
    (parts.iter().flatten().count() == given).then(|| floor(parts))
}

#[cfg(test)]
mod tests;
