use super::*;
use proptest::prelude::*;

#[test]
fn blank_of_any_kind_ends_scheme() {
    for blank in [' ', '\u{a0}', '\u{3000}', '\t'] {
        let shown = redact(&format!("Authorization: Basic{blank}cm9vdDpzZWNyZXQxMjM="));
        assert!(!shown.contains("cm9vdDpz"), "{shown}");
    }
}

#[test]
fn forms() {
    for (text, shown) in [
        (
            "dial ws://root:s3cr%40t@db01:6041/ws failed",
            "dial ws://***@db01:6041/ws failed",
        ),
        ("root:s3cret@tcp(db01:6030)/test", "***@tcp(db01:6030)/test"),
        (
            "root:s3 c@ret@tcp(db01:6030)/test",
            "***@tcp(db01:6030)/test",
        ),
        (
            "jdbc:TAOS-RS://db:6041/?user=root&password=s3cret&x=1",
            "jdbc:TAOS-RS://db:6041/?user=root&password=***",
        ),
        (
            r#"{"user":"root","password":"s3cret","db":"x"}"#,
            r#"{"user":"root","password":"***","db":"x"}"#,
        ),
        (
            r#"{\"user\":\"root\",\"password\":\"s3cret\",\"db\":\"x\"}"#,
            r#"{\"user\":\"root\",\"password\":\"***\",\"db\":\"x\"}"#,
        ),
        ("password: s3cret end", "password: ***"),
        (
            "Authorization: Basic cm9vdDp0YW9z end",
            "Authorization: Basic ***",
        ),
        (
            "curl -H \"Authorization: Basic cm9vdDp0YW9z\" h:6041",
            "curl -H \"Authorization: Basic ***\" h:6041",
        ),
        ("got Basic cm9vdDp0YW9zZGF0YQ== here", "got Basic *** here"),
        ("Bearer abcdef", "Bearer ***"),
        ("http://u:p@q@h:x", "http://***@h:x"),
        (
            "taos -h db -u root -phunter2 -s 'show'",
            "taos -h db -u root -p*** -s 'show'",
        ),
        (
            "docker exec -it td taos -p hunter2",
            "docker exec -it td taos -p ***",
        ),
        (
            "taos -h db -p -s 'show dnodes'",
            "taos -h db -p -s 'show dnodes'",
        ),
        (
            "docker run --name taos -p 6041:6041 tdengine/tdengine",
            "docker run --name taos -p 6041:6041 tdengine/tdengine",
        ),
        ("taos --password=hunter2", "taos --password=***"),
        ("taos --password hunter2 -s x", "taos --password *** -s x"),
        (
            "curl -u root:a@b http://h:6041/rest/sql",
            "curl -u *** http://h:6041/rest/sql",
        ),
        (
            "curl -u 'root:a b;c' http://h",
            "curl -u 'root:***' http://h",
        ),
        ("curl -uroot:hunter2 http://h", "curl -uroot:*** http://h"),
        ("x password='a;b', y=1", "x password='***', y=1"),
        ("host=h;Password=a@b;port=x", "host=h;Password=***"),
        (
            "alter user root pass 'hunter2';",
            "alter user root pass '***';",
        ),
        ("<password>hunter2</password>", "<password>***</password>"),
        (
            r#"<property name="password" value="hunter2"/>"#,
            r#"<property name="password" value="***"/>"#,
        ),
        (
            r#"p.setProperty("password", "hunter2");"#,
            r#"p.setProperty("password", "***");"#,
        ),
        (r#"ds.setPassword("hunter2");"#, r#"ds.setPassword("***");"#),
        ("set -gx TAOS_PASSWORD hunter2", "set -gx TAOS_PASSWORD ***"),
        (
            "machine h login root password hunter2",
            "machine h login root password ***",
        ),
        ("数据库密码：hunter2", "数据库密码：***"),
        (
            "GET /rest/login/root/hunter2 HTTP/1.1",
            "GET /rest/login/root/*** HTTP/1.1",
        ),
        (
            "/influxdb/v1/write?db=x&u=root&p=hunter2",
            "/influxdb/v1/write?db=x&u=root&p=***",
        ),
        (
            r#"taos_connect("h", "root", "hunter2", NULL, 0)"#,
            r#"taos_connect("h", "root", ***"#,
        ),
        (r#"auth=("root", "hunter2")"#, r#"auth=("root", ***"#),
        ("ws://root:hunter2", "ws://root:***"),
        ("ws://root:12/hunter2@h:6041", "ws://***@h:6041"),
    ] {
        assert_eq!(redact(text), shown);
    }
}

#[test]
fn texts_without_secrets_stay() {
    for text in [
        "taosd is down",
        "mail me@example.org",
        "see https://docs.taosdata.com/x or mail me@x.org",
        "npm i @tdengine/websocket@3.1.5 from https://registry.npmjs.org/@tdengine/websocket",
        "http://<fqdn>:<port>/rest/sql, http://host:port, https://HOST:PORT/PATH",
        "root:${TAOS_PASSWORD}@ws(h:6041)/power",
        "jdbc:TAOS-WS://h:6041/power?user=root&password=${TAOS_PASSWORD}",
        "protocol=WebSocket;host=h;port=6041;username=root;password=${TAOS_PASSWORD};db=power",
        r#"taosrest.connect(url="https://gw:443", token=os.environ["TDENGINE_CLOUD_TOKEN"], database="power")"#,
        r#"driver.connect{host="h", port=6030, user="root", password=os.getenv("TAOS_PASSWORD")}"#,
        r#"taos_connect("h", "root", getenv("TAOS_PASSWORD"), "power", 6030)"#,
        "curl -u root http://h:6041/rest/sql",
        "SyntaxError: Unexpected token < in JSON",
        "the password is wrong",
        "set TAOS_PASSWORD, or leave --show-secrets out",
        "at com.taosdata.jdbc.TSDBDriver.connect(TSDBDriver.java:150)",
        "bash: /home/me: Is a directory; 12:00:01 x@y",
        "password=null, token=None",
        "https://h1:6041,h2:6041/x",
        "tdengine/tdengine:3.3.7.5@sha256:abcdef",
    ] {
        assert_eq!(redact(text), text);
    }
}

#[test]
fn arguments() {
    for (text, shown) in [
        ("http://u:p@q@h:x", "http://***@h:x"),
        ("u:p@h", "***@h"),
        ("h:6041", "h:6041"),
        ("http://u:x?token=a@h", "http://***"),
        ("root:token=a@ws(h)/", "***"),
        (
            "jdbc:TAOS-WS://h:x/?user=root&password=s&t&x=1",
            "jdbc:TAOS-WS://h:***",
        ),
        ("host=h;pwd=a;port=x", "host=h;pwd=***"),
        ("wss://gw?token=abc", "wss://gw?token=***"),
        ("taos_connect(\"h\", \"root\", \"s\")", "taos_connect(***"),
        ("root:secret", "root:***"),
        ("ws://root:se/cret", "ws://root:***"),
        (
            "jdbc:TAOS-WS://h1:1,h2:x,h3:3/",
            "jdbc:TAOS-WS://h1:1,h2:***",
        ),
        ("root:a:b://c", "root:***"),
        ("fe80::1%eth0:x", "fe80::1%eth0:x"),
        ("[::1]:99999999", "[::1]:99999999"),
        ("host=h:x", "host=h:x"),
        ("h1:1,h2:70000", "h1:1,h2:70000"),
        ("-phunter2", "-p***"),
        ("TAOS_PASSWORD=   =", "TAOS_PASSWORD=   ***"),
        ("password => 'x'", "password => '***'"),
        ("C:\\x", "C:\\x"),
    ] {
        assert_eq!(redact_argument(text), shown, "{text}");
    }
}

/// Passwords with every character that some grammar means something by.
fn secret() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-zA-Z0-9]{4,12}",
        "[ -~]{4,16}",
        "[@:/?#%&=+;,'\"\\\\(){}\\[\\]$ ab]{4,12}",
        "[a-z]{4}[@:/?#&;'\" \\\\][a-z]{4}[@:/?#&;'\" \\\\][a-z]{4}",
        "\\PC{4,8}",
    ]
}

/// Whether `shown` holds four characters of `secret` in a row that `other` does not.
pub(crate) fn leaks(shown: &str, secret: &str, other: &str) -> bool {
    let chars: Vec<char> = secret.chars().collect();
    chars.windows(4).any(|part| {
        let part: String = part.iter().collect();
        shown.contains(&part) && !other.contains(&part)
    })
}

fn escaped(text: &str, quote: char) -> String {
    let text = text.replace('\\', "\\\\");
    text.replace(quote, &format!("\\{quote}"))
}

fn shell(text: &str) -> String {
    crate::safety::shell::quoted(text)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]
    #[test]
    fn passwords_are_never_shown(secret in secret(), tail in "( and more|: refused|)") {
        let json = serde_json::to_string(&secret).unwrap();
        let again = serde_json::to_string(&format!("{{\"password\":{json},\"x\":1}}")).unwrap();
        let percent = percent_encoding::utf8_percent_encode(&secret, percent_encoding::NON_ALPHANUMERIC);
        let (double, single) = (escaped(&secret, '"'), escaped(&secret, '\''));
        let word = shell(&secret);
        for (before, secret_as_written, after) in [
            ("dial http://u:", secret.clone(), "@h:6041/x"),
            ("dial http://u:", percent.to_string(), "@h:6041/x"),
            ("u:", secret.clone(), "@ws(h:6041)/db"),
            ("u:", secret.clone(), "@h:6041"),
            ("jdbc:TAOS://h:6030/?user=u&password=", secret.clone(), ""),
            ("host=h;password=", secret.clone(), ""),
            ("host=h;password=", secret.clone(), ";db=x"),
            ("Driver={x};UID=u;PWD=", secret.clone(), ";DB=x"),
            ("{\"password\":", json.clone(), ",\"x\":1}"),
            ("msg=", again, ""),
            ("connect(host='h', password='", single.clone(), "', port=1)"),
            ("connect{host=\"h\", password=\"", double.clone(), "\", port=1}"),
            ("taos_connect(\"h\", \"root\", \"", double.clone(), "\", NULL, 0)"),
            ("new TDengine\\Connection('h', 6030, 'root', '", single.clone(), "', 'db')"),
            ("DriverManager.getConnection(url, \"root\", \"", double.clone(), "\")"),
            ("props.setProperty(\"password\", \"", double.clone(), "\");"),
            ("TAOS_PASSWORD=", secret.clone(), ""),
            ("export TAOS_PASSWORD=", word.clone(), " && x"),
            ("taos -h db -u root -p", word.clone(), " -s x"),
            ("taos -h db -u root --password=", word.clone(), " -s x"),
            ("curl -u ", shell(&format!("root:{secret}")), " http://h:6041/x"),
            ("password: ", secret.clone(), ""),
            ("spring.datasource.password = ", secret.clone(), ""),
            ("Authorization: Bearer ", secret.replace(['"', '\'', '`'], "x"), ""),
            ("https://gw.cloud.taosdata.com/?token=", secret.clone(), ""),
            ("http_proxy=http://u:", secret.clone(), "@proxy:3128/"),
        ] {
            // What follows is a part of the password if nothing ends it.
            let text = format!("{before}{secret_as_written}{after}");
            for (text, other) in [(text.clone(), format!("{before}***{after}")), (format!("{text}{tail}"), format!("{before}***{after}{tail}"))] {
                for shown in [redact(&text), redact_argument(&text)] {
                    prop_assert!(!leaks(&shown, &secret, &other), "{text}\n{shown}");
                    if secret_as_written == percent.to_string() {
                        prop_assert!(!leaks(&shown, &secret_as_written, &other), "{text}\n{shown}");
                    }
                    prop_assert_eq!(redact(&shown), shown);
                }
            }
        }
    }

    #[test]
    fn redacted_texts_stay(text in prop_oneof![any::<String>(), "[ -~\n]{0,60}", "(password|token|=|:|@|//|http://|\"|'|;|&|\\(|ws\\(|u|1| |-p|taos |\\*\\*\\*|\n){0,16}"]) {
        let shown = redact(&text);
        prop_assert_eq!(redact(&shown), shown);
        let shown = redact_argument(&text);
        prop_assert_eq!(redact_argument(&shown), shown);
    }
}
