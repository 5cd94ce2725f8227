use super::*;

#[test]
fn control_characters_are_shown_not_sent() {
    let plan = Plan {
        changes: vec![FileChange {
            path: "a".into(),
            before: Some(b"x\x1b[2J\ty\r\n".to_vec()),
            after: b"x\x1b[2J\ty\r\nz\r\n".to_vec(),
        }],
    };
    assert_eq!(
        unified(&plan),
        "--- a/a\n+++ b/a\n@@ -1 +1,2 @@\n x\\u{1b}[2J\ty\r\n+z\r\n"
    );
}
