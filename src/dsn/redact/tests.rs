use super::redacted;

#[test]
fn secrets_are_cut() {
    for (text, shown) in [
        ("http://u:p@q@h:x", "http://***@h:x"),
        ("u:p@h", "***@h"),
        ("h:6041", "h:6041"),
        ("http://u:x?token=a@h", "http://***"),
        ("root:token=a@ws(h)/", "***"),
        (
            "jdbc:TAOS-WS://h:x/?user=root&password=s&t&x=1",
            "jdbc:TAOS-WS://h:x/?user=root&password=***",
        ),
        ("host=h;Password=a@b;port=x", "host=h;Password=***"),
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
    ] {
        assert_eq!(redacted(text), shown, "{text}");
    }
}
