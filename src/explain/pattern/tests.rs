use super::*;

/// The numbers of the patterns that `text` matches, with the codes that it contains.
fn found(patterns: &[&str], text: &str) -> Vec<usize> {
    let mut set = PatternSet::default();
    set.add_fact("python", &["traceback".into(), "*.py".into()])
        .unwrap();
    for pattern in patterns {
        set.add(pattern).unwrap();
    }
    let text = normal(text);
    let codes: Vec<Reading> = super::super::scan::within(&text)
        .into_iter()
        .map(|code| code.reading)
        .collect();
    set.build()
        .find(&text, &codes, &(0..0))
        .unwrap()
        .into_iter()
        .map(|hit| hit.pattern)
        .collect()
}

#[test]
fn words_match_whole_unless_open() {
    let patterns = ["libtaos", "libtaos*", "*taos", "glibc_* + not found"];
    assert_eq!(found(&patterns, "LIBTAOS.so"), [0, 1, 2]);
    assert_eq!(found(&patterns, "libtaosws.so"), [1]);
    assert_eq!(found(&patterns, "version `GLIBC_2.25' not found"), [3]);
    assert_eq!(found(&patterns, "glibc_2.25 was found"), [0_usize; 0]);
}

#[test]
fn facts_codes_and_absence_are_conditions() {
    let patterns = ["@python + libtaos", "@0x0357 + root", "libtaos + !@python"];
    assert_eq!(found(&patterns, "main.py: libtaos"), [0]);
    assert_eq!(found(&patterns, "libtaos root [0x357]"), [1, 2]);
}

#[test]
fn distant_lines_do_not_match_together() {
    let near = format!("docker {} port 6030", "x ".repeat(100));
    let far = format!("docker {} port 6030", "x ".repeat(5000));
    assert_eq!(found(&["docker + 6030"], &near), [0]);
    assert_eq!(found(&["docker + 6030"], &far), [0_usize; 0]);
}

#[test]
fn damaged_patterns_are_rejected() {
    let mut set = PatternSet::default();
    for pattern in ["@unknown", "@0xzz", "!absent"] {
        assert!(set.add(pattern).is_err(), "{pattern}");
    }
}
