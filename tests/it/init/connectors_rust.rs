//! Rust projects, built with the real connector and run against the sandbox. See `init_connectors`. The connector and what it
//! brings along are some 200 crates: they are built once, and what was built is kept for the next run of the tests.

use std::path::Path;

use crate::init::connectors::{Project, check_over, output, sandbox, skip_none, succeeds};
use crate::init::connectors_tokens::refuses_tokens;
use crate::support::program::TestContext;
use insta::assert_snapshot;
use taos_sandbox::server::Sandbox;

/// Where Cargo keeps what it compiled. The programs themselves stand in each project's own `target`: two tests that run at once may
/// both have a program `hello`, of different sources.
const BUILD: &str = concat!(env!("CARGO_TARGET_TMPDIR"), "/rust-connector");

/// A context whose projects share compiled crates; `None`, and a line that says so, where the connector cannot be downloaded.
pub fn rust(test: &str) -> Option<TestContext> {
    let context = TestContext::new();
    let cargo = context.work().join(".cargo");
    std::fs::create_dir(&cargo).unwrap();
    let config = format!(
        "[build]\nbuild-dir = {BUILD:?}\n[profile.dev]\ndebug = false\nincremental = false\n"
    );
    std::fs::write(cargo.join("config.toml"), config).unwrap();
    let package = context.work().join("package");
    context
        .program([
            "init",
            "--lang",
            "rust",
            "--example",
            "basic",
            "--dir",
            "package",
        ])
        .run();
    if !output(&package, "cargo fetch", &[]).status.success() {
        return skip_none(test, "the crate taos cannot be downloaded").map(|()| context);
    }
    Some(context)
}

/// Clippy in the compiler's place, as `cargo clippy` runs it, but on what is built: the crates that the connector brings along are
/// not checked once more.
#[track_caller]
pub fn rust_is_clean(folder: &Path, targets: &str) {
    succeeds(folder, "cargo fmt --check");
    let build = format!("cargo build -q {targets}");
    let clippy = [("RUSTC_WORKSPACE_WRAPPER", "clippy-driver")];
    let linted = output(folder, &build, &clippy);
    assert_eq!(String::from_utf8_lossy(&linted.stderr), "", "{build}");
    assert!(linted.status.success(), "{build}");
}

#[test]
fn rust_over_websocket() {
    let Some(context) = rust("rust_over_websocket") else {
        return;
    };
    let project = Project::build(
        &context,
        &context.work().join("hello"),
        &["--lang", "rust", "--example", "stmt,tmq,schemaless,pool"],
    );
    rust_is_clean(&project.folder, "--all-targets");
    let ipv6 = project.run(sandbox().adapter(), &[("TAOS_HOST", "::1")]);
    assert_snapshot!(ipv6, @"
    exit 1
    stderr: error: this release of taos takes no IPv6 address: give TAOS_HOST a name
    ");
    refuses_tokens(&project, Sandbox::adapter);
    assert_snapshot!(check_over(&project, false), @"
    exit 0
    server version: 3.3.7.5
    rows written: 2
    [instant]  21.5  Zürich
    [instant]  -3.25  北京
    rows read: 2
    --- wrong password
    exit 1
    stderr: error: [0x0357] Internal error: `Authentication failure`
    --- may not create databases
    exit 1
    server version: 3.3.7.5
    stderr: error: [0x0303] Internal error: `Insufficient privilege for operation`
    --- closed port
    exit 1
    stderr: error: [0xE001] Internal error: `WebSocket internal[ws-tool] error: connection failed `failed to create tcp connection Connection refused (os error [n])``
    --- Cloud, closed port
    exit 1
    stderr: error: [0xE001] Internal error: `WebSocket internal[ws-tool] error: connection failed `failed to create tcp connection Connection refused (os error [n])``
    ");
    assert_snapshot!(project.check_examples(), @"
    --- cargo run -q --example stmt
    exit 0
    rows written: 6
    [instant]  -2.75  北京
    [instant]  -3  北京
    [instant]  -3.25  北京
    [instant]  21.5  Zürich
    [instant]  21.75  Zürich
    [instant]  22  Zürich
    rows read: 6
    --- cargo run -q --example tmq
    exit 0
    rows written: 2
    [instant]  -3.25  北京
    [instant]  21.5  Zürich
    rows received: 2
    --- cargo run -q --example schemaless
    exit 0
    lines written: 2
    [instant]  -3.25  北京
    [instant]  21.5  Zürich
    rows read: 2
    --- cargo run -q --example pool
    exit 0
    rows written: 80
    ");

    // A project that has tokio already, and locked it at a version that does not work.
    let folder = context.work().join("app");
    std::fs::create_dir_all(folder.join("src")).unwrap();
    let manifest = "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2021\"\n\n[dependencies]\ntokio = \"1\"\n";
    std::fs::write(folder.join("Cargo.toml"), manifest).unwrap();
    std::fs::write(folder.join("src/main.rs"), "fn main() {}\n").unwrap();
    succeeds(&folder, "cargo generate-lockfile");
    let before = std::fs::read_to_string(folder.join("Cargo.lock")).unwrap();
    let project = Project::build(&context, &folder, &["--lang", "rust"]);
    let after = std::fs::read_to_string(folder.join("Cargo.lock")).unwrap();
    let tokio = |lock: &str| {
        let (_, rest) = lock.split_once("name = \"tokio\"\nversion = \"1.").unwrap();
        rest.split('.').next().unwrap().parse::<u32>().unwrap()
    };
    assert!(tokio(&before) >= 54 && tokio(&after) == 53, "{before}");
    let run = project.run(sandbox().adapter(), &[]);
    assert!(
        run.starts_with("exit 0\n") && run.contains("rows read: 2\n"),
        "{run}"
    );
}
