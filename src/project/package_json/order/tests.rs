use super::*;

#[test]
fn place_follows_order() {
    for (names, expected) in [
        (&[][..], 0),
        (&["@a/b", "@x/y", "c"][..], 1),
        (&["7zip", "@a/b", "c"][..], 2),
        (&["@a/b", "7zip", "abab", "JSONStream"][..], 1),
        (&["@a/b", "@x/y", "JSONStream", "abab"][..], 1),
        (&["c", "@a/b", "b"][..], 3),
    ] {
        assert_eq!(
            place(names.iter().copied(), "@tdengine/websocket"),
            expected,
            "{names:?}"
        );
    }
}

/// `["b", "B", "a-b", "a_b", "ab", "a.b", "@x/y", "7z"].sort((a, b) => a.localeCompare(b, "en"))`
#[test]
fn order_is_that_of_node() {
    let mut names = ["b", "B", "a-b", "a_b", "ab", "a.b", "@x/y", "7z"];
    names.sort_by(|a, b| as_people_do(a, b));
    assert_eq!(names, ["@x/y", "7z", "a_b", "a-b", "a.b", "ab", "b", "B"]);
}
