use super::*;

#[test]
fn secrets_are_not_printed_again() {
    assert_eq!(
        without_secrets("https://me:secret@host/x".into()),
        "https://me:***@host/x"
    );
    assert_eq!(without_secrets("https://host/x".into()), "https://host/x");
    assert_eq!(
        without_secrets("https://secret@host/x?signature=secret".into()),
        "https://***@host/x?…"
    );
    assert_eq!(without_secrets("a:b?c".into()), "a:***");
    assert_eq!(without_secrets("a/b".into()), "a/b");
}
