//! Sets one entry of a taos.cfg and leaves every other byte as it is.

use std::ops::Range;

/// `config` with its `logDir` set to `log`, as [`with`] does it.
pub fn with_log_dir(config: &str, log: &str) -> Option<String> {
    String::from_utf8(with(config.as_bytes(), "logDir", log)?).ok()
}

/// `config` with its `firstEp` set to `endpoint`, as [`with`] does it.
pub fn with_first_ep(config: &str, endpoint: &str) -> Option<String> {
    String::from_utf8(with(config.as_bytes(), "firstEp", endpoint)?).ok()
}

/// As [`with_first_ep`], for a configuration in any encoding.
pub fn splice_first_ep(config: &[u8], endpoint: &str) -> Option<Vec<u8>> {
    with(config, "firstEp", endpoint)
}

/// As [`with_log_dir`], for a configuration in any encoding.
pub fn splice_log_dir(config: &[u8], log: &str) -> Option<Vec<u8>> {
    with(config, "logDir", log)
}

/// `config` without the lines that set `logDir` to `log`.
pub fn without_log_dir(config: &[u8], log: &str) -> Vec<u8> {
    let said = value(log);
    let sets = |line: &[u8]| {
        setting(line, "logDir").map(|range| &line[range]) == said.as_deref().map(str::as_bytes)
            && said.is_some()
    };
    let lines = config.split_inclusive(|byte| *byte == b'\n');
    lines
        .filter(|line| !sets(line))
        .flatten()
        .copied()
        .collect()
}

/// `config` with `name` set to `text`. Of several settings the client takes the last: there the value is replaced, and nothing
/// else; else the new line goes behind the remark that shows the default, else to the end. `None` where the file cannot say
/// `text`.
fn with(config: &[u8], name: &str, text: &str) -> Option<Vec<u8>> {
    let value = value(text)?;
    let lines: Vec<&[u8]> = config.split_inclusive(|byte| *byte == b'\n').collect();
    let set = lines.iter().rposition(|line| setting(line, name).is_some());
    let remark = || lines.iter().position(|line| is_remark_on(name, line));
    let at = set.or_else(remark);
    let mut out = Vec::with_capacity(config.len() + name.len() + value.len() + 28);
    for (number, line) in lines.iter().enumerate() {
        match setting(line, name) {
            Some(range) if at == Some(number) => {
                out.extend_from_slice(&line[..range.start]);
                out.extend_from_slice(value.as_bytes());
                out.extend_from_slice(&line[range.end..]);
            }
            _ => out.extend_from_slice(line),
        }
        if at == Some(number) && set.is_none() {
            new_line(&mut out, line, name, &value);
        }
    }
    if at.is_none() {
        new_line(&mut out, lines.last().unwrap_or(&&b"\n"[..]), name, &value);
    }
    Some(out)
}

/// Adds the line that sets `name`, ended as the line `before` it is.
fn new_line(out: &mut Vec<u8>, before: &[u8], name: &str, value: &str) {
    let windows = before.ends_with(b"\r\n") || (!before.ends_with(b"\n") && out.contains(&b'\r'));
    let ending = if windows { "\r\n" } else { "\n" };
    if !out.is_empty() && !out.ends_with(b"\n") {
        out.extend_from_slice(ending.as_bytes());
    }
    out.extend_from_slice(format!("{name:<25} {value}{ending}").as_bytes());
}

/// Where in `line` the value stands that it gives to `name`; `None` where it does not set it. The client ignores the case of
/// names, and lines that give no value.
pub(super) fn setting(line: &[u8], name: &str) -> Option<Range<usize>> {
    let is_blank = |byte: &u8| byte.is_ascii_whitespace();
    let start = line.iter().position(|byte| !is_blank(byte))?;
    let end = start + line[start..].iter().position(is_blank)?;
    if !line[start..end].eq_ignore_ascii_case(name.as_bytes()) {
        return None;
    }
    let start = end + line[end..].iter().position(|byte| !is_blank(byte))?;
    let rest = &line[start..];
    let length = match rest.strip_prefix(b"@") {
        Some(quoted) => quoted
            .iter()
            .position(|byte| *byte == b'@')
            .map_or(rest.trim_ascii_end().len(), |end| end + 2),
        None => rest
            .iter()
            .position(|byte| is_blank(byte) || *byte == b'#')
            .unwrap_or(rest.len()),
    };
    (length > 0).then(|| start..start + length)
}

/// `path` as a value. The client ends a value at a blank unless it stands between two `@`, and at `#` always
/// (`paGetToken` in TDengine's source).
fn value(path: &str) -> Option<String> {
    if path.contains(['#', '@', '\n', '\r', '\0']) {
        None
    } else if path.contains([' ', '\t']) {
        Some(format!("@{path}@"))
    } else {
        Some(path.to_owned())
    }
}

/// Whether a line is the remark that shows the default of `name`: `# logDir /var/log/taos`, `# firstEp hostname:6030`.
fn is_remark_on(name: &str, line: &[u8]) -> bool {
    let line = String::from_utf8_lossy(line);
    let mut words = line.trim_start().trim_start_matches('#').split_whitespace();
    line.trim_start().starts_with('#')
        && words
            .next()
            .is_some_and(|word| word.eq_ignore_ascii_case(name))
        && words
            .next()
            .is_some_and(|word| word.starts_with('/') || word.contains(':'))
}

#[cfg(test)]
mod tests;
