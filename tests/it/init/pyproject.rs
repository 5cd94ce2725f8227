//! `init` in a folder with a `pyproject.toml`. Awkward ones stand in `tests/manifests/pyproject_toml`.

use std::fs;

use crate::support::program::TestContext;
use insta::assert_snapshot;

const SMALL: &str =
    "[project]\nname = \"app\"\nversion = \"0.1.0\"\ndependencies = [\n    \"requests\",\n]\n";

fn write(context: &TestContext, files: &[(&str, &str)]) {
    for (path, text) in files {
        let path = context.work().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

/// What `init --lang python` with `arguments` says in a folder with `files`, and the manifests that it leaves.
fn said(files: &[(&str, &str)], arguments: &[&str]) -> String {
    let context = TestContext::new();
    write(&context, files);
    let mut all = vec!["init", "--lang", "python"];
    all.extend(arguments);
    let mut said = context.program(&all).run().to_string();
    for file in ["pyproject.toml", "requirements.txt"] {
        if let Ok(text) = fs::read_to_string(context.work().join(file)) {
            said += &format!("=== {file}\n{text}");
        }
    }
    if said.starts_with("exit 0") {
        let again = context.program(&all).run();
        assert!(again.stdout.starts_with("unchanged"), "{again}");
    }
    said
}

#[test]
fn websocket_package_is_added() {
    assert_snapshot!(said(&[("pyproject.toml", SMALL)], &[]), @r#"
    exit 0
    --- stdout
    edited    pyproject.toml

    Build it:
      python3 -m venv .venv
      .venv/bin/python -m pip install -e .
    --- stderr
    note: no server given; taos-ws-py 0.7.0 works with servers from 3.2.2.2 on
    note: taos-ws-py has no musl wheel and no source package, so pip cannot install it on Alpine
    === pyproject.toml
    [project]
    name = "app"
    version = "0.1.0"
    dependencies = [
        "requests",
        "taos-ws-py==0.7.0",
    ]
    "#);
}

#[test]
fn lock_file_of_uv_is_refreshed() {
    let files = [("pyproject.toml", SMALL), ("uv.lock", "version = 1\n")];
    assert_snapshot!(said(&files, &["--transport", "rest"]), @r#"
    exit 0
    --- stdout
    edited    pyproject.toml

    Build it:
      uv sync
    --- stderr
    note: uv.lock no longer matches; refresh it: uv lock
    note: REST is the slowest transport and has no subscriptions and no binary types; --transport ws has both
    note: the vendor ends REST connections of Python on 2027-01-01; taos-setup migrate changes programs to WebSocket
    note: no server given; taospy 2.8.10 works with servers from 3.0.0.0 on
    === pyproject.toml
    [project]
    name = "app"
    version = "0.1.0"
    dependencies = [
        "requests",
        "taospy==2.8.10",
    ]
    "#);
}

/// The lock file of a workspace stands beside its root. It holds the connector for another member already.
#[test]
fn locked_by_uv_for_a_workspace() {
    let root = "[tool.uv.workspace]\nmembers = [\"packages/*\"]\nexclude = [\"packages/old\"]\n";
    let lock = "version = 1\n\n[[package]]\nname = \"taos-ws-py\"\nversion = \"0.7.0\"\n";
    let context = TestContext::new();
    write(
        &context,
        &[
            ("pyproject.toml", root),
            ("uv.lock", lock),
            ("packages/core/pyproject.toml", SMALL),
            ("packages/old/pyproject.toml", SMALL),
        ],
    );
    let init = |folder: &str, more: &[&str]| {
        let mut all = vec!["init", "--dir", folder];
        all.extend(more);
        context.program(all).run()
    };
    let checked = init("packages/core", &["--check"]);
    assert_eq!(checked.exit, Some(7));
    assert_snapshot!(init("packages/core", &[]), @"
    exit 0
    --- stdout
    edited    pyproject.toml

    Build it:
      cd packages/core
      uv sync
    --- stderr
    note: ../../uv.lock no longer matches; refresh it: uv lock
    note: no server given; taos-ws-py 0.7.0 works with servers from 3.2.2.2 on
    note: taos-ws-py has no musl wheel and no source package, so pip cannot install it on Alpine
    ");
    let members = lock.to_owned()
        + "\n[[package]]\nname = \"app\"\nversion = \"0.1.0\"\nsource = { virtual = \"packages/core\" }\n";
    fs::write(context.work().join("uv.lock"), &members).unwrap();
    assert_eq!(init("packages/core", &["--check"]).exit, Some(7));
    let refreshed = members + "dependencies = [{ name = \"taos-ws-py\" }]\n";
    fs::write(context.work().join("uv.lock"), refreshed).unwrap();
    assert_eq!(init("packages/core", &["--check"]).exit, Some(0));
    let alone = init("packages/old", &[]).to_string();
    assert!(
        alone.contains("  .venv/bin/python -m pip install -e .\n") && !alone.contains("uv.lock"),
        "{alone}"
    );
    fs::write(context.work().join("uv.lock"), "version = 1\n").unwrap();
    assert_eq!(init("packages/core", &["--check"]).exit, Some(7));
    assert_eq!(init("packages/old", &["--check"]).exit, Some(0));
}

#[test]
fn lock_file_of_poetry_is_refreshed() {
    let poetry = "[tool.poetry.dependencies]\npython = \"^3.9\"\n";
    let files = [("pyproject.toml", poetry), ("poetry.lock", "")];
    assert_snapshot!(said(&files, &[]), @r#"
    exit 0
    --- stdout
    edited    pyproject.toml

    Build it:
      poetry lock && poetry install
    --- stderr
    note: poetry.lock no longer matches; refresh it: poetry lock
    note: no server given; taos-ws-py 0.7.0 works with servers from 3.2.2.2 on
    note: taos-ws-py has no musl wheel and no source package, so pip cannot install it on Alpine
    === pyproject.toml
    [tool.poetry.dependencies]
    python = "^3.9"
    taos-ws-py = "0.7.0"
    "#);
}

/// taospy refuses Python 4.
#[test]
fn poetry_locks_for_every_python() {
    let notes = |python: &str, more: &str| -> Vec<String> {
        let text = format!("[project]\nname = \"app\"\nrequires-python = \"{python}\"\n{more}");
        let said = said(&[("pyproject.toml", &text)], &["--transport", "rest"]);
        let notes = said.lines().filter(|line| line.contains("Python 4"));
        notes.map(str::to_owned).collect()
    };
    let built = "\n[build-system]\nbuild-backend = \"poetry.core.masonry.api\"\n";
    assert_eq!(
        notes(">=3.11", built),
        [
            "note: pyproject.toml:3 admits Python 4.0, which taospy rejects, and Poetry locks for all admitted versions: add <4.0 there"
        ]
    );
    assert!(notes(">=3.11,<4.0", built).is_empty());
    assert!(notes(">=3.11", "").is_empty(), "only Poetry minds");
    let table = "\n[tool.poetry.dependencies]\npython = \">=3.11,<4.0\"\n";
    assert!(notes(">=3.11", table).is_empty());
}

#[test]
fn both_manifests_are_listed() {
    let files = [
        ("pyproject.toml", SMALL),
        ("requirements.txt", "requests\n"),
    ];
    assert_snapshot!(said(&files, &[]), @r#"
    exit 2
    --- stdout
    --- stderr
    error[usage]: could not set up the Python project
      several files list its dependencies: requirements.txt, pyproject.toml
      next: taos-setup init --lang python --manifest requirements.txt
      next: taos-setup init --lang python --manifest pyproject.toml
    === pyproject.toml
    [project]
    name = "app"
    version = "0.1.0"
    dependencies = [
        "requests",
    ]
    === requirements.txt
    requests
    "#);
    assert_snapshot!(said(&files, &["--manifest", "requirements.txt"]), @r#"
    exit 0
    --- stdout
    edited    requirements.txt

    Build it:
      python3 -m venv .venv
      .venv/bin/python -m pip install -r requirements.txt
    --- stderr
    note: no server given; taos-ws-py 0.7.0 works with servers from 3.2.2.2 on
    note: taos-ws-py has no musl wheel and no source package, so pip cannot install it on Alpine
    === pyproject.toml
    [project]
    name = "app"
    version = "0.1.0"
    dependencies = [
        "requests",
    ]
    === requirements.txt
    requests
    taos-ws-py==0.7.0
    "#);
    assert_snapshot!(said(&files, &["--manifest", "setup.py"]), @r#"
    exit 2
    --- stdout
    --- stderr
    error[usage]: could not set up the Python project
      setup.py is not a manifest of Python that init supports
      next: taos-setup init --lang python --manifest requirements.txt
      next: taos-setup init --lang python --manifest pyproject.toml
    === pyproject.toml
    [project]
    name = "app"
    version = "0.1.0"
    dependencies = [
        "requests",
    ]
    === requirements.txt
    requests
    "#);
}

/// The other file holds settings of tools, or leaves the dependencies to the build backend.
#[test]
fn manifest_with_dependencies_is_chosen() {
    for pyproject in [
        "[tool.ruff]\n",
        "[project]\nname = \"a\"\ndynamic = [\"dependencies\"]\n",
    ] {
        let files = [
            ("pyproject.toml", pyproject),
            ("requirements.txt", "requests\n"),
        ];
        let said = said(&files, &[]);
        assert!(said.contains("edited    requirements.txt\n"), "{said}");
    }
}
