use super::*;

#[test]
fn what_comes_in_place_of_a_package() {
    let mut tar = vec![0; 512];
    tar[257..262].copy_from_slice(b"ustar");
    for (head, expected) in [
        (&tar[..], Some("a tar archive that is not compressed")),
        (
            b"\xef\xbb\xbf\r\n<html>",
            Some("a web page, maybe a server's answer"),
        ),
        (
            b"<?xml version=\"1.0\"?><Error>",
            Some("a web page, maybe a server's answer"),
        ),
        (b"BZh91AY", Some("a bzip2 archive")),
        (b"\0\0\0\0", None),
        (b"", None),
    ] {
        assert_eq!(what(head), expected);
        assert!(!is_package(head));
    }
    assert!(is_package(b"\x1f\x8b\x08"));
}
