//! The known key that a misspelt one is meant to be.

use similar::get_close_matches;

/// The most characters of a key that is compared.
const LONGEST: usize = 40;

/// How alike two keys are that are taken for the same one: 1 is equal.
const LIKENESS: f32 = 0.7;

/// Returns the one of `known` that differs from `key` by few typing errors.
pub(super) fn nearest_key<'a>(key: &str, known: &[&'a str]) -> Option<&'a str> {
    if key.chars().count() > LONGEST {
        return None;
    }
    let key = key.to_lowercase();
    get_close_matches(key.as_str(), known, 1, LIKENESS).pop()
}

#[cfg(test)]
mod tests;
