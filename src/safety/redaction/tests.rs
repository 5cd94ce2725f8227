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
fn every_form_is_redacted() {
    for (text, shown) in [
        (
            "dial ws://root:s3cr%40t@db01:6041/ws failed",
            "dial ws://root:***@db01:6041/ws failed",
        ),
        (
            "root:s3cret@tcp(db01:6030)/test",
            "root:***@tcp(db01:6030)/test",
        ),
        (
            "root:s3 c@ret@tcp(db01:6030)/test",
            "root:***@tcp(db01:6030)/test",
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
        ("http://u:p@q@h:x", "http://u:***@h:x"),
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
            "curl -u root:*** http://h:6041/rest/sql",
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
        ("ws://root:12/hunter2@h:6041", "ws://root:***@h:6041"),
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
fn texts_with_an_at_sign_and_no_password_stay() {
    let digest = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    let image = format!("image: localhost:5000/tdengine/tdengine:3.3.7.5@sha256:{digest}");
    let pulled = format!("docker pull tdengine/tdengine:latest@sha256:{digest}, then run it");
    for text in [
        "com.x:y:1.0:dist@jar",
        "compile 'com.taosdata.jdbc:taos-jdbcdriver:3.0.0:dist@jar'",
        "implementation(\"com.taosdata.jdbc:taos-jdbcdriver:$v@aar\")",
        "a:b:1.0@pom, c:d:2.0@zip",
        "error: cannot find @tdengine/websocket@3.2.0",
        "npm ERR! notarget @tdengine/websocket@3.2.0",
        "error: @tdengine/websocket is not in this registry",
        "see http://localhost:4873/ and @tdengine/websocket",
        "https://registry.npmjs.org:443/@tdengine/websocket@3.2.0-beta.1",
        "GET http://localhost:4873/@tdengine%2fwebsocket 404",
        "go: github.com/taosdata/driver-go/v3@v3.8.2: invalid version",
        "go: downloading github.com/taosdata/driver-go/v3 v3.8.2",
        "require x@v3, y@v3.8.2-0.20240101000000-abcdef012345",
        "git@github.com:taosdata/taos-connector-jdbc.git",
        "clone: git@github.com:22/x.git",
        "ssh://git@github.com/taosdata/x.git",
        "git+ssh://git@github.com:22/taosdata/x.git@main",
        "git+https://gitlab.x:8443/a/b.git@v1.0#egg=b",
        "pip install git+https://github.com/a/b@abc123",
        "Email:support@taosdata.com",
        "mailto:support@taosdata.com, cc:me@x.org.",
        "联系:support@taosdata.com",
        "错误:用户root@db01被拒绝",
        "用户 root@db01:6041 无法登录：请检查密码",
        "时间：12:00，联系 support@taosdata.com",
        "docker run x:1 # at 10:00 by me@host",
        image.as_str(),
        pulled.as_str(),
    ] {
        assert_eq!(redact(text), text);
        // As one argument, a text without a colon may be a token.
        if !text.contains(char::is_whitespace) && text.starts_with(['@', 'g']) {
            assert_eq!(redact_argument(text), text);
        }
    }
}

#[test]
fn passwords_that_look_like_other_texts_are_hidden() {
    for (text, shown) in [
        ("u:a:1.0@jar@h:6041", "u:***@h:6041"),
        ("u:x@v3.8.2@tcp(h:6030)/", "u:***@tcp(h:6030)/"),
        (
            "ws://u:@tdengine/websocket@3.2.0@h:6041",
            "ws://u:***@h:6041",
        ),
        ("http://git:secret@h/x.git", "http://git:***@h/x.git"),
        ("git+https://u:p@h/x.git@v1", "git+https://u:***@h/x.git@v1"),
        ("u:p@10.0.0.1", "u:***@10.0.0.1"),
        ("u:p@sha256:6041", "u:***@sha256:6041"),
        ("email:secret@db:6041", "email:***@db:6041"),
        ("用户名:root:secret@db01:6041", "用户名:root:***@db01:6041"),
        ("http://secrettoken@h/x", "http://***@h/x"),
    ] {
        assert_eq!(redact(text), shown);
    }
}

#[test]
fn arguments_are_redacted() {
    for (text, shown) in [
        ("http://u:p@q@h:x", "http://u:***@h:x"),
        ("u:p@h", "u:***@h"),
        ("h:6041", "h:6041"),
        ("http://u:x?token=a@h", "http://u:***"),
        ("root:token=a@ws(h)/", "root:***"),
        (
            "jdbc:TAOS-WS://h:x/?user=root&password=s&t&x=1",
            "jdbc:TAOS-WS://h:***",
        ),
        ("host=h;pwd=a;port=x", "host=h;pwd=***"),
        ("wss://gw?token=abc", "wss://gw?token=***"),
        ("taos_connect(\"h\", \"root\", \"s\")", "taos_connect(***"),
        ("root:secret", "root:***"),
        ("u://0?@h:6041", "u:***@h:6041"),
        ("u://0 a/b@h:6041", "u:***@h:6041"),
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

/// Whether `shown` holds four characters of `secret` in a row that `other` does not. Three of the mask's are not the secret's.
pub(crate) fn leaks(shown: &str, secret: &str, other: &str) -> bool {
    let chars: Vec<char> = secret.chars().collect();
    chars.windows(4).any(|part| {
        let part: String = part.iter().collect();
        shown.contains(&part) && !other.contains(&part) && !part.contains(super::MASK)
    })
}

fn escaped(text: &str, quote: char) -> String {
    let text = text.replace('\\', "\\\\");
    text.replace(quote, &format!("\\{quote}"))
}

/// Whether another rule hides a part of `text`, too, such as the value of a name in it.
fn has_settings(text: &str) -> bool {
    redact(text) != text
}

fn shell(text: &str) -> String {
    crate::safety::shell::quoted(text)
}

proptest! {
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

    /// The password and nothing else: user, host, and what is around them stay.
    #[test]
    fn only_the_password_is_hidden(secret in secret(), user in "[a-z][a-z0-9_]{0,7}") {
        let percent = percent_encoding::utf8_percent_encode(&secret, percent_encoding::NON_ALPHANUMERIC).to_string();
        let colon = format!("{user}:");
        let mut forms = vec![
            (format!("ws://{colon}"), percent.clone(), "@db01:6041/power?x=1"),
            (format!("cannot open taos+ws://{colon}"), percent.clone(), "@db01:6041/power, retrying"),
            (format!("失败：wss://{colon}"), percent, "@[::1]:6041/power 超时"),
        ];
        // A text that begins with two slashes makes the user a scheme.
        if !secret.starts_with("//") {
            forms.extend([
                (colon.clone(), secret.clone(), "@ws(db01:6041)/power"),
                (colon.clone(), secret.clone(), "@tcp([::1]:6030)/"),
                (format!("http://{colon}"), secret.clone(), "@db01:6041/x"),
            ]);
        }
        for (before, written, after) in forms {
            let variable = redact(&format!("x:{written}@h")) == format!("x:{written}@h");
            let text = format!("{before}{written}{after}");
            if !variable && !has_settings(&written) {
                prop_assert_eq!(redact(&text), format!("{before}***{after}"), "{}", text);
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
