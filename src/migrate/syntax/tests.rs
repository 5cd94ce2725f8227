use super::*;
use proptest::prelude::*;

/// The texts of the stretches of `kind`.
fn of_kind(syntax: Syntax, kind: StretchKind, bytes: &[u8]) -> Vec<String> {
    let stretches = syntax.stretches(bytes).into_iter();
    let wanted = stretches.filter(|stretch| stretch.kind == kind);
    wanted
        .map(|it| String::from_utf8_lossy(&bytes[it.start..it.end]).into_owned())
        .collect()
}

fn texts(syntax: Syntax, code: &str) -> Vec<String> {
    of_kind(syntax, StretchKind::Text, code.as_bytes())
}

#[test]
fn strings_of_each_language() {
    for (syntax, code, expected) in [
        (Syntax::Java, r#"a("x\"y"); // "no""#, vec![r#"x\"y"#]),
        (Syntax::Java, "c = '\"'; d(\"in\")", vec!["in"]),
        (
            Syntax::Java,
            "\"\"\"\n  block \"q\" \"\"\"",
            vec!["\n  block \"q\" "],
        ),
        (
            Syntax::Kotlin,
            "/* a /* b */ \"no\" */ \"yes\"",
            vec!["yes"],
        ),
        (
            Syntax::Go,
            "`raw \\` + \"x\" /* \"no\" */",
            vec!["raw \\", "x"],
        ),
        (Syntax::Go, "r := '\\''; s := \"t\"", vec!["t"]),
        (
            Syntax::CSharp,
            "@\"C:\\\" + $\"a{b}\"",
            vec!["C:\\", "a{b}"],
        ),
        (
            Syntax::CSharp,
            "@\"a \"\"hi\"\" x\"",
            vec!["a \"\"hi\"\" x"],
        ),
        (
            Syntax::FSharp,
            "(* \"no\" *) \"yes\" // \"no\"",
            vec!["yes"],
        ),
        (
            Syntax::Python,
            "x = 'a' # 'no'\ny = \"\"\"b\"\"\"",
            vec!["a", "b"],
        ),
        (Syntax::R, "f('a', \"b\") # 'no'", vec!["a", "b"]),
        (
            Syntax::Json,
            "{\"a\": \"http://x\"} // \"no\"",
            vec!["a", "http://x"],
        ),
    ] {
        assert_eq!(texts(syntax, code), expected, "{syntax:?} {code}");
    }
}

#[test]
fn docstrings_are_comments() {
    let code = "def f():\n    \"\"\"use taosrest\"\"\"\n    return \"\"\"x\"\"\"\n";
    assert_eq!(texts(Syntax::Python, code), ["x"]);
    assert_eq!(
        of_kind(Syntax::Python, StretchKind::Comment, code.as_bytes()),
        ["use taosrest"]
    );
}

#[test]
fn settings_are_text_outside_comments() {
    for (syntax, code, expected) in [
        (
            Syntax::Properties,
            "# no\n a=b#c\n!no\n",
            vec!["\n a=b#c\n", "\n"],
        ),
        (Syntax::Hash, "a: b#c # no\n", vec!["a: b#c ", "\n"]),
        (
            Syntax::Xml,
            "<a>b</a><!-- no --><c/>",
            vec!["<a>b</a>", "<c/>"],
        ),
        (Syntax::Ini, "; no\na=b;c\n", vec!["\na=b;c\n"]),
    ] {
        assert_eq!(texts(syntax, code), expected, "{syntax:?} {code}");
    }
}

#[test]
fn chinese_outside_utf8_hides_no_quote() {
    // In GB18030 the second byte of this character is a backslash.
    let code = b"// \xd6\xd0\nf(\"\x95\x5c\", \"yes\")";
    assert_eq!(
        of_kind(Syntax::Java, StretchKind::Text, code)
            .last()
            .unwrap(),
        "yes"
    );
}

#[test]
fn unclosed_string_ends_with_its_line() {
    assert_eq!(
        texts(Syntax::Java, "a(\"open\nb(\"closed\")"),
        ["open", "closed"]
    );
}

const ALL: [Syntax; 14] = [
    Syntax::Java,
    Syntax::Kotlin,
    Syntax::Scala,
    Syntax::Groovy,
    Syntax::Go,
    Syntax::CSharp,
    Syntax::FSharp,
    Syntax::Python,
    Syntax::R,
    Syntax::Json,
    Syntax::Xml,
    Syntax::Properties,
    Syntax::Ini,
    Syntax::Hash,
];

proptest! {
    #[test]
    fn stretches_cover_any_bytes(
        bytes in prop_oneof![
            prop::collection::vec(any::<u8>(), 0..200),
            "[ab'\"`#/*\\\\@$!;<>\\-\n ]{0,80}".prop_map(String::into_bytes),
        ],
        at in 0..ALL.len(),
    ) {
        let mut end = 0;
        for stretch in ALL[at].stretches(&bytes) {
            prop_assert_eq!(stretch.start, end);
            prop_assert!(stretch.start < stretch.end);
            end = stretch.end;
        }
        prop_assert_eq!(end, bytes.len());
    }
}
