//! Clocks before 1970 and beyond the year 9999: no command panics. A library that a C compiler makes sets the clock.
#![cfg(target_os = "linux")]

use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, SystemTime};

use crate::support::certificates::Authority;
use crate::support::client_package::{file, install, mirror};
use crate::support::fake_server::Fake;
use crate::support::program::{OLD_CATALOG, TestContext};
use crate::support::skipped;
use taos_sandbox::mirror::Package;
use taos_sandbox::server::{Options, Sandbox};

/// Sets the wall clock to `TEST_SECONDS`; other clocks run as they are.
const SOURCE: &str = r#"
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>
static long long seconds(void) { const char *text = getenv("TEST_SECONDS"); return text ? atoll(text) : 0; }
int clock_gettime(clockid_t clock, struct timespec *now) {
    int ended = syscall(SYS_clock_gettime, clock, now);
    if (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE) now->tv_sec = seconds();
    return ended;
}
int gettimeofday(struct timeval *now, void *zone) {
    (void)zone;
    now->tv_sec = seconds();
    now->tv_usec = 0;
    return 0;
}
time_t time(time_t *now) { if (now) *now = seconds(); return seconds(); }
"#;

/// The library, or `None` without a C compiler.
fn library(context: &TestContext) -> Option<PathBuf> {
    let source = context.root().join("clock.c");
    let library = context.root().join("clock.so");
    std::fs::write(&source, SOURCE).unwrap();
    let mut compiler = Command::new("cc");
    compiler
        .args(["-shared", "-fPIC", "-o"])
        .arg(&library)
        .arg(&source);
    match compiler.status() {
        Ok(status) if status.success() => Some(library),
        _ => {
            skipped::report_or_fail("clocks", "there is no C compiler");
            None
        }
    }
}

#[test]
fn clock_of_any_time_is_no_panic() {
    let context = TestContext::new();
    let Some(library) = library(&context) else {
        return;
    };
    let mirror = mirror([Package::new("3.3.7.5")]);
    let (package, sha256) = file(&context, &Package::new("3.3.7.5"));
    let package = package.to_str().unwrap();
    let authority = Authority::new();
    let trusted = authority.file(context.root());
    let tls = Sandbox::start(Options {
        tls: Some(authority.signs(&["127.0.0.1"], |_| ())),
        ..Options::default()
    })
    .unwrap();
    let https = format!("https://{}", tls.adapter());
    let plain = Sandbox::start(Options::default()).unwrap();
    let http = plain.adapter().to_string();
    let key = "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3";
    let mirror = mirror.url();
    let commands: [&[&str]; 15] = [
        &["verify", &http, "--timeout", "2s", "--json"],
        &["verify", &http, "--timeout", "2s", "--write"],
        &["verify", &https, "--timeout", "2s", "--json"],
        &["verify", &https, "--timeout", "2s", "--insecure"],
        &["install", "--from", package, "--sha256", &sha256],
        &[
            "install", "3.3.7.5", "--mirror", &mirror, "--sha256", &sha256, "--repair",
        ],
        &[
            "install",
            "3.3.7.5",
            "--mirror",
            &mirror,
            "--trust-key",
            key,
        ],
        &["install", "--match", &https, "--dry-run"],
        &["list"],
        &["use", "3.3.7.5"],
        &["run", "--", "true"],
        &["env"],
        &["init", "--lang", "java", "--dir", "p", "--server", &http],
        &["gc"],
        &["uninstall", "3.3.7.5"],
    ];
    // 1901, 1969, 1970, 9999, 10000, the largest that fits.
    let times = [
        "-2177452800",
        "-1",
        "0",
        "253402300799",
        "253402300800",
        "9223372036854775807",
        "-9223372036854775807",
    ];
    for time in times {
        for args in commands {
            let run = context
                .program(args)
                .env("LD_PRELOAD", &library)
                .env("TEST_SECONDS", time)
                .env("SSL_CERT_FILE", &trusted)
                .env("TAOS_PASSWORD", "taosdata")
                .env("TAOS_SETUP_RETRIES", "0")
                .run();
            let exit = run.exit.unwrap_or_else(|| panic!("{time} {args:?} {run}"));
            assert!(exit != 101 && exit != 1, "{time} {args:?} {run}");
            assert!(!run.stderr.contains("panicked"), "{time} {args:?} {run}");
        }
    }
}

/// A machine two years on: commands that choose from the catalog say once that it is old, others do not.
#[test]
fn catalog_that_is_old_is_noted_once() {
    let context = TestContext::new();
    let Some(library) = library(&context) else {
        return;
    };
    for (args, noted) in [
        (&["list", "--available", "--mirror", "."][..], 1),
        (&["init", "--lang", "go", "--dir", "p", "--dry-run"], 1),
        (&["install", "3.3.7.5", "--from", "missing.tar.gz"], 1),
        (
            &["install", "3.3.7.5", "--from", "missing.tar.gz", "--quiet"],
            0,
        ),
        (&["list"], 0),
    ] {
        let mut command = context
            .program(args)
            .env("LD_PRELOAD", &library)
            .env("TEST_SECONDS", "1890000000")
            .into_command();
        let printed = command.output().unwrap();
        let text = String::from_utf8(printed.stderr).unwrap();
        assert_eq!(
            text.matches(OLD_CATALOG[0]).count(),
            noted,
            "{args:?} {text}"
        );
    }
}

/// Dates that a server sends: it is not waited for beyond the limit.
#[test]
fn dates_of_servers_are_bounded() {
    for header in [
        "Retry-After: Fri, 31 Dec 9999 23:59:59 GMT",
        "Retry-After: Mon, 01 Jan 0001 00:00:00 GMT",
        "Retry-After: Sun, 06 Nov 99999 08:49:37 GMT",
        "Retry-After: Sun, 06 Nov 1994 08:49:60 +9999",
        "Retry-After: 99999999999999999999999",
        "Retry-After: -1",
        "Date: Thu, 01 Jan 1970 00:00:00 GMT",
        "Last-Modified: Fri, 31 Dec 9999 23:59:59 GMT",
    ] {
        let server = Fake::http(&format!("503 Busy\r\n{header}"), "");
        let context = TestContext::new();
        let mirror = format!("http://{}", server.address);
        let (run, cost) = context
            .program(["install", "3.3.7.5", "--mirror", &mirror])
            .env("TAOS_SETUP_DOWNLOAD_TIMEOUT", "2")
            .env("TAOS_SETUP_RETRIES", "1")
            .env("TAOS_SETUP_RETRY_DELAY", "0.01")
            .run_measured();
        assert_eq!(run.exit, Some(5), "{header} {run}");
        cost.check(Duration::from_secs(5), header);
    }
}

/// Packages, manifests, and installed files of times that no clock shows.
#[test]
fn files_of_any_time_are_used() {
    let second = Duration::from_secs(1);
    let times = [
        SystemTime::UNIX_EPOCH.checked_sub(second * 2_177_452_800),
        SystemTime::UNIX_EPOCH.checked_sub(second),
        SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(253_402_300_800)),
        SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(1 << 62)),
    ];
    for time in times.into_iter().flatten() {
        let context = TestContext::in_memory();
        let set = |path: &std::path::Path| {
            let file = std::fs::File::options().append(true).open(path).unwrap();
            // A file system may not have the time.
            let _ = file.set_modified(time);
        };
        let (package, sha256) = file(&context, &Package::new("3.3.7.5"));
        set(&package);
        let args = ["--from", package.to_str().unwrap(), "--sha256", &sha256];
        let run = install(&context, &args).run();
        assert_eq!(run.exit, Some(0), "{time:?} {run}");
        let client = context
            .taos_setup_home()
            .join("clients/oss-3.3.7.5-linux-x64");
        set(&client.join("receipt.toml"));
        set(&client.join("include/taos.h"));
        let manifest = context.work().join("go.mod");
        std::fs::write(&manifest, "module a\n\ngo 1.21\n").unwrap();
        set(&manifest);
        for args in [
            ["list"].as_slice(),
            &["env"],
            &["init"],
            &["uninstall", "3.3.7.5"],
            &["gc"],
        ] {
            let run = context.program(args).run();
            assert_eq!(run.exit, Some(0), "{time:?} {args:?} {run}");
        }
        let run = install(&context, &args).run();
        assert_eq!(run.exit, Some(0), "{time:?} {run}");
    }
}
