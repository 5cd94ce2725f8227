//! The last check: the connectors of a project, with tools that stand in for those of every language (`connector_tools.sh`).
#![cfg(unix)]

use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use insta::assert_snapshot;
use taos_sandbox::server::{Options, Sandbox, User};

use crate::support::program::{Program, TestContext};
use crate::support::tree::write_files;

/// Every program that a recipe names.
const TOOLS: [&str; 13] = [
    "go", "python3", "node", "npm", "cargo", "java", "mvn", "cmake", "dotnet", "Rscript", "php",
    "lua", "luarocks",
];
/// All languages but R, whose jar is in a project.
const LANGUAGES: &str = "c,csharp,go,java,lua,node,odbc,php,python,rust";

/// A server, and a machine with stand-ins for all tools.
struct Workbench {
    context: TestContext,
    sandbox: Sandbox,
}

impl Workbench {
    fn new() -> Self {
        let mut options = Options::default();
        options.users.push(User {
            name: "app".into(),
            password: "s3cret&word".into(),
            sysinfo: true,
            createdb: true,
        });
        let bench = Self {
            context: TestContext::new(),
            sandbox: Sandbox::start(options).unwrap(),
        };
        let tools = bench.tools();
        std::fs::create_dir(&tools).unwrap();
        std::fs::write(bench.tool(), include_str!("connector_tools.sh")).unwrap();
        let executable = PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(bench.tool(), executable).unwrap();
        for name in TOOLS {
            symlink(bench.tool(), tools.join(name)).unwrap();
        }
        bench
    }

    fn tools(&self) -> PathBuf {
        self.context.root().join("tools")
    }

    fn tool(&self) -> PathBuf {
        self.context.root().join("tool.sh")
    }

    fn log(&self) -> PathBuf {
        self.context.root().join("log")
    }

    /// The commands that were run, and forgets them.
    fn commands(&self) -> String {
        let text = std::fs::read_to_string(self.log()).unwrap_or_default();
        let _ = std::fs::remove_file(self.log());
        text
    }

    fn verify(&self, more: &[&str]) -> Program<'_> {
        self.verify_over("ws,rest", more)
    }

    fn verify_over(&self, transports: &str, more: &[&str]) -> Program<'_> {
        let address = self.sandbox.adapter().to_string();
        let args = ["verify", &address, "--transport", transports];
        let args: Vec<String> = args.iter().chain(more).map(|it| (*it).to_owned()).collect();
        self.context
            .program(args)
            .env("PATH", self.tools())
            .env("TOOL", self.tool())
            .env("LOG", self.log())
            .env("TAOS_USER", "app")
            .env("TAOS_PASSWORD", "s3cret&word")
            .showing(self.sandbox.adapter().port(), "ADAPTER")
    }

    /// The findings of every connector of a run with `--json`, by language.
    fn findings(&self, more: &[&str], variables: &[(&str, &str)]) -> Vec<(String, String)> {
        let mut program = self.verify(&[&["--json"], more].concat());
        for (name, value) in variables {
            program = program.env(name, value);
        }
        let run = program.run();
        let json = run.json();
        assert_eq!(run.exit, Some(15), "{run}");
        assert!(
            !run.stdout.contains("s3cret") && !run.stderr.contains("s3cret"),
            "{run}"
        );
        assert!(!run.stdout.contains("hunter22"), "{run}");
        let connectors = json["data"]["targets"][0]["connectors"].as_array().unwrap();
        let findings = json["findings"].as_array().unwrap();
        let of = |package: &str, version: &str| {
            let named = format!("{package} {version}");
            let found = findings.iter().find(|it| {
                let expected = it["expected"].as_str().unwrap();
                expected.contains(named.trim())
            });
            found.map_or_else(String::new, |it| it["id"].as_str().unwrap().to_owned())
        };
        connectors
            .iter()
            .map(|it| {
                let text = |key: &str| it[key].as_str().unwrap_or_default();
                let id = of(text("package"), text("version"));
                (text("language").to_owned(), id)
            })
            .collect()
    }
}

/// `text` with `[DIGEST]` for the digests of programs, which depend on the machine's variables.
fn without_digest(text: &str) -> String {
    let mut parts = text.split("/programs/go-");
    let mut out = parts.next().unwrap().to_owned();
    for part in parts {
        out += &format!("/programs/go-[DIGEST]{}", &part[24..]);
    }
    out
}

/// Removes the built programs, so that the next run builds.
fn forget(bench: &Workbench) {
    let _ = std::fs::remove_dir_all(bench.context.taos_setup_home().join("programs"));
}

#[test]
fn every_language_reads_its_row() {
    let bench = Workbench::new();
    let run = bench.verify(&["--lang", LANGUAGES]).run();
    assert_snapshot!(run, @"
    exit 0
    --- stdout
    127.0.0.1:[ADAPTER]
      ✓ ws     taosAdapter 3.3.7.5, app, 1 dnode, [ms]
      ✓ rest   taosAdapter 3.3.7.5, app, 1 dnode, [ms]
      C
        ✓ connector      libtaos over ws: a row read, server 3.3.7.5 ([ms])
      C#
        ✓ connector      TDengine.Connector 3.2.1 over ws: a row read, server 3.3.7.5 ([ms])
      Go
        ✓ connector      github.com/taosdata/driver-go/v3 v3.8.2 over ws: a row read, server 3.3.7.5 ([ms])
      Java
        ✓ connector      com.taosdata.jdbc:taos-jdbcdriver 3.7.9 over ws: a row read, server 3.3.7.5 ([ms])
      Lua
        ✓ connector      luasocket 3.1.0 over rest: a row read, server 3.3.7.5 ([ms])
      Node.js
        ✓ connector      @tdengine/websocket 3.2.1 over ws: a row read, server 3.3.7.5 ([ms])
      ODBC
        ✓ connector      taos-connector-odbc 1.1.0 over ws: a row read, server 3.3.7.5 ([ms])
      PHP
        ✓ connector      http:// wrapper of PHP over rest: a row read, server 3.3.7.5 ([ms])
      Python
        ✓ connector      taos-ws-py 0.7.0 over ws: a row read, server 3.3.7.5 ([ms])
      Rust
        ✓ connector      taos 0.12.3 over ws: a row read, server 3.3.7.5 ([ms])
    --- stderr
    note: building the C program with libtaos (cmake)
    note: building the C# program with TDengine.Connector 3.2.1 (dotnet)
    note: building the Go program with github.com/taosdata/driver-go/v3 v3.8.2 (go)
    note: building the Java program with com.taosdata.jdbc:taos-jdbcdriver 3.7.9 (mvn)
    note: building the Lua program with luasocket 3.1.0 (luarocks)
    note: building the Node.js program with @tdengine/websocket 3.2.1 (npm)
    note: building the ODBC program with taos-connector-odbc 1.1.0 (odbc)
    note: building the Python program with taos-ws-py 0.7.0 (pip)
    note: building the Rust program with taos 0.12.3 (cargo)
    ");
    let commands = bench.commands();
    assert!(!commands.contains("s3cret"), "{commands}");
    let again = bench.verify(&["--lang", LANGUAGES]).run();
    assert_eq!(again.stdout.lines().count(), run.stdout.lines().count());
    assert_eq!(again.stderr, "", "nothing is built again");
}

#[test]
fn failures_of_builds_are_told_apart() {
    let bench = Workbench::new();
    // PHP has nothing to build.
    let languages = LANGUAGES.replace("php,", "");
    for (build, id) in [
        ("registry", "connector-registry-unreachable"),
        ("version", "connector-version-missing"),
        ("toolchain", "connector-toolchain-missing"),
        ("compile", "connector-build-failed"),
    ] {
        let found = bench.findings(&["--lang", &languages], &[("BUILD", build)]);
        assert_eq!(found.len(), 9, "{build}");
        for (language, found) in found {
            assert_eq!(found, id, "{language}: {build}");
        }
    }
}

#[test]
fn failures_of_runs_are_told_apart() {
    let bench = Workbench::new();
    for (fault, id) in [
        ("refused", "connector-refused"),
        ("load", "connector-unloadable"),
        ("crash", "connector-crashed"),
        ("rows", "connector-wrong-rows"),
        ("nothing", "connector-wrong-rows"),
    ] {
        let found = bench.findings(&["--lang", LANGUAGES], &[("RUN", fault)]);
        assert_eq!(found.len(), 10, "{fault}");
        for (language, found) in found {
            assert_eq!(found, id, "{language}: {fault}");
        }
    }
}

#[test]
fn missing_tools_are_named() {
    let bench = Workbench::new();
    for name in TOOLS {
        std::fs::remove_file(bench.tools().join(name)).unwrap();
    }
    let found = bench.findings(&["--lang", LANGUAGES], &[]);
    assert_eq!(found.len(), 10);
    for (language, found) in found {
        assert_eq!(found, "connector-toolchain-missing", "{language}");
    }
    assert_snapshot!(bench.verify(&["--lang", "go"]).run(), @"
    exit 15
    --- stdout
    127.0.0.1:[ADAPTER]
      ✓ ws     taosAdapter 3.3.7.5, app, 1 dnode, [ms]
      ✓ rest   taosAdapter 3.3.7.5, app, 1 dnode, [ms]
      Go
        ✗ connector      go is not in PATH ([ms])

    error[connector-toolchain-missing]: go, which Go programs need, cannot be used on this machine (over ws)
      observed: go is not in PATH
      expected: a row of the server, read with github.com/taosdata/driver-go/v3 v3.8.2 over ws
      cause:    The project is built and run with the tools of its language, which are looked up in PATH.
      fix:      install go, or add its directory to PATH
    --- stderr
    ");
}

/// A project of two languages with settings of its own.
fn project(bench: &Workbench) -> PathBuf {
    let folder = bench.context.work().join("app");
    write_files(
        &folder,
        &[
            (
                "package.json",
                r#"{"dependencies": {"@tdengine/websocket": "^3.1.0"}}"#,
            ),
            (
                "package-lock.json",
                r#"{"lockfileVersion": 3, "packages": {"node_modules/@tdengine/websocket": {"version": "3.1.5"}}}"#,
            ),
            (".npmrc", "registry=https://mirror.example/\n"),
            (
                "requirements.txt",
                "--index-url https://mirror.example/simple\ntaos-ws-py==0.6.9\n",
            ),
        ],
    );
    folder
}

/// Every entry of `folder` with its text, also those that are not files.
fn digest(folder: &Path) -> String {
    let listed = Command::new("find")
        .arg(folder)
        .args(["-printf", "%P %y %s %T@ %l\n"])
        .output()
        .unwrap();
    let mut lines: Vec<_> = String::from_utf8(listed.stdout)
        .unwrap()
        .lines()
        .map(str::to_owned)
        .collect();
    lines.sort();
    lines.join("\n")
}

#[test]
fn project_decides_version_settings_and_stays_unchanged() {
    let bench = Workbench::new();
    let folder = project(&bench);
    let before = digest(&folder);
    let arguments = ["--project", folder.to_str().unwrap()];
    assert_snapshot!(bench.verify(&arguments).run(), @"
    exit 0
    --- stdout
    127.0.0.1:[ADAPTER]
      ✓ ws     taosAdapter 3.3.7.5, app, 1 dnode, [ms]
      ✓ rest   taosAdapter 3.3.7.5, app, 1 dnode, [ms]
      Node.js
        ✓ connector      @tdengine/websocket 3.1.5 over ws: a row read, server 3.3.7.5 ([ms])
      Python
        ✓ connector      taos-ws-py 0.6.9 over ws: a row read, server 3.3.7.5 ([ms])
    --- stderr
    note: building the Node.js program with @tdengine/websocket 3.1.5 (npm)
    note: building the Python program with taos-ws-py 0.6.9 (pip)
    ");
    assert_eq!(digest(&folder), before);
    let programs = bench.context.taos_setup_home().join("programs");
    let file = |start: &str, name: &str| {
        let places = std::fs::read_dir(&programs).unwrap().flatten();
        let mut places = places.filter(|it| it.path().is_dir());
        let place = places.find(|it| it.file_name().to_str().unwrap().starts_with(start));
        std::fs::read_to_string(place.unwrap().path().join("work").join(name)).unwrap()
    };
    assert!(file("node-", "package.json").contains(r#""@tdengine/websocket": "3.1.5""#));
    assert_eq!(
        file("node-", ".npmrc"),
        "registry=https://mirror.example/\n"
    );
    assert_eq!(
        file("python-", "requirements.txt"),
        "--index-url https://mirror.example/simple\ntaos-ws-py==0.6.9\n"
    );
    // What decides the program has it built again, and nothing else.
    bench.commands();
    std::fs::write(folder.join("README.md"), "other").unwrap();
    bench.verify(&arguments).run();
    assert!(!bench.commands().contains("npm install"));
    std::fs::write(folder.join(".npmrc"), "registry=https://other.example/\n").unwrap();
    bench.verify(&arguments).run();
    let commands = bench.commands();
    assert!(
        commands.contains("npm install") && !commands.contains("-m venv"),
        "{commands}"
    );
    let gc = bench.context.program(["gc", "--json"]).run();
    let removed = gc.json()["data"]["items"].as_array().unwrap().len();
    assert_eq!(removed, 3, "{gc}");
    assert!(!programs.exists());
}

#[test]
fn hostile_project_reaches_nothing() {
    let bench = Workbench::new();
    let folder = project(&bench);
    let secret = bench.context.root().join("secret");
    std::fs::write(&secret, "registry=https://secret.example/\n").unwrap();
    std::fs::remove_file(folder.join(".npmrc")).unwrap();
    symlink(&secret, folder.join(".npmrc")).unwrap();
    let pipe = Command::new("mkfifo").arg(folder.join(".nvmrc")).status();
    assert!(pipe.unwrap().success());
    let huge = std::fs::File::create(folder.join(".node-version")).unwrap();
    huge.set_len(1 << 40).unwrap();
    let lock = r#"{"lockfileVersion": 3, "packages": {"node_modules/@tdengine/websocket": {"version": "3.1.0\"}; rm -rf $HOME"}}}"#;
    std::fs::write(folder.join("package-lock.json"), lock).unwrap();
    std::fs::write(
        folder.join("requirements.txt"),
        "taos-ws-py==0.6.9; rm -rf ~\n-e ../x\n",
    )
    .unwrap();
    let before = digest(&folder);
    let run = bench.verify(&["--project", folder.to_str().unwrap()]).run();
    assert_eq!(digest(&folder), before);
    assert!(!run.to_string().contains("secret.example"), "{run}");
    assert_snapshot!(run, @r#"
    exit 15
    --- stdout
    127.0.0.1:[ADAPTER]
      ✓ ws     taosAdapter 3.3.7.5, app, 1 dnode, [ms]
      ✓ rest   taosAdapter 3.3.7.5, app, 1 dnode, [ms]
      Node.js
        ✗ connector      package-lock.json pins @tdengine/websocket to 3.1.0"}; rm -rf $HOME, which is not a version ([ms])
      Python
        ✓ connector      taos-ws-py 0.6.9 over ws: a row read, server 3.3.7.5 ([ms])

    error[connector-version-missing]: the registry does not have @tdengine/websocket 3.1.0"}; rm -rf $HOME, which package-lock.json pins (over ws)
      observed: package-lock.json pins @tdengine/websocket to 3.1.0"}; rm -rf $HOME, which is not a version
      expected: a row of the server, read with @tdengine/websocket 3.1.0"}; rm -rf $HOME over ws
      cause:    The version does not exist in the registry that the project uses, was withdrawn, or is not a version that a registry can have.
      fix:      taos-setup init --upgrade    # correct the version in package-lock.json, or the registry
    --- stderr
    note: building the Python program with taos-ws-py 0.6.9 (pip)
    "#);
    let commands = bench.commands();
    assert!(
        !commands.contains("rm -rf") && !commands.contains("npm install"),
        "{commands}"
    );
}

#[test]
fn build_and_run_have_limits() {
    let bench = Workbench::new();
    let begun = Instant::now();
    let arguments = ["--lang", "go", "--build-timeout", "500ms"];
    let found = bench.findings(&arguments, &[("BUILD", "hang")]);
    assert_eq!(found[0].1, "connector-build-timeout");
    let arguments = ["--lang", "go", "--timeout", "500ms"];
    let found = bench.findings(&arguments, &[("RUN", "hang")]);
    assert_eq!(found[0].1, "connector-hung");
    assert!(begun.elapsed() < Duration::from_secs(40));
    assert_eq!(sleepers(&bench), 0);
}

/// The processes that the stand-ins left, after a while: a signal takes effect later than it is sent.
fn sleepers(bench: &Workbench) -> usize {
    let wanted = format!("LOG={}", bench.log().display());
    let count = || {
        let processes = std::fs::read_dir("/proc").into_iter().flatten().flatten();
        let environments = processes.filter_map(|it| std::fs::read(it.path().join("environ")).ok());
        environments
            .filter(|it| String::from_utf8_lossy(it).contains(&wanted))
            .count()
    };
    let begun = Instant::now();
    while count() > 0 && begun.elapsed() < Duration::from_secs(10) {
        std::thread::sleep(Duration::from_millis(5));
    }
    count()
}

#[cfg(target_os = "linux")]
#[test]
fn interrupt_ends_the_build_with_its_children() {
    let bench = Workbench::new();
    let mut command = bench
        .verify(&["--lang", "go"])
        .env("BUILD", "hang")
        .into_command();
    let mut child = command.stdout(std::process::Stdio::null()).spawn().unwrap();
    let begun = Instant::now();
    while !bench.log().exists() && begun.elapsed() < Duration::from_secs(30) {
        std::thread::sleep(Duration::from_millis(20));
    }
    crate::support::program::send(rustix::process::Signal::INT, &child);
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert_eq!(sleepers(&bench), 0);
    let again = bench.verify(&["--lang", "go"]).run();
    assert_eq!(again.exit, Some(0), "{again}");
}

#[test]
fn two_at_once_build_once() {
    let bench = Workbench::new();
    let runs: Vec<_> = (0..2)
        .map(|_| {
            let program = bench.verify(&["--lang", "go"]).env("BUILD", "slow");
            program
                .into_command()
                .stdout(std::process::Stdio::null())
                .spawn()
                .unwrap()
        })
        .collect();
    for mut run in runs {
        assert_eq!(run.wait().unwrap().code(), Some(0));
    }
    assert_eq!(bench.commands().matches("go build").count(), 1);
}

#[test]
fn connector_is_not_run_if_the_server_fails() {
    let bench = Workbench::new();
    let run = bench
        .verify(&["--lang", "go"])
        .env("TAOS_PASSWORD", "wrong")
        .run();
    assert_eq!(run.exit, Some(11), "{run}");
    assert!(run.stdout.contains("not run"), "{run}");
    assert_eq!(bench.commands(), "");
    assert_eq!(bench.sandbox.logins().refused, 1);
    // Nothing failed, and nothing is proven.
    let run = bench.verify_over("rest", &["--lang", "csharp"]).run();
    assert_eq!(run.exit, Some(15), "{run}");
    assert!(run.stdout.contains("connector-unloadable"), "{run}");
}

#[test]
fn rows_are_written_on_demand() {
    let bench = Workbench::new();
    let program = bench
        .verify(&["--lang", "go", "--write"])
        .env("RUN", "write");
    let run = program.run();
    assert!(
        run.exit == Some(0) && run.stdout.contains("rows written and read back"),
        "{run}"
    );
    let program = bench.context.taos_setup_home().join("programs");
    let places = std::fs::read_dir(program).unwrap().flatten();
    let place = places.map(|it| it.path()).find(|it| it.is_dir()).unwrap();
    let text = std::fs::read_to_string(place.join("work/main.go")).unwrap();
    assert!(text.contains("example_readings"));
}

#[test]
fn findings_in_chinese() {
    let bench = Workbench::new();
    let program = bench.verify(&["--lang", "go"]).env("BUILD", "compile");
    let mut run = program.env("TAOS_SETUP_LANG", "zh").run();
    run.stdout = without_digest(&run.stdout);
    assert_snapshot!(run, @"
    exit 15
    --- stdout
    127.0.0.1:[ADAPTER]
      ✓ ws     taosAdapter 3.3.7.5，app，1 个数据节点，[ms]
      ✓ rest   taosAdapter 3.3.7.5，app，1 个数据节点，[ms]
      Go
        ✗ connector      main.x:3:5: error: unknown name ([ms])

    错误[connector-build-failed]：使用 github.com/taosdata/driver-go/v3 v3.8.2 的 Go 程序无法构建（ws）
      实际：main.x:3:5: error: unknown name
      预期：通过 ws 用 github.com/taosdata/driver-go/v3 v3.8.2 从服务端读取的一行数据
      原因：使用该版本连接器的最小程序已用项目的工具和设置构建，显示的是构建的第一个错误。
      修复：(cd [STORE]/programs/go-[DIGEST]/work && go build -mod=mod -o taos-probe .)    # --verbose 显示构建的输出
    --- stderr
    提示：正在用 go 构建使用 github.com/taosdata/driver-go/v3 v3.8.2 的 Go 程序
    ");
    forget(&bench);
    assert_snapshot!(bench.verify(&["--lang", "go", "--project", "nowhere"]).run(), @"
    exit 8
    --- stdout
    --- stderr
    error[file-unreadable]: could not verify the connectors of nowhere
      it is not a directory
      next: taos-setup verify --lang LANGUAGE
    ");
    assert_snapshot!(bench.verify(&["--lang", "cobol"]).run(), @"
    exit 2
    --- stdout
    --- stderr
    error[usage]: could not verify a connector of cobol
      unknown language `cobol`
      next: taos-setup verify --lang c
      next: taos-setup verify --lang csharp
      next: taos-setup verify --lang go
      next: taos-setup verify --lang java
      next: taos-setup verify --lang lua
      next: taos-setup verify --lang node
      next: taos-setup verify --lang odbc
      next: taos-setup verify --lang php
      next: taos-setup verify --lang python
      next: taos-setup verify --lang r
      next: taos-setup verify --lang rust
    ");
}

/// `text` with `[ms]` for its last number of each line, which is a time.
fn without_times(text: &str) -> String {
    let line = |line: &str| {
        let words = line.split_inclusive([' ', '"']);
        let is_time = |word: &str| {
            let number = word.trim_end_matches([' ', '"']);
            !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit() || b == b'.')
        };
        let words = words.map(|word| match is_time(word) {
            true => "[time] ".to_owned(),
            false => word.to_owned(),
        });
        words.collect::<String>()
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn connectors_are_in_every_report_without_names() {
    let bench = Workbench::new();
    let args = ["--lang", "go,php", "--anonymize", "--format", "github"];
    let files = ["a.html", "a.md", "a.xml", "a.prom"];
    let reports = files.iter().flat_map(|file| ["--report", *file]);
    let args: Vec<&str> = args.into_iter().chain(reports).collect();
    let run = bench
        .verify(&args)
        .env("BUILD", "compile")
        .env("GITHUB_STEP_SUMMARY", "summary.md")
        .run();
    assert_eq!(run.exit, Some(15), "{run}");
    let read = |file: &str| std::fs::read_to_string(bench.context.work().join(file)).unwrap();
    let port = bench.sandbox.adapter().port().to_string();
    let lines = |text: &str, word: &str| {
        let text = text.replace(&port, "[ADAPTER]");
        let lines = text.lines().filter(|line| line.contains(word));
        let lines: Vec<&str> = lines.map(str::trim).collect();
        lines.join("\n")
    };
    assert_snapshot!(without_digest(&lines(&run.stdout, "driver-go")), @"
    error[connector-build-failed]: the Go program with github.com/taosdata/driver-go/v3 v3.8.2 does not build (over ws)
    expected: a row of the server, read with github.com/taosdata/driver-go/v3 v3.8.2 over ws
    ::error title=taos-setup connector-build-failed%3A loopback-1%3A[ADAPTER]::the Go program with github.com/taosdata/driver-go/v3 v3.8.2 does not build%0AThe smallest program that uses this version of the connector was built with the tools and settings of the project. The first error of the build is shown.%0A(cd [STORE]/programs/go-[DIGEST]/work && go build -mod=mod -o taos-probe .)    # --verbose shows the output of the build
    ");
    assert_snapshot!(run.stderr, @"note: building the Go program with github.com/taosdata/driver-go/v3 v3.8.2 (go)");
    assert_snapshot!(without_times(&lines(&read("a.xml"), "<testcase name=\"connector")), @r#"
    <testcase name="connector github.com/taosdata/driver-go/v3" classname="loopback-1:[ADAPTER].go" time="[time] >
    <testcase name="connector http:// wrapper of PHP" classname="loopback-1:[ADAPTER].php" time="[time] />
    "#);
    assert_snapshot!(lines(&read("a.xml"), "<failure"), @r#"<failure message="main.x:3:5: error: unknown name" type="connector-build-failed">a row of the server, read with github.com/taosdata/driver-go/v3 v3.8.2 over ws</failure>"#);
    assert_snapshot!(lines(&read("a.prom"), "connector_up"), @r#"
    # HELP taos_setup_verify_connector_up Whether a program with the connector read its row.
    # TYPE taos_setup_verify_connector_up gauge
    taos_setup_verify_connector_up{target="loopback-1:[ADAPTER]",language="go",connector="github.com/taosdata/driver-go/v3",version="v3.8.2",transport="ws"} 0
    taos_setup_verify_connector_up{target="loopback-1:[ADAPTER]",language="php",connector="http:// wrapper of PHP",version="",transport="rest"} 1
    "#);
    assert_snapshot!(without_times(&lines(&read("a.md"), "onnector")), @"
    - **Cause**: The smallest program that uses this version of the connector was built with the tools and settings of the project. The first error of the build is shown.
    - **ID**: `connector-build-failed`
    | ❌ | connector: github.com/taosdata/driver-go/v3 | main.x:3:5: error: unknown name | [time] |
    | ✅ | connector: http:// wrapper of PHP | http:// wrapper of PHP over rest: a row read, server [time] | [time] |
    ");
    assert_eq!(
        read("summary.md").lines().count(),
        read("a.md").lines().count()
    );
    let page = read("a.html");
    assert!(page.contains("driver-go") && page.contains("PHP"), "{page}");
    for text in [
        run.stdout,
        run.stderr,
        page,
        read("a.xml"),
        read("a.prom"),
        read("a.md"),
    ] {
        assert!(
            !text.contains("127.0.0.1") && !text.contains("app,"),
            "{text}"
        );
    }
}
