use super::*;
use proptest::prelude::*;
use std::path::{Component, Path};

#[test]
fn honest_names_are_accepted() {
    assert_eq!(
        components(b"a/driver/libtaos.so.3.3.7.5"),
        Ok(vec!["a", "driver", "libtaos.so.3.3.7.5"])
    );
    assert_eq!(components(b"./bin/"), Ok(vec!["bin"]));
    assert_eq!(components(b"./"), Ok(vec![]));
    assert_eq!(
        components("例/connect example.c".as_bytes()),
        Ok(vec!["例", "connect example.c"])
    );
    assert_eq!(
        components(b"console/auxiliary.h"),
        Ok(vec!["console", "auxiliary.h"])
    );
}

#[test]
fn hostile_names_are_refused() {
    let long = "x".repeat(256);
    let deep = "d/".repeat(33);
    for name in [
        "",
        "/etc/passwd",
        "//x",
        "a//b",
        "../a",
        "a/../b",
        "a/..",
        "..",
        "a/./b",
        "a\\b",
        "C:",
        "c:x",
        "a:stream",
        "a\0b",
        "a\x1b[2Jb",
        "a\u{85}",
        "a.",
        "a ",
        "con",
        "a/NUL.txt",
        "com1.so",
        "COM9",
        "lpt1 .x",
        "COM².dll",
        "aux.h",
        "conin$",
        "lib\u{200b}taos.so",
        "exe.\u{202e}fdp",
        "lib\u{61c}taos.so",
        "lib\u{180e}taos.so",
        "lib\u{fe0f}taos.so",
        "lib\u{2028}taos.so",
        "lib\u{34f}taos.so",
        "lib\u{3164}taos.so",
        "lib\u{fff9}taos.so",
        "lib\u{e0041}taos.so",
        "lib\u{e0100}taos.so",
        &long,
        &deep,
    ] {
        assert!(components(name.as_bytes()).is_err(), "{name:?}");
    }
    assert!(components(b"a\xff").is_err());
    assert!(components("a/".repeat(3000).as_bytes()).is_err());
}

#[test]
fn names_at_their_limits() {
    let part = "x".repeat(limits::COMPONENT);
    assert!(components(part.as_bytes()).is_ok());
    assert!(components(format!("{part}x").as_bytes()).is_err());
    let deep = |depth| vec!["d"; depth].join("/");
    assert!(components(deep(limits::DEPTH).as_bytes()).is_ok());
    assert!(components(deep(limits::DEPTH + 1).as_bytes()).is_err());
    // 16 parts of 255 bytes with their slashes are 4095.
    let long = vec![part; 16].join("/");
    assert!(components(format!("{long}/").as_bytes()).is_ok());
    assert_eq!(
        components(format!("{long}/x").as_bytes()),
        Err(message!("unpack-name-long", most = 4096))
    );
}

#[test]
fn names_that_a_forgiving_file_system_takes_for_one() {
    for (one, other) in [
        ("lib/A", "lib/a"),
        ("lib/\u{e9}", "lib/e\u{301}"),
        ("lib/\u{c9}", "lib/e\u{301}"),
        ("lib/\u{17f}o", "lib/so"),
        ("lib/\u{212a}", "lib/k"),
        ("stra\u{df}e", "STRASSE"),
    ] {
        assert_eq!(folded(one), folded(other));
    }
    assert_ne!(folded("lib/a"), folded("lib/b"));
}

#[test]
fn links_that_lead_outside_are_refused() {
    let folder = ["top", "driver"];
    assert_eq!(
        link_target(&folder, b"libtaos.so.1"),
        Ok(vec!["top", "driver", "libtaos.so.1"])
    );
    assert_eq!(
        link_target(&folder, b"../inc/./x"),
        Ok(vec!["top", "inc", "x"])
    );
    for target in [
        "",
        "/",
        "/etc/passwd",
        "../../..",
        "../../../etc/passwd",
        "a\\b",
        "c:x",
        "a\0",
    ] {
        assert!(
            link_target(&folder, target.as_bytes()).is_err(),
            "{target:?}"
        );
    }
}

proptest! {
    #[test]
    fn accepted_names_stay_below(raw in prop::collection::vec(any::<u8>(), 0..60)) {
        stays_below(&raw)?;
    }

    #[test]
    fn accepted_near_misses_stay_below(raw in "[./\\\\a:]{0,12}") {
        stays_below(raw.as_bytes())?;
    }
}

fn stays_below(raw: &[u8]) -> Result<(), TestCaseError> {
    if let Ok(components) = components(raw) {
        let path = components.join("/");
        prop_assert!(
            Path::new(&path)
                .components()
                .all(|part| matches!(part, Component::Normal(_)))
        );
        prop_assert_eq!(Path::new(&path).components().count(), components.len());
    }
    Ok(())
}

#[test]
fn characters_that_windows_forbids_are_known() {
    for name in ["a?b", "a*", "<a", "a>", "a|b", "\"a"] {
        assert!(is_forbidden(name), "{name}");
    }
    for name in ["taos.dll", "中文 (1)", "a+b,c;d=e@f%g^h&i!j~k`l'm"] {
        assert!(!is_forbidden(name), "{name}");
    }
}
