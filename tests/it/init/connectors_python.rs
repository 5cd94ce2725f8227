//! Python projects, built with the real connectors and run against the sandbox. See `connectors`.

use std::path::Path;
use std::process::Command;
use std::sync::OnceLock;

use insta::assert_snapshot;
use taos_sandbox::server::Sandbox;

use crate::init::connectors::{Project, Toolchain, check, check_over_tls, succeeds, toolchain};
use crate::init::connectors_tokens::{accepts_tokens, refuses_tokens};
use crate::support::program::TestContext;

/// `None`, and a line that says so, where Python or its registry is missing.
pub fn python(test: &str) -> Option<()> {
    static KNOWN: Toolchain = Toolchain::new();
    let commands = [format!(
        "{} && v/bin/python -m pip download -q --no-deps -d d taos-ws-py==0.7.0 taospy==2.8.10",
        copy_of_python("v")
    )];
    toolchain(
        test,
        &KNOWN,
        (&["python3"], "--version"),
        "taos-ws-py or taospy",
        &commands,
    )
}

/// The shell command that makes the folder `name` a virtual environment with pip. Python takes seconds to make one, so it makes one in
/// a run of the tests, and this copies it; where Python cannot make one, the command fails as Python does.
pub fn copy_of_python(name: &str) -> String {
    static MADE: OnceLock<bool> = OnceLock::new();
    let made = concat!(env!("CARGO_TARGET_TMPDIR"), "/python-environment");
    let is_made = MADE.get_or_init(|| {
        let _ = std::fs::remove_dir_all(made);
        let mut command = Command::new("python3");
        command.args(["-m", "venv", made]);
        command.output().is_ok_and(|output| output.status.success())
    });
    match is_made {
        true => format!("cp -a '{made}' {name}"),
        false => format!("python3 -m venv {name}"),
    }
}

/// Its syntax is that of the oldest Python that the connectors run on.
#[track_caller]
fn python_is_clean(folder: &Path) {
    succeeds(folder, "python3 -m py_compile main.py");
    let oldest =
        "import ast; ast.parse(open('main.py', encoding='utf-8').read(), feature_version=(3, 7))";
    succeeds(folder, &format!("python3 -c \"{oldest}\""));
}

#[test]
fn python_over_websocket() {
    let Some(()) = python("python_over_websocket") else {
        return;
    };
    let context = TestContext::new();
    let project = Project::build(
        &context,
        &context.work().join("hello"),
        &["--lang", "python", "--example", "stmt,tmq,schemaless,pool"],
    );
    python_is_clean(&project.folder);
    check_over_tls(&project, "TAOS_CA_FILE");
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
    stderr: error: [0x0357] Internal error: `Authentication failure`
    --- may not create databases
    exit 1
    server version: 3.3.7.5
    stderr: error: [0x0303] Internal error: `Insufficient privilege for operation`
    --- closed port
    exit 1
    stderr: error: [0xE001] Internal error: `WebSocket internal error: IO error: Connection refused (os error [n])`
    --- Cloud, closed port
    exit 1
    stderr: error: [0xE001] Internal error: `WebSocket internal error: IO error: Connection refused (os error [n])`
    ");
    assert_snapshot!(project.check_examples(), @"
    --- .venv/bin/python stmt_example.py
    exit 0
    rows written: 6
    [instant]  -2.75  北京
    [instant]  -3.0  北京
    [instant]  -3.25  北京
    [instant]  21.5  Zürich
    [instant]  21.75  Zürich
    [instant]  22.0  Zürich
    rows read: 6
    --- .venv/bin/python tmq_example.py
    exit 0
    rows written: 2
    [instant]  -3.25  北京
    [instant]  21.5  Zürich
    rows received: 2
    --- .venv/bin/python schemaless_example.py
    exit 0
    lines written: 2
    [instant]  -3.25  北京
    [instant]  21.5  Zürich
    rows read: 2
    --- .venv/bin/python pool_example.py
    exit 0
    rows written: 80
    ");
}

#[test]
fn python_over_rest() {
    let Some(()) = python("python_over_rest") else {
        return;
    };
    let context = TestContext::new();
    let arguments = [
        "--lang",
        "python",
        "--transport",
        "rest",
        "--example",
        "pool",
    ];
    let project = Project::build(&context, &context.work().join("hello"), &arguments);
    python_is_clean(&project.folder);
    check_over_tls(&project, "TAOS_CA_FILE");
    refuses_tokens(&project, Sandbox::adapter);
    assert_snapshot!(check(&project), @r#"
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
    stderr: error: HTTPConnectionPool(host='127.0.0.1', port=[port]): Max retries exceeded with url: /rest/sql (Caused by NewConnectionError("HTTPConnection(host='127.0.0.1', port=[port]): Failed to establish a new connection: [Errno [n]] Connection refused"))
    --- Cloud, closed port
    exit 1
    stderr: error: HTTPSConnectionPool(host='127.0.0.1', port=[port]): Max retries exceeded with url: /rest/sql?token=*** (Caused by NewConnectionError("HTTPSConnection(host='127.0.0.1', port=[port]): Failed to establish a new connection: [Errno [n]] Connection refused"))
    "#);
    assert_snapshot!(project.check_examples(), @"
    --- .venv/bin/python pool_example.py
    exit 0
    rows written: 80
    ");
}
