//! ODBC data sources and programs, run with Debian's unixODBC, pyodbc, and mono against the sandbox, through a stand-in for the driver
//! (`tests/odbc/driver.c`). See `connectors`.
#![cfg(target_os = "linux")]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use insta::assert_snapshot;
use taos_sandbox::server::{Listen, Options, Sandbox};

use crate::init::connectors::{
    AWKWARD, EMPTY_SERVER, Project, Toolchain, check, databases, output, sandbox, skip, succeeds,
    toolchain,
};
use crate::init::connectors_native::install_client;
use crate::support::program::TestContext;

/// The driver, which is built once; `None`, and a line that says so, without unixODBC, its headers, a C compiler, or pyodbc.
fn driver(test: &str) -> Option<&'static Path> {
    static KNOWN: Toolchain = Toolchain::new();
    let commands = [
        "python3 -m venv v && v/bin/python -m pip download -q --no-deps -d d pyodbc~=5.2"
            .to_owned(),
    ];
    let programs = ["isql", "odbcinst", "gcc", "python3"];
    toolchain(test, &KNOWN, (&programs, "--version"), "pyodbc", &commands)?;
    static BUILT: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    let built = BUILT.get_or_init(|| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("odbc");
        fs::create_dir_all(&folder).unwrap();
        let command = format!(
            "gcc -std=gnu11 -Wall -Wextra -Werror -Wno-format-truncation -O1 -shared -fPIC -I {headers} {source} -o libtaos_odbc.so.0.1 \
             -lodbcinst -ldl",
            headers = root.join("sandbox/src/mirror/files/inc").display(),
            source = root.join("tests/odbc/driver.c").display(),
        );
        let built = output(&folder, &command, &[]);
        match built.status.success() {
            true => Ok(folder.join("libtaos_odbc.so.0.1")),
            false => Err(String::from_utf8_lossy(&built.stderr).into_owned()),
        }
    });
    match built {
        Ok(file) => Some(file),
        Err(why) if why.contains("odbcinst.h") => {
            skip(test, "unixodbc-dev is missing");
            None
        }
        Err(why) => panic!("{why}"),
    }
}

/// The project names the stand-in as its driver, as a user does who has the driver elsewhere than in `/usr/local/lib`.
fn use_driver(folder: &Path, driver: &Path) {
    let file = folder.join("odbcinst.ini");
    let text = fs::read_to_string(&file).unwrap();
    let usual = "/usr/local/lib/libtaos_odbc.so";
    assert!(text.contains(usual), "{text}");
    fs::write(file, text.replace(usual, driver.to_str().unwrap())).unwrap();
}

/// The files of the project's own directory.
const FILES: &str = "ODBCSYSINI=. ODBCINI=odbc.ini";

#[test]
fn odbc_over_websocket() {
    let Some(driver) = driver("odbc_over_websocket") else {
        return;
    };
    let context = TestContext::new();
    let project = Project::build(&context, &context.work().join("hello"), &["--lang", "odbc"]);
    use_driver(&project.folder, driver);
    assert_snapshot!(check(&project), @"
    exit 0
    server version: 3.3.7.5
    rows written: 2
    [instant]  21.5  Zürich
    [instant]  -3.25  北京
    rows read: 2
    --- wrong password
    exit 1
    stderr: error: [08001] [TDengine]Client unable to establish connection:[http://127.0.0.1:[port]][[0x0357] Internal error: `Authentication failure`] (855) (SQLDriverConnect)
    --- may not create databases
    exit 1
    server version: 3.3.7.5
    stderr: error: [HY000] [TDengine][0x0303] Internal error: `Insufficient privilege for operation` (771) (SQLExecDirectW)
    --- closed port
    exit 1
    stderr: error: [08001] [TDengine]Client unable to establish connection:[http://127.0.0.1:[port]][IO error: Connection refused (os error [n])] (57345) (SQLDriverConnect)
    --- Cloud, closed port
    exit 1
    stderr: error: [08001] [TDengine]the stand-in driver speaks http:// only (0) (SQLDriverConnect)
    ");
}

/// The data source alone says where the server is: `--server` put it there.
#[test]
fn data_source_brings_server_and_driver() {
    let Some(driver) = driver("data_source_brings_server_and_driver") else {
        return;
    };
    let context = TestContext::new();
    let sandbox = sandbox();
    let server = sandbox.adapter().to_string();
    let arguments = ["--lang", "odbc", "--server", &server];
    let project = Project::build(&context, &context.work().join("hello"), &arguments);
    let folder = &project.folder;
    let source = fs::read_to_string(folder.join("odbc.ini")).unwrap();
    assert!(
        source.contains(&format!("URL = http://{server}\n")),
        "{source}"
    );
    let registry = fs::read_to_string(folder.join("tdengine.reg")).unwrap();
    let line = format!("\"URL\"=\"http://{server}\"\r\n");
    assert_eq!(registry.matches(&line).count(), 2, "{registry}");
    use_driver(folder, driver);
    let program = succeeds(folder, &format!("env {FILES} .venv/bin/python main.py"));
    assert!(program.ends_with("rows read: 2\n"), "{program}");
    let refused = [("TAOS_PASSWORD", AWKWARD)];
    let run = output(
        folder,
        &format!("env {FILES} .venv/bin/python main.py"),
        &refused,
    );
    assert_snapshot!(String::from_utf8_lossy(&run.stderr), @"error: the ODBC driver's connection string cannot hold the value of TAOS_PASSWORD: set TAOS_HOST, too");

    // isql hands user and password over by themselves, so that they may be any.
    let isql = |login: &str| {
        let command = format!("echo 'select server_version()' | {FILES} isql -b -v {login} 2>&1");
        let run = output(folder, &command, &[("PASSWORD", AWKWARD)]);
        let text = String::from_utf8_lossy(&run.stdout);
        format!(
            "exit {}\n{}",
            run.status.code().unwrap(),
            text.replace(&server, "[server]")
        )
    };
    let shown = isql("tdengine_ws root taosdata");
    assert!(shown.contains("3.3.7.5"), "{shown}");
    assert_eq!(isql("TDENGINE_WS awkward \"$PASSWORD\""), shown);
    let logins = sandbox.logins().refused;
    assert_snapshot!(isql("tdengine_ws root wrong"), @"
    exit 1
    [08001][unixODBC][TDengine]Client unable to establish connection:[http://root:wrong@[server]][[0x0357] Internal error: `Authentication failure`]
    [ISQL]ERROR: Could not SQLConnect
    ");
    assert_eq!(sandbox.logins().refused, logins + 1);
    assert_eq!(databases(sandbox.adapter()), EMPTY_SERVER);

    // What the driver manager says of a data source and of a driver that are not there is what explain knows.
    let unknown = isql("tdengine root taosdata");
    fs::write(
        folder.join("odbcinst.ini"),
        "[TAOS_ODBC_DRIVER]\nDriver = /nowhere/libtaos_odbc.so\n",
    )
    .unwrap();
    let missing = isql("tdengine_ws root taosdata");
    fs::write(folder.join("odbcinst.ini"), "").unwrap();
    let unregistered = isql("tdengine_ws root taosdata");
    let mut explained = String::new();
    for text in [unknown, missing, unregistered] {
        let said = text
            .lines()
            .find(|line| line.starts_with('['))
            .unwrap_or_else(|| panic!("{text}"));
        let run = context.program(["explain", said]).run();
        let title = run.stdout.lines().next().unwrap_or_default();
        explained += &format!("{said}\n  {title}\n");
    }
    assert_snapshot!(explained, @"
    [IM002][unixODBC][Driver Manager]Data source name not found and no default driver specified
      odbc-source-unknown: ODBC: the data source, or the driver that it names, is not known
    [01000][unixODBC][Driver Manager]Can't open lib '/nowhere/libtaos_odbc.so' : file not found
      odbc-driver-file: ODBC: the driver's file, or a library that it needs, is not found
    [IM002][unixODBC][Driver Manager]Data source name not found and no default driver specified
      odbc-source-unknown: ODBC: the data source, or the driver that it names, is not known
    ");
}

#[test]
fn odbc_native() {
    let Some(driver) = driver("odbc_native") else {
        return;
    };
    let context = TestContext::new();
    install_client(&context);
    let arguments = ["--lang", "odbc", "--transport", "native"];
    let project = Project::build(&context, &context.work().join("hello"), &arguments);
    use_driver(&project.folder, driver);
    let sandbox = sandbox();
    let plain = project.run(sandbox.native(), &[]);
    assert_eq!(databases(sandbox.adapter()), EMPTY_SERVER);
    let wrong = project.run(sandbox.native(), &[("TAOS_PASSWORD", "wrong")]);
    assert_eq!(
        sandbox.logins().refused,
        1,
        "servers lock accounts after three"
    );
    let awkward = [("TAOS_USER", "awkward"), ("TAOS_PASSWORD", AWKWARD)];
    let awkward = project.run(sandbox.native(), &awkward);
    let closed = Sandbox::start(Options {
        native: Listen::Refused,
        ..Options::default()
    })
    .unwrap();
    let soon = ("TAOS_SANDBOX_DRIVER_DIAL_MS", "50");
    let refused = project.run(closed.native(), &[soon]);
    let text = format!(
        "{plain}--- wrong password\n{wrong}--- awkward password\n{awkward}--- closed port\n{refused}"
    );
    assert_snapshot!(text, @"
    exit 0
    server version: 3.3.7.5
    rows written: 2
    [instant]  21.5  Zürich
    [instant]  -3.25  北京
    rows read: 2
    --- wrong password
    exit 1
    stderr: error: [08001] [TDengine]Client unable to establish connection:[taos_odbc://root:*@127.0.0.1:[port]][Authentication failure] (-2147482793) (SQLDriverConnect)
    --- awkward password
    exit 1
    stderr: error: the ODBC driver's connection string cannot hold the value of TAOS_PASSWORD
    --- closed port
    exit 1
    stderr: error: [08001] [TDengine]Client unable to establish connection:[taos_odbc://root:*@127.0.0.1:[port]][Unable to establish connection] (-2147483637) (SQLDriverConnect)
    ");
    // The data source is read, too: SERVER and no login.
    let source = fs::read_to_string(project.folder.join("odbc.ini")).unwrap();
    let native = sandbox.native().to_string();
    fs::write(
        project.folder.join("odbc.ini"),
        source.replace("localhost:6030", &native),
    )
    .unwrap();
    let text = project.succeeds(&format!(
        "taos-setup run -- env {FILES} .venv/bin/python main.py"
    ));
    assert!(text.ends_with("rows read: 2\n"), "{text}");
}

/// mono has System.Data.Odbc over unixODBC.
#[test]
fn odbc_from_csharp() {
    let Some(driver) = driver("odbc_from_csharp") else {
        return;
    };
    static KNOWN: Toolchain = Toolchain::new();
    let programs = (&["mcs", "mono"][..], "--version");
    let Some(()) = toolchain("odbc_from_csharp", &KNOWN, programs, "", &[]) else {
        return;
    };
    let context = TestContext::new();
    for transport in ["ws", "native"] {
        let folder = context.work().join(transport);
        let arguments = [
            "--lang",
            "odbc",
            "--example",
            "csharp",
            "--transport",
            transport,
        ];
        let project = Project::create(&context, &folder, &arguments);
        use_driver(&folder, driver);
        project
            .succeeds("mcs -warnaserror -r:System.Data -out:csharp/example.exe csharp/Program.cs");
    }
    let folder = context.work().join("ws");
    let sandbox = sandbox();
    let port = sandbox.adapter().port().to_string();
    let run = |variables: &[(&str, &str)]| {
        let run = output(
            &folder,
            &format!("env {FILES} mono csharp/example.exe"),
            variables,
        );
        let (out, errors) = (
            String::from_utf8_lossy(&run.stdout),
            String::from_utf8_lossy(&run.stderr),
        );
        let rows: String = out
            .lines()
            .map(|line| {
                format!(
                    "{}\n",
                    line.split_once("Z  ").map_or(line, |(_, rest)| rest)
                )
            })
            .collect();
        format!(
            "exit {}\n{rows}{}",
            run.status.code().unwrap(),
            errors.replace(&port, "[port]")
        )
    };
    let host = ("TAOS_HOST", "127.0.0.1");
    let plain = run(&[host, ("TAOS_PORT", &port)]);
    let awkward = [
        host,
        ("TAOS_PORT", &port),
        ("TAOS_USER", "awkward"),
        ("TAOS_PASSWORD", AWKWARD),
    ];
    assert_eq!(run(&awkward), plain);
    assert_eq!(sandbox.logins().refused, 0);
    let wrong = run(&[host, ("TAOS_PORT", &port), ("TAOS_PASSWORD", "wrong")]);
    let unfit = run(&[("TAOS_PASSWORD", AWKWARD)]);
    assert_eq!(sandbox.logins().refused, 1);
    assert_snapshot!(format!("{plain}--- wrong password\n{wrong}--- unfit password\n{unfit}"), @"
    exit 0
    server version: 3.3.7.5
    rows written: 2
    21.5  Zürich
    -3.25  北京
    rows read: 2
    --- wrong password
    exit 1
    error: ERROR [08001] [TDengine]Client unable to establish connection:[http://127.0.0.1:[port]][[0x0357] Internal error: `Authentication failure`]
    --- unfit password
    exit 1
    error: the ODBC driver's connection string cannot hold the value of TAOS_PASSWORD: set TAOS_HOST, too
    ");
    assert_eq!(databases(sandbox.adapter()), EMPTY_SERVER);
    let source = fs::read_to_string(folder.join("odbc.ini")).unwrap();
    fs::write(
        folder.join("odbc.ini"),
        source.replace("localhost:6041", &sandbox.adapter().to_string()),
    )
    .unwrap();
    assert_eq!(run(&[]), plain, "by the data source");
}

/// The command that a note gives for a user's own data sources registers the driver.
#[test]
fn printed_command_registers_driver() {
    let Some(driver) = driver("printed_command_registers_driver") else {
        return;
    };
    let context = TestContext::new();
    let folder = context.work();
    let sandbox = sandbox();
    let file = folder.join(".odbc.ini");
    let server = sandbox.adapter().to_string();
    let arguments = [
        "init",
        "--lang",
        "odbc",
        "--manifest",
        file.to_str().unwrap(),
        "--server",
        &server,
    ];
    let run = context.program(arguments).run();
    assert_eq!(run.exit, Some(0), "{run}");
    let mark = "must be registered once: ";
    let (_, command) = run
        .stderr
        .split_once(mark)
        .unwrap_or_else(|| panic!("{run}"));
    let command = command.lines().next().unwrap().replace("sudo ", "");
    let command = command.replace("/usr/local/lib/libtaos_odbc.so", driver.to_str().unwrap());
    let variables = [
        ("ODBCSYSINI", folder.to_str().unwrap()),
        ("ODBCINI", file.to_str().unwrap()),
    ];
    let registered = output(&folder, &command, &variables);
    assert!(registered.status.success(), "{registered:?}");
    let query = "odbcinst -q -s -n tdengine_ws && echo 'select server_version()' | isql -b tdengine_ws root taosdata";
    let shown = output(&folder, query, &variables);
    let text = String::from_utf8_lossy(&shown.stdout);
    assert!(
        shown.status.success()
            && text.contains("Driver=TAOS_ODBC_DRIVER")
            && text.contains("3.3.7.5"),
        "{shown:?}"
    );
}
