use super::*;
use crate::diagnose::Status;
use crate::probe::dns::Dns;
use crate::probe::tcp::DialAttempt;

fn endpoint(host: &str, seen: Option<(&str, Dial)>) -> Endpoint {
    let tcp = seen.map(|(address, dial)| Tcp {
        port: 6030,
        attempts: vec![DialAttempt {
            address: address.parse().unwrap(),
            dial,
            ms: 0,
        }],
    });
    Endpoint {
        advertised: format!("{host}:6030"),
        host: host.into(),
        port: 6030,
        offline: false,
        dns: Dns::Unknown("x".into()),
        tcp,
        answers: None,
    }
}

fn view(reached: &str, here: bool) -> View<'static> {
    View {
        host: "db.example",
        reached: reached.parse().ok(),
        native: None,
        here,
    }
}

fn judged(endpoints: &[Endpoint], view: View<'_>) -> Vec<(Option<Id>, Status, &'static str)> {
    let kind = |judgement: &Judgement| judgement.cause.as_ref().and_then(|cause| cause.kind);
    super::endpoints(endpoints, view)
        .iter()
        .map(|judgement| {
            let id = judgement.cause.as_ref().map(|cause| cause.id);
            (
                id,
                judgement.status,
                kind(judgement).map_or("", CauseKind::as_str),
            )
        })
        .collect()
}

#[test]
fn localhost_of_another_machine() {
    let endpoints = [endpoint("localhost", Some(("127.0.0.1", Dial::Open)))];
    let here = judged(&endpoints, view("127.0.0.1", true));
    assert_eq!(here, [(None, Status::Ok, "")]);
    let there = judged(&endpoints, view("192.0.2.7", false));
    let expected = (Some(Id::DnodeUnreachable), Status::Failed, "local");
    assert_eq!(there, [expected]);
}

#[test]
fn offline_is_not_unreachable() {
    let mut offline = endpoint("td2", Some(("192.0.2.8", Dial::TimedOut)));
    offline.offline = true;
    let both = [offline, endpoint("3f2a9c81d07b", None)];
    assert_eq!(
        judged(&both, view("192.0.2.7", false)),
        [
            (Some(Id::DnodeUnresolved), Status::Failed, "container"),
            (Some(Id::DnodeOffline), Status::Warning, ""),
        ]
    );
}

#[test]
fn something_else_answers() {
    let mut strange = endpoint("td1", Some(("192.0.2.7", Dial::Open)));
    strange.answers = Some(Fingerprint::Foreign("SSH-2.0".into()));
    let seen = judged(&[strange], view("192.0.2.7", false));
    assert_eq!(seen[0].2, "stranger");
}

#[test]
fn hosts_line_has_the_address_of_a_single_dnode() {
    let line = |endpoints: &[Endpoint]| {
        let judgement = super::endpoints(endpoints, view("192.0.2.7", false)).remove(0);
        judgement.cause.unwrap().values["hosts"].clone()
    };
    assert_eq!(line(&[endpoint("td1", None)]), "'192.0.2.7 td1'".into());
    assert_eq!(
        line(&[endpoint("td1", None), endpoint("td2", None)]),
        "'ADDRESS_OF_td1 td1' 'ADDRESS_OF_td2 td2'".into()
    );
}
