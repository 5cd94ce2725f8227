//! Projects: what a lock names, and what a mirror lacks.

use std::fs;

use insta::assert_snapshot;

use super::MirrorScene;
use crate::support::tree::write_files;

#[test]
fn client_of_lock_is_mirrored_with_its_digest() {
    let scene = MirrorScene::new();
    let lock = |digest: &str| {
        let name = scene.package.file_name().unwrap().to_str().unwrap();
        format!(
            "schema = 1\n\npackage = [\n    {{ platform = \"linux-x64\", version = \"3.3.7.5\", edition = \"oss\", file = \"{name}\", sha256 = \"{digest}\", known = \"given\" }},\n]\n"
        )
    };
    let path = scene.context.work().join("taos-setup.lock");
    let words = [
        "mirror",
        "create",
        "m",
        "--from-lock",
        "taos-setup.lock",
        "--mirror",
        "packages",
    ];
    fs::write(&path, lock(&"0".repeat(64))).unwrap();
    let run = scene.program(&words).run();
    assert_eq!(run.exit, Some(4), "{run}");
    assert!(run.stderr.contains("and taos-setup.lock has 0000"), "{run}");
    // A digest that was only seen is not one that `--require-digest` accepts.
    let first_use = lock(&scene.digest).replace("given", "first-use");
    fs::write(&path, first_use).unwrap();
    let run = scene
        .program(&[&words[..], &["--require-digest"]].concat())
        .run();
    assert_eq!(run.exit, Some(4), "{run}");
    assert!(run.stderr.contains("[digest-unknown]"), "{run}");
    fs::write(&path, lock(&scene.digest)).unwrap();
    let run = scene.program(&words).run();
    assert_eq!(run.exit, Some(0), "{run}");
    assert!(
        run.stdout.contains("client  oss 3.3.7.5 linux-x64"),
        "{run}"
    );
    let run = scene
        .program(&["mirror", "create", "m", "--from-lock", "other.lock"])
        .run();
    assert_eq!(run.exit, Some(8), "{run}");
}

#[test]
fn packages_that_mirror_lacks_are_reported() {
    let scene = MirrorScene::mirrored();
    write_files(
        &scene.context.work(),
        &[
            ("go/go.mod", "module app\n"),
            (
                "go/go.sum",
                "example.com/a v1.0.0 h1:x=\nexample.com/a v1.0.0/go.mod h1:y=\n",
            ),
            (
                "py/requirements.txt",
                "taos-ws-py==0.7.0\nown @ git+https://git.example/own\n",
            ),
            ("py/main.py", ""),
            ("js/package.json", "{}"),
            ("rs/Cargo.toml", "[package]\nname = \"app\"\n"),
            (
                "rs/Cargo.lock",
                "[[package]]\nname = \"app\"\nversion = \"0.1.0\"\n[[package]]\nname = \"taos\"\nversion = \"0.12.3\"\nsource = \"registry+https://r.example/index\"\n",
            ),
        ],
    );
    let run = scene
        .program(&["mirror", "check", "m", "--project", "go,py,js,rs"])
        .run();
    assert_snapshot!(run, @"
    exit 7
    --- stdout
      missing  go (go)  example.com/a@v1.0.0 (mod)
      missing  go (go)  example.com/a@v1.0.0 (zip)
      missing  py (python)  taos-ws-py==0.7.0
      missing  rs (rust)  taos 0.12.3
    the mirror m lacks 4 packages, or a project cannot be checked
    --- stderr
    note: py (python): could not check own @ git+https://git.example/own: it does not come from a registry; publish it in one, or copy it into the project
    note: js (node): could not check package-lock.json: taos-setup does not resolve this form of dependencies
    ");
    let run = scene
        .program(&["mirror", "check", "m", "--project", "go", "--json"])
        .run();
    assert_eq!(run.json()["data"]["projects"][0]["packages"], 2);
    let run = scene
        .program(&["mirror", "check", "m", "--project", "packages"])
        .run();
    assert_eq!(run.exit, Some(2), "{run}");
}
