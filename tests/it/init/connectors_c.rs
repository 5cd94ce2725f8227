//! C projects, built with CMake and make against the stand-in driver and run natively against the sandbox. Its WebSocket mode
//! is not played by the stand-in: that program is compiled, and tells so in one line. See `init_connectors`.
#![cfg(target_os = "linux")]

use std::process::Command;

use insta::assert_snapshot;

use taos_sandbox::server::{Options, Sandbox};

use crate::init::connectors::{Project, sandbox, skip_none, succeeds};
use crate::init::connectors_native::{check, install_client, install_client_version};
use crate::support::program::TestContext;

const NATIVE: &[&str] = &["--lang", "c", "--transport", "native"];
const ALL: &[&str] = &["--example", "stmt,tmq,schemaless,pool"];
/// The programs of a project with all examples.
const FILES: [&str; 5] = [
    "main.c",
    "examples/stmt.c",
    "examples/tmq.c",
    "examples/schemaless.c",
    "examples/pool.c",
];

/// A context with a client installed; `None`, and a line that says so, where the tools are missing.
fn c(test: &str) -> Option<TestContext> {
    for tool in ["cc", "cmake", "make", "pkg-config"] {
        if Command::new(tool).arg("--version").output().is_err() {
            return skip_none(test, &format!("there is no {tool}")).map(|()| TestContext::new());
        }
    }
    let context = TestContext::new();
    install_client(&context);
    Some(context)
}

#[track_caller]
fn compiles_without_a_warning(project: &Project, file: &str) {
    let flags = "-std=c11 -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror";
    project.succeeds(&format!(
        "taos-setup run -- cc {flags} -c {file} -o /dev/null"
    ));
}

#[test]
fn c_native() {
    let Some(context) = c("c_native") else {
        return;
    };
    let arguments = [NATIVE, ALL].concat();
    let project = Project::build(&context, &context.work().join("hello"), &arguments);
    for file in FILES {
        compiles_without_a_warning(&project, file);
    }
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
    stderr: error: [0xb] Unable to establish connection
    --- Cloud
    exit 1
    stderr: error: this example does not connect to TDengine Cloud: unset TDENGINE_CLOUD_URL
    ");
    assert_snapshot!(project.check_native_examples(), @"
    --- taos-setup run -- build/taos_stmt
    exit 0
    rows written: 6
    [instant]  -2.75  北京
    [instant]  -3  北京
    [instant]  -3.25  北京
    [instant]  21.5  Zürich
    [instant]  21.75  Zürich
    [instant]  22  Zürich
    rows read: 6
    --- taos-setup run -- build/taos_tmq
    exit 0
    rows written: 2
    [instant]  -3.25  北京
    [instant]  21.5  Zürich
    rows received: 2
    --- taos-setup run -- build/taos_schemaless
    exit 0
    lines written: 2
    [instant]  -3.25  北京
    [instant]  21.5  Zürich
    rows read: 2
    --- taos-setup run -- build/taos_pool
    exit 0
    rows written: 80
    ");
}

/// The client of 3.4 logs in with a token, and so does its consumer.
#[test]
fn c_native_with_a_token() {
    let Some(context) = c("c_native_with_a_token") else {
        return;
    };
    let version = "3.4.1.6";
    install_client_version(&context, version);
    let arguments = [
        NATIVE,
        &[
            "--server",
            version,
            "--example",
            "tmq",
            "--manifest",
            "Makefile",
        ],
    ]
    .concat();
    let project = Project::build(&context, &context.work().join("hello"), &arguments);
    let sandbox = Sandbox::start(Options {
        version: version.into(),
        tokens: vec![("secret-token".into(), "root".into())],
        ..Options::default()
    })
    .unwrap();
    let token = [("TAOS_TOKEN", "secret-token"), ("TAOS_PASSWORD", "wrong")];
    assert_snapshot!(project.run(sandbox.native(), &token), @"
    exit 0
    server version: 3.4.1.6
    rows written: 2
    [instant]  21.5  Zürich
    [instant]  -3.25  北京
    rows read: 2
    ");
    assert_snapshot!(project.check_examples_on(&sandbox, Sandbox::native, &token), @"
    --- taos-setup run -- ./taos_tmq
    exit 0
    rows written: 2
    [instant]  -3.25  北京
    [instant]  21.5  Zürich
    rows received: 2
    ");
    let wrong = [("TAOS_TOKEN", "another")];
    assert_snapshot!(project.run(sandbox.native(), &wrong), @"
    exit 1
    stderr: error: [0x367] token does not exist
    ");
    let tls = [("TAOS_TLS", "1")];
    assert_snapshot!(project.run(sandbox.native(), &tls), @"
    exit 1
    stderr: error: the client library reads enableTLS from taos.cfg: unset TAOS_TLS
    ");
}

#[test]
fn c_over_websocket() {
    let Some(context) = c("c_over_websocket") else {
        return;
    };
    let arguments = [&["--lang", "c"], ALL].concat();
    let project = Project::build(&context, &context.work().join("hello"), &arguments);
    for file in FILES {
        compiles_without_a_warning(&project, file);
    }
    assert_snapshot!(project.run(sandbox().native(), &[]), @"
    exit 1
    stderr: error: [0x100] The stand-in driver has no WebSocket mode
    ");
    for variable in ["TAOS_TOKEN", "TAOS_TLS"] {
        let run = project.run(sandbox().native(), &[(variable, "1")]);
        assert!(run.contains(&format!("unset {variable}\n")), "{run}");
    }

    // The programs for clients that take tokens, and TLS for one connection.
    for server in ["3.4.0.2", "3.4.2.5"] {
        let folder = context.work().join(server);
        let arguments = [&arguments[..], &["--server", server]].concat();
        let project = Project::create(&context, &folder, &arguments);
        for file in FILES {
            compiles_without_a_warning(&project, file);
        }
    }
}

/// A project of C++ gets C beside it, and make finds the library by pkg-config. What is built by default stays the same, also where
/// the client library is missing and every source is taken.
#[test]
fn c_in_existing_projects() {
    let Some(context) = c("c_in_existing_projects") else {
        return;
    };
    let cmake = "cmake_minimum_required(VERSION 3.10)\nproject(app CXX)\nset(CMAKE_RUNTIME_OUTPUT_DIRECTORY bin)\n\
                 file(GLOB sources *.c *.cpp)\nadd_executable(app ${sources})\nif(NOT TESTS)\n  return()\nendif()\n";
    let make = "CFLAGS = -std=c99 -Wall -Werror\n\nall: app\n\napp: $(wildcard *.c *.cpp)\n\t$(CXX) -o $@ $^\n";
    for (file, text, default) in [
        (
            "CMakeLists.txt",
            cmake,
            "cmake -S . -B bare && cmake --build bare",
        ),
        ("Makefile", make, "make"),
    ] {
        let folder = context.work().join(file.to_lowercase());
        std::fs::create_dir(&folder).unwrap();
        std::fs::write(folder.join(file), text).unwrap();
        std::fs::write(folder.join("app.cpp"), "int main() {}\n").unwrap();
        let arguments = [NATIVE, &["--example", "stmt,pool"]].concat();
        let project = Project::build(&context, &folder, &arguments);
        let built = succeeds(&folder, default);
        assert!(!built.contains("taos-example"), "{built}");
        let run = project.run(sandbox().native(), &[]);
        assert!(
            run.starts_with("exit 0\n") && run.contains("rows read: 2\n"),
            "{file}: {run}"
        );
        let examples = project.check_native_examples();
        assert!(examples.contains("rows read: 6\n"), "{examples}");
        assert!(examples.contains("rows written: 80\n"), "{examples}");
    }
}
