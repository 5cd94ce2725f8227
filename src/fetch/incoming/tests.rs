use super::*;

#[test]
fn pages_are_told_from_archives() {
    assert!(begins_like_a_page(b"\xef\xbb\xbf \r\n<!DOCTYPE html>"));
    assert!(!begins_like_a_page(b"\x1f\x8b\x08"));
    assert!(!begins_like_a_page(b""));
}
