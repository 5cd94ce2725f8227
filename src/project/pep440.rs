//! As much of PEP 440 as a comparison with one of our pinned releases needs: version specifiers against a version that
//! consists of numbers alone.

use std::cmp::Ordering;

/// Whether the comma-separated specifiers of `text` all admit `version` (digits and dots); an empty text admits all.
/// `Err` gives the part that is not a specifier.
pub fn admits(text: &str, version: &str) -> Result<bool, String> {
    let ours = numbers(version);
    let mut all = true;
    for part in text.split(',') {
        let part = part.trim();
        if part.is_empty() {
            if text.trim().is_empty() {
                continue;
            }
            return Err(part.to_owned());
        }
        all &= one(part, version, &ours).ok_or_else(|| part.to_owned())?;
    }
    Ok(all)
}

fn one(specifier: &str, version: &str, ours: &[u64]) -> Option<bool> {
    let operators = ["===", "==", "!=", "~=", ">=", "<=", ">", "<"];
    let operator = operators
        .iter()
        .find(|operator| specifier.starts_with(**operator))?;
    let theirs = specifier[operator.len()..].trim();
    if *operator == "===" {
        return Some(theirs == version);
    }
    if let Some(prefix) = theirs.strip_suffix(".*") {
        let prefix = Theirs::parse(prefix)?.release;
        let padded = ours.iter().copied().chain(std::iter::repeat(0));
        let same = padded.take(prefix.len()).eq(prefix);
        return match *operator {
            "==" => Some(same),
            "!=" => Some(!same),
            _ => None,
        };
    }
    let theirs = Theirs::parse(theirs)?;
    let order = theirs.compare_with(ours);
    match *operator {
        "==" => Some(order == Ordering::Equal),
        "!=" => Some(order != Ordering::Equal),
        ">=" => Some(order != Ordering::Less),
        "<=" => Some(order != Ordering::Greater),
        ">" => Some(order == Ordering::Greater),
        "<" => Some(order == Ordering::Less),
        _ => {
            // ~= 2.7.1 is >= 2.7.1, == 2.7.*
            let (_, prefix) = theirs
                .release
                .split_last()
                .filter(|(_, prefix)| !prefix.is_empty())?;
            let padded = ours.iter().copied().chain(std::iter::repeat(0));
            let same = padded.take(prefix.len()).eq(prefix.iter().copied());
            Some(order != Ordering::Less && same)
        }
    }
}

/// A version as a specifier names it.
struct Theirs {
    release: Vec<u64>,
    /// Where it stands beside its own release: before it (a, b, rc, dev), or after (post).
    beside: Ordering,
}

impl Theirs {
    fn parse(text: &str) -> Option<Self> {
        let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
        let public = text.split('+').next().unwrap_or_default();
        let end = public
            .find(|c: char| !c.is_ascii_digit() && c != '.')
            .unwrap_or(public.len());
        let (release, suffix) = public.split_at(end);
        let release = release.trim_end_matches('.');
        let release: Option<Vec<u64>> = release.split('.').map(|part| part.parse().ok()).collect();
        let suffix = suffix
            .trim_start_matches(['.', '-', '_'])
            .to_ascii_lowercase();
        let word = suffix.trim_end_matches(|c: char| c.is_ascii_digit() || ".-_".contains(c));
        let beside = match word {
            "" => Ordering::Equal,
            "post" | "rev" | "r" => Ordering::Greater,
            word if word
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || ".-_".contains(c)) =>
            {
                Ordering::Less
            }
            _ => return None,
        };
        Some(Self {
            release: release?,
            beside,
        })
    }

    /// How `ours` stands to this version.
    fn compare_with(&self, ours: &[u64]) -> Ordering {
        let length = ours.len().max(self.release.len());
        let part = |parts: &[u64], at: usize| parts.get(at).copied().unwrap_or(0);
        (0..length)
            .map(|at| part(ours, at).cmp(&part(&self.release, at)))
            .find(|order| *order != Ordering::Equal)
            .unwrap_or(self.beside.reverse())
    }
}

fn numbers(version: &str) -> Vec<u64> {
    version
        .split('.')
        .map(|part| part.parse().unwrap_or(0))
        .collect()
}

#[cfg(test)]
mod tests;
