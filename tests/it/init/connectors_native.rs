//! Projects that take the native connection, built with the real connectors and run with the stand-in driver against the sandbox.
//! C stands in `init_connectors_c`. See `init_connectors`.
#![cfg(target_os = "linux")]

use insta::assert_snapshot;
use taos_sandbox::mirror::Package;
use taos_sandbox::server::{Listen, Options, Sandbox};

use crate::init::connectors::{AWKWARD, EMPTY_SERVER, Project, databases, go, sandbox};
use crate::init::connectors_python::python;
use crate::init::connectors_rust::{rust, rust_is_clean};
use crate::init::connectors_tokens::{TOKEN_SERVER, accepts_tokens, only_line, refuses_tokens};
use crate::support::client_package::{file, install};
use crate::support::program::TestContext;

/// The oldest server that Go's release v3.5.5 connects to over native connections.
const OLD_SERVER: &str = "3.2.3.0";

/// Installs a client for the projects of `context`.
pub fn install_client(context: &TestContext) {
    install_client_version(context, "3.3.7.5");
}

/// [`install_client`] with another version, which becomes the current one.
pub fn install_client_version(context: &TestContext, version: &str) {
    let (path, sha256) = file(context, &Package::new(version));
    let from = path.to_str().unwrap();
    let run = install(context, &["--from", from, "--sha256", &sha256]).run();
    assert_eq!(run.exit, Some(0), "{run}");
}

/// Checks a built project against the sandbox: rows come back, over any password; a wrong password is one failed login and one
/// line; nothing is left behind. Gives what the plain run and the failing runs printed.
#[track_caller]
pub fn check(project: &Project) -> String {
    let sandbox = sandbox();
    let (native, adapter) = (sandbox.native(), sandbox.adapter());
    let plain = project.run(native, &[]);
    let awkward = [("TAOS_USER", "awkward"), ("TAOS_PASSWORD", AWKWARD)];
    assert_eq!(project.run(native, &awkward), plain, "an awkward password");
    assert_eq!(databases(adapter), EMPTY_SERVER);
    assert_eq!(sandbox.logins().refused, 0);

    let wrong = project.run(native, &[("TAOS_PASSWORD", "wrong")]);
    assert_eq!(
        sandbox.logins().refused,
        1,
        "servers lock accounts after three"
    );
    let denied = project.run(native, &[("TAOS_USER", "reader")]);
    assert_eq!(databases(adapter), EMPTY_SERVER);

    let tls = project.run(native, &[("TAOS_TLS", "1")]);
    let line = only_line(&tls);
    assert!(
        line.contains("taos.cfg") && line.ends_with("unset TAOS_TLS"),
        "{line}"
    );

    let closed = Sandbox::start(Options {
        native: Listen::Refused,
        ..Options::default()
    })
    .unwrap();
    let soon = ("TAOS_SANDBOX_DRIVER_DIAL_MS", "50");
    let refused = project.run(closed.native(), &[soon]);
    let cloud = [("TDENGINE_CLOUD_URL", "https://127.0.0.1"), soon];
    let cloud = project.run(closed.native(), &cloud);
    format!(
        "{plain}--- wrong password\n{wrong}--- may not create databases\n{denied}--- closed port\n{refused}--- Cloud\n{cloud}"
    )
}

#[test]
fn python_native() {
    let Some(()) = python("python_native") else {
        return;
    };
    let context = TestContext::new();
    install_client(&context);
    let arguments = [
        "--lang",
        "python",
        "--transport",
        "native",
        "--example",
        "stmt,tmq,schemaless,pool",
    ];
    let project = Project::build(&context, &context.work().join("hello"), &arguments);
    assert_snapshot!(check(&project), @"
    exit 0
    server version: 3.3.7.5
    rows written: 2
    [instant]  21.5  Zürich
    [instant]  -3.25  北京
    rows read: 2
    --- wrong password
    exit 1
    stderr: error: [0x0357]: Authentication failure
    --- may not create databases
    exit 1
    server version: 3.3.7.5
    stderr: error: [0x0303]: Insufficient privilege for operation
    --- closed port
    exit 1
    stderr: error: [0x000b]: Unable to establish connection
    --- Cloud
    exit 1
    stderr: error: TDengine Cloud has no native connection: unset TDENGINE_CLOUD_URL
    ");
    assert_snapshot!(project.check_native_examples(), @"
    --- taos-setup run -- .venv/bin/python stmt_example.py
    exit 0
    rows written: 6
    [instant]  -2.75  北京
    [instant]  -3.0  北京
    [instant]  -3.25  北京
    [instant]  21.5  Zürich
    [instant]  21.75  Zürich
    [instant]  22.0  Zürich
    rows read: 6
    --- taos-setup run -- .venv/bin/python tmq_example.py
    exit 0
    rows written: 2
    [instant]  -3.25  北京
    [instant]  21.5  Zürich
    rows received: 2
    --- taos-setup run -- .venv/bin/python schemaless_example.py
    exit 0
    lines written: 2
    [instant]  -3.25  北京
    [instant]  21.5  Zürich
    rows read: 2
    --- taos-setup run -- .venv/bin/python pool_example.py
    exit 0
    rows written: 80
    ");

    install_client_version(&context, TOKEN_SERVER);
    accepts_tokens(&project, Sandbox::native, &[]);
}

/// The newest release, and one for servers of 3.2, whose statements are the older ones.
#[test]
fn go_native() {
    let Some(()) = go("go_native") else {
        return;
    };
    let context = TestContext::new();
    install_client(&context);
    let arguments = ["--lang", "go", "--transport", "native", "--example"];
    let newest = [&arguments[..], &["stmt,tmq,schemaless,pool"]].concat();
    let project = Project::build(&context, &context.work().join("hello"), &newest);
    assert_eq!(project.succeeds("gofmt -l ."), "");
    project.succeeds("taos-setup run -- go vet ./...");
    refuses_tokens(&project, Sandbox::native);
    assert_snapshot!(check(&project), @"
    exit 0
    server version: 3.3.7.5
    rows written: 2
    [instant]  21.5  Zürich
    [instant]  -3.25  北京
    rows read: 2
    --- wrong password
    exit 1
    stderr: error: ask for the server's version: [0x357] Authentication failure
    --- may not create databases
    exit 1
    server version: 3.3.7.5
    stderr: error: create database taos_example_[n]: [0x303] Insufficient privilege for operation
    --- closed port
    exit 1
    stderr: error: ask for the server's version: [0xb] Unable to establish connection
    --- Cloud
    exit 1
    stderr: error: TDengine Cloud has no native connection: unset TDENGINE_CLOUD_URL
    ");
    assert_snapshot!(project.check_native_examples(), @"
    --- taos-setup run -- ./bin/hello-stmt
    exit 0
    rows written: 6
    [instant]  -2.75  北京
    [instant]  -3  北京
    [instant]  -3.25  北京
    [instant]  21.5  Zürich
    [instant]  21.75  Zürich
    [instant]  22  Zürich
    rows read: 6
    --- taos-setup run -- ./bin/hello-tmq
    exit 0
    rows written: 2
    [instant]  -3.25  北京
    [instant]  21.5  Zürich
    rows received: 2
    --- taos-setup run -- ./bin/hello-schemaless
    exit 0
    lines written: 2
    [instant]  -3.25  北京
    [instant]  21.5  Zürich
    rows read: 2
    --- taos-setup run -- ./bin/hello-pool
    exit 0
    rows written: 80
    ");

    install_client_version(&context, OLD_SERVER);
    let old = [
        &arguments[..],
        &["stmt,schemaless,pool", "--server", OLD_SERVER],
    ]
    .concat();
    let project = Project::build(&context, &context.work().join("old"), &old);
    assert_eq!(project.succeeds("gofmt -l ."), "");
    project.succeeds("taos-setup run -- go vet ./...");
    let sandbox = Sandbox::start(Options {
        version: OLD_SERVER.into(),
        ..Options::default()
    })
    .unwrap();
    assert_snapshot!(project.run(sandbox.native(), &[]), @"
    exit 0
    server version: 3.2.3.0
    rows written: 2
    [instant]  21.5  Zürich
    [instant]  -3.25  北京
    rows read: 2
    ");
    assert_snapshot!(project.check_examples_on(&sandbox, Sandbox::native, &[]), @"
    --- taos-setup run -- ./bin/old-stmt
    exit 0
    rows written: 6
    [instant]  -2.75  北京
    [instant]  -3  北京
    [instant]  -3.25  北京
    [instant]  21.5  Zürich
    [instant]  21.75  Zürich
    [instant]  22  Zürich
    rows read: 6
    --- taos-setup run -- ./bin/old-schemaless
    exit 0
    lines written: 2
    [instant]  -3.25  北京
    [instant]  21.5  Zürich
    rows read: 2
    --- taos-setup run -- ./bin/old-pool
    exit 0
    rows written: 80
    ");
}

/// The client library is loaded at run time.
#[test]
fn rust_native() {
    let Some(context) = rust("rust_native") else {
        return;
    };
    install_client(&context);
    let arguments = [
        "--lang",
        "rust",
        "--transport",
        "native",
        "--example",
        "stmt,tmq,schemaless,pool",
    ];
    let project = Project::build(&context, &context.work().join("hello"), &arguments);
    rust_is_clean(&project.folder, "--all-targets");
    refuses_tokens(&project, Sandbox::native);
    assert_snapshot!(check(&project), @r#"
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
    stderr: error: [0x0303] Error while querying with sql "create database taos_example_[n] vgroups 1 buffer 3 pages 64": Internal error: `Insufficient privilege for operation`
    --- closed port
    exit 1
    stderr: error: [0x000B] Internal error: `Unable to establish connection`
    --- Cloud
    exit 1
    stderr: error: TDengine Cloud has no native connection: unset TDENGINE_CLOUD_URL
    "#);
    assert_snapshot!(project.check_native_examples(), @"
    --- taos-setup run -- cargo run -q --example stmt
    exit 0
    rows written: 6
    [instant]  -2.75  北京
    [instant]  -3  北京
    [instant]  -3.25  北京
    [instant]  21.5  Zürich
    [instant]  21.75  Zürich
    [instant]  22  Zürich
    rows read: 6
    --- taos-setup run -- cargo run -q --example tmq
    exit 0
    rows written: 2
    [instant]  -3.25  北京
    [instant]  21.5  Zürich
    rows received: 2
    --- taos-setup run -- cargo run -q --example schemaless
    exit 0
    lines written: 2
    [instant]  -3.25  北京
    [instant]  21.5  Zürich
    rows read: 2
    --- taos-setup run -- cargo run -q --example pool
    exit 0
    rows written: 80
    ");
}
