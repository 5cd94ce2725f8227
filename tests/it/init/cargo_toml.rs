//! `init` in a folder with a `Cargo.toml`. Awkward ones stand in `tests/manifests/cargo_toml`.

use std::fs;

use crate::support::program::TestContext;
use crate::support::tree::tree;
use insta::assert_snapshot;

const SMALL: &str = "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2021\"\n\n[dependencies]\nserde = \"1\"\n";

/// The head of what `init` printed and made, without the example, which is that of a new project.
fn existing(files: &[(&str, &str)], folder: &str, arguments: &[&str]) -> String {
    let context = TestContext::new();
    for (path, text) in files {
        let path = context.work().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let mut all = vec![
        "init",
        "--lang",
        "rust",
        "--example",
        "basic",
        "--dir",
        folder,
    ];
    all.extend(arguments);
    let run = context.program(&all).run();
    let example = context.work().join(folder).join("examples/taos_example.rs");
    assert!(fs::read_to_string(&example).unwrap().contains("use taos::"));
    let made = tree(&context.work());
    let again = context.program(&all).run();
    assert!(again.stdout.starts_with("unchanged"), "{again}");
    assert_eq!(tree(&context.work()), made);
    fs::remove_file(example).unwrap();
    format!("{run}{}", tree(&context.work()))
}

#[test]
fn websocket_crate_is_added() {
    assert_snapshot!(existing(&[("Cargo.toml", SMALL)], ".", &[]), @r#"
    exit 0
    --- stdout
    edited    Cargo.toml
    created   examples/taos_example.rs

    Build it and run it:
      cargo build --example taos_example
      cargo run -q --example taos_example
    --- stderr
    note: no server given; taos 0.12.3 works with servers from 3.2.2.2 on
    note: taos 0.12.3 does not accept IPv6 addresses over WebSocket, but accepts host names that resolve to one
    === Cargo.toml
    [package]
    name = "app"
    version = "0.1.0"
    edition = "2021"

    [dependencies]
    serde = "1"
    taos = { version = "0.12.3", default-features = false, features = ["ws-rustls"] }
    tokio = { version = ">=1.40, <1.54", features = ["macros", "rt-multi-thread", "time"] }
    "#);
}

#[test]
fn native_crate_is_added() {
    let arguments = ["--transport", "native"];
    assert_snapshot!(existing(&[("Cargo.toml", SMALL)], ".", &arguments), @r#"
    exit 0
    --- stdout
    edited    Cargo.toml
    created   examples/taos_example.rs

    Build it and run it:
      cargo build --example taos_example
      taos-setup run -- cargo run -q --example taos_example
    --- stderr
    note: no server given; taos 0.12.3 works with servers from 3.2.2.2 on
    === Cargo.toml
    [package]
    name = "app"
    version = "0.1.0"
    edition = "2021"

    [dependencies]
    serde = "1"
    taos = { version = "0.12.3", default-features = false, features = ["optin"] }
    tokio = { version = "1", features = ["macros", "rt-multi-thread"] }
    "#);
}

/// The lock file stands beside the workspace's root, and holds what does not work.
#[test]
fn workspace_member_is_edited() {
    let files = [
        (
            "Cargo.toml",
            "[workspace]\nmembers = [\"crates/app\"]\n\n[workspace.package]\nversion = \"1.0.0\"\n\n[workspace.dependencies]\ntaos = \"0.12\"\n",
        ),
        (
            "Cargo.lock",
            "version = 4\n\n[[package]]\nname = \"tokio\"\nversion = \"1.54.1\"\n",
        ),
        (
            "crates/app/Cargo.toml",
            "[package]\nname = \"app\"\nversion.workspace = true\nedition = \"2021\"\n",
        ),
    ];
    assert_snapshot!(existing(&files, "crates/app", &[]), @r#"
    exit 0
    --- stdout
    edited    Cargo.toml
    created   examples/taos_example.rs

    Build it and run it:
      cd crates/app
      cargo build --example taos_example
      cargo run -q --example taos_example
    --- stderr
    note: ../../Cargo.lock no longer matches; refresh it: cargo update --workspace
    note: no server given; taos 0.12.3 works with servers from 3.2.2.2 on
    note: taos 0.12.3 does not accept IPv6 addresses over WebSocket, but accepts host names that resolve to one
    note: ../../Cargo.lock contains tokio 1.54.1, and taos 0.12.3 panics over WebSocket with tokio 1.54 and later (capacity must be greater than zero); the manifest now asks for >=1.40, <1.54
    === Cargo.lock
    version = 4

    [[package]]
    name = "tokio"
    version = "1.54.1"
    === Cargo.toml
    [workspace]
    members = ["crates/app"]

    [workspace.package]
    version = "1.0.0"

    [workspace.dependencies]
    taos = "0.12"
    === crates/app/Cargo.toml
    [package]
    name = "app"
    version.workspace = true
    edition = "2021"

    [dependencies]
    taos.workspace = true
    tokio = { version = ">=1.40, <1.54", features = ["macros", "rt-multi-thread", "time"] }
    "#);
}
