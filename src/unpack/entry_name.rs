//! The names in an archive, checked before anything is done with them.

use super::limits;

/// Device names that Windows takes for devices in every folder and with every extension
/// (Microsoft, "Naming Files, Paths, and Namespaces").
const RESERVED: &[&str] = &[
    "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8",
    "com9", "com0", "com¹", "com²", "com³", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7",
    "lpt8", "lpt9", "lpt0", "lpt¹", "lpt²", "lpt³", "conin$", "conout$",
];

/// The components of an entry's name, without `.` in front; empty for the archive's root. An error says what is wrong, as a
/// phrase that follows "it".
pub(super) fn components(raw: &[u8]) -> Result<Vec<&str>, String> {
    if raw.len() > limits::NAME {
        return Err(format!("has a name longer than {} bytes", limits::NAME));
    }
    let Ok(name) = std::str::from_utf8(raw) else {
        return Err("has a name that is not UTF-8".into());
    };
    let name = name.strip_suffix('/').unwrap_or(name);
    let mut components = Vec::new();
    for (at, component) in name.split('/').enumerate() {
        if component == "." && at == 0 {
            continue;
        }
        check(component, at)?;
        components.push(component);
    }
    if components.len() > limits::DEPTH {
        return Err(format!("is more than {} folders deep", limits::DEPTH));
    }
    Ok(components)
}

/// Checks the component at place `at` of a name.
fn check(component: &str, at: usize) -> Result<(), String> {
    let complaint = match component {
        "" if at == 0 => "has an absolute name",
        "" => "has an empty folder name",
        ".." => "leads out of its folder (..)",
        "." => "has a needless . in its name",
        _ if component.len() > limits::COMPONENT => "has a part of its name that is too long",
        _ if component.chars().any(char::is_control) => "has a control character in its name",
        _ if component.chars().any(is_invisible) => "has an invisible character in its name",
        _ if component.contains('\\') => "has a backslash in its name",
        _ if component.contains(':') => "has a colon in its name, a drive or a stream on Windows",
        _ if component.ends_with(['.', ' ']) => "has a name that ends in a dot or a space",
        _ if is_reserved(component) => "has the name of a Windows device",
        _ => return Ok(()),
    };
    Err(complaint.into())
}

/// Characters that show nothing or turn the text around. Some file systems ignore them, so that two names are one.
fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
    )
}

/// A name as the most forgiving file system compares it: neither case nor the way of composing characters counts (NTFS,
/// APFS, HFS+). Upper case first, so that `ſ` is `s` and the Kelvin sign is `k`.
pub(super) fn folded(path: &str) -> String {
    let nfc = icu_normalizer::ComposingNormalizerBorrowed::new_nfc();
    let cased = nfc.normalize(path).to_uppercase().to_lowercase();
    nfc.normalize(&cased).into_owned()
}

fn is_reserved(component: &str) -> bool {
    let stem = component.split('.').next().unwrap_or(component).trim_end();
    RESERVED.iter().any(|name| stem.eq_ignore_ascii_case(name))
}

/// Where a link in the folder `folder` (components of the whole name) leads, as components from the archive's root. An
/// error where it is absolute, leads outside, or holds a bad name.
pub(super) fn link_target<'a>(folder: &[&'a str], raw: &'a [u8]) -> Result<Vec<&'a str>, String> {
    if raw.is_empty() || raw.len() > limits::NAME {
        return Err("is a link to nowhere".into());
    }
    let Ok(target) = std::str::from_utf8(raw) else {
        return Err("is a link whose target is not UTF-8".into());
    };
    if target.starts_with('/') {
        return Err("is a link to an absolute path".into());
    }
    let mut components = folder.to_vec();
    for component in target.split('/') {
        match component {
            ".." => {
                components
                    .pop()
                    .ok_or("is a link that leads out of the archive")?;
            }
            "." | "" => {}
            _ => {
                check(component, 1)?;
                components.push(component);
            }
        }
    }
    Ok(components)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::path::{Component, Path};

    #[test]
    fn honest_names() {
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
    fn hostile_names() {
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
            Err("has a name longer than 4096 bytes".to_owned())
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
    fn links() {
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
        fn what_passes_stays_below(raw in prop::collection::vec(any::<u8>(), 0..60)) {
            stays_below(&raw)?;
        }

        #[test]
        fn what_passes_stays_below_near_misses(raw in "[./\\\\a:]{0,12}") {
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
}
