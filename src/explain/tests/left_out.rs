//! How much of what is known is of one report only: the answers without the patterns that match a single source.

use std::collections::{BTreeSet, HashMap};

use super::*;
use crate::explain::normal::normal;
use crate::explain::pattern::{PatternMatcher, PatternSet};

/// The least percentage of public reports that must have their answer without such patterns, and without themselves in the index.
const LEAST: usize = 83;
/// The most percentage of unrelated texts that may have an answer if they are not in the index.
const MOST_ANSWERED: usize = 25;
/// The similarity from which a text of the index is the text itself.
const COPY: f32 = 0.99;

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
    // The index knows each report: it is left out, too.
    let similar = SimilarReports::built_in().below(COPY);
    let ranker = Ranker::new(&book, &FINDINGS, similar).unwrap();
    let (mut right, mut unknown) = (0, 0);
    for report in &reports {
        let request = request(&report.text, Os::Linux, Locale::En);
        let found = answer(&request, &book, &FINDINGS, &ranker);
        unknown += usize::from(found.is_err());
        right += usize::from(found.is_ok_and(|it| it.matches[0].id == report.entry));
    }
    let (count, percent) = (reports.len(), 100 * right / reports.len());
    println!(
        "{right} of {count} reports ({percent} %) are answered without the {dropped} patterns that match one source; \
         {unknown} are unknown"
    );
    assert!(percent >= LEAST, "{percent} %");
}

#[test]
fn left_out_texts_of_other_products_are_mostly_unknown() {
    let similar = SimilarReports::built_in().below(COPY);
    let ranker = Ranker::new(&BOOK, &FINDINGS, similar).unwrap();
    let texts = unrelated_texts();
    let is_known = |text: &&String| {
        let request = request(text, Os::Linux, Locale::En);
        answer(&request, &BOOK, &FINDINGS, &ranker).is_ok()
    };
    let known = texts.iter().filter(is_known).count();
    println!("{known} of {} unrelated texts are answered", texts.len());
    assert!(100 * known <= MOST_ANSWERED * texts.len(), "{known}");
}
