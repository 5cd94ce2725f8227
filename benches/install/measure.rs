//! What an installation is compared with, one measurement each.

use std::fs;
use std::io::{self, Read};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use flate2::bufread::MultiGzDecoder;

use crate::figures::process::run;

/// Inflates `compressed` with zlib-rs and does nothing with it.
pub(crate) fn inflate(compressed: &[&[u8]]) -> io::Result<Duration> {
    let start = Instant::now();
    let mut buffer = vec![0; 128 << 10];
    for bytes in compressed {
        let mut decoder = MultiGzDecoder::new(*bytes);
        while decoder.read(&mut buffer)? > 0 {}
    }
    Ok(start.elapsed())
}

/// What a careful user types: the digest, and tar for both levels, into the empty folder `into`.
pub(crate) fn by_hand(package: &Path, into: &Path) -> io::Result<Duration> {
    fs::create_dir_all(into)?;
    let start = Instant::now();
    let tool = |name: &str, args: &[&Path]| {
        let mut command = Command::new(name);
        command.current_dir(into).args(args);
        command.stdout(Stdio::null()).stderr(Stdio::piped());
        run(command)
    };
    let xzf = Path::new("xzf");
    tool("sha256sum", &[package])?;
    tool("tar", &[xzf, package])?;
    let top = fs::read_dir(into)?
        .flatten()
        .next()
        .ok_or_else(|| io::Error::other("tar unpacked nothing"))?;
    tool("tar", &[xzf, &top.path().join("package.tar.gz")])?;
    let took = start.elapsed();
    fs::remove_dir_all(into)?;
    Ok(took)
}

/// Links every file below `folder` into `into`, and nothing else.
pub(crate) fn link_all(folder: &Path, into: &Path) -> io::Result<Duration> {
    fs::create_dir_all(into)?;
    let mut folders = vec![folder.to_path_buf()];
    let mut files: Vec<PathBuf> = Vec::new();
    while let Some(at) = folders.pop() {
        for entry in fs::read_dir(at)? {
            let entry = entry?;
            let kind = entry.file_type()?;
            if kind.is_dir() {
                folders.push(entry.path());
            } else if kind.is_file() {
                files.push(entry.path());
            }
        }
    }
    let start = Instant::now();
    for (number, file) in files.iter().enumerate() {
        fs::hard_link(file, into.join(number.to_string()))?;
    }
    let took = start.elapsed();
    fs::remove_dir_all(into)?;
    Ok(took)
}

/// A server on loopback that answers every request with `bytes`; its address. It ends with the program.
pub(crate) fn serve(bytes: Arc<Vec<u8>>) -> io::Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let bytes = Arc::clone(&bytes);
            std::thread::spawn(move || -> io::Result<()> {
                let mut head = [0; 4096];
                let _ = stream.read(&mut head)?;
                let answer = format!(
                    "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nETag: \"1\"\r\nConnection: close\r\n\r\n",
                    bytes.len()
                );
                io::Write::write_all(&mut stream, answer.as_bytes())?;
                io::Write::write_all(&mut stream, &bytes)
            });
        }
    });
    Ok(format!("http://{address}"))
}
