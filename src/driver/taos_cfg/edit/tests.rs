use super::*;
use proptest::prelude::*;

fn set(config: &str) -> String {
    with_log_dir(config, "/home/me/log").unwrap()
}

const LINE: &str = "logDir                    /home/me/log\n";

#[test]
fn setting_goes_behind_its_remark() {
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
fn setting_is_read_in_any_encoding() {
    // A remark in GBK.
    let config = b"# \xb7\xfe\xce\xf1\xc6\xf7\r\nfirstEp a:1#x\r\n";
    assert_eq!(
        splice_first_ep(config, "b:2").unwrap(),
        b"# \xb7\xfe\xce\xf1\xc6\xf7\r\nfirstEp b:2#x\r\n"
    );
}

#[test]
fn log_dir_setting_is_removed() {
    for config in ["", "# logDir /var/log/taos\na 1\n", "a 1\r\n"] {
        let without = without_log_dir(set(config).as_bytes(), "/home/me/log");
        assert_eq!(String::from_utf8(without).unwrap(), config);
    }
    let other = b"logDir /x\n";
    assert_eq!(without_log_dir(other, "/home/me/log"), other);
}

#[test]
fn setting_without_remark_goes_to_the_end() {
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
