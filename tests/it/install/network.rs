//! Mirrors that do not deliver, and the user who loses patience.

use crate::support::client_package::{digest, file, install, mirror};
use crate::support::program::{Run, TestContext};
use insta::assert_snapshot;
use std::io::{Read, Write};
use taos_sandbox::mirror::{MirrorFaults, Package};

/// Installs 3.3.7.5 from a mirror with `faults`; nothing is left of the attempt.
fn install_under(faults: MirrorFaults) -> Run {
    let context = TestContext::new();
    let mirror = mirror([Package::new("3.3.7.5")]);
    let sha256 = digest(&mirror, "3.3.7.5");
    mirror.set_faults(faults).unwrap();
    let run = install(
        &context,
        &["3.3.7.5", "--mirror", &mirror.url(), "--sha256", &sha256],
    )
    .env("TAOS_SETUP_RETRIES", "0")
    .showing(mirror.url(), "MIRROR")
    .showing(&sha256, "SHA256")
    .run();
    assert!(!context.taos_setup_home().join("clients").exists());
    run
}

#[test]
fn unreachable_source_is_reported() {
    assert_snapshot!(install_under(MirrorFaults::Down), @"
    exit 5
    --- stdout
    --- stderr
    error[download-failed]: could not download [MIRROR]/tdengine-tsdb-oss/3.3.7.5/tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
      the connection was refused
      next: check the address and the network, or use another mirror with --mirror
    ");
}

#[test]
fn missing_package_is_reported() {
    assert_snapshot!(install_under(MirrorFaults::NotFound), @"
    exit 5
    --- stdout
    --- stderr
    error[package-not-found]: could not download the package
      404 Not Found at [MIRROR]/tdengine-tsdb-oss/3.3.7.5/tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz, [MIRROR]/tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz, [MIRROR]/assets-download/3.0/TDengine-client-3.3.7.5-Linux-x64.tar.gz, [MIRROR]/TDengine-client-3.3.7.5-Linux-x64.tar.gz
      next: check the mirror's address, or use another mirror with --mirror
    ");
}

#[test]
fn web_page_instead_of_a_package_is_refused() {
    assert_snapshot!(install_under(MirrorFaults::Html), @"
    exit 5
    --- stdout
    --- stderr
    error[download-refused]: could not download [MIRROR]/tdengine-tsdb-oss/3.3.7.5/tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
      the server sent a web page instead of the package
      next: check the address, a proxy or login page on the way, or use another mirror with --mirror
    ");
}

#[test]
fn another_status_ends_it_at_once() {
    assert_snapshot!(install_under(MirrorFaults::Status(503)), @"
    exit 5
    --- stdout
    --- stderr
    error[download-refused]: could not download [MIRROR]/tdengine-tsdb-oss/3.3.7.5/tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
      the server answered 503 Service Unavailable
      next: check the address, a proxy or login page on the way, or use another mirror with --mirror
    ");
}

#[test]
fn download_that_is_cut_off_is_resumed() {
    assert_snapshot!(install_under(MirrorFaults::Truncated(100_000)), @"
    exit 5
    --- stdout
    --- stderr
    error[download-failed]: could not download [MIRROR]/tdengine-tsdb-oss/3.3.7.5/tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
      the connection was interrupted after 100000 bytes: end of file before message length reached
      next: try again, or use another mirror with --mirror
    ");
}

#[test]
fn complete_as_http_but_too_short() {
    let run = install_under(MirrorFaults::WrongLength);
    assert_eq!(run.exit, Some(4), "{run}");
    assert!(run.stderr.starts_with("error[digest-mismatch]"), "{run}");
}

#[test]
fn flipped_byte_is_rejected() {
    let run = install_under(MirrorFaults::Corrupt);
    assert_eq!(run.exit, Some(4), "{run}");
    assert!(run.stderr.starts_with("error[digest-mismatch]"), "{run}");
}

#[test]
fn unlisted_version_is_tried_and_nearest_is_named() {
    let context = TestContext::new();
    let mirror = mirror([Package::new("3.3.7.5")]);
    let run = install(&context, &["3.3.7.99", "--mirror", &mirror.url()])
        .showing(mirror.url(), "MIRROR")
        .run();
    assert_snapshot!(run, @"
    exit 5
    --- stdout
    --- stderr
    note: client 3.3.7.99 is not in the built-in catalog
    error[package-not-found]: could not download the package
      404 Not Found at [MIRROR]/tdengine-tsdb-oss/3.3.7.99/tdengine-tsdb-oss-client-3.3.7.99-linux-x64.tar.gz, [MIRROR]/tdengine-tsdb-oss-client-3.3.7.99-linux-x64.tar.gz, [MIRROR]/assets-download/3.0/TDengine-client-3.3.7.99-Linux-x64.tar.gz, [MIRROR]/TDengine-client-3.3.7.99-Linux-x64.tar.gz
      next: check the version: 3.3.7.99 is not in the catalog; the nearest release is 3.3.7.5: taos-setup install 3.3.7.5
    ");
}

#[test]
fn version_that_is_not_published_is_reported() {
    let context = TestContext::new();
    assert_snapshot!(install(&context, &["3.5", "--mirror", "."]).run(), @"
    exit 3
    --- stdout
    --- stderr
    error[nothing-published]: could not choose a client for version 3.5
      . has no oss client 3.5 for linux-x64
      next: taos-setup list --available --mirror .    # lists what the mirror has
    ");
    assert_snapshot!(install(&context, &["9", "--json"]).run(), @r#"
    exit 3
    --- stdout
    {
      "schema": 1,
      "command": "install",
      "ok": false,
      "data": null,
      "findings": [],
      "error": {
        "id": "nothing-published",
        "exit": 3,
        "tried": "choose a client for version 9",
        "observed": "no oss client 9 for linux-x64 is known; the nearest is 3.4.2.5",
        "next": "taos-setup install 3.4.2.5"
      }
    }
    --- stderr
    "#);
    assert!(!context.taos_setup_home().exists());
}

#[test]
fn folder_without_package_and_no_folder_at_all() {
    let context = TestContext::new();
    assert_snapshot!(install(&context, &["3.3.7.5", "--mirror", "."]).run(), @"
    exit 5
    --- stdout
    --- stderr
    error[package-not-found]: could not find the package in .
      the directory has no tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz, TDengine-client-3.3.7.5-Linux-x64.tar.gz
      next: check the mirror's address, or use another mirror with --mirror
    ");
    assert_snapshot!(install(&context, &["3.3.7.5", "--mirror", "nowhere"]).run(), @"
    exit 8
    --- stdout
    --- stderr
    error[file-unreadable]: could not read nowhere
      no such file or directory
      next: check the path and its permissions
    ");
    assert_snapshot!(install(&context, &["3.3.7.5", "--from", "nothing.tar.gz"]).run(), @"
    exit 8
    --- stdout
    --- stderr
    error[file-unreadable]: could not read nothing.tar.gz
      no such file or directory
      next: check the path and its permissions
    ");
    assert!(!context.taos_setup_home().exists());
}

/// A server that answers its one request with `head` and `body`.
fn answer_once(head: String, body: Vec<u8>) -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = [0; 4096];
        let _ = stream.read(&mut request).unwrap();
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(&body).unwrap();
    });
    format!("http://{address}")
}

/// These bytes have no known digest, and theirs is not offered: they are not a package.
#[test]
fn answer_that_is_no_package() {
    let answer = |body: &str| {
        let context = TestContext::new();
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len());
        let url = answer_once(head, body.into());
        let from = url.replace("//", "//s3cret@") + "/x?token=s3cret";
        let run = install(&context, &["3.3.7.5", "--from", &from])
            .showing(url.trim_start_matches("http://"), "SERVER")
            .run();
        assert!(!context.taos_setup_home().exists());
        run
    };
    assert_snapshot!(answer(""), @"
    exit 4
    --- stdout
    --- stderr
    error[archive-corrupt]: could not unpack http://***@[SERVER]/x?…
      it is empty
      next: get the package again from the vendor or another mirror
    ");
    assert_snapshot!(answer("{\"error\": \"no such file\"}"), @"
    exit 4
    --- stdout
    --- stderr
    error[archive-corrupt]: could not unpack http://***@[SERVER]/x?…
      expected a gzip archive, found JSON, possibly a server's answer
      next: get the package again from the vendor or another mirror
    ");
}

#[test]
fn redirect_is_followed_and_bytes_are_taken_as_they_are() {
    let context = TestContext::new();
    let (path, sha256) = file(&context, &Package::new("3.3.7.5"));
    let bytes = std::fs::read(path).unwrap();
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n",
        bytes.len()
    );
    let there = answer_once(head, bytes);
    let head = format!("HTTP/1.1 302 Found\r\nLocation: {there}/x\r\nContent-Length: 0\r\n\r\n");
    let here = answer_once(head, Vec::new());
    // Nor does plain http ask for certificates.
    let run = install(
        &context,
        &["3.3.7.5", "--mirror", &here, "--sha256", &sha256],
    )
    .env("SSL_CERT_FILE", "/dev/null")
    .env("SSL_CERT_DIR", "/dev/null")
    .run();
    assert_eq!(run.exit, Some(0), "{run}");
}

#[test]
fn redirect_to_plain_http_elsewhere() {
    let context = TestContext::new();
    let head = "HTTP/1.1 302 Found\r\nLocation: http://mirror.example/x?token=secret\r\nContent-Length: 0\r\n\r\n";
    let here = answer_once(head.to_owned(), Vec::new());
    let run = install(&context, &["3.3.7.5", "--from", &here])
        .showing(&here, "SERVER")
        .run();
    assert_snapshot!(run, @"
    exit 5
    --- stdout
    --- stderr
    error[download-refused]: could not download [SERVER]/
      it redirects to http://mirror.example/x?…, where others could change the package
      next: check the address, a proxy or login page on the way, or use another mirror with --mirror
    ");
}

#[cfg(unix)]
mod interrupted {
    use super::*;
    use crate::support::client_package::wait_until_unpacking;
    use crate::support::program::send;
    use rustix::process::Signal;
    use std::process::Stdio;

    /// Signals the program once the mirror has its request and sends no more.
    fn interrupt(signal: Signal) -> String {
        let context = TestContext::new();
        let mirror = mirror([Package::new("3.3.7.5")]);
        let sha256 = digest(&mirror, "3.3.7.5");
        mirror.set_faults(MirrorFaults::Stall(200_000)).unwrap();
        let args = ["3.3.7.5", "--mirror", &mirror.url(), "--sha256", &sha256];
        let child = install(&context, &args)
            .into_command()
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        wait_until_unpacking(&context, &mirror);
        send(signal, &child);
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(130));
        assert!(!context.taos_setup_home().join("clients").exists());
        String::from_utf8(output.stderr).unwrap()
    }

    #[test]
    fn ctrl_c_ends_the_install() {
        assert_snapshot!(interrupt(Signal::INT), @"
        error[interrupted]: could not finish the installation
          it was interrupted; the store is unchanged
        ");
    }

    #[test]
    fn termination_ends_the_install() {
        assert_snapshot!(interrupt(Signal::TERM), @"
        error[interrupted]: could not finish the installation
          it was interrupted; the store is unchanged
        ");
    }
}
