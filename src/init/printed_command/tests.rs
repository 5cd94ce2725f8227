use super::*;

#[test]
fn quotes_hold_words_together() {
    for (line, expected) in [
        ("go mod tidy", &["go", "mod", "tidy"][..]),
        (
            "Rscript -e \"a('b'); c()\"",
            &["Rscript", "-e", "a('b'); c()"],
        ),
        ("java -cp \"a b/*\":c x", &["java", "-cp", "a b/*:c", "x"]),
        ("a \"\" b", &["a", "", "b"]),
        ("", &[]),
    ] {
        assert_eq!(words(line), expected, "{line}");
    }
}

#[test]
#[cfg(unix)]
fn limited_command_ends_with_its_children() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("number");
    let script = format!("sleep 60 & echo $! > '{}'; wait", file.display());
    let mut command = Command::new("sh");
    command.args(["-c", &script]);
    let began = Instant::now();
    let limit = Duration::from_millis(500);
    let ended = run_limited(command, true, limit).unwrap();
    assert!(ended.is_err());
    // Long before the child would have ended by itself.
    assert!(began.elapsed() < Duration::from_secs(30));
    assert!(
        std::fs::read_to_string(file)
            .unwrap()
            .trim()
            .parse::<u32>()
            .is_ok()
    );
}
