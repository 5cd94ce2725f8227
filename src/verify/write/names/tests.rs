use super::*;

#[test]
fn ours_and_unmistakably_so() {
    let pending = PendingUndos::default();
    let names = WriteNames::new(&pending, Transport::Ws, None);
    assert!(names.table.starts_with(&names.own));
    assert!(names.table.ends_with("_ws.probe"), "{}", names.table);
    // Two targets of one run may be nodes of one cluster.
    let second = WriteNames::new(&pending, Transport::Ws, None);
    assert_ne!(names.table, second.table);
    assert!(!is_leftover(
        second.table.trim_end_matches(".probe"),
        &names.own
    ));
    let other = WriteNames::new(&PendingUndos::default(), Transport::Ws, None);
    assert_ne!(names.own, other.own);
    let name = other.table.trim_end_matches(".probe");
    assert!(is_leftover(name, &names.own));
    assert!(!is_leftover(name, &other.own));
    assert!(!is_leftover("taos_setup_verify_;reboot", &names.own));
    assert!(!is_leftover("taos_setup", &names.own));
}

#[test]
fn named_databases_are_quoted_where_they_must_be() {
    let drop =
        |database| WriteNames::new(&PendingUndos::default(), Transport::Rest, Some(database)).drop;
    assert!(drop("Power").starts_with("drop table if exists Power.taos_setup_verify_"));
    assert!(drop("a b`c").starts_with("drop table if exists `a b``c`.taos_setup_verify_"));
}
