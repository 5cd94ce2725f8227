//! Maven's version ranges, `[3.2,3.3)`, against a version that consists of numbers alone
//! (maven.apache.org/pom.html, "Dependency Version Requirement Specification").

/// Whether one of the ranges of `text` admits `version`; `None` where `text` is a plain version.
pub(in crate::project) fn admits(text: &str, version: &str) -> Option<bool> {
    if !text.starts_with(['[', '(']) {
        return None;
    }
    let ours = numbers(version);
    let mut rest = text;
    while let Some(end) = rest.find([']', ')']) {
        let range = rest.get(..=end).unwrap_or_default();
        if admits_one(range, &ours) {
            return Some(true);
        }
        rest = rest.get(end + 1..).unwrap_or_default();
        rest = rest.trim_start_matches([',', ' ']);
    }
    Some(false)
}

fn admits_one(range: &str, ours: &[u64]) -> bool {
    let inside = range.trim_matches(['[', ']', '(', ')']);
    let Some((low, high)) = inside.split_once(',') else {
        return numbers(inside) == ours;
    };
    let (low, high) = (low.trim(), high.trim());
    let above = low.is_empty()
        || numbers(low).as_slice() < ours
        || range.starts_with('[') && numbers(low) == ours;
    let below = high.is_empty()
        || numbers(high).as_slice() > ours
        || range.ends_with(']') && numbers(high) == ours;
    above && below
}

/// `3.2.0` as 3.2, so that both compare as equal. A part that is not a number counts as 0.
fn numbers(version: &str) -> Vec<u64> {
    let mut numbers: Vec<u64> = version
        .split('.')
        .map(|part| part.parse().unwrap_or(0))
        .collect();
    while numbers.last() == Some(&0) {
        numbers.pop();
    }
    numbers
}

#[cfg(test)]
mod tests;
