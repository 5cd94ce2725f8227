//! Finds which of many patterns a text matches, in one pass over it.
//!
//! A pattern is a list of parts joined by ` + `; all of them must hold:
//!
//! - `words` are in the text as whole words; `*` at an end lets the word continue
//! - `@name` is a fact of `manifests/facts.toml`, `@0x0357` an error code that the text contains
//! - `@same-version` and `@different-versions` compare the versions of client and server that the text names
//! - `!part` must not hold

mod grams;

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

use super::normal::normal;
use super::number::{self, Reading};
use super::versions::{self, VersionAgreement};
use grams::{GramSet, PartGrams};

/// In a long text the parts of a pattern must be at most this many bytes apart: an unrelated line proves nothing.
const WINDOW: usize = 3000;
/// Occurrences of a part that are kept: the first and the last ones.
const KEPT: usize = 8;

/// Patterns to look for.
#[derive(Debug, Default)]
pub struct PatternSet {
    parts: Vec<PatternPart>,
    known: HashMap<PatternPart, usize>,
    facts: Vec<Vec<Pattern>>,
    fact_names: BTreeMap<String, usize>,
    patterns: Vec<Pattern>,
}

/// Patterns, ready to be looked for in any number of texts.
#[derive(Debug)]
pub struct PatternMatcher {
    parts: Vec<PatternPart>,
    grams: Vec<PartGrams>,
    /// The patterns whose first words are each part.
    by_part: Vec<Vec<usize>>,
    /// The patterns without words.
    wordless: Vec<usize>,
    facts: Vec<Vec<Pattern>>,
    patterns: Vec<Pattern>,
}

/// A pattern that matches a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PatternHit {
    /// Its number.
    pub pattern: usize,
    /// The bytes of text that its words matched.
    pub length: usize,
    /// The number of conditions that had to hold.
    pub conditions: usize,
    /// One of them is an error code.
    pub with_code: bool,
    /// One of its words is in the root cause's line.
    pub in_root: bool,
}

#[derive(Clone, Debug, Default)]
struct Pattern {
    conditions: Vec<(Condition, bool)>,
}

#[derive(Clone, Copy, Debug)]
enum Condition {
    Words(usize),
    Fact(usize),
    Code(Reading),
    Versions(VersionAgreement),
}

/// Words that must be in the text, as whole words unless open at an end.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct PatternPart {
    text: String,
    open_before: bool,
    open_after: bool,
}

impl PatternSet {
    /// Adds a named fact that holds if one of `patterns` matches.
    ///
    /// # Errors
    ///
    /// Describes the pattern that cannot be parsed.
    pub fn add_fact(&mut self, name: &str, patterns: &[String]) -> Result<(), String> {
        let parsed = patterns
            .iter()
            .map(|pattern| self.parse(pattern))
            .collect::<Result<_, _>>()?;
        self.fact_names.insert(name.to_owned(), self.facts.len());
        self.facts.push(parsed);
        Ok(())
    }

    /// Adds a pattern; patterns are numbered from 0 in the order of these calls.
    ///
    /// # Errors
    ///
    /// Describes why it cannot be parsed.
    pub fn add(&mut self, pattern: &str) -> Result<(), String> {
        let parsed = self.parse(pattern)?;
        self.patterns.push(parsed);
        Ok(())
    }

    /// Adds `text` as one part, whatever it contains.
    pub fn add_words(&mut self, text: &str) {
        let words = self.words(text);
        self.patterns.push(Pattern {
            conditions: vec![(words, true)],
        });
    }

    fn parse(&mut self, pattern: &str) -> Result<Pattern, String> {
        let mut conditions = Vec::new();
        for part in pattern.split(" + ") {
            let (part, wanted) = part
                .strip_prefix('!')
                .map_or((part, true), |part| (part, false));
            if part.trim_matches('*').contains('*') {
                return Err(format!("`*` inside `{part}`"));
            }
            let condition = match part.strip_prefix('@') {
                Some(code) if code.starts_with("0x") => number::readings(code)
                    .first()
                    .map(|reading| Condition::Code(*reading))
                    .ok_or_else(|| format!("invalid code in `{pattern}`"))?,
                Some("same-version") => Condition::Versions(VersionAgreement::Same),
                Some("different-versions") => Condition::Versions(VersionAgreement::Different),
                Some(name) if name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-') => self
                    .fact_names
                    .get(name)
                    .map(|at| Condition::Fact(*at))
                    .ok_or_else(|| format!("unknown fact in `{pattern}`"))?,
                Some(_) | None => self.words(part),
            };
            conditions.push((condition, wanted));
        }
        if !conditions.iter().any(|(_, wanted)| *wanted) {
            return Err(format!("`{pattern}` requires nothing"));
        }
        Ok(Pattern { conditions })
    }

    fn words(&mut self, part: &str) -> Condition {
        let (part, open_before) = part.strip_prefix('*').map_or((part, false), |p| (p, true));
        let (part, open_after) = part.strip_suffix('*').map_or((part, false), |p| (p, true));
        let part = PatternPart {
            text: normal(part),
            open_before,
            open_after,
        };
        let next = self.parts.len();
        let at = *self.known.entry(part.clone()).or_insert(next);
        if at == next {
            self.parts.push(part);
        }
        Condition::Words(at)
    }

    /// Returns the patterns, ready for matching.
    pub fn build(self) -> PatternMatcher {
        let mut by_part = vec![Vec::new(); self.parts.len()];
        let mut wordless = Vec::new();
        for (at, pattern) in self.patterns.iter().enumerate() {
            let words = pattern
                .conditions
                .iter()
                .find_map(|condition| match condition {
                    (Condition::Words(part), true) => Some(*part),
                    (
                        Condition::Words(_)
                        | Condition::Fact(_)
                        | Condition::Code(_)
                        | Condition::Versions(_),
                        _,
                    ) => None,
                });
            match words {
                Some(part) => by_part[part].push(at),
                None => wordless.push(at),
            }
        }
        let grams = self.parts.iter().map(|part| PartGrams::of(&part.text));
        PatternMatcher {
            grams: grams.collect(),
            by_part,
            wordless,
            parts: self.parts,
            facts: self.facts,
            patterns: self.patterns,
        }
    }
}

/// What one text contains.
struct Seen<'a> {
    places: HashMap<usize, Vec<usize>>,
    facts: Vec<bool>,
    codes: &'a [Reading],
    root: &'a Range<usize>,
    versions: Option<VersionAgreement>,
    long: bool,
}

impl PatternMatcher {
    /// Returns the patterns that `text` matches. `text` is in normal form, `root` is its root cause.
    ///
    /// # Errors
    ///
    /// Describes why the automaton cannot be built.
    pub fn find(
        &self,
        text: &str,
        codes: &[Reading],
        root: &Range<usize>,
    ) -> Result<Vec<PatternHit>, String> {
        let mut seen = Seen {
            places: self.places(text)?,
            facts: Vec::new(),
            codes,
            root,
            versions: versions::compare(text),
            long: text.len() > 2 * WINDOW,
        };
        for patterns in &self.facts {
            let holds = patterns
                .iter()
                .any(|pattern| self.check(pattern, &seen).is_some());
            seen.facts.push(holds);
        }
        let present = seen.places.keys().flat_map(|part| &self.by_part[*part]);
        let mut possible: Vec<usize> = present.chain(&self.wordless).copied().collect();
        possible.sort_unstable();
        Ok(possible
            .into_iter()
            .filter_map(|at| {
                let hit = self.check(&self.patterns[at], &seen)?;
                Some(PatternHit { pattern: at, ..hit })
            })
            .collect())
    }

    /// Returns where each part is in `text`. An automaton of all parts takes longer to build than the search in most texts; most
    /// parts have letters in a row that the text has not, and are left out of it.
    fn places(&self, text: &str) -> Result<HashMap<usize, Vec<usize>>, String> {
        let grams = GramSet::of(text);
        let possible: Vec<usize> = (0..self.parts.len())
            .filter(|at| grams.may_contain(&self.grams[*at]))
            .collect();
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .kind(Some(AhoCorasickKind::NoncontiguousNFA))
            .build(possible.iter().map(|at| &self.parts[*at].text))
            .map_err(|error| error.to_string())?;
        let mut places: HashMap<usize, Vec<usize>> = HashMap::new();
        for hit in automaton.find_overlapping_iter(text) {
            let at = possible[hit.pattern().as_usize()];
            if self.parts[at].is_whole(text, hit.start(), hit.end()) {
                let known = places.entry(at).or_default();
                if known.len() == KEPT {
                    known.remove(KEPT / 2);
                }
                known.push(hit.start());
            }
        }
        Ok(places)
    }

    /// Returns the match of `pattern`, or `None` if a condition does not hold.
    fn check(&self, pattern: &Pattern, seen: &Seen<'_>) -> Option<PatternHit> {
        let mut hit = PatternHit {
            pattern: 0,
            length: 0,
            conditions: pattern.conditions.len(),
            with_code: false,
            in_root: false,
        };
        let mut places: Vec<&Vec<usize>> = Vec::new();
        for (condition, wanted) in &pattern.conditions {
            let holds = match condition {
                Condition::Words(at) => seen.places.contains_key(at),
                Condition::Fact(at) => seen.facts.get(*at).copied().unwrap_or(false),
                Condition::Code(reading) => seen.codes.contains(reading),
                Condition::Versions(agreement) => seen.versions == Some(*agreement),
            };
            if holds != *wanted {
                return None;
            }
            if !wanted {
                continue;
            }
            match condition {
                Condition::Words(at) => {
                    hit.length += self.parts[*at].text.len();
                    if let Some(at) = seen.places.get(at) {
                        hit.in_root |= at.iter().any(|at| seen.root.contains(at));
                        places.push(at);
                    }
                }
                Condition::Fact(_) | Condition::Versions(_) => hit.length += 4,
                Condition::Code(_) => hit.with_code = true,
            }
        }
        (!seen.long || are_close(&places)).then_some(hit)
    }
}

/// Returns whether one occurrence of each part is near one of the first part.
fn are_close(places: &[&Vec<usize>]) -> bool {
    let Some((first, others)) = places.split_first() else {
        return true;
    };
    first.iter().any(|start| {
        others
            .iter()
            .all(|places| places.iter().any(|at| at.abs_diff(*start) <= WINDOW))
    })
}

impl PatternPart {
    /// Returns whether the hit from `start` to `end` is a whole word where it must be.
    fn is_whole(&self, text: &str, start: usize, end: usize) -> bool {
        let word =
            |byte: Option<&u8>| byte.is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_');
        let bytes = text.as_bytes();
        let before = start.checked_sub(1).and_then(|at| bytes.get(at));
        let glued_before = word(bytes.get(start)) && word(before);
        let glued_after =
            word(end.checked_sub(1).and_then(|at| bytes.get(at))) && word(bytes.get(end));
        (self.open_before || !glued_before) && (self.open_after || !glued_after)
    }
}

#[cfg(test)]
mod tests;
