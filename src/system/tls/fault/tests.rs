use super::*;

#[test]
fn names_are_shown_as_they_are_typed() {
    for (given, shown) in [
        ("DnsName(\"db.example\")", "db.example"),
        ("IpAddress(10.0.0.1)", "10.0.0.1"),
        ("db.example", "db.example"),
    ] {
        assert_eq!(plain_name(given), shown);
    }
}
