use proptest::prelude::*;

use super::*;

fn words(text: &str) -> Vec<&str> {
    let source = LuaSource::read(text).unwrap();
    (0..source.tokens.len()).map(|it| source.word(it)).collect()
}

fn value(text: &str) -> String {
    let source = LuaSource::read(text).unwrap();
    assert_eq!(source.tokens.len(), 1, "{text}");
    source.value(0).unwrap().to_owned()
}

#[test]
fn tokens_are_those_of_lua() {
    assert_eq!(
        words("a.b = {1.5e-3, 0xA, ...} -- c\n--[==[ ]] \n]==] x ~= y..z //2"),
        [
            "a", ".", "b", "=", "{", "1.5e-3", ",", "0xA", ",", "...", "}", "x", "~=", "y", "..",
            "z", "//", "2"
        ]
    );
    assert_eq!(words("#!/usr/bin/lua\nx"), ["x"]);
    assert_eq!(words("\u{feff}x"), ["x"]);
    assert_eq!(words("a[b[1]]"), ["a", "[", "b", "[", "1", "]", "]"]);
}

#[test]
fn strings_have_values() {
    assert_eq!(value(r#""a\"b\\\65\x42\n""#), "a\"b\\AB\n");
    assert_eq!(value("'a\\z  \n  b\\\nc'"), "ab\nc");
    assert_eq!(value("[==[\na]]b]==]"), "a]]b");
    assert_eq!(value("[[\r\na]]"), "a");
}

#[test]
fn comments_end_before_the_line_break() {
    let source = LuaSource::read("x -- a\r\ny --[[b\n]] z").unwrap();
    let comments = source.comments.iter().map(|(a, b)| &source.text[*a..*b]);
    assert_eq!(comments.collect::<Vec<_>>(), ["-- a", "--[[b\n]]"]);
}

#[test]
fn unfinished_literals_name_their_line() {
    for (text, line) in [
        ("x = 'a\n'", 1),
        ("\nx = [[a", 2),
        ("--[[ a\n", 1),
        ("x = \"a\\", 1),
        ("a\n$b", 2),
        ("x = 'a' ü", 1),
    ] {
        let refusal = LuaSource::read(text).unwrap_err();
        assert!(
            matches!(refusal, EditRefusal::Unparsable { line: it, .. } if it == line),
            "{text:?}: {refusal:?}"
        );
    }
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "([ \\n\"'\\[\\]=\\-{},a-z0-9\\\\é.]|--|\\]\\]|\\[\\[){0,60}") {
        if let Ok(source) = LuaSource::read(&text) {
            let mut end = 0;
            for token in &source.tokens {
                prop_assert!(token.start >= end && token.end > token.start);
                end = token.end;
            }
        }
    }
}
