use super::*;

#[test]
fn only_bound_first_values_are_found() {
    for (statement, expected) in [
        ("insert into t values (?, ?)", Some(14)),
        ("  INSERT INTO t VALUES(\n ?,1)", Some(16)),
        (
            "insert into t using s tags (?) values ('2026-01-01T00:00:00Z', ?)",
            None,
        ),
        ("select * from t where values (?)", None),
        ("insert into t values", None),
        ("", None),
    ] {
        assert_eq!(bound_time(statement.as_bytes()), expected, "{statement}");
    }
}
