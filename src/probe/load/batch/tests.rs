use super::*;

#[test]
fn rows_have_instants_of_their_own() {
    let sql = insert("d.t0", 1_700_000_000_000, 2);
    let (head, rows) = sql.split_once(" values").unwrap();
    assert_eq!(head, "insert into d.t0");
    assert!(rows.starts_with("(1700000000000,"), "{rows}");
    assert!(rows.contains(")(1700000000001,"), "{rows}");
    assert_eq!(rows.matches(',').count(), 6);
}

#[test]
fn statement_fits_into_one_message() {
    let name = "taos_setup_verify_0123456789abcdef_native.t63";
    let sql = insert(name, i64::from(u32::MAX) * 1000, ROWS);
    assert_eq!(sql.matches('(').count() as u64, ROWS);
    assert!(sql.len() < 200 * 1024, "{}", sql.len());
}
