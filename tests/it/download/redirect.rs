//! Redirects, proxies and plain http.

use crate::support::client_package::install;
use crate::support::download_source::{Case, FILE, Server, Step, header};
use insta::assert_snapshot;

fn redirect(to: &str) -> Step {
    Step::Status("302 Found", format!("Location: {to}\r\n"))
}

#[test]
fn password_stays_with_its_server() {
    let case = Case::new();
    let there = Server::start(&case.content, []);
    let to = format!("{}/elsewhere", there.url);
    let here = Server::start(&case.content, [redirect("/again"), redirect(&to)]);
    let asked = here.url.replace("//", "//me:secret@") + "/" + FILE + "?token=secret";
    let run = install(&case.context, &["--from", &asked, "--sha256", &case.sha256]).run();
    assert_eq!(run.exit, Some(0), "{run}");
    for head in here.heads() {
        // me:secret, in lower case as all of the head is.
        assert_eq!(
            header(&head, "authorization"),
            "basic bwu6c2vjcmv0",
            "{head}"
        );
    }
    let head = there.heads().concat();
    assert!(head.starts_with("get /elsewhere http/1.1"), "{head}");
    assert!(!head.contains("secret"), "{head}");
    for name in ["authorization", "referer", "cookie"] {
        assert_eq!(header(&head, name), "", "{head}");
    }
}

#[test]
fn ten_redirects_and_no_more() {
    let case = Case::new();
    let server = Server::start(&case.content, vec![redirect("/next"); 10]);
    let run = case.install(&server, &[]).run();
    assert_eq!(run.exit, Some(0), "{run}");
    let case = Case::new();
    let server = Server::start(&case.content, vec![redirect("/next"); 11]);
    assert_snapshot!(case.install(&server, &[]).run(), @"
    exit 5
    --- stdout
    --- stderr
    error[download-refused]: could not download [SERVER]/tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
      it redirects more than 10 times
      next: check the address, a proxy or login page on the way, or use another mirror with --mirror
    ");
    assert_eq!(server.heads().len(), 11);
}

/// Names under .invalid lead nowhere: whatever comes has come through the proxy.
const MIRROR: &str = "http://me:secret@mirror.invalid/pub";

#[test]
fn plain_http_goes_through_the_proxy_where_it_is_allowed() {
    let case = Case::new();
    for name in ["http_proxy", "HTTP_PROXY", "all_proxy"] {
        let proxy = Server::start(&case.content, []);
        let args = [
            "3.3.7.5",
            "--mirror",
            MIRROR,
            "--allow-insecure-http",
            "--sha256",
            &case.sha256,
        ];
        let run = install(&case.context, &args).env(name, &proxy.url).run();
        assert_eq!(run.exit, Some(0), "{run}");
        let head = proxy.heads().concat();
        let line =
            format!("get http://mirror.invalid/pub/tdengine-tsdb-oss/3.3.7.5/{FILE} http/1.1");
        assert!(head.starts_with(&line), "{head}");
        std::fs::remove_dir_all(case.context.taos_setup_home()).unwrap();
    }
}

#[test]
fn command_to_run_again_allows_it_too() {
    let case = Case::new();
    let proxy = Server::start(&case.content, []);
    let args = [
        "3.3.7.5",
        "--mirror",
        "http://mirror.invalid/",
        "--allow-insecure-http",
    ];
    let run = install(&case.context, &args)
        .env("http_proxy", &proxy.url)
        .showing(&case.sha256, "SHA256")
        .showing(case.content.bytes.len(), "SIZE")
        .run();
    assert_snapshot!(run, @"
    exit 4
    --- stdout
    --- stderr
    error[digest-unknown]: could not install http://mirror.invalid/tdengine-tsdb-oss/3.3.7.5/tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
      no known digest for this package; its SHA-256 is [SHA256] ([SIZE] bytes)
      next: taos-setup install 3.3.7.5 --mirror http://mirror.invalid/ --allow-insecure-http --sha256 [SHA256]
    ");
}

#[test]
fn hosts_without_a_proxy() {
    let case = Case::new();
    let proxy = Server::start(&case.content, []);
    let run = install(
        &case.context,
        &["3.3.7.5", "--mirror", MIRROR, "--allow-insecure-http"],
    )
    .env("http_proxy", &proxy.url)
    .env("no_proxy", "other.invalid,mirror.invalid")
    .env("TAOS_SETUP_RETRIES", "0")
    .run();
    assert_eq!(run.exit, Some(5), "{run}");
    assert!(!run.stderr.contains("secret"), "{run}");
    // This machine is never asked through a proxy.
    let server = Server::start(&case.content, []);
    let run = case
        .install(&server, &[])
        .env("http_proxy", &proxy.url)
        .run();
    assert_eq!(run.exit, Some(0), "{run}");
    assert!(proxy.heads().is_empty());
}

#[test]
fn https_goes_through_a_tunnel() {
    let case = Case::new();
    let refuse = Step::Status("403 Forbidden", String::new());
    let proxy = Server::start(&case.content, vec![refuse; 9]);
    let run = install(
        &case.context,
        &["3.3.7.5", "--mirror", "https://mirror.invalid"],
    )
    .env("https_proxy", &proxy.url)
    .env("TAOS_SETUP_RETRIES", "0")
    .run();
    assert_eq!(run.exit, Some(5), "{run}");
    let head = proxy.heads().concat();
    assert!(
        head.starts_with("connect mirror.invalid:443 http/1.1"),
        "{head}"
    );
}

/// A SOCKS5 proxy (RFC 1928) for one connection, whatever name it asks for, to `server`.
fn socks(server: &Server) -> String {
    use std::io::{Read, Write, copy};
    use std::net::{Shutdown, TcpListener, TcpStream};
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("socks5h://{}", listener.local_addr().unwrap());
    let server = server.url.strip_prefix("http://").unwrap().to_owned();
    std::thread::spawn(move || {
        let (mut client, _) = listener.accept().unwrap();
        let mut greeting = [0; 2];
        client.read_exact(&mut greeting).unwrap();
        client.read_exact(&mut vec![0; greeting[1].into()]).unwrap();
        client.write_all(&[5, 0]).unwrap();
        let mut request = [0; 5];
        client.read_exact(&mut request).unwrap();
        assert_eq!(request[..4], [5, 1, 0, 3], "connect, by name");
        let mut name = vec![0; usize::from(request[4]) + 2];
        client.read_exact(&mut name).unwrap();
        assert!(name.starts_with(b"mirror.invalid"));
        client.write_all(&[5, 0, 0, 1, 127, 0, 0, 1, 0, 0]).unwrap();
        let mut server = TcpStream::connect(server).unwrap();
        let (mut from, mut to) = (client.try_clone().unwrap(), server.try_clone().unwrap());
        std::thread::spawn(move || copy(&mut from, &mut to));
        let _ = copy(&mut server, &mut client);
        let _ = client.shutdown(Shutdown::Both);
    });
    url
}

#[test]
fn socks_proxies_serve_too() {
    let case = Case::new();
    let server = Server::start(&case.content, []);
    let args = [
        "3.3.7.5",
        "--mirror",
        MIRROR,
        "--allow-insecure-http",
        "--sha256",
        &case.sha256,
    ];
    let run = install(&case.context, &args)
        .env("all_proxy", socks(&server))
        .run();
    assert_eq!(run.exit, Some(0), "{run}");
    assert_eq!(server.heads().len(), 1);
}
