//! `taos.cfg`: the package's own, with a log folder of the user's.

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
    with(config, "logDir", log)
}

/// `config` with its `firstEp` set to `endpoint`, as [`with`] does it.
pub(super) fn with_first_ep(config: &str, endpoint: &str) -> Option<String> {
    with(config, "firstEp", endpoint)
}

/// `config` with `name` set to `text`. A setting that is there is replaced in place; else the new line goes behind the
/// remark that shows the default, else to the end. Nothing else changes. `None` where the file cannot say `text`.
fn with(config: &str, name: &str, text: &str) -> Option<String> {
    let line = format!("{name:<25} {}", value(text)?);
    let lower = name.to_ascii_lowercase();
    let ending = if config.contains("\r\n") {
        "\r\n"
    } else {
        "\n"
    };
    let mut out = String::with_capacity(config.len() + line.len() + 2);
    let lines: Vec<&str> = config.split_inclusive('\n').collect();
    let set = lines
        .iter()
        .position(|text| key(text).as_deref() == Some(&lower));
    let remark = || lines.iter().position(|text| is_remark_on(name, text));
    let Some(at) = set.or_else(remark) else {
        out.push_str(config);
        if !config.is_empty() && !config.ends_with('\n') {
            out.push_str(ending);
        }
        out.push_str(&line);
        out.push_str(ending);
        return Some(out);
    };
    for (number, text) in lines.iter().enumerate() {
        let replaced = set.is_some() && key(text).as_deref() == Some(&lower);
        if !replaced {
            out.push_str(text);
        }
        if number == at {
            if !out.is_empty() && !out.ends_with('\n') {
                out.push_str(ending);
            }
            out.push_str(&line);
            out.push_str(ending);
        }
    }
    Some(out)
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

/// The key that a line sets, in lower case: the client ignores case.
fn key(line: &str) -> Option<String> {
    let word = line.split_whitespace().next()?;
    (!word.starts_with('#')).then(|| word.to_ascii_lowercase())
}

/// Whether a line is the remark that shows the default of `name`: `# logDir /var/log/taos`, `# firstEp hostname:6030`.
fn is_remark_on(name: &str, line: &str) -> bool {
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
        assert_eq!(set("a 1\nLOGDIR /x\nb 2\n"), format!("a 1\n{LINE}b 2\n"));
        assert_eq!(set("a 1\nlogDir /x"), format!("a 1\n{LINE}"));
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
            "firstEp                   b:2\n"
        );
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
            prop_assert_eq!(once.matches(LINE).count(), 1);
            let others = |text: &str| text.lines().filter(|line| key(line) != Some("logdir".into())).map(str::to_owned).collect::<Vec<_>>();
            prop_assert_eq!(others(&once), others(&config));
        }
    }
}
