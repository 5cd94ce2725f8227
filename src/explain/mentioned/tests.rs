use super::*;
use proptest::prelude::*;

fn seen(text: &str) -> String {
    in_text(text).map_or_else(
        || "none".into(),
        |named| format!("{} {:?}", named.host, named.port),
    )
}

#[test]
fn servers_are_found_in_texts() {
    for (text, server) in [
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
        ("lookup db01 on 10.0.0.2:53: no such host", "none"),
        ("getaddrinfo ENOTFOUND db-1.example", "none"),
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
        (
            "TAOS_ADAPTER error=read tcp 192.0.2.5:6041->192.0.2.177:62382: read: connection reset",
            "192.0.2.5 Some(6041)",
        ),
        (
            "(Background on this error at: https://sqlalche.me/e/20/e3q8)",
            "none",
        ),
        ("DB error: Unable to resolve FQDN (0.003000s)", "none"),
        ("http://bugreport.java.com/bugreport/crash.jsp", "none"),
        ("dial tcp 203.0.113.17:443: i/o timeout", "none"),
        (
            "RPC ERROR failed to connect to:0xe70200c0:6030",
            "192.0.2.231 Some(6030)",
        ),
        (
            "UTL ERROR failed to connect socket, ip:0x100007f, port:6030(Unknown error)",
            " Some(6030)",
        ),
        (
            "taos.connect(host=\"192.0.2.5\", port=6041, user=\"root\")",
            "192.0.2.5 Some(6041)",
        ),
        ("taosws://root:secret@db2:6041/power", "db2 Some(6041)"),
        ("docker run -h tde tdengine", "none"),
        ("C:\\>taos -h 192.0.2.50", "192.0.2.50 None"),
        (
            "Post \"http://h1.example/rest/sql\": EOF",
            "h1.example None",
        ),
        (
            "https://gw.cloud.tdengine.com?token=x",
            "gw.cloud.tdengine.com None",
        ),
        ("x:$(reboot):6041 `a`;b:6041", "b Some(6041)"),
        (
            "HTTPConnectionPool(host='db01', port=6041): Max retries exceeded",
            "db01 Some(6041)",
        ),
        (
            "HTTPSConnectionPool(host='index.example', port=443): Read timed out.",
            "none",
        ),
        ("Server: 3.3.7.5, it does not answer", "none"),
        ("server: 192.0.2.4, it does not answer", "192.0.2.4 None"),
    ] {
        assert_eq!(seen(text), server, "{text}");
    }
}

proptest! {
    #[test]
    fn host_needs_no_quoting(text in any::<String>()) {
        if let Some(named) = in_text(&text) {
            prop_assert!(named.host.chars().all(|c| c.is_ascii_alphanumeric() || "-_.:".contains(c)));
        }
    }

    #[test]
    fn written_host_is_found(host in "[a-z][a-z0-9-]{0,20}\\.[a-z]{4,9}", port in 6030_u16..6050) {
        prop_assert_eq!(
            seen(&format!("error: {host}:{port}: connection refused")), format!("{host} Some({port})")
        );
    }
}

#[test]
fn unresolved_names_are_found() {
    for (text, name) in [
        ("lookup db01 on 10.0.0.2:53: no such host", Some("db01")),
        ("getaddrinfo ENOTFOUND db-1.example", Some("db-1.example")),
        ("java.net.UnknownHostException: db-2", Some("db-2")),
        (
            "UTL ERROR failed to get the ip address, fqdn:020c0e2243a7",
            Some("020c0e2243a7"),
        ),
        ("Unable to resolve FQDN (0.003000s)", None),
    ] {
        assert_eq!(unresolved_name(text).as_deref(), name, "{text}");
    }
}
