use proptest::prelude::*;

use super::*;

const NAME: &str = "tdengine";

#[test]
fn lines_that_load_it_are_found() {
    for (source, found) in [
        ("extension=tdengine\n", Some((1, "tdengine"))),
        (
            "\u{feff}extension = tdengine.so\r\n",
            Some((1, "tdengine.so")),
        ),
        (
            "; c\n extension = \"/opt/a b/tdengine.so\" ; c\n",
            Some((2, "/opt/a b/tdengine.so")),
        ),
        ("extension='tdengine'\n", Some((1, "tdengine"))),
        ("extension=php_tdengine.dll", Some((1, "php_tdengine.dll"))),
        ("[PHP]\nextension=tdengine;enabled\n", Some((2, "tdengine"))),
        (
            "[HOST=a]\nextension=x\n[PHP]\nextension=tdengine\n",
            Some((4, "tdengine")),
        ),
        ("", None),
        (";extension=tdengine\n", None),
        (" ; extension=tdengine\n", None),
        ("extension=pdo_tdengine\n", None),
        ("extension=tdengine2.so\n", None),
        ("zend_extension=tdengine\n", None),
        ("extension_dir=/opt/tdengine\n", None),
        ("tdengine.extension=tdengine\n", None),
        ("extension\n", None),
        ("[PATH=/srv]\nextension=tdengine\n", None),
        ("[ host = a ]\nextension=tdengine\n", None),
    ] {
        let lines = loads(source, NAME);
        let lines: Vec<_> = lines
            .iter()
            .map(|it| (it.line, it.value.as_str()))
            .collect();
        assert_eq!(lines, Vec::from_iter(found), "{source:?}");
    }
    assert_eq!(
        loads("extension=tdengine\nextension=tdengine.so\n", NAME).len(),
        2
    );
}

#[test]
fn line_is_added_where_it_counts() {
    for (source, value, expected) in [
        ("", NAME, "extension=tdengine\n"),
        ("\u{feff}", NAME, "\u{feff}extension=tdengine\n"),
        ("a=1", NAME, "a=1\nextension=tdengine\n"),
        ("a=1\r\n", NAME, "a=1\r\nextension=tdengine\r\n"),
        // Swoole must be loaded before.
        (
            "extension=swoole\n[opcache]\nb=1\n",
            NAME,
            "extension=swoole\nextension=tdengine\n[opcache]\nb=1\n",
        ),
        (
            "[PHP]\n;extension=curl\n[PATH=/srv]\na=1\n",
            NAME,
            "[PHP]\n;extension=curl\nextension=tdengine\n[PATH=/srv]\na=1\n",
        ),
        (
            "",
            "/srv/a (b)/tdengine.so",
            "extension=\"/srv/a (b)/tdengine.so\"\n",
        ),
    ] {
        assert_eq!(with_extension(source, value), expected, "{source:?}");
    }
}

proptest! {
    #[test]
    fn added_line_loads_it(source in "(\u{feff})?([a-z\\[\\]=;\" ]{0,12}(\r?\n)?|extension=[a-z]{1,4}\n|\\[HOST=a\\]\n|\\[PHP\\]\n){0,8}") {
        let before = loads(&source, NAME).len();
        let after = with_extension(&source, NAME);
        prop_assert_eq!(loads(&after, NAME).len(), before + 1);
        // Every other byte stays.
        let added = after.find("extension=tdengine").unwrap();
        prop_assert!(after.starts_with(&source[..added.min(source.len())]) || !source.is_ascii());
        let rest = after.replacen("extension=tdengine", "", 1);
        let kept = |text: &str| text.replace(['\r', '\n'], "");
        prop_assert_eq!(kept(&rest), kept(&source));
    }
}
