//! The plain form of a pasted text: without what terminals, web pages, mails, and log collectors add to it.

/// What a web page writes in place of a character, and that character.
const ENTITIES: [(&str, &str); 12] = [
    ("&quot;", "\""),
    ("&#34;", "\""),
    ("&#39;", "'"),
    ("&#x27;", "'"),
    ("&apos;", "'"),
    ("&lt;", "<"),
    ("&gt;", ">"),
    ("&amp;", "&"),
    ("&nbsp;", " "),
    ("&#10;", "\n"),
    ("<br>", "\n"),
    ("<br/>", "\n"),
];
/// The packages whose frames are split off a line that ends in front of them: the page that they were copied from lost its line ends.
const FRAMES: [&str; 8] = [
    "com.", "org.", "java.", "io.", "sun.", "jdk.", "javax.", "net.",
];
/// The shortest line that a terminal may have cut, in columns.
const NARROWEST: usize = 60;

/// Returns `text` without colors, entities, the marks of quotations and of Markdown, and with its line ends restored. Linear in the
/// text.
pub fn plain(text: &str) -> String {
    let has_escapes = has_escapes(text);
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut is_start = true;
    while let Some(c) = rest.chars().next() {
        let after = &rest[c.len_utf8()..];
        if is_start && matches!(c, '>' | '|' | '│') {
            rest = after.strip_prefix(' ').unwrap_or(after);
            continue;
        }
        if let Some((entity, plain)) = matches!(c, '&' | '<').then(|| entity(rest)).flatten() {
            rest = &rest[entity.len()..];
            if is_start && plain == ">" {
                rest = rest.strip_prefix(' ').unwrap_or(rest);
                continue;
            }
            out.push_str(plain);
            is_start = plain == "\n";
            continue;
        }
        if c == '\\' && after.starts_with('"') {
            rest = after;
            continue;
        }
        if let Some(escaped) = after.chars().next().filter(|_| c == '\\' && has_escapes)
            && let Some(plain) = unescaped(escaped)
        {
            out.push(plain);
            is_start = plain == '\n';
            rest = &after[1..];
            continue;
        }
        if starts_frame(rest) && out.ends_with(|last: char| last.is_alphanumeric() || last == ')') {
            out.push('\n');
        }
        rest = match c {
            // A control sequence (ECMA-48, 5.4) ends with a byte from @ to ~.
            '\u{1b}' => after.strip_prefix('[').map_or(after, |sequence| {
                let end = sequence.find(|c| ('@'..='~').contains(&c));
                end.map_or("", |end| &sequence[end + 1..])
            }),
            '*' if after.starts_with('*') => &after[1..],
            c => {
                out.push(c);
                is_start = c == '\n' || is_start && c.is_whitespace();
                after
            }
        };
    }
    out
}

/// Returns whether line ends of `text` are written as `\n`, as a JSON string, a log collector, or a debugger writes them. A path such
/// as `C:\new\taos` has small letters after it.
fn has_escapes(text: &str) -> bool {
    let mut ends = text.match_indices("\\n").peekable();
    if ends.peek().is_none() {
        return false;
    }
    let follows = |at: usize| text[at..].chars().next();
    let is_sure = ends.any(|(at, _)| {
        follows(at + 2).is_some_and(|c| !c.is_ascii_lowercase() && c != '_' && c != '.')
    });
    is_sure
        || text.contains("\\nat ")
        || text.contains("\\tat ")
        || !text.contains(":\\")
            && text
                .match_indices('\\')
                .all(|(at, _)| follows(at + 1).is_some_and(|c| unescaped(c).is_some()))
}

/// Returns the character that a backslash and `escaped` stand for.
const fn unescaped(escaped: char) -> Option<char> {
    match escaped {
        'n' | 'r' => Some('\n'),
        't' => Some('\t'),
        '\\' | '"' => Some(escaped),
        _ => None,
    }
}

/// Returns the entity at the start of `rest`, and the text that it stands for.
fn entity(rest: &str) -> Option<(&'static str, &'static str)> {
    ENTITIES
        .into_iter()
        .find(|(entity, _)| rest.starts_with(entity))
}

/// Returns whether `rest` starts with a frame of a Java stack trace, or with the words before the next cause.
fn starts_frame(rest: &str) -> bool {
    if rest.starts_with("Caused by: ") {
        return true;
    }
    let Some(frame) = rest.strip_prefix("at ") else {
        return false;
    };
    let is_package = FRAMES.iter().any(|package| frame.starts_with(package));
    is_package
        && frame
            .find(|c: char| c == '(' || c.is_whitespace())
            .is_some_and(|end| frame[end..].starts_with('('))
}

/// Returns `text` with the lines joined that a terminal of a fixed width cut; `None` if it has no such lines. Only the widest lines
/// can be cut.
pub fn unwrapped(text: &str) -> Option<String> {
    let width = |line: &str| -> usize { line.chars().map(columns).sum() };
    let widest = text.lines().map(width).max()?;
    if widest < NARROWEST {
        return None;
    }
    let is_inside = |c: char| !c.is_whitespace();
    let mut joined = String::with_capacity(text.len());
    let mut is_changed = false;
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        joined.push_str(line);
        let Some(next) = lines.peek() else { break };
        // A character of two columns may leave the last one empty.
        let is_full = width(line) + 1 >= widest;
        if is_full && line.ends_with(is_inside) && next.starts_with(is_inside) {
            is_changed = true;
        } else {
            joined.push('\n');
        }
    }
    is_changed.then_some(joined)
}

/// Returns the columns of a terminal that `c` takes.
pub const fn columns(c: char) -> usize {
    if matches!(c, '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe4f}' | '\u{ff00}'..='\u{ff60}' | '\u{ffe0}'..='\u{ffe6}')
    {
        2
    } else {
        1
    }
}

/// Returns `text`, in normal form, with the letters and digits that a transcription of a picture confuses: `l` for a `1` and `o`
/// for a `0` among letters, and the reverse among digits; `None` if it has no such word.
pub fn respelled(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut changed = false;
    let is_part = |c: char| c.is_ascii_alphanumeric();
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        match respelled_word(word) {
            Some(other) => {
                changed = true;
                out.push_str(&other);
            }
            None => out.push_str(word),
        }
        let end = after.find(is_part).unwrap_or(after.len());
        out.push_str(&after[..end]);
        rest = &after[end..];
    }
    changed.then_some(out)
}

/// Returns the corrected spelling of a confused `word`.
fn respelled_word(word: &str) -> Option<String> {
    let bytes = word.as_bytes();
    let number = word.strip_prefix("0x").or_else(|| word.strip_prefix("ox"));
    if let Some(digits) = number {
        let is_number = digits.contains(|c: char| c.is_ascii_digit() || c == 'o')
            && digits
                .bytes()
                .all(|b| b.is_ascii_hexdigit() || matches!(b, b'o' | b'l' | b'i'));
        return (is_number && (word.starts_with('o') || digits.contains(['o', 'l', 'i'])))
            .then(|| format!("0x{}", as_digits(digits)));
    }
    let digits = bytes.iter().filter(|b| b.is_ascii_digit()).count();
    let confused = bytes
        .iter()
        .filter(|b| matches!(b, b'o' | b'l' | b'i'))
        .count();
    // `6O41`, `l27`, `O`: letters that look like digits, and digits.
    if digits > 0 && confused > 0 && digits + confused == bytes.len() {
        return Some(as_digits(word));
    }
    let letters = bytes.len() - digits;
    let looks_alike = |byte: &u8| matches!(byte, b'0' | b'1');
    let is_letter = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphabetic);
    let is_confused = |at: usize| {
        let before = bytes[..at].iter().rev().find(|byte| !looks_alike(byte));
        let after = bytes[at..].iter().find(|byte| !looks_alike(byte));
        let is_first = before.is_none() && at == 0 && letters >= 4;
        looks_alike(&bytes[at]) && is_letter(after) && (is_letter(before) || is_first)
    };
    let is_hexadecimal = bytes.iter().all(u8::is_ascii_hexdigit);
    if is_hexadecimal || letters < 3 || !(0..bytes.len()).any(is_confused) {
        return None;
    }
    Some(
        (0..bytes.len())
            .map(|at| match bytes[at] {
                b'0' if is_confused(at) => 'o',
                b'1' if is_confused(at) => 'l',
                byte => char::from(byte),
            })
            .collect(),
    )
}

fn as_digits(word: &str) -> String {
    word.chars()
        .map(|c| match c {
            'o' => '0',
            'l' | 'i' => '1',
            c => c,
        })
        .collect()
}

#[cfg(test)]
mod tests;
