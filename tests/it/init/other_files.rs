//! `init` in builds whose versions are in other files, and for languages that it does not set up.

use std::fs;

use insta::assert_snapshot;

use crate::support::program::{Run, TestContext};
use crate::support::tree::write_files;

fn project(files: &[(&str, &str)]) -> TestContext {
    let context = TestContext::new();
    write_files(&context.work(), files);
    context
}

fn init(context: &TestContext, arguments: &[&str]) -> Run {
    let mut all = vec!["init"];
    all.extend(arguments);
    context.program(all).run()
}

fn text(context: &TestContext, path: &str) -> String {
    fs::read_to_string(context.work().join(path)).unwrap()
}

#[test]
fn gradle_catalog_gets_the_version() {
    let catalog = "[versions]\njunit = \"5.10.0\"\n\n[libraries]\njunit = { module = \"org.junit:junit\", version.ref = \"junit\" }\n";
    let context = project(&[
        ("settings.gradle.kts", "include(\"app\")\n"),
        ("gradle/libs.versions.toml", catalog),
        ("gradlew", ""),
        (
            "gradle/verification-metadata.xml",
            "<verification-metadata/>\n",
        ),
        ("app/gradle.lockfile", "a:b:1=compileClasspath\n"),
        (
            "app/build.gradle.kts",
            "plugins { java }\nrepositories { mavenCentral() }\ndependencies {\n    testImplementation(libs.junit)\n}\n",
        ),
    ]);
    let run = init(&context, &["--dir", "app", "--server", "3.3.7.5"]);
    assert_snapshot!(run, @"
    exit 0
    --- stdout
    edited    build.gradle.kts
    edited    ../gradle/libs.versions.toml

    Build it:
      cd app
      ../gradlew -q classes
    --- stderr
    note: gradle.lockfile no longer matches; refresh it: ../gradlew dependencies --write-locks
    note: ../gradle/verification-metadata.xml no longer matches; refresh it: ../gradlew --write-verification-metadata sha256 help
    ");
    assert_snapshot!(text(&context, "gradle/libs.versions.toml"), @r#"
    [versions]
    junit = "5.10.0"
    taos-jdbcdriver = "3.7.9"

    [libraries]
    junit = { module = "org.junit:junit", version.ref = "junit" }
    taos-jdbcdriver = { module = "com.taosdata.jdbc:taos-jdbcdriver", version.ref = "taos-jdbcdriver" }
    "#);
    assert_snapshot!(text(&context, "app/build.gradle.kts"), @"
    plugins { java }
    repositories { mavenCentral() }
    dependencies {
        testImplementation(libs.junit)
        implementation(libs.taos.jdbcdriver)
    }
    ");
    let again = init(&context, &["--dir", "app", "--server", "3.3.7.5"]);
    assert!(!again.stdout.contains("edited"), "{again}");
    // The root of such a build is answered with its members.
    assert_snapshot!(init(&context, &["--lang", "java"]), @"
    exit 2
    --- stdout
    --- stderr
    error[usage]: could not add com.taosdata.jdbc:taos-jdbcdriver 3.7.9 to settings.gradle.kts
      this is the root of a workspace
      next: taos-setup init --dir app
    ");
}

#[test]
fn gradle_properties_are_upgraded() {
    let context = project(&[
        ("gradle.properties", "# versions\ntaosVersion=3.5.3\n"),
        (
            "build.gradle",
            "plugins { id 'java' }\nrepositories { mavenCentral() }\ndependencies {\n    implementation \"com.taosdata.jdbc:taos-jdbcdriver:$taosVersion\"\n}\n",
        ),
    ]);
    let run = init(&context, &["--server", "3.3.7.5", "--upgrade"]);
    assert_eq!(run.exit, Some(0), "{run}");
    assert_eq!(
        text(&context, "gradle.properties"),
        "# versions\ntaosVersion=3.7.9\n"
    );
}

#[test]
fn workspace_dependencies_are_upgraded() {
    let root = "[workspace]\nmembers = [\"app\"]\n\n[workspace.dependencies]\n# shared\ntokio = { version = \">=1.40\", features = [\"full\"] }\n";
    let member = "[package]\nname = \"app\"\nversion = \"0.1.0\"\n\n[dependencies]\ntokio = { workspace = true }\n";
    let context = project(&[("Cargo.toml", root), ("app/Cargo.toml", member)]);
    let refused = init(&context, &["--dir", "app"]);
    assert_eq!(refused.exit, Some(7), "{refused}");
    assert!(refused.stderr.contains("--upgrade"), "{refused}");
    let run = init(&context, &["--dir", "app", "--upgrade"]);
    assert_eq!(run.exit, Some(0), "{run}");
    assert_eq!(
        text(&context, "Cargo.toml"),
        root.replace(">=1.40", ">=1.40, <1.54")
    );
    assert_eq!(init(&context, &["--dir", "app", "--check"]).exit, Some(0));
}

#[test]
fn parent_property_is_upgraded() {
    let root = "<project>\n  <groupId>g</groupId>\n  <artifactId>shop</artifactId>\n  <version>1</version>\n  <packaging>pom</packaging>\n  <properties>\n    <taos.version>3.5.3</taos.version>\n  </properties>\n  <modules>\n    <module>app</module>\n  </modules>\n</project>\n";
    let module = "<project>\n  <parent>\n    <groupId>g</groupId>\n    <artifactId>shop</artifactId>\n    <version>1</version>\n  </parent>\n  <artifactId>app</artifactId>\n  <dependencies>\n    <dependency>\n      <groupId>com.taosdata.jdbc</groupId>\n      <artifactId>taos-jdbcdriver</artifactId>\n      <version>${taos.version}</version>\n    </dependency>\n  </dependencies>\n</project>\n";
    let context = project(&[("pom.xml", root), ("app/pom.xml", module)]);
    let run = init(&context, &["--dir", "app", "--server", "3.3.7.5"]);
    assert_eq!(run.exit, Some(0), "{run}");
    assert_eq!(text(&context, "pom.xml"), root);
    let run = init(
        &context,
        &["--dir", "app", "--server", "3.3.7.5", "--upgrade"],
    );
    assert_eq!(run.exit, Some(0), "{run}");
    assert_eq!(text(&context, "pom.xml"), root.replace("3.5.3", "3.7.9"));
    assert_eq!(text(&context, "app/pom.xml"), module);
}

#[test]
fn connector_in_a_group() {
    let source = "[project]\nname = \"a\"\nversion = \"0.1.0\"\ndependencies = []\n\n[dependency-groups]\ndev = [\"taos-ws-py==0.5.0\"]\n";
    let context = project(&[("pyproject.toml", source)]);
    assert_eq!(init(&context, &[]).exit, Some(0));
    assert_eq!(text(&context, "pyproject.toml"), source);
    let run = init(&context, &["--upgrade"]);
    assert_eq!(run.exit, Some(0), "{run}");
    assert_snapshot!(text(&context, "pyproject.toml"), @r#"
    [project]
    name = "a"
    version = "0.1.0"
    dependencies = ["taos-ws-py==0.7.0"]

    [dependency-groups]
    dev = ["taos-ws-py==0.7.0"]
    "#);
    assert_eq!(init(&context, &["--upgrade", "--check"]).exit, Some(0));
    let run = init(&project(&[("go.mod", "module a\n\ngo 1.21\n")]), &["--dev"]);
    assert_snapshot!(run, @"
    exit 2
    --- stdout
    --- stderr
    error[usage]: could not set up the Go project
      go.mod has no list for --dev
      next: omit --dev
    ");
    for arguments in [["--group", "iot"], ["--extra", "iot"]] {
        let context = project(&[("pyproject.toml", "[project]\nname = \"a\"\n")]);
        assert_eq!(init(&context, &arguments).exit, Some(0));
        assert!(text(&context, "pyproject.toml").contains("iot = [\"taos-ws-py==0.7.0\"]\n"));
    }
}

#[test]
fn other_languages_are_answered() {
    assert_snapshot!(init(&project(&[]), &["--lang", "c++"]), @"
    exit 2
    --- stdout
    --- stderr
    error[usage]: could not set up the C++ project
      init does not set up C++ projects yet
      next: taos-setup init --lang c    # its connector works here, too
      next: taos-setup url HOST --lang c    # prints the connection string
    ");
    let run = init(&project(&[]), &["--lang", "TypeScript", "--dry-run"]);
    assert!(run.stdout.contains("package.json"), "{run}");
}
