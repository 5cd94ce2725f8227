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
fn an_older_version() {
    let (run, after) = with("go.mod", GO, &[]);
    assert_snapshot!(run, @"
    exit 7
    --- stdout
    --- stderr
    error[version-conflict]: could not add github.com/taosdata/driver-go/v3 v3.5.5 to go.mod
      go.mod:6: the module already requires github.com/taosdata/driver-go/v3 v3.5.0
      next: run it again with --upgrade, which writes v3.5.5 there, or set up another folder with --dir
    ");
    assert_eq!(after, GO);
    let (run, after) = with("go.mod", GO, &["--upgrade"]);
    assert_snapshot!(run, @"
    exit 0
    --- stdout
    edited    go.mod
    created   cmd/taos-example/main.go

    Build it and run it:
      go mod tidy
      go build -o bin/taos-example ./cmd/taos-example
      ./bin/taos-example
    --- stderr
    note: no server is named, so any from 3.2.2.2 on is assumed: github.com/taosdata/driver-go/v3 v3.5.5 is the newest that works with all of them over ws (v3.7.8 needs 3.3.6.0 or later)
    note: driver-go v3.5.5 does not pass on why a login was refused; taos-setup verify tells
    ");
    assert_eq!(after, GO.replace("v3.5.0", "v3.5.5"));
}

#[test]
fn a_newer_version() {
    let newer = GO.replace("v3.5.0", "v3.8.0");
    for arguments in [&[][..], &["--upgrade"]] {
        let (run, _) = with("go.mod", &newer, arguments);
        insta::allow_duplicates!(assert_snapshot!(run, @"
        exit 7
        --- stdout
        --- stderr
        error[version-conflict]: could not add github.com/taosdata/driver-go/v3 v3.5.5 to go.mod
          go.mod:6: the module already requires github.com/taosdata/driver-go/v3 v3.8.0, which is newer than v3.5.5
          next: name the server that it is for with --server HOST or --server VERSION, or set up another folder with --dir
        "));
    }
}

/// With no server known, a release that the catalog knows tells what the project is for.
#[test]
fn a_newer_release_that_is_known() {
    let newer = GO.replace("v3.5.0", "v3.7.8");
    for arguments in [&[][..], &["--upgrade"]] {
        let (run, after) = with("go.mod", &newer, arguments);
        insta::allow_duplicates!(assert_snapshot!(run, @"
        exit 0
        --- stdout
        unchanged go.mod
        created   cmd/taos-example/main.go

        Build it and run it:
          go mod tidy
          go build -o bin/taos-example ./cmd/taos-example
          ./bin/taos-example
        --- stderr
        note: no server is named, and the project asks for github.com/taosdata/driver-go/v3 v3.7.8, which works with servers from 3.3.6.0 on
        "));
        assert_eq!(after, newer);
    }
    let (run, _) = with("go.mod", &newer, &["--server", "3.3.7.5"]);
    assert_eq!(run.exit, Some(0), "{run}");
    let (run, _) = with("go.mod", &newer, &["--server", "3.2.2.2"]);
    assert_eq!(run.exit, Some(7), "{run}");
    // Over this transport the release is broken, so it tells nothing.
    let broken = GO.replace("v3.5.0", "v3.6.0");
    let (run, _) = with("go.mod", &broken, &[]);
    assert_eq!(run.exit, Some(7), "{run}");
}

#[test]
fn the_token_alone_in_every_format() {
    let requirements = "# pinned\ntaos-ws-py == 0.6.9 ; python_version > '3.7'\nzope\n";
    let (run, after) = with("requirements.txt", requirements, &["--upgrade"]);
    assert_eq!(run.exit, Some(0), "{run}");
    assert_eq!(after, requirements.replace("0.6.9", "0.7.0"));

    let package = "{\"dependencies\": {\"@tdengine/websocket\" : \"~3.0.1\", \"z\": \"1\"}}";
    let (run, after) = with("package.json", package, &["--upgrade"]);
    assert_eq!(run.exit, Some(0), "{run}");
    assert_eq!(after, package.replace("3.0.1", "3.1.0"));

    let pom = "<project>\n<artifactId>a</artifactId>\n<properties><taos.version>3.0.0</taos.version></properties>\n<dependencies><dependency>\n<groupId>com.taosdata.jdbc</groupId><artifactId>taos-jdbcdriver</artifactId><version>${taos.version}</version>\n</dependency></dependencies>\n</project>\n";
    let (run, after) = with("pom.xml", pom, &["--upgrade"]);
    assert_eq!(run.exit, Some(0), "{run}");
    assert_eq!(after, pom.replace("3.0.0", "3.2.8"));
}

#[test]
fn retired_packages() {
    let package = "{\n  \"name\": \"app\",\n  \"dependencies\": {\n    \"axios\": \"1\",\n    \"td2.0-connector\": \"^2.0.6\"\n  }\n}\n";
    let (run, after) = with("package.json", package, &[]);
    assert_snapshot!(run, @"
    exit 0
    --- stdout
    edited    package.json
    created   taos-example.mjs

    Build it and run it:
      npm install
      node taos-example.mjs
    --- stderr
    note: no server is named, so any from 3.2.2.2 on is assumed: @tdengine/websocket 3.1.0 is the newest that works with all of them over ws (3.2.1 needs 3.3.2.0 or later)
    note: @tdengine/websocket 3.1.0 sends passwords as they stand in a URL, so one with a character that URLs escape is refused by the example; --transport rest takes any
    note: @tdengine/websocket 3.1.0 does not pass on why a login was refused; taos-setup verify tells
    note: @tdengine/websocket writes a log into the folder logs
    note: package.json:5 names td2.0-connector, which is retired: it is for TDengine 2 and builds on Node.js 10 and 12 alone; use @tdengine/websocket; --upgrade takes it out
    ");
    assert!(after.contains("td2.0-connector"), "{after}");
    let (run, after) = with("package.json", package, &["--upgrade"]);
    assert_snapshot!(run, @r#"
    exit 0
    --- stdout
    edited    package.json
    created   taos-example.mjs

    Build it and run it:
      npm install
      node taos-example.mjs
    --- stderr
    note: no server is named, so any from 3.2.2.2 on is assumed: @tdengine/websocket 3.1.0 is the newest that works with all of them over ws (3.2.1 needs 3.3.2.0 or later)
    note: @tdengine/websocket 3.1.0 sends passwords as they stand in a URL, so one with a character that URLs escape is refused by the example; --transport rest takes any
    note: @tdengine/websocket 3.1.0 does not pass on why a login was refused; taos-setup verify tells
    note: @tdengine/websocket writes a log into the folder logs
    note: package.json no longer names td2.0-connector, which is retired; in programs that use it: import taos from "@tdengine/websocket" in place of the callbacks and cursors of td2.0-connector; await taos.sqlConnect(new taos.WSConfig("ws://localhost:6041")) gives a connection, and await connection.exec(sql) runs a statement
    "#);
    assert_snapshot!(after, @r#"
    {
      "name": "app",
      "dependencies": {
        "@tdengine/websocket": "3.1.0",
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
    created   cmd/taos-example/main.go

    Build it and run it:
      go mod tidy
      go build -o bin/taos-example ./cmd/taos-example
      ./bin/taos-example
    --- stderr
    note: no server is named, so any from 3.2.2.2 on is assumed: github.com/taosdata/driver-go/v3 v3.5.5 is the newest that works with all of them over ws (v3.7.8 needs 3.3.6.0 or later)
    note: driver-go v3.5.5 does not pass on why a login was refused; taos-setup verify tells
    note: go.mod no longer names github.com/taosdata/driver-go/v2, which is retired; in programs that use it: import github.com/taosdata/driver-go/v3/taosWS in place of github.com/taosdata/driver-go/v2/taosSql, and open "taosWS" with root:taosdata@ws(localhost:6041)/
    "#);
    assert_snapshot!(after, @"
    module a

    go 1.21

    require github.com/taosdata/driver-go/v3 v3.5.5
    ");
}

#[test]
fn the_diff_of_an_upgrade() {
    let (run, after) = with("go.mod", &GO.replace('\r', ""), &["--upgrade", "--dry-run"]);
    let manifest = run.stdout.split("--- /dev/null").next().unwrap();
    assert_snapshot!(manifest, @r"
    --- a/go.mod
    +++ b/go.mod
    @@ -3,5 +3,5 @@
     go 1.21
     
     require (
    -	github.com/taosdata/driver-go/v3 v3.5.0 // why
    +	github.com/taosdata/driver-go/v3 v3.5.5 // why
     )
    \ No newline at end of file
    ");
    assert!(after.contains("v3.5.0"), "{after}");
}

#[test]
fn an_example_of_ones_own_is_left_alone() {
    let context = TestContext::new();
    let run = context.program(["init", "--lang", "go"]).run();
    assert_eq!(run.exit, Some(0), "{run}");
    let run = context
        .program(["init", "--upgrade", "--server", "3.3.7.5"])
        .run();
    assert_snapshot!(run, @"
    exit 0
    --- stdout
    edited    go.mod
    unchanged main.go
    unchanged README.md
    unchanged .gitignore

    Build it and run it:
      go mod tidy
      go build -o bin/taos-example .
      ./bin/taos-example
    --- stderr
    note: the example that is there was left as it is; taos-setup init in an empty folder shows what github.com/taosdata/driver-go/v3 v3.7.8 wants
    ");
}
