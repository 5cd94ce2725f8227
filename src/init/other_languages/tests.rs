use super::*;

#[test]
fn words_name_languages() {
    assert!(check().is_ok() && all().count() > 0);
    for (word, id) in [
        ("Go", "go"),
        ("golang", "go"),
        ("TypeScript", "node"),
        ("py", "python"),
        ("C#", "csharp"),
        ("F#", "csharp"),
        ("PHP", "php"),
        ("OpenResty", "lua"),
        ("PyODBC", "odbc"),
        ("R", "r"),
    ] {
        assert_eq!(named(word).unwrap(), id);
    }
    for word in ["swift", "cobol", "c++"] {
        assert_eq!(named(word).unwrap_err().id, ErrorId::Usage, "{word}");
    }
    assert!(shows_project("Gemfile") && !shows_project("main.c"));
    for known in all() {
        if let Some(like) = &known.like {
            assert!(language::ids().any(|id| id == like), "{like}");
        }
    }
}
