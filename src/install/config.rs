//! `taos.cfg`: the package's own, with a log folder of the user's.

use std::ops::Range;

/// The endpoint for `firstEp`, `host:port`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FirstEp {
    /// The endpoint; holds no blank, `#` or `@`.
    pub endpoint: String,
    /// `--first-ep` gave it: then it holds for a client that is there already, too.
    pub asked: bool,
}

/// `config` with its `logDir` set to `log`, as [`with`] does it.
pub(super) fn with_log_dir(config: &str, log: &str) -> Option<String> {
    String::from_utf8(with(config.as_bytes(), "logDir", log)?).ok()
}

/// `config` with its `firstEp` set to `endpoint`, as [`with`] does it.
pub(super) fn with_first_ep(config: &str, endpoint: &str) -> Option<String> {
    String::from_utf8(with(config.as_bytes(), "firstEp", endpoint)?).ok()
}

/// As [`with_first_ep`], for a configuration in any encoding.
pub(super) fn splice_first_ep(config: &[u8], endpoint: &str) -> Option<Vec<u8>> {
    with(config, "firstEp", endpoint)
}

/// `config` without the lines that set `logDir` to `log`.
pub(super) fn without_log_dir(config: &[u8], log: &str) -> Vec<u8> {
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
fn setting(line: &[u8], name: &str) -> Option<Range<usize>> {
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
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn set(config: &str) -> String {
        with_log_dir(config, "/home/me/log").unwrap()
    }

    const LINE: &str = "logDir                    /home/me/log\n";

    #[test]
    fn behind_the_remark() {
        assert_eq!(
            set("# The folder\n# logDir                    /var/log/taos\n\n# tempDir /tmp/\n"),
            format!(
                "# The folder\n# logDir                    /var/log/taos\n{LINE}\n# tempDir /tmp/\n"
            )
        );
    }

    #[test]
    fn in_place_of_a_setting() {
        assert_eq!(
            set("a 1\nLOGDIR /x # why\r\nb 2\n"),
            "a 1\nLOGDIR /home/me/log # why\r\nb 2\n"
        );
        assert_eq!(set("a 1\nlogDir\t@/a b@"), "a 1\nlogDir\t/home/me/log");
        // The last one holds, and one without a value is none.
        assert_eq!(
            set("logDir /x\nlogDir /y\nlogDir\nlogDir #\n"),
            "logDir /x\nlogDir /home/me/log\nlogDir\nlogDir #\n"
        );
    }

    #[test]
    fn first_ep_in_its_place() {
        let config = "# The end point\n# firstEp                   hostname:6030\n\n# secondEp\n";
        assert_eq!(
            with_first_ep(config, "db:6030").unwrap(),
            "# The end point\n# firstEp                   hostname:6030\nfirstEp                   db:6030\n\n# secondEp\n"
        );
        assert_eq!(
            with_first_ep("firstep a:1\n", "b:2").unwrap(),
            "firstep b:2\n"
        );
    }

    #[test]
    fn in_any_encoding() {
        // A remark in GBK.
        let config = b"# \xb7\xfe\xce\xf1\xc6\xf7\r\nfirstEp a:1#x\r\n";
        assert_eq!(
            splice_first_ep(config, "b:2").unwrap(),
            b"# \xb7\xfe\xce\xf1\xc6\xf7\r\nfirstEp b:2#x\r\n"
        );
    }

    #[test]
    fn what_was_set_goes_again() {
        for config in ["", "# logDir /var/log/taos\na 1\n", "a 1\r\n"] {
            let without = without_log_dir(set(config).as_bytes(), "/home/me/log");
            assert_eq!(String::from_utf8(without).unwrap(), config);
        }
        let other = b"logDir /x\n";
        assert_eq!(without_log_dir(other, "/home/me/log"), other);
    }

    #[test]
    fn at_the_end() {
        assert_eq!(set(""), LINE);
        assert_eq!(set("a 1"), format!("a 1\n{LINE}"));
        assert_eq!(set("a 1\r\n"), format!("a 1\r\n{}\r\n", LINE.trim_end()));
    }

    #[test]
    fn blanks_are_quoted_and_the_impossible_is_not_said() {
        let line = with_log_dir("", "/a b").unwrap();
        assert!(line.ends_with("@/a b@\n"));
        assert_eq!(with_log_dir("", "/a#b"), None);
    }

    proptest! {
        #[test]
        fn set_once_and_the_rest_stays(lines in prop::collection::vec("(# )?(logDir|logdir|firstEp|x) [a-z/]{1,8}", 0..8)) {
            let config = lines.iter().map(|line| format!("{line}\n")).collect::<String>();
            let once = set(&config);
            prop_assert_eq!(set(&once), once.clone());
            let values = |text: &str| text.lines().filter_map(|line| setting(line.as_bytes(), "logDir").map(|range| line[range].to_owned())).collect::<Vec<_>>();
            prop_assert_eq!(values(&once).pop().unwrap(), "/home/me/log");
            let others = |text: &str| text.lines().filter(|line| setting(line.as_bytes(), "logDir").is_none()).map(str::to_owned).collect::<Vec<_>>();
            prop_assert_eq!(others(&once), others(&config));
        }
    }
}
