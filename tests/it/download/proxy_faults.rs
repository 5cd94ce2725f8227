//! Downloads that a proxy, or the list of certificates, makes fail: it is named, for the server is not at fault.
#![cfg(target_os = "linux")]

use std::net::TcpListener;

use crate::support::client_package::install;
use crate::support::download_source::{Case, Server, Step};
use crate::support::program::Run;
use insta::assert_snapshot;

/// Installs from a mirror that only a proxy can reach, through the one at `url`.
fn through(url: &str, retries: &str) -> Run {
    let case = Case::new();
    install(
        &case.context,
        &["3.3.7.5", "--mirror", "https://mirror.invalid/pub"],
    )
    .env("https_proxy", url)
    .env("TAOS_SETUP_RETRIES", retries)
    .run()
}

fn answering(status: &'static str, retries: &str) -> (Run, usize) {
    let case = Case::new();
    let answer = Step::Status(status, String::new());
    let proxy = Server::start(&case.content, vec![answer; 9]);
    let run = through(&proxy.url.replace("//", "//me:secret@"), retries);
    (run, proxy.heads().len())
}

#[test]
fn proxy_is_down() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    assert_snapshot!(through(&format!("http://{address}"), "0"), @"
    exit 5
    --- stdout
    --- stderr
    error[download-failed]: could not download https://mirror.invalid/pub/tdengine-tsdb-oss/3.3.7.5/tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
      the connection was refused; the request goes through the proxy in https_proxy
      next: check https_proxy and the proxy (http://USER:PASSWORD@HOST:PORT), or add the host to NO_PROXY
    ");
}

#[test]
fn proxy_requires_login() {
    let (run, asked) = answering("407 Proxy Authentication Required", "3");
    assert_eq!(asked, 1, "nothing changes by asking again");
    assert_snapshot!(run, @"
    exit 5
    --- stdout
    --- stderr
    error[download-failed]: could not download https://mirror.invalid/pub/tdengine-tsdb-oss/3.3.7.5/tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
      the proxy asks for a user and a password; the request goes through the proxy in https_proxy
      next: check https_proxy and the proxy (http://USER:PASSWORD@HOST:PORT), or add the host to NO_PROXY
    ");
}

#[test]
fn proxy_requires_login_for_plain_http() {
    let case = Case::new();
    let answer = Step::Status("407 Proxy Authentication Required", String::new());
    let proxy = Server::start(&case.content, vec![answer; 9]);
    let args = [
        "3.3.7.5",
        "--mirror",
        "http://mirror.invalid/pub",
        "--allow-insecure-http",
    ];
    let run = install(&case.context, &args)
        .env("all_proxy", &proxy.url)
        .run();
    assert_eq!(proxy.heads().len(), 1);
    assert_snapshot!(run.stderr, @"
    error[download-failed]: could not download http://mirror.invalid/pub/tdengine-tsdb-oss/3.3.7.5/tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
      the proxy asks for a user and a password; the request goes through the proxy in all_proxy
      next: check all_proxy and the proxy (http://USER:PASSWORD@HOST:PORT), or add the host to NO_PROXY
    ");
}

#[test]
fn proxy_refuses() {
    assert_snapshot!(answering("403 Forbidden", "0").0.stderr, @"
    error[download-failed]: could not download https://mirror.invalid/pub/tdengine-tsdb-oss/3.3.7.5/tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
      the proxy refuses to pass it on; the request goes through the proxy in https_proxy
      next: check https_proxy and the proxy (http://USER:PASSWORD@HOST:PORT), or add the host to NO_PROXY
    ");
}
