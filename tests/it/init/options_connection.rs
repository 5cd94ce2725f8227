//! `--needs`, `--cloud` and `--source`.

use std::fs;

use crate::support::program::TestContext;
use crate::support::tree::tree;
use insta::assert_snapshot;

#[test]
fn needs_that_rest_does_not_meet() {
    let context = TestContext::new();
    let run = |arguments: &[&str]| {
        let mut all = vec!["init"];
        all.extend(arguments);
        context.program(all).run()
    };
    assert_snapshot!(run(&["--lang", "go", "--transport", "rest", "--needs", "tmq"]), @"
    exit 3
    --- stdout
    --- stderr
    error[transport-unsupported]: could not set up Go over REST
      Go over REST does not support: subscriptions
      next: taos-setup init --lang go --transport ws
      next: taos-setup init --lang go --transport native
    ");
    assert_snapshot!(run(&["--lang", "java", "--transport", "rest", "--needs", "stmt,binary"]), @"
    exit 3
    --- stdout
    --- stderr
    error[transport-unsupported]: could not set up Java over REST
      Java over REST does not support: parameter binding, binary types
      next: taos-setup init --lang java --transport ws
      next: taos-setup init --lang java --transport native
    ");
    assert_snapshot!(run(&["--lang", "node", "--transport", "rest", "--needs", "schemaless", "--json"]), @r#"
    exit 3
    --- stdout
    {
      "schema": 1,
      "command": "init",
      "ok": false,
      "data": null,
      "findings": [],
      "error": {
        "id": "transport-unsupported",
        "exit": 3,
        "tried": "set up Node.js over REST",
        "observed": "Node.js over REST does not support: schemaless writing",
        "next": "taos-setup init --lang node --transport ws"
      }
    }
    --- stderr
    "#);
    assert_snapshot!(run(&["--lang", "go", "--needs", "speed"]), @"
    exit 2
    --- stdout
    --- stderr
    error: invalid value 'speed' for '--needs <ABILITY>'
      [possible values: tmq, stmt, schemaless, binary]

    For more information, try '--help'.
    ");
    assert_eq!(tree(&context.work()), "");
    let met = run(&["--lang", "python", "--needs", "tmq,stmt,schemaless,binary"]);
    assert_eq!(met.exit, Some(0), "{met}");
}

#[test]
fn cloud_has_no_native_connection() {
    let context = TestContext::new();
    assert_snapshot!(context.program(["init", "--lang", "java", "--transport", "native", "--cloud"]).run(), @"
    exit 3
    --- stdout
    --- stderr
    error[transport-unsupported]: could not set up Java over the native connection to TDengine Cloud
      TDengine Cloud has no native connection
      next: taos-setup init --lang java --transport ws
      next: taos-setup init --lang java --transport rest
    ");
    assert_snapshot!(context.program(["init", "--lang", "c", "--cloud"]).run(), @"
    exit 3
    --- stdout
    --- stderr
    error[transport-unsupported]: could not set up C over WebSocket to TDengine Cloud
      init has no C example for TDengine Cloud
      next: choose another language: csharp, go, java, lua, node, php, python, r, rust
    ");
    assert_eq!(tree(&context.work()), "");
}

#[test]
fn cloud_examples_read_nothing_else() {
    let context = TestContext::new();
    for (language, program) in [
        ("go", "main.go"),
        ("java", "src/main/java/com/example/Example.java"),
        ("node", "main.js"),
        ("python", "main.py"),
        ("rust", "src/main.rs"),
    ] {
        for transport in ["ws", "rest"] {
            if language == "rust" && transport == "rest" {
                continue;
            }
            let folder = format!("{language}-{transport}");
            let arguments = [
                "init",
                "--lang",
                language,
                "--transport",
                transport,
                "--cloud",
                "--dir",
                &folder,
            ];
            let run = context.program(arguments).run();
            assert_eq!(run.exit, Some(0), "{run}");
            for file in [program, "README.md"] {
                let text = fs::read_to_string(context.work().join(&folder).join(file)).unwrap();
                assert!(text.contains("TDENGINE_CLOUD_URL"), "{folder}/{file}");
                assert!(text.contains("TDENGINE_CLOUD_TOKEN"), "{folder}/{file}");
                for variable in [
                    "TAOS_HOST",
                    "TAOS_PORT",
                    "TAOS_USER",
                    "TAOS_PASSWORD",
                    "taosdata\"",
                ] {
                    assert!(!text.contains(variable), "{folder}/{file}: {variable}");
                }
            }
        }
    }
    let text = fs::read_to_string(context.work().join("go-ws/main.go")).unwrap();
    let (_, open) = text.split_once("// open prepares").unwrap();
    assert_snapshot!(open, @r#"
     a connection pool from the environment. Nothing is dialled yet.
    func open() (*sql.DB, error) {
    	config, err := readConfig()
    	if err != nil {
    		return nil, err
    	}
    	connector, err := taosWS.NewConnector(config)
    	if err != nil {
    		return nil, err
    	}
    	return sql.OpenDB(onceConnector{connector}), nil
    }

    // readConfig reads from the environment where the server is and how to log in there.
    func readConfig() (*taosWS.Config, error) {
    	config := taosWS.NewConfig()
    	config.ReadTimeout = 30 * time.Second
    	host, port, token, err := cloudGateway()
    	if err != nil {
    		return nil, err
    	}
    	config.Net, config.Addr, config.Port, config.Token = "wss", host, port, token
    	return config, nil
    }

    // onceConnector opens connections for database/sql, which would repeat a rejected login twice if it received "bad
    // connection": TDengine locks accounts after three failures.
    type onceConnector struct{ driver.Connector }

    func (c onceConnector) Connect(ctx context.Context) (driver.Conn, error) {
    	conn, err := c.Connector.Connect(ctx)
    	if err != nil {
    		return nil, fmt.Errorf("connect: %s", err)
    	}
    	return conn, nil
    }

    // cloudGateway gives where TDengine Cloud is, and the token for it.
    func cloudGateway() (host string, port int, token string, err error) {
    	gateway, err := url.Parse(os.Getenv("TDENGINE_CLOUD_URL"))
    	if err != nil || gateway.Hostname() == "" {
    		return "", 0, "", errors.New("TDENGINE_CLOUD_URL is not set to a URL such as https://gw.cloud.tdengine.com")
    	}
    	port, err = strconv.Atoi(gateway.Port())
    	if err != nil {
    		port = 443
    	}
    	token = os.Getenv("TDENGINE_CLOUD_TOKEN")
    	if token == "" {
    		return "", 0, "", errors.New("TDENGINE_CLOUD_TOKEN is not set")
    	}
    	return gateway.Hostname(), port, token, nil
    }
    "#);
    let text = fs::read_to_string(context.work().join("python-ws/main.py")).unwrap();
    let (_, connect) = text.split_once("UTC = ").unwrap();
    let (connect, _) = connect.split_once("def rfc3339").unwrap();
    assert_snapshot!(connect, @r#"
    timezone(timedelta(0))  # datetime.UTC needs Python 3.11

    # A supertable has one table for each sensor; what never changes of a sensor, such as its
    # place, is a tag.
    READINGS = (
        ("example_zurich", "Zürich", 21.5),
        ("example_beijing", "北京", -3.25),
    )


    def main() -> None:
        """Connects, and disconnects whatever happens."""
        with closing(connect()) as connection:
            cursor = connection.cursor()
            cursor.execute("select server_version()")
            print("server version:", cursor.fetchall()[0][0])
            with use_database(cursor) as database:
                now = datetime.now(UTC)
                start = now.replace(microsecond=now.microsecond // 1000 * 1000)
                cursor.execute(
                    f"create stable if not exists {database}.example_readings "
                    "(ts timestamp, celsius double) tags (place varchar(64))"
                )
                print("rows written:", write(connection, database, start))
                found = read(cursor, database, start)
                if found != len(READINGS):
                    raise RuntimeError(f"wrote {len(READINGS)} rows and read {found}")


    def write(connection: taosws.Connection, database: str, start: datetime) -> int:
        """Writes the readings, a second apart, and makes the tables of the sensors.

        The values travel beside the statement, so nothing in them is taken for SQL.
        """
        statement = connection.statement()
        statement.prepare(
            f"insert into ? using {database}.example_readings tags (?) values (?, ?)"
        )
        milliseconds = round(start.timestamp() * 1000)
        for seconds, (table, place, celsius) in enumerate(READINGS):
            statement.set_tbname(f"{database}.{table}")
            statement.set_tags([taosws.varchar_to_tag(place)])
            statement.bind_param(
                [
                    taosws.millis_timestamps_to_column([milliseconds + 1000 * seconds]),
                    taosws.doubles_to_column([celsius]),
                ]
            )
            statement.add_batch()
        written = statement.execute()
        statement.close()
        return written


    def read(cursor, database: str, start: datetime) -> int:
        """Prints the readings from start on, of all sensors, and gives their number."""
        cursor.execute(
            f"select ts, celsius, place from {database}.example_readings "
            f"where ts >= '{rfc3339(start)}' order by ts"
        )
        rows = cursor.fetchall()
        for instant, celsius, place in rows:
            print(rfc3339(instant), celsius, place, sep="  ")
        print("rows read:", len(rows))
        return len(rows)


    @contextmanager
    def use_database(cursor) -> Iterator[str]:
        """The database that TAOS_DB names, or a new one of the smallest size, dropped at the end."""
        given = os.environ.get("TAOS_DB")
        if given:
            if not re.fullmatch("[A-Za-z_][A-Za-z0-9_]*", given):
                raise RuntimeError("TAOS_DB is not the name of a database")
            # Bound instants are numbers, which count what the database's precision says.
            cursor.execute(
                "select `precision` from information_schema.ins_databases "
                f"where name = '{given.lower()}'"
            )
            if cursor.fetchall() != [("ms",)]:
                raise RuntimeError("TAOS_DB does not name a database with precision 'ms'")
            yield given
            return
        name = f"taos_example_{secrets.token_hex(8)}"
        cursor.execute(f"create database {name} vgroups 1 buffer 3 pages 64")
        try:
            yield name
        except BaseException:
            with suppress(Exception):  # the first failure is the one to tell
                cursor.execute(f"drop database if exists {name}")
            raise
        cursor.execute(f"drop database if exists {name}")


    def server() -> dict[str, str]:
        """Where the environment says that TDengine is, and how to log in there."""
        host, port, token = cloud_gateway()
        return {"scheme": "wss", "host": host, "port": port, "token": token, **verified()}


    def verified(ca_file: str | None = None) -> dict[str, str]:
        """Settings without which the connector accepts any certificate.

        The authorities are those of the file, or of the system where none is named.
        """
        context = ssl.create_default_context(cafile=ca_file or None)
        certificates = context.get_ca_certs(binary_form=True)
        return {
            "tls_mode": "verify_identity",
            "tls_ca": "".join(map(ssl.DER_cert_to_PEM_cert, certificates)),
        }


    def connect() -> taosws.Connection:
        """Connects to the server that the environment names."""
        settings = server()
        settings["websocket"] = settings.pop("scheme")
        settings["port"] = int(settings["port"])
        return taosws.connect(**settings)


    def cloud_gateway() -> tuple[str, str, str]:
        """The host and port of TDengine Cloud's gateway, and the token as an address has it."""
        url = urlsplit(os.environ.get("TDENGINE_CLOUD_URL", ""))
        if url.scheme != "https" or not url.hostname:
            raise RuntimeError(
                "TDENGINE_CLOUD_URL is not set to a URL such as https://gw.cloud.tdengine.com"
            )
        token = os.environ.get("TDENGINE_CLOUD_TOKEN")
        if not token:
            raise RuntimeError("TDENGINE_CLOUD_TOKEN is not set")
        return url.hostname, str(url.port or 443), quote(token, safe="")
    "#);
    assert_snapshot!(fs::read_to_string(context.work().join("node-rest/README.md")).unwrap(), @"
    # node-rest

    Writes rows to a supertable of TDengine over REST, reads them back, and removes what it made.

        npm install
        node main.js

    It connects to TDengine Cloud: `TDENGINE_CLOUD_URL` and `TDENGINE_CLOUD_TOKEN` must be set.
    It works in the database `TAOS_DB`, or in a temporary one. On a failure it prints one line and exits with 1.
    ");
}

#[test]
fn spring_settings_for_the_cloud() {
    let context = TestContext::new();
    let pom = "<project>\n  <parent>\n    <groupId>org.springframework.boot</groupId>\n    <artifactId>spring-boot-starter-parent</artifactId>\n    <version>3.3.4</version>\n  </parent>\n  <artifactId>app</artifactId>\n</project>\n";
    fs::write(context.work().join("pom.xml"), pom).unwrap();
    let run = context
        .program([
            "init",
            "--cloud",
            "--server",
            "3.3.7.5",
            "--dry-run",
            "--json",
        ])
        .run();
    let settings = &run.json()["data"]["projects"][0]["settings"][0]["text"];
    assert_snapshot!(settings.as_str().unwrap(), @"
    # The host is that of TDENGINE_CLOUD_URL; the token stands percent-encoded in TDENGINE_CLOUD_TOKEN.
    spring.datasource.url=jdbc:TAOS-WS://gw.cloud.tdengine.com:443/?useSSL=true&token=${TDENGINE_CLOUD_TOKEN}
    spring.datasource.driver-class-name=com.taosdata.jdbc.ws.WebSocketDriver
    spring.datasource.hikari.connection-test-query=select server_status()
    ");
}

#[test]
fn connector_comes_from_the_repository() {
    let context = TestContext::new();
    let run = context
        .program([
            "init", "--lang", "python", "--server", "3.3.7.5", "--source", "git@3.0",
        ])
        .run();
    assert_snapshot!(run, @"
    exit 0
    --- stdout
    created   requirements.txt
    created   main.py
    created   README.md
    created   .gitignore

    Build it and run it:
      python3 -m venv .venv
      .venv/bin/python -m pip install -r requirements.txt
      .venv/bin/python main.py
    --- stderr
    note: taos-ws-py has no musl wheel and no source package, so pip cannot install it on Alpine
    note: pip builds taos-ws-py from its repository, which requires git and a Rust toolchain
    ");
    let requirements = context.work().join("requirements.txt");
    assert_snapshot!(fs::read_to_string(&requirements).unwrap(), @"taos-ws-py @ git+https://github.com/taosdata/taos-connector-python.git@3.0#subdirectory=taos-ws-py");
    // What is there already, and an existing project.
    let before = tree(&context.work());
    let again = context
        .program(["init", "--server", "3.3.7.5", "--source", "git@3.0"])
        .run();
    assert_eq!(again.exit, Some(0), "{again}");
    assert_eq!(tree(&context.work()), before);
    assert_snapshot!(context.program(["init", "--server", "3.3.7.5", "--source", "git@main"]).run(), @"
    exit 7
    --- stdout
    --- stderr
    error[version-conflict]: could not add taos-ws-py 0.7.0 to requirements.txt
      requirements.txt:1: the project already names taos-ws-py there
      next: write taos-ws-py @ git+https://github.com/taosdata/taos-connector-python.git@main#subdirectory=taos-ws-py in that line, or omit --source
    ");
    fs::create_dir(context.work().join("rest")).unwrap();
    fs::write(context.work().join("rest/requirements.txt"), "requests\r\n").unwrap();
    let run = context
        .program([
            "init",
            "--dir",
            "rest",
            "--transport",
            "rest",
            "--source",
            "git",
            "--dry-run",
        ])
        .run();
    let diff = run
        .stdout
        .split("--- /dev/null")
        .next()
        .unwrap()
        .replace('\r', "␍");
    assert_snapshot!(diff, @"
    --- a/requirements.txt
    +++ b/requirements.txt
    @@ -1 +1,2 @@
     requests␍
    +taospy @ git+https://github.com/taosdata/taos-connector-python.git␍
    ");
    assert!(
        run.stderr
            .contains("--source git@REV selects a tag or a commit"),
        "{run}"
    );
}

#[test]
fn sources_that_are_not() {
    let context = TestContext::new();
    assert_snapshot!(context.program(["init", "--lang", "go", "--source", "git"]).run(), @"
    exit 2
    --- stdout
    --- stderr
    error[usage]: could not take the Go connector from its repository
      --source git is for --lang python
      next: omit --source
    ");
    assert_snapshot!(context.program(["init", "--lang", "python", "--source", "git@a b"]).run(), @"
    exit 2
    --- stdout
    --- stderr
    error: invalid value 'git@a b' for '--source <git[@REV]>': invalid revision: expected a branch, a tag, or a commit

    For more information, try '--help'.
    ");
    assert_eq!(tree(&context.work()), "");
}
