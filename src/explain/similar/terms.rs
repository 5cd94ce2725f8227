//! The terms of a text that tell it from others: words of Latin letters, pairs of such words, and pairs of Chinese characters. Compiled into `build.rs`,
//! too: the index and a query must have the same terms.

use super::normal::is_han;

/// The most distinct terms of a text: an index is asked for what people write, not for logs.
const MOST: usize = 600;
/// The longest word that is a term; a longer one is an id.
const LONGEST: usize = 40;
/// Words that are in most texts.
const STOP: [&str; 38] = [
    "the", "an", "of", "to", "in", "is", "it", "and", "for", "on", "my", "with", "this", "that",
    "be", "when", "at", "are", "as", "from", "by", "or", "you", "if", "we", "have", "but", "was",
    "can", "not", "do", "http", "https", "www", "com", "me", "so", "there",
];

/// Returns the distinct terms of `text`, in normal form, as hashes in ascending order.
pub fn terms(text: &str) -> Vec<u32> {
    let mut found = std::collections::BTreeSet::new();
    let mut rest = text;
    let mut previous = None;
    while let Some(first) = rest.chars().next() {
        if found.len() >= MOST {
            break;
        }
        let is_part = |c: char| {
            if is_han(first) {
                is_han(c)
            } else {
                c.is_ascii_alphanumeric() || c == '_'
            }
        };
        let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        if end == 0 {
            rest = &rest[first.len_utf8()..];
            continue;
        }
        let (run, after) = rest.split_at(end);
        rest = after;
        if is_han(first) {
            let characters: Vec<(usize, char)> = run.char_indices().collect();
            if let [_] = characters.as_slice() {
                found.insert(hash(run));
            }
            found.extend(
                characters
                    .windows(2)
                    .map(|pair| hash(&run[pair[0].0..pair[1].0 + pair[1].1.len_utf8()])),
            );
        } else if after.starts_with("://") {
            let end = after.find([' ', ')', ',']).unwrap_or(after.len());
            rest = &after[end..];
            found.insert(hash(run));
        } else if is_term(run) {
            let word = hash(stem(run));
            found.insert(word);
            found.extend(previous.map(|previous: u32| previous.rotate_left(5) ^ word));
            previous = Some(word);
        }
    }
    found.into_iter().collect()
}

/// Returns whether `word` is a word, and neither a number nor one of the most common ones.
fn is_term(word: &str) -> bool {
    (2..LONGEST).contains(&word.len())
        && (!word.starts_with(|c: char| c.is_ascii_digit()) || word.starts_with("0x"))
        && !STOP.contains(&word)
}

/// Returns `word` without the ending of a plural or a participle: `connections`, `connecting`, and `connected` are one term.
fn stem(word: &str) -> &str {
    if word.contains(|c: char| !c.is_ascii_lowercase()) {
        return word;
    }
    let is_stem = |stem: &&str| stem.len() >= 4 && !stem.ends_with('s');
    ["ings", "ing", "ions", "ion", "ed", "es", "s"]
        .iter()
        .filter_map(|ending| word.strip_suffix(ending))
        .find(is_stem)
        .unwrap_or(word)
}

/// FNV-1a, 32 bits.
fn hash(term: &str) -> u32 {
    term.bytes().fold(0x811c_9dc5, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}
