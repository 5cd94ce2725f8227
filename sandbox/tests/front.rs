//! What may stand before a healthy server, and healthy servers that are odd.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use taos_sandbox::front::{Cloud, Proxy};
use taos_sandbox::server::{Listen, Options, Sandbox, User};
use tokio_tungstenite::tungstenite::stream::MaybeTlsStream;
use tokio_tungstenite::tungstenite::{Message, WebSocket, connect};

/// Sends a request that closes the connection after the answer; gives head and body as they come.
fn asked(address: SocketAddr, request: &str) -> (String, String) {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut reply = String::new();
    stream.read_to_string(&mut reply).unwrap();
    let (head, body) = reply.split_once("\r\n\r\n").unwrap();
    (head.to_owned(), body.to_owned())
}

fn query(path: &str, user: &str, sql: &str) -> String {
    let login = BASE64_STANDARD.encode(format!("{user}:taosdata"));
    format!(
        "POST {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Basic {login}\r\nContent-Length: {}\r\n\r\n{sql}",
        sql.len()
    )
}

fn socket(url: String) -> Result<WebSocket<MaybeTlsStream<TcpStream>>, String> {
    connect(url)
        .map(|(socket, _)| socket)
        .map_err(|error| error.to_string())
}

fn reported(socket: &mut WebSocket<MaybeTlsStream<TcpStream>>, message: &str) -> serde_json::Value {
    socket.send(Message::text(message)).unwrap();
    serde_json::from_str(socket.read().unwrap().to_text().unwrap()).unwrap()
}

fn behind(proxy: Proxy) -> Sandbox {
    Sandbox::start(Options {
        proxy: Some(proxy),
        ..Options::default()
    })
    .unwrap()
}

#[test]
fn cloud_gateway_asks_for_its_token_alone() {
    let sandbox = Sandbox::start(Options {
        cloud: Some(Cloud {
            token: "right".to_owned(),
            user: "root".to_owned(),
        }),
        ..Options::default()
    })
    .unwrap();
    let address = sandbox.adapter();
    let rest = |token: &str| {
        asked(
            address,
            &format!(
                "POST /rest/sql{token} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 8\r\n\r\nselect 1"
            ),
        )
    };
    let (head, body) = rest("?token=right");
    assert!(head.starts_with("HTTP/1.1 200 OK\r\n"), "{head}");
    assert!(body.contains("\"data\":[[1]]"), "{body}");
    for wrong in ["", "?token=wrong", "?token="] {
        assert!(rest(wrong).0.starts_with("HTTP/1.1 401 Unauthorized\r\n"));
    }
    assert_eq!(sandbox.logins().refused, 3);

    let mut open = socket(format!("ws://{address}/ws?token=right")).unwrap();
    // Connectors send their default user, or none; the gateway does not look.
    let conn = r#"{"action":"conn","args":{"req_id":1,"user":"unknown","password":""}}"#;
    assert_eq!(reported(&mut open, conn)["code"], 0);
    let refused = socket(format!("ws://{address}/ws?token=wrong")).unwrap_err();
    assert!(refused.contains("401"), "{refused}");
}

#[test]
fn proxy_changes_the_form_of_answers_and_nothing_else() {
    let sandbox = behind(Proxy {
        prefix: "/taos".to_owned(),
        headers: vec![("X-Cache".to_owned(), "MISS".to_owned())],
        lower_case: true,
        chunked: true,
        ..Proxy::default()
    });
    let address = sandbox.adapter();
    // An error has a known length where no proxy is.
    let (head, body) = asked(address, &query("/taos/rest/sql", "root", "selec 1"));
    assert!(head.contains("\r\nx-cache: MISS"), "{head}");
    assert!(head.contains("\r\ntransfer-encoding: chunked"), "{head}");
    assert!(body.contains("\"code\":9728"), "{body}");
    for outside in ["/rest/sql", "/taosx/rest/sql"] {
        let (head, _) = asked(address, &query(outside, "root", "select 1"));
        assert!(head.starts_with("HTTP/1.1 404 Not Found"), "{head}");
    }
    let mut open = socket(format!("ws://{address}/taos/ws")).unwrap();
    let version = reported(&mut open, r#"{"action":"version"}"#);
    assert_eq!(version["version"], "3.3.7.5");
}

#[test]
fn proxy_may_speak_http_1_0() {
    let sandbox = behind(Proxy {
        http_1_0: true,
        ..Proxy::default()
    });
    let (head, body) = asked(sandbox.adapter(), &query("/rest/sql", "root", "select 1"));
    assert!(head.starts_with("HTTP/1.0 200 OK\r\n"), "{head}");
    assert!(!head.to_lowercase().contains("transfer-encoding"), "{head}");
    assert!(body.starts_with("{\"code\":0,"), "{body}");
}

#[test]
fn three_dnodes_are_served_on_ipv6_alone_to_a_user_without_sysinfo() {
    let endpoints = ["a:6030", "b:6030", "c:6130"].map(str::to_owned);
    let mut options = Options {
        adapter: Listen::Ipv6(0),
        native: Listen::Ipv6(0),
        dnode_endpoints: Some(endpoints.to_vec()),
        ..Options::default()
    };
    options.users.push(User {
        name: "low".to_owned(),
        password: "taosdata".to_owned(),
        sysinfo: false,
        createdb: false,
    });
    // A machine without IPv6 has nothing to show here.
    let sandbox = match Sandbox::start(options) {
        Err(error) if error.kind() == std::io::ErrorKind::AddrNotAvailable => return,
        other => other.unwrap(),
    };
    assert!(sandbox.adapter().is_ipv6() && sandbox.native().is_ipv6());
    assert!(TcpStream::connect(("127.0.0.1", sandbox.adapter().port())).is_err());
    let body = |user, sql| asked(sandbox.adapter(), &query("/rest/sql", user, sql)).1;
    let endpoints = body("root", "select endpoint from information_schema.ins_dnodes");
    assert!(endpoints.contains(r#""data":[["a:6030"],["b:6030"],["c:6130"]]"#));
    assert!(body("low", "show dnodes").contains("\"code\":9796"));
    assert!(body("low", "show users").contains("\"code\":9796"));
    let users = body(
        "root",
        "select name, sysinfo from information_schema.ins_users",
    );
    assert!(
        users.contains(r#""data":[["root",1],["low",0]]"#),
        "{users}"
    );
    assert!(body("low", "select server_status()").contains("\"data\":[[1]]"));
}
