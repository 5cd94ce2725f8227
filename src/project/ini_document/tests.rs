use super::*;

fn values<'a>(document: &'a IniDocument, section: &str) -> Vec<(&'a str, &'a str)> {
    let section = document.section(section).unwrap();
    section
        .settings()
        .iter()
        .map(|it| (it.name, it.value))
        .collect()
}

/// As unixODBC 2.3.11 reads them.
#[test]
fn text_is_read_as_unixodbc_reads_it() {
    let text = "; c\r\n\r\n[a]\r\nURL=1\r\n k = v v \r\n#k=no\r\n\t[ c ] tail\r\n\tx\t=\t2 ; y\r\nnoeq\r\n\
                q==\"r\"\r\n[A]\r\nURL=second\r\n[e\r\nm=";
    let document = IniDocument::read(text).unwrap();
    assert_eq!(values(&document, "A"), [("URL", "1"), ("k", "v v")]);
    assert_eq!(
        values(&document, "c"),
        [("x", "2 ; y"), ("noeq", ""), ("q", "=\"r\"")]
    );
    assert_eq!(values(&document, "e"), [("m", "")]);
    assert!(document.section("b").is_none());
    let names: Vec<_> = document.sections().map(|it| it.name).collect();
    assert_eq!(names, ["a", "c", "e"]);
    let c = document.section("C").unwrap();
    assert_eq!((document.line(c), c.value("X")), (7, Some("2 ; y")));
    assert_eq!(document.line_of_setting(c.setting("Q").unwrap()), 10);
    assert_eq!(c.value("noeq"), None);
}

#[test]
fn text_before_first_section_is_an_error() {
    for (text, line) in [("k=1\n[a]\n", 1), ("; c\n\nk\n", 3)] {
        let refusal = IniDocument::read(text).unwrap_err();
        assert!(
            matches!(refusal, EditRefusal::Unparsable { line: found, .. } if found == line),
            "{refusal:?}"
        );
    }
    assert!(IniDocument::read("").is_ok() && IniDocument::read("\u{feff}; c\n").is_ok());
}

fn apply(text: &str, splice: Splice) -> String {
    let edit = super::super::edit::Edit {
        insertion: Some(splice),
        ..super::super::edit::Edit::default()
    };
    edit.apply(text)
}

#[test]
fn sections_go_behind_everything_in_the_style_of_the_file() {
    for (text, expected) in [
        ("", "[n]\nk = v\n"),
        ("\u{feff}", "\u{feff}[n]\nk = v\n"),
        ("; c\n", "; c\n\n[n]\nk = v\n"),
        ("[a]\nx=1\n", "[a]\nx=1\n\n[n]\nk=v\n"),
        ("[a]\r\nx = 1", "[a]\r\nx = 1\r\n\r\n[n]\r\nk = v"),
        ("[a]\nx\t=\t1\ny=\n\n", "[a]\nx\t=\t1\ny=\n\n[n]\nk\t=\tv\n"),
    ] {
        let document = IniDocument::read(text).unwrap();
        assert_eq!(
            apply(text, document.add_section("n", &[("k", "v")])),
            expected
        );
    }
}

#[test]
fn settings_go_behind_those_of_their_section() {
    for (text, expected) in [
        ("[a]\n", "[a]\nk = v\n"),
        (
            "[a]\n  x=1\n; c\n\n[b]\n",
            "[a]\n  x=1\n  k=v\n; c\n\n[b]\n",
        ),
        ("[a]\r\n[b]\r\ny = 1", "[a]\r\nk = v\r\n[b]\r\ny = 1"),
    ] {
        let document = IniDocument::read(text).unwrap();
        let section = document.section("A").unwrap();
        assert_eq!(
            apply(text, document.add_setting(section, "k", "v")),
            expected
        );
    }
    let text = "[a]\nk =  old  \n";
    let document = IniDocument::read(text).unwrap();
    let setting = document.section("a").unwrap().setting("K").unwrap();
    assert_eq!(apply(text, setting.replace("new")), "[a]\nk =  new  \n");
}
