use super::*;
use proptest::prelude::*;

fn values(value: &toml::Value) -> usize {
    match value {
        toml::Value::Array(array) => 1 + array.iter().map(values).sum::<usize>(),
        toml::Value::Table(table) => 1 + table.values().map(values).sum::<usize>(),
        toml::Value::String(_)
        | toml::Value::Integer(_)
        | toml::Value::Float(_)
        | toml::Value::Boolean(_)
        | toml::Value::Datetime(_) => 1,
    }
}

fn check(text: &str) {
    if let Ok(table) = text.parse::<toml::Table>() {
        let all = values(&toml::Value::Table(table));
        assert!(count_toml(text.as_bytes()) >= all, "{text}");
    }
}

#[test]
fn strings_and_comments_hide_no_values() {
    for start in [
        "x=[\"\"\"a\"\"\"\", ",
        "x=['''a''''', ",
        "x=[\"\"\"a\\\"\"\"\"\"\", ",
        "x=['a\\', ",
        "x=[\"a\\\\\", ",
        "x=[ # don't \"\n",
        "x=[\"\", '', ",
        "x=[\"\"\"\\\n\"\"\", ",
    ] {
        let text = format!("{start}{}]", "0,".repeat(50));
        assert!(text.parse::<toml::Table>().is_ok(), "{text}");
        check(&text);
    }
}

#[test]
fn texts_of_people_have_few_values() {
    let manifest = include_str!("../../../Cargo.toml");
    assert!(count_toml(manifest.as_bytes()) < 2000);
    let lock = include_str!("../../../Cargo.lock");
    assert!(count_toml(lock.as_bytes()) < MOST_GENERATED / 20);
    assert_eq!(count_json(br#"{"a,[": "\",[{:", "b": [1]}"#), 6);
}

proptest! {
    #[test]
    fn toml_is_counted_from_above(text in r#"(x=|[ab]\.|[\["'\]{}=,.\\#\n 0a]|""""?|''''?){0,24}"#) {
        check(&text);
    }

    #[test]
    fn any_bytes_are_counted(text in proptest::collection::vec(any::<u8>(), 0..99)) {
        prop_assert!(count_toml(&text) + count_json(&text) < 1000);
    }
}
