//! Versions that stand outside of the manifest: catalogs of pnpm, bun and Gradle, included requirements.

use insta::assert_snapshot;

use crate::support::program::TestContext;
use crate::support::tree::{tree, write_files};

/// What `init` answers in a project with `files`, and the files that it changed.
pub(super) fn changed(files: &[(&str, &str)], arguments: &[&str]) -> String {
    let context = TestContext::new();
    write_files(&context.work(), files);
    let mut all = vec!["init"];
    all.extend(arguments);
    let run = context.program(&all).run();
    if run.exit == Some(0) {
        let after = tree(&context.work());
        let again = context.program(&all).run();
        assert_eq!(again.exit, Some(0), "{again}");
        assert_eq!(tree(&context.work()), after, "a second run changes nothing");
    }
    let changed: String = files
        .iter()
        .filter_map(|(path, before)| {
            let after = std::fs::read_to_string(context.work().join(path)).unwrap();
            (after != *before).then(|| format!("=== {path}\n{after}"))
        })
        .collect();
    format!("exit {}\n{}{changed}", run.exit.unwrap(), run.stderr)
}

const MEMBER: &str = "{\n  \"name\": \"web\",\n  \"private\": true,\n  \"dependencies\": {\n    \"@tdengine/websocket\": \"catalog:\"\n  }\n}\n";

#[test]
fn catalog_of_pnpm_is_upgraded() {
    let workspace = "packages:\n  - 'apps/*'\n\ncatalog:\n  react: ^18.3.1\n  '@tdengine/websocket': ^3.0.0   # time series\n";
    let files = [
        ("pnpm-workspace.yaml", workspace),
        (
            "package.json",
            "{\n  \"name\": \"root\",\n  \"private\": true\n}\n",
        ),
        ("apps/web/package.json", MEMBER),
    ];
    assert_snapshot!(changed(&files, &["--dir", "apps/web", "--server", "3.3.7.5"]), @"
    exit 0
    note: @tdengine/websocket writes a log into the directory logs
    note: ../../pnpm-workspace.yaml:6 asks for @tdengine/websocket ^3.0.0, which is unchanged
    ");
    let pinned = workspace.replace("^3.0.0", "3.1.0");
    let files = [("pnpm-workspace.yaml", pinned.as_str()), files[1], files[2]];
    assert_snapshot!(changed(&files, &["--dir", "apps/web", "--server", "3.3.7.5"]), @"
    exit 0
    note: @tdengine/websocket writes a log into the directory logs
    note: ../../pnpm-workspace.yaml:6 asks for @tdengine/websocket 3.1.0, which is unchanged; --upgrade writes 3.2.1
    ");
    assert_snapshot!(changed(&files, &["--dir", "apps/web", "--server", "3.3.7.5", "--upgrade"]), @"
    exit 0
    note: @tdengine/websocket writes a log into the directory logs
    === pnpm-workspace.yaml
    packages:
      - 'apps/*'

    catalog:
      react: ^18.3.1
      '@tdengine/websocket': 3.2.1   # time series
    ");
}

#[test]
fn named_catalog_of_one_project_is_read() {
    let member = MEMBER.replace("catalog:", "catalog:td");
    let files = [
        (
            "pnpm-workspace.yaml",
            "catalogs:\n  td:\n    \"@tdengine/websocket\": 3.2.1\n  other:\n    \"@tdengine/websocket\": 1.0.0\n",
        ),
        ("package.json", &member),
    ];
    assert_snapshot!(changed(&files, &["--server", "3.2.2.2"]), @"
    exit 7
    error[version-conflict]: could not add @tdengine/websocket 3.1.0 to package.json
      package.json:5: pnpm-workspace.yaml:3: the project already asks for @tdengine/websocket 3.2.1. From 3.1.6 on it refuses servers before 3.3.2.0 (code 112, the version is too low).
      next: run the command again with --upgrade, which writes 3.1.0 there
    ");
    assert_snapshot!(changed(&files, &["--server", "3.2.2.2", "--upgrade"]), @r#"
    exit 0
    note: @tdengine/websocket 3.1.0 does not decode passwords in URLs, so the example rejects a password with a character that URLs escape; --transport rest accepts any
    note: @tdengine/websocket 3.1.0 does not report why a login was rejected; taos-setup verify does
    note: @tdengine/websocket writes a log into the directory logs
    === pnpm-workspace.yaml
    catalogs:
      td:
        "@tdengine/websocket": 3.1.0
      other:
        "@tdengine/websocket": 1.0.0
    "#);
}

#[test]
fn catalog_of_bun_is_upgraded() {
    let root = "{\n  \"name\": \"root\",\n  \"workspaces\": {\n    \"packages\": [\"apps/*\"],\n    \"catalog\": { \"@tdengine/websocket\": \"3.1.0\" }\n  }\n}\n";
    let files = [("package.json", root), ("apps/web/package.json", MEMBER)];
    assert_snapshot!(changed(&files, &["--dir", "apps/web", "--server", "3.3.7.5", "--upgrade"]), @r#"
    exit 0
    note: @tdengine/websocket writes a log into the directory logs
    === package.json
    {
      "name": "root",
      "workspaces": {
        "packages": ["apps/*"],
        "catalog": { "@tdengine/websocket": "3.2.1" }
      }
    }
    "#);
}

const CATALOG: &str = "[versions]\ntaos = \"3.5.3\"\n\n[libraries]\ntaos = { module = \"com.taosdata.jdbc:taos-jdbcdriver\", version.ref = \"taos\" }\nhikari = \"com.zaxxer:HikariCP:5.1.0\"\n\n[bundles]\ndb = [\"taos\", \"hikari\"]\n";

#[test]
fn bundle_of_gradle_has_the_connector() {
    let build =
        "plugins {\n    java\n}\n\ndependencies {\n    implementation(libs.bundles.db)\n}\n";
    let files = [
        ("settings.gradle.kts", "include(\":app\")\n"),
        ("gradle/libs.versions.toml", CATALOG),
        ("app/build.gradle.kts", build),
    ];
    assert_snapshot!(changed(&files, &["--dir", "app", "--server", "3.3.7.5"]), @"
    exit 0
    note: ../gradle/libs.versions.toml:2 asks for taos-jdbcdriver 3.5.3, which is unchanged; --upgrade writes 3.7.9
    ");
    assert_snapshot!(changed(&files, &["--dir", "app", "--server", "3.3.7.5", "--upgrade"]), @r#"
    exit 0
    === gradle/libs.versions.toml
    [versions]
    taos = "3.7.9"

    [libraries]
    taos = { module = "com.taosdata.jdbc:taos-jdbcdriver", version.ref = "taos" }
    hikari = "com.zaxxer:HikariCP:5.1.0"

    [bundles]
    db = ["taos", "hikari"]
    "#);
}

#[test]
fn rich_versions_of_gradle_are_read() {
    let build = "plugins {\n    java\n}\n\ndependencies {\n    implementation(libs.taos)\n}\n";
    let upgraded = |version: &str| {
        let catalog = CATALOG.replace("\"3.5.3\"", version);
        let files = [
            ("gradle/libs.versions.toml", catalog.as_str()),
            ("build.gradle.kts", build),
        ];
        changed(&files, &["--server", "3.3.7.5", "--upgrade"])
    };
    assert_snapshot!(upgraded("{ strictly = \"3.5.3\" }"), @r#"
    exit 0
    === gradle/libs.versions.toml
    [versions]
    taos = { strictly = "3.7.9" }

    [libraries]
    taos = { module = "com.taosdata.jdbc:taos-jdbcdriver", version.ref = "taos" }
    hikari = "com.zaxxer:HikariCP:5.1.0"

    [bundles]
    db = ["taos", "hikari"]
    "#);
    assert_snapshot!(upgraded("{ strictly = \"[3.5,3.6[\", prefer = \"3.5.3\" }"), @"
    exit 0
    note: gradle/libs.versions.toml:5 asks for taos-jdbcdriver taos, which is defined elsewhere and unchanged
    ");
    let block = "plugins {\n    java\n}\n\ndependencies {\n    implementation(\"com.taosdata.jdbc:taos-jdbcdriver\") {\n        version { strictly(\"3.5.3\") }\n    }\n}\n";
    assert_snapshot!(changed(&[("build.gradle.kts", block)], &["--server", "3.3.7.5", "--upgrade"]), @r#"
    exit 0
    === build.gradle.kts
    plugins {
        java
    }

    dependencies {
        implementation("com.taosdata.jdbc:taos-jdbcdriver") {
            version { strictly("3.7.9") }
        }
    }
    "#);
    let files = [
        ("gradle/libs.versions.toml", CATALOG),
        ("build.gradle.kts", build),
    ];
    assert_snapshot!(changed(&files, &["--server", "3.2.2.2"]), @"
    exit 7
    error[version-conflict]: could not add com.taosdata.jdbc:taos-jdbcdriver 3.2.8 to build.gradle.kts
      build.gradle.kts:1: gradle/libs.versions.toml:2: the project already asks for com.taosdata.jdbc:taos-jdbcdriver 3.5.3. From 3.3.0 on the driver asks with binary queries, which servers before 3.3.2.0 do not know: it logs in, and its first query fails after 60 s.
      next: run the command again with --upgrade, which writes 3.2.8 there
    ");
    let new = CATALOG.replace("3.5.3", "3.7.9");
    let files = [("gradle/libs.versions.toml", new.as_str()), files[1]];
    assert_snapshot!(changed(&files, &["--server", "3.2.2.2"]), @"
    exit 7
    error[version-conflict]: could not add com.taosdata.jdbc:taos-jdbcdriver 3.2.8 to build.gradle.kts
      build.gradle.kts:1: gradle/libs.versions.toml:2: the project already asks for com.taosdata.jdbc:taos-jdbcdriver 3.7.9. From 3.7.0 on the driver refuses servers before 3.3.6.0 over WebSocket (0x2321, TDengine version incompatible).
      next: run the command again with --upgrade, which writes 3.2.8 there
    ");
}

#[test]
fn constraints_and_included_requirements_are_read() {
    let constrained = [
        ("requirements.txt", "-c constraints.txt\nrequests\n"),
        ("constraints.txt", "taos-ws-py<0.6\n"),
    ];
    assert_snapshot!(changed(&constrained, &[]), @"
    exit 7
    error[version-conflict]: could not add taos-ws-py 0.7.0 to requirements.txt
      requirements.txt:1: it includes constraints.txt, which asks for taos-ws-py <0.6 in line 1
      next: write taos-ws-py==0.7.0 in constraints.txt:1, or set up another directory with --dir
    ");
    let included = [
        ("requirements.txt", "-r base.txt\nrequests\n"),
        ("base.txt", "taos-ws-py==0.5.0\n"),
    ];
    assert_snapshot!(changed(&included, &[]), @"
    exit 0
    note: no server given; taos-ws-py 0.7.0 works with servers from 3.2.2.2 on
    note: taos-ws-py has no musl wheel and no source package, so pip cannot install it on Alpine
    note: base.txt:1 asks for taos-ws-py ==0.5.0, which is unchanged; --upgrade writes taos-ws-py==0.7.0
    ");
    assert_snapshot!(changed(&included, &["--upgrade"]), @"
    exit 0
    note: no server given; taos-ws-py 0.7.0 works with servers from 3.2.2.2 on
    note: taos-ws-py has no musl wheel and no source package, so pip cannot install it on Alpine
    === base.txt
    taos-ws-py==0.7.0
    ");
    let pinned = [
        (
            "requirements.txt",
            "-c constraints.txt\ntaos-ws-py==0.5.0\n",
        ),
        ("constraints.txt", "taos-ws-py==0.5.0\n"),
    ];
    assert_snapshot!(changed(&pinned, &["--upgrade"]), @"
    exit 0
    note: no server given; taos-ws-py 0.7.0 works with servers from 3.2.2.2 on
    note: taos-ws-py has no musl wheel and no source package, so pip cannot install it on Alpine
    === requirements.txt
    -c constraints.txt
    taos-ws-py==0.7.0
    === constraints.txt
    taos-ws-py==0.7.0
    ");
}
