use super::*;
use crate::diagnose::Status;
use crate::probe::tcp::DialAttempt;

fn judged(dials: &[Dial]) -> (Status, Option<Id>) {
    let attempts = dials
        .iter()
        .map(|dial| DialAttempt {
            address: "::1".parse().unwrap(),
            dial: dial.clone(),
            ms: 0,
        })
        .collect();
    let judgement = tcp(
        "h",
        &Tcp {
            port: 6041,
            attempts,
        },
    );
    (judgement.status, judgement.cause.map(|cause| cause.id))
}

#[test]
fn one_address_is_enough() {
    assert_eq!(judged(&[Dial::Refused, Dial::Open]), (Status::Ok, None));
    assert_eq!(judged(&[Dial::Open, Dial::Outrun]), (Status::Ok, None));
}

#[test]
fn refusal_says_more_than_silence() {
    let failed = |id| (Status::Failed, Some(id));
    assert_eq!(
        judged(&[Dial::TimedOut, Dial::Refused]),
        failed(Id::TcpRefused)
    );
    assert_eq!(
        judged(&[Dial::TimedOut, Dial::Unreachable]),
        failed(Id::TcpTimeout)
    );
    assert_eq!(
        judged(&[Dial::Unreachable, Dial::Reset]),
        failed(Id::ClosedEarly)
    );
}
