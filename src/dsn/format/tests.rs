use proptest::prelude::*;

use super::*;
use crate::safety::redaction::tests::leaks;
use crate::safety::redaction::{redact, redact_argument};

fn place(hosts: &[(&str, u16)]) -> Place {
    Place {
        hosts: hosts
            .iter()
            .map(|(host, port)| ((*host).to_owned(), *port))
            .collect(),
        prefix: String::new(),
        database: Some("power".into()),
        tls: false,
        config_dir: None,
    }
}

fn password(user: &str, password: &str) -> Login {
    Login::Password(user.into(), Slot::Value(Secret::new(password)))
}

fn shown(language: &str, transport: Transport, place: &Place, login: &Login) -> String {
    match line(forms::language(language).unwrap(), transport, place, login) {
        Ok(line) => line.url,
        Err(refusal) => format!("no: {}; {}", refusal.why, refusal.instead),
    }
}

#[test]
fn strings_of_all_languages() {
    let login = Login::Password("root".into(), Slot::Variable("TAOS_PASSWORD"));
    let mut table = String::new();
    for language in forms::languages() {
        for transport in Transport::ALL {
            let port = if transport == Transport::Native {
                6030
            } else {
                6041
            };
            let text = shown(&language.id, transport, &place(&[("h", port)]), &login);
            table += &format!("{:7}{:7}{text}\n", language.id, transport);
        }
    }
    insta::assert_snapshot!(table, @r#"
    java   ws     jdbc:TAOS-WS://h:6041/power?user=root&password=${TAOS_PASSWORD}
    java   rest   jdbc:TAOS-RS://h:6041/power?user=root&password=${TAOS_PASSWORD}
    java   native jdbc:TAOS://h:6030/power?user=root&password=${TAOS_PASSWORD}
    python ws     taosws://root:${TAOS_PASSWORD}@h:6041/power
    python rest   taosrest://root:${TAOS_PASSWORD}@h:6041/power
    python native taos://root:${TAOS_PASSWORD}@h:6030/power
    go     ws     root:${TAOS_PASSWORD}@ws(h:6041)/power
    go     rest   root:${TAOS_PASSWORD}@http(h:6041)/power
    go     native root:${TAOS_PASSWORD}@tcp(h:6030)/power
    rust   ws     taos+ws://root:${TAOS_PASSWORD}@h:6041/power
    rust   rest   no: the crate taos has no REST mode: taos+http:// is WebSocket; --transport ws, over the same port
    rust   native taos://root:${TAOS_PASSWORD}@h:6030/power
    node   ws     ws://root:${TAOS_PASSWORD}@h:6041/power
    node   rest   http://h:6041/rest/sql/power
    node   native no: @tdengine/client, the native connector, is retired: it supports Node.js 12 at most; --transport ws, with @tdengine/websocket
    c      ws     ws://root:${TAOS_PASSWORD}@h:6041/power
    c      rest   no: no C library exists for REST, which is plain HTTP: POST /rest/sql; --transport ws, over the same port
    c      native taos_connect("h", "root", getenv("TAOS_PASSWORD"), "power", 6030)
    csharp ws     protocol=WebSocket;host=h;port=6041;username=root;password=${TAOS_PASSWORD};db=power
    csharp rest   no: TDengine.Connector has no REST mode; --transport ws, over the same port
    csharp native protocol=Native;host=h;port=6030;username=root;password=${TAOS_PASSWORD};db=power
    r      ws     jdbc:TAOS-WS://h:6041/power?user=root&password=${TAOS_PASSWORD}
    r      rest   jdbc:TAOS-RS://h:6041/power?user=root&password=${TAOS_PASSWORD}
    r      native jdbc:TAOS://h:6030/power?user=root&password=${TAOS_PASSWORD}
    php    ws     no: the PHP extension tdengine has no WebSocket mode; --transport rest, which needs no extension, or --transport native
    php    rest   http://h:6041/rest/sql/power
    php    native new TDengine\Connection('h', 6030, 'root', getenv('TAOS_PASSWORD'), 'power')
    lua    ws     no: the Lua connector has no WebSocket mode; --transport rest, with lua-socket, or --transport native
    lua    rest   http://h:6041/rest/sql/power
    lua    native driver.connect{host="h", port=6030, user="root", password=os.getenv("TAOS_PASSWORD"), database="power"}
    odbc   ws     Driver={TAOS_ODBC_DRIVER};URL={http://h:6041};UID=root;PWD=${TAOS_PASSWORD};DB=power
    odbc   rest   no: the ODBC driver uses WebSocket for an http:// address; --transport ws, over the same port
    odbc   native Driver={TAOS_ODBC_DRIVER};SERVER=h:6030;UID=root;PWD=${TAOS_PASSWORD};DB=power
    "#);
}

#[test]
fn cloud_address_is_formatted() {
    let login = Login::Token(Slot::Variable("TDENGINE_CLOUD_TOKEN"));
    let mut place = place(&[("gw.cloud.taosdata.com", 443)]);
    place.tls = true;
    let mut table = String::new();
    for language in forms::languages() {
        for transport in language.transports() {
            let text = shown(&language.id, transport, &place, &login);
            table += &format!("{:7}{:7}{text}\n", language.id, transport);
        }
    }
    insta::assert_snapshot!(table, @r#"
    java   ws     jdbc:TAOS-WS://gw.cloud.taosdata.com:443/power?useSSL=true&token=${TDENGINE_CLOUD_TOKEN}
    java   rest   jdbc:TAOS-RS://gw.cloud.taosdata.com:443/power?useSSL=true&token=${TDENGINE_CLOUD_TOKEN}
    java   native no: the native connection supports neither TLS nor tokens, and TDengine Cloud does not accept it; --transport ws
    python ws     wss://gw.cloud.taosdata.com:443/power?token=${TDENGINE_CLOUD_TOKEN}
    python rest   taosrest.connect(url="https://gw.cloud.taosdata.com:443", token=os.environ["TDENGINE_CLOUD_TOKEN"], database="power")
    python native no: the native connection supports neither TLS nor tokens, and TDengine Cloud does not accept it; --transport ws
    go     ws     wss(gw.cloud.taosdata.com:443)/power?token=${TDENGINE_CLOUD_TOKEN}
    go     rest   https(gw.cloud.taosdata.com:443)/power?token=${TDENGINE_CLOUD_TOKEN}
    go     native no: the native connection supports neither TLS nor tokens, and TDengine Cloud does not accept it; --transport ws
    rust   ws     taos+wss://gw.cloud.taosdata.com:443/power?token=${TDENGINE_CLOUD_TOKEN}
    rust   native no: the native connection supports neither TLS nor tokens, and TDengine Cloud does not accept it; --transport ws
    node   ws     wss://gw.cloud.taosdata.com:443/power?token=${TDENGINE_CLOUD_TOKEN}
    node   rest   https://gw.cloud.taosdata.com:443/rest/sql/power?token=${TDENGINE_CLOUD_TOKEN}
    c      ws     wss://gw.cloud.taosdata.com:443/power?token=${TDENGINE_CLOUD_TOKEN}
    c      native no: the native connection supports neither TLS nor tokens, and TDengine Cloud does not accept it; --transport ws
    csharp ws     protocol=WebSocket;host=gw.cloud.taosdata.com;port=443;useSSL=true;token=${TDENGINE_CLOUD_TOKEN};db=power
    csharp native no: the native connection supports neither TLS nor tokens, and TDengine Cloud does not accept it; --transport ws
    r      ws     jdbc:TAOS-WS://gw.cloud.taosdata.com:443/power?useSSL=true&token=${TDENGINE_CLOUD_TOKEN}
    r      rest   jdbc:TAOS-RS://gw.cloud.taosdata.com:443/power?useSSL=true&token=${TDENGINE_CLOUD_TOKEN}
    r      native no: the native connection supports neither TLS nor tokens, and TDengine Cloud does not accept it; --transport ws
    php    rest   https://gw.cloud.taosdata.com:443/rest/sql/power?token=${TDENGINE_CLOUD_TOKEN}
    php    native no: the native connection supports neither TLS nor tokens, and TDengine Cloud does not accept it; --transport ws
    lua    rest   https://gw.cloud.taosdata.com:443/rest/sql/power?token=${TDENGINE_CLOUD_TOKEN}
    lua    native no: the native connection supports neither TLS nor tokens, and TDengine Cloud does not accept it; --transport ws
    odbc   ws     Driver={TAOS_ODBC_DRIVER};URL={https://gw.cloud.taosdata.com:443?token=${TDENGINE_CLOUD_TOKEN}};DB=power
    odbc   native no: the native connection supports neither TLS nor tokens, and TDengine Cloud does not accept it; --transport ws
    "#);
}

#[test]
fn passwords_that_are_hard() {
    let login = password("root", "p@ss:w/r?d&=#%41+ é\"'");
    let mut table = String::new();
    for language in forms::languages() {
        for transport in language.transports() {
            let port = if transport == Transport::Native {
                6030
            } else {
                6041
            };
            let text = shown(&language.id, transport, &place(&[("::1", port)]), &login);
            table += &format!("{:7}{:7}{text}\n", language.id, transport);
        }
    }
    insta::assert_snapshot!(table, @r#"
    java   ws     jdbc:TAOS-WS://[::1]:6041/power?user=root&password=p%40ss%3Aw%2Fr%3Fd%26%3D%23%2541%2B%20%C3%A9%22%27
    java   rest   jdbc:TAOS-RS://[::1]:6041/power?user=root&password=p%40ss%3Aw%2Fr%3Fd%26%3D%23%2541%2B%20%C3%A9%22%27
    java   native no: taos-jdbcdriver does not decode native URLs, and this user or password is empty, contains &, or ends in a space, a comma, or a semicolon; pass the user and password as Properties to DriverManager.getConnection(url, properties)
    python ws     taosws://root:p%40ss%3Aw%2Fr%3Fd%26%3D%23%2541%2B%20%C3%A9%22%27@[::1]:6041/power
    python rest   taosrest.connect(url="http://[::1]:6041", user="root", password="p@ss:w/r?d&=#%41+ é\"'", database="power")
    python native taos://root:p%40ss%3Aw%2Fr%3Fd%26%3D%23%2541%2B%20%C3%A9%22%27@[::1]:6030/power
    go     ws     root:p%40ss%3Aw%2Fr%3Fd%26%3D%23%2541%2B%20%C3%A9%22%27@ws([::1]:6041)/power
    go     rest   root:p%40ss%3Aw%2Fr%3Fd%26%3D%23%2541%2B%20%C3%A9%22%27@http([::1]:6041)/power
    go     native root:p%40ss%3Aw%2Fr%3Fd%26%3D%23%2541%2B%20%C3%A9%22%27@tcp([::1]:6030)/power
    rust   ws     no: the crate taos 0.12.3 silently replaces an IPv6 address with localhost (its parser mdsn 0.2.25 does not support them); use a host name; the hosts file can define one
    rust   native no: the crate taos 0.12.3 silently replaces an IPv6 address with localhost (its parser mdsn 0.2.25 does not support them); use a host name; the hosts file can define one
    node   ws     ws://root:p%40ss%3Aw%2Fr%3Fd%26%3D%23%2541%2B%20%C3%A9%22%27@[::1]:6041/power
    node   rest   http://[::1]:6041/rest/sql/power
    c      ws     ws://root:p%40ss%3Aw%2Fr%3Fd%26%3D%23%2541%2B%20%C3%A9%22%27@[::1]:6041/power
    c      native taos_connect("::1", "root", "p@ss:w/r?d&=#%41+ é\"'", "power", 6030)
    csharp ws     no: TDengine.Connector splits at semicolons and garbles commas even in quotes; this user or password is empty, contains one, or begins or ends with a quote, a space, or =; set it separately: new ConnectionStringBuilder(text) { Password = … }
    csharp native no: TDengine.Connector splits at semicolons and garbles commas even in quotes; this user or password is empty, contains one, or begins or ends with a quote, a space, or =; set it separately: new ConnectionStringBuilder(text) { Password = … }
    r      ws     jdbc:TAOS-WS://[::1]:6041/power?user=root&password=p%40ss%3Aw%2Fr%3Fd%26%3D%23%2541%2B%20%C3%A9%22%27
    r      rest   jdbc:TAOS-RS://[::1]:6041/power?user=root&password=p%40ss%3Aw%2Fr%3Fd%26%3D%23%2541%2B%20%C3%A9%22%27
    r      native no: taos-jdbcdriver does not decode native URLs, and this user or password is empty, contains &, or ends in a space, a comma, or a semicolon; pass the user and password as Properties to DriverManager.getConnection(url, properties)
    php    rest   http://[::1]:6041/rest/sql/power
    php    native new TDengine\Connection('::1', 6030, 'root', 'p@ss:w/r?d&=#%41+ é"\'', 'power')
    lua    rest   http://[::1]:6041/rest/sql/power
    lua    native driver.connect{host="::1", port=6030, user="root", password="p@ss:w/r?d&=#%41+ é\"'", database="power"}
    odbc   ws     no: the ODBC driver does not accept a user or password that is empty, all digits, or contains a space or one of [ ] { } ( ) , ; ? * = ! @; pass it to SQLConnect, or percent-encode user and password in URL={http://USER:PASSWORD@HOST:PORT}
    odbc   native no: SERVER of the ODBC driver accepts a host name without underscores or an IPv4 address; --transport ws, or the host name
    "#);
}

#[test]
fn go_is_plain_where_every_release_reads_it() {
    let go = |text: &str| {
        let language = forms::language("go").unwrap();
        let line = line(
            language,
            Transport::Ws,
            &place(&[("h", 1)]),
            &password("root", text),
        )
        .unwrap();
        (line.url, line.notes.len())
    };
    assert_eq!(go("p@ss:w/rd"), ("root:p@ss:w/rd@ws(h:1)/power".into(), 1));
    assert_eq!(go("100%"), ("root:100%@ws(h:1)/power".into(), 1));
    assert_eq!(go("a+b"), ("root:a%2Bb@ws(h:1)/power".into(), 2));
    assert_eq!(go("a%20b"), ("root:a%2520b@ws(h:1)/power".into(), 2));
    assert_eq!(go("${X}"), ("root:%24%7BX%7D@ws(h:1)/power".into(), 2));
}

#[test]
fn c_literal_escapes_trigraphs() {
    let text = shown(
        "c",
        Transport::Native,
        &place(&[("h", 1)]),
        &password("root", "a??/b???"),
    );
    assert_eq!(
        text,
        r#"taos_connect("h", "root", "a?\?/b?\?\?", "power", 1)"#
    );
    let read: Target = text.parse().unwrap();
    assert_eq!(read.password, Some(Secret::new("a??/b???")));
}

#[test]
fn directory_of_taos_cfg_stays_in_go() {
    let place = Place {
        config_dir: Some("/etc/taos".into()),
        ..place(&[("localhost", 6030)])
    };
    let login = password("root", "x");
    assert_eq!(
        shown("go", Transport::Native, &place, &login),
        "root:x@cfg(/etc/taos)/power"
    );
    assert_eq!(
        shown("python", Transport::Native, &place, &login),
        "taos://root:x@localhost:6030/power"
    );
}

#[test]
fn several_hosts_and_prefixes() {
    let two = place(&[("h1", 6041), ("::1", 6042)]);
    let login = password("root", "x");
    assert_eq!(
        shown("java", Transport::Ws, &two, &login),
        "jdbc:TAOS-WS://h1:6041,[::1]:6042/power?user=root&password=x"
    );
    assert_eq!(
        shown("go", Transport::Ws, &two, &login),
        "no: the connector for Go accepts one host; pass one host, or a proxy in front of all hosts"
    );
    assert_eq!(
        shown("rust", Transport::Native, &two, &login),
        "no: a native driver accepts one host; pass one host, and set firstEp and secondEp in taos.cfg to two hosts of the cluster"
    );
    let mut prefixed = place(&[("h", 80)]);
    prefixed.prefix = "/td".into();
    assert_eq!(
        shown("node", Transport::Rest, &prefixed, &login),
        "http://h:80/td/rest/sql/power"
    );
    assert_eq!(
        shown("python", Transport::Rest, &prefixed, &login),
        "taosrest.connect(url=\"http://h:80/td\", user=\"root\", password=\"x\", database=\"power\")"
    );
    assert!(shown("node", Transport::Ws, &prefixed, &login).starts_with("no: the connector"));
}

/// Texts as passwords are made of them, with every character that some grammar means something by.
fn secret() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-zA-Z0-9]{1,12}",
        "[ -~]{1,12}",
        "[@:/?#%&=+;,'\"\\\\(){}\\[\\]$ ]{1,8}",
        "\\PC{1,8}",
        "(%[0-9a-f]{2}|\\$\\{[A-Z]{1,3}\\}|[+ a]){1,4}",
    ]
}

fn host() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z][a-z0-9_-]{0,8}(\\.[a-z][a-z0-9]{1,4}){0,2}",
        "10\\.[0-9]\\.[0-9]\\.7",
        any::<std::net::Ipv6Addr>().prop_map(|address| address.to_string()),
    ]
}

proptest! {
    #[test]
    fn printed_strings_read_back(
        hosts in prop::collection::vec((host(), 1..6000_u16), 1..3),
        database in prop::option::of(prop_oneof!["[a-z_][a-z0-9_]{0,9}", Just("ws".to_owned())]),
        user in prop_oneof!["[a-z_]{1,8}", "[!-9;-~]{1,8}"],
        text in secret(),
        token in any::<bool>(),
        tls in any::<bool>(),
        native in any::<bool>(),
    ) {
        let place = Place { hosts, prefix: String::new(), database, tls: tls && !native, config_dir: None };
        let login = if token && !native {
            Login::Token(Slot::Value(Secret::new(text.clone())))
        } else {
            password(&user, &text)
        };
        for language in forms::languages() {
            for transport in language.transports().filter(|transport| (*transport == Transport::Native) == native) {
                let Ok(line) = line(language, transport, &place, &login) else { continue };
                let mut read: Target = line.url.parse().unwrap();
                let mut expected = place.target(transport);
                read.options.clear();
                // Plain HTTP sends the login in a header.
                let header = transport == Transport::Rest && line.url.contains("/rest/sql");
                match &login {
                    Login::Password(user, Slot::Value(secret)) if !header => {
                        expected.user = Some(user.clone());
                        expected.password = Some(secret.clone());
                    }
                    Login::Token(Slot::Value(secret)) => expected.token = Some(secret.clone()),
                    _ => {}
                }
                prop_assert_eq!(&read, &expected, "{} {}: {}", language.id, transport, line.url);
                let hidden = match &login {
                    Login::Password(user, _) => Login::Password(user.clone(), Slot::Variable("TAOS_PASSWORD")),
                    Login::Token(_) => Login::Token(Slot::Variable("TAOS_PASSWORD")),
                };
                let without = super::line(language, transport, &place, &hidden).unwrap().url;
                for shown in [
                    redact_argument(&line.url),
                    redact(&line.url),
                    redact(&format!("cannot open {}", line.url)),
                    redact(&format!("url = \"{}\" failed", line.url)),
                ] {
                    let around = format!("cannot open {without} url = \"{without}\" failed");
                    prop_assert!(!leaks(&shown, &text, &around), "{}", shown);
                    prop_assert_eq!(redact(&shown), shown);
                }
                let plain = place.hosts.iter().all(|(host, _)| !host.contains(':'));
                if plain && user.bytes().all(|b| b.is_ascii_lowercase() || b == b'_') {
                    prop_assert_eq!(redact(&without), without);
                }
            }
        }
    }

    #[test]
    fn any_password_has_a_string(text in secret(), user in "[a-z]{1,8}") {
        let login = password(&user, &text);
        for (language, transport) in [
            ("java", Transport::Ws), ("java", Transport::Rest), ("python", Transport::Ws), ("python", Transport::Rest),
            ("python", Transport::Native), ("go", Transport::Ws), ("go", Transport::Rest), ("go", Transport::Native),
            ("rust", Transport::Ws), ("rust", Transport::Native), ("node", Transport::Ws), ("c", Transport::Ws),
            ("c", Transport::Native), ("php", Transport::Native), ("lua", Transport::Native), ("r", Transport::Ws),
        ] {
            let language = forms::language(language).unwrap();
            prop_assert!(line(language, transport, &place(&[("h", 1)]), &login).is_ok(), "{}", language.id);
        }
    }
}
