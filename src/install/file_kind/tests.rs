use super::*;

#[test]
fn files_that_are_not_packages_are_named() {
    let mut tar = vec![0; 512];
    tar[257..262].copy_from_slice(b"ustar");
    for (head, expected) in [
        (&tar[..], Some(ReceivedKind::PlainTar)),
        (b"\xef\xbb\xbf\r\n<html>", Some(ReceivedKind::WebPage)),
        (
            b"<?xml version=\"1.0\"?><Error>",
            Some(ReceivedKind::WebPage),
        ),
        (b"BZh91AY", Some(ReceivedKind::Archive("bzip2"))),
        (b"\0\0\0\0", None),
        (b"", None),
    ] {
        assert_eq!(ReceivedKind::find(head), expected);
        assert!(!is_package(head));
    }
    assert!(is_package(b"\x1f\x8b\x08"));
}
