use insta::assert_snapshot;

use crate::support::program::TestContext;
use crate::support::tree::{tree, write_files};

#[test]
fn driver_stays_with_an_address_that_needs_a_person() {
    let context = TestContext::new();
    write_files(
        &context.work(),
        &[(
            "application.properties",
            "a.driver=com.taosdata.jdbc.TSDBDriver\na.url=jdbc:TAOS://${HOST}:${PORT}/a\nb.url=jdbc:TAOS://db:6030/b\n",
        )],
    );
    let before = tree(&context.work());
    assert_snapshot!(context.program(["migrate"]).run(), @"
    exit 0
    --- stdout
    application.properties:1:10: java-native-driver
        com.taosdata.jdbc.TSDBDriver
        manual: its address is not in the sources or needs a manual change, and both must change together; use com.taosdata.jdbc.ws.WebSocketDriver with a URL jdbc:TAOS-WS://HOST:6041/DATABASE
    application.properties:2:7: java-native-url
        jdbc:TAOS://${HOST}:${PORT}/a
        manual: the port of taosAdapter is not known here; use jdbc:TAOS-WS://HOST:6041/DATABASE, without batchfetch
    application.properties:3:7: java-native-url
        jdbc:TAOS://db:6030/b
        manual: its address is not in the sources or needs a manual change, and both must change together; use jdbc:TAOS-WS://HOST:6041/DATABASE, without batchfetch
    --- stderr
    3 uses of connections that end on 2027-01-01: 0 automatic, 3 manual
    ");
    assert_eq!(tree(&context.work()), before);
}

#[test]
fn driver_stays_if_no_address_is_in_the_sources() {
    let context = TestContext::new();
    write_files(
        &context.work(),
        &[
            ("go.mod", "module a\n"),
            (
                "main.go",
                "package main\n\nimport _ \"github.com/taosdata/driver-go/v3/taosSql\"\n\nvar db = open(\"taosSql\", os.Getenv(\"DSN\"))\n",
            ),
        ],
    );
    assert_snapshot!(context.program(["migrate"]).run(), @r#"
    exit 0
    --- stdout
    main.go:3:11: go-native-import
        github.com/taosdata/driver-go/v3/taosSql
        manual: its address is not in the sources or needs a manual change, and both must change together; import github.com/taosdata/driver-go/v3/taosWS, open "taosWS", and use USER:PASSWORD@ws(HOST:6041)/DATABASE
    main.go:5:16: go-native-driver
        taosSql
        manual: its address is not in the sources or needs a manual change, and both must change together; import github.com/taosdata/driver-go/v3/taosWS, open "taosWS", and use USER:PASSWORD@ws(HOST:6041)/DATABASE
    --- stderr
    2 uses of connections that end on 2027-01-01: 0 automatic, 2 manual
    "#);
}

#[test]
fn other_module_changes_on_its_own() {
    let context = TestContext::new();
    let program = |source: &str| {
        format!(
            "package main\n\nimport _ \"github.com/taosdata/driver-go/v3/taosSql\"\n\nvar db = open(\"taosSql\", {source})\n"
        )
    };
    let (open, closed) = (
        program("\"root:x@tcp(db:6030)/\""),
        program("\"root:x@tcp(\" + host + \")/\""),
    );
    write_files(
        &context.work(),
        &[
            ("a/go.mod", "module a\n"),
            ("a/main.go", &open),
            ("b/go.mod", "module b\n"),
            ("b/main.go", &closed),
        ],
    );
    assert_eq!(context.program(["migrate"]).run().exit, Some(0));
    let read = |path: &str| std::fs::read_to_string(context.work().join(path)).unwrap();
    assert!(read("a/main.go").contains("\"taosWS\", \"root:x@ws(db:6041)/\""));
    assert_eq!(read("b/main.go"), closed);
}

#[test]
fn address_in_the_deployment_counts_for_the_whole_project() {
    let context = TestContext::new();
    write_files(
        &context.work(),
        &[
            ("app/pom.xml", "<project/>\n"),
            (
                "app/Config.java",
                "ds.setDriverClassName(\"com.taosdata.jdbc.rs.RestfulDriver\");\n",
            ),
            (
                "deploy/docker-compose.yml",
                "services:\n  app:\n    environment:\n      - DB_URL=jdbc:TAOS-RS://td:6041/power\n",
            ),
        ],
    );
    assert_eq!(context.program(["migrate"]).run().exit, Some(0));
    assert_snapshot!(tree(&context.work()), @r#"
    === app/Config.java
    ds.setDriverClassName("com.taosdata.jdbc.ws.WebSocketDriver");
    === app/pom.xml
    <project/>
    === deploy/docker-compose.yml
    services:
      app:
        environment:
          - DB_URL=jdbc:TAOS-WS://td:6041/power
    "#);
}
