//! `mirror serve`: what it answers, and what it does not.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use taos_sandbox::mirror::sha256;

use super::MirrorScene;
use crate::support::program::TestContext;

/// A server of the mirror `m`.
struct MirrorServer {
    child: Child,
    address: String,
}

impl MirrorServer {
    fn start(context: &TestContext, more: &[&str]) -> Self {
        let words = [&["mirror", "serve", "m", "--listen", "127.0.0.1:0"], more].concat();
        let mut command = context.program(words).into_command();
        let mut child = command
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let line = lines.next().unwrap().unwrap();
        let address = line
            .split("http://")
            .nth(1)
            .unwrap()
            .trim_end_matches('/')
            .to_owned();
        Self { child, address }
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(&self.address).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(30)))
            .unwrap();
        stream
    }

    /// The head and the body of the answer to a request for `path` with more lines.
    fn ask(&self, method: &str, path: &str, more: &str) -> (String, Vec<u8>) {
        let mut stream = self.connect();
        // What is too long, or not HTTP, may get no answer.
        let _ = write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: mirror.example:81\r\nConnection: close\r\n{more}\r\n"
        );
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        let end = answer.windows(4).position(|it| it == b"\r\n\r\n");
        let Some(end) = end else {
            return ("http/1.1 400 closed".to_owned(), Vec::new());
        };
        let head = String::from_utf8(answer[..end].to_vec())
            .unwrap()
            .to_lowercase();
        (head, answer[end + 4..].to_vec())
    }

    fn status(&self, path: &str) -> String {
        let (head, _) = self.ask("GET", path, "");
        head.split(' ').nth(1).unwrap().to_owned()
    }

    #[cfg(target_os = "linux")]
    fn peak_memory(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status
            .lines()
            .find_map(|it| it.strip_prefix("VmHWM:"))
            .unwrap();
        line.trim()
            .trim_end_matches(" kB")
            .trim()
            .parse::<u64>()
            .unwrap()
            << 10
    }
}

impl Drop for MirrorServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn files_and_ranges_are_served_read_only() {
    let scene = MirrorScene::mirrored();
    let server = MirrorServer::start(&scene.context, &[]);
    let name = scene.package.file_name().unwrap().to_str().unwrap();
    let path = format!("/client/tdengine-tsdb-oss/3.3.7.5/{name}");
    let bytes = fs::read(&scene.package).unwrap();
    let (head, body) = server.ask("GET", &path, "");
    assert!(
        head.starts_with("http/1.1 200") && head.contains("content-type: application/gzip"),
        "{head}"
    );
    assert!(
        head.contains("accept-ranges: bytes") && head.contains("x-content-type-options: nosniff"),
        "{head}"
    );
    assert!(body == bytes);
    let tag = format!("\"{}\"", sha256(&bytes));
    assert!(head.contains(&format!("etag: {tag}")), "{head}");
    for (range, expected) in [
        ("bytes=5-9", &bytes[5..10]),
        ("bytes=-7", &bytes[bytes.len() - 7..]),
        ("bytes=200000-", &bytes[200_000..]),
    ] {
        let (head, body) = server.ask(
            "GET",
            &path,
            &format!("Range: {range}\r\nIf-Range: {tag}\r\n"),
        );
        assert!(
            head.starts_with("http/1.1 206") && head.contains("content-range: bytes "),
            "{head}"
        );
        assert!(body == expected, "{range}");
    }
    let (head, _) = server.ask("GET", &path, "Range: bytes=99999999-\r\n");
    assert!(head.starts_with("http/1.1 416"), "{head}");
    let (head, body) = server.ask("GET", &path, "Range: bytes=0-0\r\nIf-Range: \"other\"\r\n");
    assert!(head.starts_with("http/1.1 200") && body == bytes, "{head}");
    let (head, body) = server.ask("HEAD", &path, "");
    assert!(
        head.contains(&format!("content-length: {}", bytes.len())) && body.is_empty(),
        "{head}"
    );
    let (head, body) = server.ask("GET", &path, &format!("If-None-Match: {tag}\r\n"));
    assert!(
        head.starts_with("http/1.1 304") && body.is_empty(),
        "{head}"
    );
    for method in ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"] {
        let (head, _) = server.ask(method, &path, "Content-Length: 0\r\n");
        assert!(
            head.starts_with("http/1.1 405") && head.contains("allow: get, head"),
            "{head}"
        );
    }
    // Settings name the address by which the server was reached; a host that is none is not repeated.
    let (_, body) = server.ask("GET", "/settings/taos-setup.env", "");
    assert!(
        String::from_utf8(body)
            .unwrap()
            .contains("=http://mirror.example:81/client")
    );
    assert_eq!(server.status("/mirror.jsonl"), "200");
    assert_eq!(server.status("/mirror.jsonl.minisig"), "404");
}

#[test]
fn paths_lead_nowhere_else() {
    let scene = MirrorScene::mirrored();
    fs::write(scene.context.work().join("secret"), "secret").unwrap();
    let server = MirrorServer::start(&scene.context, &[]);
    // Not in the manifest: it came later.
    fs::write(scene.dir().join("client/later"), "later").unwrap();
    for path in [
        "/../secret",
        "/client/../../secret",
        "/%2e%2e/secret",
        "/client/%2e%2e/%2e%2e/secret",
        "/..%5csecret",
        "/%2fetc/passwd",
        "//etc/passwd",
        "/etc/passwd",
        "/client/later",
        "/client%00",
        "/client/SHA256SUMS/",
        "/client/SHA256SUMS/x",
        "/.m.taos-setup-lock",
        "/client",
        "/",
        "/?x",
        "/%ff",
    ] {
        let status = server.status(path);
        assert!(status == "404" || status == "400", "{path}: {status}");
    }
    let long = format!("/{}", "a".repeat(60_000));
    let (head, _) = server.ask("GET", &long, "");
    assert!(head.starts_with("http/1.1 4"), "{head}");
    #[cfg(unix)]
    {
        let list = scene.dir().join("client/SHA256SUMS");
        let length = fs::metadata(&list).unwrap().len();
        let target = scene.context.work().join("target");
        fs::write(&target, "x".repeat(usize::try_from(length).unwrap())).unwrap();
        fs::remove_file(&list).unwrap();
        std::os::unix::fs::symlink(&target, &list).unwrap();
        assert_eq!(server.status("/client/SHA256SUMS"), "500");
    }
}

#[test]
fn damaged_mirror_is_not_served() {
    let scene = MirrorScene::mirrored();
    fs::write(scene.dir().join("client/SHA256SUMS"), "").unwrap();
    let run = scene
        .program(&["mirror", "serve", "m", "--listen", "127.0.0.1:0"])
        .run();
    assert_eq!(run.exit, Some(4), "{run}");
    assert!(run.stdout.contains("changed  client/SHA256SUMS"), "{run}");
}

#[test]
fn mirror_that_is_made_again_is_served() {
    let scene = MirrorScene::mirrored();
    let server = MirrorServer::start(&scene.context, &[]);
    let run = scene
        .create(&["--base", "https://mirror.example/long/"])
        .run();
    assert_eq!(run.exit, Some(0), "{run}");
    let until = Instant::now() + Duration::from_secs(20);
    loop {
        let (_, body) = server.ask("GET", "/mirror.jsonl", "");
        if String::from_utf8(body)
            .unwrap()
            .contains("https://mirror.example/long/")
        {
            break;
        }
        assert!(Instant::now() < until);
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// Clients that send their requests byte by byte, or not at all, lose their connections, and keep no other client waiting.
#[test]
fn slow_heads_are_cut_off() {
    let scene = MirrorScene::mirrored();
    let server = MirrorServer::start(&scene.context, &["--skip-verify"]);
    let mut slow: Vec<_> = (0..200).map(|_| server.connect()).collect();
    for stream in &mut slow {
        stream.write_all(b"GET / HTTP/1.1\r\nX: ").unwrap();
    }
    assert_eq!(server.status("/mirror.jsonl"), "200");
    let begun = Instant::now();
    let mut answer = Vec::new();
    let last = slow.last_mut().unwrap();
    while begun.elapsed() < Duration::from_secs(25) {
        if last.write_all(b"x").is_err() {
            break;
        }
        last.set_read_timeout(Some(Duration::from_millis(200)))
            .unwrap();
        match last.read_to_end(&mut answer) {
            Ok(_) => break,
            Err(error)
                if matches!(
                    error.kind(),
                    std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut
                ) => {}
            Err(_) => break,
        }
    }
    assert!(begun.elapsed() < Duration::from_secs(25));
}

/// Memory depends on neither the size of a file nor the number of clients.
#[cfg(target_os = "linux")]
#[test]
fn memory_is_bounded() {
    let context = TestContext::new();
    let dir = context.work().join("m");
    fs::create_dir(&dir).unwrap();
    let large = 256 << 20;
    fs::File::create(dir.join("large.bin"))
        .unwrap()
        .set_len(large)
        .unwrap();
    let mut manifest =
        "{\"schema\":1,\"base\":\"http://127.0.0.1:8465/\",\"parts\":[]}\n".to_owned();
    let mut line = |path: &str, size: u64| {
        let digest = "0".repeat(64);
        manifest.push_str(&format!("{{\"path\":\"{path}\",\"size\":{size},\"sha256\":\"{digest}\",\"origin\":\"registry\"}}\n"));
    };
    line("large.bin", large);
    for number in 0..60_000 {
        line(
            &format!("maven/org/example/some/library/{number:06}/library-{number:06}.jar"),
            1,
        );
    }
    fs::write(dir.join("mirror.jsonl"), super::sealed(&manifest)).unwrap();
    let server = MirrorServer::start(&context, &["--skip-verify"]);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let mut stream = server.connect();
                write!(
                    stream,
                    "GET /large.bin HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
                )
                .unwrap();
                let read = std::io::copy(&mut stream, &mut std::io::sink()).unwrap();
                assert!(read > large);
            });
        }
    });
    let peak = server.peak_memory();
    assert!(peak < 64 << 20, "{} MiB", peak >> 20);
}
