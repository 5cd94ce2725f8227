//! What `init` makes, built with the real connectors from their registries and run against the sandbox. Needs the language's
//! tools and a registry that answers; without them a test says so and passes, but fails where `CI` is `true`. Java, Node.js and
//! what takes the native connection stand in `connectors_java`, `connectors_node`, and so on.

use std::io::{Read, Write};
use std::net::{Ipv6Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use base64::Engine;
use insta::assert_snapshot;
use taos_sandbox::server::{Listen, Options, Sandbox, User};

use crate::init::connectors_python::copy_of_python;
use crate::init::connectors_tokens::{accepts_tokens, refuses_tokens};
use crate::support::certificates::Authority;
use crate::support::program::{TestContext, path_with};
use crate::support::skipped;

/// Where R finds the stand-in for RJDBC.
pub const R_LIBRARY: &str = concat!(env!("CARGO_TARGET_TMPDIR"), "/r-library");

/// The variable that Java takes options from, and names in a line on stderr.
const JAVA_OPTIONS: &str = "JDK_JAVA_OPTIONS";

/// The command of Python projects that makes their environment.
const VENV: &str = "python3 -m venv .venv";

/// Every character that some layer between a variable and the server may take for its own.
pub const AWKWARD: &str = r#"p@ss:w/o?r#d %41&=+[](){}'"\,;é北"#;

pub fn sandbox() -> Sandbox {
    let mut options = Options::default();
    options.users.push(User {
        name: "awkward".into(),
        password: AWKWARD.into(),
        sysinfo: true,
        createdb: true,
    });
    options.users.push(User {
        name: "reader".into(),
        password: "taosdata".into(),
        sysinfo: true,
        createdb: false,
    });
    Sandbox::start(options).unwrap()
}

/// Reports that a test does not run; in CI that is a failure.
pub fn skip(test: &str, why: &str) {
    skipped::report_or_fail(test, why);
}

/// Reports that a connector is not run because the registry does not have it, on any machine.
pub fn not_in_the_registry(test: &str, package: &str) {
    skipped::report(test, &format!("the registry does not have {package}"));
}

pub fn output(folder: &Path, command: &str, variables: &[(&str, &str)]) -> Output {
    let mut shell = Command::new("sh");
    shell.args(["-c", command]).current_dir(folder);
    for name in [
        // Cargo projects have their own, and not what the tests were built with.
        "CARGO_TARGET_DIR",
        "CARGO_BUILD_TARGET_DIR",
        "RUSTFLAGS",
        "TAOS_DB",
        "TAOS_TLS",
        "TAOS_CA_FILE",
        "TAOS_TOKEN",
        "TAOS_HOST",
        "TAOS_PORT",
        "TAOS_USER",
        "TAOS_PASSWORD",
        "TDENGINE_CLOUD_URL",
        "VIRTUAL_ENV",
    ] {
        shell.env_remove(name);
    }
    // Java writes in the encoding that the locale names.
    shell.env("LC_ALL", "C.UTF-8");
    // Short runs are not worth the second compiler, nor proofs of code that compilers made, nor byte code of all that is installed.
    shell.env(
        JAVA_OPTIONS,
        "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:+UnlockDiagnosticVMOptions -XX:-BytecodeVerificationRemote",
    );
    shell.env("R_LIBS", R_LIBRARY);
    shell.env("PIP_NO_COMPILE", "1");
    shell.env("PIP_DISABLE_PIP_VERSION_CHECK", "1");
    shell.envs(variables.iter().copied()).output().unwrap()
}

#[track_caller]
pub fn succeeds(folder: &Path, command: &str) -> String {
    text_of_success(command, &output(folder, command, &[]))
}

#[track_caller]
fn text_of_success(command: &str, output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command}\n{text}{errors}");
    text
}

/// A project that `init` set up, as its JSON describes it.
pub struct Project {
    pub folder: PathBuf,
    run: String,
    /// The commands that run the examples beside `basic`.
    examples: Vec<String>,
    /// What its commands find the program and the context's client by.
    environment: Vec<(&'static str, String)>,
}

impl Project {
    /// Runs `init --json` with `arguments` for `folder`, then the build commands that it gives.
    #[track_caller]
    pub fn build(context: &TestContext, folder: &Path, arguments: &[&str]) -> Self {
        let (project, commands) = Self::create_with_commands(context, folder, arguments);
        if commands.iter().any(|command| command == VENV) {
            // Then it only checks what is there.
            project.succeeds(&copy_of_python(".venv"));
        }
        for command in commands {
            project.succeeds(&command);
        }
        project
    }

    /// Runs `init --json` with `arguments` for `folder`, and builds nothing.
    #[track_caller]
    pub fn create(context: &TestContext, folder: &Path, arguments: &[&str]) -> Self {
        Self::create_with_commands(context, folder, arguments).0
    }

    /// The project, and the commands that build it.
    #[track_caller]
    fn create_with_commands(
        context: &TestContext,
        folder: &Path,
        arguments: &[&str],
    ) -> (Self, Vec<String>) {
        let mut all = vec![
            "init",
            "--json",
            "--example",
            "basic",
            "--dir",
            folder.to_str().unwrap(),
        ];
        all.extend(arguments);
        let json = context.program(all).run().json();
        let project = &json["data"]["projects"][0];
        let commands = |key: &str| -> Vec<String> {
            let list = project[key].as_array().unwrap_or_else(|| panic!("{json}"));
            list.iter()
                .map(|it| it.as_str().unwrap().to_owned())
                .collect()
        };
        let mut runs = commands("run");
        let examples = runs.split_off(1);
        let program = Path::new(env!("CARGO_BIN_EXE_taos-setup"));
        let path = path_with(program.parent().unwrap());
        let project = Self {
            folder: folder.to_owned(),
            run: runs.remove(0),
            examples,
            environment: vec![
                ("PATH", path.into_string().unwrap()),
                (
                    "TAOS_SETUP_HOME",
                    context.taos_setup_home().display().to_string(),
                ),
            ],
        };
        (project, commands("build"))
    }

    /// The project with `folder` before the other directories in which programs are looked up.
    #[cfg(unix)]
    #[must_use]
    pub fn with_path(mut self, folder: &Path) -> Self {
        let path = &mut self.environment[0].1;
        *path = format!("{}:{path}", folder.display());
        self
    }

    /// The project with the variable `name`.
    #[cfg(unix)]
    #[must_use]
    pub fn with_variable(mut self, name: &'static str, value: &str) -> Self {
        self.environment.push((name, value.to_owned()));
        self
    }

    /// Runs `command` in the project's folder.
    fn output(&self, command: &str, variables: &[(&str, &str)]) -> Output {
        let mut all: Vec<_> = self
            .environment
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        all.extend(variables);
        output(&self.folder, command, &all)
    }

    /// Runs `command` in the project's folder, which must succeed; gives what it printed.
    #[track_caller]
    pub fn succeeds(&self, command: &str) -> String {
        text_of_success(command, &self.output(command, &[]))
    }

    /// Runs the program for the server at `address`; gives what it printed, with instants as `[instant]` and the port as `[port]`.
    pub fn run(&self, address: SocketAddr, variables: &[(&str, &str)]) -> String {
        self.run_command(&self.run, address, variables)
    }

    /// Runs the examples beside `basic` on a new server; gives what they printed, rows of one instant in a fixed order.
    #[track_caller]
    pub fn check_examples(&self) -> String {
        self.check_examples_on(&sandbox(), Sandbox::adapter, &[])
    }

    /// [`Self::check_examples`] over native connections.
    #[cfg(target_os = "linux")]
    #[track_caller]
    pub fn check_native_examples(&self) -> String {
        self.check_examples_on(&sandbox(), Sandbox::native, &[])
    }

    /// Runs the examples beside `basic` on `sandbox`, at the address that `address` gives.
    #[track_caller]
    pub fn check_examples_on(
        &self,
        sandbox: &Sandbox,
        address: fn(&Sandbox) -> SocketAddr,
        variables: &[(&str, &str)],
    ) -> String {
        let (adapter, address) = (sandbox.adapter(), address(sandbox));
        let mut text = String::new();
        for command in &self.examples {
            let mut printed = self.run_command(command, address, variables);
            let mut lines: Vec<_> = printed.lines().collect();
            for rows in
                lines.chunk_by_mut(|a, b| a.starts_with("[instant]") && b.starts_with("[instant]"))
            {
                rows.sort_unstable();
            }
            printed = lines.join("\n");
            text += &format!("--- {command}\n{printed}\n");
            assert_eq!(databases(adapter), EMPTY_SERVER, "{command}");
        }
        assert_eq!(sandbox.logins().refused, 0);
        text
    }

    fn run_command(
        &self,
        command: &str,
        address: SocketAddr,
        variables: &[(&str, &str)],
    ) -> String {
        let port = address.port().to_string();
        let mut all = vec![("TAOS_HOST", "127.0.0.1"), ("TAOS_PORT", port.as_str())];
        all.extend(variables);
        let output = self.output(command, &all);
        let mut text = format!("exit {}\n", output.status.code().unwrap());
        for line in String::from_utf8(output.stdout).unwrap().lines() {
            match line.split_once("Z  ") {
                Some((instant, rest)) if instant.len() == 23 => {
                    text += &format!("[instant]  {rest}\n");
                }
                _ => text += &format!("{line}\n"),
            }
        }
        let errors = String::from_utf8(output.stderr).unwrap();
        for line in errors.lines().filter(|line| !line.contains(JAVA_OPTIONS)) {
            let line = line.replace(&port, "[port]");
            text += &format!(
                "stderr: {}\n",
                mask_after(&line, &["req_id=", "Errno ", "os error ", "taos_example_"])
            );
        }
        text
    }
}

/// Checks a built project against the sandbox: rows come back, over any password and IPv6; a wrong password is one failed
/// login and one line; nothing is left behind. Gives what the plain run and the failing runs printed.
#[track_caller]
pub fn check(project: &Project) -> String {
    check_over(project, true)
}

/// As `check`, over IPv6 only where `ipv6` says that the connector can dial it.
#[track_caller]
pub fn check_over(project: &Project, ipv6: bool) -> String {
    let old = Sandbox::start(Options {
        version: "3.2.2.2".into(),
        ..Options::default()
    })
    .unwrap();
    let on_old = project.run(old.adapter(), &[]);
    let checked = check_on_new(project, ipv6);
    let plain = checked.split("--- wrong password").next().unwrap();
    assert_eq!(
        on_old,
        plain.replace("3.3.7.5", "3.2.2.2"),
        "the oldest server"
    );
    checked
}

/// [`check`] without the oldest server, for projects of later ones.
#[track_caller]
pub fn check_on_new(project: &Project, ipv6: bool) -> String {
    let sandbox = sandbox();
    let adapter = sandbox.adapter();
    let plain = project.run(adapter, &[]);
    assert_eq!(databases(adapter), EMPTY_SERVER);
    assert_eq!(sandbox.logins().refused, 0);

    let awkward = [("TAOS_USER", "awkward"), ("TAOS_PASSWORD", AWKWARD)];
    assert_eq!(project.run(adapter, &awkward), plain, "an awkward password");
    match forward_from_ipv6(adapter) {
        _ if !ipv6 => {}
        Some(port) => {
            let port = port.to_string();
            for host in ["::1", "[::1]"] {
                let ipv6 = [("TAOS_HOST", host), ("TAOS_PORT", port.as_str())];
                assert_eq!(project.run(adapter, &ipv6), plain, "{host}");
            }
        }
        None => skip("the IPv6 part", "this machine has no ::1"),
    }

    let wrong = project.run(adapter, &[("TAOS_PASSWORD", "wrong")]);
    assert_eq!(
        sandbox.logins().refused,
        1,
        "servers lock accounts after three"
    );
    assert_eq!(databases(adapter), EMPTY_SERVER);

    let denied = project.run(adapter, &[("TAOS_USER", "reader")]);
    assert_eq!(databases(adapter), EMPTY_SERVER);

    let closed = Sandbox::start(Options {
        adapter: Listen::Refused,
        ..Options::default()
    })
    .unwrap();
    let refused = project.run(closed.adapter(), &[]);
    let cloud = [
        (
            "TDENGINE_CLOUD_URL",
            format!("https://{}", closed.adapter()),
        ),
        ("TDENGINE_CLOUD_TOKEN", "not/to+be seen".into()),
    ];
    let cloud: Vec<_> = cloud
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let cloud = project.run(closed.adapter(), &cloud);
    format!(
        "{plain}--- wrong password\n{wrong}--- may not create databases\n{denied}--- closed port\n{refused}--- Cloud, \
         closed port\n{cloud}"
    )
}

/// Checks a built project against a server of one's own over TLS: rows come back if the variable `ca` names its authority, and
/// no login is sent to it if nothing does.
#[track_caller]
pub fn check_over_tls(project: &Project, ca: &str) {
    let authority = Authority::new();
    let sandbox = Sandbox::start(Options {
        tls: Some(authority.signs(&["127.0.0.1", "localhost"], |_| {})),
        ..Options::default()
    })
    .unwrap();
    let strange = project.run(sandbox.adapter(), &[("TAOS_TLS", "1")]);
    assert!(strange.starts_with("exit 1\n"), "no authority: {strange}");
    let logins = sandbox.logins();
    assert_eq!((logins.accepted, logins.refused), (0, 0), "{strange}");

    let folder = tempfile::tempdir().unwrap();
    let file = authority.file(folder.path());
    let trusting = [("TAOS_TLS", "1"), (ca, file.to_str().unwrap())];
    let run = project.run(sandbox.adapter(), &trusting);
    assert!(
        run.starts_with("exit 0\n") && run.contains("rows read: 2\n"),
        "{run}"
    );
}

/// `line` with the number after each of `words` as `[n]`.
fn mask_after(line: &str, words: &[&str]) -> String {
    let mut line = line.to_owned();
    for word in words {
        if let Some((before, rest)) = line.clone().split_once(word) {
            let rest = rest.trim_start_matches(|c: char| c.is_ascii_hexdigit());
            line = format!("{before}{word}[n]{rest}");
        }
    }
    line
}

pub const EMPTY_SERVER: &str = r#"[["information_schema"],["performance_schema"]]"#;

/// The names of the server's databases, as REST gives them.
pub fn databases(adapter: SocketAddr) -> String {
    let sql = "select name from information_schema.ins_databases order by name";
    let login = base64::engine::general_purpose::STANDARD.encode("root:taosdata");
    let mut stream = TcpStream::connect(adapter).unwrap();
    write!(
        stream,
        "POST /rest/sql HTTP/1.1\r\nHost: x\r\nAuthorization: Basic {login}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{sql}",
        sql.len()
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (_, data) = answer
        .split_once("\"data\":")
        .unwrap_or_else(|| panic!("{answer}"));
    data.split_once(",\"rows\"").unwrap().0.to_owned()
}

/// A port of `::1` behind which `to` answers, until the test program ends; `None` on a machine without IPv6.
fn forward_from_ipv6(to: SocketAddr) -> Option<u16> {
    let listener = TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).ok()?;
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for inside in listener.incoming().flatten() {
            let Ok(outside) = TcpStream::connect(to) else {
                continue;
            };
            for (from, to) in [(&inside, &outside), (&outside, &inside)] {
                let (mut from, mut to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
                std::thread::spawn(move || {
                    let _ = std::io::copy(&mut from, &mut to);
                    let _ = to.shutdown(std::net::Shutdown::Write);
                });
            }
        }
    });
    Some(port)
}

/// The first reason why a language's connectors cannot be built here, looked for once in a run of the tests.
pub type Toolchain = OnceLock<Option<String>>;

/// `None`, and a line that says so, if one of `programs`, which answer to `version`, is missing, or if one of `commands`, which
/// download `connector`, fails.
pub fn toolchain(
    test: &str,
    known: &Toolchain,
    (programs, version): (&[&str], &str),
    connector: &str,
    commands: &[String],
) -> Option<()> {
    let missing = known.get_or_init(|| {
        let runs = |program: &&&str| Command::new(program).arg(version).output().is_ok();
        if let Some(program) = programs.iter().find(|program| !runs(program)) {
            return Some(format!("{program} is missing"));
        }
        let folder = tempfile::tempdir().unwrap();
        let succeeds = |command: &&String| output(folder.path(), command, &[]).status.success();
        let failed = commands.iter().find(|command| !succeeds(command))?;
        Some(format!("{connector} cannot be downloaded by `{failed}`"))
    });
    match missing {
        Some(why) => skip_none(test, why),
        None => Some(()),
    }
}

/// `None`, and a line that says so, where Go or its registry is missing.
pub fn go(test: &str) -> Option<()> {
    static KNOWN: Toolchain = Toolchain::new();
    let commands = ["v3.5.5", "v3.8.2"]
        .map(|version| format!("go mod download github.com/taosdata/driver-go/v3@{version}"));
    toolchain(test, &KNOWN, (&["go"], "version"), "driver-go", &commands)
}

pub fn skip_none(test: &str, why: &str) -> Option<()> {
    skip(test, why);
    None
}

#[track_caller]
fn go_is_clean(folder: &Path) {
    assert_eq!(succeeds(folder, "gofmt -l ."), "");
    succeeds(folder, "go vet ./...");
}

#[test]
fn go_over_websocket() {
    let Some(()) = go("go_over_websocket") else {
        return;
    };
    let context = TestContext::new();
    let arguments = ["--lang", "go", "--server", "3.2.2.2"];
    let project = Project::build(&context, &context.work().join("hello"), &arguments);
    go_is_clean(&project.folder);
    refuses_tokens(&project, Sandbox::adapter);
    assert_snapshot!(check(&project), @"
    exit 0
    server version: 3.3.7.5
    rows written: 2
    [instant]  21.5  Zürich
    [instant]  -3.25  北京
    rows read: 2
    --- wrong password
    exit 1
    stderr: error: ask for the server's version: connect: the login failed; check TAOS_USER and TAOS_PASSWORD (taos-setup verify tells more)
    --- may not create databases
    exit 1
    server version: 3.3.7.5
    stderr: error: create database taos_example_[n]: [0x303] Insufficient privilege for operation
    --- closed port
    exit 1
    stderr: error: ask for the server's version: connect: dial tcp 127.0.0.1:[port]: connect: connection refused
    --- Cloud, closed port
    exit 1
    stderr: error: ask for the server's version: connect: dial tcp 127.0.0.1:[port]: connect: connection refused
    ");
}

#[test]
fn go_over_websocket_with_the_newest_release() {
    let Some(()) = go("go_over_websocket_with_the_newest_release") else {
        return;
    };
    let context = TestContext::new();
    let arguments = [
        "--lang",
        "go",
        "--server",
        "3.3.7.5",
        "--example",
        "stmt,tmq,schemaless,pool",
    ];
    let project = Project::build(&context, &context.work().join("hello"), &arguments);
    go_is_clean(&project.folder);
    check_over_tls(&project, "TAOS_CA_FILE");
    accepts_tokens(&project, Sandbox::adapter, &["tmq"]);
    assert_snapshot!(check_on_new(&project, true), @"
    exit 0
    server version: 3.3.7.5
    rows written: 2
    [instant]  21.5  Zürich
    [instant]  -3.25  北京
    rows read: 2
    --- wrong password
    exit 1
    stderr: error: ask for the server's version: connect: [0x357] Authentication failure
    --- may not create databases
    exit 1
    server version: 3.3.7.5
    stderr: error: create database taos_example_[n]: [0x303] Insufficient privilege for operation
    --- closed port
    exit 1
    stderr: error: ask for the server's version: connect: dial tcp 127.0.0.1:[port]: connect: connection refused
    --- Cloud, closed port
    exit 1
    stderr: error: ask for the server's version: connect: dial tcp 127.0.0.1:[port]: connect: connection refused
    ");
    assert_snapshot!(project.check_examples(), @"
    --- ./bin/hello-stmt
    exit 0
    rows written: 6
    [instant]  -2.75  北京
    [instant]  -3  北京
    [instant]  -3.25  北京
    [instant]  21.5  Zürich
    [instant]  21.75  Zürich
    [instant]  22  Zürich
    rows read: 6
    --- ./bin/hello-tmq
    exit 0
    rows written: 2
    [instant]  -3.25  北京
    [instant]  21.5  Zürich
    rows received: 2
    --- ./bin/hello-schemaless
    exit 0
    lines written: 2
    [instant]  -3.25  北京
    [instant]  21.5  Zürich
    rows read: 2
    --- ./bin/hello-pool
    exit 0
    rows written: 80
    ");
}

#[test]
fn go_for_the_cloud() {
    let Some(()) = go("go_for_the_cloud") else {
        return;
    };
    let context = TestContext::new();
    for (transport, server) in [("ws", "3.2.2.2"), ("ws", "3.3.7.5"), ("rest", "3.3.7.5")] {
        let folder = context.work().join(format!("{transport}-{server}"));
        let arguments = [
            "--lang",
            "go",
            "--cloud",
            "--transport",
            transport,
            "--server",
            server,
        ];
        let project = Project::build(&context, &folder, &arguments);
        go_is_clean(&project.folder);
    }
}

#[test]
fn go_over_rest() {
    let Some(()) = go("go_over_rest") else {
        return;
    };
    let context = TestContext::new();
    let arguments = ["--lang", "go", "--transport", "rest", "--example", "pool"];
    let project = Project::build(&context, &context.work().join("hello"), &arguments);
    go_is_clean(&project.folder);
    check_over_tls(&project, "TAOS_CA_FILE");
    accepts_tokens(&project, Sandbox::adapter, &[]);
    assert_snapshot!(check(&project), @r#"
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
    stderr: error: ask for the server's version: Post "http://127.0.0.1:[port]/rest/sql?app=hello&req_id=[n]": dial tcp 127.0.0.1:[port]: connect: connection refused
    --- Cloud, closed port
    exit 1
    stderr: error: ask for the server's version: Post "https://127.0.0.1:[port]/rest/sql?app=hello&token=***&req_id=[n]": dial tcp 127.0.0.1:[port]: connect: connection refused
    "#);
    assert_snapshot!(project.check_examples(), @"
    --- ./bin/hello-pool
    exit 0
    rows written: 80
    ");
}

#[test]
fn go_in_an_existing_module() {
    let Some(()) = go("go_in_an_existing_module") else {
        return;
    };
    let context = TestContext::new();
    let folder = context.work();
    std::fs::write(folder.join("go.mod"), "module example.com/app\n\ngo 1.21\n").unwrap();
    std::fs::write(folder.join("app.go"), "package app\n").unwrap();
    let project = Project::build(&context, &folder, &["--lang", "go"]);
    go_is_clean(&folder);
    let sandbox = sandbox();
    assert_snapshot!(project.run(sandbox.adapter(), &[]), @"
    exit 0
    server version: 3.3.7.5
    rows written: 2
    [instant]  21.5  Zürich
    [instant]  -3.25  北京
    rows read: 2
    ");
    assert_eq!(databases(sandbox.adapter()), EMPTY_SERVER);
}
