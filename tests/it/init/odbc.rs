//! How `init --lang odbc` treats files that are there, what it refuses, and what native connections change.

use insta::assert_snapshot;
use taos_sandbox::server::{Options, Sandbox};

use crate::support::program::TestContext;

/// The files that differ from those of `new_odbc`.
#[test]
fn native_connection_is_named_by_server() {
    let context = TestContext::new();
    let arguments = ["init", "--lang", "odbc", "--transport", "native"];
    assert_snapshot!(context.program(arguments).run(), @"
    exit 0
    --- stdout
    created   odbc.ini
    created   odbcinst.ini
    created   tdengine.reg
    created   main.py
    created   README.md
    created   .gitignore

    Build it and run it:
      python3 -m venv .venv
      .venv/bin/python -m pip install pyodbc~=5.2
      taos-setup run -- env ODBCSYSINI=. ODBCINI=odbc.ini .venv/bin/python main.py
    --- stderr
    note: no server given; taos-connector-odbc 1.1.0 works with servers from 3.3.3.0 on
    note: the driver comes with the TDengine client for Windows; elsewhere it is built from source: README.md and docs/odbc.md
    note: the driver gives TIMESTAMP as text, binds no times, and does not read DECIMAL and BLOB
    ");
    let read = |name: &str| std::fs::read_to_string(context.work().join(name)).unwrap();
    let (program, registry) = (read("main.py"), read("tdengine.reg").replace('\r', ""));
    let (_, connection) = program.split_once("def connection_string()").unwrap();
    let connection = connection.split("\n\n\n").next().unwrap();
    let text = format!(
        "{}=== tdengine.reg\n{registry}=== main.py\n{connection}\n",
        read("odbc.ini")
    );
    assert_snapshot!(text, @r#"
    ; Data sources of TDengine. The user and the password come with each connection: the driver reads none here.
    [ODBC Data Sources]
    tdengine_native = TAOS_ODBC_DRIVER

    [tdengine_native]
    Description = TDengine over the native connection
    Driver = TAOS_ODBC_DRIVER
    SERVER = localhost:6030
    === tdengine.reg
    Windows Registry Editor Version 5.00

    ; User data sources for reg import. The file is ASCII, which regedit reads on every Windows.
    [HKEY_CURRENT_USER\Software\ODBC\ODBC.INI\ODBC Data Sources]
    "tdengine_native"="TAOS_ODBC_DRIVER"

    ; For 64-bit programs.
    [HKEY_CURRENT_USER\Software\ODBC\ODBC.INI\tdengine_native]
    "Driver"="C:\\TDengine\\taos_odbc\\x64\\bin\\taos_odbc.dll"
    "SERVER"="localhost:6030"
    === main.py
     -> str:
        """The driver or the data source, the server, and the login."""
        if os.environ.get("TDENGINE_CLOUD_URL"):
            raise RuntimeError(
                "TDengine Cloud has no native connection: unset TDENGINE_CLOUD_URL"
            )
        if os.environ.get("TAOS_TOKEN"):
            raise RuntimeError("the ODBC driver takes no token: unset TAOS_TOKEN")
        if (os.environ.get("TAOS_TLS") or "0") != "0":
            raise RuntimeError("the client reads enableTLS from taos.cfg: unset TAOS_TLS")
        user = os.environ.get("TAOS_USER") or "root"
        password = os.environ.get("TAOS_PASSWORD") or "taosdata"
        plain("TAOS_USER", user)
        plain("TAOS_PASSWORD", password)
        login = f"UID={user};PWD={password}"
        if not any(map(os.environ.get, ("TAOS_HOST", "TAOS_PORT"))):
            return f"DSN={SOURCE};{login}"
        host = os.environ.get("TAOS_HOST") or "localhost"
        if not re.fullmatch("[A-Za-z0-9.-]+", host):
            raise RuntimeError(
                "the ODBC driver takes a host name or an IPv4 address in TAOS_HOST"
            )
        port = int(os.environ.get("TAOS_PORT") or 6030)
        return f"DRIVER={{{DRIVER}}};SERVER={host}:{port};{login}"
    "#);
}

/// The registry file needs no code page: it is ASCII with the line ends of Windows.
#[test]
fn registry_file_is_ascii() {
    let context = TestContext::new();
    let run = context.program(["init", "--lang", "odbc"]).run();
    assert_eq!(run.exit, Some(0), "{run}");
    let text = std::fs::read_to_string(context.work().join("tdengine.reg")).unwrap();
    assert!(text.is_ascii());
    assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
    assert!(
        text.ends_with("\"URL\"=\"http://localhost:6041\"\r\n"),
        "{text}"
    );
    // Paths have their backslashes twice.
    assert!(text.contains(r#""Driver"="C:\\TDengine\\taos_odbc\\x64\\bin\\taos_odbc.dll""#));
}

/// The string that `url` prints has the driver and the settings of the data source.
#[test]
fn data_source_agrees_with_url() {
    for (transport, key) in [("ws", "URL"), ("native", "SERVER")] {
        let context = TestContext::new();
        let arguments = ["init", "--lang", "odbc", "--transport", transport];
        assert_eq!(context.program(arguments).run().exit, Some(0));
        let source = std::fs::read_to_string(context.work().join("odbc.ini")).unwrap();
        let arguments = [
            "url",
            "localhost",
            "--lang",
            "odbc",
            "--transport",
            transport,
            "-q",
        ];
        let url = context.program(arguments).run().stdout;
        let of_url = |name: &str| {
            let mut settings = url.trim().split(';').filter_map(|it| it.split_once('='));
            let found = settings.find(|(known, _)| known.eq_ignore_ascii_case(name));
            found
                .unwrap_or_else(|| panic!("{url}"))
                .1
                .trim_matches(['{', '}'])
                .to_owned()
        };
        for name in ["Driver", key] {
            let line = format!("\n{name} = {}\n", of_url(name));
            assert!(source.contains(&line), "{url}{source}");
        }
    }
}

#[test]
fn existing_files_are_edited_together() {
    let context = TestContext::new();
    let write = |name: &str, text: &str| std::fs::write(context.work().join(name), text).unwrap();
    write(
        "odbc.ini",
        "[ODBC Data Sources]\r\npg=PostgreSQL\r\n\r\n[pg]\r\nDriver=PostgreSQL\r\n",
    );
    write("odbcinst.ini", "[PostgreSQL]\nDriver = psqlodbcw.so");
    let run = context
        .program(["init", "--lang", "odbc", "--dry-run"])
        .run();
    assert_snapshot!(run, @r"
    exit 0
    --- stdout
    --- a/odbc.ini
    +++ b/odbc.ini
    @@ -1,5 +1,11 @@
     [ODBC Data Sources]
     pg=PostgreSQL
    +tdengine_ws=TAOS_ODBC_DRIVER
     
     [pg]
     Driver=PostgreSQL
    +
    +[tdengine_ws]
    +Description=TDengine over WebSocket
    +Driver=TAOS_ODBC_DRIVER
    +URL=http://localhost:6041
    --- a/odbcinst.ini
    +++ b/odbcinst.ini
    @@ -1,2 +1,6 @@
     [PostgreSQL]
    -Driver = psqlodbcw.so
    \ No newline at end of file
    +Driver = psqlodbcw.so
    +
    +[TAOS_ODBC_DRIVER]
    +Description = TDengine
    +Driver = /usr/local/lib/libtaos_odbc.so
    \ No newline at end of file
    --- stderr
    note: no server given; taos-connector-odbc 1.1.0 works with servers from 3.2.2.2 on
    note: the driver comes with the TDengine client for Windows; elsewhere it is built from source: README.md and docs/odbc.md
    note: the driver gives TIMESTAMP as text, binds no times, and does not read DECIMAL and BLOB
    ");
    assert_eq!(
        context
            .program(["init", "--lang", "odbc", "--check"])
            .run()
            .exit,
        Some(7)
    );
    assert_snapshot!(context.program(["init", "--lang", "odbc"]).run(), @"
    exit 0
    --- stdout
    edited    odbc.ini
    edited    odbcinst.ini

    Build it:
      env ODBCSYSINI=. ODBCINI=odbc.ini odbcinst -q -s -n tdengine_ws
    --- stderr
    note: no server given; taos-connector-odbc 1.1.0 works with servers from 3.2.2.2 on
    note: the driver comes with the TDengine client for Windows; elsewhere it is built from source: README.md and docs/odbc.md
    note: the driver gives TIMESTAMP as text, binds no times, and does not read DECIMAL and BLOB
    ");
    // The data source shows the language now.
    let check = context.program(["init", "--check"]).run();
    assert_eq!(check.exit, Some(0), "{check}");
    let lock = context
        .program(["init", "--lock", "--upgrade", "--example", "basic"])
        .run();
    assert_snapshot!(lock, @"
    exit 0
    --- stdout
    unchanged odbc.ini
    created   taos-example/main.py

    Build it and run it:
      python3 -m venv .venv
      .venv/bin/python -m pip install pyodbc~=5.2
      env ODBCSYSINI=. ODBCINI=odbc.ini .venv/bin/python taos-example/main.py
    --- stderr
    note: no server given; taos-connector-odbc 1.1.0 works with servers from 3.2.2.2 on
    note: the driver comes with the TDengine client for Windows; elsewhere it is built from source: README.md and docs/odbc.md
    note: the driver gives TIMESTAMP as text, binds no times, and does not read DECIMAL and BLOB
    ");
}

/// If one of two files cannot be edited, the other is not, either.
#[test]
fn unreadable_drivers_file_leaves_both_alone() {
    let context = TestContext::new();
    let source = context.work().join("odbc.ini");
    std::fs::write(&source, "").unwrap();
    std::fs::write(context.work().join("odbcinst.ini"), "Driver = x\n").unwrap();
    assert_snapshot!(context.program(["init", "--lang", "odbc"]).run(), @"
    exit 8
    --- stdout
    --- stderr
    error[file-unparsable]: could not add taos-connector-odbc 1.1.0 to odbc.ini
      odbc.ini:1: odbcinst.ini: line 1: text before the first section; unixODBC then reads nothing of the file
      next: fix that line and run the command again
    ");
    assert_eq!(std::fs::read_to_string(source).unwrap(), "");
}

#[test]
fn own_file_is_chosen_by_name_only() {
    let context = TestContext::new();
    let file = context.work().join(".odbc.ini");
    std::fs::write(&file, "[pg]\nDriver = PostgreSQL\n").unwrap();
    let without = context.program(["init", "--dry-run", "-q"]).run();
    assert_eq!(without.exit, Some(2), "{without}");
    let arguments = [
        "init",
        "--lang",
        "odbc",
        "--manifest",
        file.to_str().unwrap(),
    ];
    let run = context.program(arguments).run().to_string();
    assert_snapshot!(run.replace(&context.work().display().to_string(), "[home]"), @r"
    exit 0
    --- stdout
    edited    .odbc.ini

    Build it:
      cd [ROOT]/work
      odbcinst -q -s -n tdengine_ws
    --- stderr
    note: no server given; taos-connector-odbc 1.1.0 works with servers from 3.2.2.2 on
    note: the driver comes with the TDengine client for Windows; elsewhere it is built from source: README.md and docs/odbc.md
    note: the driver gives TIMESTAMP as text, binds no times, and does not read DECIMAL and BLOB
    note: the driver TAOS_ODBC_DRIVER must be registered once: printf '[TAOS_ODBC_DRIVER]\nDescription = TDengine\nDriver = /usr/local/lib/libtaos_odbc.so\n' | sudo odbcinst -i -d -r
    ");
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(
        text.starts_with("[pg]\nDriver = PostgreSQL\n\n[tdengine_ws]\n"),
        "{text}"
    );
    assert_eq!(std::fs::read_dir(context.work()).unwrap().count(), 1);
    let system = ["init", "--lang", "odbc", "--manifest", "/etc/odbc.ini"];
    assert_snapshot!(context.program(system).run(), @"
    exit 2
    --- stdout
    --- stderr
    error[usage]: could not set up a project
      `/etc/odbc.ini` belongs to the system, and taos-setup edits only files of projects and users
      next: taos-setup init --lang odbc --dir DIR    # then, in DIR, for all users:
      next: sudo odbcinst -i -d -f odbcinst.ini
      next: sudo odbcinst -i -s -l -f odbc.ini
    ");
}

#[test]
fn refusals() {
    let context = TestContext::new();
    let mut text = String::new();
    for arguments in [
        &["--cloud"][..],
        &["--transport", "rest"],
        &["--needs", "tmq"],
        &["--example", "stmt"],
        &["--dist"],
        &["--dev"],
        &["--server", "3.2.2.2", "--transport", "native"],
        &["--name", "a b"],
    ] {
        let run = context
            .program(["init", "--lang", "odbc"].iter().chain(arguments))
            .run();
        text += &format!("=== {arguments:?}\n{run}");
    }
    assert_snapshot!(text, @r#"
    === ["--cloud"]
    exit 3
    --- stdout
    --- stderr
    error[transport-unsupported]: could not set up ODBC over WebSocket to TDengine Cloud
      the ODBC driver accepts the token only inside of URL, and a data source would keep it in a file
      next: choose another language: csharp, go, java, lua, node, php, python, r, rust
    === ["--transport", "rest"]
    exit 3
    --- stdout
    --- stderr
    error[transport-unsupported]: could not set up ODBC over REST
      the ODBC driver has no REST connection; WebSocket uses the same port
      next: taos-setup init --lang odbc --transport ws
      next: taos-setup init --lang odbc --transport native
    === ["--needs", "tmq"]
    exit 3
    --- stdout
    --- stderr
    error[transport-unsupported]: could not set up ODBC over WebSocket
      ODBC over WebSocket does not support: subscriptions
      next: choose another language: no other transport of this one fits
    === ["--example", "stmt"]
    exit 3
    --- stdout
    --- stderr
    error[transport-unsupported]: could not add the example stmt to ODBC over WebSocket
      init has no ODBC example stmt
      next: omit --example stmt
    === ["--dist"]
    exit 2
    --- stdout
    --- stderr
    error[usage]: could not take the ODBC connector as one file
      --dist is for --lang java
      next: omit --dist
    === ["--dev"]
    exit 2
    --- stdout
    --- stderr
    error[usage]: could not set up the ODBC project
      odbc.ini has no list for --dev
      next: omit --dev
    === ["--server", "3.2.2.2", "--transport", "native"]
    exit 3
    --- stdout
    --- stderr
    error[transport-unsupported]: could not set up ODBC over the native connection with server 3.2.2.2
      its connectors require server 3.3.3.0 or later for that transport, and this server is 3.2.2.2
      next: taos-setup init --lang odbc --transport ws
    === ["--name", "a b"]
    exit 2
    --- stdout
    --- stderr
    error[usage]: could not name the ODBC project a b
      expected ASCII letters, digits, and - _ . with a letter or digit first
      next: pass another name, for example --name a-b
    "#);
    assert_eq!(std::fs::read_dir(context.work()).unwrap().count(), 0);
}

#[test]
fn chinese() {
    let context = TestContext::new();
    std::fs::write(context.work().join("odbc.ini"), "\u{feff}; 数据源\n").unwrap();
    let run = context
        .program(["init", "--lang", "odbc"])
        .env("TAOS_SETUP_LANG", "zh")
        .run();
    assert_snapshot!(run, @r"
    exit 0
    --- stdout
    已修改 odbc.ini

    构建：
      env ODBCSYSINI=. ODBCINI=odbc.ini odbcinst -q -s -n tdengine_ws
    --- stderr
    提示：未指定服务端；taos-connector-odbc 1.1.0 适用于 3.2.2.2 或更高版本的服务端
    提示：驱动随 Windows 版 TDengine 客户端安装；其他系统需从源码编译：见 README.md 和 docs/odbc.md
    提示：驱动以文本返回 TIMESTAMP，不能绑定时间，也不能读取 DECIMAL 和 BLOB
    提示：odbc.ini:1 以字节顺序标记（BOM）开头；unixODBC 因此不会读取该文件的任何内容
    提示：驱动 TAOS_ODBC_DRIVER 需要注册一次：printf '[TAOS_ODBC_DRIVER]\nDescription = TDengine\nDriver = /usr/local/lib/libtaos_odbc.so\n' | sudo odbcinst -i -d -r
    ");
}

/// A directory of another language stays one, whatever its data sources are.
#[test]
fn data_sources_do_not_hide_another_language() {
    let context = TestContext::new();
    std::fs::write(
        context.work().join("go.mod"),
        "module example.com/app\n\ngo 1.21\n",
    )
    .unwrap();
    std::fs::write(context.work().join("odbc.ini"), "[a]\nDriver = TDengine\n").unwrap();
    let json = context.program(["init", "--json"]).run().json();
    assert_eq!(json["data"]["projects"][0]["language"], "go", "{json}");
}

#[test]
fn verify_names_driver_of_data_source() {
    let context = TestContext::new();
    let sandbox = Sandbox::start(Options::default()).unwrap();
    let write = |name: &str, text: &str| std::fs::write(context.work().join(name), text).unwrap();
    write(
        "odbc.ini",
        "[power]\nDriver = TDengine\nURL = http://db:6041\n",
    );
    write(
        "odbcinst.ini",
        "[TDengine]\nDriver = /opt/libtaos_odbc.so.0.1\n",
    );
    let target = sandbox.adapter().to_string();
    let run = context
        .program(["verify", &target, "--transport", "ws"])
        .run();
    assert_eq!(run.exit, Some(0), "{run}");
    let note = "note: odbc.ini names the ODBC driver /opt/libtaos_odbc.so.0.1\n";
    assert_eq!(run.stderr.matches(note).count(), 1, "{run}");
}
