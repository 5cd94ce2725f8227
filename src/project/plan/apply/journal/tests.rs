use super::*;

fn journal(path: &str, length: u64, contents: &str) -> Vec<u8> {
    let header = JournalHeader {
        schema: 1,
        file: [1, 2],
        changes: vec![RecordedFile {
            path: path.into(),
            before: None,
            length,
        }],
    };
    let header = serde_json::to_string(&header).unwrap();
    format!("{header}\n{contents}").into_bytes()
}

#[test]
fn own_journal_is_read() {
    let changes = parse(&journal("src/Main.java", 2, "\n\n"), [1, 2]).unwrap();
    assert_eq!(changes[0].path, "src/Main.java");
    assert_eq!(changes[0].after, b"\n\n");
}

#[test]
fn copied_cut_or_extended_journals_are_refused() {
    assert!(parse(&journal("a", 2, "xy"), [1, 3]).is_none());
    assert!(parse(&journal("a", 3, "xy"), [1, 2]).is_none());
    assert!(parse(&journal("a", 1, "xy"), [1, 2]).is_none());
    assert!(parse(&journal("a", u64::MAX, "xy"), [1, 2]).is_none());
    assert!(parse(b"", [1, 2]).is_none());
    assert!(parse(b"{}\n", [1, 2]).is_none());
    let many = format!("{{\"schema\":1,\"x\":[{}0]}}\n", "0,".repeat(MOST_WRITTEN));
    assert!(parse(many.as_bytes(), [1, 2]).is_none());
}

#[test]
fn paths_outside_and_of_version_control_are_refused() {
    for path in [
        "",
        "/a",
        "../a",
        "a/../../b",
        "a//b",
        "./a",
        "C:/a",
        "a\\b",
        "a\0",
        ".git/hooks/post-checkout",
        "sub/.GIT/config",
        ".git./config",
        ".git /config",
        ".hg/hgrc",
        ".jj/repo",
    ] {
        assert!(parse(&journal(path, 1, "x"), [1, 2]).is_none(), "{path}");
    }
    for path in [
        "a",
        "a/b.c",
        ".cargo/config.toml",
        ".gitignore",
        "目录/文件",
    ] {
        assert!(parse(&journal(path, 1, "x"), [1, 2]).is_some(), "{path}");
    }
}
