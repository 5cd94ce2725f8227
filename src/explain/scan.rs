//! Numbers in a text: alone, or among other words.

use super::number::{self, Reading};

/// Words that may stand beside a number without making it a sentence.
const AROUND: [&str; 17] = [
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

/// The readings of a text that is one number with no more than words such as `ERROR` and brackets around it, the likeliest
/// first. `None` where it is anything else.
pub fn alone(text: &str) -> Option<Vec<Reading>> {
    if text.len() > 100 {
        return None;
    }
    let mut number = None;
    let mut context = String::new();
    for word in words(text) {
        let lower = word.to_ascii_lowercase();
        if AROUND.contains(&lower.as_str()) {
            context.push_str(&lower);
        } else if number.replace(lower).is_some() {
            return None;
        }
    }
    let mut found = number::readings(&number?);
    // `HTTP 401` and `node 104` say themselves who speaks.
    let says = |word: &str| context.contains(word);
    if says("http") || says("status") {
        found.sort_by_key(|reading| !matches!(reading, Reading::Http(_)));
    } else if says("node") {
        found.sort_by_key(|reading| !matches!(reading, Reading::Node(_)));
    }
    (!found.is_empty()).then_some(found)
}

/// The numbers in a text that are clearly codes: hexadecimal with 0x, negative, or led by a word that says so; each once, in
/// the text's order, at most 64.
pub fn within(text: &str) -> Vec<Reading> {
    let mut found = Vec::new();
    let mut before = "";
    for word in words(text) {
        let mut readings = Vec::new();
        if let Some(digits) = word.strip_prefix("0x").or_else(|| word.strip_prefix("0X")) {
            readings.extend(number::hex(digits));
        } else if let Some(digits) = word.strip_prefix('-') {
            readings.extend(number::negative(digits));
        } else if number::bare_hex(word) && word.len() == 8 {
            readings.extend(number::hex(word));
        } else if is_one_of(
            before,
            &[
                "code",
                "errno",
                "errcode",
                "errorcode",
                "error_code",
                "rest_code",
                "错误码",
                "error",
                "err",
            ],
        ) {
            readings.extend(number::decimal(word));
        } else if is_one_of(
            before,
            &[
                "status",
                "http",
                "statuscode",
                "status_code",
                "http/1.1",
                "http/2",
                "1.1",
                "response",
            ],
        ) {
            let http = |reading: &Reading| matches!(reading, Reading::Http(_));
            readings.extend(number::decimal(word).into_iter().filter(http));
        }
        for reading in readings {
            if found.len() < 64 && !found.contains(&reading) {
                found.push(reading);
            }
        }
        before = word;
    }
    found
}

fn is_one_of(word: &str, known: &[&str]) -> bool {
    known.iter().any(|known| word.eq_ignore_ascii_case(known))
}

/// Runs of letters, digits, `_`, `.` and a leading `-`, without dots at their ends.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '.' | '-')))
        .map(|word| word.trim_end_matches(['.', '-']).trim_start_matches('.'))
        .filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests;
