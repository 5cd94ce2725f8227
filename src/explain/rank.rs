//! Ranks the entries that fit a query.

use std::collections::HashMap;
use std::ops::Range;

use super::book::{Book, CodeCause, CodeFamily, Tier, damaged};
use super::findings::Findings;
use super::normal::normal;
use super::number::{self, Reading};
use super::pattern::{PatternMatcher, PatternSet};
use super::plain::{respelled, unwrapped};
use super::scan::{self, FoundCode};
use super::similar::SimilarReports;
use super::similar::index::NO_ENTRY;
use crate::error::Result;

/// A code that has a form which only TDengine prints.
const SURE_CODE: usize = 350;
/// A decimal number after the word `code`.
const LIKELY_CODE: usize = 260;
/// A generic code, or one that other words follow than its own: less than any message of a problem.
const VAGUE_CODE: usize = 120;
/// A generic code that other words follow than its own.
const EMPTY_CODE: usize = 60;
/// The message of a code, without the number.
const CODE_WORDS: usize = 190;
/// The message of a generic code.
const VAGUE_WORDS: usize = 90;
/// The most of a pattern that starts with `~ `: it combines general words, so that anything else is more precise.
const WEAK: usize = 70;
/// The most of a pattern that starts with `~~ `: it names a topic, so that any other general words are more precise.
const FAINT: usize = 30;
/// The most that the length of a match adds.
const LENGTH: usize = 110;
/// A match of each further condition of a pattern.
const CONDITION: usize = 25;
/// The same of a pattern whose base is at most that of general words.
const WEAK_CONDITION: usize = 10;
/// A code among the conditions: the pattern is more precise than the code.
const WITH_CODE: usize = 150;
/// A match in the line of the root cause.
const IN_ROOT: usize = 60;
/// What the similarity to known reports, from 0 to about 1, adds to the score of an entry.
const SIMILAR: f32 = 400.0;
/// The similarity from which it is an answer of its own.
const CONFIDENT: f32 = 0.1;
/// The best score of a text that its messages hardly decide: similar reports may lead to other entries.
const FEEBLE: usize = 140;
/// The similarity from which they do.
const CONVINCING: f32 = 0.2;
/// The similarity to a text of another product from which a text is about that product.
const FOREIGN: f32 = 1.0;
/// What the similarity is worth in the score of an entry that no message of the text leads to.
const SIMILAR_ALONE: f32 = 300.0;
/// The score of a message that is decisive, whatever reports are similar.
const DECISIVE: usize = 200;
/// The similar entries that are considered.
const CONSIDERED: usize = 8;
/// The most characters of a text whose message, if it has one, says more than what it is similar to.
const BRIEF: usize = 60;
/// The most characters of a question that is about TDengine if it names no product.
const QUESTION: usize = 120;
/// An id of this program in the text.
const OWN_ID: usize = 2000;
/// The least score of an answer; less is an answer only in a short text or one that names TDengine.
const THRESHOLD: usize = 70;
/// The most characters of a text that is short enough for a vague match.
const SHORT: usize = 80;
/// Messages of codes that other programs print, too.
const GENERAL: [&str; 4] = [
    "Internal error",
    "Out of range",
    "Invalid message",
    "Invalid pointer",
];
/// The message that TDengine 2 puts before the detail of any code of its parser.
const LEADING: &str = "Invalid operation";
/// The least bytes of a message that only TDengine prints.
const OWN_MESSAGE: usize = 30;
/// Facts that tell nothing of a failure.
const SURROUNDINGS: [&str; 3] = ["@tdengine", "@wants-help", "@question"];
/// The bytes beside a code in which its message is expected.
const MESSAGE: usize = 60;
/// The most entries that are named.
const SHOWN: usize = 6;
/// The most entries that an unknown text is compared with.
pub const NEAREST: usize = 3;

/// An entry, by its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EntryKey {
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

/// What a pattern proves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PatternOwner {
    /// The text is about TDengine.
    Tdengine,
    /// The text is about another product.
    OtherProduct,
    /// The text reports a trouble or asks a question.
    Trouble,
    /// An entry fits, with this base score.
    Entry(EntryKey, usize, Voice),
}

/// Whose words a pattern has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Voice {
    /// A program's: what it prints.
    Program,
    /// A user's: several Chinese words that tell what happened, which no program prints.
    User,
    /// Of either, or of both.
    Either,
}

/// The entries for a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ranking {
    /// Entries that fit, the best first, and how many of them answer the query.
    Known(Vec<EntryKey>, usize),
    /// No message is known, and reports that led to these entries are similar.
    Similar(Vec<EntryKey>),
    /// No entry fits; these are the nearest.
    Unknown(Vec<EntryKey>),
}

/// All entries, ready to be matched against queries.
pub struct Ranker<'a> {
    book: &'a Book,
    findings: &'a Findings,
    by_number: HashMap<Reading, EntryKey>,
    matcher: PatternMatcher,
    /// What each pattern proves.
    owners: Vec<PatternOwner>,
    similar: SimilarReports<'a>,
}

/// A pattern that matched, with its entry.
struct Scored {
    key: EntryKey,
    score: usize,
    voice: Voice,
}

/// The subject of a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Subject {
    is_tdengine: bool,
    is_other_product: bool,
    has_trouble: bool,
}

impl Subject {
    /// Returns whether the text shows another product and nothing of TDengine.
    const fn is_foreign(self) -> bool {
        self.is_other_product && !self.is_tdengine
    }
}

impl<'a> Ranker<'a> {
    /// Prepares the entries of `book` and `findings`.
    ///
    /// # Errors
    ///
    /// `unexpected` if a pattern is damaged; a test builds all of them.
    pub fn new(
        book: &'a Book,
        findings: &'a Findings,
        similar: SimilarReports<'a>,
    ) -> Result<Self> {
        let (patterns, owners) =
            patterns(book, findings).map_err(|why| damaged("problems", &why))?;
        Ok(Self {
            book,
            findings,
            by_number: codes(book)
                .map(|(key, _, reading)| (reading, key))
                .collect(),
            matcher: patterns.build(),
            owners,
            similar,
        })
    }

    /// Returns the entries that fit `query`, a text in plain form.
    ///
    /// # Errors
    ///
    /// `unexpected` if the patterns cannot be searched for.
    pub fn rank(&self, query: &str) -> Result<Ranking> {
        let text = normal(query);
        let text = text.trim();
        let id = text.trim_matches(|c: char| !c.is_alphanumeric());
        if let Some(keys) = by_id(id, self.book, self.findings) {
            return Ok(Ranking::Known(keys, 1));
        }
        if let Some(readings) = scan::alone(text) {
            return self.rank_number(text, &readings);
        }
        let (mut best, mut ranking) = self.rank_text(text)?;
        // The same best score with more evidence beside it is the better reading.
        let unwrapped = || unwrapped(query).map(|text| normal(&text));
        let respelled = || respelled(text);
        let readings: [&dyn Fn() -> Option<String>; 2] = [&unwrapped, &respelled];
        // A reading is as long as the text: one at a time is in memory.
        for reading in readings {
            let Some(other) = reading() else { continue };
            let (score, other) = self.rank_text(other.trim())?;
            if score > best {
                (best, ranking) = (score, other);
            }
        }
        Ok(ranking)
    }

    /// Returns the entries that fit `text`, in normal form, with the best score and the sum of all.
    fn rank_text(&self, text: &str) -> Result<((usize, usize), Ranking)> {
        let root = root_cause(text);
        let is_short = text.chars().nth(SHORT).is_none();
        let is_brief = text.chars().nth(BRIEF).is_none();
        let is_question = text.chars().nth(QUESTION).is_none();
        let codes = scan::within(text);
        let readings: Vec<Reading> = codes.iter().map(|code| code.reading).collect();
        let (words, subject) = self.match_patterns(text, &readings, &root)?;
        let mut scores: HashMap<EntryKey, usize> = HashMap::new();
        let printed = words.iter().filter(|hit| hit.voice == Voice::Program);
        // What a program printed is better evidence than what a user tells beside it.
        let most_told = printed
            .map(|hit| hit.score)
            .filter(|score| *score >= FEEBLE)
            .max();
        for hit in &words {
            if subject.is_foreign() && !self.explains_other_products(hit.key) {
                continue;
            }
            // `Authentication failure` is in the logs of many programs.
            if !subject.is_tdengine && !is_short && self.is_common_message(hit.key) {
                continue;
            }
            let score = match (hit.voice, most_told) {
                (Voice::User, Some(most)) => hit.score.min(most - 1),
                (Voice::User | Voice::Program | Voice::Either, _) => hit.score,
            };
            let best = scores.entry(hit.key).or_default();
            *best = (*best).max(score);
        }
        // In a text that is not about TDengine, `code 22` is another program's.
        let codes: Vec<FoundCode> = codes
            .into_iter()
            .filter(|code| code.sure || is_short || subject.is_tdengine)
            .collect();
        if !subject.is_foreign() {
            self.add_codes(text, &codes, &root, &mut scores)?;
        }
        let known: Vec<EntryKey> = scores.keys().copied().collect();
        let is_ours = subject.is_tdengine || is_question && !subject.is_other_product;
        let is_undecided = scores.values().all(|score| *score < DECISIVE);
        if is_undecided && is_ours {
            let similar = self.similar.entries(text);
            let is_foreign = similar
                .first()
                .is_some_and(|(id, similarity)| *id == NO_ENTRY && *similarity >= FOREIGN);
            // Texts that no entry explains are the most similar ones.
            let is_unexplained =
                scores.is_empty() && similar.first().is_some_and(|(id, _)| *id == NO_ENTRY);
            if is_foreign && !subject.is_tdengine {
                scores.clear();
            } else if subject.has_trouble && !is_unexplained && (scores.is_empty() || !is_brief) {
                self.add_similar(&similar, &mut scores);
            }
        }
        let mut ranked: Vec<(EntryKey, usize)> = scores.into_iter().collect();
        ranked.sort_by_key(|(key, score)| (std::cmp::Reverse(*score), order(*key)));
        let best = ranked.first().map_or(0, |(_, score)| *score);
        let sum = ranked.iter().map(|(_, score)| score).sum();
        let is_related = is_short || subject.is_tdengine;
        if best < THRESHOLD && !(best > 0 && is_related) {
            let nearest = self.nearest(text, &ranked);
            return Ok(((best, sum), Ranking::Unknown(nearest)));
        }
        let keys: Vec<EntryKey> = ranked
            .into_iter()
            .filter(|(_, score)| *score >= best / 5)
            .map(|(key, _)| key)
            .take(SHOWN)
            .collect();
        let is_known = keys.first().is_some_and(|key| known.contains(key));
        let ranking = if is_known {
            Ranking::Known(keys, 1)
        } else {
            Ranking::Similar(keys)
        };
        Ok(((best, sum), ranking))
    }

    /// Adds the similarity of known reports to the scores of a text that no message decides.
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a similarity is from 0 to some units"
    )]
    fn add_similar(&self, similar: &[(&str, f32)], scores: &mut HashMap<EntryKey, usize>) {
        let best = scores.values().copied().max().unwrap_or(0);
        for (id, similarity) in similar.iter().take(CONSIDERED) {
            let Some(key) = self.key_of(id) else { continue };
            let alone = match best {
                0 => (*similarity >= CONFIDENT).then_some(SIMILAR),
                1..FEEBLE => (*similarity >= CONVINCING).then_some(SIMILAR_ALONE),
                _ => None,
            };
            // A message of the text is better evidence than what is similar on the whole.
            match (scores.get_mut(&key), alone) {
                (Some(score), _) if best > 0 => {
                    *score = undecided(*score + (similarity * SIMILAR) as usize);
                }
                (None, Some(worth)) => {
                    scores.insert(key, undecided((similarity * worth) as usize));
                }
                (Some(_) | None, _) => {}
            }
        }
    }

    /// Returns the entry whose id is `id`.
    fn key_of(&self, id: &str) -> Option<EntryKey> {
        let problem = || self.book.problems.iter().position(|entry| entry.id == id);
        let code = || {
            let readings = number::readings(id);
            readings
                .iter()
                .find_map(|it| self.by_number.get(it))
                .copied()
        };
        let finding = || self.findings.position(id).map(EntryKey::Finding);
        problem()
            .map(EntryKey::Problem)
            .or_else(finding)
            .or_else(code)
    }

    /// Returns the entries of a query that is one number.
    fn rank_number(&self, text: &str, readings: &[Reading]) -> Result<Ranking> {
        // `error 126` is a problem of Windows before it is a code of TDengine.
        let mut keys: Vec<EntryKey> = self
            .match_patterns(text, &[], &(0..0))?
            .0
            .into_iter()
            .filter(|hit| matches!(hit.key, EntryKey::Problem(_)) && hit.score > THRESHOLD)
            .map(|hit| hit.key)
            .collect();
        keys.sort_by_key(|key| order(*key));
        keys.dedup();
        for key in readings
            .iter()
            .filter_map(|reading| self.by_number.get(reading))
        {
            if !keys.contains(key) {
                keys.push(*key);
            }
        }
        if keys.is_empty() {
            return Ok(Ranking::Unknown(Vec::new()));
        }
        let answers = keys.len();
        Ok(Ranking::Known(keys, answers))
    }

    /// Returns whether the entry explains texts that show another product and nothing of TDengine.
    fn explains_other_products(&self, key: EntryKey) -> bool {
        matches!(key, EntryKey::Problem(at) if self.book.problems[at].other_products)
    }

    /// Returns whether the entry is that of a code whose message is so short that other programs print it, too.
    fn is_common_message(&self, key: EntryKey) -> bool {
        match key {
            EntryKey::Code { cause, code } => {
                self.book.causes[cause].codes[code].1.len() < OWN_MESSAGE
            }
            EntryKey::Finding(_) | EntryKey::Problem(_) => false,
        }
    }

    /// Adds the scores of `codes`.
    fn add_codes(
        &self,
        text: &str,
        codes: &[FoundCode],
        root: &Range<usize>,
        scores: &mut HashMap<EntryKey, usize>,
    ) -> Result<()> {
        for (at, found) in codes.iter().enumerate() {
            let Some(key) = self.by_number.get(&found.reading) else {
                continue;
            };
            let EntryKey::Code { cause, .. } = *key else {
                continue;
            };
            let vague = self.book.causes[cause].vague
                || matches!(found.reading, Reading::Http(_) | Reading::System(_));
            let mut score = match (vague, found.sure) {
                (true, _) => VAGUE_CODE,
                (false, true) => SURE_CODE,
                (false, false) => LIKELY_CODE,
            };
            if self.is_contradicted(*key, text, found.end)? {
                score = if vague { EMPTY_CODE } else { VAGUE_CODE };
            }
            score -= (5 * at).min(60);
            if root.contains(&found.end) {
                score += IN_ROOT;
            }
            let best = scores.entry(*key).or_default();
            *best = if *best > 0 {
                (*best).max(score) + 30
            } else {
                score
            };
        }
        Ok(())
    }

    /// Returns whether the message beside the code that ends at `end` is that of another one: `[0x0018] Too many open files`,
    /// `License expired [0x0018]`.
    fn is_contradicted(&self, key: EntryKey, text: &str, end: usize) -> Result<bool> {
        let before = (end.saturating_sub(2 * MESSAGE)..=end).find(|at| text.is_char_boundary(*at));
        let after = (end..=text.len().min(end + MESSAGE))
            .rev()
            .find(|at| text.is_char_boundary(*at));
        let beside = &text[before.unwrap_or(end)..after.unwrap_or(end)];
        let (hits, _) = self.match_patterns(beside, &[], &(0..0))?;
        let is_other = |hit: &Scored| match hit.key {
            EntryKey::Code { cause, code } => self.book.causes[cause].codes[code].1 != LEADING,
            EntryKey::Finding(_) | EntryKey::Problem(_) => false,
        };
        Ok(hits.iter().any(is_other) && !hits.iter().any(|hit| hit.key == key))
    }

    /// Returns the patterns that `text` matches, with their entries and scores, and the subject of the text.
    fn match_patterns(
        &self,
        text: &str,
        codes: &[Reading],
        root: &Range<usize>,
    ) -> Result<(Vec<Scored>, Subject)> {
        let mut subject = Subject::default();
        let mut scored = Vec::new();
        let hits = self.matcher.find(text, codes, root);
        for hit in hits.map_err(|why| damaged("problems", &why))? {
            let (key, base, voice) = match self.owners[hit.pattern] {
                PatternOwner::Tdengine => {
                    subject.is_tdengine = true;
                    continue;
                }
                PatternOwner::OtherProduct => {
                    subject.is_other_product = true;
                    continue;
                }
                PatternOwner::Trouble => {
                    subject.has_trouble = true;
                    continue;
                }
                PatternOwner::Entry(key, base, voice) => (key, base, voice),
            };
            let condition = if base > WEAK {
                CONDITION
            } else {
                WEAK_CONDITION
            };
            let mut score = base + hit.length.min(LENGTH) + condition * (hit.conditions - 1);
            if hit.with_code {
                score += WITH_CODE;
            }
            if hit.in_root {
                score += IN_ROOT;
            }
            scored.push(Scored { key, score, voice });
        }
        Ok((scored, subject))
    }

    /// Returns the entries nearest to a text that no entry explains: weak matches first, then those whose reports are similar.
    fn nearest(&self, text: &str, weak: &[(EntryKey, usize)]) -> Vec<EntryKey> {
        let mut keys: Vec<EntryKey> = weak.iter().map(|(key, _)| *key).collect();
        let similar = self.similar.entries(text);
        for key in similar.into_iter().filter_map(|(id, _)| self.key_of(id)) {
            if keys.len() >= NEAREST {
                break;
            }
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
        keys.truncate(NEAREST);
        keys
    }
}

/// Returns `score`, kept below what a decisive message has: of what exceeds it, little counts.
const fn undecided(score: usize) -> usize {
    match score.checked_sub(DECISIVE) {
        Some(excess) => DECISIVE + excess / 20,
        None => score,
    }
}

/// Returns the range of the root cause in `text`, in normal form: what follows the last `Caused by:`, without its frames.
fn root_cause(text: &str) -> Range<usize> {
    let leads = ["caused by:", "### cause:", "nested exception is"];
    let Some(start) = leads.iter().find_map(|lead| text.rfind(lead)) else {
        return 0..0;
    };
    let rest = &text[start..];
    let end = rest.find(" at ").unwrap_or(rest.len());
    start..start + end
}

/// Returns all entries: codes, then findings, then problems.
pub fn all(book: &Book, findings: &Findings) -> Vec<EntryKey> {
    codes(book)
        .map(|(key, _, _)| key)
        .chain((0..findings.count()).map(EntryKey::Finding))
        .chain((0..book.problems.len()).map(EntryKey::Problem))
        .collect()
}

/// Returns the sources and codes of the entries that lead to the finding `id`.
pub fn related_to_finding(id: &str, book: &Book) -> (Vec<String>, Vec<String>) {
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

/// Returns the ids of the codes that lead to one of `findings`.
pub fn codes_of(findings: &[String], book: &Book) -> Vec<String> {
    codes(book)
        .filter(|(_, cause, _)| cause.findings.iter().any(|id| findings.contains(id)))
        .map(|(_, cause, reading)| reading.id(cause.family))
        .collect()
}

fn codes(book: &Book) -> impl Iterator<Item = (EntryKey, &CodeCause, Reading)> {
    book.causes.iter().enumerate().flat_map(|(cause, entry)| {
        entry
            .codes
            .iter()
            .enumerate()
            .filter_map(move |(code, (text, _))| {
                let reading = Reading::of_manifest(entry.family, text)?;
                Some((EntryKey::Code { cause, code }, entry, reading))
            })
    })
}

/// Returns the entry whose id is `id`, and after it those that lead to the same finding.
fn by_id(id: &str, book: &Book, findings: &Findings) -> Option<Vec<EntryKey>> {
    let about = |at: &usize| book.problems[*at].findings.iter().any(|known| known == id);
    let mut keys: Vec<EntryKey> = findings
        .position(id)
        .map(EntryKey::Finding)
        .into_iter()
        .collect();
    keys.extend(
        book.problems
            .iter()
            .position(|problem| problem.id == id)
            .map(EntryKey::Problem),
    );
    for at in (0..book.problems.len()).filter(about) {
        if !keys.contains(&EntryKey::Problem(at)) {
            keys.push(EntryKey::Problem(at));
        }
    }
    if keys.is_empty() {
        let cause = book
            .causes
            .iter()
            .position(|cause| cause.findings.iter().any(|known| known == id));
        keys.extend(cause.map(|cause| EntryKey::Code { cause, code: 0 }));
    }
    keys.truncate(SHOWN);
    (!keys.is_empty()).then_some(keys)
}

/// Returns every pattern that is known, and what each proves.
fn patterns(
    book: &Book,
    findings: &Findings,
) -> std::result::Result<(PatternSet, Vec<PatternOwner>), String> {
    let mut set = PatternSet::default();
    let mut owners = vec![
        PatternOwner::Tdengine,
        PatternOwner::OtherProduct,
        PatternOwner::Trouble,
        PatternOwner::Trouble,
    ];
    for (name, patterns) in &book.facts {
        set.add_fact(name, patterns)?;
    }
    set.add("@tdengine")?;
    set.add("@other-product")?;
    set.add("@trouble")?;
    set.add("@question")?;
    for (at, problem) in book.problems.iter().enumerate() {
        let base = match problem.tier {
            Tier::Root => 480,
            Tier::Specific => 250,
            Tier::Symptom => 130,
            Tier::Vague => 40,
        };
        for pattern in &problem.patterns {
            let (pattern, base) = if let Some(faint) = pattern.strip_prefix("~~ ") {
                (faint, base.min(FAINT))
            } else if let Some(weak) = pattern.strip_prefix("~ ") {
                (weak, base.min(WEAK))
            } else {
                (pattern.as_str(), base)
            };
            set.add(pattern)?;
            // A root cause that a user names is one.
            let voice = match problem.tier {
                Tier::Specific | Tier::Symptom => voice(pattern),
                Tier::Root | Tier::Vague => Voice::Either,
            };
            owners.push(PatternOwner::Entry(EntryKey::Problem(at), base, voice));
        }
    }
    for (key, cause, _) in codes(book) {
        let EntryKey::Code { code, .. } = key else {
            continue;
        };
        let message = &cause.codes[code].1;
        if code == 0 {
            for pattern in &cause.messages {
                set.add(pattern)?;
                owners.push(PatternOwner::Entry(key, CODE_WORDS, Voice::Program));
            }
        }
        // A word or two such as "Not found" are in too many texts, and so are the system's words such as "No such file".
        let is_general = message.len() < 12 || GENERAL.contains(&message.as_str());
        if !is_general && !cause.only_numbers && cause.family != CodeFamily::System {
            set.add_words(message);
            let base = if cause.vague { VAGUE_WORDS } else { CODE_WORDS };
            owners.push(PatternOwner::Entry(key, base, Voice::Program));
        }
    }
    for at in 0..findings.count() {
        set.add_words(&format!("[{}]", findings.get(at).0));
        owners.push(PatternOwner::Entry(
            EntryKey::Finding(at),
            OWN_ID,
            Voice::Either,
        ));
    }
    Ok((set, owners))
}

/// Returns whose words `pattern` has. One that also wants a code or a fact of the failure is of both.
fn voice(pattern: &str) -> Voice {
    let is_chinese = |part: &str| part.chars().any(|c| matches!(c, '\u{4e00}'..='\u{9fff}'));
    let parts: Vec<&str> = pattern
        .split(" + ")
        .filter(|part| !part.starts_with('!'))
        .collect();
    let (given, words): (Vec<&str>, Vec<&str>) =
        parts.iter().partition(|part| part.starts_with('@'));
    let names_failure = given.iter().any(|fact| !SURROUNDINGS.contains(fact));
    if names_failure {
        Voice::Either
    } else if words.iter().all(|part| !is_chinese(part)) {
        Voice::Program
    } else if pattern.contains(" + ") && words.iter().all(|part| is_chinese(part)) {
        Voice::User
    } else {
        Voice::Either
    }
}

/// The order of entries with the same score.
const fn order(key: EntryKey) -> (u8, usize, usize) {
    match key {
        EntryKey::Problem(at) => (0, at, 0),
        EntryKey::Code { cause, code } => (1, cause, code),
        EntryKey::Finding(at) => (2, at, 0),
    }
}
