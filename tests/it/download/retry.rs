//! What is tried again, how often, and what is said in the end.

use std::time::{Duration, Instant};

use crate::support::client_package::{install, mirror};
use crate::support::download_source::{Case, SOME, Server, Step};
use insta::assert_snapshot;
use taos_sandbox::mirror::{MirrorFaults, Package};

fn status(line: &'static str) -> Step {
    Step::Status(line, String::new())
}

#[test]
fn temporary_failures_are_retried() {
    for line in [
        "408 Request Timeout",
        "425 Too Early",
        "429 Too Many Requests",
        "500 Internal Server Error",
        "502 Bad Gateway",
        "503 Service Unavailable",
        "504 Gateway Timeout",
    ] {
        let case = Case::new();
        let server = Server::start(&case.content, [status(line), Step::Reset(0), status(line)]);
        let run = case.install(&server, &[]).run();
        assert_eq!(run.exit, Some(0), "{line}: {run}");
        assert_eq!(server.heads().len(), 4);
    }
}

#[test]
fn permanent_failures_are_not_retried() {
    let mut shown = Vec::new();
    for line in [
        "400 Bad Request",
        "401 Unauthorized",
        "403 Forbidden",
        "404 Not Found",
        "410 Gone",
        "451 Unavailable For Legal Reasons",
    ] {
        let case = Case::new();
        let server = Server::start(&case.content, vec![status(line); 9]);
        let run = case.install(&server, &[]).run();
        assert_eq!(run.exit, Some(5), "{run}");
        assert_eq!(server.heads().len(), 1, "{line}");
        shown.push(run.stderr.lines().nth(1).unwrap().to_owned());
    }
    assert_snapshot!(shown.join("\n"), @"
    the server answered 400 Bad Request
    the server answered 401 Unauthorized
    the server answered 403 Forbidden
    404 Not Found at [SERVER]/tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
    the server answered 410 Gone
    the server answered 451 Unavailable For Legal Reasons
    ");
}

#[test]
fn wrong_bytes_are_not_asked_for_again() {
    let case = Case::new();
    let mut wrong = case.content.clone();
    wrong.bytes = std::sync::Arc::new(wrong.bytes.iter().rev().copied().collect());
    let server = Server::start(&wrong, []);
    let run = case.install(&server, &[]).run();
    assert_eq!(run.exit, Some(4), "{run}");
    assert!(run.stderr.starts_with("error[digest-mismatch]"), "{run}");
    assert_eq!(server.heads().len(), 1);
    assert!(
        !case.context.taos_setup_home().exists(),
        "nothing of it is kept"
    );
}

#[test]
fn final_error_counts_tries() {
    let case = Case::new();
    let steps = [
        status("500 Internal Server Error"),
        status("502 Bad Gateway"),
        status("503 Service Unavailable"),
    ];
    let server = Server::start(&case.content, steps);
    let run = case
        .install(&server, &[])
        .env("TAOS_SETUP_RETRIES", "2")
        .run();
    assert_snapshot!(run, @"
    exit 5
    --- stdout
    --- stderr
    note: the server answered 500 Internal Server Error; trying again in [ms] (1 of 2)
    note: the server answered 502 Bad Gateway; trying again in [ms] (2 of 2)
    error[download-refused]: could not download [SERVER]/tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
      it was tried 3 times; the last time the server answered 503 Service Unavailable
      next: check the address, a proxy or login page on the way, or use another mirror with --mirror
    ");
    assert_eq!(server.heads().len(), 3);
}

#[test]
fn mirror_is_down() {
    let case = Case::new();
    let mirror = mirror([Package::new("3.3.7.5")]);
    mirror.set_faults(MirrorFaults::Down).unwrap();
    let run = install(&case.context, &["3.3.7.5", "--mirror", &mirror.url()])
        .env("TAOS_SETUP_RETRIES", "2")
        .env("TAOS_SETUP_RETRY_DELAY", "0.01")
        .showing(mirror.url(), "MIRROR")
        .run();
    assert_snapshot!(run, @"
    exit 5
    --- stdout
    --- stderr
    note: the connection was refused; trying again in [ms] (1 of 2)
    note: the connection was refused; trying again in [ms] (2 of 2)
    error[download-failed]: could not download [MIRROR]/tdengine-tsdb-oss/3.3.7.5/tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
      it was tried 3 times; the last time the connection was refused
      next: check the address and the network, or use another mirror with --mirror
    ");
}

#[test]
fn download_that_is_always_interrupted() {
    let case = Case::new();
    let server = Server::start(&case.content, vec![Step::Cut(1000); 9]);
    let run = case
        .install(&server, &[])
        .env("TAOS_SETUP_RETRIES", "2")
        .run();
    assert_snapshot!(run, @"
    exit 5
    --- stdout
    --- stderr
    note: the connection was interrupted after 1000 bytes: end of file before message length reached; trying again in [ms] (1 of 2)
    note: the connection was interrupted after 2000 bytes: end of file before message length reached; trying again in [ms] (2 of 2)
    error[download-failed]: could not download [SERVER]/tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
      it was tried 3 times; the last time the connection was interrupted after 3000 bytes: end of file before message length reached
      next: try again, or use another mirror with --mirror
    ");
    assert_eq!(server.ranges(), ["", "bytes=1000-", "bytes=2000-"]);
}

#[test]
fn server_asks_to_wait() {
    let case = Case::new();
    let wait = |seconds: &str| {
        Step::Status(
            "429 Too Many Requests",
            format!("Retry-After: {seconds}\r\n"),
        )
    };
    let server = Server::start(&case.content, [wait("1")]);
    let since = Instant::now();
    let run = case.install(&server, &[]).run();
    assert_eq!(run.exit, Some(0), "{run}");
    assert!(since.elapsed() >= Duration::from_secs(1));
    // Longer than there is time: it ends now.
    let case = Case::new();
    let server = Server::start(&case.content, [wait("7200")]);
    assert_snapshot!(case.install(&server, &[]).run(), @"
    exit 5
    --- stdout
    --- stderr
    error[download-refused]: could not download [SERVER]/tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
      the server answered 429 Too Many Requests and asks to wait [ms]
      next: check the address, a proxy or login page on the way, or use another mirror with --mirror
    ");
    assert_eq!(server.heads().len(), 1);
    let server = Server::start(&case.content, [wait("99999999999999999999999")]);
    assert_eq!(case.install(&server, &[]).run().exit, Some(5));
}

#[test]
fn everything_has_an_end() {
    let case = Case::new();
    let server = Server::start(&case.content, [status("500 No"), Step::Stall(SOME)]);
    let run = case
        .install(&server, &[])
        .env("TAOS_SETUP_DOWNLOAD_TIMEOUT", "2")
        .run();
    assert_snapshot!(run, @"
    exit 5
    --- stdout
    --- stderr
    note: the server answered 500 Internal Server Error; trying again in [ms] (1 of 4)
    error[download-failed]: could not download [SERVER]/tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
      it was not done within [ms]; before that the server answered 500 Internal Server Error
      next: run it again to resume; TAOS_SETUP_DOWNLOAD_TIMEOUT sets the limit in seconds
    ");
    assert_eq!(
        std::fs::metadata(case.partial("part").unwrap())
            .unwrap()
            .len(),
        SOME as u64
    );
}

#[test]
fn limits_that_are_no_numbers() {
    let case = Case::new();
    let mut shown = Vec::new();
    for (name, value) in [
        ("TAOS_SETUP_RETRIES", "-1"),
        ("TAOS_SETUP_RETRIES", "101"),
        ("TAOS_SETUP_RETRY_DELAY", "0"),
        ("TAOS_SETUP_CONNECT_TIMEOUT", "15 s"),
        ("TAOS_SETUP_READ_TIMEOUT", "inf"),
        ("TAOS_SETUP_DOWNLOAD_TIMEOUT", "\u{1b}[31m"),
    ] {
        let run = install(&case.context, &["3.3.7.5"]).env(name, value).run();
        assert_eq!(run.exit, Some(2), "{run}");
        shown.push(run.stderr);
    }
    assert_snapshot!(shown.concat(), @r#"
    error[usage]: could not read TAOS_SETUP_RETRIES
      invalid value `-1`: expected a whole number up to 100
      next: unset TAOS_SETUP_RETRIES, or set it to a whole number up to 100
    error[usage]: could not read TAOS_SETUP_RETRIES
      invalid value `101`: expected a whole number up to 100
      next: unset TAOS_SETUP_RETRIES, or set it to a whole number up to 100
    error[usage]: could not read TAOS_SETUP_RETRY_DELAY
      invalid value `0`: expected a number of seconds up to 86400
      next: unset TAOS_SETUP_RETRY_DELAY, or set it to a number of seconds up to 86400
    error[usage]: could not read TAOS_SETUP_CONNECT_TIMEOUT
      invalid value `15 s`: expected a number of seconds up to 86400
      next: unset TAOS_SETUP_CONNECT_TIMEOUT, or set it to a number of seconds up to 86400
    error[usage]: could not read TAOS_SETUP_READ_TIMEOUT
      invalid value `inf`: expected a number of seconds up to 86400
      next: unset TAOS_SETUP_READ_TIMEOUT, or set it to a number of seconds up to 86400
    error[usage]: could not read TAOS_SETUP_DOWNLOAD_TIMEOUT
      invalid value `\u{1b}[31m`: expected a number of seconds up to 86400
      next: unset TAOS_SETUP_DOWNLOAD_TIMEOUT, or set it to a number of seconds up to 86400
    "#);
}

/// Object stores say "forbidden" of what is not there, to clients that may not list them.
#[test]
fn forbidden_may_mean_absent_on_a_mirror() {
    let case = Case::new();
    let forbidden = || status("403 Forbidden");
    let mirror = |steps: Vec<Step>| {
        let server = Server::start(&case.content, steps);
        let run = install(
            &case.context,
            &["3.3.7.5", "--mirror", &server.url, "--sha256", &case.sha256],
        )
        .showing(&server.url, "MIRROR")
        .run();
        (run, server.heads().len())
    };
    let (run, asked) = mirror(vec![
        forbidden(),
        status("404 Not Found"),
        forbidden(),
        forbidden(),
    ]);
    assert_eq!(asked, 4, "every name in both layouts");
    assert_snapshot!(run, @"
    exit 5
    --- stdout
    --- stderr
    error[download-refused]: could not download [MIRROR]/tdengine-tsdb-oss/3.3.7.5/tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
      the server answered 403 Forbidden
      next: check the address, a proxy or login page on the way, or use another mirror with --mirror
    ");
    let (run, asked) = mirror(vec![forbidden()]);
    assert_eq!((run.exit, asked), (Some(0), 2), "{run}");
}
