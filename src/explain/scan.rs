//! Finds error codes in a text. A number is a code only if the text marks it as one: signals, errno values, stack offsets, exit
//! codes, HTTP states, ports, line numbers and thread ids are not.

use super::normal::is_han;
use super::number::{self, Reading};

/// Words that may surround a number in a query that is only a number.
const LABELS: [&str; 17] = [
    "error",
    "err",
    "errno",
    "code",
    "errcode",
    "errorcode",
    "error_code",
    "jni",
    "tdengine",
    "taos",
    "http",
    "status",
    "node",
    "nodejs",
    "jdbc",
    "rest",
    "错误码",
];
/// Words that introduce a code.
const LEADS: [&str; 11] = [
    "code",
    "errcode",
    "errorcode",
    "error_code",
    "rest_code",
    "错误码",
    "错误代码",
    "错误号",
    "异常码",
    "错误代号",
    "errno",
];
/// Words between an introduction and its number.
const COPULAS: [&str; 6] = [" is", " was", "为", "是", "等于", "显示"];
/// Words that introduce an HTTP status.
const HTTP_LEADS: [&str; 7] = [
    "status",
    "http",
    "statuscode",
    "status_code",
    "http/1.1",
    "http/2",
    "httpcode",
];
/// Words before `code` that make it another kind of number.
const OTHER_KINDS: [&str; 8] = [
    "exit", "return", "signal", "page", "process", "exited", "vendor", "with",
];
/// The most codes that are read from a text.
const MOST: usize = 64;

/// A code in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FoundCode {
    /// The number.
    pub reading: Reading,
    /// Where it ends in the text.
    pub end: usize,
    /// It has a form that only TDengine prints, not a decimal number after the word `code`.
    pub sure: bool,
}

/// Returns the readings of a text that is one number with only labels such as `ERROR` and brackets around it, the most likely
/// first; `None` for any other text.
pub fn alone(text: &str) -> Option<Vec<Reading>> {
    if text.len() > 100 {
        return None;
    }
    let mut number = None;
    let mut context = String::new();
    for (_, word) in words(text) {
        let lower = word.to_ascii_lowercase();
        if LABELS.contains(&lower.as_str()) {
            context.push_str(&lower);
        } else if number.replace(lower).is_some() {
            return None;
        }
    }
    let mut found = number::readings(&number?);
    // `HTTP 401` and `node 104` name the family themselves.
    let names = |word: &str| context.contains(word);
    if names("http") || names("status") {
        found.sort_by_key(|reading| !matches!(reading, Reading::Http(_)));
    } else if names("node") {
        found.sort_by_key(|reading| !matches!(reading, Reading::Node(_)));
    }
    (!found.is_empty()).then_some(found)
}

/// Returns the codes in `text`, which is in normal form: each once, in the text's order, at most 64.
pub fn within(text: &str) -> Vec<FoundCode> {
    let mut found: Vec<FoundCode> = Vec::new();
    let of_node = text.contains("tdwebsocketclienterror");
    for (start, word) in words(text) {
        if found.len() == MOST {
            break;
        }
        let context = ScanContext {
            before: &text[..start],
            after: &text[start + word.len()..],
            of_node,
        };
        let (readings, sure) = context.read(word);
        for reading in readings {
            if !found.iter().any(|known| known.reading == reading) {
                found.push(FoundCode {
                    reading,
                    end: start + word.len(),
                    sure,
                });
            }
        }
    }
    found.truncate(MOST);
    found
}

/// The text around a word.
struct ScanContext<'a> {
    before: &'a str,
    after: &'a str,
    of_node: bool,
}

impl ScanContext<'_> {
    /// Returns the readings of `word`, and whether their form is TDengine's.
    fn read(&self, word: &str) -> (Vec<Reading>, bool) {
        if !word.bytes().any(|byte| byte.is_ascii_digit()) {
            return (Vec::new(), false);
        }
        if let Some(digits) = word.strip_prefix("0x") {
            let long = digits.len() > 4;
            let is_code = if long {
                self.allows_long()
            } else {
                self.marks_hexadecimal(digits)
            };
            return (
                number::hex(digits)
                    .filter(|_| is_code)
                    .into_iter()
                    .collect(),
                true,
            );
        }
        if let Some(digits) = word.strip_prefix('-') {
            return (number::negative(digits).into_iter().collect(), true);
        }
        if number::bare_hex(word) && word.len() == 8 {
            return (number::hex(word).into_iter().collect(), true);
        }
        // Old drivers print their codes in hexadecimal without 0x: `JNI ERROR (2354)`, `TDengine ERROR (217)`.
        if self.is_enclosed('(', ')') && self.word_before(1) == "error" && word.len() >= 3 {
            return (number::hex(word).into_iter().collect(), true);
        }
        let lead = self.word_before(usize::MAX);
        let is_http = |reading: &Reading| matches!(reading, Reading::Http(_));
        if HTTP_LEADS.contains(&lead) && !self.after.starts_with('/')
            || self.before.ends_with("status code ")
        {
            return (
                number::decimal(word).into_iter().filter(is_http).collect(),
                false,
            );
        }
        if !LEADS.contains(&lead) || lead == "errno" || self.is_another_kind() {
            return (Vec::new(), false);
        }
        let mut readings = number::decimal(word);
        readings.retain(|reading| matches!(reading, Reading::Node(_)) == self.of_node);
        (readings, false)
    }

    /// Returns whether a number of eight digits may be a code: not a load command, an address or a register.
    fn allows_long(&self) -> bool {
        !self.before.ends_with("load command ")
            && !["pc=", "addr=", "tid=", "sp=", "ip="]
                .iter()
                .any(|key| self.before.ends_with(key))
    }

    /// Returns whether the text marks a short hexadecimal number as a code.
    fn marks_hexadecimal(&self, digits: &str) -> bool {
        if self.is_enclosed('[', ']') {
            return true;
        }
        if self.is_enclosed('(', ')') {
            let lead = self.word_before(1);
            return matches!(lead, "error" | "code" | "err" | "错误")
                || lead.is_empty()
                || self.after.starts_with("):");
        }
        let lead = self.word_before(usize::MAX);
        if LEADS.contains(&lead) {
            return !self.after.starts_with(" addr");
        }
        matches!(lead, "error" | "err") && digits.len() >= 3
    }

    fn is_enclosed(&self, open: char, close: char) -> bool {
        self.before.ends_with(open) && self.after.starts_with(close)
    }

    /// Returns the word before this one: past at most `signs` characters that are not letters, and close by.
    fn word_before(&self, signs: usize) -> &str {
        let trimmed = self.before.trim_end_matches([' ', ':', '=', '(', '[', ',']);
        let skipped = self.before.len() - trimmed.len();
        let is_glued = skipped == 0 && !trimmed.ends_with(is_han);
        if is_glued || skipped > 4 || signs < usize::MAX && skipped > signs + 1 {
            return if trimmed.is_empty() { "" } else { "." };
        }
        let is_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '/' | '.');
        // `response code is 9728`, `错误码为 9728`
        let trimmed = COPULAS
            .iter()
            .find_map(|copula| trimmed.strip_suffix(copula))
            .map_or(trimmed, str::trim_end);
        // Chinese has no blanks between words.
        if let Some(lead) = LEADS.iter().find(|lead| trimmed.ends_with(**lead))
            && trimmed.ends_with(is_han)
        {
            return lead;
        }
        let of_han = trimmed.ends_with(is_han);
        let start = trimmed
            .char_indices()
            .rev()
            .take_while(|(_, c)| is_word(*c) && is_han(*c) == of_han)
            .last()
            .map_or(trimmed.len(), |(at, _)| at);
        &trimmed[start..]
    }

    /// Returns whether `code` belongs to another kind of number: an exit code, the close code of a WebSocket, SQL's vendor code.
    fn is_another_kind(&self) -> bool {
        let lead = self.before.trim_end_matches([' ', ':', '=', '(', '[', ',']);
        let rest = lead.trim_end_matches(|c: char| c.is_alphanumeric() || c == '_');
        let previous = rest
            .trim_end_matches([' ', '-', ':'])
            .rsplit(|c: char| !c.is_alphanumeric())
            .next()
            .unwrap_or("");
        OTHER_KINDS.contains(&previous)
            || self.after.trim_start().starts_with(", reason")
            || self.after.starts_with('/')
    }
}

/// Iterates over runs of letters, digits, `_`, `.` and a leading `-`, without dots at their ends, with their positions. A run ends
/// where Chinese begins or ends.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '-');
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let rest = text.get(at..)?;
            let from = rest.find(is_word)?;
            let run = &rest[from..];
            let of_han = run.starts_with(is_han);
            let length = run
                .find(|c| !is_word(c) || is_han(c) != of_han)
                .unwrap_or(run.len());
            let start = at + from;
            at = start + length;
            let run = &text[start..at];
            let word = run.trim_start_matches('.');
            let start = start + run.len() - word.len();
            let word = word.trim_end_matches(['.', '-']);
            if !word.is_empty() {
                return Some((start, word));
            }
        }
    })
}

#[cfg(test)]
mod tests;
