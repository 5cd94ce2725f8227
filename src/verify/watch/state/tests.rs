use super::*;
use crate::diagnose::{Id, Judgement, Severity};
use crate::message::Message;
use crate::probe::Check;
use crate::verify::TargetRoute;
use crate::verify::route::{DialFact, DialOutcome, DnodeFact, NameFact};

/// A round in which ws works, or fails with `id`, at a host of these addresses.
fn round(id: Option<Id>, addresses: &[&str]) -> VerifyOutcome {
    let mut checks = TransportChecks::new(Transport::Ws, Vec::new());
    let judgement = match id {
        None => Judgement::ok(Message::quoted("well")),
        Some(id) => Judgement::failed(id, Message::quoted("bad")),
    };
    let _ = checks.add(Check::Tcp, 5, judgement);
    let finding = |id| Finding {
        id,
        severity: Severity::Error,
        target: "db".to_owned(),
        transports: vec![Transport::Ws],
        check: Check::Tcp.as_str(),
        kinds: Vec::new(),
        summary: "it fails".to_owned(),
        observed: String::new(),
        expected: String::new(),
        cause: String::new(),
        fix: String::new(),
        docs: String::new(),
    };
    VerifyOutcome {
        targets: vec![TargetOutcome {
            target: "db".to_owned(),
            transports: vec![checks],
            route: TargetRoute {
                name: NameFact {
                    addresses: addresses.iter().map(|it| (*it).to_owned()).collect(),
                    ..NameFact::default()
                },
                ..TargetRoute::default()
            },
            control: None,
            access: crate::verify::TargetAccess::of_test_host(),
            connectors: Vec::new(),
            bench: None,
            labels: None,
        }],
        findings: id.map(finding).into_iter().collect(),
        ..VerifyOutcome::default()
    }
}

const fn at(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

#[test]
fn dying_adapter_is_seen_and_counted() {
    let mut state = WatchState::default();
    let up = |after| WatchChange::Up {
        target: "db".into(),
        transport: Transport::Ws,
        ms: 0,
        after,
    };
    let down = |id| WatchChange::Down {
        target: "db".into(),
        transport: Transport::Ws,
        id,
        summary: "it fails".into(),
    };
    let mut seen = Vec::new();
    for (second, id) in [
        (0, None),
        (10, None),
        (20, Some(Id::TcpRefused)),
        (30, Some(Id::TcpRefused)),
        (40, Some(Id::AdapterBackendDown)),
        (50, None),
        (60, Some(Id::TcpRefused)),
    ] {
        seen.extend(state.observe(&round(id, &["10.0.0.1"]), at(second)));
    }
    for change in &mut seen {
        if let WatchChange::Up { ms, .. } = change {
            *ms = 0;
        }
    }
    assert_eq!(
        seen,
        [
            up(None),
            down("tcp-refused"),
            down("adapter-backend-down"),
            up(Some(at(30))),
            down("tcp-refused")
        ]
    );
    let rows = state.ended(at(65));
    assert_eq!((rows[0].rounds, rows[0].good_rounds), (7, 3));
    let outages = OutageCount {
        count: 2,
        total: at(35),
        longest: at(30),
    };
    assert_eq!(rows[0].outages, outages);
}

#[test]
fn flapping_name_is_seen_and_another_order_is_not() {
    let mut state = WatchState::default();
    let mut names = |addresses: &[&str]| {
        let changes = state.observe(&round(None, addresses), at(0));
        changes
            .into_iter()
            .any(|change| matches!(change, WatchChange::Name { .. }))
    };
    assert!(!names(&["10.0.0.1", "10.0.0.2"]));
    assert!(!names(&["10.0.0.2", "10.0.0.1"]));
    // A name that does not resolve for a round is a finding of the transport.
    assert!(!names(&[]));
    assert!(names(&["10.0.0.3"]));
    assert!(!names(&["10.0.0.3"]));
    assert!(names(&["10.0.0.1", "10.0.0.2"]));
}

#[test]
fn memory_is_that_of_one_round() {
    let mut state = WatchState::default();
    for number in 0..500_u64 {
        let mut outcome = round(
            (number % 2 == 0).then_some(Id::TcpRefused),
            &[&format!("10.0.0.{}", number % 250)],
        );
        outcome.targets[0].route.dnodes = Some(vec![DnodeFact {
            advertised: format!("pod-{number}:6030"),
            host: String::new(),
            port: Some(6030),
            name: NameFact::default(),
            dials: vec![DialFact {
                address: String::new(),
                source: None,
                interface: None,
                outcome: DialOutcome::Open,
                ms: None,
            }],
            is_strange: false,
            is_offline: false,
        }]);
        let _ = state.observe(&outcome, at(number));
    }
    assert_eq!(
        (
            state.transports.len(),
            state.addresses.len(),
            state.dnodes.len()
        ),
        (1, 1, 1)
    );
}
