use super::*;

#[test]
fn wide_characters_take_two_columns() {
    assert_eq!(pad("目录", 6), "目录  ");
    assert_eq!(pad("in", 6), "in    ");
    assert_eq!(pad("longer", 3), "longer");
}

#[test]
fn columns_are_aligned() {
    let rows = [
        vec!["版本".into(), "x".into()],
        vec!["3.3".into(), "y".into()],
    ];
    assert_eq!(columns(&rows), ["版本  x", "3.3   y"]);
}
