//! Roots of workspaces: the directories that their patterns name are listed.

use insta::assert_snapshot;

use crate::support::program::TestContext;
use crate::support::tree::{tree, write_files};

/// The refusal of `init` in a directory with `files`.
#[track_caller]
fn refusal(files: &[(&str, &str)]) -> String {
    let context = TestContext::new();
    write_files(&context.work(), files);
    let before = tree(&context.work());
    let run = context.program(["init"]).run();
    assert_eq!(run.exit, Some(2), "{run}");
    assert_eq!(tree(&context.work()), before);
    run.stderr
}

#[test]
fn npm_and_yarn_members() {
    let root = "{\n  \"workspaces\": [\"packages/*\", \"tools/{a,b}\", \"!packages/old\"]\n}\n";
    assert_snapshot!(refusal(&[
        ("package.json", root),
        ("packages/a/package.json", "{}"),
        ("packages/b/package.json", "{}"),
        ("packages/old/package.json", "{}"),
        ("packages/notes/README", ""),
        ("tools/a/package.json", "{}"),
        ("tools/b/package.json", "{}"),
    ]), @"
    error[usage]: could not add @tdengine/websocket 3.2.1 to package.json
      package.json:2: this is the root of a workspace
      next: taos-setup init --dir packages/a
      next: taos-setup init --dir packages/b
      next: taos-setup init --dir tools/a
      next: taos-setup init --dir tools/b
    ");
    let root = "{\n  \"workspaces\": { \"packages\": [\"services/**\"] }\n}\n";
    assert_snapshot!(refusal(&[
        ("package.json", root),
        ("services/a/package.json", "{}"),
        ("services/group/b/package.json", "{}"),
        ("services/group/b/node_modules/c/package.json", "{}"),
    ]), @"
    error[usage]: could not add @tdengine/websocket 3.2.1 to package.json
      package.json:2: this is the root of a workspace
      next: taos-setup init --dir services/a
      next: taos-setup init --dir services/group/b
    ");
}

#[test]
fn members_of_pnpm_are_listed() {
    assert_snapshot!(refusal(&[
        ("pnpm-workspace.yaml", "packages:\n  - apps/*\n  - '!**/test/**'\n"),
        ("apps/web/package.json", "{}"),
        ("apps/test/package.json", "{}"),
    ]), @"
    error[usage]: could not add @tdengine/websocket 3.2.1 to pnpm-workspace.yaml
      this is the root of a workspace
      next: taos-setup init --dir apps/web
    ");
}

#[test]
fn cargo_and_uv_members() {
    let package = "[package]\nname = \"a\"\nversion = \"0.1.0\"\n";
    assert_snapshot!(refusal(&[
        ("Cargo.toml", "[workspace]\nmembers = [\"crates/*\", \"tools/x\"]\nexclude = [\"crates/skip\"]\n"),
        ("crates/a/Cargo.toml", package),
        ("crates/skip/Cargo.toml", package),
        ("tools/x/Cargo.toml", package),
    ]), @"
    error[usage]: could not add taos 0.12.3 to Cargo.toml
      Cargo.toml:1: this is the root of a workspace without a package
      next: taos-setup init --dir crates/a
      next: taos-setup init --dir tools/x
    ");
    let project = "[project]\nname = \"a\"\nversion = \"0\"\n";
    assert_snapshot!(refusal(&[
        ("pyproject.toml", "[tool.uv.workspace]\nmembers = [\"libs/*\"]\nexclude = [\"libs/x\"]\n"),
        ("libs/a/pyproject.toml", project),
        ("libs/x/pyproject.toml", project),
    ]), @"
    error[usage]: could not add taos-ws-py 0.7.0 to pyproject.toml
      pyproject.toml:1: this is the root of a workspace without a project
      next: taos-setup init --dir libs/a
    ");
}

#[test]
fn modules_of_go_are_listed() {
    assert_snapshot!(refusal(&[
        ("go.work", "go 1.22\n\nuse (\n\t./svc/a\n\t./lib\n)\n"),
        ("svc/a/go.mod", "module a\n"),
    ]), @"
    error[usage]: could not add github.com/taosdata/driver-go/v3 v3.8.2 to go.work
      this is the root of a workspace
      next: taos-setup init --dir svc/a
      next: taos-setup init --dir lib
    ");
}

#[test]
fn maven_and_gradle_modules() {
    let root = "<project>\n  <artifactId>root</artifactId>\n  <packaging>pom</packaging>\n  <modules>\n    <module>a</module>\n    <module>b/pom-b.xml</module>\n  </modules>\n</project>\n";
    assert_snapshot!(refusal(&[("pom.xml", root)]), @"
    error[usage]: could not add com.taosdata.jdbc:taos-jdbcdriver 3.7.9 to pom.xml
      pom.xml:4: this project only builds its modules
      next: taos-setup init --dir a
      next: taos-setup init --dir b --manifest pom-b.xml
    ");
    assert_snapshot!(refusal(&[
        ("settings.gradle", "rootProject.name = 'many'\ninclude 'app', 'core:model'\n"),
        ("app/build.gradle", ""),
    ]), @"
    error[usage]: could not add com.taosdata.jdbc:taos-jdbcdriver 3.7.9 to settings.gradle
      this is the root of a workspace
      next: taos-setup init --dir app
      next: taos-setup init --dir core/model
    ");
    assert_snapshot!(refusal(&[
        ("settings.gradle.kts", "listOf(\"app\", \"core\").forEach { include(\":$it\") }\n"),
        ("app/build.gradle.kts", ""),
        ("core/build.gradle.kts", ""),
    ]), @"
    error[usage]: could not add com.taosdata.jdbc:taos-jdbcdriver 3.7.9 to settings.gradle.kts
      this is the root of a workspace
      next: taos-setup init --dir app
      next: taos-setup init --dir core
      next: taos-setup init --dir DIR    # a directory that matches */*
    ");
}

#[test]
fn tool_of_several_languages_is_named() {
    assert_snapshot!(refusal(&[("MODULE.bazel", "module(name = \"x\")\n")]), @"
    error[usage]: could not set up a project
      no language is given, and . contains MODULE.bazel, by which Bazel builds projects of several languages
      next: taos-setup init --lang c
      next: taos-setup init --lang java
      next: taos-setup init --lang python
    ");
}

#[cfg(unix)]
#[test]
fn links_and_deep_trees_are_not_followed() {
    let context = TestContext::new();
    let work = context.work();
    write_files(
        &work,
        &[
            ("root/package.json", "{ \"workspaces\": [\"**\"] }\n"),
            ("root/a/package.json", "{}"),
            ("outside/package.json", "{}"),
        ],
    );
    std::os::unix::fs::symlink("../outside", work.join("root/link")).unwrap();
    std::os::unix::fs::symlink(".", work.join("root/loop")).unwrap();
    let deep = "d/".repeat(40);
    std::fs::create_dir_all(work.join("root").join(deep)).unwrap();
    for at in 0..6000 {
        std::fs::create_dir(work.join(format!("root/many-{at}"))).unwrap();
    }
    let run = context.program(["init", "--dir", "root"]).run();
    assert_eq!(run.exit, Some(2), "{run}");
    assert!(run.stderr.contains("--dir root/a\n"), "{run}");
    assert!(!run.stderr.contains("link"), "{run}");
}
