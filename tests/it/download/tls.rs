//! https against a certificate authority that was made for the test and thrown away.
#![cfg(target_os = "linux")]

use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::Arc;

use crate::support::client_package::install;
use crate::support::download_source::{Case, FILE};
use insta::assert_snapshot;
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

/// A server for `name` with a certificate by an authority whose own certificate is in the file.
struct Secure {
    url: String,
    authority: PathBuf,
}

/// Answers each request with `answer`.
fn secure(case: &Case, name: &str, answer: Vec<u8>) -> Secure {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params
        .distinguished_name
        .push(DnType::CommonName, case.context.root().to_str().unwrap());
    let key = KeyPair::generate().unwrap();
    let root = params.self_signed(&key).unwrap();
    let authority = case.context.root().join("authority.pem");
    std::fs::write(&authority, root.pem()).unwrap();
    let issuer = Issuer::new(params, key);
    let key = KeyPair::generate().unwrap();
    let leaf = CertificateParams::new(vec![name.to_owned()])
        .unwrap()
        .signed_by(&key, &issuer)
        .unwrap();
    let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![leaf.der().clone()],
            PrivateKeyDer::Pkcs8(key.serialize_der().into()),
        )
        .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(serve(listener, TlsAcceptor::from(Arc::new(config)), answer));
    });
    Secure {
        url: format!("https://localhost:{port}"),
        authority,
    }
}

async fn serve(listener: TcpListener, acceptor: TlsAcceptor, answer: Vec<u8>) {
    let listener = tokio::net::TcpListener::from_std(listener).unwrap();
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        // A client that does not trust us ends it here.
        let Ok(mut stream) = acceptor.accept(stream).await else {
            continue;
        };
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            if stream.read_buf(&mut head).await.unwrap_or(0) == 0 {
                break;
            }
        }
        let _ = stream.write_all(&answer).await;
        let _ = stream.shutdown().await;
    }
}

fn package(case: &Case) -> Vec<u8> {
    let length = case.content.bytes.len();
    let mut answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n").into_bytes();
    answer.extend_from_slice(&case.content.bytes);
    answer
}

fn run(case: &Case, server: &Secure, trusted: Option<&PathBuf>) -> crate::support::program::Run {
    let from = format!("{}/{FILE}", server.url);
    let program = install(&case.context, &["--from", &from, "--sha256", &case.sha256])
        .showing(&server.url, "SERVER");
    match trusted {
        Some(path) => program.env("SSL_CERT_FILE", path),
        None => program,
    }
    .run()
}

#[test]
fn own_authority_is_trusted_through_variable() {
    let case = Case::new();
    let server = secure(&case, "localhost", package(&case));
    let run = run(&case, &server, Some(&server.authority));
    assert_eq!(run.exit, Some(0), "{run}");
}

#[test]
fn unknown_authority_is_rejected() {
    let case = Case::new();
    let server = secure(&case, "localhost", package(&case));
    let other = Case::new();
    let others = secure(&other, "localhost", Vec::new());
    assert_snapshot!(run(&case, &server, Some(&others.authority)), @"
    exit 5
    --- stdout
    --- stderr
    error[download-failed]: could not download [SERVER]/tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
      the server's certificate is issued by a CA that this machine does not trust
      next: if your network has a private CA, set SSL_CERT_FILE to its certificate (PEM); otherwise the connection may be intercepted
    ");
    // Nor is it trusted where nothing is said; a machine may have no certificates at all.
    assert_eq!(run(&case, &server, None).exit, Some(5));
}

#[test]
fn certificate_for_another_host_is_rejected() {
    let case = Case::new();
    let server = secure(&case, "other.example", package(&case));
    assert_snapshot!(run(&case, &server, Some(&server.authority)), @"
    exit 5
    --- stdout
    --- stderr
    error[download-failed]: could not download [SERVER]/tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
      the server's certificate is for another host
      next: check the address and any proxy on the way, or use another mirror with --mirror
    ");
}

#[test]
fn reply_without_tls_is_reported() {
    let case = Case::new();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        use std::io::{Read, Write};
        let (mut stream, _) = listener.accept().unwrap();
        let _ = stream.read(&mut [0; 4096]);
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
    });
    let authority = secure(&case, "localhost", Vec::new()).authority;
    let plain = Secure { url, authority };
    assert_snapshot!(run(&case, &plain, Some(&plain.authority)), @"
    exit 5
    --- stdout
    --- stderr
    error[download-failed]: could not download [SERVER]/tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
      the reply is not TLS
      next: check the address and any proxy on the way, or use another mirror with --mirror
    ");
}

#[test]
fn redirect_never_leaves_https() {
    let case = Case::new();
    let plain = crate::support::download_source::Server::start(&case.content, []);
    let answer = format!(
        "HTTP/1.1 302 Found\r\nConnection: close\r\nLocation: {}/{FILE}\r\nContent-Length: 0\r\n\r\n",
        plain.url
    );
    let server = secure(&case, "localhost", answer.into_bytes());
    let from = format!("{}/{FILE}", server.url);
    let run = install(&case.context, &["--from", &from, "--allow-insecure-http"])
        .env("SSL_CERT_FILE", &server.authority)
        .showing(&server.url, "SERVER")
        .showing(&plain.url, "PLAIN")
        .run();
    assert_snapshot!(run, @"
    exit 5
    --- stdout
    --- stderr
    error[download-refused]: could not download [SERVER]/tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
      it redirects to [PLAIN]/tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz, where others could change the package
      next: check the address, a proxy or login page on the way, or use another mirror with --mirror
    ");
    assert!(plain.heads().is_empty());
}

#[test]
fn variable_without_certificates_is_reported() {
    let case = Case::new();
    let server = secure(&case, "localhost", package(&case));
    let file = case.context.root().join("no.pem");
    std::fs::write(&file, "no certificate").unwrap();
    assert_snapshot!(run(&case, &server, Some(&file)), @"
    exit 5
    --- stdout
    --- stderr
    error[download-failed]: could not download [SERVER]/tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
      https is not available: No CA certificates were loaded from the system: could not read the certificates of [ROOT]/no.pem, which SSL_CERT_FILE names: it contains no valid certificate (PEM, or one in DER)
      next: set SSL_CERT_FILE to a file of certificates in PEM form, or unset it
    ");
    std::fs::remove_file(&file).unwrap();
    let stderr = run(&case, &server, Some(&file)).stderr;
    assert!(
        stderr.contains("which SSL_CERT_FILE names: no such file or directory"),
        "{stderr}"
    );
}
