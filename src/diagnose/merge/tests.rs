use super::*;

fn stop(transport: Transport, check: Check, judgement: Judgement) -> FailedCheck {
    FailedCheck {
        transport,
        check,
        judgement,
    }
}

fn ids(
    stops: Vec<FailedCheck>,
    native_answers: Option<bool>,
) -> (Vec<(&'static str, Vec<Transport>)>, u8) {
    let subject = FindingSubject {
        target: "h".into(),
        values: BTreeMap::from([("host", "h".into())]),
        native_answers,
        neighbors: Neighbors::default(),
        adapter_answers: false,
    };
    let manifest = FindingManifest::built_in().unwrap();
    let diagnosis = diagnose(&subject, stops, manifest, Locale::En).unwrap();
    let findings = diagnosis
        .findings
        .into_iter()
        .map(|finding| (finding.id.as_str(), finding.transports))
        .collect();
    (findings, diagnosis.exit)
}

#[test]
fn shared_cause_is_one_finding() {
    let failed = || Judgement::failed(Id::AuthFailed, "no");
    let stops = vec![
        stop(Transport::Native, Check::Connect, failed()),
        stop(Transport::Ws, Check::Auth, failed()),
    ];
    let expected = vec![("auth-failed", vec![Transport::Ws, Transport::Native])];
    assert_eq!(ids(stops, None), (expected, 11));
}

#[test]
fn refused_adapter_beside_a_living_taosd() {
    let refused = || {
        stop(
            Transport::Rest,
            Check::Tcp,
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
fn dead_backend_is_one_finding_for_all() {
    let stops = vec![
        stop(
            Transport::Ws,
            Check::Auth,
            Judgement::failed(Id::AdapterBackendDown, "11"),
        ),
        stop(
            Transport::Rest,
            Check::Query,
            Judgement::failed(Id::AdapterBackendDown, "11"),
        ),
        stop(
            Transport::Native,
            Check::Tcp,
            Judgement::failed(Id::TcpRefused, "refused"),
        ),
    ];
    let (findings, exit) = ids(stops, Some(false));
    assert_eq!((findings.len(), exit), (1, 14));
    assert_eq!(findings[0].1, Transport::ALL);
}

#[test]
fn endpoints_stop_native_alone() {
    let unreachable = || Judgement::failed(Id::DnodeUnreachable, "refused");
    let warning = || {
        stop(
            Transport::Ws,
            Check::Endpoints,
            unreachable().into_warning(),
        )
    };
    assert_eq!(ids(vec![warning()], None).1, 0);
    let (findings, exit) = ids(
        vec![
            warning(),
            stop(Transport::Native, Check::Endpoints, unreachable()),
        ],
        None,
    );
    assert_eq!(
        (findings, exit),
        (vec![("dnode-unreachable", vec![Transport::Native])], 14)
    );
}

#[test]
fn statements_of_two_transports_are_separated_by_semicolons() {
    let left = |transport, sql: &str| {
        let judgement = Judgement::failed(Id::WriteLeftover, "left")
            .into_warning()
            .with("name", "x")
            .with("write_database", sql);
        stop(transport, Check::Write, judgement)
    };
    let stops = vec![
        left(Transport::Ws, "drop database a"),
        left(Transport::Rest, "drop database b"),
    ];
    let subject = FindingSubject {
        target: "h".into(),
        values: BTreeMap::new(),
        native_answers: None,
        neighbors: Neighbors::default(),
        adapter_answers: true,
    };
    let manifest = FindingManifest::built_in().unwrap();
    let diagnosis = diagnose(&subject, stops, manifest, Locale::En).unwrap();
    let fix = &diagnosis.findings[0].fix;
    assert!(fix.contains("drop database a; drop database b"), "{fix}");
}
