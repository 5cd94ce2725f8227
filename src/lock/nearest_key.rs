//! The known key that a misspelt one is meant to be.

/// The most characters of a key that is compared.
const LONGEST: usize = 40;

/// Returns the one of `known` that differs from `key` by few typing errors.
pub(super) fn nearest_key<'a>(key: &str, known: &[&'a str]) -> Option<&'a str> {
    if key.chars().count() > LONGEST {
        return None;
    }
    let distance = |word: &&str| edit_distance(&key.to_lowercase(), word);
    let nearest = known.iter().min_by_key(|word| distance(word))?;
    let most = if nearest.len() > 4 { 3 } else { 2 };
    (distance(nearest) < most.min(nearest.len())).then_some(*nearest)
}

/// Returns how many characters must be inserted, removed, replaced, or exchanged with their neighbor to make `b` of `a`.
fn edit_distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows: Vec<Vec<usize>> = vec![(0..=b.len()).collect()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let replaced = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut least = replaced.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(rows[i - 2][j - 2] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests;
