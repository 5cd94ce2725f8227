//! Node.js projects, built with the real connector and run against the sandbox. See `init_connectors`.

use std::process::Command;

use crate::init::connectors::{
    AWKWARD, EMPTY_SERVER, Project, check, check_over_tls, databases, not_in_the_registry, output,
    sandbox, skip_none, succeeds,
};
use crate::init::connectors_tokens::accepts_tokens;
use crate::support::program::TestContext;
use insta::assert_snapshot;
use taos_sandbox::server::Sandbox;

/// `None`, and a line that says so, where Node.js or the package is missing; an empty package is not asked for.
fn node(test: &str, package: &str) -> Option<()> {
    for program in ["node", "npm"] {
        if Command::new(program).arg("--version").output().is_err() {
            return skip_none(test, &format!("there is no {program}"));
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let command = format!("npm view {package} version");
    if package.is_empty() {
        return Some(());
    }
    let asked = output(folder.path(), &command, &[]);
    if String::from_utf8_lossy(&asked.stderr).contains("E404") {
        not_in_the_registry(test, package);
        return None;
    }
    if !asked.status.success() {
        return skip_none(test, &format!("{package} cannot be downloaded"));
    }
    Some(())
}

#[test]
fn node_over_rest() {
    let Some(()) = node("node_over_rest", "") else {
        return;
    };
    let context = TestContext::new();
    let arguments = ["--lang", "node", "--transport", "rest"];
    let project = Project::build(&context, &context.work().join("hello"), &arguments);
    succeeds(&project.folder, "node --check main.js");
    // TAOS_CA_FILE needs Node.js 22.19, and older ones are told to use this.
    check_over_tls(&project, "NODE_EXTRA_CA_CERTS");
    accepts_tokens(&project, Sandbox::adapter, &[]);
    assert_snapshot!(check(&project), @"
    exit 0
    server version: 3.3.7.5
    rows written: 2
    [instant]  21.5  Zürich
    [instant]  -3.25  北京
    rows read: 2
    --- wrong password
    exit 1
    stderr: error: [0x357] Authentication failure
    --- may not create databases
    exit 1
    server version: 3.3.7.5
    stderr: error: [0x303] Insufficient privilege for operation
    --- closed port
    exit 1
    stderr: error: connect ECONNREFUSED 127.0.0.1:[port]
    --- Cloud, closed port
    exit 1
    stderr: error: connect ECONNREFUSED 127.0.0.1:[port]
    ");
}

#[test]
fn node_over_websocket() {
    let Some(()) = node("node_over_websocket", "@tdengine/websocket@3.1.0") else {
        return;
    };
    let context = TestContext::new();
    let project = Project::build(&context, &context.work().join("hello"), &["--lang", "node"]);
    succeeds(&project.folder, "node --check main.js");
    let sandbox = sandbox();
    let adapter = sandbox.adapter();
    let plain = project.run(adapter, &[]);
    assert_eq!(sandbox.logins().refused, 0);
    let awkward = [("TAOS_USER", "awkward"), ("TAOS_PASSWORD", AWKWARD)];
    let awkward = project.run(adapter, &awkward);
    let wrong = project.run(adapter, &[("TAOS_PASSWORD", "wrong")]);
    assert_eq!(
        sandbox.logins().refused,
        1,
        "servers lock accounts after three"
    );
    assert_eq!(databases(adapter), EMPTY_SERVER);
    let runs = format!("{plain}--- an awkward password\n{awkward}--- wrong password\n{wrong}");
    assert_snapshot!(runs, @"
    exit 0
    server version: 3.3.7.5
    rows written: 2
    [instant]  21.5  Zürich
    [instant]  -3.25  北京
    rows read: 2
    --- an awkward password
    exit 1
    stderr: error: TAOS_PASSWORD holds a character that this release of @tdengine/websocket cannot send
    --- wrong password
    exit 1
    stderr: error: connection creation failed, url: ws://root:***@127.0.0.1:[port]/ws
    ");
    // The connector's log stays empty: the address in it would hold the password.
    assert_eq!(succeeds(&project.folder, "cat logs/*"), "");
}

/// Both kinds of projects run the example, which is an ES module in either.
#[test]
fn node_in_existing_projects() {
    let Some(()) = node("node_in_existing_projects", "") else {
        return;
    };
    for kind in ["commonjs", "module"] {
        let context = TestContext::new();
        let folder = context.work();
        let package = format!("{{\n  \"name\": \"app\",\n  \"type\": \"{kind}\"\n}}\n");
        std::fs::write(folder.join("package.json"), package).unwrap();
        let project = Project::build(
            &context,
            &folder,
            &["--lang", "node", "--transport", "rest"],
        );
        succeeds(&folder, "node --check taos-example.mjs");
        let run = project.run(sandbox().adapter(), &[]);
        assert!(
            run.starts_with("exit 0\n") && run.contains("rows read: 2\n"),
            "{run}"
        );
    }
}
