use insta::assert_snapshot;

use crate::support::program::TestContext;
use crate::support::tree::{tree, write_files};

const PROGRAM: &str = r#"library(RJDBC)
# jdbc:TAOS://comment:6030/
drv <- JDBC("com.taosdata.jdbc.TSDBDriver", "lib/taos-jdbcdriver-3.2.8-dist.jar")
con <- dbConnect(drv, "jdbc:TAOS://db:6030/power", "root", Sys.getenv("TAOS_PASSWORD"))
dbSendUpdate(con, "insert into d1 values (?, ?)", "2026-01-01 00:00:00", 21.5)
dbSendUpdate(con, "insert into d1 values ('2026-01-01T00:00:00Z', ?)", 21.5)
"#;

#[test]
fn r_programs_move_to_websocket() {
    let context = TestContext::new();
    write_files(
        &context.work(),
        &[
            ("read.R", PROGRAM),
            (
                "report.Rmd",
                "```{r}\ncon <- dbConnect(JDBC('com.taosdata.jdbc.rs.RestfulDriver', 'java/taos-jdbcdriver-3.7.9-dist.jar'),\n  'jdbc:TAOS-RS://db:6041/power?batchfetch=true')\n```\n",
            ),
            (
                "other.R",
                "dbSendUpdate(con, \"insert into t values (?)\", 1)\n",
            ),
        ],
    );
    assert_snapshot!(context.program(["migrate"]).run(), @"
    exit 0
    --- stdout
    read.R:3:14: java-native-driver
        com.taosdata.jdbc.TSDBDriver
        -> com.taosdata.jdbc.ws.WebSocketDriver
    read.R:3:50: r-driver-jar
        taos-jdbcdriver-3.2.8-dist.jar
        manual: WebSocket needs other code; run `taos-setup init --lang r --upgrade` in the project's directory, and use the path of the jar that it fetches
    read.R:4:24: java-native-url
        jdbc:TAOS://db:6030/power
        -> jdbc:TAOS-WS://db:6041/power
    read.R:5:35: r-bound-time
        values (?, ?)
        manual: WebSocket needs other code; write the time into the text of the statement, in RFC 3339: RJDBC cannot bind it over WebSocket
    report.Rmd:2:24: java-rest-driver
        com.taosdata.jdbc.rs.RestfulDriver
        -> com.taosdata.jdbc.ws.WebSocketDriver
    report.Rmd:3:4: java-rest-url
        jdbc:TAOS-RS://db:6041/power?batchfetch=true
        -> jdbc:TAOS-WS://db:6041/power
    --- stderr
    6 uses of connections that end on 2027-01-01: 4 automatic, 2 manual
    ok changed 4 uses in 2 files; 2 left for manual changes
    next: build and test the project; taosAdapter has to run on the server (port 6041)
    ");
    assert_snapshot!(tree(&context.work()), @r#"
    === other.R
    dbSendUpdate(con, "insert into t values (?)", 1)
    === read.R
    library(RJDBC)
    # jdbc:TAOS://comment:6030/
    drv <- JDBC("com.taosdata.jdbc.ws.WebSocketDriver", "lib/taos-jdbcdriver-3.2.8-dist.jar")
    con <- dbConnect(drv, "jdbc:TAOS-WS://db:6041/power", "root", Sys.getenv("TAOS_PASSWORD"))
    dbSendUpdate(con, "insert into d1 values (?, ?)", "2026-01-01 00:00:00", 21.5)
    dbSendUpdate(con, "insert into d1 values ('2026-01-01T00:00:00Z', ?)", 21.5)
    === report.Rmd
    ```{r}
    con <- dbConnect(JDBC('com.taosdata.jdbc.ws.WebSocketDriver', 'java/taos-jdbcdriver-3.7.9-dist.jar'),
      'jdbc:TAOS-WS://db:6041/power')
    ```
    "#);
}
