use super::*;

const GOOD: &str = r#"{
  "schema": 1, "kind": "taos-setup-endpoints", "created": "2026-11-30T12:00:00Z",
  "endpoints": [
    {"host": "td1", "port": 6041, "protocol": "tcp", "tls": true, "role": "adapter", "transports": ["ws", "rest"], "addresses": ["10.0.0.7"]},
    {"host": "fd00::7", "port": 6030, "protocol": "tcp", "tls": false, "role": "dnode", "transports": ["native"], "addresses": []}
  ]
}"#;

#[test]
fn list_survives_writing_and_reading() {
    let list = EndpointList::parse(GOOD.as_bytes()).unwrap();
    assert_eq!(
        EndpointList::parse(list.to_json().as_bytes()).unwrap(),
        list
    );
}

#[test]
fn wrong_lists_are_refused() {
    for (from, to, complaint) in [
        ("\"schema\": 1", "\"schema\": 2", "schema 1"),
        ("taos-setup-endpoints", "other", "taos-setup-endpoints"),
        ("\"port\": 6041", "\"port\": 0", "port"),
        ("\"port\": 6041", "\"port\": 65536", "65536"),
        ("\"host\": \"td1\"", "\"host\": \"$(reboot)\"", "host"),
        (
            "\"host\": \"td1\"",
            "\"host\": \"-oProxyCommand=x\"",
            "host",
        ),
        ("\"host\": \"td1\"", "\"host\": \"\"", "host"),
        ("[\"ws\", \"rest\"]", "[\"ws\", \"ws\"]", "transports"),
        ("[\"ws\", \"rest\"]", "[]", "transports"),
        ("[\"ws\", \"rest\"]", "[\"native\"]", "transports"),
        ("\"tcp\"", "\"udp\"", "udp"),
        ("10.0.0.7", "10.0.0.777", "addresses"),
        (
            "\"tls\": true,",
            "\"tls\": true, \"password\": \"x\",",
            "password",
        ),
        ("2026-11-30T12:00:00Z", "\\u001b[2J", "created"),
        ("\"endpoints\": [", "\"endpoints\": [], \"more\": [", "more"),
    ] {
        assert!(GOOD.contains(from), "{from}");
        let error = EndpointList::parse(GOOD.replacen(from, to, 1).as_bytes()).unwrap_err();
        assert!(error.to_string().contains(complaint), "{to}: {error}");
    }
    for bytes in [
        b"".as_slice(),
        b"[",
        b"{}",
        &[0xff, 0xfe],
        "[".repeat(100_000).as_bytes(),
    ] {
        assert!(EndpointList::parse(bytes).is_err());
    }
}

#[test]
fn number_of_endpoints_is_bounded() {
    let mut list = EndpointList::parse(GOOD.as_bytes()).unwrap();
    list.endpoints = vec![list.endpoints[0].clone(); MOST_ENDPOINTS + 1];
    assert!(EndpointList::parse(list.to_json().as_bytes()).is_err());
    list.endpoints.clear();
    assert!(EndpointList::parse(list.to_json().as_bytes()).is_err());
}
