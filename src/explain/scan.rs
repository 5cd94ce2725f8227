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
mod tests {
    use super::*;

    #[test]
    fn a_number_and_what_surrounds_it() {
        for text in [
            "[0x357]",
            "ERROR (0x357)",
            "code: 0x0357",
            "0x80000357.",
            "错误码：0x357",
            "(855)",
            "errno=-2147482793",
            "\"code\":855",
        ] {
            assert_eq!(
                alone(text).unwrap().first(),
                Some(&Reading::Code(0x357)),
                "{text}"
            );
        }
        assert_eq!(alone("HTTP status 401").unwrap()[0], Reading::Http(401));
        assert_eq!(alone("node 104").unwrap()[0], Reading::Node(104));
        assert_eq!(alone("0x357 0x358"), None);
        assert_eq!(alone("no such host"), None);
    }

    #[test]
    fn numbers_among_words() {
        assert_eq!(
            within("failed: Authentication failure [0x80000357], 12 rows, code: 11; line 855"),
            [Reading::Code(0x357), Reading::Code(11)]
        );
        assert_eq!(
            within("The server returned status code '404' when status code '101' was expected"),
            [
                Reading::Code(404),
                Reading::Http(404),
                Reading::Code(101),
                Reading::Http(101),
                Reading::Node(101)
            ]
        );
        assert_eq!(within("HTTP/1.1 502 Bad Gateway"), [Reading::Http(502)]);
    }
}
