//! Upper bounds for the values in a text of JSON or TOML, counted before a parser allocates them: `0,` is two bytes long, and its
//! value up to 300.

/// The most values of a file that people write, and of an own record.
pub const MOST_WRITTEN: usize = 100_000;
/// The most values of a file that a program writes, such as a lock file.
pub const MOST_GENERATED: usize = 400_000;

/// The weight of a dot in a key: it makes a table.
const TABLE: usize = 4;

/// Returns an upper bound for the number of values and keys in the JSON `text`.
pub fn count_json(text: &[u8]) -> usize {
    let mut count = 1;
    let mut in_text = false;
    let mut escaped = false;
    for byte in text {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b',' | b'[' | b'{' | b':' if !in_text => count += 1,
            _ => {}
        }
    }
    count
}

/// Returns an upper bound for the number of values in the TOML `text`; tables count more.
pub fn count_toml(text: &[u8]) -> usize {
    let mut count = 1;
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        match byte {
            b'#' => at += line_length(&text[at..]),
            b'"' | b'\'' => at += string_length(&text[at..], *byte),
            b',' | b'[' | b'{' | b'=' => {
                count += 1;
                at += 1;
            }
            b'.' => {
                count += TABLE;
                at += 1;
            }
            _ => at += 1,
        }
    }
    count
}

/// The length of the rest of the line, without its end.
fn line_length(text: &[u8]) -> usize {
    text.iter()
        .position(|byte| *byte == b'\n')
        .unwrap_or(text.len())
}

/// The length of the string that `text` begins with. One on a line ends there at the latest.
fn string_length(text: &[u8], quote: u8) -> usize {
    let is_long = text.starts_with(&[quote; 3]);
    let mut at = if is_long { 3 } else { 1 };
    while let Some(byte) = text.get(at) {
        if *byte == b'\\' && quote == b'"' && text.get(at + 1) != Some(&b'\n') {
            at += 2;
        } else if is_long && text[at..].starts_with(&[quote; 3]) {
            // Two more may belong to the content.
            let more = text[at + 3..].iter().take(2);
            return at + 3 + more.take_while(|byte| **byte == quote).count();
        } else if !is_long && *byte == quote {
            return at + 1;
        } else if !is_long && *byte == b'\n' {
            return at;
        } else {
            at += 1;
        }
    }
    text.len()
}

#[cfg(test)]
mod tests;
