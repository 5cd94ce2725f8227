use super::*;

fn values() -> Values {
    Values {
        name: "a<b".into(),
        program: "a".into(),
        package: "com.example".into(),
        group_id: "com.example".into(),
        example: "basic".into(),
        examples: vec![],
        manifest: "m".into(),
        existing: false,
        cloud: false,
        dist: String::new(),
        program_title: "Main".into(),
        transport: "ws",
        transport_title: "WebSocket",
        port: 6041,
        address: AddressValues {
            host: "localhost".into(),
            port: 6041,
            tls: false,
            prefix: String::new(),
        },
        connector: ConnectorValues {
            package: "p",
            version: "v1".into(),
            asked: "v1".into(),
            location: String::new(),
            built_in: false,
            jar: String::new(),
            features: &[],
            parts: vec![],
            companions: &[],
        },
        build: vec![],
        run: vec![],
        environment: "none",
        group: String::new(),
        extra: String::new(),
        python: "python3",
        reactor: String::new(),
        module: String::new(),
        has_native_module: false,
        windows: false,
        macos: false,
    }
}

#[test]
fn texts_are_taken_as_they_are() {
    let text = render("t", "{{ name }} {{ connector.version }}\n", &values()).unwrap();
    assert_eq!(text, "a<b v1\n");
}

#[test]
fn unknown_name_is_an_error() {
    assert!(render("t", "{{ nme }}", &values()).is_err());
}

#[test]
fn values_of_yaml_are_read_as_the_text() {
    let render = |text: &str| {
        render(
            "t",
            "{{ text | yaml }}",
            &serde_json::json!({ "text": text }),
        )
    };
    for plain in [
        "db.example.com",
        "127.0.0.1",
        "127.0.0.1:6041",
        "https://db:443/a",
        "tdengine",
    ] {
        assert_eq!(render(plain).unwrap(), plain);
    }
    for other in [
        "no",
        "Off",
        "1.5",
        "1e5",
        "0x10",
        "22:15",
        "[fe80::1]:6041",
        "@x",
        "%x",
        "~",
        "",
        "a:",
    ] {
        assert_eq!(render(other).unwrap(), format!("{other:?}"));
    }
}
