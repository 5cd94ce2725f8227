use insta::assert_snapshot;

use super::SEVERAL_LANGUAGES;
use crate::support::program::TestContext;
use crate::support::tree::{tree, write_files};

#[test]
fn dry_run_shows_the_diff() {
    let context = TestContext::new();
    write_files(&context.work(), &SEVERAL_LANGUAGES);
    let before = tree(&context.work());
    assert_snapshot!(context.program(["migrate", "--dry-run"]).run(), @r#"
    exit 0
    --- stdout
    --- a/api/pom.xml
    +++ b/api/pom.xml
    @@ -7,7 +7,7 @@
         <dependency>
           <groupId>com.taosdata.jdbc</groupId>
           <artifactId>taos-jdbcdriver</artifactId>
    -      <version>3.2.8</version>
    +      <version>3.7.9</version>
         </dependency>
       </dependencies>
     </project>
    --- a/api/src/main/resources/application.yml
    +++ b/api/src/main/resources/application.yml
    @@ -1,4 +1,4 @@
     spring:
       datasource:
    -    driver-class-name: com.taosdata.jdbc.TSDBDriver
    -    url: jdbc:TAOS://db:6030/power?user=root&password=***
    +    driver-class-name: com.taosdata.jdbc.ws.WebSocketDriver
    +    url: jdbc:TAOS-WS://db:6041/power?user=root&password=***
    --- a/collector/main.go
    +++ b/collector/main.go
    @@ -1,6 +1,6 @@
     package main
     
    -import _ "github.com/taosdata/driver-go/v3/taosRestful"
    +import _ "github.com/taosdata/driver-go/v3/taosWS"
     
    -var name = "taosRestful"
    -var source = "root:***@http(db:6041)/power"
    +var name = "taosWS"
    +var source = "root:***@ws(db:6041)/power"
    --- a/desk/appsettings.json
    +++ b/desk/appsettings.json
    @@ -1,3 +1,3 @@
     {
    -  "Taos": "protocol=Native;host=db;port=6030;username=root;password=***
    +  "Taos": "protocol=WebSocket;host=db;port=6041;username=root;password=***
     }
    --- stderr
    10 uses of connections that end on 2027-01-01: 7 automatic, 3 manual
    note: no server given; com.taosdata.jdbc:taos-jdbcdriver 3.7.9 works with servers from 3.3.6.0 on; --server VERSION chooses a release for an older one
    "#);
    assert_eq!(tree(&context.work()), before);
}

#[test]
fn automatic_changes_are_made_once() {
    let context = TestContext::new();
    write_files(&context.work(), &SEVERAL_LANGUAGES);
    assert_snapshot!(context.program(["migrate"]).run(), @r#"
    exit 0
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
    ok changed 7 uses in 4 files; 3 left for manual changes
    next: build and test the project; taosAdapter has to run on the server (port 6041)
    "#);
    let after = tree(&context.work());
    assert_snapshot!(after, @r#"
    === api/pom.xml
    <project>
      <modelVersion>4.0.0</modelVersion>
      <groupId>a</groupId>
      <artifactId>api</artifactId>
      <version>1</version>
      <dependencies>
        <dependency>
          <groupId>com.taosdata.jdbc</groupId>
          <artifactId>taos-jdbcdriver</artifactId>
          <version>3.7.9</version>
        </dependency>
      </dependencies>
    </project>
    === api/src/main/java/App.java
    import com.taosdata.jdbc.TSDBDriver;

    class App {
        TSDBDriver driver = new TSDBDriver();
    }
    === api/src/main/resources/application.yml
    spring:
      datasource:
        driver-class-name: com.taosdata.jdbc.ws.WebSocketDriver
        url: jdbc:TAOS-WS://db:6041/power?user=root&password=s3cret
    === collector/consume.go
    package main

    import "github.com/taosdata/driver-go/v3/af/tmq"
    === collector/go.mod
    module collector
    === collector/main.go
    package main

    import _ "github.com/taosdata/driver-go/v3/taosWS"

    var name = "taosWS"
    var source = "root:s3cret@ws(db:6041)/power"
    === desk/appsettings.json
    {
      "Taos": "protocol=WebSocket;host=db;port=6041;username=root;password=s3cret"
    }
    === report/main.py
    import taosrest
    "#);
    let again = context.program(["migrate"]).run();
    assert_eq!(again.exit, Some(0));
    assert_eq!(tree(&context.work()), after);
}

#[test]
fn other_bytes_stay() {
    let context = TestContext::new();
    let file = context.work().join("App.java");
    let before = b"\xef\xbb\xbf// \xd6\xd0\xce\xc4\r\nString u\t= \"jdbc:TAOS://db:6030/\";\r\n// jdbc:TAOS://db:6030/";
    std::fs::write(&file, before).unwrap();
    assert_eq!(context.program(["migrate"]).run().exit, Some(0));
    let expected = b"\xef\xbb\xbf// \xd6\xd0\xce\xc4\r\nString u\t= \"jdbc:TAOS-WS://db:6041/\";\r\n// jdbc:TAOS://db:6030/";
    assert_eq!(std::fs::read(&file).unwrap(), expected);
}

#[test]
fn connector_is_chosen_for_the_server() {
    let context = TestContext::new();
    write_files(&context.work(), &SEVERAL_LANGUAGES[..2]);
    let run = context
        .program(["migrate", "--server", "3.3.3.0", "--dry-run"])
        .run();
    assert_snapshot!(run, @"
    exit 0
    --- stdout
    --- a/api/pom.xml
    +++ b/api/pom.xml
    @@ -7,7 +7,7 @@
         <dependency>
           <groupId>com.taosdata.jdbc</groupId>
           <artifactId>taos-jdbcdriver</artifactId>
    -      <version>3.2.8</version>
    +      <version>3.5.3</version>
         </dependency>
       </dependencies>
     </project>
    --- a/api/src/main/resources/application.yml
    +++ b/api/src/main/resources/application.yml
    @@ -1,4 +1,4 @@
     spring:
       datasource:
    -    driver-class-name: com.taosdata.jdbc.TSDBDriver
    -    url: jdbc:TAOS://db:6030/power?user=root&password=***
    +    driver-class-name: com.taosdata.jdbc.ws.WebSocketDriver
    +    url: jdbc:TAOS-WS://db:6041/power?user=root&password=***
    --- stderr
    3 uses of connections that end on 2027-01-01: 3 automatic, 0 manual
    ");
    assert_snapshot!(context.program(["migrate", "--server", "3.x"]).run(), @"
    exit 2
    --- stdout
    --- stderr
    error: invalid value '3.x' for '--server <VERSION>': expected four parts (3.3.7.5), a prefix (3.3), or latest

    For more information, try '--help'.
    ");
}

#[test]
fn gradle_coordinates_move_to_the_new_release() {
    let context = TestContext::new();
    write_files(
        &context.work(),
        &[
            (
                "build.gradle.kts",
                "dependencies {\n    implementation(\"com.taosdata.jdbc:taos-jdbcdriver:3.2.8\")\n}\n",
            ),
            (
                "old.gradle",
                "compile 'com.taosdata.jdbc:taos-jdbcdriver:3.2.7:dist@jar'\n",
            ),
            (
                "new.gradle",
                "implementation 'com.taosdata.jdbc:taos-jdbcdriver:3.5.3'\n",
            ),
        ],
    );
    assert_snapshot!(context.program(["migrate", "--dry-run"]).run(), @r#"
    exit 0
    --- stdout
    --- a/build.gradle.kts
    +++ b/build.gradle.kts
    @@ -1,3 +1,3 @@
     dependencies {
    -    implementation("com.taosdata.jdbc:taos-jdbcdriver:3.2.8")
    +    implementation("com.taosdata.jdbc:taos-jdbcdriver:3.7.9")
     }
    --- a/old.gradle
    +++ b/old.gradle
    @@ -1 +1 @@
    -compile 'com.taosdata.jdbc:taos-jdbcdriver:3.2.7:dist@jar'
    +compile 'com.taosdata.jdbc:taos-jdbcdriver:3.7.9:dist@jar'
    --- stderr
    2 uses of connections that end on 2027-01-01: 2 automatic, 0 manual
    note: no server given; com.taosdata.jdbc:taos-jdbcdriver 3.7.9 works with servers from 3.3.6.0 on; --server VERSION chooses a release for an older one
    "#);
}

/// Releases of driver-go before v3.0.3 have no taosWS.
#[test]
fn go_module_moves_to_a_release_with_websocket() {
    let context = TestContext::new();
    let import = "package main\n\nimport _ \"github.com/taosdata/driver-go/v3/taosSql\"\n";
    for (folder, version) in [("old", "v3.0.0"), ("new", "v3.0.3")] {
        let module = format!(
            "module {folder}\n\nrequire github.com/taosdata/driver-go/v3 {version} // pinned\n"
        );
        write_files(
            &context.work(),
            &[
                (&format!("{folder}/go.mod"), module.as_str()),
                (&format!("{folder}/main.go"), import),
                (
                    &format!("{folder}/dsn.env"),
                    "DSN=root:taosdata@tcp(db:6030)/power\n",
                ),
            ],
        );
    }
    assert_snapshot!(context.program(["migrate", "--dry-run"]).run(), @r#"
    exit 0
    --- stdout
    --- a/new/dsn.env
    +++ b/new/dsn.env
    @@ -1 +1 @@
    -DSN=root:***@tcp(db:6030)/power
    +DSN=root:***@ws(db:6041)/power
    --- a/new/main.go
    +++ b/new/main.go
    @@ -1,3 +1,3 @@
     package main
     
    -import _ "github.com/taosdata/driver-go/v3/taosSql"
    +import _ "github.com/taosdata/driver-go/v3/taosWS"
    --- a/old/dsn.env
    +++ b/old/dsn.env
    @@ -1 +1 @@
    -DSN=root:***@tcp(db:6030)/power
    +DSN=root:***@ws(db:6041)/power
    --- a/old/go.mod
    +++ b/old/go.mod
    @@ -1,3 +1,3 @@
     module old
     
    -require github.com/taosdata/driver-go/v3 v3.0.0 // pinned
    +require github.com/taosdata/driver-go/v3 v3.8.2 // pinned
    --- a/old/main.go
    +++ b/old/main.go
    @@ -1,3 +1,3 @@
     package main
     
    -import _ "github.com/taosdata/driver-go/v3/taosSql"
    +import _ "github.com/taosdata/driver-go/v3/taosWS"
    --- stderr
    5 uses of connections that end on 2027-01-01: 5 automatic, 0 manual
    note: no server given; github.com/taosdata/driver-go/v3 v3.8.2 works with servers from 3.3.6.0 on; --server VERSION chooses a release for an older one
    note: go.mod changes; run `go mod tidy` to update go.sum
    "#);
    assert_eq!(context.program(["migrate"]).run().exit, Some(0));
    let after = tree(&context.work());
    assert_eq!(context.program(["migrate"]).run().exit, Some(0));
    assert_eq!(tree(&context.work()), after);
}

#[cfg(unix)]
#[test]
fn nothing_is_written_if_one_file_cannot_be() {
    use std::os::unix::fs::PermissionsExt;
    let context = TestContext::new();
    let url = "jdbc.url=jdbc:TAOS://db:6030/\n";
    write_files(
        &context.work(),
        &[("a/x.properties", url), ("b/y.properties", url)],
    );
    let work = context.work();
    let closed = work.join("b");
    for path in [
        &work,
        &work.join("a"),
        &closed,
        &closed.join("y.properties"),
    ] {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o777)).unwrap();
    }
    std::fs::set_permissions(&closed, std::fs::Permissions::from_mode(0o555)).unwrap();
    std::fs::set_permissions(context.root(), std::fs::Permissions::from_mode(0o755)).unwrap();
    let run = context.program(["migrate"]).unprivileged(12_345).run();
    assert_eq!(run.exit, Some(8), "{run}");
    std::fs::set_permissions(&closed, std::fs::Permissions::from_mode(0o755)).unwrap();
    for file in ["a/x.properties", "b/y.properties"] {
        assert_eq!(std::fs::read_to_string(work.join(file)).unwrap(), url);
    }
}
