//! Published connectors, unchanged, against the sandbox: connect, types in every precision, prepared statements, errors,
//! schemaless writes, subscriptions; and a C program with the stand-in driver.
//!
//! A test needs its language and a registry that answers; without them it says so and passes, but fails where `CI` is `true`.
//! Rust's connector takes minutes to build and Node.js's is not in every registry: their sessions are replayed, and they
//! were run by hand.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use taos_sandbox::server::{Options, Sandbox};
use taos_sandbox::{driver, mirror};

#[path = "../../tests/it/support/skipped.rs"]
#[allow(
    dead_code,
    reason = "the list of skipped tests is printed by another program"
)]
mod skipped;

/// Reports that a test does not run; in CI that is a failure.
fn skip(language: &str, why: &str) {
    skipped::report_or_fail(&format!("connectors of {language}"), why);
}

fn shell(folder: &Path, command: &str) -> Output {
    let mut shell = Command::new("sh");
    shell.args(["-c", command]).current_dir(folder);
    for name in ["VIRTUAL_ENV", "GOFLAGS", "CLASSPATH", "JAVA_TOOL_OPTIONS"] {
        shell.env_remove(name);
    }
    shell.output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&[output.stdout.as_slice(), &output.stderr].concat()).into_owned()
}

/// Runs a language's programs in a copy of its folder: the tool's own version first, then what fetches the connector (both
/// may be missing), then each program, whose output is given.
fn run(language: &str, tool: &str, fetch: &str, programs: &[String]) -> Option<Vec<String>> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/connectors")
        .join(language);
    let folder = tempfile::tempdir().unwrap();
    for entry in fs::read_dir(source).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), folder.path().join(entry.file_name())).unwrap();
    }
    if !shell(folder.path(), tool).status.success() {
        skip(language, &format!("`{tool}` does not run"));
        return None;
    }
    let fetched = shell(folder.path(), fetch);
    if !fetched.status.success() {
        skip(language, &format!("`{fetch}`: {}", said(&fetched)));
        return None;
    }
    let output = |program: &String| {
        let output = shell(folder.path(), program);
        assert!(output.status.success(), "{program}: {}", said(&output));
        String::from_utf8(output.stdout).unwrap()
    };
    Some(programs.iter().map(output).collect())
}

fn sandbox(version: &str) -> Sandbox {
    Sandbox::start(Options {
        version: version.to_owned(),
        ..Options::default()
    })
    .unwrap()
}

#[test]
fn python_connector_runs() {
    let sandbox = sandbox("3.3.7.5");
    let fetch = "python3 -m venv v && v/bin/pip install -q -r requirements.txt";
    let address = sandbox.adapter();
    let programs = ["main.py", "features.py"].map(|file| format!("v/bin/python {file} {address}"));
    let Some(output) = run("python", "python3 --version", fetch, &programs) else {
        return;
    };
    let each = "['ü']\n\
        (True, 3, 2.5, \"a'b\", '北京', '{\"k\":\"v\"}')\n\
        (None, None, None, None, None, '{\"k\":\"v\"}')\n\
        (True, 7, None, 'x', 'ü', '{\"a\":1}')\n\
        (None, 8, None, None, None, '{\"k\":\"v\"}')\n\
        (None, None, None, None, None, '{\"k\":\"v\"}')\n\
        [(5,)]\n\
        [[5]]\n";
    let messages = "[(1.5, 220), (1.5, 221), (None, 221), (None, 221)]\n";
    let features = format!(
        "power [(2,)]\nheat [(1,)]\nlight [(1,)]\n4\n{messages}{messages}\
        (1, 220.0, 'north')\n(1, 221.0, 'south')\n(1, 221.0, 'north')\n(1, 221.0, 'south')\n"
    );
    assert_eq!(output, [format!("3.3.7.5\n{}", each.repeat(3)), features]);
}

#[test]
fn go_connector_runs() {
    let sandbox = sandbox("3.3.7.5");
    let fetch = "CGO_ENABLED=0 go build -o program .";
    let program = format!("./program {}", sandbox.adapter());
    let features = format!("{program} features");
    let Some(output) = run("go", "go version", fetch, &[program, features]) else {
        return;
    };
    let rows = "1704164645000 true 3 2.5 a 北京\n\
        1704164646000 <nil> 7 1.5 x y\n\
        1704164647000 true 1 1.5 bb nn\n\
        [0x2603] Table does not exist\n";
    let each = format!("1\n北京\n{}", rows.repeat(2));
    let messages = "go_topic d2 2.5 south\ngo_topic d1 1.5 north\n";
    let features = format!(
        "true\npower 2\nheat 1\nlight 1\n{messages}2\n{messages}2 2\n\
        2023-11-14T22:13:00Z 1 1.5 220\n2023-11-14T22:14:00Z 1 2.5 221\n"
    );
    assert_eq!(
        output,
        [format!("3.3.7.5\n3.3.7.5\n{}", each.repeat(3)), features]
    );
}

#[test]
fn c_connector_runs() {
    let sandbox = sandbox("3.3.7.5");
    let libraries = tempfile::tempdir().unwrap();
    let folder = libraries.path().display();
    let driver = fs::read(driver::built().unwrap()).unwrap();
    for (name, bytes) in mirror::libraries(&driver, "3.3.7.5").unwrap() {
        // A program that is linked asks for the name in the library.
        fs::write(libraries.path().join(format!("{name}.1")), &bytes).unwrap();
        fs::write(libraries.path().join(name), bytes).unwrap();
    }
    let headers = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/mirror/files/inc");
    let fetch = format!(
        "cc -std=c11 -Wall -Wextra -Werror -I{} -o features features.c -L{folder} -ltaos",
        headers.display()
    );
    let program = format!(
        "env LD_LIBRARY_PATH={folder} TAOS_LOG_DIR={folder} TAOS_CONFIG_DIR={folder} ./features {}",
        sandbox.native().port()
    );
    let Some(output) = run("c", "cc --version", &fetch, &[program]) else {
        return;
    };
    let bound = "d1: 1700000000000 1.500000 220\nd1: 1700000060000 NULL 221\n\
        d2: 1700000000000 1.500000 220\nd2: 1700000060000 NULL 221\n";
    let added = "d3: 1700000000000 2.500000 230\nd3: 1700000060000 3.500000 231\n";
    let message = "c_topic c_features 1\n";
    let expected = format!(
        "1\ntbname 4\nlocation 2\nts 1\ncurrent 1\nvoltage 1\n4\n1700000060000 221\n1\n{message}{bound}\
        2\n{message}{added}1\n{message}{bound}{added}2\n1\n2 4.000000\n\
        north 2 1.500000 221\nsouth 2 1.500000 221\nwest 2 3.000000 231\n"
    );
    assert_eq!(output, [expected]);
}

/// The classpath of a version of taos-jdbcdriver, and what it prints for a URL.
fn java(version: &str, programs: &[String]) -> Option<Vec<String>> {
    let fetch = format!(
        "mvn -q -B -Dtaos.version={version} dependency:build-classpath -Dmdep.outputFile=classpath && javac -encoding UTF-8 -d out Main.java"
    );
    let programs: Vec<_> = programs
        .iter()
        .map(|program| {
            format!("java -Dfile.encoding=UTF-8 -cp out:\"$(cat classpath)\" Main {program}")
        })
        .collect();
    run("java", "mvn --version && javac -version", &fetch, &programs)
}

const ROWS: &str = "1704164645000 true 3 2.5 a'b 北京\n1704164646000 null null null null null\n";
const PREPARED: &str = "1704164650000 true 40 0.5 v0 é\n1704164650001 true 41 0.5 v1 é\n";

#[test]
fn newest_java_connector_runs() {
    let sandbox = sandbox("3.3.7.5");
    let address = sandbox.adapter();
    let Some(output) = java(
        "3.7.9",
        &[
            format!("jdbc:TAOS-WS://{address}/ prepared"),
            format!("jdbc:TAOS-RS://{address}/"),
        ],
    ) else {
        return;
    };
    let socket = format!("v1\n{ROWS}{PREPARED}9731\n").repeat(3);
    let rest = format!("{ROWS}9731\n").repeat(3);
    assert_eq!(
        output,
        [format!("3.3.7.5\n{socket}"), format!("3.3.7.5\n{rest}")]
    );
}

#[test]
fn java_of_3_2_on_a_server_of_3_2() {
    let sandbox = sandbox("3.2.2.2");
    let address = sandbox.adapter();
    let Some(output) = java(
        "3.2.8",
        &[
            format!("'jdbc:TAOS-RS://{address}/?batchfetch=true' prepared"),
            format!("jdbc:TAOS-RS://{address}/"),
        ],
    ) else {
        return;
    };
    let socket = format!("v1\n{ROWS}{PREPARED}9826\n").repeat(3);
    let rest = format!("{ROWS}9826\n").repeat(3);
    assert_eq!(
        output,
        [format!("3.2.2.2\n{socket}"), format!("3.2.2.2\n{rest}")]
    );
}
