//! The order of packages in a list. npm sorts them as people do (`localeCompare` with `en`), others by their bytes.

use std::cmp::Ordering;

/// How many of `names` stand before `name`: in order where they are in one of both orders, else all of them.
pub(super) fn place<'a>(names: impl Iterator<Item = &'a str> + Clone, name: &str) -> usize {
    for order in [by_bytes, as_people_do] {
        if names.clone().is_sorted_by(|a, b| order(a, b).is_le()) {
            return names.filter(|it| order(it, name).is_lt()).count();
        }
    }
    names.count()
}

fn by_bytes(a: &str, b: &str) -> Ordering {
    a.cmp(b)
}

/// Signs, digits, letters; small letters before the same capital ones where nothing else tells names apart (Unicode UTS #10, for the
/// characters that names of packages have).
fn as_people_do(a: &str, b: &str) -> Ordering {
    const SIGNS: &str = "_-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$";
    let weight = |c: char| match SIGNS.find(c) {
        Some(at) => (0, at),
        None => (1, c.to_ascii_lowercase() as usize),
    };
    let small_first = |c: char| (c.to_ascii_lowercase(), c.is_ascii_uppercase());
    let weights = a.chars().map(weight).cmp(b.chars().map(weight));
    weights.then_with(|| a.chars().map(small_first).cmp(b.chars().map(small_first)))
}

#[cfg(test)]
mod tests;
