//! Servers and files that would make a download endless, or write elsewhere.

#[cfg(unix)]
use std::time::{Duration, Instant};

use taos_sandbox::mirror::{Package, sha256};

use crate::support::client_package::{file, install};
use crate::support::download_source::{Case, Content, FILE, SOME, Server, Step, etag};

/// More than the progress after which retries count from zero again.
const MUCH: usize = 1_100_000;

/// A package that is large enough for [`MUCH`], and does not compress.
fn large() -> Vec<u8> {
    let mut state = 1_u64;
    let mut bytes = vec![0x1f, 0x8b];
    bytes.extend((0..3 * MUCH).map(|_| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (state >> 56) as u8
    }));
    bytes
}

fn with(validator: &str, bytes: &[u8]) -> Content {
    Content {
        bytes: std::sync::Arc::new(bytes.to_vec()),
        validator: validator.to_owned(),
    }
}

/// The requests of one run against a server that always fails after [`MUCH`] bytes.
fn tries(case: &Case, steps: Vec<(Content, Step)>) -> usize {
    let last = steps[0].0.clone();
    let server = Server::changing(steps, &last);
    let run = case
        .install(&server, &[])
        .env("TAOS_SETUP_RETRIES", "2")
        .env("TAOS_SETUP_RETRY_DELAY", "0.001")
        .run();
    assert_eq!(run.exit, Some(5), "{run}");
    assert_eq!(case.partial("part"), None, "nothing can resume it");
    server.heads().len()
}

#[test]
fn lost_bytes_are_no_progress() {
    let bytes = large();
    let numbered = |n: usize| with(&format!("ETag: \"{n}\""), &bytes);
    let dated = |n: usize| {
        with(
            &format!("Last-Modified: Mon, 0{} Nov 2026 00:00:00 GMT", n % 9 + 1),
            &bytes,
        )
    };
    type Steps<'a> = &'a dyn Fn(usize) -> (Content, Step);
    let cut = || Step::Cut(MUCH);
    let cases: [(&str, Steps<'_>); 6] = [
        ("no validator", &|_| (with("X: y", &bytes), cut())),
        ("a weak ETag", &|_| (with("ETag: W/\"1\"", &bytes), cut())),
        ("a new ETag each time", &|n| (numbered(n), cut())),
        ("a new date each time", &|n| (dated(n), cut())),
        ("a range from 0", &|n| match n % 2 {
            0 => (numbered(1), cut()),
            _ => (
                numbered(1),
                Step::Lie(|_, total| {
                    format!(
                        "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 0-{}/{total}\r\nETag: \"1\"\r\nContent-Length: 9\r\n\r\n",
                        total - 1
                    )
                }),
            ),
        }),
        ("no range at all", &|n| match n % 2 {
            0 => (numbered(1), cut()),
            _ => (
                numbered(1),
                Step::Status("416 Range Not Satisfiable", String::new()),
            ),
        }),
    ];
    for (name, step) in cases {
        let case = Case::new();
        let steps = (0..60).map(step).collect();
        let tries = tries_of(name, &case, steps);
        assert!(tries <= 6, "{name}: {tries} tries");
    }
}

/// As [`tries`], but a partial file that can be resumed may stay.
fn tries_of(name: &str, case: &Case, steps: Vec<(Content, Step)>) -> usize {
    let resumable = !matches!(name, "no validator" | "a weak ETag");
    if !resumable {
        return tries(case, steps);
    }
    let last = steps[0].0.clone();
    let server = Server::changing(steps, &last);
    let run = case
        .install(&server, &[])
        .env("TAOS_SETUP_RETRIES", "2")
        .env("TAOS_SETUP_RETRY_DELAY", "0.001")
        .run();
    assert_eq!(run.exit, Some(5), "{name}: {run}");
    server.heads().len()
}

/// Progress between restarts does not count either: the file starts again, and again.
#[test]
fn restarts_are_limited() {
    let bytes = large();
    let case = Case::new();
    let content = |n: usize| with(&format!("ETag: \"{}\"", n / 2), &bytes);
    let steps = (0..80).map(|n| (content(n), Step::Cut(MUCH))).collect();
    let tries = tries_of("restarts", &case, steps);
    assert!(tries <= 12, "{tries} tries");
}

/// A server that continues is asked as often as it takes.
#[test]
fn kept_bytes_are_progress() {
    let bytes = large();
    let case = Case::new();
    let content = etag("\"one\"", bytes.clone());
    let server = Server::start(&content, vec![Step::Cut(MUCH); 3]);
    let from = format!("{}/{FILE}", server.url);
    let run = install(
        &case.context,
        &["--from", &from, "--sha256", &sha256(&bytes)],
    )
    .env("TAOS_SETUP_RETRIES", "1")
    .env("TAOS_SETUP_RETRY_DELAY", "0.001")
    .run();
    assert_eq!(run.exit, Some(4), "it is not an archive: {run}");
    assert_eq!(server.heads().len(), 4);
}

#[cfg(unix)]
fn fifo(path: &std::path::Path) {
    let made = std::process::Command::new("mkfifo").arg(path).status();
    assert!(made.unwrap().success());
}

#[cfg(unix)]
#[test]
fn pipe_or_device_is_not_waited_for() {
    let case = Case::new();
    let work = case.context.work();
    std::fs::create_dir(work.join("mirror")).unwrap();
    fifo(&work.join("mirror").join(FILE));
    fifo(&work.join(format!("pipe-{FILE}")));
    std::os::unix::fs::symlink("/dev/zero", work.join(format!("zero-{FILE}"))).unwrap();
    let pipe = format!("pipe-{FILE}");
    let zero = format!("zero-{FILE}");
    for args in [
        vec!["3.3.7.5", "--mirror", "mirror"],
        vec!["3.3.7.5", "--from", &pipe],
        vec!["3.3.7.5", "--from", &zero],
        vec!["3.3.7.5", "--from", "/dev/zero"],
        vec!["3.3.7.5", "--dry-run", "--from", &pipe],
    ] {
        let since = Instant::now();
        let run = install(&case.context, &args).run();
        assert_eq!(run.exit, Some(8), "{run}");
        assert!(run.stderr.contains("it is not a regular file"), "{run}");
        assert!(since.elapsed() < Duration::from_secs(5), "{run}");
    }
}

/// Names that were planted in the folder of partial files lead nowhere, and nothing of others is changed.
#[cfg(unix)]
#[test]
fn planted_partial_file_is_not_followed() {
    let plant: [fn(&std::path::Path, &std::path::Path); 4] = [
        |victim, path| std::os::unix::fs::symlink(victim, path).unwrap(),
        |victim, path| std::fs::hard_link(victim, path).unwrap(),
        |victim, path| {
            std::os::unix::fs::symlink(victim.with_extension("new"), path).unwrap();
        },
        |_, path| fifo(path),
    ];
    for (number, plant) in plant.iter().enumerate() {
        for extension in ["part", "json"] {
            let case = Case::new();
            let server = Server::start(&case.content, [Step::Cut(SOME)]);
            let run = case
                .install(&server, &[])
                .env("TAOS_SETUP_RETRIES", "0")
                .run();
            assert_eq!(run.exit, Some(5), "{run}");
            let path = case.partial(extension).unwrap();
            let victim = case.context.work().join("victim");
            std::fs::write(&victim, "kept").unwrap();
            std::fs::remove_file(&path).unwrap();
            plant(&victim, &path);
            let run = case.install(&server, &[]).run();
            assert_eq!(run.exit, Some(0), "{number} {extension}: {run}");
            assert_eq!(std::fs::read(&victim).unwrap(), b"kept");
            assert!(!victim.with_extension("new").exists());
        }
    }
}

/// Directories of the cache that are links are not used.
#[cfg(unix)]
#[test]
fn planted_cache_directory_is_not_followed() {
    for name in ["partial", "sha256"] {
        let case = Case::new();
        let server = Server::start(&case.content, []);
        let elsewhere = case.context.work().join("elsewhere");
        std::fs::create_dir(&elsewhere).unwrap();
        let downloads = case.context.taos_setup_home().join("downloads");
        std::fs::create_dir_all(&downloads).unwrap();
        let planted = match name {
            "sha256" => format!("sha256-{}", case.sha256),
            other => other.to_owned(),
        };
        std::os::unix::fs::symlink(&elsewhere, downloads.join(planted)).unwrap();
        let run = case.install(&server, &[]).run();
        assert_eq!(run.exit, Some(0), "{name}: {run}");
        assert_eq!(std::fs::read_dir(&elsewhere).unwrap().count(), 0, "{name}");
    }
}

/// A partial file that nothing can resume is not left behind.
#[test]
fn partial_file_without_validator_is_removed() {
    let case = Case::new();
    let content = with("X: y", &case.content.bytes);
    let server = Server::start(&content, [Step::Cut(SOME)]);
    let run = case
        .install(&server, &[])
        .env("TAOS_SETUP_RETRIES", "0")
        .run();
    assert_eq!(run.exit, Some(5), "{run}");
    assert_eq!(case.partial("part"), None);
    assert!(!case.context.taos_setup_home().join("downloads").exists());
    let (path, _) = file(&case.context, &Package::new("3.3.7.5"));
    assert!(path.is_file());
}
