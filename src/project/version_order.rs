//! How a version that a manifest asks for stands to ours, whatever the format: which one is newer decides whether `--upgrade`
//! may replace it.

use std::cmp::Ordering;

/// Returns how the newest version that `asked` names compares with `ours`: `>=2.0,<2.7` and `~2.6` are less than `2.8.10`. `None` where
/// it names none, or ours itself (`!=2.8.10`).
pub fn compare_newest(asked: &str, ours: &str) -> Option<Ordering> {
    let ours = numbers(ours);
    let words = asked.split(|c: char| c.is_whitespace() || ",|[]()".contains(c));
    words
        .filter(|word| !word.starts_with("!="))
        .filter_map(|word| {
            let operator = &word[..word.len()
                - word
                    .trim_start_matches(['<', '>', '=', '~', '^', '!'])
                    .len()];
            let version = word[operator.len()..].trim_start_matches(['v', 'V']);
            if !version.starts_with(|c: char| c.is_ascii_digit()) {
                return None;
            }
            let parts = numbers(version);
            let length = parts.len().max(ours.len());
            let part = |list: &[u64], at: usize| list.get(at).copied().unwrap_or(0);
            let order = (0..length)
                .map(|at| part(&parts, at).cmp(&part(&ours, at)))
                .find(|order| *order != Ordering::Equal);
            Some((order.unwrap_or(Ordering::Equal), operator == "<", parts))
        })
        .max_by(|a, b| a.2.cmp(&b.2))
        .and_then(|(order, below, _)| match order {
            Ordering::Equal if below => Some(Ordering::Less),
            Ordering::Equal => None,
            order => Some(order),
        })
}

/// `v3.10.0-rc1` as 3, 10, 0; what does not fit counts as nothing.
fn numbers(version: &str) -> Vec<u64> {
    let version = version.trim_start_matches(['v', 'V']);
    let end = version.find(|c: char| !c.is_ascii_digit() && c != '.');
    version[..end.unwrap_or(version.len())]
        .split('.')
        .filter(|part| !part.is_empty())
        .map(|part| part.parse().unwrap_or(0))
        .collect()
}

#[cfg(test)]
mod tests;
