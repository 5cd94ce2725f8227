use super::OwnReceipt;
use crate::tdengine::digest::Sha256;

const OLD: Sha256 = Sha256([1; 32]);
const NEW: Sha256 = Sha256([2; 32]);

fn receipt(more: &str) -> Option<OwnReceipt> {
    OwnReceipt::parse(format!("version 0.1.0\nsha256 {OLD}\n{more}").as_bytes())
}

#[test]
fn receipts_of_both_scripts_are_read() {
    let unix = receipt("releases https://git.example/o/r/releases\nkey RWQ\n").unwrap();
    assert_eq!(unix.version().unwrap().to_string(), "0.1.0");
    let address = unix.releases().map(|it| it.to_string());
    assert_eq!(address.as_deref(), Some("https://git.example/o/r/releases"));
    assert_eq!(unix.key(), None);
    let windows = format!("\u{feff}version 0.1.0\r\nsha256 {OLD}\r\n");
    assert!(OwnReceipt::parse(windows.as_bytes()).is_some());
}

#[test]
fn receipt_without_version_or_digest_is_refused() {
    for text in [
        "",
        "version 0.1.0\n",
        "version 1\nsha256 1\n",
        "version\n",
        "\u{0}",
    ] {
        assert_eq!(OwnReceipt::parse(text.as_bytes()), None, "{text}");
    }
    assert_eq!(OwnReceipt::parse(&[0xff]), None);
}

#[test]
fn unknown_lines_are_kept() {
    let changed = receipt("later value of two words\n").unwrap();
    let text = changed.with("0.2.0", &NEW).render();
    assert_eq!(
        text,
        format!("version 0.2.0\nsha256 {NEW}\nlater value of two words\n")
    );
}

#[test]
fn announced_update_is_true_of_both_programs() {
    let before = receipt("").unwrap();
    let during = before.announcing("0.2.0", &NEW);
    let during = OwnReceipt::parse(during.render().as_bytes()).unwrap();
    assert_eq!(during.settled(&OLD), Some(before.clone()));
    assert_eq!(during.settled(&NEW), Some(before.with("0.2.0", &NEW)));
    assert_eq!(during.settled(&Sha256([3; 32])), None);
    assert_eq!(before.settled(&NEW), None);
}
