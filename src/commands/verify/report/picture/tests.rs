use super::*;
use crate::diagnose::Judgement;
use crate::message::Message;
use crate::verify::TargetRoute;

fn checks(transport: Transport, results: &[(Check, Option<Id>)]) -> TransportChecks {
    let mut checks = TransportChecks::new(transport, Vec::new());
    for (check, cause) in results {
        let judgement = match cause {
            None => Judgement::ok(Message::quoted("well")),
            Some(id) => Judgement::failed(*id, Message::quoted("bad")),
        };
        let _ = checks.add_untimed(*check, judgement);
    }
    checks
}

fn target(transports: Vec<TransportChecks>) -> TargetOutcome {
    TargetOutcome {
        target: "db".to_owned(),
        transports,
        route: TargetRoute::default(),
        control: None,
        access: crate::verify::TargetAccess::of_test_host(),
        connectors: Vec::new(),
        bench: None,
        labels: None,
    }
}

/// The states of every line, as letters: good, warned, broken, unreached.
fn states(target: &TargetOutcome) -> Vec<String> {
    let picture = Picture::of(target, Locale::En).unwrap();
    let lane = |lane: &Lane| {
        let letters = lane.stops.iter().map(|(_, state)| match state {
            PassState::Good => 'g',
            PassState::Warned => 'w',
            PassState::Broken => 'b',
            PassState::Unreached => 'u',
        });
        format!("{} {}", lane.name, letters.collect::<String>())
    };
    picture.lanes.iter().map(lane).collect()
}

#[test]
fn line_is_green_up_to_where_it_broke() {
    use Check::{Auth, Dns, Fingerprint, Library, Protocol, Tcp};
    for (transport, results, expected) in [
        (
            Transport::Ws,
            vec![(Dns, Some(Id::DnsUnresolved))],
            "ws gbuu",
        ),
        (
            Transport::Ws,
            vec![(Dns, None), (Tcp, Some(Id::TcpRefused))],
            "ws ggbu",
        ),
        (
            Transport::Rest,
            vec![
                (Dns, None),
                (Tcp, None),
                (Protocol, None),
                (Auth, Some(Id::AuthFailed)),
            ],
            "rest gggb",
        ),
        (
            Transport::Rest,
            vec![
                (Dns, None),
                (Tcp, None),
                (Protocol, Some(Id::ProxyInTheWay)),
            ],
            "rest ggbuu",
        ),
        (
            Transport::Native,
            vec![(Library, Some(Id::LibraryMissing))],
            "native buu",
        ),
        (
            Transport::Native,
            vec![
                (Library, None),
                (Dns, None),
                (Tcp, None),
                (Fingerprint, Some(Id::WrongPort)),
            ],
            "native ggb",
        ),
    ] {
        assert_eq!(
            states(&target(vec![checks(transport, &results)])),
            [expected]
        );
    }
}

#[test]
fn skipped_transports_have_no_line() {
    let mut skipped = TransportChecks::new(Transport::Native, Vec::new());
    let _ = skipped.add_untimed(Check::Library, Judgement::skipped(Message::quoted("none")));
    let works = checks(
        Transport::Ws,
        &[(Check::Dns, None), (Check::Tcp, None), (Check::Query, None)],
    );
    assert_eq!(states(&target(vec![works, skipped])), ["ws gggg"]);
    assert!(Picture::of(&target(Vec::new()), Locale::En).is_none());
}

#[test]
fn drawings_hold_every_text_and_stay_inside() {
    let long = "一个很长的主机名.".repeat(30);
    let mut target = target(vec![
        checks(
            Transport::Ws,
            &[(Check::Dns, None), (Check::Tcp, Some(Id::TcpTimeout))],
        ),
        checks(
            Transport::Native,
            &[(Check::Library, None), (Check::Dns, None)],
        ),
    ]);
    target.route.host = long.clone();
    let dnode = |number: usize| DnodeFact {
        advertised: format!("{long}{number}:6030"),
        host: long.clone(),
        port: Some(6030),
        name: crate::verify::route::NameFact::default(),
        dials: Vec::new(),
        is_strange: false,
        is_offline: false,
    };
    target.route.dnodes = Some((0..40).map(dnode).collect());
    for locale in [Locale::En, Locale::Zh] {
        let picture = Picture::of(&target, locale).unwrap();
        assert_eq!(picture.dnodes.len(), MOST_DNODES);
        for drawing in [wide(&picture), narrow(&picture)] {
            let drawing = serde_json::to_value(&drawing).unwrap();
            let number = |value: &serde_json::Value| value.as_f64().unwrap();
            let (width, height) = (number(&drawing["width"]), number(&drawing["height"]));
            for card in drawing["cards"].as_array().unwrap() {
                assert!(
                    number(&card["x"]) >= 0.0
                        && number(&card["x"]) + number(&card["width"]) <= width + 0.1,
                    "{card}"
                );
                assert!(
                    number(&card["y"]) >= 0.0
                        && number(&card["y"]) + number(&card["height"]) <= height + 0.1,
                    "{card}"
                );
            }
        }
    }
}
