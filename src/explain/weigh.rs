//! Which entries fit a query, and which fits best.

use std::collections::HashMap;

use super::book::{Book, Cause};
use super::findings::Findings;
use super::normal::normal;
use super::number::Reading;
use super::phrases::{Finder, Phrases};
use super::scan;
use crate::error::Result;

/// What a code in the text weighs: more than any phrase, unless it says little.
const PRECISE: usize = 1000;
/// A code that says little: less than any phrase of a problem, and less than another code's own words, where they are long.
const VAGUE: usize = 90;
/// The words of a code, before their length is added.
const WORDS: usize = 70;
/// A phrase of a problem, before its length is added.
const PHRASE: usize = 100;
/// An id of ours in the text: it was printed by this program.
const OWN_ID: usize = 2000;
/// How many entries are named at most.
const SHOWN: usize = 6;

/// An entry, by its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Item {
    /// The code `code` of the cause `cause`.
    Code {
        /// Index in [`Book::causes`].
        cause: usize,
        /// Index in its codes.
        code: usize,
    },
    /// Index in [`Findings`].
    Finding(usize),
    /// Index in [`Book::problems`].
    Problem(usize),
}

/// Everything that is known, ready to be weighed against queries.
pub(super) struct Scale<'a> {
    book: &'a Book,
    findings: &'a Findings,
    by_number: HashMap<Reading, Item>,
    phrases: Finder,
    /// The entry of each phrase, and what the phrase weighs before its length is added.
    owners: Vec<(Item, usize)>,
}

impl<'a> Scale<'a> {
    /// A scale for the entries of `book` and `findings`.
    pub(super) fn new(book: &'a Book, findings: &'a Findings) -> Result<Self> {
        let (phrases, owners) = phrases(book, findings);
        Ok(Self {
            book,
            findings,
            by_number: by_number(book),
            phrases: phrases.build()?,
            owners,
        })
    }

    /// The entries that fit `query`, the best first, and how many of them answer it.
    pub(super) fn weigh(&self, query: &str) -> (Vec<Item>, usize) {
        let text = normal(query);
        let text = text.trim();
        let id = text.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
        if let Some(items) = by_id(&id, self.book, self.findings) {
            return (items, 1);
        }
        if let Some(readings) = scan::alone(text) {
            // `error 126` is a problem of Windows before it is a code of TDengine.
            let problem = |(item, weight): &(Item, usize)| {
                matches!(item, Item::Problem(_)) && *weight > PHRASE
            };
            let mut items: Vec<Item> = self
                .heard(text)
                .into_iter()
                .filter(problem)
                .map(|(item, _)| item)
                .collect();
            items.sort_by_key(|item| order(*item));
            for item in readings
                .iter()
                .filter_map(|reading| self.by_number.get(reading))
            {
                if !items.contains(item) {
                    items.push(*item);
                }
            }
            let answers = items.len();
            return (items, answers);
        }
        let mut scores: HashMap<Item, usize> = HashMap::new();
        // Only TDengine's own numbers are sure; others say little, and more than one of them says less.
        for reading in scan::within(text) {
            if let Some(item) = self.by_number.get(&reading) {
                let Item::Code { cause, .. } = *item else {
                    continue;
                };
                let precise = !self.book.causes[cause].vague && matches!(reading, Reading::Code(_));
                let at = scores.len();
                *scores.entry(*item).or_default() +=
                    if precise { PRECISE - at.min(60) } else { VAGUE };
            }
        }
        for (item, weight) in self.heard(text) {
            let best = scores.entry(item).or_default();
            *best += weight;
        }
        let mut ranked: Vec<(Item, usize)> = scores.into_iter().collect();
        ranked.sort_by_key(|(item, score)| (std::cmp::Reverse(*score), order(*item)));
        let floor = ranked.first().map_or(0, |(_, score)| score / 5);
        let items: Vec<Item> = ranked
            .into_iter()
            .filter(|(_, score)| *score >= floor)
            .map(|(item, _)| item)
            .take(SHOWN)
            .collect();
        let answers = items.len().min(1);
        (items, answers)
    }

    /// The entries of which `text` holds a phrase, with what the heaviest one weighs.
    fn heard(&self, text: &str) -> HashMap<Item, usize> {
        let mut best: HashMap<Item, usize> = HashMap::new();
        for (phrase, length) in self.phrases.found(text) {
            let (item, weight) = self.owners[phrase];
            let known = best.entry(item).or_default();
            *known = (*known).max(weight + length);
        }
        best
    }
}

/// All entries: codes, then findings, then problems.
pub(super) fn all(book: &Book, findings: &Findings) -> Vec<Item> {
    codes(book)
        .map(|(item, _, _)| item)
        .chain((0..findings.count()).map(Item::Finding))
        .chain((0..book.problems.len()).map(Item::Problem))
        .collect()
}

/// The sources and codes of the entries that lead to the finding `id`.
pub(super) fn around_finding(id: &str, book: &Book) -> (Vec<String>, Vec<String>) {
    let named = |findings: &[String]| findings.iter().any(|known| known == id);
    let mut sources: Vec<String> = Vec::new();
    let problems = book
        .problems
        .iter()
        .filter(|problem| named(&problem.findings));
    let causes = book.causes.iter().filter(|cause| named(&cause.findings));
    for source in problems
        .flat_map(|problem| &problem.sources)
        .chain(causes.flat_map(|cause| &cause.sources))
    {
        if !sources.contains(source) {
            sources.push(source.clone());
        }
    }
    (sources, codes_of(&[id.to_owned()], book))
}

/// The ids of the codes that lead to one of `findings`.
pub(super) fn codes_of(findings: &[String], book: &Book) -> Vec<String> {
    codes(book)
        .filter(|(_, cause, _)| cause.findings.iter().any(|id| findings.contains(id)))
        .map(|(_, cause, reading)| reading.id(cause.family))
        .collect()
}

fn codes(book: &Book) -> impl Iterator<Item = (Item, &Cause, Reading)> {
    book.causes.iter().enumerate().flat_map(|(cause, entry)| {
        entry
            .codes
            .iter()
            .enumerate()
            .filter_map(move |(code, (text, _))| {
                let reading = Reading::of_manifest(entry.family, text)?;
                Some((Item::Code { cause, code }, entry, reading))
            })
    })
}

fn by_number(book: &Book) -> HashMap<Reading, Item> {
    codes(book)
        .map(|(item, _, reading)| (reading, item))
        .collect()
}

/// The entry whose id is `id`, and after it those that lead to the same finding.
fn by_id(id: &str, book: &Book, findings: &Findings) -> Option<Vec<Item>> {
    let about = |at: &usize| book.problems[*at].findings.iter().any(|known| known == id);
    let mut items: Vec<Item> = findings
        .position(id)
        .map(Item::Finding)
        .into_iter()
        .collect();
    items.extend(
        book.problems
            .iter()
            .position(|problem| problem.id == id)
            .map(Item::Problem),
    );
    for at in (0..book.problems.len()).filter(about) {
        if !items.contains(&Item::Problem(at)) {
            items.push(Item::Problem(at));
        }
    }
    if items.is_empty() {
        let cause = book
            .causes
            .iter()
            .position(|cause| cause.findings.iter().any(|known| known == id));
        items.extend(cause.map(|cause| Item::Code { cause, code: 0 }));
    }
    items.truncate(SHOWN);
    (!items.is_empty()).then_some(items)
}

/// Every phrase that is known; for each the entry that it belongs to, and what it weighs.
fn phrases(book: &Book, findings: &Findings) -> (Phrases, Vec<(Item, usize)>) {
    let mut all = Phrases::default();
    let mut owners: Vec<(Item, usize)> = Vec::new();
    for (at, problem) in book.problems.iter().enumerate() {
        for pattern in &problem.patterns {
            all.add(pattern);
            owners.push((Item::Problem(at), if problem.vague { 0 } else { PHRASE }));
        }
    }
    for (item, cause, _) in codes(book) {
        let Item::Code { code, .. } = item else {
            continue;
        };
        let says = &cause.codes[code].1;
        // A word or two such as "Not found" are in too many texts.
        if says.len() >= 12 {
            all.add(says);
            owners.push((item, if cause.vague { 10 } else { WORDS }));
        }
    }
    for at in 0..findings.count() {
        all.add(&format!("[{}]", findings.get(at).0));
        owners.push((Item::Finding(at), OWN_ID));
    }
    (all, owners)
}

/// The order of entries that weigh the same.
const fn order(item: Item) -> (u8, usize, usize) {
    match item {
        Item::Problem(at) => (0, at, 0),
        Item::Code { cause, code } => (1, cause, code),
        Item::Finding(at) => (2, at, 0),
    }
}
