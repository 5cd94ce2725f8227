use super::*;

#[test]
fn resolver_that_could_not_ask_knows_nothing() {
    let sure = "Name or service not known";
    assert_eq!(unresolved(sure.into()), Dns::Unknown(sure.into()));
    let unsure = "Temporary failure in name resolution";
    assert_eq!(unresolved(unsure.into()), Dns::Unsure(unsure.into()));
}
