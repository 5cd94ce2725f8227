//! `init` in projects that exist: what is edited, what is refused, and which commands are printed.

use std::fs;

use insta::assert_snapshot;

use crate::support::program::{Run, TestContext};
use crate::support::tree::{tree, write_files};

/// A directory with `files`, each path with its text.
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

/// Checks that `init` is refused with exit code 2 and changes nothing, and returns the error.
#[track_caller]
fn refusal(files: &[(&str, &str)], arguments: &[&str]) -> String {
    let context = project(files);
    let before = tree(&context.work());
    let run = init(&context, arguments);
    assert_eq!(run.exit, Some(2), "{run}");
    assert_eq!(tree(&context.work()), before);
    run.stderr
}

const MAKEFILE: &str = "test:\n\tpytest\n";

#[test]
fn makefile_without_c_is_not_a_c_project() {
    for other in ["Gemfile", "mix.exs", "DESCRIPTION", "README"] {
        let error = refusal(&[("Makefile", MAKEFILE), (other, "")], &[]);
        let is_answered = ["no language is given", "init does not set up"];
        assert!(is_answered.iter().any(|it| error.contains(it)), "{error}");
    }
    let c = "app: main.o\n\t$(CC) -o app main.o\n";
    let run = init(&project(&[("Makefile", c)]), &["--dry-run"]);
    assert_eq!(run.exit, Some(0), "{run}");
    let sources = project(&[("Makefile", MAKEFILE), ("main.c", "")]);
    let run = init(&sources, &["--dry-run"]);
    assert_eq!(run.exit, Some(0), "{run}");
}

#[test]
fn project_of_another_tool_is_not_joined() {
    let setup = [("setup.py", "from setuptools import setup\nsetup()\n")];
    assert_snapshot!(refusal(&setup, &[]), @r#"
    error[usage]: could not start a project in Python
      setup.py exists: setuptools builds this project, and init does not edit its files
      next: add "taos-ws-py>=0.7.0", to install_requires in setup.py
    "#);
    assert_eq!(refusal(&setup, &["--lang", "python"]), refusal(&setup, &[]));
    let tools_only = [
        setup[0],
        ("pyproject.toml", "[tool.black]\nline-length = 100\n"),
    ];
    assert_eq!(
        refusal(&tools_only, &["--lang", "python"]),
        refusal(&setup, &[])
    );
    for (file, advice) in [
        (
            "setup.cfg",
            "add taos-ws-py>=0.7.0 to install_requires in setup.cfg",
        ),
        ("Pipfile", "pipenv install taos-ws-py==0.7.0"),
        (
            "environment.yml",
            "add - taos-ws-py==0.7.0 to the list `pip:`",
        ),
        (
            "settings.gradle",
            "add implementation 'com.taosdata.jdbc:taos-jdbcdriver:3.7.9' to the dependencies of the subproject",
        ),
        (
            "build.sbt",
            "add libraryDependencies += \"com.taosdata.jdbc\" % \"taos-jdbcdriver\" % \"3.7.9\" to build.sbt",
        ),
    ] {
        let error = refusal(&[(file, "")], &[]);
        assert!(error.contains(advice), "{error}");
    }
    // A project of another language is not joined, either.
    let error = refusal(&setup, &["--lang", "go"]);
    assert!(error.contains("setuptools builds this project"), "{error}");
}

#[test]
fn workspace_root_is_answered_with_its_members() {
    let pnpm = [
        ("package.json", "{\"name\": \"root\", \"private\": true}\n"),
        ("pnpm-workspace.yaml", "packages:\n  - \"packages/*\"\n"),
    ];
    assert_snapshot!(refusal(&pnpm, &[]), @"
    error[usage]: could not add @tdengine/websocket 3.2.1 to pnpm-workspace.yaml
      this is the root of a workspace
      next: taos-setup init --dir DIR    # a directory that matches packages/*
    ");
    let go = [
        ("go.work", "go 1.22\n\nuse ./a\n"),
        ("a/go.mod", "module example.com/a\n\ngo 1.22\n"),
    ];
    assert_snapshot!(refusal(&go, &["--lang", "go"]), @"
    error[usage]: could not add github.com/taosdata/driver-go/v3 v3.8.2 to go.work
      this is the root of a workspace
      next: taos-setup init --dir a
    ");
}

#[test]
fn connector_is_not_added_to_itself() {
    let rust = "[package]\nname = \"taos\"\nversion = \"0.12.3\"\n";
    assert_snapshot!(refusal(&[("Cargo.toml", rust)], &[]), @"
    error[usage]: could not add taos 0.12.3 to Cargo.toml
      this project is the connector itself
      next: choose another project with --dir
    ");
    let python = "[project]\nname = \"taos_ws_py\"\nversion = \"0.7.0\"\ndependencies = []\n";
    let error = refusal(&[("pyproject.toml", python)], &[]);
    assert!(error.contains("the connector itself"), "{error}");
}

#[test]
fn named_manifest_is_honored() {
    for (language, manifest) in [
        ("python", "pyproject.toml"),
        ("c", "Makefile"),
        ("java", "build.gradle.kts"),
        ("java", "build.gradle"),
    ] {
        let context = project(&[]);
        let arguments = ["--lang", language, "--manifest", manifest];
        let run = init(&context, &arguments);
        assert_eq!(run.exit, Some(0), "{run}");
        assert!(
            run.stdout.contains(&format!("created   {manifest}\n")),
            "{run}"
        );
        let again = init(&context, &arguments);
        assert!(!again.stdout.contains("created"), "{again}");
    }
    let both = [(
        "pyproject.toml",
        "[project]\nname = \"a\"\ndependencies = []\n",
    )];
    let error = refusal(
        &both,
        &["--lang", "python", "--manifest", "requirements.txt"],
    );
    assert!(
        error.contains("pyproject.toml lists the dependencies"),
        "{error}"
    );
    for manifest in [
        "requirements/base.txt",
        "requirements-prod.txt",
        "requirements/dev.in",
    ] {
        let context = project(&[(manifest, "requests\n")]);
        let run = init(&context, &["--lang", "python", "--manifest", manifest]);
        assert_eq!(run.exit, Some(0), "{run}");
        assert!(
            run.stdout.contains(&format!("pip install -r {manifest}\n")),
            "{run}"
        );
        let text = fs::read_to_string(context.work().join(manifest)).unwrap();
        assert_eq!(text, "requests\ntaos-ws-py==0.7.0\n");
    }
}

#[test]
fn only_the_manifest_changes_without_example() {
    let context = project(&[
        ("requirements.txt", "requests\n"),
        ("taos_example.py", "mine\n"),
    ]);
    let run = init(&context, &[]);
    assert_eq!(run.exit, Some(0), "{run}");
    assert_eq!(
        tree(&context.work()),
        "=== requirements.txt\nrequests\ntaos-ws-py==0.7.0\n=== taos_example.py\nmine\n"
    );
    // A file of the example's name matters only if the example is asked for.
    assert_eq!(init(&context, &["--check"]).exit, Some(0));
    assert_eq!(init(&context, &["--example", "basic"]).exit, Some(7));
    fs::remove_file(context.work().join("taos_example.py")).unwrap();
    assert_eq!(init(&context, &["--example", "basic"]).exit, Some(0));
    fs::remove_file(context.work().join("taos_example.py")).unwrap();
    assert_eq!(init(&context, &["--check"]).exit, Some(0));
}

#[test]
fn unedited_example_is_rewritten_on_upgrade() {
    let made = |server: &str| {
        let context = TestContext::new();
        let run = init(
            &context,
            &["--lang", "go", "--name", "a", "--server", server],
        );
        assert_eq!(run.exit, Some(0), "{run}");
        context
    };
    let program =
        |context: &TestContext| fs::read_to_string(context.work().join("main.go")).unwrap();
    let (old, new) = (made("3.2.2.2"), made("3.3.7.5"));
    assert_ne!(program(&old), program(&new));
    let upgrade = ["--server", "3.3.7.5", "--upgrade", "--name", "a"];
    let run = init(&old, &upgrade);
    assert_eq!(run.exit, Some(0), "{run}");
    assert_eq!(program(&old), program(&new));
    // An edited one stays.
    let edited = made("3.2.2.2");
    let text = program(&edited) + "\n// mine\n";
    fs::write(edited.work().join("main.go"), &text).unwrap();
    assert_eq!(init(&edited, &upgrade).exit, Some(0));
    assert_eq!(program(&edited), text);
}

#[test]
fn example_is_outside_of_the_products_build() {
    let pom = "<project>\n  <artifactId>a</artifactId>\n  <dependencies>\n  </dependencies>\n</project>\n";
    let context = project(&[("pom.xml", pom), ("src/main/java/A.java", "class A {}\n")]);
    let run = init(&context, &["--example", "basic"]);
    assert_snapshot!(run.stdout, @r#"
    edited    pom.xml
    created   taos-example/TaosExample.java

    Build it and run it:
      mvn -q org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy -Dartifact=com.taosdata.jdbc:taos-jdbcdriver:3.7.9:jar:dist -DoutputDirectory=target/taos-example
      java -cp "target/taos-example/*" taos-example/TaosExample.java
    "#);
    let go = project(&[("go.mod", "module a\n\ngo 1.21\n")]);
    assert_snapshot!(init(&go, &["--example", "basic"]).stdout, @"
    edited    go.mod
    created   _taos-example/main.go

    Build it and run it:
      go get github.com/taosdata/driver-go/v3/taosWS@v3.8.2
      go build -o bin/taos-example ./_taos-example
      ./bin/taos-example
    ");
}

#[test]
fn module_is_built_from_the_root_of_its_reactor() {
    let root = "<project>\n  <artifactId>shop</artifactId>\n  <packaging>pom</packaging>\n  <modules>\n    <module>core</module>\n    <module>app</module>\n  </modules>\n</project>\n";
    let module = "<project>\n  <parent>\n    <artifactId>shop</artifactId>\n  </parent>\n  <artifactId>app</artifactId>\n</project>\n";
    let context = project(&[("pom.xml", root), ("app/pom.xml", module)]);
    let run = init(&context, &["--dir", "app"]);
    assert!(
        run.stdout
            .contains("\n  mvn -q -f ../pom.xml -pl app -am compile\n"),
        "{run}"
    );
}

#[test]
fn virtual_environment_is_made_unless_one_is_active() {
    let context = project(&[("requirements.txt", "")]);
    let printed = |name: &str| {
        let run = context
            .program(["init", "--dry-run", "--json"])
            .env(name, "/x")
            .run();
        run.json()["data"]["projects"][0]["build"].to_string()
    };
    assert_snapshot!(printed("UNRELATED"), @r#"["python3 -m venv .venv",".venv/bin/python -m pip install -r requirements.txt"]"#);
    assert_snapshot!(printed("VIRTUAL_ENV"), @r#"["python3 -m pip install -r requirements.txt"]"#);
    assert_eq!(printed("CONDA_PREFIX"), printed("VIRTUAL_ENV"));
    fs::create_dir(context.work().join(".venv")).unwrap();
    assert_snapshot!(printed("UNRELATED"), @r#"[".venv/bin/python -m pip install -r requirements.txt"]"#);
}

#[test]
fn go_lines_of_others_stay() {
    let indirect =
        "module a\n\ngo 1.21\n\nrequire github.com/taosdata/driver-go/v2 v2.0.4 // indirect\n";
    let context = project(&[("go.mod", indirect)]);
    let run = init(&context, &["--upgrade"]);
    assert_eq!(run.exit, Some(0), "{run}");
    assert!(
        run.stderr
            .contains("go mod why -m github.com/taosdata/driver-go/v2"),
        "{run}"
    );
    let text = fs::read_to_string(context.work().join("go.mod")).unwrap();
    assert!(text.contains("driver-go/v2 v2.0.4 // indirect\n"), "{text}");
    assert_eq!(init(&context, &["--upgrade", "--check"]).exit, Some(0));

    let replaced = "module a\n\ngo 1.21\n\nrequire github.com/taosdata/driver-go/v3 v3.7.0\n\nreplace github.com/taosdata/driver-go/v3 v3.7.0 => example.com/fork v1.0.0\n";
    let context = project(&[("go.mod", replaced)]);
    let run = init(&context, &["--upgrade", "--server", "3.3.7.5"]);
    assert_snapshot!(run, @"
    exit 7
    --- stdout
    --- stderr
    error[version-conflict]: could not add github.com/taosdata/driver-go/v3 v3.8.2 to go.mod
      go.mod:7: github.com/taosdata/driver-go/v3 v3.7.0 is replaced here, and the replacement would not apply to v3.8.2
      next: change or remove that line, then run the command again, which writes v3.8.2
    ");
    assert_eq!(init(&context, &["--server", "3.3.7.5"]).exit, Some(0));
}

#[test]
fn features_that_forward_count() {
    let cargo = "[package]\nname = \"a\"\nversion = \"0.1.0\"\n\n[features]\ndefault = [\"ws\"]\nws = [\"taos/ws\"]\n\n[dependencies]\ntaos = { version = \"0.12.3\", default-features = false }\ntokio = { version = \">=1.40, <1.54\", features = [\"full\"] }\n";
    let context = project(&[("Cargo.toml", cargo)]);
    let run = init(&context, &[]);
    assert_eq!(run.exit, Some(0), "{run}");
    let text = fs::read_to_string(context.work().join("Cargo.toml")).unwrap();
    assert_eq!(text, cargo);
}
