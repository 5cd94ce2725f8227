use super::*;

#[tokio::test]
async fn endpoints_are_looked_at_once_and_bounded() {
    let named = |endpoint: String| Dnode {
        endpoint,
        offline: false,
    };
    let odd = ["", "h", "::", "h:x", "h:0", "[]:1"].map(|text| named(text.to_owned()));
    let seen = look(&[odd.clone(), odd].concat(), None, Duration::from_secs(5)).await;
    assert_eq!(seen.len(), 6);
    assert!(
        seen.iter()
            .all(|endpoint| endpoint.port == 0 && endpoint.tcp.is_none())
    );
    let many: Vec<Dnode> = (0..1000)
        .map(|count| named(format!("name-{count}:x")))
        .collect();
    assert_eq!(look(&many, None, Duration::from_secs(5)).await.len(), MOST);
}

#[test]
fn endpoint_is_host_and_port() {
    for (text, expected) in [
        ("h1:6030", Some(("h1", 6030))),
        (
            "taos_node-1.db.example.:6030",
            Some(("taos_node-1.db.example.", 6030)),
        ),
        ("[::1]:6030", Some(("::1", 6030))),
        ("::1:6030", Some(("::1", 6030))),
        ("10.0.0.1:1", Some(("10.0.0.1", 1))),
        ("h1", None),
        ("h1:0", None),
        ("h1:65536", None),
        ("h1\r\nX: y:6030", None),
        ("h 1:6030", None),
        ("h1;rm:6030", None),
        ("-oProxyCommand=x:6030", None),
        ("h\u{202e}1:6030", None),
        (".:6030", None),
        ("a..b:6030", None),
    ] {
        assert_eq!(parse_endpoint(text), expected, "{text:?}");
    }
    let long = format!("{}:6030", "a.".repeat(200));
    assert_eq!(parse_endpoint(&long), None);
}
