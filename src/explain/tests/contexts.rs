//! The tool, language, or place that a text names does not decide against the error that it names.

use super::*;

/// What people write before the error.
const CONTEXTS: [&str; 34] = [
    "R RJDBC dbConnect: ",
    "isql, TDengine ODBC, DSN: ",
    "taos_odbc: ",
    "in an alpine container with taosadapter: ",
    "rust target x86_64-unknown-linux-musl, taos-ws: ",
    "node-red, tdengine node: ",
    "luaconnector: ",
    "php-tdengine extension: ",
    "prometheus remote_write to taosadapter: ",
    "collectd to taosadapter: ",
    "taosd-headless.default.svc.cluster.local: ",
    "telegraf outputs.http, tdengine: ",
    "grafana tdengine-datasource: ",
    "emqx tdengine bridge: ",
    "datax tdengine30writer: ",
    "seatunnel tdengine sink: ",
    "dbeaver tdengine driver: ",
    "kafka-connect-tdengine sink: ",
    "flink jdbc:TAOS-RS: ",
    "druid, TDengine pool: ",
    "HikariPool-1 TSDBDriver: ",
    "mybatis-plus tdengine: ",
    "pandas read_sql taosrest: ",
    "superset with taospy: ",
    "go, driver-go, taosSql: ",
    "cargo, crate taos: ",
    "@tdengine/websocket on node: ",
    "TDengine.Connector in C#: ",
    "IDEA on Windows, taos.dll is loaded: ",
    "nginx in front of taosadapter: ",
    "thingsboard with tdengine: ",
    "Power BI with TDengine: ",
    "微信小程序后端 springboot 连接 tdengine: ",
    "树莓派 arm64 上的 taosd: ",
];

/// Errors, and the entries of which one is the answer.
const ERRORS: [(&str, &[&str]); 12] = [
    (
        "Authentication failure [0x0357]",
        &["0x80000357", "login-characters"],
    ),
    (
        "Database not exist (0x0388)",
        &["0x80000388", "database-missing-name"],
    ),
    (
        "dial tcp 192.0.2.5:6041: connect: connection refused",
        &["nothing-listens", "container-address"],
    ),
    (
        "Unable to resolve FQDN",
        &["0x80000015", "endpoint-unreachable", "kubernetes-outside"],
    ),
    ("syntax error near 'limt'", &["0x80002600", "sql-invalid"]),
    (
        "x509: certificate signed by unknown authority",
        &["certificate-refused"],
    ),
    (
        "Version not compatible",
        &["versions-differ", "adapter-versions-differ"],
    ),
    ("Too many open files", &["out-of-descriptors"]),
    ("Table does not exist [0x2603]", &["0x80002603"]),
    (
        "getaddrinfo ENOTFOUND tdengine-server",
        &["name-unresolved"],
    ),
    (
        "HTTP 502 Bad Gateway",
        &["proxy-upstream", "grafana-connection"],
    ),
    (
        "connection timed out 192.0.2.8:6041",
        &["no-route", "container-address"],
    ),
];

#[test]
fn error_decides_and_not_what_is_named_beside_it() {
    let mut wrong = Vec::new();
    for context in CONTEXTS {
        for (error, entries) in ERRORS {
            let text = format!("{context}{error}");
            let id = first(&text);
            if !entries.contains(&id.as_str()) {
                wrong.push(format!("{text} finds {id}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
