//! `--upgrade`: an older version makes way by a splice, retired packages go; a newer one that is not known is a conflict.

use std::fs;

use crate::support::program::{Run, TestContext};
use crate::support::tree::tree;
use insta::assert_snapshot;

/// `init ARGS…` in a folder whose `file` holds `text`; what it printed, and what the file holds then.
fn with(file: &str, text: &str, arguments: &[&str]) -> (Run, String) {
    let context = TestContext::new();
    fs::write(context.work().join(file), text).unwrap();
    let before = tree(&context.work());
    let mut all = vec!["init"];
    all.extend(arguments);
    let run = context.program(&all).run();
    let after = fs::read_to_string(context.work().join(file)).unwrap();
    if run.exit == Some(0) {
        let written = tree(&context.work());
        let again = context.program(&all).run();
        assert_eq!(again.exit, Some(0), "{again}");
        assert_eq!(tree(&context.work()), written, "a second run");
    } else {
        assert_eq!(tree(&context.work()), before, "all or none");
    }
    (run, after)
}

const GO: &str = "module a\r\n\r\ngo 1.21\r\n\r\nrequire (\r\n\tgithub.com/taosdata/driver-go/v3 v3.5.0 // why\r\n)";

#[test]
fn older_version_that_works_stays_until_upgrade() {
    let (run, after) = with("go.mod", GO, &[]);
    assert_snapshot!(run, @"
    exit 0
    --- stdout
    unchanged go.mod

    Build it:
      go get github.com/taosdata/driver-go/v3/taosWS@v3.5.0
    --- stderr
    note: no server given; github.com/taosdata/driver-go/v3 v3.8.2 works with servers from 3.3.6.0 on; --server VERSION chooses a release for an older one
    note: go.mod:6 asks for github.com/taosdata/driver-go/v3 v3.5.0, which is unchanged; --upgrade writes v3.8.2
    ");
    assert_eq!(after, GO);
    let (run, after) = with("go.mod", GO, &["--upgrade"]);
    assert_snapshot!(run, @"
    exit 0
    --- stdout
    edited    go.mod

    Build it:
      go get github.com/taosdata/driver-go/v3/taosWS@v3.8.2
    --- stderr
    note: no server given; github.com/taosdata/driver-go/v3 v3.8.2 works with servers from 3.3.6.0 on; --server VERSION chooses a release for an older one
    ");
    assert_eq!(after, GO.replace("v3.5.0", "v3.8.2"));
}

#[test]
fn version_newer_than_tested_stays() {
    let newer = GO.replace("v3.5.0", "v3.9.0");
    for arguments in [
        &[][..],
        &["--upgrade"],
        &["--server", "3.3.7.5"],
        &["--server", "3.3.7.5", "--upgrade"],
    ] {
        let (run, after) = with("go.mod", &newer, arguments);
        assert_eq!(run.exit, Some(0), "{run}");
        assert!(
            run.stderr.contains("the newest tested release is v3.8.2"),
            "{run}"
        );
        assert_eq!(after, newer);
    }
}

#[test]
fn version_that_needs_newer_server_is_replaced_on_upgrade() {
    let newer = GO.replace("v3.5.0", "v3.7.8");
    let (run, after) = with("go.mod", &newer, &["--server", "3.2.2.2"]);
    assert_snapshot!(run, @"
    exit 7
    --- stdout
    --- stderr
    error[version-conflict]: could not add github.com/taosdata/driver-go/v3 v3.5.5 to go.mod
      go.mod:6: the module already requires github.com/taosdata/driver-go/v3 v3.7.8. From v3.7.0 on taosWS refuses older servers: Version mismatch. The minimum required TDengine version is 3.3.6.0.
      next: run the command again with --upgrade, which writes v3.5.5 there
    ");
    assert_eq!(after, newer);
    let (run, after) = with("go.mod", &newer, &["--server", "3.2.2.2", "--upgrade"]);
    assert_eq!(run.exit, Some(0), "{run}");
    assert_eq!(after, GO.replace("v3.5.0", "v3.5.5"));
}

#[test]
fn working_versions_stay() {
    let pom = |version: &str| {
        format!(
            "<project>\n<artifactId>a</artifactId>\n<dependencies><dependency>\n<groupId>com.taosdata.jdbc</groupId><artifactId>taos-jdbcdriver</artifactId><version>{version}</version>\n</dependency></dependencies>\n</project>\n"
        )
    };
    for version in [
        "3.2.8", "3.2.11", "3.5.3", "3.6.3", "3.7.7", "3.7.9", "3.9.1", "RELEASE",
    ] {
        for arguments in [&[][..], &["--server", "3.3.7.5"], &["--check"]] {
            let (run, after) = with("pom.xml", &pom(version), arguments);
            assert_eq!(run.exit, Some(0), "{run}");
            assert_eq!(after, pom(version));
        }
    }
    let (run, _) = with("pom.xml", &pom("2.0.38"), &[]);
    assert_eq!(run.exit, Some(7), "{run}");
    let (run, after) = with("pom.xml", &pom("2.0.38"), &["--upgrade"]);
    assert_eq!(run.exit, Some(0), "{run}");
    assert_eq!(after, pom("3.7.9"));
}

#[test]
fn only_the_version_changes_in_every_format() {
    let requirements = "# pinned\ntaos-ws-py == 0.6.9 ; python_version > '3.7'\nzope\n";
    let (run, after) = with("requirements.txt", requirements, &["--upgrade"]);
    assert_eq!(run.exit, Some(0), "{run}");
    assert_eq!(after, requirements.replace("0.6.9", "0.7.0"));

    let package = "{\"dependencies\": {\"@tdengine/websocket\" : \"~3.0.1\", \"z\": \"1\"}}";
    let (run, after) = with("package.json", package, &["--upgrade"]);
    assert_eq!(run.exit, Some(0), "{run}");
    assert_eq!(after, package.replace("3.0.1", "3.2.1"));

    let pom = "<project>\n<artifactId>a</artifactId>\n<properties><taos.version>3.0.0</taos.version></properties>\n<dependencies><dependency>\n<groupId>com.taosdata.jdbc</groupId><artifactId>taos-jdbcdriver</artifactId><version>${taos.version}</version>\n</dependency></dependencies>\n</project>\n";
    let (run, after) = with("pom.xml", pom, &["--upgrade"]);
    assert_eq!(run.exit, Some(0), "{run}");
    assert_eq!(after, pom.replace("3.0.0", "3.7.9"));
}

#[test]
fn retired_packages_are_removed() {
    let package = "{\n  \"name\": \"app\",\n  \"dependencies\": {\n    \"axios\": \"1\",\n    \"td2.0-connector\": \"^2.0.6\"\n  }\n}\n";
    let (run, after) = with("package.json", package, &[]);
    assert_snapshot!(run, @"
    exit 0
    --- stdout
    edited    package.json

    Build it:
      npm install
    --- stderr
    note: no server given; @tdengine/websocket 3.2.1 works with servers from 3.3.2.0 on; --server VERSION chooses a release for an older one
    note: @tdengine/websocket writes a log into the directory logs
    note: package.json:5 names td2.0-connector, which is retired: it is for TDengine 2 and builds only on Node.js 10 and 12; use @tdengine/websocket; --upgrade removes it
    ");
    assert!(after.contains("td2.0-connector"), "{after}");
    let (run, after) = with("package.json", package, &["--upgrade"]);
    assert_snapshot!(run, @r#"
    exit 0
    --- stdout
    edited    package.json

    Build it:
      npm install
    --- stderr
    note: no server given; @tdengine/websocket 3.2.1 works with servers from 3.3.2.0 on; --server VERSION chooses a release for an older one
    note: @tdengine/websocket writes a log into the directory logs
    note: package.json no longer names td2.0-connector, which is retired; in programs that use it: import taos from "@tdengine/websocket" instead of the callbacks and cursors of td2.0-connector; await taos.sqlConnect(new taos.WSConfig("ws://localhost:6041")) returns a connection, and await connection.exec(sql) runs a statement
    "#);
    assert_snapshot!(after, @r#"
    {
      "name": "app",
      "dependencies": {
        "@tdengine/websocket": "3.2.1",
        "axios": "1"
      }
    }
    "#);
    // Over REST nothing comes in their place.
    let (run, after) = with(
        "package.json",
        package,
        &["--upgrade", "--transport", "rest"],
    );
    assert_eq!(run.exit, Some(0), "{run}");
    assert_snapshot!(after, @r#"
    {
      "name": "app",
      "dependencies": {
        "axios": "1"
      }
    }
    "#);
    let module = "module a\n\ngo 1.21\n\nrequire github.com/taosdata/driver-go/v2 v2.0.4\n";
    let (run, after) = with("go.mod", module, &["--upgrade"]);
    assert_snapshot!(run, @r#"
    exit 0
    --- stdout
    edited    go.mod

    Build it:
      go get github.com/taosdata/driver-go/v3/taosWS@v3.8.2
    --- stderr
    note: no server given; github.com/taosdata/driver-go/v3 v3.8.2 works with servers from 3.3.6.0 on; --server VERSION chooses a release for an older one
    note: go.mod no longer names github.com/taosdata/driver-go/v2, which is retired; in programs that use it: import github.com/taosdata/driver-go/v3/taosWS instead of github.com/taosdata/driver-go/v2/taosSql, and open "taosWS" with root:taosdata@ws(localhost:6041)/
    "#);
    assert_snapshot!(after, @"
    module a

    go 1.21

    require github.com/taosdata/driver-go/v3 v3.8.2
    ");
}

#[test]
fn diff_of_upgrade_is_shown() {
    let (run, after) = with("go.mod", &GO.replace('\r', ""), &["--upgrade", "--dry-run"]);
    let manifest = run.stdout.split("--- /dev/null").next().unwrap();
    assert_snapshot!(manifest, @r"
    --- a/go.mod
    +++ b/go.mod
    @@ -3,5 +3,5 @@
     go 1.21
     
     require (
    -	github.com/taosdata/driver-go/v3 v3.5.0 // why
    +	github.com/taosdata/driver-go/v3 v3.8.2 // why
     )
    \ No newline at end of file
    ");
    assert!(after.contains("v3.5.0"), "{after}");
}

#[test]
fn edited_example_stays() {
    let context = TestContext::new();
    let run = context.program(["init", "--lang", "go"]).run();
    assert_eq!(run.exit, Some(0), "{run}");
    let run = context
        .program(["init", "--upgrade", "--server", "3.3.7.5"])
        .run();
    assert_snapshot!(run, @"
    exit 0
    --- stdout
    unchanged go.mod
    unchanged main.go
    unchanged README.md
    unchanged .gitignore

    Build it and run it:
      go mod tidy
      go build -o bin/work .
      ./bin/work
    --- stderr
    ");
}
