//! Interrupted downloads, and the use of their first part.

use crate::support::download_source::{Case, Content, SOME, Server, Step, etag, header};
use insta::assert_snapshot;

/// Installs from a server that does `steps`; all must be well in the end, and the cache holds the package.
fn succeeds(case: &Case, server: &Server) -> String {
    let run = case
        .install(server, &[])
        .env("TAOS_SETUP_READ_TIMEOUT", "1")
        .run();
    assert_eq!(run.exit, Some(0), "{run}");
    assert!(case.cached().is_file());
    assert_eq!(case.partial("part"), None);
    run.to_string()
}

#[test]
fn interrupted_download_resumes() {
    let case = Case::new();
    let server = Server::start(&case.content, [Step::Cut(SOME), Step::Cut(SOME)]);
    assert_snapshot!(succeeds(&case, &server), @r#"
    exit 0
    --- stdout
    ok installed client 3.3.7.5 (oss, linux-x64)
      in        [STORE]/clients/oss-3.3.7.5-linux-x64
      from      tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
      sha256    [SHA256]
      verified  given
    --- stderr
    note: the connection was interrupted after 100000 bytes: end of file before message length reached; trying again in [ms] (1 of 4)
    note: the connection was interrupted after 200000 bytes: end of file before message length reached; trying again in [ms] (2 of 4)
    next: taos-setup run -- taos -s "show databases;"
          eval "$(taos-setup env)"
    "#);
    assert_eq!(server.ranges()[..2], ["", "bytes=100000-"]);
    let heads = server.heads();
    assert_eq!(header(&heads[0], "accept-encoding"), "identity");
    assert_eq!(header(&heads[1], "if-range"), "\"one\"");
    assert_eq!(header(&heads[1], "accept-encoding"), "identity");
}

#[test]
fn resets_and_silence_too() {
    for step in [Step::Reset(SOME), Step::Stall(SOME)] {
        let case = Case::new();
        let server = Server::start(&case.content, [step]);
        succeeds(&case, &server);
        assert_eq!(server.heads().len(), 2);
    }
}

#[test]
fn next_run_resumes() {
    let case = Case::new();
    let server = Server::start(&case.content, [Step::Cut(SOME), Step::Well]);
    let secret = server.url.replace("//", "//me:secret@");
    let asked = format!(
        "{secret}/{}?token=secret",
        crate::support::download_source::FILE
    );
    let args = ["--from", &asked, "--sha256", &case.sha256];
    let install = || {
        crate::support::client_package::install(&case.context, &args)
            .env("TAOS_SETUP_RETRIES", "0")
            .showing(&server.url, "SERVER")
    };
    let run = install().run();
    assert_eq!(run.exit, Some(5), "{run}");
    let sidecar = std::fs::read_to_string(case.partial("json").unwrap()).unwrap();
    let sidecar = sidecar
        .replace(&server.url, "[SERVER]")
        .replace(&case.content.bytes.len().to_string(), "[SIZE]");
    assert_snapshot!(sidecar, @r#"
    {
      "schema": 1,
      "address": "[SERVER]/tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz",
      "validator": {
        "etag": "\"one\""
      },
      "total": [SIZE]
    }
    "#);
    let part = std::fs::read(case.partial("part").unwrap()).unwrap();
    assert_eq!(part, case.content.bytes[..SOME]);
    let run = install().run();
    assert_eq!(run.exit, Some(0), "{run}");
    assert_eq!(server.ranges(), ["", "bytes=100000-"]);
    assert_eq!(case.partial("part"), None);
}

#[test]
fn complete_partial_file_asks_for_its_last_byte() {
    let case = Case::new();
    let server = Server::start(&case.content, [Step::Cut(SOME)]);
    let run = case
        .install(&server, &[])
        .env("TAOS_SETUP_RETRIES", "0")
        .run();
    assert_eq!(run.exit, Some(5), "{run}");
    std::fs::write(case.partial("part").unwrap(), &*case.content.bytes).unwrap();
    succeeds(&case, &server);
    let last = case.content.bytes.len() - 1;
    assert_eq!(server.ranges(), [String::new(), format!("bytes={last}-")]);
}

#[test]
fn changed_file_starts_again() {
    for second in [Step::Well, Step::PartInAnyCase] {
        let case = Case::new();
        let other = etag("\"other\"", vec![0x1f; case.content.bytes.len()]);
        let steps = vec![(other, Step::Cut(SOME)), (case.content.clone(), second)];
        let server = Server::changing(steps, &case.content);
        succeeds(&case, &server);
    }
}

#[test]
fn server_without_ranges_starts_again() {
    let case = Case::new();
    let server = Server::start(&case.content, [Step::Cut(SOME), Step::Whole]);
    succeeds(&case, &server);
    assert_eq!(server.ranges(), ["", "bytes=100000-"]);
}

#[test]
fn wrong_part_starts_again() {
    let lies: [fn(usize, usize) -> String; 5] = [
        |from, total| {
            part(
                &format!("bytes {}-{}/{total}", from + 1, total - 1),
                total - from,
            )
        },
        |from, total| part(&format!("bytes {from}-{total}/{}", total + 1), total - from),
        |from, total| {
            part(
                &format!("bytes {from}-{}/{total}", total - 1),
                total - from - 7,
            )
        },
        |from, total| part("bytes */*", total - from),
        |from, total| {
            format!(
                "HTTP/1.1 206 OK\r\nContent-Length: {}\r\n\r\n",
                total - from
            )
        },
    ];
    for lie in lies {
        let case = Case::new();
        let server = Server::start(&case.content, [Step::Cut(SOME), Step::Lie(lie)]);
        succeeds(&case, &server);
        assert_eq!(server.ranges(), ["", "bytes=100000-", ""]);
    }
}

fn part(range: &str, length: usize) -> String {
    format!(
        "HTTP/1.1 206 Partial Content\r\nETag: \"one\"\r\nContent-Range: {range}\r\nContent-Length: {length}\r\n\r\n"
    )
}

#[test]
fn more_than_the_end_is_an_error() {
    let case = Case::new();
    // The rest in one chunk, and then as much again.
    let lie = |from: usize, total: usize| {
        format!(
            "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes {from}-{}/{total}\r\nTransfer-Encoding: chunked\r\n\r\n9\r\ntoo much \r\n{:x}\r\n",
            total - 1,
            total - from
        )
    };
    let server = Server::start(&case.content, [Step::Cut(SOME), Step::Lie(lie)]);
    assert_snapshot!(case.install(&server, &[]).run(), @"
    exit 5
    --- stdout
    --- stderr
    note: the connection was interrupted after 100000 bytes: end of file before message length reached; trying again in [ms] (1 of 4)
    error[download-refused]: could not download [SERVER]/tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
      the server sent more bytes than it announced
      next: check the address, a proxy or login page on the way, or use another mirror with --mirror
    ");
    assert_eq!(case.partial("part"), None);
}

#[test]
fn end_beyond_the_file_starts_again_once() {
    let case = Case::new();
    let mut longer = case.content.bytes.to_vec();
    longer.extend(vec![0; SOME]);
    let cut = longer.len() - 1;
    let longer = etag("\"one\"", longer);
    let server = Server::changing(vec![(longer, Step::Cut(cut))], &case.content);
    succeeds(&case, &server);
    assert_eq!(
        server.ranges(),
        [String::new(), format!("bytes={cut}-"), String::new()]
    );
    let case = Case::new();
    let status = Step::Status("416 Range Not Satisfiable", String::new());
    let server = Server::start(&case.content, [Step::Cut(SOME), status.clone(), status]);
    assert_snapshot!(case.install(&server, &[]).run(), @"
    exit 5
    --- stdout
    --- stderr
    note: the connection was interrupted after 100000 bytes: end of file before message length reached; trying again in [ms] (1 of 4)
    error[download-refused]: could not download [SERVER]/tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
      the server answered 416 Range Not Satisfiable
      next: check the address, a proxy or login page on the way, or use another mirror with --mirror
    ");
    assert_eq!(server.ranges(), ["", "bytes=100000-", ""]);
}

#[test]
fn without_a_strong_validator_nothing_is_gone_on_with() {
    for (validator, range) in [
        ("ETag: W/\"one\"", ""),
        ("X: y", ""),
        (
            "Last-Modified: Tue, 23 Sep 2025 08:51:07 GMT",
            "bytes=100000-",
        ),
    ] {
        let case = Case::new();
        let content = Content {
            validator: validator.into(),
            ..case.content.clone()
        };
        let server = Server::start(&content, [Step::Cut(SOME)]);
        succeeds(&case, &server);
        assert_eq!(server.ranges(), ["", range], "{validator}");
    }
}

#[test]
fn damaged_partial_file_is_downloaded_again() {
    let case = Case::new();
    let server = Server::start(&case.content, [Step::Cut(SOME)]);
    let run = case
        .install(&server, &[])
        .env("TAOS_SETUP_RETRIES", "0")
        .run();
    assert_eq!(run.exit, Some(5), "{run}");
    let path = case.partial("part").unwrap();
    std::fs::write(path, vec![0; SOME]).unwrap();
    let shown = succeeds(&case, &server);
    assert!(shown.contains("; downloading it again\n"), "{shown}");
    assert_eq!(server.ranges(), ["", "bytes=100000-", ""]);
}

#[test]
fn partial_file_of_another_process_is_left_alone() {
    let case = Case::new();
    let server = Server::start(&case.content, [Step::Cut(SOME)]);
    let run = case
        .install(&server, &[])
        .env("TAOS_SETUP_RETRIES", "0")
        .run();
    assert_eq!(run.exit, Some(5), "{run}");
    let path = case.partial("part").unwrap();
    let held = std::fs::File::options().write(true).open(&path).unwrap();
    held.try_lock().unwrap();
    let run = case.install(&server, &[]).run();
    assert_eq!(run.exit, Some(0), "{run}");
    assert_eq!(server.ranges(), ["", ""]);
    assert_eq!(std::fs::metadata(path).unwrap().len(), SOME as u64);
}

#[cfg(unix)]
#[test]
fn interrupt_keeps_received_bytes() {
    let case = Case::new();
    let server = Server::start(&case.content, [Step::Stall(2 * SOME)]);
    let mut command = case.install(&server, &[]).into_command();
    let mut child = command.stderr(std::process::Stdio::null()).spawn().unwrap();
    let came = || {
        let part = case.partial("part")?;
        std::fs::metadata(part).ok().filter(|part| part.len() > 0)
    };
    while came().is_none() {
        assert_eq!(child.try_wait().unwrap(), None, "it waits for more");
        std::thread::yield_now();
    }
    let id = child.id().to_string();
    let kill = std::process::Command::new("kill")
        .args(["-INT", &id])
        .status();
    assert!(kill.unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
    let length = came().unwrap().len();
    succeeds(&case, &server);
    assert_eq!(server.ranges()[1], format!("bytes={length}-"));
}
