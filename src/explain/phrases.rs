//! Which of many phrases a text holds, in one pass over it.

use std::collections::HashMap;

use aho_corasick::{AhoCorasick, MatchKind};

use super::normal::normal;
use crate::error::{Error, ErrorId, Result};

/// Phrases to look for. A phrase is one part, or several that must all be there.
#[derive(Debug, Default)]
pub struct Phrases {
    parts: Vec<Part>,
    known: HashMap<Part, usize>,
    phrases: Vec<Vec<usize>>,
}

/// Phrases, ready to be looked for in any number of texts.
#[derive(Debug)]
pub struct Finder {
    automaton: AhoCorasick,
    parts: Vec<Part>,
    phrases: Vec<Vec<usize>>,
}

/// What must stand in the text, as whole words unless it is open at an end.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Part {
    text: String,
    open_before: bool,
    open_after: bool,
}

impl Phrases {
    /// Adds a phrase in the manifest's notation and gives its number, counted from 0.
    pub fn add(&mut self, phrase: &str) -> usize {
        let parts = phrase
            .split(" + ")
            .map(|part| {
                let (part, open_before) =
                    part.strip_prefix('*').map_or((part, false), |p| (p, true));
                let (part, open_after) =
                    part.strip_suffix('*').map_or((part, false), |p| (p, true));
                self.part(Part {
                    text: normal(part),
                    open_before,
                    open_after,
                })
            })
            .collect();
        self.phrases.push(parts);
        self.phrases.len() - 1
    }

    fn part(&mut self, part: Part) -> usize {
        if let Some(at) = self.known.get(&part) {
            return *at;
        }
        let at = self.parts.len();
        self.parts.push(part.clone());
        self.known.insert(part, at);
        at
    }

    /// The phrases, ready for use.
    pub fn build(self) -> Result<Finder> {
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .build(self.parts.iter().map(|part| &part.text))
            .map_err(|error| {
                Error::new(
                    ErrorId::Unexpected,
                    "prepare the built-in patterns",
                    error.to_string(),
                    "report this as a bug of taos-setup",
                )
            })?;
        Ok(Finder {
            automaton,
            parts: self.parts,
            phrases: self.phrases,
        })
    }
}

impl Finder {
    /// The numbers of the phrases that `text` holds, each with the count of bytes that it matched; `text` is normal.
    pub fn found(&self, text: &str) -> Vec<(usize, usize)> {
        let mut there = vec![false; self.parts.len()];
        for hit in self.automaton.find_overlapping_iter(text) {
            let at = hit.pattern().as_usize();
            if !there[at] && self.parts[at].stands(text, hit.start(), hit.end()) {
                there[at] = true;
            }
        }
        let all = |parts: &&Vec<usize>| parts.iter().all(|part| there[*part]);
        let weight =
            |parts: &Vec<usize>| parts.iter().map(|part| self.parts[*part].text.len()).sum();
        self.phrases
            .iter()
            .enumerate()
            .filter(|(_, parts)| all(parts))
            .map(|(at, parts)| (at, weight(parts)))
            .collect()
    }
}

impl Part {
    /// Whether the hit from `start` to `end` stands alone where it must.
    fn stands(&self, text: &str, start: usize, end: usize) -> bool {
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
