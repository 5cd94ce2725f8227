//! What `url` prints, the connectors' own parsers read: driver-go's, taos-jdbcdriver's, mdsn (Rust), SQLAlchemy, taosws and
//! Node.js, each in one process over one table of logins that are hard to write. Needs the language's tools and a registry that
//! answers; without them a test says so and passes, but fails where `CI` is `true`.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use taos_sandbox::server::{Options, Sandbox, User};
use taos_setup::fuzzing::Transport;
use taos_setup::fuzzing::format::{Login, Place, Slot, forms, line};
use taos_setup::fuzzing::secret::Secret;
use taos_setup::fuzzing::target::bracketed;

use crate::init::connectors::{skip, succeeds};
use crate::init::connectors_python::copy_of_python;
use crate::init::connectors_rust::rust;

/// Passwords with every character that some layer takes for its own.
const PASSWORDS: [&str; 34] = [
    "taosdata",
    "p@ss",
    "p:ss",
    "p/ss",
    "p?ss",
    "p#ss",
    "p&ss",
    "p=ss",
    "p%ss",
    "100%",
    "%41",
    "%zz",
    "%e5%8c%97",
    "%ff",
    "a+b",
    "a b",
    "a%20b",
    "a;b",
    "a,b",
    "(a)",
    "a)b/",
    "{a}",
    "[a]",
    "$a",
    "${TAOS_PASSWORD}",
    "\"a\"",
    "'a'",
    "a\\b",
    "`a`",
    "é北京",
    "a|b<c>d^e~f!g*h",
    "@ws(h:1)/x?y=z",
    "://a@b/c?d#e",
    r#"p@ss:w/o?r#d %41&=+[](){}'"\,;é北"#,
];

/// A string, and what its reader must find: hosts, user, password, database and token, as the programs print them.
struct Case {
    url: String,
    expected: String,
}

/// Every password for `language` over `transport`, at several kinds of places; and tokens.
fn cases(language: &str, transport: Transport, many: bool) -> Vec<Case> {
    let kinds: [&[(&str, u16)]; 4] = [
        &[("db.example", 6041)],
        &[("10.0.0.7", 1)],
        &[("fe80::1", 65535)],
        &[("h1", 6041), ("::1", 6042)],
    ];
    let mut cases = Vec::new();
    for (at, password) in PASSWORDS.iter().enumerate() {
        let kind = kinds[at % if many { 4 } else { 3 }];
        let user = ["root", "us.er-1", "ü_@/&+%"][at % 3];
        let login = Login::Password(user.into(), Slot::Value(Secret::new(*password)));
        let database = if at % 4 == 0 { "" } else { "power_1" };
        let fields = format!("{}\t{}\t{database}\t", hex(user), hex(password));
        cases.extend(case(
            language, transport, kind, database, &login, false, &fields,
        ));
    }
    if transport != Transport::Native {
        let login = Login::Token(Slot::Value(Secret::new("0123abcDEF-._~")));
        let fields = format!("\t\tpower\t{}", hex("0123abcDEF-._~"));
        let place: &[(&str, u16)] = &[("gw.cloud.taosdata.com", 443)];
        cases.extend(case(
            language, transport, place, "power", &login, true, &fields,
        ));
    }
    assert!(cases.len() >= 15, "{language} {transport}: {}", cases.len());
    cases
}

fn case(
    language: &str,
    transport: Transport,
    hosts: &[(&str, u16)],
    database: &str,
    login: &Login,
    tls: bool,
    fields: &str,
) -> Option<Case> {
    let place = Place {
        config_dir: None,
        hosts: hosts
            .iter()
            .map(|(host, port)| ((*host).into(), *port))
            .collect(),
        prefix: String::new(),
        database: (!database.is_empty()).then(|| database.into()),
        tls,
    };
    let url = line(forms::language(language)?, transport, &place, login)
        .ok()?
        .url;
    let hosts: Vec<_> = hosts
        .iter()
        .map(|(host, port)| format!("{}:{port}", bracketed(host)))
        .collect();
    Some(Case {
        url,
        expected: format!("{}\t{fields}", hosts.join(",")),
    })
}

fn hex(text: &str) -> String {
    text.bytes().map(|byte| format!("{byte:02x}")).collect()
}

/// A folder that stays between runs, so that nothing is built or downloaded twice.
fn workshop(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("url-connectors-{name}"));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// Writes `text` where it is not there already: a build tool rebuilds what looks newer.
fn write(path: &Path, text: &str) {
    if std::fs::read_to_string(path).ok().as_deref() != Some(text) {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
}

/// Runs `command` with `lines` on stdin; its lines of stdout, or what it said where it failed.
fn run(command: &mut Command, lines: &[&str]) -> Result<Vec<String>, String> {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| error.to_string())?;
    let mut text = lines.join("\n");
    text.push('\n');
    child
        .stdin
        .take()
        .unwrap()
        .write_all(text.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    let stdout = String::from_utf8(output.stdout).unwrap();
    Ok(stdout.lines().map(str::to_owned).collect())
}

/// Checks that `program`, which prepared itself, reads every case as expected.
fn reads(test: &str, mut program: Command, cases: &[Case]) {
    let urls: Vec<&str> = cases.iter().map(|case| case.url.as_str()).collect();
    let found = run(&mut program, &urls).unwrap_or_else(|error| panic!("{test}: {error}"));
    assert_eq!(found.len(), cases.len(), "{test}: {found:#?}");
    for (case, found) in cases.iter().zip(&found) {
        assert_eq!(found, &case.expected, "{test}: {}", case.url);
    }
}

/// The program of `source` with driver-go `version`, built.
fn go_program(test: &str, name: &str, version: &str, source: &str) -> Option<Command> {
    let folder = workshop(&format!("go-{name}"));
    write(&folder.join("main.go"), source);
    let module = format!(
        "module example/{name}\n\ngo 1.21\n\nrequire github.com/taosdata/driver-go/v3 {version}\n"
    );
    if !folder.join("go.sum").exists() {
        write(&folder.join("go.mod"), &module);
    }
    let mut tidy = Command::new("go");
    tidy.args(["mod", "tidy"]).current_dir(&folder);
    let mut build = Command::new("go");
    build
        .args(["build", "-o", "program", "."])
        .env("CGO_ENABLED", "0")
        .current_dir(&folder);
    let prepared = if folder.join("go.sum").exists() {
        Ok(Vec::new())
    } else {
        run(&mut tidy, &[])
    };
    if let Err(error) = prepared {
        skip(test, &format!("driver-go cannot be had: {error}"));
        return None;
    }
    run(&mut build, &[]).unwrap_or_else(|error| panic!("{test}: {error}"));
    Some(Command::new(folder.join("program")))
}

#[test]
fn driver_go_reads_them() {
    let source = include_str!("connectors/parse.go");
    if let Some(program) = go_program("driver_go_reads_them", "parse", "v3.7.8", source) {
        let mut all = cases("go", Transport::Ws, false);
        all.extend(cases("go", Transport::Rest, false));
        reads("driver-go", program, &all);
    }
}

/// A sandbox with a user for every password, and the string of `language` for each.
fn logins(
    language: &str,
) -> (
    Sandbox,
    Vec<(&'static str, taos_setup::fuzzing::format::Line)>,
) {
    let mut options = Options::default();
    let users: Vec<_> = (0..PASSWORDS.len())
        .map(|at| format!("user_{at}"))
        .collect();
    for (name, password) in users.iter().zip(PASSWORDS) {
        options.users.push(User {
            name: name.clone(),
            password: password.into(),
            sysinfo: true,
            createdb: true,
        });
    }
    let sandbox = Sandbox::start(options).unwrap();
    let place = Place {
        config_dir: None,
        hosts: vec![("127.0.0.1".into(), sandbox.adapter().port())],
        prefix: String::new(),
        database: None,
        tls: false,
    };
    let language = forms::language(language).unwrap();
    let lines = users
        .iter()
        .zip(PASSWORDS)
        .map(|(name, password)| {
            let login = Login::Password(name.clone(), Slot::Value(Secret::new(password)));
            (
                password,
                line(language, Transport::Ws, &place, &login).unwrap(),
            )
        })
        .collect();
    (sandbox, lines)
}

/// v3.5.5 decodes nothing, and is what `init` takes while no server is known: the strings without the note that says so must
/// log in with it all the same.
#[test]
fn older_driver_go_logs_in() {
    let source = include_str!("connectors/login.go");
    let test = "older_driver_go_logs_in";
    let Some(mut program) = go_program(test, "login", "v3.5.5", source) else {
        return;
    };
    let (_sandbox, mut lines) = logins("go");
    lines.retain(|(_, line)| {
        !line
            .notes
            .iter()
            .any(|note| note.to_string().contains("older"))
    });
    assert!(lines.len() > 20, "{}", lines.len());
    let urls: Vec<&str> = lines.iter().map(|(_, line)| line.url.as_str()).collect();
    let found = run(&mut program, &urls).unwrap();
    for ((password, line), found) in lines.iter().zip(&found) {
        assert_eq!(found, "ok", "{password}: {}", line.url);
    }
    assert_eq!(found.len(), lines.len());
}

#[test]
fn taos_jdbcdriver_reads_them() {
    let test = "taos_jdbcdriver_reads_them";
    let folder = workshop("java");
    let jar = folder.join("taos-jdbcdriver-3.7.9-dist.jar");
    if !jar.exists() {
        let mut copy = Command::new("mvn");
        copy.args([
            "-q",
            "-B",
            "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy",
            "-Dartifact=com.taosdata.jdbc:taos-jdbcdriver:3.7.9:jar:dist",
            "-DoutputDirectory=.",
        ])
        .current_dir(&folder);
        if let Err(error) = run(&mut copy, &[]) {
            return skip(test, &format!("taos-jdbcdriver cannot be had: {error}"));
        }
    }
    write(
        &folder.join("Parse.java"),
        include_str!("connectors/Parse.java"),
    );
    let mut program = Command::new("java");
    program
        .arg("-Dfile.encoding=UTF-8")
        .arg("-Dstdout.encoding=UTF-8")
        .arg("-cp")
        .arg(&jar)
        .arg(folder.join("Parse.java"));
    let mut all = cases("java", Transport::Ws, true);
    all.extend(cases("java", Transport::Rest, false));
    all.extend(cases("java", Transport::Native, false));
    reads(test, program, &all);
}

#[test]
fn mdsn_reads_them() {
    let test = "mdsn_reads_them";
    // Its project depends on taos, too: all crates but the program are then compiled already.
    let Some(context) = rust(test) else {
        return;
    };
    let folder = context.work().join("package");
    let manifest = std::fs::read_to_string(folder.join("Cargo.toml")).unwrap();
    assert!(manifest.contains("[dependencies]\ntaos = "), "{manifest}");
    let manifest = format!("{}\nmdsn = \"=0.2.25\"\n", manifest.trim_end());
    write(&folder.join("Cargo.toml"), &manifest);
    write(
        &folder.join("src/main.rs"),
        include_str!("connectors/parse.rs.txt"),
    );
    succeeds(&folder, "cargo build -q");
    let mut all = Vec::new();
    for (language, transport) in [("rust", Transport::Ws), ("rust", Transport::Native)] {
        all.extend(cases(language, transport, transport == Transport::Ws));
    }
    reads(
        test,
        Command::new(folder.join("target/debug/package")),
        &all,
    );
}

#[test]
fn node_reads_them() {
    let folder = workshop("node");
    write(
        &folder.join("parse.mjs"),
        include_str!("connectors/parse.mjs"),
    );
    let mut program = Command::new("node");
    program.arg(folder.join("parse.mjs"));
    if run(Command::new("node").arg("--version"), &[]).is_err() {
        return skip("node_reads_them", "node is missing");
    }
    reads("node", program, &cases("node", Transport::Ws, false));
}

#[test]
fn python_reads_them() {
    let test = "python_reads_them";
    let folder = workshop("python");
    let python = folder.join("venv/bin/python");
    let ready = folder.join("ready");
    if !ready.exists() {
        let _ = std::fs::remove_dir_all(folder.join("venv"));
        let mut venv = Command::new("sh");
        venv.args(["-c", &copy_of_python("venv")])
            .current_dir(&folder);
        let mut install = Command::new(&python);
        install.args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "taos-ws-py==0.7.0",
            "sqlalchemy==2.0.36",
        ]);
        if let Err(error) = run(&mut venv, &[]).and_then(|_| run(&mut install, &[])) {
            return skip(test, &format!("Python's connectors cannot be had: {error}"));
        }
        write(&ready, "");
    }
    write(
        &folder.join("parse.py"),
        include_str!("connectors/parse.py"),
    );
    let program = || {
        let mut program = Command::new(&python);
        program.arg(folder.join("parse.py"));
        program
    };
    let mut all = cases("python", Transport::Rest, false);
    all.extend(cases("python", Transport::Native, false));
    reads(test, program(), &all);
    let (_sandbox, lines) = logins("python");
    let urls: Vec<&str> = lines.iter().map(|(_, line)| line.url.as_str()).collect();
    let found = run(&mut program(), &urls).unwrap();
    assert_eq!(found.len(), lines.len());
    for ((password, line), found) in lines.iter().zip(&found) {
        assert_eq!(found, "ok", "{password}: {}", line.url);
    }
}
