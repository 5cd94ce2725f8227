//! The last check with the languages' own tools and registries: the packages are those that the tests of `init` build with, so that caches
//! have them already.

use taos_sandbox::server::Sandbox;

use crate::init::connectors::{go, sandbox};
use crate::init::connectors_java::java;
use crate::init::connectors_python::python;
use crate::support::program::{Program, TestContext};
use crate::support::skipped;
use crate::support::tree::write_files;

fn verify<'a>(context: &'a TestContext, sandbox: &Sandbox, more: &[&str]) -> Program<'a> {
    let address = sandbox.adapter().to_string();
    let start = ["verify", &address, "--project", "--timeout", "60s"];
    let arguments: Vec<String> = start
        .iter()
        .chain(more)
        .map(|it| (*it).to_owned())
        .collect();
    let home = std::env::var_os("HOME").unwrap_or_default();
    let mut program = context.program(arguments).env("HOME", home);
    for name in [
        "GOPROXY",
        "GOFLAGS",
        "PIP_INDEX_URL",
        "JAVA_HOME",
        "npm_config_registry",
        "GOMODCACHE",
        "GOCACHE",
    ] {
        if let Some(value) = std::env::var_os(name) {
            program = program.env(name, value);
        }
    }
    program
        .env("TAOS_PASSWORD", "taosdata")
        .showing(sandbox.adapter().port(), "ADAPTER")
}

/// Runs the connector of the project with `files`, and expects `line` in the report.
#[track_caller]
fn works(files: &[(&str, &str)], more: &[&str], line: &str) {
    let context = TestContext::new();
    write_files(&context.work(), files);
    let sandbox = sandbox();
    let run = verify(&context, &sandbox, more).run();
    assert!(run.exit == Some(0) && run.stdout.contains(line), "{run}");
    assert_eq!(sandbox.logins().refused, 0);
}

#[test]
fn go_project_reads_a_row() {
    let Some(()) = go("go_project_reads_a_row") else {
        return;
    };
    let module = "module app\n\ngo 1.20\n\nrequire github.com/taosdata/driver-go/v3 v3.8.2\n";
    let line = "github.com/taosdata/driver-go/v3 v3.8.2 over ws: a row read, server 3.3.7.5";
    works(&[("go.mod", module)], &[], line);
    let context = TestContext::new();
    let module = module.replace("v3.8.2", "v3.99.0");
    write_files(&context.work(), &[("go.mod", &module)]);
    let run = verify(&context, &sandbox(), &["--transport", "ws"]).run();
    // Some proxies answer 403 for versions that they do not have.
    let ids = [
        "connector-version-missing",
        "connector-registry-unreachable",
    ];
    let is_known = ids.iter().any(|id| run.stdout.contains(id));
    assert!(run.exit == Some(15) && is_known, "{run}");
}

#[test]
fn python_project_reads_a_row() {
    let Some(()) = python("python_project_reads_a_row") else {
        return;
    };
    let line = "taos-ws-py 0.7.0 over ws: a row read, server 3.3.7.5";
    works(
        &[("requirements.txt", "taos-ws-py==0.7.0\n")],
        &["--transport", "ws"],
        line,
    );
}

#[test]
fn java_project_writes_and_reads_rows() {
    let Some(()) = java("java_project_writes_and_reads_rows") else {
        return;
    };
    let pom = "<project><modelVersion>4.0.0</modelVersion><groupId>a</groupId><artifactId>a</artifactId><version>1</version><dependencies><dependency><groupId>com.taosdata.jdbc</groupId><artifactId>taos-jdbcdriver</artifactId><version>3.7.9</version></dependency></dependencies></project>";
    let line = "taos-jdbcdriver 3.7.9 over ws: rows written and read back, server 3.3.7.5";
    works(&[("pom.xml", pom)], &["--transport", "ws", "--write"], line);
}

#[test]
fn node_project_reads_a_row_over_rest() {
    let node = std::process::Command::new("node").arg("--version").output();
    if node.is_err() {
        skipped::report_or_fail("node_project_reads_a_row_over_rest", "node is missing");
        return;
    }
    let line = "fetch over rest: a row read, server 3.3.7.5";
    works(
        &[("package.json", "{\"dependencies\": {}}")],
        &["--transport", "rest"],
        line,
    );
}
