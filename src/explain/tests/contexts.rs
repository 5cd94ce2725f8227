//! The tool, language, or place that a text names, and what its writer tells, does not decide against the error in it.

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

/// What users tell in Chinese before the error.
const TOLD: [&str; 9] = [
    "连接断开之后重启程序也不行，日志里是 ",
    "昨天写入之后查询不到数据，taosadapter 的日志里是 ",
    "数据条数和之前的不对，td 里提示 ",
    "数据库支持事务吗？另外 TDengine 报 ",
    "时间和时区都已经设置好了，仍然报 ",
    "列名没有加单引号，taos 提示 ",
    "taos 里显示不全，后来提示 ",
    "超时时间怎么设置都没有用，taosd 报 ",
    "运维昨天修改了root密码，也重启了，现在 taos 提示 ",
];

#[test]
fn error_decides_and_not_what_is_told_beside_it() {
    wrong_answers(&TOLD);
}

#[test]
fn error_decides_and_not_what_is_named_beside_it() {
    wrong_answers(&CONTEXTS);
}

/// Fails with each error of which the words before it change the answer.
fn wrong_answers(contexts: &[&str]) {
    let mut wrong = Vec::new();
    for context in contexts {
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
