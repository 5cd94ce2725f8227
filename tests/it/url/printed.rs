//! What `url` prints, and refuses.

use crate::support::program::{Program, TestContext};
use insta::assert_snapshot;

fn url<'a>(context: &'a TestContext, args: &[&str]) -> Program<'a> {
    context.program(["url"].iter().chain(args))
}

#[test]
fn one_string_and_nothing_else_on_stdout() {
    let run = url(
        &TestContext::new(),
        &["db.example:6041", "--lang", "go", "--db", "power"],
    )
    .run();
    assert_snapshot!(run, @r#"
    exit 0
    --- stdout
    root:${TAOS_PASSWORD}@ws(db.example:6041)/power
    --- stderr
    note: for sql.Open("taosWS", …)
    note: ${TAOS_PASSWORD} stands for the value of TAOS_PASSWORD, percent-encoded (unchanged for driver-go before v3.6.0); --show-secrets prints it
    "#);
}

#[test]
fn secrets_are_printed_when_asked_for() {
    let context = TestContext::new();
    let run = url(&context, &["--lang", "java", "--show-secrets"])
        .env("TAOS_HOST", "[::1]:6041")
        .env("TAOS_USER", "reader")
        .env("TAOS_PASSWORD", "p@ss w/rd&+é")
        .run();
    assert_snapshot!(run, @"
    exit 0
    --- stdout
    jdbc:TAOS-WS://[::1]:6041/?user=reader&password=p%40ss%20w%2Frd%26%2B%C3%A9
    --- stderr
    note: it requires taos-jdbcdriver 3.4.0 or later; earlier releases use jdbc:TAOS-RS:// with batchfetch=true
    note: taos-jdbcdriver accepts IPv6 addresses since 3.7.0
    ");
    let run = url(&context, &["--lang", "java", "--show-secrets"]).run();
    assert_snapshot!(run, @"
    exit 2
    --- stdout
    --- stderr
    error[usage]: could not print the connection string with its secret
      TAOS_PASSWORD is not set
      next: set TAOS_PASSWORD, or omit --show-secrets
    ");
}

#[test]
fn password_is_hidden_by_default() {
    let context = TestContext::new();
    let run = url(
        &context,
        &[
            "jdbc:TAOS-WS://h:6041/power?user=root&password=hunter2&charset=UTF-8",
            "--lang",
            "python",
        ],
    )
    .env("TAOS_PASSWORD", "hunter3")
    .run();
    assert!(!run.to_string().contains("hunter"), "{run}");
    assert_snapshot!(run, @"
    exit 0
    --- stdout
    taosws://root:${TAOS_PASSWORD}@h:6041/power
    --- stderr
    note: every user of this machine can see a password in an argument; TAOS_PASSWORD hides it
    note: omitted, because languages name them differently: charset
    note: for taosws.connect(…) of taos-ws-py; SQLAlchemy's taosws:// passes the password on decoded, so only letters, digits, and - . _ ~ are safe there
    note: ${TAOS_PASSWORD} stands for the value of TAOS_PASSWORD, percent-encoded; --show-secrets prints it
    ");
}

#[test]
fn unsupported_strings_are_refused() {
    let context = TestContext::new();
    let run = url(&context, &["h", "--lang", "node", "--transport", "native"]).run();
    assert_snapshot!(run, @"
    exit 3
    --- stdout
    --- stderr
    error[transport-unsupported]: could not print a connection string of Node.js over the native connection
      @tdengine/client, the native connector, is retired: it supports Node.js 12 at most
      next: --transport ws, with @tdengine/websocket
    ");
    let run = url(&context, &["h", "--lang", "csharp", "--show-secrets"])
        .env("TAOS_PASSWORD", "a;b")
        .run();
    assert_snapshot!(run, @"
    exit 3
    --- stdout
    --- stderr
    error[transport-unsupported]: could not print a connection string of C# over WebSocket
      TDengine.Connector splits at semicolons and garbles commas even in quotes; this user or password is empty, contains one, or begins or ends with a quote, a space, or =
      next: set it separately: new ConnectionStringBuilder(text) { Password = … }
    ");
    let run = url(
        &context,
        &["root:hunter2@ws(h1:6041,h2:6041)/", "--lang", "java"],
    )
    .run();
    assert_snapshot!(run, @"
    exit 2
    --- stdout
    --- stderr
    error[usage]: could not read the target `root:***@ws(h1:6041,h2:6041)/`
      it looks like a driver-go DSN, but driver-go accepts one host
      next: pass a host, HOST:PORT, a URL, or a connection string: taos-setup url TARGET
    ");
}

#[test]
fn cloud_takes_its_variables() {
    let run = url(&TestContext::new(), &["--cloud", "--lang", "rust"])
        .env("TDENGINE_CLOUD_URL", "https://gw.cloud.taosdata.com")
        .run();
    assert_snapshot!(run, @"
    exit 0
    --- stdout
    taos+wss://gw.cloud.taosdata.com:443/?token=${TDENGINE_CLOUD_TOKEN}
    --- stderr
    note: ${TDENGINE_CLOUD_TOKEN} stands for the value of TDENGINE_CLOUD_TOKEN, unchanged; --show-secrets prints it
    ");
}

#[test]
fn table_of_all_languages() {
    let run = url(&TestContext::new(), &["h", "--transport", "native"]).run();
    assert_snapshot!(run, @r#"
    exit 0
    --- stdout
    Java     native  jdbc:TAOS://h:6030/?user=root&password=${TAOS_PASSWORD}
    Python   native  taos://root:${TAOS_PASSWORD}@h:6030/
    Go       native  root:${TAOS_PASSWORD}@tcp(h:6030)/
    Rust     native  taos://root:${TAOS_PASSWORD}@h:6030/
    C        native  taos_connect("h", "root", getenv("TAOS_PASSWORD"), NULL, 6030)
    C#       native  protocol=Native;host=h;port=6030;username=root;password=${TAOS_PASSWORD}
    R        native  jdbc:TAOS://h:6030/?user=root&password=${TAOS_PASSWORD}
    PHP      native  new TDengine\Connection('h', 6030, 'root', getenv('TAOS_PASSWORD'))
    Lua      native  driver.connect{host="h", port=6030, user="root", password=os.getenv("TAOS_PASSWORD")}
    ODBC     native  Driver={TAOS_ODBC_DRIVER};SERVER=h:6030;UID=root;PWD=${TAOS_PASSWORD}
    --- stderr
    note: the vendor ends native connections of Java on 2027-01-01; taos-setup migrate changes programs to WebSocket
    note: the vendor ends native connections of Go on 2027-01-01; taos-setup migrate changes programs to WebSocket
    note: the vendor ends native connections of C# on 2027-01-01; taos-setup migrate changes programs to WebSocket
    note: none for Node.js over the native connection: @tdengine/client, the native connector, is retired: it supports Node.js 12 at most
    note: --lang LANGUAGE prints one string with its notes
    "#);
}

#[test]
fn json_says_what_is_refused_too() {
    let context = TestContext::new();
    let run = url(&context, &["h", "--json", "--transport", "rest"]).run();
    let document = run.json();
    let data = &document["data"];
    assert_eq!(data["urls"].as_array().unwrap().len(), 7, "{run}");
    assert_eq!(data["refused"].as_array().unwrap().len(), 4, "{run}");
    let run = url(&context, &["h", "--json", "--lang", "dotnet"]).run();
    assert_snapshot!(run, @r#"
    exit 0
    --- stdout
    {
      "schema": 1,
      "command": "url",
      "ok": true,
      "data": {
        "urls": [
          {
            "language": "csharp",
            "transport": "ws",
            "url": "protocol=WebSocket;host=h;port=6041;username=root;password=${TAOS_PASSWORD}",
            "notes": [
              "${TAOS_PASSWORD} stands for the value of TAOS_PASSWORD, unchanged; --show-secrets prints it"
            ]
          }
        ],
        "refused": []
      },
      "findings": [],
      "error": null
    }
    --- stderr
    note: ${TAOS_PASSWORD} stands for the value of TAOS_PASSWORD, unchanged; --show-secrets prints it
    "#);
}

/// A string that `url` prints is a target for `verify`, which then takes the password from the environment.
#[test]
fn verify_takes_what_url_prints() {
    let served = crate::support::served::Served::healthy();
    let adapter = served.sandbox.adapter().to_string();
    for language in [
        "java", "python", "go", "rust", "node", "c", "csharp", "odbc",
    ] {
        let run = url(&served.context, &[&adapter, "--lang", language]).run();
        let text = run.stdout.trim_end().to_owned();
        let run = served
            .verify(&text, &[])
            .env("TAOS_PASSWORD", "taosdata")
            .run();
        assert_eq!(run.exit, Some(0), "{text}\n{run}");
    }
}

/// What may be a password is not repeated, whatever was forgotten or not encoded around it.
#[test]
fn errors_hide_possible_passwords() {
    let context = TestContext::new();
    let mut said = String::new();
    for target in [
        "root:hunter2",
        "ws://root:hunter2",
        "ws://root:hunter#2@h:6041",
        "ws://root:12/hunter2@h:6041",
        "jdbc:TAOS-RS://h/?user=root&password=a&hunter2",
        "root:hunter2@ws(h:6041)",
        "export TAOS_PASSWORD=hunter2",
        "DriverManager.getConnection(url, \"root\", \"hunter2\")",
        "String password = \"hunter2\";",
    ] {
        let run = url(&context, &[target, "--lang", "rust"]).run();
        assert_eq!(run.exit, Some(2), "{target}\n{run}");
        said += &run.stderr;
    }
    assert!(!said.contains("hunter"), "{said}");
    assert_snapshot!(said, @r#"
    error[usage]: could not read the target `root:***`
      the port is not a number from 1 to 65535
      next: pass a host, HOST:PORT, a URL, or a connection string: taos-setup url TARGET
    error[usage]: could not read the target `ws://root:***`
      the port is not a number from 1 to 65535
      next: pass a host, HOST:PORT, a URL, or a connection string: taos-setup url TARGET
    error[usage]: could not read the target `ws://root:***@h:6041`
      the user or password contains an unencoded # or space; percent-encode it (# is %23, a space is %20)
      next: pass a host, HOST:PORT, a URL, or a connection string: taos-setup url TARGET
    error[usage]: could not read the target `ws://root:***@h:6041`
      the host or port is invalid; percent-encode special characters of the password (/ is %2F, @ is %40)
      next: pass a host, HOST:PORT, a URL, or a connection string: taos-setup url TARGET
    error[usage]: could not read the target `jdbc:TAOS-RS://h/?user=root&password=***`
      it looks like a JDBC URL for REST, but the password contains an unencoded &; percent-encode it (& is %26)
      next: pass a host, HOST:PORT, a URL, or a connection string: taos-setup url TARGET
    error[usage]: could not read the target `root:***@ws(h:6041)`
      it looks like a driver-go DSN, but the address is not followed by a slash
      next: pass a host, HOST:PORT, a URL, or a connection string: taos-setup url TARGET
    error[usage]: could not read the target `export TAOS_PASSWORD=***`
      it sets a secret variable and does not name a server
      next: pass a host, HOST:PORT, a URL, or a connection string: taos-setup url TARGET
    error[usage]: could not read the target `DriverManager.getConnection(***`
      it looks like a call of getConnection, but no string literal is a connection string
      next: pass a host, HOST:PORT, a URL, or a connection string: taos-setup url TARGET
    error[usage]: could not read the target `String password = "***";`
      it sets a secret variable and does not name a server
      next: pass a host, HOST:PORT, a URL, or a connection string: taos-setup url TARGET
    "#);
}
