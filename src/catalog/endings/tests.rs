use super::*;

fn ends(language: &str, transport: Transport) -> bool {
    Endings::built_in().of(language, transport).is_some()
}

#[test]
fn six_connections_end() {
    assert_eq!(Endings::built_in().connection.len(), 6);
    assert!(ends("go", Transport::Rest));
    assert!(!ends("python", Transport::Native));
    assert!(!ends("rust", Transport::Native));
    assert!(!ends("java", Transport::Ws));
}

#[test]
fn words_of_a_connector_name_its_connection() {
    for (text, expected) in [
        (
            "java.lang.UnsatisfiedLinkError: no taos in java.library.path\n\tat com.taosdata.jdbc.TSDBJNIConnector.<clinit>",
            Some(("java", Transport::Native)),
        ),
        (
            "No suitable driver found for jdbc:TAOS-RS://localhost:6041",
            Some(("java", Transport::Rest)),
        ),
        (
            "jdbc:TAOS-WS://localhost:6041 at com.taosdata.jdbc.ws.WebSocketDriver",
            None,
        ),
        (
            "sql: unknown driver \"taosSql\" (forgotten import?)",
            Some(("go", Transport::Native)),
        ),
        (
            "ModuleNotFoundError: No module named 'taosrest'",
            Some(("python", Transport::Rest)),
        ),
        ("import taos; taos.connect(host='h')", None),
    ] {
        let found: Vec<_> = Endings::built_in()
            .in_text(text)
            .map(|ending| (&*ending.language, ending.transport))
            .collect();
        assert_eq!(found, Vec::from_iter(expected), "{text}");
    }
}
