use super::*;
use proptest::prelude::*;

#[test]
fn manifest_is_whole() {
    let services: Services = toml::from_str(TEXT).unwrap();
    for known in &services.http {
        let reported = [&known.server, &known.title, &known.body];
        assert!(
            known.port.is_some() || reported.iter().any(|part| part.is_some()),
            "{}",
            known.name
        );
        for part in reported.into_iter().flatten() {
            assert_eq!(*part, part.to_ascii_lowercase());
        }
    }
    for known in &services.greeting {
        assert!(
            known.starts.is_some() || known.holds.is_some(),
            "{}",
            known.name
        );
    }
}

#[test]
fn services_are_recognized() {
    let page = |server: &str, body: &str| HttpAnswer {
        server: Some(server.to_owned()),
        body: body.to_owned(),
        ..HttpAnswer::default()
    };
    for (server, body, port, name) in [
        ("nginx/1.24.0", "", 80, Some("nginx")),
        (
            "",
            "<html><head><TITLE>\nGrafana </title>",
            80,
            Some("Grafana"),
        ),
        ("", "404 page not found", 6043, Some("taosKeeper")),
        (
            "envoy",
            "",
            80,
            Some("Envoy (an ingress or a service mesh)"),
        ),
        (
            "",
            "default backend - 404",
            80,
            Some("the default backend of a Kubernetes ingress"),
        ),
        ("x", "hello", 80, None),
    ] {
        let known = of_http(&page(server, body), port).map(|known| known.name.as_str());
        assert_eq!(known, name, "{server} {body}");
    }
    for (bytes, name) in [
        ("SSH-2.0-OpenSSH_9.6\r\n", Some("an SSH server")),
        ("J\0\0\0\n8.0.36\0\u{8}\0", Some("MySQL")),
        (
            "\0\0\u{12}\u{4}\0\0\0\0\0\0\u{3}",
            Some("an HTTP/2 server that speaks no HTTP/1.1 (gRPC?)"),
        ),
        ("-ERR unknown command\r\n", Some("Redis")),
        (
            "220 mx.example ESMTP Postfix\r\n",
            Some("a mail server (SMTP)"),
        ),
        ("ESFATAL\0VFATAL\0C0A000\0", Some("PostgreSQL")),
        ("whatever", None),
    ] {
        assert_eq!(of_greeting(bytes), name, "{bytes:?}");
    }
}

proptest! {
    #[test]
    fn never_panics(body in any::<String>(), around in "<title>?é{0,3}(</TITLE>)?") {
        let _ = of_greeting(&body);
        let _ = title(&format!("{body}{around}{body}"));
    }
}
