use super::*;

fn chosen(language: &str, transport: Transport, server: Option<&str>) -> Option<Choice> {
    let server = server.map(|text| text.parse().unwrap());
    Connectors::built_in().choose(language, transport, server)
}

#[test]
fn catalog_is_well_formed() {
    let all: Connectors =
        toml::from_str(include_str!("../../../manifests/connectors.toml")).unwrap();
    for ability in &all.ability {
        assert!(!ability.title.en.is_empty() && !ability.transports.is_empty());
    }
    for stranger in &all.stranger {
        assert!(!stranger.source.is_empty() && !stranger.why.en.is_empty());
    }
    for connector in &all.connector {
        assert_eq!(connector.retired.is_some(), connector.code.is_some());
        for word in &connector.cannot {
            assert!(all.ability.iter().any(|ability| ability.name == *word));
        }
        assert!(!connector.source.is_empty(), "{}", connector.package);
        assert_eq!(
            connector.release.is_empty(),
            connector.retired.is_some(),
            "{}: a package is retired or has releases",
            connector.package
        );
        let versions: Vec<_> = connector
            .release
            .iter()
            .map(|release| numbers(&release.version))
            .collect();
        assert!(
            versions.is_sorted_by(|a, b| a < b),
            "{}: releases stand in order, once each",
            connector.package
        );
        for release in &connector.release {
            let name = format!("{} {}", connector.package, release.version);
            let digits = release.version.trim_start_matches('v');
            assert!(
                digits.split('.').all(|part| part.parse::<u32>().is_ok()),
                "{name}"
            );
            assert!(
                release
                    .runtime
                    .split('.')
                    .all(|part| part.parse::<u32>().is_ok()),
                "{name}"
            );
            let spoken: Vec<_> = Transport::ALL
                .into_iter()
                .filter_map(|transport| release.support(transport))
                .collect();
            assert!(!spoken.is_empty(), "{name}");
            assert!(
                spoken.iter().all(|support| !support.why.is_empty()),
                "{name}"
            );
            for run in &release.ran_on {
                let (server, transport) = run.split_once(' ').unwrap();
                let server: Version = server.parse().unwrap();
                let support = release.support(transport.parse().unwrap()).unwrap();
                assert!(support.server <= server, "{name} ran on {run}");
            }
        }
    }
}

#[test]
fn languages_have_a_choice_without_server() {
    for language in ["go", "java", "node", "python"] {
        let mut expected = Transport::ALL.to_vec();
        expected.retain(|transport| language != "node" || *transport != Transport::Native);
        assert_eq!(Connectors::built_in().transports(language), expected);
        for transport in [Transport::Ws, Transport::Rest] {
            let choice = chosen(language, transport, None).unwrap();
            let assumed = choice.notes.first();
            let assumed = assumed.is_some_and(|it| it.to_string().starts_with("no server given"));
            assert_eq!(assumed, !choice.built_in, "{language} {transport}");
        }
    }
}

#[test]
fn server_decides_release() {
    let version = |transport, server| chosen("go", transport, server).map(|choice| choice.version);
    assert_eq!(version(Transport::Ws, Some("3.3.7.5")), Some("v3.8.2"));
    assert_eq!(version(Transport::Ws, Some("3.3.6.0")), Some("v3.8.2"));
    assert_eq!(version(Transport::Ws, Some("3.3.5.9")), Some("v3.5.5"));
    assert_eq!(version(Transport::Ws, Some("3.2.2.2")), Some("v3.5.5"));
    assert_eq!(version(Transport::Ws, Some("3.0.0.0")), None);
    assert_eq!(version(Transport::Rest, Some("3.0.0.0")), Some("v3.8.2"));
    assert!(
        chosen("go", Transport::Ws, Some("3.3.7.5"))
            .unwrap()
            .notes
            .is_empty()
    );
}

#[test]
fn versions_are_judged_by_ranges() {
    let judge = |language, package, transport, server: Option<&str>, asked| {
        let connector = Connectors::built_in().of_language(language, package);
        let server = server.map(|text| text.parse().unwrap());
        VersionRules::new(connector, transport, server).judge(asked)
    };
    let java = |server, asked| {
        let package = "com.taosdata.jdbc:taos-jdbcdriver";
        judge("java", package, Transport::Ws, server, asked)
    };
    for works in ["3.2.8", "3.7.7", "3.7.9", "[3.2,3.8)"] {
        assert_eq!(
            java(Some("3.3.7.5"), works),
            VersionVerdict::Works,
            "{works}"
        );
        assert_eq!(java(None, works), VersionVerdict::Works, "{works}");
    }
    assert_eq!(
        java(Some("3.3.7.5"), "3.9.1"),
        VersionVerdict::Untested("3.7.9")
    );
    for fails in ["2.0.38", "1.0"] {
        assert!(
            matches!(java(None, fails), VersionVerdict::Fails(_)),
            "{fails}"
        );
    }
    assert!(matches!(
        java(Some("3.2.2.2"), "3.7.9"),
        VersionVerdict::Fails(_)
    ));
    assert_eq!(java(Some("3.2.2.2"), "3.2.8"), VersionVerdict::Works);
    assert_eq!(java(None, "LATEST"), VersionVerdict::Unknown);
    let python = |asked| judge("python", "taos-ws-py", Transport::Ws, None, asked);
    assert_eq!(python("<0.7"), VersionVerdict::Works);
    assert_eq!(python(">=0.5,<1"), VersionVerdict::Works);
    assert_eq!(
        judge("go", "x", Transport::Ws, None, "1.0.0"),
        VersionVerdict::Unknown
    );
}

#[test]
fn unknown_languages_have_none() {
    assert!(chosen("cobol", Transport::Ws, None).is_none());
    assert!(Connectors::built_in().transports("cobol").is_empty());
}
