//! R projects, run against the sandbox over WebSocket and REST with the published driver, which `init` gets by Maven. RJDBC is not in
//! Debian, so a stand-in for it (`tests/r/RJDBC`) has its functions. See `connectors`.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use insta::assert_snapshot;
use taos_sandbox::server::{Options, Sandbox};

use crate::init::connectors::{
    Project, R_LIBRARY, check, check_on_new, check_over_tls, output, sandbox, skip, succeeds,
};
#[cfg(target_os = "linux")]
use crate::init::connectors_native::{check as check_native, install_client};
use crate::support::program::TestContext;

/// The driver's jars, or why there are none.
static JARS: OnceLock<Result<PathBuf, String>> = OnceLock::new();

/// Where `init` put the driver's jars; `None`, and a line that says so, if R, Java, or Maven is missing, or Maven's repository does not
/// have them.
fn jars(test: &str) -> Option<PathBuf> {
    let made = JARS.get_or_init(|| {
        for program in ["Rscript", "mvn", "java"] {
            if Command::new(program).arg("--version").output().is_err() {
                return Err(format!("{program} is missing"));
            }
        }
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        std::fs::create_dir_all(R_LIBRARY).unwrap();
        let install =
            format!("R CMD INSTALL --no-docs --no-test-load -l {R_LIBRARY} tests/r/RJDBC");
        let installed = output(root, &install, &[]);
        if !installed.status.success() {
            let why = String::from_utf8_lossy(&installed.stderr).into_owned();
            return Err(format!("`{install}` failed: {why}"));
        }
        let jars = Path::new(env!("CARGO_TARGET_TMPDIR")).join("r-jars");
        let context = TestContext::new();
        for server in ["3.2.2.2", "3.3.5.0", "3.3.6.0"] {
            let folder = context.work().join(server);
            let arguments = ["init", "--lang", "r", "--server", server, "--dir"];
            let run = context
                .program(
                    arguments
                        .iter()
                        .map(AsRef::as_ref)
                        .chain([folder.as_os_str()]),
                )
                .env("HOME", std::env::var_os("HOME").unwrap_or_default())
                .run();
            if run.exit != Some(0) {
                return Err(format!("Maven does not have the driver: {run}"));
            }
            assert!(run.stderr.contains("with Maven"), "{run}");
            for entry in std::fs::read_dir(folder.join("java")).unwrap() {
                let entry = entry.unwrap();
                std::fs::create_dir_all(&jars).unwrap();
                std::fs::copy(entry.path(), jars.join(entry.file_name())).unwrap();
            }
        }
        Ok(jars)
    });
    match made {
        Ok(jars) => Some(jars.clone()),
        Err(why) => {
            skip(test, why);
            None
        }
    }
}

/// The project that `init` makes with `arguments` and the jars that are there.
fn project(context: &TestContext, jars: &Path, arguments: &[&str]) -> Project {
    let mut all = vec!["--lang", "r", "--jar", jars.to_str().unwrap()];
    all.extend(arguments);
    Project::build(context, &context.work().join("hello"), &all)
}

/// `text` without what the driver's logger says about itself, and without the statements, which RJDBC repeats.
fn without_logger(text: &str) -> String {
    let lines = text
        .lines()
        .filter(|line| !line.starts_with("stderr: SLF4J:"));
    let cut = |line: &str| {
        let (error, _) = line.split_once(" Statement: ").unwrap_or((line, ""));
        format!("{error}\n")
    };
    lines.map(cut).collect()
}

#[test]
fn r_over_websocket() {
    let Some(jars) = jars("r_over_websocket") else {
        return;
    };
    let context = TestContext::new();
    let project = project(&context, &jars, &["--server", "3.3.6.0"]);
    check_over_tls(&project, "TAOS_CA_FILE");
    assert_snapshot!(without_logger(&check_on_new(&project, true)), @"
    exit 0
    server version: 3.3.7.5
    rows written: 2
    [instant]  21.5  Zürich
    [instant]  -3.25  北京
    rows read: 2
    --- wrong password
    exit 1
    stderr: error: Unable to connect JDBC to jdbc:TAOS-WS://127.0.0.1:[port]/ JDBC ERROR: (0x357):auth failure:Authentication failure
    --- may not create databases
    exit 1
    server version: 3.3.7.5
    stderr: error: execute JDBC update query failed in dbSendUpdate JDBC ERROR: TDengine ERROR (0x303): Insufficient privilege for operation
    --- closed port
    exit 1
    stderr: error: Unable to connect JDBC to jdbc:TAOS-WS://127.0.0.1:[port]/ JDBC ERROR: ERROR (0x231d): can't create connection with any server within: 60000 milliseconds
    --- Cloud, closed port
    exit 1
    stderr: error: Unable to connect JDBC to jdbc:TAOS-WS://127.0.0.1:[port]/?useSSL=true JDBC ERROR: ERROR (0x231d): can't create connection with any server within: 60000 milliseconds
    ");
}

#[test]
fn r_over_rest() {
    let Some(jars) = jars("r_over_rest") else {
        return;
    };
    let context = TestContext::new();
    let project = project(
        &context,
        &jars,
        &["--transport", "rest", "--server", "3.3.6.0"],
    );
    check_over_tls(&project, "TAOS_CA_FILE");
    assert_snapshot!(without_logger(&check(&project)), @"
    exit 0
    server version: 3.3.7.5
    rows written: 2
    [instant]  21.5  Zürich
    [instant]  -3.25  北京
    rows read: 2
    --- wrong password
    exit 1
    stderr: error: Unable to retrieve JDBC result set JDBC ERROR: TDengine ERROR (0x357): sql: select server_version(), desc: Authentication failure
    --- may not create databases
    exit 1
    server version: 3.3.7.5
    stderr: error: execute JDBC update query failed in dbSendUpdate JDBC ERROR: TDengine ERROR (0x303): sql: create database taos_example_[n] vgroups 1 buffer 3 pages 64, desc: Insufficient privilege for operation
    --- closed port
    exit 1
    stderr: error: Unable to retrieve JDBC result set JDBC ERROR: ERROR (0x2318): Connect to 127.0.0.1:[port] [/127.0.0.1] failed: Connection refused
    --- Cloud, closed port
    exit 1
    stderr: error: Unable to retrieve JDBC result set JDBC ERROR: ERROR (0x2318): Connect to 127.0.0.1:[port] [/127.0.0.1] failed: Connection refused
    ");
}

/// The drivers that `--server` chooses for older servers.
#[test]
fn r_over_websocket_on_older_servers() {
    let Some(jars) = jars("r_over_websocket_on_older_servers") else {
        return;
    };
    for server in ["3.2.2.2", "3.3.5.0"] {
        let context = TestContext::new();
        let project = project(&context, &jars, &["--server", server]);
        let sandbox = Sandbox::start(Options {
            version: server.to_owned(),
            ..Options::default()
        })
        .unwrap();
        let run = project.run(sandbox.adapter(), &[]);
        let begin = format!("exit 0\nserver version: {server}\n");
        assert!(
            run.starts_with(&begin) && run.contains("rows read: 2\n"),
            "{run}"
        );
    }
}

/// In any locale, in an existing project, and with values that only quoting keeps. An empty JAVA_HOME is reported.
#[test]
fn r_in_existing_projects() {
    let Some(jars) = jars("r_in_existing_projects") else {
        return;
    };
    for transport in ["ws", "rest"] {
        let context = TestContext::new();
        let folder = context.work().join("hello");
        std::fs::create_dir(&folder).unwrap();
        std::fs::write(folder.join("DESCRIPTION"), "Package: a\nImports: DBI\n").unwrap();
        let project = project(
            &context,
            &jars,
            &["--transport", transport, "--server", "3.3.6.0"],
        );
        let after = std::fs::read_to_string(folder.join("DESCRIPTION")).unwrap();
        assert_eq!(after, "Package: a\nImports: DBI, RJDBC\n");
        let program = folder.join("examples/taos-example.R");
        let text = std::fs::read_to_string(&program).unwrap();
        let awkward = text.replace("Z\\u00fcrich", "O'Ha\\\\re ? %s\\\\");
        assert_ne!(awkward, text);
        std::fs::write(&program, awkward).unwrap();
        let run = project.run(sandbox().adapter(), &[("LC_ALL", "C")]);
        assert!(run.contains("[instant]  21.5  O'Ha\\re ? %s\\\n"), "{run}");
        assert!(
            run.contains("[instant]  -3.25  北京\nrows read: 2\n"),
            "{run}"
        );
        let run = project.run(sandbox().adapter(), &[("JAVA_HOME", "")]);
        assert_eq!(
            run,
            "exit 1\nstderr: error: JAVA_HOME is empty: unset it before R starts\n"
        );
    }
}

/// What is not run is read by R, and its functions are checked. A native program reports a missing client library in one line.
#[test]
fn r_programs_are_clean() {
    let Some(jars) = jars("r_programs_are_clean") else {
        return;
    };
    let context = TestContext::new();
    let mut programs = Vec::new();
    for arguments in [
        &["--transport", "ws", "--server", "3.3.6.0"][..],
        &["--transport", "ws", "--server", "3.2.2.2"],
        &["--transport", "ws", "--cloud"],
        &["--transport", "rest"],
        &["--transport", "rest", "--cloud"],
        &["--transport", "native"],
    ] {
        let folder = context.work().join(format!("r{}", programs.len()));
        let mut all = vec!["--lang", "r", "--jar", jars.to_str().unwrap()];
        all.extend(arguments);
        Project::create(&context, &folder, &all);
        let program = folder.join("main.R").display().to_string();
        let longest = std::fs::read_to_string(&program).unwrap();
        let longest = longest.lines().map(|line| line.chars().count()).max();
        assert!(longest.unwrap() <= 120, "{arguments:?}");
        programs.push(program);
        if arguments.contains(&"native") {
            // Without a client library, or with the stand-in, which has no JNI functions.
            let run = output(&folder, "Rscript main.R", &[("TAOS_HOST", "127.0.0.1")]);
            let errors = String::from_utf8_lossy(&run.stderr).into_owned();
            assert_eq!(run.status.code(), Some(1), "{errors}");
            let lines = errors.lines().filter(|line| !line.starts_with("SLF4J:"));
            let lines: Vec<_> = lines.collect();
            assert!(
                matches!(lines[..], [line] if line.starts_with("error: ")),
                "{errors}"
            );
        }
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/r/check.R");
    let command = format!("Rscript {} {}", script.display(), programs.join(" "));
    assert_eq!(succeeds(&context.work(), &command), "");
}

/// The stand-in driver has the functions that Java looks for in the client library.
#[cfg(target_os = "linux")]
#[test]
fn r_native() {
    let Some(jars) = jars("r_native") else {
        return;
    };
    let context = TestContext::new();
    install_client(&context);
    let project = project(&context, &jars, &["--transport", "native"]);
    assert_snapshot!(without_logger(&check_native(&project)), @"
    exit 0
    server version: 3.3.7.5
    rows written: 2
    [instant]  21.5  Zürich
    [instant]  -3.25  北京
    rows read: 2
    --- wrong password
    exit 1
    stderr: error: Unable to connect JDBC to jdbc:TAOS://127.0.0.1:[port]/?charset=UTF-8 JDBC ERROR: JNI ERROR (0x2354): Authentication failure
    --- may not create databases
    exit 1
    server version: 3.3.7.5
    stderr: error: execute JDBC update query failed in dbSendUpdate JDBC ERROR: TDengine ERROR (0x80000303): Insufficient privilege for operation
    --- closed port
    exit 1
    stderr: error: Unable to connect JDBC to jdbc:TAOS://127.0.0.1:[port]/?charset=UTF-8 JDBC ERROR: JNI ERROR (0x2354): Unable to establish connection
    --- Cloud
    exit 1
    stderr: error: TDengine Cloud has no native connection: unset TDENGINE_CLOUD_URL
    ");
}
