use super::*;
use proptest::prelude::*;

#[test]
fn dominant_ending_is_used() {
    assert_eq!(dominant_ending(""), "\n");
    assert_eq!(dominant_ending("a\r\nb\r\nc\n"), "\r\n");
    assert_eq!(dominant_ending("a\r\nb\n"), "\n");
}

#[test]
fn bytes_that_are_not_text_are_refused() {
    let line = |bytes: &[u8]| match decode(bytes) {
        Err(EditRefusal::Unparsable { line, .. }) => Some(line),
        _ => None,
    };
    assert_eq!(line(b"a\nb\xff"), Some(2));
    assert_eq!(line(b"a\0"), Some(1));
    assert_eq!(line(b"\xef\xbb\xbfa"), None);
}

proptest! {
    #[test]
    fn lines_are_the_text(text in "\u{feff}?[a\r\n\t é]{0,40}") {
        let mut again = byte_order_mark(&text).to_owned();
        for line in lines(&text) {
            prop_assert_eq!(line.start, again.len());
            again.push_str(line.body);
            again.push_str(line.ending);
            prop_assert_eq!(line.end(), again.len());
        }
        prop_assert_eq!(again, text);
    }

    #[test]
    fn both_ways_to_number_a_line_agree(text in "\u{feff}?[a\r\n é]{0,40}", at in 0..50_usize) {
        let at = at.min(text.len());
        prop_assert_eq!(number_among(&lines(&text), at), line_of(&text, at));
    }
}
