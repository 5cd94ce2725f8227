use super::*;

fn stop(transport: Transport, rung: Rung, judgement: Judgement) -> Stop {
    Stop {
        transport,
        rung,
        judgement,
    }
}

fn ids(stops: Vec<Stop>, native_answers: Option<bool>) -> (Vec<(String, Vec<String>)>, u8) {
    let subject = Subject {
        target: "h".into(),
        values: BTreeMap::from([("host", "h".to_owned())]),
        native_answers,
        adapter_answers: false,
    };
    let manifest = Manifest::built_in().unwrap();
    let diagnosis = diagnose(&subject, stops, &manifest, Locale::En).unwrap();
    let findings = diagnosis
        .findings
        .into_iter()
        .map(|finding| (finding.id, finding.transports))
        .collect();
    (findings, diagnosis.exit)
}

#[test]
fn a_shared_cause_is_one_finding() {
    let failed = || Judgement::failed(Id::AuthFailed, "no");
    let stops = vec![
        stop(Transport::Native, Rung::Connect, failed()),
        stop(Transport::Ws, Rung::Auth, failed()),
    ];
    let expected = vec![(
        "auth-failed".to_owned(),
        vec!["ws".to_owned(), "native".to_owned()],
    )];
    assert_eq!(ids(stops, None), (expected, 11));
}

#[test]
fn a_refused_adapter_beside_a_living_taosd() {
    let refused = || {
        stop(
            Transport::Rest,
            Rung::Tcp,
            Judgement::failed(Id::TcpRefused, "refused"),
        )
    };
    assert_eq!(
        ids(vec![refused()], Some(true)).0[0].0,
        "adapter-not-running"
    );
    assert_eq!(ids(vec![refused()], Some(false)).0[0].0, "tcp-refused");
}

#[test]
fn a_dead_backend_is_one_finding_for_all() {
    let stops = vec![
        stop(
            Transport::Ws,
            Rung::Auth,
            Judgement::failed(Id::AdapterBackendDown, "11"),
        ),
        stop(
            Transport::Rest,
            Rung::Query,
            Judgement::failed(Id::AdapterBackendDown, "11"),
        ),
        stop(
            Transport::Native,
            Rung::Tcp,
            Judgement::failed(Id::TcpRefused, "refused"),
        ),
    ];
    let (findings, exit) = ids(stops, Some(false));
    assert_eq!((findings.len(), exit), (1, 14));
    assert_eq!(findings[0].1, ["ws", "rest", "native"]);
}

#[test]
fn endpoints_stop_native_alone() {
    let unreachable = || Judgement::failed(Id::DnodeUnreachable, "refused");
    let warning = || stop(Transport::Ws, Rung::Endpoints, unreachable().into_warning());
    assert_eq!(ids(vec![warning()], None).1, 0);
    let (findings, exit) = ids(
        vec![
            warning(),
            stop(Transport::Native, Rung::Endpoints, unreachable()),
        ],
        None,
    );
    assert_eq!(
        (findings, exit),
        (
            vec![("dnode-unreachable".to_owned(), vec!["native".to_owned()])],
            14
        )
    );
}
