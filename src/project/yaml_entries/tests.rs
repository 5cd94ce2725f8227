use super::*;

#[test]
fn tables_become_paths() {
    let text = "\u{feff}# a\r\ncatalog:\r\n  '@scope/a': ^1.0 # b\r\n  \"b\": '2'\r\n---\r\nurl: http://h:1/ # c\r\nempty: # d\r\n- item\r\n";
    let read = read(text);
    let entries: Vec<_> = read
        .iter()
        .map(|it| (it.path.join("/"), it.value, it.line))
        .collect();
    assert_eq!(
        entries,
        [
            ("catalog".into(), "", 2),
            ("catalog/@scope/a".into(), "^1.0", 3),
            ("catalog/b".into(), "2", 4),
            ("url".into(), "http://h:1/", 6),
            ("empty".into(), "", 7),
        ]
    );
    for entry in &read {
        assert!(text[entry.at..].starts_with(entry.value));
    }
}
