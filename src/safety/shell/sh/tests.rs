use super::*;
use proptest::prelude::*;
use std::process::Command;

/// What a real shell makes of `script`'s `printf`.
fn shell(script: &str) -> String {
    let output = Command::new("sh").args(["-c", script]).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn plain_words_stay() {
    assert_eq!(
        quoted("http://127.0.0.1:80/a_b-c.tar.gz"),
        "http://127.0.0.1:80/a_b-c.tar.gz"
    );
    assert_eq!(quoted(""), "''");
    assert_eq!(quoted("it's"), r"'it'\''s'");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn shell_reads_back_the_same(text in "[^\0]{0,40}") {
        let script = format!("printf %s {}; printf %s \"{}\"", quoted(&text), inside_double_quotes(&text));
        prop_assert_eq!(shell(&script), text.repeat(2));
    }
}
