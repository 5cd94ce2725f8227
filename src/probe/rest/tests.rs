use std::time::Duration;

use super::*;
use proptest::prelude::*;

/// Reads `body` with a whole budget.
fn read(status: u16, body: &[u8]) -> Reply<Rows> {
    let mut budget = AnswerBudget::new(Duration::from_secs(60));
    super::read(status, body, &mut budget)
}

#[test]
fn success_needs_data() {
    let version = br#"{"code":0,"column_meta":[["server_version()","VARCHAR",7]],"data":[["3.3.7.5"]],"rows":1}"#;
    let reply = read(200, version).and_then(|rows| rows.single());
    assert_eq!(reply, Reply::Data("3.3.7.5".into()));
    assert_eq!(read(200, br#"{"code":0,"desc":"success"}"#), Reply::Empty);
    assert_eq!(
        read(
            200,
            br#"{"code":855,"desc":"Authentication failure","timing":1}"#
        ),
        Reply::Refused {
            code: 855,
            message: "Authentication failure".into()
        }
    );
    assert!(matches!(
        read(502, b"<html>"),
        Reply::Unreadable {
            status: Some(502),
            ..
        }
    ));
}

proptest! {
    #[test]
    fn random_body_never_panics(body in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = read(200, &body);
    }

    #[test]
    fn any_object_is_read(columns in "[\\[\\]\"a,0-9]{0,12}", data in "[\\[\\]\"a,0-9]{0,12}") {
        let _ = read(200, format!("{{\"code\":0,\"column_meta\":{columns},\"data\":{data}}}").as_bytes());
    }
}
