//! How much of what is known is of one report only: the answers without the patterns that match a single source.

use std::collections::{BTreeSet, HashMap};

use super::*;
use crate::explain::normal::normal;
use crate::explain::pattern::{PatternMatcher, PatternSet};

/// The least percentage of public reports that must have their answer without such patterns.
const LEAST: usize = 75;

/// Returns the matcher of all patterns of problems, and whose each is: the problem, and its place there.
fn all_patterns(book: &Book) -> (PatternMatcher, Vec<(usize, usize)>) {
    let mut set = PatternSet::default();
    let mut owners = Vec::new();
    for (name, patterns) in &book.facts {
        set.add_fact(name, patterns).unwrap();
    }
    for (at, problem) in book.problems.iter().enumerate() {
        for (place, pattern) in problem.patterns.iter().enumerate() {
            set.add(pattern.trim_start_matches('~').trim_start())
                .unwrap();
            owners.push((at, place));
        }
    }
    (set.build(), owners)
}

#[test]
fn answers_do_not_depend_on_patterns_of_one_report() {
    let reports = public_reports();
    let (matcher, owners) = all_patterns(&BOOK);
    let mut sources: HashMap<(usize, usize), BTreeSet<&str>> = HashMap::new();
    for report in &reports {
        let text = normal(&plain::plain(&report.text));
        let codes: Vec<Reading> = scan::within(&text)
            .into_iter()
            .map(|code| code.reading)
            .collect();
        for hit in matcher.find(&text, &codes, &(0..0)).unwrap() {
            let owner = owners[hit.pattern];
            sources.entry(owner).or_default().insert(&report.source);
        }
    }
    let mut book = BOOK.clone();
    let mut dropped = 0;
    for (at, problem) in book.problems.iter_mut().enumerate() {
        let mut place = 0;
        problem.patterns.retain(|_| {
            let known = sources.get(&(at, place)).map_or(0, BTreeSet::len);
            place += 1;
            dropped += usize::from(known == 1);
            known != 1
        });
    }
    // Without the index: it knows each report.
    let ranker = Ranker::new(&book, &FINDINGS, SimilarReports::new(&[])).unwrap();
    let right = reports
        .iter()
        .filter(|report| {
            let request = request(&report.text, Os::Linux, Locale::En);
            answer(&request, &book, &FINDINGS, &ranker)
                .is_ok_and(|it| it.matches[0].id == report.entry)
        })
        .count();
    let percent = 100 * right / reports.len();
    println!(
        "{right} of {} reports ({percent} %) are answered without the {dropped} patterns that match one source",
        reports.len()
    );
    assert!(percent >= LEAST, "{percent} %");
}
