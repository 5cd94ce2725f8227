use jiff::Timestamp;
use jiff::civil::date;

use super::old_for;
use crate::catalog::Clients;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

#[test]
fn catalog_is_old_after_six_months() {
    let reviewed = date(2026, 11, 30);
    for (now, months) in [
        ("2026-11-30T00:00:00Z", None),
        ("2027-05-29T23:59:59Z", None),
        ("2027-05-30T00:00:00Z", Some(6)),
        ("2028-12-01T00:00:00Z", Some(24)),
        // A clock that is wrong.
        ("1970-01-01T00:00:00Z", None),
    ] {
        assert_eq!(old_for(reviewed, at(now)), months, "{now}");
    }
    for now in [Timestamp::MIN, Timestamp::MAX] {
        let _ = old_for(reviewed, now);
    }
}

#[test]
fn builtin_catalog_has_the_date_of_its_review() {
    assert!(Clients::builtin().unwrap().reviewed() >= date(2026, 11, 30));
}
