use super::*;
use crate::safety::redaction::redact_argument;
use proptest::prelude::*;

fn parsed(text: &str) -> String {
    match text.parse::<Target>() {
        Ok(target) => format!("{target} {:?}", target.user),
        Err(complaint) => format!("no: {complaint}"),
    }
}

#[test]
fn every_form_is_parsed() {
    for (text, shown) in [
        ("Localhost", "localhost None"),
        ("db.example:6041", "db.example:6041 None"),
        ("127.0.0.1:6030", "127.0.0.1:6030 None"),
        ("[::1]:6041", "[::1]:6041 None"),
        ("[::1]", "[::1] None"),
        ("fe80:0:0::1", "[fe80::1] None"),
        ("http://h:80/td/", "http://h:80/td None"),
        ("ws://h/a/b/ws", "ws://h/a/b None"),
        ("http://h/rest/sql", "http://h None"),
        ("http://h/td/-/ping", "http://h/td None"),
        ("WS://root:p%40ss@h:6041", "ws://h:6041 Some(\"root\")"),
        ("taos://u@h:6030/power", "taos://h:6030/power Some(\"u\")"),
    ] {
        assert_eq!(parsed(text), shown, "{text}");
    }
}

#[test]
fn passwords_are_decoded_and_hidden() {
    let target: Target = "http://root:p%40s%2Fs:w@h".parse().unwrap();
    assert_eq!(
        target.password.as_ref().map(Secret::reveal),
        Some("p@s/s:w")
    );
    assert!(!format!("{target:?} {target}").contains("p@s"));
}

#[test]
fn nonsense_is_rejected() {
    for text in [
        "",
        " ",
        "a b",
        "h:",
        "h:65536",
        "h:+1",
        "h:1:2",
        "::1:x",
        "[::1",
        "[::1]x",
        "[h]:1",
        "-h",
        "a..b",
        "1.2.3",
        "256.1.1.1",
        "h/x",
        "u:p@h",
        "ftp://h",
        "http://",
        "http://h#x",
        "taos://h/a-b",
        "h\u{1b}[31m",
        "http://u%ff@h",
        "http://h/\u{202e}",
        "jdbc:mysql://h:3306/db",
        "\"\"",
        "taos_connect(\"h\", \"root",
    ] {
        assert!(text.parse::<Target>().is_err(), "{text:?}");
    }
}

#[test]
fn complaints_hold_no_password() {
    for text in [
        "root:hunter2@h",
        "http://root:hun/ter2@h",
        "http://root:hunter2@h:x",
        "jdbc:TAOS-WS://h:x/?user=root&password=hunter2",
        "jdbc:TAOS-WS://h/a-b?user=root&password=hunter2",
        "root:hunter2@ws(h:x)/",
        "root:hunter2@ws(h:6041/",
        "host=h;port=x;password=hunter2",
        "taos_connect(\"-h\", \"root\", \"hunter2\")",
        "taos_connect(\"h\", \"root\", \"hunter2)",
        "wss://h:x?token=hunter2",
    ] {
        let complaint = text.parse::<Target>().unwrap_err().to_string();
        assert!(
            !complaint.contains("hunter2") && !redact_argument(text).contains("hunter2"),
            "{complaint} / {}",
            redact_argument(text)
        );
    }
}

/// What was taken for a string of any language: Display, user, password, token, and the rest.
fn shown_target(text: &str) -> String {
    match text.parse::<Target>() {
        Ok(target) => {
            let mut shown_target = format!("{target}");
            for (name, value) in [
                ("user", &target.user),
                ("tz", &target.timezone),
                ("cfg", &target.config_dir),
            ] {
                if let Some(value) = value {
                    shown_target += &format!(" {name}={value}");
                }
            }
            for (name, value) in [("password", &target.password), ("token", &target.token)] {
                if let Some(value) = value {
                    shown_target += &format!(" {name}={}", value.reveal());
                }
            }
            for option in &target.options {
                shown_target += &format!(" ({} {:?})", option.name, option.value);
            }
            if target.host_assumed {
                shown_target += " assumed";
            }
            if target.database.is_some() && target.scheme.is_none() {
                shown_target += &format!(" db={:?}", target.database);
            }
            shown_target
        }
        Err(complaint) => format!("no: {complaint}"),
    }
}

#[test]
fn strings_of_every_language() {
    for (text, shown) in [
        // Java, R
        (
            "jdbc:TAOS-WS://h:6041/Db?user=root&password=p%26+%2B",
            "taos+ws://h:6041/db user=root password=p& +",
        ),
        (
            "\"jdbc:TAOS-RS://[::1]:6041/?user=root&password=x\";",
            "http://[::1]:6041 user=root password=x",
        ),
        (
            "jdbc:TAOS-RS://h:6041/d?user=root&password=x&batchfetch=true",
            "taos+ws://h:6041/d user=root password=x",
        ),
        (
            "jdbc:TAOS://h1:6030,h2:6031/d?user=root&password=p%26+&cfgdir=/etc/taos&charset=UTF-8&timezone=UTC-8",
            "taos://h1:6030,h2:6031/d user=root tz=UTC-8 cfg=/etc/taos password=p%26+ (charset Some(\"UTF-8\"))",
        ),
        (
            "jdbc:TAOS:///?user=root&password=x",
            "taos://localhost user=root password=x assumed",
        ),
        (
            "jdbc:TAOS-WS://gw.cloud.taosdata.com:443/?useSSL=true&token=abc",
            "wss://gw.cloud.taosdata.com:443 token=abc",
        ),
        (
            "jdbc:TAOS-WS://h/?bearerToken=abc&user=a&password=${TAOS_PASSWORD}",
            "ws://h user=a (bearerToken None)",
        ),
        // Go
        (
            "root:taosdata@ws(h:6041)/db?readTimeout=5m&timezone=Asia%2FShanghai",
            "taos+ws://h:6041/db user=root tz=Asia/Shanghai password=taosdata (readTimeout Some(\"5m\"))",
        ),
        (
            "root:p@ss:w/ord@wss([::1]:443)/?token=t",
            "wss://[::1]:443 user=root password=p@ss:w/ord token=t",
        ),
        (
            "root:p%40ss+100%25@http(h:6041)/",
            "http://h:6041 user=root password=p@ss 100%",
        ),
        (
            "root:100%@https(h:6041)/d",
            "https://h:6041/rest/sql/d user=root password=100%",
        ),
        (
            "root:taosdata@tcp(h:6030)/",
            "taos://h:6030 user=root password=taosdata",
        ),
        (
            "`root:taosdata@/db`",
            "localhost user=root password=taosdata assumed db=Some(\"db\")",
        ),
        (
            "root:taosdata@cfg(/etc/taos)/db",
            "taos://localhost/db user=root cfg=/etc/taos password=taosdata assumed",
        ),
        // Rust, Python, Node.js
        (
            "  taos+ws://root:p%40s@h1:6041,[::1]:6042/db?timezone=Asia/Shanghai  ",
            "taos+ws://h1:6041,[::1]:6042/db user=root tz=Asia/Shanghai password=p@s",
        ),
        (
            "taos+https://root:x@h:6041",
            "wss://h:6041 user=root password=x",
        ),
        ("taosws://localhost:6041", "ws://localhost:6041"),
        ("taos://", "taos://localhost assumed"),
        (
            "taosws://root:x@/db?hosts=h1:6041,h2:6042",
            "taos+ws://h1:6041,h2:6042/db user=root password=x",
        ),
        (
            "taosrest://root:x@h:6041/db?token=t",
            "http://h:6041/rest/sql/db user=root password=x token=t",
        ),
        (
            "ws://root:x@h:6041/db?token=t&compression=true",
            "taos+ws://h:6041/db user=root password=x token=t (compression Some(\"true\"))",
        ),
        (
            "wss://gw.cloud.tdengine.com?token=t",
            "wss://gw.cloud.tdengine.com token=t",
        ),
        (
            "https://gw.cloud.tdengine.com/rest/sql/d?token=t",
            "https://gw.cloud.tdengine.com/rest/sql/d token=t",
        ),
        // C#, ADO.NET
        (
            "protocol=WebSocket;host=h;port=6041;useSSL=true;username=root;password=a=b;db=d;connTimeout=00:01:00",
            "taos+wss://h:6041/d user=root password=a=b (connTimeout Some(\"00:01:00\"))",
        ),
        (
            "host=127.0.0.1;port=6030;username=root;password=taosdata;",
            "taos://127.0.0.1:6030 user=root password=taosdata",
        ),
        (
            "Protocol=WebSocket;Host=gw.cloud.tdengine.com;Port=443;useSSL=true;token=t",
            "wss://gw.cloud.tdengine.com:443 token=t",
        ),
        (
            "DataSource=h;UserID=root;Password=x;PoolSize=5;DataBase=d",
            "taos://h/d user=root password=x (PoolSize Some(\"5\"))",
        ),
        // ODBC
        (
            "Driver={TDengine};URL={http://h:6041};UID=root;PWD=x;DB=d",
            "taos+ws://h:6041/d user=root password=x (Driver Some(\"TDengine\"))",
        ),
        (
            "Driver={TAOS_ODBC_DRIVER};URL={https://gw.cloud.tdengine.com?token=t}",
            "wss://gw.cloud.tdengine.com token=t (Driver Some(\"TAOS_ODBC_DRIVER\"))",
        ),
        (
            "DSN=TAOS_ODBC_DSN;SERVER=h:6030;UID=root;PWD=x",
            "taos://h:6030 user=root password=x (DSN Some(\"TAOS_ODBC_DSN\"))",
        ),
        // Calls
        (
            r#"taos_connect("h", "root", "p\"s", "db", 6030);"#,
            "taos://h:6030/db user=root password=p\"s",
        ),
        (
            r#"TAOS *taos = taos_connect("h", "root", getenv("TAOS_PASSWORD"), NULL, 0);"#,
            "taos://h user=root",
        ),
        (
            r"new TDengine\Connection('h', 6030, 'root', 'it\'s', 'db')",
            "taos://h:6030/db user=root password=it's",
        ),
        (
            r#"conn = taos.connect(host="h", user="root", password="x", port=6030, config="/etc/taos")"#,
            "taos://h:6030 user=root cfg=/etc/taos password=x",
        ),
        (
            r#"taosrest.connect(url="https://gw.cloud.tdengine.com", token=os.environ["T"], timeout=30)"#,
            "https://gw.cloud.tdengine.com (timeout Some(\"30\"))",
        ),
        (
            r#"driver.connect{host="::1", port=6030, user="root", password="x", database="db"}"#,
            "taos://[::1]:6030/db user=root password=x",
        ),
        (
            r#"sql.Open("taosWS", "root:taosdata@ws(h:6041)/")"#,
            "ws://h:6041 user=root password=taosdata",
        ),
        (
            r#"DriverManager.getConnection("jdbc:TAOS-WS://h:6041/?user=root&password=x");"#,
            "ws://h:6041 user=root password=x",
        ),
    ] {
        assert_eq!(shown_target(text), shown, "{text}");
    }
}

#[test]
fn complaints_say_what_was_understood() {
    for (text, complaint) in [
        (
            "jdbc:TAOS-WS://h:x/?user=root&password=s",
            "it looks like a JDBC URL for WebSocket, but the port is not a number from 1 to 65535",
        ),
        (
            "jdbc:mysql://h:3306/db",
            "a JDBC URL for TDengine starts with jdbc:TAOS-WS://, jdbc:TAOS-RS://, or jdbc:TAOS://",
        ),
        (
            "root:taosdata@ws(h1:6041,h2:6041)/",
            "it looks like a driver-go DSN, but driver-go accepts one host",
        ),
        (
            "root:taosdata@ws(h:6041)",
            "it looks like a driver-go DSN, but the address is not followed by a slash",
        ),
        (
            "root:p@ws(h:6041)/?timezone=Asia/Shanghai",
            "it looks like a driver-go DSN, but driver-go ends the address at the last slash; write a slash in an option as %2F",
        ),
        (
            "ws://root:a#b@h:6041",
            "the user or password contains an unencoded # or space; percent-encode it (# is %23, a space is %20)",
        ),
        (
            "ws://root:a@b/c@h:6041",
            "the host or port is invalid; percent-encode special characters of the password (/ is %2F, @ is %40)",
        ),
        (
            "ws://root:12/3@h:6041",
            "the host or port is invalid; percent-encode special characters of the password (/ is %2F, @ is %40)",
        ),
        (
            "jdbc:TAOS-RS://h/?user=root&password=a&b",
            "it looks like a JDBC URL for REST, but the password contains an unencoded &; percent-encode it (& is %26)",
        ),
        (
            "jdbc:TAOS-WS://h/?user=root&password=100%&charset=UTF-8",
            "it looks like a JDBC URL for WebSocket, but the user or password contains a % that is not an escape; percent-encode it (% is %25)",
        ),
        (
            "[fe80::1%eth0]:6041",
            "an IPv6 address with a zone (%) is valid only on this machine, and connectors do not accept it; use a host name",
        ),
        (
            "fe80::1%25eth0",
            "an IPv6 address with a zone (%) is valid only on this machine, and connectors do not accept it; use a host name",
        ),
        (
            "m\u{fc}ller.example",
            "the host contains letters that DNS does not have; write it in ASCII form: xn--\u{2026}",
        ),
        (
            "h1:6041,h2:6041",
            "several hosts require a URL with a scheme: ws://HOST:PORT,HOST:PORT",
        ),
        (
            "DSN=prod;UID=root;PWD=x",
            "it looks like settings separated by semicolons (ADO.NET, ODBC), but the server is defined by the ODBC data source, which only the ODBC manager can read; add SERVER=HOST:PORT or URL={http://HOST:PORT}",
        ),
        (
            "String password = \"hunter2\";",
            "it sets a secret variable and does not name a server",
        ),
        (
            "DriverManager.getConnection(url, \"root\", \"hunter2\")",
            "it looks like a call of getConnection, but no string literal is a connection string",
        ),
        (
            "taos_connect(host, \"root\", \"hunter2\", 0, 6030)",
            "it looks like a call of taos_connect, but the host is not a string literal; give the server's name",
        ),
        (
            "export TAOS_PASSWORD=hunter2",
            "it sets a secret variable and does not name a server",
        ),
        (
            "host=h;username=root;password=a;b=c",
            "it looks like settings separated by semicolons (ADO.NET, ODBC), but the setting after the password is not known and may be a part of it: a semicolon ends a password; pass it in TAOS_PASSWORD",
        ),
        (
            "protocol=REST;host=h",
            "it looks like settings separated by semicolons (ADO.NET, ODBC), but the protocol is neither WebSocket nor Native",
        ),
        (
            "taos_connect(\"h\", \"ro\\qot\")",
            "it looks like a call of taos_connect, but a string literal contains an escape other than \\ and quotes",
        ),
    ] {
        let error = text.parse::<Target>().unwrap_err();
        assert_eq!(error.to_string(), complaint, "{text}");
    }
}

#[test]
fn assignments_are_unwrapped() {
    for (line, value) in [
        ("TAOS_HOST=h:6041", "h:6041"),
        (
            "export TDENGINE_CLOUD_URL=\"https://gw.example\"",
            "https://gw.example",
        ),
        (
            "TDENGINE_JDBC_URL='jdbc:TAOS-WS://h:1/?user=root&password=p'",
            "jdbc:TAOS-WS://h:1/?user=root&password=p",
        ),
        (
            "TDENGINE_GO_DSN=root:p=1@ws(h:6041)/",
            "root:p=1@ws(h:6041)/",
        ),
        (
            "spring.datasource.url=jdbc:TAOS-WS://h:1/db",
            "jdbc:TAOS-WS://h:1/db",
        ),
        ("url = jdbc:TAOS-WS://h:1/db", "jdbc:TAOS-WS://h:1/db"),
        ("url: taos+ws://root:p@h:1/db", "taos+ws://root:p@h:1/db"),
        (
            "String url = \"jdbc:TAOS-WS://h:1/?user=root&password=p\";",
            "jdbc:TAOS-WS://h:1/?user=root&password=p",
        ),
        ("taosDSN := \"root:p@ws(h:1)/\"", "root:p@ws(h:1)/"),
        ("const dsn = `ws://root:p@h:1`;", "ws://root:p@h:1"),
        (
            "\"td\": \"host=h;port=1;username=root;password=p\",",
            "host=h;port=1;username=root;password=p",
        ),
        ("@\"host=h;port=1\"", "host=h;port=1"),
        ("\u{201c}ws://h:1\u{201d}", "ws://h:1"),
    ] {
        assert_eq!(line.parse::<Target>(), value.parse(), "{line}");
        assert!(line.parse::<Target>().is_ok(), "{line}");
    }
}

#[test]
fn user_and_password_behind_the_string() {
    for text in [
        "DriverManager.getConnection(\"jdbc:TAOS-WS://h:1/\", \"root\", \"hunter2\");",
        "dbConnect(drv, \"jdbc:TAOS-WS://h:1/\", \"root\", \"hunter2\")",
    ] {
        let target: Target = text.parse().unwrap();
        assert_eq!(
            (target.host.as_str(), target.user.as_deref()),
            ("h", Some("root"))
        );
        assert_eq!(target.password, Some(Secret::new("hunter2")));
    }
    let target: Target = "taos_connect(\"h\", \"root\", \"p\", 0, 0)"
        .parse()
        .unwrap();
    assert_eq!((target.database, target.port), (None, None));
}

#[test]
fn blanks_around_a_switch() {
    let target: Target = "protocol=WebSocket;host=h; useSSL = True ".parse().unwrap();
    assert_eq!(target.scheme, Some(Scheme::Wss));
}

proptest! {
    #[test]
    fn never_panics(text in any::<String>()) {
        let _ = text.parse::<Target>();
        let _ = redact_argument(&text);
    }

    #[test]
    fn never_panics_near_what_it_knows(
        head in "(jdbc:TAOS(-WS|-RS)?://|root:x@ws\\(|taos\\+ws://|host=|Driver=\\{|taos_connect\\(|a.connect\\{)?",
        tail in "[a-z0-9@:/?&;=,(){}\\[\\]%+ \"'\\\\é]{0,40}",
    ) {
        let text = head + &tail;
        let _ = text.parse::<Target>();
        let _ = redact_argument(&text);
    }

    #[test]
    fn complaints_hide_the_password(
        head in "(jdbc:TAOS(-WS|-RS)?://|taos\\+ws://|host=h;|Driver=\\{|taos_connect\\(|a.connect\\{)?[a-z:,;/?&]{0,6}",
        how in "(user=root&|username=root;|\\?|)(password|token|pwd|PWD)=",
        tail in "[a-z0-9@:/?&;=,(){}\\[\\]%+ \"'\\\\]{0,10}",
    ) {
        let text = format!("{head}{how}hunter2{tail}");
        if let Err(complaint) = text.parse::<Target>() {
            prop_assert!(!complaint.to_string().contains("hunter2"), "{}", complaint);
        }
        prop_assert!(!redact_argument(&text).contains("hunter2"), "{}", redact_argument(&text));
    }

    #[test]
    fn printed_target_is_parsed_again(
        text in "((http|https|ws|wss)://)?([a-z][a-z0-9]{0,8}(\\.[a-z0-9]{1,5}){0,2}|\\[[0-9a-f]{1,4}::[0-9a-f]{1,4}\\]|10\\.[0-9]\\.[0-9]\\.7)(:[1-9][0-9]{0,3})?",
        path in "(/[a-z]{1,5}){0,3}",
    ) {
        let text = if text.contains("://") { text + &path } else { text };
        let target: Target = text.parse().unwrap();
        prop_assert_eq!(target.to_string().parse::<Target>(), Ok(target));
    }

    #[test]
    fn whatever_parses_prints_to_itself(text in "(taos|http|ws|taos\\+ws|taosrest|jdbc:TAOS-WS|jdbc:TAOS-RS)?(://)?[a-z0-9.:@/\\[\\]%,-]{1,24}") {
        if let Ok(mut target) = text.parse::<Target>() {
            // Display leaves these out.
            target.user = None;
            target.password = None;
            target.host_assumed = false;
            target.options.clear();
            if target.scheme.is_none() {
                target.database = None;
            }
            prop_assert_eq!(target.to_string().parse::<Target>(), Ok(target));
        }
    }
}
