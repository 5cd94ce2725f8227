//! Ranges of versions: what is locked decides, else the newest release that the range lets through. Aliases of npm, exclusions of Go.

use insta::assert_snapshot;

use super::shared_versions::changed;
use crate::support::program::TestContext;
use crate::support::tree::tree;

const OLD_SERVER: [&str; 2] = ["--server", "3.2.2.2"];

fn package(range: &str) -> String {
    format!(
        "{{\n  \"name\": \"app\",\n  \"private\": true,\n  \"dependencies\": {{\n    \"@tdengine/websocket\": \"{range}\"\n  }}\n}}\n"
    )
}

#[test]
fn newest_release_that_a_range_lets_through_decides() {
    let range = package("^3.1.0");
    let files = [("package.json", range.as_str())];
    assert_snapshot!(changed(&files, &OLD_SERVER), @r#"
    exit 7
    error[version-conflict]: could not add @tdengine/websocket 3.1.0 to package.json
      package.json:5: the project already asks for @tdengine/websocket ^3.1.0, of which 3.2.1 is the newest release. From 3.1.6 on it refuses servers before 3.3.2.0 (code 112, the version is too low).
      next: run the command again with --upgrade, which writes "3.1.0" there
    "#);
    assert_snapshot!(changed(&files, &["--server", "3.2.2.2", "--upgrade"]), @r#"
    exit 0
    note: @tdengine/websocket 3.1.0 does not decode passwords in URLs, so the example rejects a password with a character that URLs escape; --transport rest accepts any
    note: @tdengine/websocket 3.1.0 does not report why a login was rejected; taos-setup verify does
    note: @tdengine/websocket writes a log into the directory logs
    === package.json
    {
      "name": "app",
      "private": true,
      "dependencies": {
        "@tdengine/websocket": "3.1.0"
      }
    }
    "#);
    assert_snapshot!(changed(&files, &["--server", "3.3.7.5"]), @"
    exit 0
    note: @tdengine/websocket writes a log into the directory logs
    note: package.json:5 asks for @tdengine/websocket ^3.1.0, which is unchanged
    ");
    // It ends before the release that fails.
    let range = package(">=3.1.0 <3.1.1");
    assert_snapshot!(changed(&[("package.json", range.as_str())], &OLD_SERVER), @"
    exit 0
    note: @tdengine/websocket 3.1.0 does not decode passwords in URLs, so the example rejects a password with a character that URLs escape; --transport rest accepts any
    note: @tdengine/websocket 3.1.0 does not report why a login was rejected; taos-setup verify does
    note: @tdengine/websocket writes a log into the directory logs
    note: package.json:5 asks for @tdengine/websocket >=3.1.0 <3.1.1, which is unchanged
    ");
}

#[test]
fn locked_version_decides_before_the_newest() {
    let range = package("^3.1.0");
    let npm = |version: &str| {
        format!(
            "{{\n  \"lockfileVersion\": 3,\n  \"packages\": {{\n    \"\": {{ \"dependencies\": {{ \"@tdengine/websocket\": \"^3.1.0\" }} }},\n    \"node_modules/@tdengine/websocket\": {{ \"version\": \"{version}\" }}\n  }}\n}}\n"
        )
    };
    let (old, new) = (npm("3.1.0"), npm("3.1.2"));
    let locks = [
        ("package-lock.json", old.as_str()),
        (
            "yarn.lock",
            "# yarn lockfile v1\n\n\"@tdengine/websocket@^3.1.0\":\n  version \"3.1.0\"\n  resolved \"\"\n",
        ),
        (
            "pnpm-lock.yaml",
            "lockfileVersion: '9.0'\n\nimporters:\n\n  .:\n    dependencies:\n      '@tdengine/websocket':\n        specifier: ^3.1.0\n        version: 3.1.0\n\npackages:\n\n  '@tdengine/websocket@3.1.0':\n    resolution: {integrity: sha512-x}\n",
        ),
        (
            "bun.lock",
            "{\n  \"workspaces\": {\n    \"\": {\n      \"dependencies\": {\n        \"@tdengine/websocket\": \"^3.1.0\",\n      },\n    },\n  },\n  \"packages\": {\n    \"@tdengine/websocket\": [\"@tdengine/websocket@3.1.0\", \"\", {}, \"sha512-x\"],\n  }\n}\n",
        ),
    ];
    for lock in locks {
        let files = [("package.json", range.as_str()), lock];
        let answer = changed(&files, &OLD_SERVER);
        assert!(
            answer.starts_with("exit 0\n") && answer.contains("^3.1.0, which is unchanged"),
            "{}: {answer}",
            lock.0
        );
    }
    let files = [
        ("package.json", range.as_str()),
        ("package-lock.json", new.as_str()),
    ];
    assert_snapshot!(changed(&files, &OLD_SERVER), @r#"
    exit 7
    error[version-conflict]: could not add @tdengine/websocket 3.1.0 to package.json
      package.json:5: the project already asks for @tdengine/websocket ^3.1.0, of which 3.1.2 is locked. From 3.1.1 on it asks with binary queries, which servers before 3.3.2.0 do not know.
      next: run the command again with --upgrade, which writes "3.1.0" there
    "#);
}

#[test]
fn operator_that_lets_a_failing_release_through_is_not_written() {
    let range = package("^3.2.0");
    let files = [("package.json", range.as_str())];
    assert_snapshot!(changed(&files, &["--server", "3.2.2.2", "--upgrade"]), @r#"
    exit 0
    note: @tdengine/websocket 3.1.0 does not decode passwords in URLs, so the example rejects a password with a character that URLs escape; --transport rest accepts any
    note: @tdengine/websocket 3.1.0 does not report why a login was rejected; taos-setup verify does
    note: @tdengine/websocket writes a log into the directory logs
    === package.json
    {
      "name": "app",
      "private": true,
      "dependencies": {
        "@tdengine/websocket": "3.1.0"
      }
    }
    "#);
    let library = "{\n  \"name\": \"lib\",\n  \"main\": \"index.js\"\n}\n";
    assert_snapshot!(changed(&[("package.json", library)], &["--lang", "node", "--server", "3.2.2.2"]), @r#"
    exit 0
    note: @tdengine/websocket 3.1.0 does not decode passwords in URLs, so the example rejects a password with a character that URLs escape; --transport rest accepts any
    note: @tdengine/websocket 3.1.0 does not report why a login was rejected; taos-setup verify does
    note: @tdengine/websocket writes a log into the directory logs
    === package.json
    {
      "name": "lib",
      "main": "index.js",
      "dependencies": {
        "@tdengine/websocket": "3.1.0"
      }
    }
    "#);
}

#[test]
fn ranges_of_maven_and_gradle_are_resolved() {
    let pom = |version: &str| {
        format!(
            "<project>\n  <artifactId>app</artifactId>\n  <dependencies>\n    <dependency>\n      <groupId>com.taosdata.jdbc</groupId>\n      <artifactId>taos-jdbcdriver</artifactId>\n      <version>{version}</version>\n    </dependency>\n  </dependencies>\n</project>\n"
        )
    };
    let open = pom("[3.2,)");
    assert_snapshot!(changed(&[("pom.xml", open.as_str())], &OLD_SERVER), @"
    exit 7
    error[version-conflict]: could not add com.taosdata.jdbc:taos-jdbcdriver 3.2.8 to pom.xml
      pom.xml:7: the project already asks for taos-jdbcdriver [3.2,), of which 3.7.9 is the newest release. From 3.7.0 on the driver refuses servers before 3.3.6.0 over WebSocket (0x2321, TDengine version incompatible).
      next: run the command again with --upgrade, which writes 3.2.8 there
    ");
    assert_snapshot!(changed(&[("pom.xml", open.as_str())], &["--server", "3.2.2.2", "--upgrade"]), @"
    exit 0
    === pom.xml
    <project>
      <artifactId>app</artifactId>
      <dependencies>
        <dependency>
          <groupId>com.taosdata.jdbc</groupId>
          <artifactId>taos-jdbcdriver</artifactId>
          <version>3.2.8</version>
        </dependency>
      </dependencies>
    </project>
    ");
    let closed = pom("[3.2,3.3)");
    assert_snapshot!(changed(&[("pom.xml", closed.as_str())], &OLD_SERVER), @"
    exit 0
    note: pom.xml:7 asks for taos-jdbcdriver [3.2,3.3), which is unchanged
    ");
    let script = "plugins {\n    id 'java'\n}\n\ndependencies {\n    implementation 'com.taosdata.jdbc:taos-jdbcdriver:3.+'\n}\n";
    let files = [("build.gradle", script)];
    assert_snapshot!(changed(&files, &OLD_SERVER), @"
    exit 7
    error[version-conflict]: could not add com.taosdata.jdbc:taos-jdbcdriver 3.2.8 to build.gradle
      build.gradle:6: the project already asks for taos-jdbcdriver 3.+, of which 3.7.9 is the newest release. From 3.7.0 on the driver refuses servers before 3.3.6.0 over WebSocket (0x2321, TDengine version incompatible).
      next: run the command again with --upgrade, which writes 3.2.8 there
    ");
    let lock =
        "com.taosdata.jdbc:taos-jdbcdriver:3.2.8=compileClasspath,runtimeClasspath\nempty=\n";
    let files = [("build.gradle", script), ("gradle.lockfile", lock)];
    assert_snapshot!(changed(&files, &OLD_SERVER), @"
    exit 0
    note: build.gradle:6 asks for taos-jdbcdriver 3.+, which is unchanged
    ");
}

#[test]
fn program_fits_the_version_that_is_taken() {
    let program = |range: &str, locked: Option<&str>| {
        let context = TestContext::new();
        std::fs::write(context.work().join("package.json"), package(range)).unwrap();
        if let Some(version) = locked {
            std::fs::write(
                context.work().join("yarn.lock"),
                format!("\"@tdengine/websocket@{range}\":\n  version \"{version}\"\n"),
            )
            .unwrap();
        }
        let arguments = ["init", "--server", "3.3.7.5", "--example", "basic"];
        let run = context.program(arguments).run();
        assert_eq!(run.exit, Some(0), "{run}");
        std::fs::remove_file(context.work().join("package.json")).unwrap();
        let _ = std::fs::remove_file(context.work().join("yarn.lock"));
        tree(&context.work())
    };
    let (old, new) = (program("3.1.0", None), program("3.2.1", None));
    assert_ne!(old, new);
    assert_eq!(program("^3.1.0", None), new);
    assert_eq!(program("^3.1.0", Some("3.1.0")), old);
    assert_eq!(program("~3.1.0", None), old);
}

#[test]
fn alias_of_npm_is_ours() {
    let alias = |value: &str| {
        format!(
            "{{\n  \"name\": \"app\",\n  \"private\": true,\n  \"dependencies\": {{\n    \"td\": \"{value}\",\n    \"left-pad\": \"npm:@acme/pad@1.0.0\"\n  }}\n}}\n"
        )
    };
    let old = alias("npm:@tdengine/websocket@3.1.0");
    let files = [("package.json", old.as_str())];
    assert_snapshot!(changed(&files, &["--server", "3.3.7.5"]), @r#"
    exit 0
    note: @tdengine/websocket writes a log into the directory logs
    note: package.json:5 installs @tdengine/websocket under the name td, by which programs import it
    note: package.json:5 asks for @tdengine/websocket 3.1.0, which is unchanged; --upgrade writes "npm:@tdengine/websocket@3.2.1"
    "#);
    assert_snapshot!(changed(&files, &["--server", "3.3.7.5", "--upgrade"]), @r#"
    exit 0
    note: @tdengine/websocket writes a log into the directory logs
    note: package.json:5 installs @tdengine/websocket under the name td, by which programs import it
    === package.json
    {
      "name": "app",
      "private": true,
      "dependencies": {
        "td": "npm:@tdengine/websocket@3.2.1",
        "left-pad": "npm:@acme/pad@1.0.0"
      }
    }
    "#);
    let new = alias("npm:@tdengine/websocket@^3.2.1");
    let files = [("package.json", new.as_str())];
    assert_snapshot!(changed(&files, &OLD_SERVER), @r#"
    exit 7
    error[version-conflict]: could not add @tdengine/websocket 3.1.0 to package.json
      package.json:5: the project already asks for @tdengine/websocket ^3.2.1. From 3.1.6 on it refuses servers before 3.3.2.0 (code 112, the version is too low).
      next: run the command again with --upgrade, which writes "npm:@tdengine/websocket@3.1.0" there
    "#);
    let open = alias("npm:@tdengine/websocket");
    let files = [("package.json", open.as_str())];
    assert_snapshot!(changed(&files, &["--server", "3.3.7.5"]), @"
    exit 0
    note: @tdengine/websocket writes a log into the directory logs
    note: package.json:5 installs @tdengine/websocket under the name td, by which programs import it
    note: package.json:5 asks for @tdengine/websocket *, which is unchanged and is always the newest release; the newest tested one, 3.2.1, works with servers from 3.3.2.0 on
    ");
}

#[test]
fn name_of_ours_that_stands_for_another_package_stays() {
    let fork = package("npm:@acme/tdengine-fork@1.2.0");
    let files = [("package.json", fork.as_str())];
    assert_snapshot!(changed(&files, &["--server", "3.3.7.5", "--upgrade"]), @"
    exit 0
    note: @tdengine/websocket writes a log into the directory logs
    note: package.json:5 asks for @tdengine/websocket npm:@acme/tdengine-fork@1.2.0, which is unchanged
    ");
}

fn go_mod(required: &str, excluded: &[&str]) -> String {
    let require = if required.is_empty() {
        String::new()
    } else {
        format!("\nrequire github.com/taosdata/driver-go/v3 {required}\n")
    };
    let excluded: String = excluded
        .iter()
        .map(|it| format!("\nexclude github.com/taosdata/driver-go/v3 {it}\n"))
        .collect();
    format!("module example.com/app\n\ngo 1.21\n{require}{excluded}")
}

#[test]
fn version_that_go_excludes_is_not_chosen() {
    let new = go_mod("", &["v3.8.2"]);
    assert_snapshot!(changed(&[("go.mod", new.as_str())], &["--server", "3.3.7.5"]), @"
    exit 0
    note: go.mod:5 excludes github.com/taosdata/driver-go/v3 v3.8.2, so another release is chosen
    === go.mod
    module example.com/app

    go 1.21

    require github.com/taosdata/driver-go/v3 v3.7.8

    exclude github.com/taosdata/driver-go/v3 v3.8.2
    ");
    let required = go_mod("v3.5.5", &["v3.8.2"]);
    assert_snapshot!(changed(&[("go.mod", required.as_str())], &["--server", "3.3.7.5", "--upgrade"]), @"
    exit 0
    note: go.mod:7 excludes github.com/taosdata/driver-go/v3 v3.8.2, so another release is chosen
    === go.mod
    module example.com/app

    go 1.21

    require github.com/taosdata/driver-go/v3 v3.7.8

    exclude github.com/taosdata/driver-go/v3 v3.8.2
    ");
}

#[test]
fn required_version_that_is_excluded_is_a_conflict() {
    let ignored = go_mod("v3.7.8", &["v3.7.8"]);
    let files = [("go.mod", ignored.as_str())];
    assert_snapshot!(changed(&files, &["--server", "3.3.7.5"]), @"
    exit 7
    error[version-conflict]: could not add github.com/taosdata/driver-go/v3 v3.8.2 to go.mod
      go.mod:5: the project requires github.com/taosdata/driver-go/v3 v3.7.8, which line 7 excludes, so the go command ignores the requirement
      next: run the command again with --upgrade, which writes v3.8.2 there
    ");
    assert_snapshot!(changed(&files, &["--server", "3.3.7.5", "--upgrade"]), @"
    exit 0
    note: go.mod:7 excludes github.com/taosdata/driver-go/v3 v3.7.8, so another release is chosen
    === go.mod
    module example.com/app

    go 1.21

    require github.com/taosdata/driver-go/v3 v3.8.2

    exclude github.com/taosdata/driver-go/v3 v3.7.8
    ");
}

#[test]
fn exclusion_of_every_release_is_reported() {
    let nothing = go_mod("", &["v3.5.5"]);
    let files = [("go.mod", nothing.as_str())];
    assert_snapshot!(changed(&files, &OLD_SERVER), @"
    exit 7
    error[version-conflict]: could not set up Go over WebSocket
      go.mod excludes every release of its connector that fits
      next: remove an exclude line for the connector from go.mod, then run the command again
    ");
}
