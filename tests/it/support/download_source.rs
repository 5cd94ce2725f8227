//! A server that fails as scripted, request by request, and records the requests.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use taos_sandbox::mirror::Package;

use crate::support::client_package::{file, install};
use crate::support::program::{Program, TestContext};

/// The package of these tests.
pub const FILE: &str = "tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz";
/// A part of it that is neither nothing nor all.
pub const SOME: usize = 100_000;

/// How one request is answered.
#[derive(Clone, Debug)]
pub enum Step {
    /// As it should be.
    Well,
    /// So many bytes of the body, then the end.
    Cut(usize),
    /// So many bytes, then a reset.
    Reset(usize),
    /// So many bytes, then nothing more.
    Stall(usize),
    /// All of the file, whatever part was asked for.
    Whole,
    /// The part, whatever `If-Range` says.
    PartInAnyCase,
    /// A status line, headers and nothing else.
    Status(&'static str, String),
    /// This head and the body from `usize` on, or the whole file if no range is requested.
    Lie(fn(from: usize, total: usize) -> String),
}

/// What a server has.
#[derive(Clone)]
pub struct Content {
    pub bytes: Arc<Vec<u8>>,
    pub validator: String,
}

/// A running server. Its threads end with the test program.
pub struct Server {
    pub url: String,
    heads: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Answers the first requests by `steps`, and all others well.
    pub fn start(content: &Content, steps: impl IntoIterator<Item = Step>) -> Self {
        let steps = steps.into_iter().map(|step| (content.clone(), step));
        Self::changing(steps.collect(), content)
    }

    /// The same, with a content of its own for each step.
    pub fn changing(steps: Vec<(Content, Step)>, last: &Content) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let heads = Arc::new(Mutex::new(Vec::new()));
        let (seen, last) = (Arc::clone(&heads), last.clone());
        std::thread::spawn(move || {
            let mut steps = steps.into_iter();
            for stream in listener.incoming() {
                let stream = stream.unwrap();
                let seen = Arc::clone(&seen);
                let Some(head) = read_head(&stream) else {
                    continue;
                };
                seen.lock().unwrap().push(head.clone());
                let (content, step) = steps.next().unwrap_or_else(|| (last.clone(), Step::Well));
                std::thread::spawn(move || answer(stream, &head, &content, &step));
            }
        });
        Self { url, heads }
    }

    /// The heads of all requests, in lower case.
    pub fn heads(&self) -> Vec<String> {
        self.heads.lock().unwrap().clone()
    }

    /// The `Range` of each request; empty where it has none.
    pub fn ranges(&self) -> Vec<String> {
        let heads = self.heads();
        heads.iter().map(|head| header(head, "range")).collect()
    }
}

/// A header's value in a head; empty where it has none.
pub fn header(head: &str, name: &str) -> String {
    head.lines()
        .filter_map(|line| line.split_once(": "))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value.to_owned())
        .unwrap_or_default()
}

/// Reads a head but for its last byte: closing with a byte unread resets the connection.
fn read_head(mut stream: &TcpStream) -> Option<String> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r") {
        if stream.read(&mut byte).ok()? == 0 {
            return None;
        }
        head.push(byte[0]);
    }
    Some(String::from_utf8(head).unwrap().to_ascii_lowercase())
}

fn answer(mut stream: TcpStream, head: &str, content: &Content, step: &Step) {
    let total = content.bytes.len();
    let asked = header(head, "range");
    let asked = asked
        .strip_prefix("bytes=")
        .and_then(|range| range.strip_suffix('-')?.parse::<usize>().ok());
    let same = content
        .validator
        .to_ascii_lowercase()
        .ends_with(&header(head, "if-range"));
    let from = match step {
        Step::Whole => None,
        Step::PartInAnyCase => asked,
        _ => asked.filter(|_| same),
    };
    let start = from.unwrap_or(0);
    let mut body = content.bytes.get(start..).unwrap_or_default();
    let mut answer = match from {
        Some(from) if from >= total => "HTTP/1.1 416 Range Not Satisfiable\r\n".to_owned(),
        Some(from) => format!(
            "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes {from}-{}/{total}\r\n",
            total - 1
        ),
        None => "HTTP/1.1 200 OK\r\n".to_owned(),
    };
    answer += &format!(
        "{}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        content.validator,
        body.len()
    );
    match step {
        Step::Cut(most) | Step::Reset(most) | Step::Stall(most) => {
            body = &body[..body.len().min(*most)];
        }
        Step::Status(line, headers) => {
            answer = format!(
                "HTTP/1.1 {line}\r\n{headers}Content-Length: 0\r\nConnection: close\r\n\r\n"
            );
            body = &[];
        }
        Step::Lie(lie) => {
            answer = lie(start, total).replacen("\r\n", "\r\nConnection: close\r\n", 1);
        }
        _ => {}
    }
    if !matches!(step, Step::Reset(_)) {
        let _ = stream.read(&mut [0]);
    }
    // The program may have gone away: its own affair.
    let _ = stream.write_all(answer.as_bytes());
    let _ = stream.write_all(body);
    if matches!(step, Step::Stall(_)) {
        let _ = stream.read(&mut [0]);
    }
    if matches!(step, Step::Lie(_)) && answer.contains("chunked") {
        let _ = stream.write_all(b"\r\n0\r\n\r\n");
    }
}

/// A package and a context to install it on.
pub struct Case {
    pub context: TestContext,
    pub content: Content,
    pub sha256: String,
}

impl Case {
    pub fn new() -> Self {
        let context = TestContext::new();
        let (path, sha256) = file(&context, &Package::new("3.3.7.5"));
        let bytes = std::fs::read(&path).unwrap();
        std::fs::remove_file(path).unwrap();
        assert!(bytes.len() > 2 * SOME);
        Self {
            context,
            content: etag("\"one\"", bytes),
            sha256,
        }
    }

    /// `install --from URL/FILE`, with retries that come soon.
    pub fn install<'a>(&'a self, server: &Server, more: &[&str]) -> Program<'a> {
        let from = format!("{}/{FILE}", server.url);
        let mut args = vec!["--from", &from, "--sha256", &self.sha256];
        args.extend(more);
        install(&self.context, &args)
            .env("TAOS_SETUP_RETRY_DELAY", "0.01")
            .showing(&server.url, "SERVER")
            .showing(&self.sha256, "SHA256")
            .showing(self.content.bytes.len(), "SIZE")
    }

    /// The first file below the cache's folder of partial files that ends in `extension`.
    pub fn partial(&self, extension: &str) -> Option<PathBuf> {
        let folder = self.context.taos_setup_home().join("downloads/partial");
        let entries = std::fs::read_dir(folder).ok()?;
        entries
            .map(|entry| entry.unwrap().path())
            .find(|path| path.extension().is_some_and(|it| it == extension))
    }

    /// The package in the cache.
    pub fn cached(&self) -> PathBuf {
        let folder = format!("downloads/sha256-{}", self.sha256);
        self.context.taos_setup_home().join(folder).join(FILE)
    }
}

/// Content with an `ETag`.
pub fn etag(etag: &str, bytes: Vec<u8>) -> Content {
    Content {
        bytes: Arc::new(bytes),
        validator: format!("ETag: {etag}"),
    }
}
