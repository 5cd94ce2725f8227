//! TLS on the adapter's port.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;

use taos_sandbox::server::{Options, Sandbox};
use taos_sandbox::tls::TlsIdentity;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned, crypto};
use tokio_tungstenite::tungstenite::{Message, client};

fn identity() -> (TlsIdentity, CertificateDer<'static>) {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let identity = TlsIdentity {
        certificates: made.cert.pem(),
        key: made.signing_key.serialize_pem(),
        clients: None,
    };
    (identity, made.cert.der().clone())
}

fn sandbox(tls: TlsIdentity) -> Sandbox {
    let tls = Some(tls);
    Sandbox::start(Options {
        tls,
        ..Options::default()
    })
    .unwrap()
}

fn dial(
    address: SocketAddr,
    root: CertificateDer<'static>,
) -> StreamOwned<ClientConnection, TcpStream> {
    let mut roots = RootCertStore::empty();
    roots.add(root).unwrap();
    let provider = Arc::new(crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = "localhost".try_into().unwrap();
    let connection = ClientConnection::new(Arc::new(config), name).unwrap();
    StreamOwned::new(connection, TcpStream::connect(address).unwrap())
}

#[test]
fn rest_and_websocket_are_served_over_tls() {
    let (tls, root) = identity();
    let sandbox = sandbox(tls);
    let mut stream = dial(sandbox.adapter(), root.clone());
    stream
        .write_all(b"GET /-/ping HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        .unwrap();
    let mut reply = String::new();
    stream.read_to_string(&mut reply).unwrap();
    assert!(reply.starts_with("HTTP/1.1 200 OK\r\n"), "{reply}");

    let (mut socket, _) = client("wss://localhost/ws", dial(sandbox.adapter(), root)).unwrap();
    let ask = r#"{"action":"version","args":{"req_id":1}}"#;
    socket.send(Message::text(ask)).unwrap();
    let reported = socket.read().unwrap().into_text().unwrap();
    assert!(reported.contains(r#""version":"3.3.7.5""#), "{reported}");
}

#[test]
fn plain_http_is_told_that_tls_is_spoken_here() {
    let sandbox = sandbox(identity().0);
    let mut stream = TcpStream::connect(sandbox.adapter()).unwrap();
    stream
        .write_all(b"GET /-/ping HTTP/1.1\r\nHost: localhost\r\n\r\n")
        .unwrap();
    let mut reply = String::new();
    stream.read_to_string(&mut reply).unwrap();
    assert_eq!(
        reply,
        "HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n"
    );
}

#[test]
fn invalid_identity_is_rejected_at_start() {
    let (mut tls, _) = identity();
    tls.key = "no key".to_owned();
    let error = Sandbox::start(Options {
        tls: Some(tls),
        ..Options::default()
    })
    .unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::InvalidInput);
}
