use insta::assert_snapshot;

use super::SEVERAL_LANGUAGES;
use crate::support::program::TestContext;
use crate::support::tree::{tree, write_files};

#[test]
fn check_reports_every_use_and_exits_with_7() {
    let context = TestContext::new();
    write_files(&context.work(), &SEVERAL_LANGUAGES);
    let before = tree(&context.work());
    assert_snapshot!(context.program(["migrate", "--check"]).run(), @r#"
    exit 7
    --- stdout
    api/pom.xml:9:19: java-connector
        taos-jdbcdriver
        -> taos-jdbcdriver
    api/src/main/java/App.java:4:25: java-native-class
        new TSDBDriver(
        manual: WebSocket needs other code; use the java.sql interfaces, or the classes in com.taosdata.jdbc.ws (WebSocketDriver, TSWSPreparedStatement)
    api/src/main/resources/application.yml:3:24: java-native-driver
        com.taosdata.jdbc.TSDBDriver
        -> com.taosdata.jdbc.ws.WebSocketDriver
    api/src/main/resources/application.yml:4:10: java-native-url
        jdbc:TAOS://db:6030/power?user=root&password=***
        -> jdbc:TAOS-WS://db:6041/power?user=root&password=***
    collector/consume.go:3:9: go-native-package
        github.com/taosdata/driver-go/v3/af/tmq
        manual: WebSocket needs other code; use ws/tmq for subscriptions, ws/stmt for parameter binding, ws/schemaless for schemaless writing, and database/sql with taosWS for the rest
    collector/main.go:3:11: go-rest-import
        github.com/taosdata/driver-go/v3/taosRestful
        -> github.com/taosdata/driver-go/v3/taosWS
    collector/main.go:5:13: go-rest-driver
        taosRestful
        -> taosWS
    collector/main.go:6:15: go-rest-dsn
        root:***@http(db:6041)
        -> root:***@ws(db:6041)
    desk/appsettings.json:2:12: csharp-native-string
        protocol=Native;host=db;port=6030;username=root;password=***
        -> protocol=WebSocket;host=db;port=6041;username=root;password=***
    report/main.py:1:8: python-rest-module
        taosrest
        manual: WebSocket needs other code; install taos-ws-py, import taosws, and connect with taosws.connect("ws://USER:PASSWORD@HOST:6041"); rows come from cursor() as in other DB-API modules
    --- stderr
    10 uses of connections that end on 2027-01-01: 7 automatic, 3 manual
    note: no server given; com.taosdata.jdbc:taos-jdbcdriver 3.7.9 works with servers from 3.3.6.0 on; --server VERSION chooses a release for an older one
    next: taos-setup migrate --dry-run
          taos-setup migrate
    "#);
    assert_eq!(tree(&context.work()), before);
}

#[test]
fn report_is_chinese_on_request() {
    let context = TestContext::new();
    write_files(&context.work(), &SEVERAL_LANGUAGES);
    let run = context
        .program(["migrate", "--check"])
        .env("TAOS_SETUP_LANG", "zh")
        .run();
    assert_snapshot!(run, @r#"
    exit 7
    --- stdout
    api/pom.xml:9:19: java-connector
        taos-jdbcdriver
        -> taos-jdbcdriver
    api/src/main/java/App.java:4:25: java-native-class
        new TSDBDriver(
        需人工修改：WebSocket 连接需要不同的代码；使用 java.sql 接口，或 com.taosdata.jdbc.ws 中的类（WebSocketDriver、TSWSPreparedStatement）
    api/src/main/resources/application.yml:3:24: java-native-driver
        com.taosdata.jdbc.TSDBDriver
        -> com.taosdata.jdbc.ws.WebSocketDriver
    api/src/main/resources/application.yml:4:10: java-native-url
        jdbc:TAOS://db:6030/power?user=root&password=***
        -> jdbc:TAOS-WS://db:6041/power?user=root&password=***
    collector/consume.go:3:9: go-native-package
        github.com/taosdata/driver-go/v3/af/tmq
        需人工修改：WebSocket 连接需要不同的代码；数据订阅使用 ws/tmq，参数绑定使用 ws/stmt，无模式写入使用 ws/schemaless，其余使用 database/sql 和 taosWS
    collector/main.go:3:11: go-rest-import
        github.com/taosdata/driver-go/v3/taosRestful
        -> github.com/taosdata/driver-go/v3/taosWS
    collector/main.go:5:13: go-rest-driver
        taosRestful
        -> taosWS
    collector/main.go:6:15: go-rest-dsn
        root:***@http(db:6041)
        -> root:***@ws(db:6041)
    desk/appsettings.json:2:12: csharp-native-string
        protocol=Native;host=db;port=6030;username=root;password=***
        -> protocol=WebSocket;host=db;port=6041;username=root;password=***
    report/main.py:1:8: python-rest-module
        taosrest
        需人工修改：WebSocket 连接需要不同的代码；安装 taos-ws-py，导入 taosws，并用 taosws.connect("ws://USER:PASSWORD@HOST:6041") 建立连接；与其他 DB-API 模块一样，通过 cursor() 读取数据
    --- stderr
    发现 10 处将于 2027-01-01 停止支持的连接：可自动修改 7 处，需人工修改 3 处
    提示：未指定服务端；com.taosdata.jdbc:taos-jdbcdriver 3.7.9 适用于 3.3.6.0 或更高版本的服务端；更早的服务端可用 --server VERSION 选择对应版本
    下一步：taos-setup migrate --dry-run
            taos-setup migrate
    "#);
}

#[test]
fn github_annotations_name_file_and_line() {
    let context = TestContext::new();
    write_files(&context.work(), &SEVERAL_LANGUAGES[5..]);
    let run = context
        .program(["migrate", "--check", "--format", "github", "--quiet"])
        .run();
    assert_snapshot!(run, @r#"
    exit 7
    --- stdout
    ::warning file=collector/consume.go,line=3,col=9,title=taos-setup go-native-package::go connections over native end on 2027-01-01%0Amanual: WebSocket needs other code; use ws/tmq for subscriptions, ws/stmt for parameter binding, ws/schemaless for schemaless writing, and database/sql with taosWS for the rest
    ::warning file=desk/appsettings.json,line=2,col=12,title=taos-setup csharp-native-string::csharp connections over native end on 2027-01-01%0Aprotocol=Native;host=db;port=6030;username=root;password=*** -> protocol=WebSocket;host=db;port=6041;username=root;password=***
    ::warning file=report/main.py,line=1,col=8,title=taos-setup python-rest-module::python connections over rest end on 2027-01-01%0Amanual: WebSocket needs other code; install taos-ws-py, import taosws, and connect with taosws.connect("ws://USER:PASSWORD@HOST:6041"); rows come from cursor() as in other DB-API modules
    --- stderr
    "#);
}

#[test]
fn json_has_every_use() {
    let context = TestContext::new();
    write_files(&context.work(), &SEVERAL_LANGUAGES[3..6]);
    assert_snapshot!(context.program(["migrate", "--check", "--json"]).run(), @r#"
    exit 7
    --- stdout
    {
      "schema": 1,
      "command": "migrate",
      "ok": false,
      "data": {
        "dir": ".",
        "deadline": "2027-01-01",
        "files": 3,
        "automatic": 3,
        "manual": 1,
        "complete": true,
        "uses": [
          {
            "file": "collector/consume.go",
            "line": 3,
            "column": 9,
            "id": "go-native-package",
            "language": "go",
            "transport": "native",
            "found": "github.com/taosdata/driver-go/v3/af/tmq",
            "change": "manual",
            "replacement": null,
            "why": "WebSocket needs other code",
            "steps": "use ws/tmq for subscriptions, ws/stmt for parameter binding, ws/schemaless for schemaless writing, and database/sql with taosWS for the rest"
          },
          {
            "file": "collector/main.go",
            "line": 3,
            "column": 11,
            "id": "go-rest-import",
            "language": "go",
            "transport": "rest",
            "found": "github.com/taosdata/driver-go/v3/taosRestful",
            "change": "automatic",
            "replacement": "github.com/taosdata/driver-go/v3/taosWS",
            "why": null,
            "steps": null
          },
          {
            "file": "collector/main.go",
            "line": 5,
            "column": 13,
            "id": "go-rest-driver",
            "language": "go",
            "transport": "rest",
            "found": "taosRestful",
            "change": "automatic",
            "replacement": "taosWS",
            "why": null,
            "steps": null
          },
          {
            "file": "collector/main.go",
            "line": 6,
            "column": 15,
            "id": "go-rest-dsn",
            "language": "go",
            "transport": "rest",
            "found": "root:***@http(db:6041)",
            "change": "automatic",
            "replacement": "root:***@ws(db:6041)",
            "why": null,
            "steps": null
          }
        ],
        "unread": [],
        "notes": [],
        "diff": null
      },
      "findings": [],
      "error": null
    }
    --- stderr
    4 uses of connections that end on 2027-01-01: 3 automatic, 1 manual
    next: taos-setup migrate --dry-run
          taos-setup migrate
    "#);
}

#[test]
fn project_without_uses_is_clean() {
    let context = TestContext::new();
    write_files(
        &context.work(),
        &[
            (
                "main.c",
                "taos_connect(\"db\", \"root\", \"taosdata\", 0, 6030);",
            ),
            (
                "main.py",
                "import taos\ntaos.connect(host='db', port=6030)\n",
            ),
            ("src/main.rs", "let dsn = \"taos://db:6030\";\n"),
            (
                "ws.go",
                "package a\n\nimport _ \"github.com/taosdata/driver-go/v3/taosWS\"\n",
            ),
            ("App.java", "String u = \"jdbc:TAOS-WS://db:6041/\";\n"),
        ],
    );
    assert_snapshot!(context.program(["migrate", "--check"]).run(), @"
    exit 0
    --- stdout
    --- stderr
    no connection that ends on 2027-01-01 (3 files read)
    ");
    assert_snapshot!(context.program(["migrate"]).run(), @"
    exit 0
    --- stdout
    --- stderr
    no connection that ends on 2027-01-01 (3 files read)
    ");
}

#[test]
fn missing_directory_is_an_error() {
    let context = TestContext::new();
    assert_snapshot!(context.program(["migrate", "nowhere"]).run(), @"
    exit 8
    --- stdout
    --- stderr
    error[file-unreadable]: could not read nowhere
      no such file or directory
      next: check the directory's name
    ");
    write_files(&context.work(), &[("file", "")]);
    assert_snapshot!(context.program(["migrate", "file"]).run(), @"
    exit 8
    --- stdout
    --- stderr
    error[file-unreadable]: could not read file
      a part of the path is not a directory
      next: make it readable for your user, or choose another directory with --dir
    ");
}
