use super::*;
use proptest::prelude::*;

fn seen(text: &str) -> String {
    in_text(text).map_or_else(
        || "none".into(),
        |place| format!("{} {:?}", place.host, place.port),
    )
}

#[test]
fn texts() {
    for (text, place) in [
        (
            "failed to connect to db01:6041: connection refused",
            "db01 Some(6041)",
        ),
        (
            "dial tcp 10.0.0.9:6041: connect: connection refused",
            "10.0.0.9 Some(6041)",
        ),
        (
            "Connect to db01:6041 [db01/10.1.2.3] failed: Connection refused",
            "db01 Some(6041)",
        ),
        (
            "at com.taosdata.jdbc.TSDBJNIConnector.init(TSDBJNIConnector.java:1038) JNI ERROR (0x2354)",
            "none",
        ),
        (
            "thread 'main' panicked at taos-ws-0.12.3/src/client/mod.rs:2940:26: capacity must be greater than zero",
            "none",
        ),
        ("lookup db01 on 10.0.0.2:53: no such host", "db01 None"),
        ("getaddrinfo ENOTFOUND db-1.example", "db-1.example None"),
        (
            "request to http://root:pw@db7:6041/rest/sql failed",
            "db7 Some(6041)",
        ),
        (
            "read tcp 10.0.0.5:51514->10.0.0.9:6041: i/o timeout",
            "10.0.0.9 Some(6041)",
        ),
        ("root:taosdata@ws(db8:6042)/", "db8 Some(6042)"),
        ("jdbc:TAOS-WS://db9:6041/?user=root", "db9 Some(6041)"),
        ("connect to [::1]:6041 failed", "::1 Some(6041)"),
        ("connection refused :6041", " Some(6041)"),
        ("2026-11-22 12:34:56 code:855 errno:3 main.go:1099", "none"),
        ("host=db3;port=6041;username=root", "db3 Some(6041)"),
        (
            "curl: (7) Failed to connect to db01 port 6041 after 2 ms: Connection refused",
            "db01 Some(6041)",
        ),
        ("nothing was found to be on port 6030 here", " Some(6030)"),
        (
            "HTTPConnectionPool(host='tdengine', port=6041): Max retries exceeded with url: /rest/sql",
            "tdengine Some(6041)",
        ),
        ("taos -h db4 -P 6030", "db4 Some(6030)"),
        (
            "psql: could not connect to server: Connection refused",
            "none",
        ),
        ("Could not resolve host: db-5", "db-5 None"),
        ("x:$(reboot):6041 `a`;b:6041", "b Some(6041)"),
    ] {
        assert_eq!(seen(text), place, "{text}");
    }
}

proptest! {
    #[test]
    fn a_host_needs_no_quoting(text in any::<String>()) {
        if let Some(place) = in_text(&text) {
            prop_assert!(place.host.chars().all(|c| c.is_ascii_alphanumeric() || "-_.:".contains(c)));
        }
    }

    #[test]
    fn what_is_written_is_found(host in "[a-z][a-z0-9-]{0,20}\\.[a-z]{4,9}", port in 1024_u16..) {
        prop_assert_eq!(
            seen(&format!("error: {host}:{port}: connection refused")), format!("{host} Some({port})")
        );
    }
}
