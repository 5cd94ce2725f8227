use super::*;

fn first_ep(text: &str) -> Option<(String, u16)> {
    first_ep_of(&entries(text).collect::<Vec<_>>())
}

#[test]
fn last_line_holds() {
    let text = "# firstEp  commented:1\nfirstEp   h1:6030\nfqdn x\nFIRSTEP h2 # why\n";
    assert_eq!(first_ep(text), Some(("h2".into(), 6030)));
    assert_eq!(first_ep("firstEp\nlogDir /tmp\n"), None);
    assert_eq!(first_ep("firstEp http://a:1\n"), None);
}

#[test]
fn entries_have_lines_and_values() {
    let text = "# a 1\r\nlogDir\t@/a b@ # why\nfirstEp\nlocale en_US.UTF-8\n";
    let all: Vec<_> = entries(text)
        .map(|entry| (entry.line, entry.key, entry.value))
        .collect();
    assert_eq!(
        all,
        [
            (2, "logDir".into(), "/a b".into()),
            (4, "locale".into(), "en_US.UTF-8".into())
        ]
    );
    let entries: Vec<_> = entries("a 1\nA 2\n").collect();
    assert_eq!(value(&entries, "a"), Some("2"));
}

#[test]
fn too_many_entries_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(NAME), "a 1\n".repeat(5000)).unwrap();
    assert_eq!(
        UnfitFile::find(&read(folder.path()).unwrap_err()),
        Some(UnfitFile::TooManyValues)
    );
}
