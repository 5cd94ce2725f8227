//! Memory and time of commands with hostile input of every kind. `--nocapture` shows what each takes.
#![cfg(target_os = "linux")]

use std::fmt::Write as _;
use std::io::{Read, Write};
use std::path::Path;
use std::time::Duration;

use crate::support::fake_server::Fake;
use crate::support::program::TestContext;
use taos_sandbox::mirror::sha256;

const LINUX: &str = "tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz";
const WINDOWS: &str = "tdengine-tsdb-oss-client-3.3.7.5-windows-x64.zip";
const MACOS: &str = "tdengine-tsdb-oss-client-3.3.7.5-macos-x64.pkg";
/// The time for work that has no limit of its own, on a busy machine.
const WORK: Duration = Duration::from_secs(30);

/// Runs the command and checks what it takes. Returns whether it succeeded.
fn check(
    context: &TestContext,
    args: &[&str],
    variables: &[(&str, &str)],
    limit: Duration,
) -> bool {
    let mut program = context
        .program(args)
        .env("TAOS_SETUP_NO_PROGRESS", "1")
        .env("TAOS_PASSWORD", "taosdata");
    for (name, value) in variables {
        program = program.env(name, value);
    }
    let (run, cost) = program.run_measured();
    let words = args.join(" ");
    eprintln!(
        "{:4} MiB {:5} ms {words:.90}",
        cost.memory >> 20,
        cost.time.as_millis()
    );
    cost.check(limit, &words);
    assert!(run.exit.is_some_and(|exit| exit != 101), "{words} {run}");
    run.exit == Some(0)
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A tar header.
fn header(name: &str, size: u64, kind: u8) -> Vec<u8> {
    let mut header = tar::Header::new_ustar();
    header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
    header.set_entry_type(tar::EntryType::new(kind));
    header.set_mode(0o755);
    header.set_size(size);
    header.set_cksum();
    header.as_bytes().to_vec()
}

/// A xar archive of a table of contents, with its check sum, and a heap.
fn xar(toc: &[u8], heap: &[u8]) -> Vec<u8> {
    use sha1::Digest;
    let packed = zlib(toc);
    let mut bytes = b"xar!\0\x1c\0\x01".to_vec();
    bytes.extend((packed.len() as u64).to_be_bytes());
    bytes.extend((toc.len() as u64).to_be_bytes());
    bytes.extend(1_u32.to_be_bytes());
    bytes.extend(&packed);
    bytes.extend(sha1::Sha1::digest(&packed));
    bytes.extend(heap);
    bytes
}

fn toc(files: &str) -> Vec<u8> {
    let sum = "<checksum style=\"sha1\"><size>20</size><offset>0</offset></checksum>";
    format!("<?xml version=\"1.0\"?><xar><toc>{sum}{files}</toc></xar>").into_bytes()
}

/// A macOS package with this payload.
fn with_payload(payload: &[u8]) -> Vec<u8> {
    use sha1::Digest;
    let digest = sha1::Sha1::digest(payload);
    let sum = digest.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    });
    let length = payload.len();
    let file = format!(
        "<file id=\"1\"><name>Payload</name><type>file</type><data><length>{length}</length><size>{length}</size>\
         <offset>20</offset><encoding style=\"application/octet-stream\"/>\
         <archived-checksum style=\"sha1\">{sum}</archived-checksum>\
         <extracted-checksum style=\"sha1\">{sum}</extracted-checksum></data></file>"
    );
    xar(&toc(&file), payload)
}

/// The header of a cpio entry of 1 GiB.
fn cpio_header() -> Vec<u8> {
    let name = "./driver/libtaos.dylib\0";
    let numbers = format!("{:06o}{:06o}{:06o}", 1, 1, 0o100_644);
    let rest = format!("{:06o}{:06o}{:06o}{:06o}{:011o}", 0, 0, 1, 0, 0);
    let sizes = format!("{:06o}{:011o}", name.len(), 1 << 30);
    format!("070707{numbers}{rest}{sizes}{name}").into_bytes()
}

#[test]
fn hostile_archives_are_bounded() {
    let top = "tdengine-tsdb-oss-client-3.3.7.5/";
    let zeros = gzip(&vec![0; 1 << 20]);
    // 400 MiB of zeros in 400 KiB, behind a header.
    let bomb = |header: Vec<u8>| [gzip(&header), zeros.repeat(400)].concat();
    let library = format!("{top}driver/libtaos.so.3.3.7.5");
    let entries = |name: &str, count: usize| {
        let mut bytes = header(top, 0, b'5');
        for number in 0..count {
            bytes.extend(header(&format!("{top}{name}{number}"), 0, b'0'));
        }
        gzip(&bytes)
    };
    let zip = |files: &[(String, Vec<u8>)]| {
        let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for (name, bytes) in files {
            let options = zip::write::SimpleFileOptions::default();
            writer.start_file(name, options).unwrap();
            writer.write_all(bytes).unwrap();
        }
        writer.finish().unwrap().into_inner()
    };
    let mut dictionary = b"\xfd7zXZ\0\0\x04\xe6\xd6\xb4F\x02\0!\x01".to_vec();
    // A dictionary of 4 GiB.
    dictionary.extend([40, 0, 0, 0, 0, 0, 0, 0]);
    let chunk = |size: u64, packed: u64| [size.to_be_bytes(), packed.to_be_bytes()].concat();
    let pbzx = |chunks: &[u8]| [b"pbzx\0\0\0\0\x01\0\0\0", chunks].concat();
    let empty: Vec<(String, Vec<u8>)> = (0..30_000)
        .map(|n| (format!("driver/{n}"), Vec::new()))
        .collect();
    let packages = [
        (LINUX, bomb(header(&library, 1 << 30, b'0'))),
        (LINUX, bomb(header(&library, 1 << 30, b'x'))),
        (LINUX, bomb(header("././@LongLink", 1 << 30, b'L'))),
        (LINUX, entries("examples/", 60_000)),
        (LINUX, entries("driver/", 19_000)),
        (
            WINDOWS,
            zip(&[("driver/taos.dll".into(), vec![0; 100 << 20])]),
        ),
        (WINDOWS, zip(&empty)),
        (MACOS, xar(&vec![b' '; 50 << 20], b"")),
        (MACOS, xar(&toc(&"<file>".repeat(60_000)), b"")),
        (
            MACOS,
            xar(
                &toc(&"<file id=\"1\"><name>a</name></file>".repeat(60_000)),
                b"",
            ),
        ),
        (MACOS, with_payload(&bomb(cpio_header()))),
        (MACOS, with_payload(&dictionary)),
        (MACOS, with_payload(&pbzx(&chunk(1 << 60, 1 << 60)))),
        (
            MACOS,
            with_payload(&pbzx(
                &[chunk(16 << 20, 16 << 20), vec![0; 16 << 20]].concat(),
            )),
        ),
    ];
    for (name, bytes) in packages {
        let context = TestContext::in_memory();
        std::fs::write(context.work().join(name), &bytes).unwrap();
        let digest = sha256(&bytes);
        let platform = match name {
            LINUX => "linux-x64",
            WINDOWS => "windows-x64",
            _ => "macos-x64",
        };
        let args = ["install", "3.3.7.5", "--from", name, "--sha256", &digest];
        let args = [&args[..], &["--platform", platform]].concat();
        assert!(!check(&context, &args, &[], WORK));
    }
}

/// A server that sends `head` and then `bytes`, `times` over.
fn sending(head: &'static str, bytes: impl Into<Vec<u8>>, times: usize) -> Fake {
    let bytes = bytes.into();
    Fake::start(move |_, stream| {
        let _ = stream.write_all(head.as_bytes());
        for _ in 0..times {
            if stream.write_all(&bytes).is_err() {
                return;
            }
        }
    })
}

const OK: &str = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n";
const ENDLESS: usize = usize::MAX;
/// What the downloads of these tests may take, in seconds.
const DOWNLOAD: [(&str, &str); 4] = [
    ("TAOS_SETUP_DOWNLOAD_TIMEOUT", "2"),
    ("TAOS_SETUP_READ_TIMEOUT", "1"),
    ("TAOS_SETUP_RETRIES", "1"),
    ("TAOS_SETUP_RETRY_DELAY", "0.01"),
];
const KEY: &str = "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3";

#[test]
fn hostile_indexes_are_bounded() {
    let names = |name: fn(u32) -> String| (0..60_000).map(name).collect::<String>();
    let version = |n: u32| format!("3.3.{}.{}", n % 100, n / 100);
    let files = names(|n| {
        format!(
            "<a href={}>",
            LINUX.replace("7.5", &format!("{}.{}", n % 100, n / 100))
        )
    });
    let directories = (0..60_000)
        .map(|n| format!("<a href=\"{}/\">", version(n)))
        .collect::<String>();
    for (bytes, times) in [
        ("<a href=x>".repeat(1000), ENDLESS),
        (files, 1),
        (directories.clone(), 1),
        (directories, ENDLESS),
        ("{\"a\":[".repeat(600_000), 1),
        ("a".repeat(65_536), ENDLESS),
    ] {
        let server = sending(OK, bytes, times);
        let url = format!("http://{}", server.address);
        let context = TestContext::new();
        for args in [
            ["install", "latest"].as_slice(),
            &["list", "--available"],
            &["install", "3.3.7.5", "--trust-key", KEY],
        ] {
            let args = [args, &["--mirror", &url]].concat();
            // Two questions and the download have 2 s each; the rest is for parsing on a busy machine.
            check(&context, &args, &DOWNLOAD, Duration::from_secs(30));
        }
    }
}

#[test]
fn hostile_downloads_are_bounded() {
    let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    let line = format!("X: {}\r\n", "a".repeat(8000));
    for server in [
        sending("HTTP/1.1 200 OK\r\n", line.clone(), ENDLESS),
        sending("HTTP/1.1 200 OK\r\nX: ", "a".repeat(65_536), ENDLESS),
        sending(chunked, "1\r\na\r\n0\r\n".to_owned() + &line, ENDLESS),
        sending(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;",
            "a".repeat(65_536),
            ENDLESS,
        ),
        sending(OK, gzip(b""), ENDLESS),
        sending(OK, gzip(&vec![0; 1 << 20]), ENDLESS),
        sending(
            "HTTP/1.1 302 Found\r\nLocation: /",
            "a".repeat(65_536),
            ENDLESS,
        ),
    ] {
        let url = format!("http://{}", server.address);
        let package = format!("{url}/{LINUX}");
        let digest = "0".repeat(64);
        let context = TestContext::new();
        let limit = Duration::from_secs(6);
        check(
            &context,
            &["install", "--from", &package, "--sha256", &digest],
            &DOWNLOAD,
            limit,
        );
        let verify = ["verify", &url, "--timeout", "1s", "--transport", "rest"];
        check(&context, &verify, &[], Duration::from_secs(8));
        check(
            &context,
            &["init", "--lang", "go", "--server", &url, "--dry-run"],
            &[],
            WORK,
        );
    }
}

#[test]
fn hostile_projects_are_bounded() {
    let cargo = "[package]\nname = 'a'\nversion = '0.1.0'\n";
    let python = "[project]\nname = 'a'\nversion = '0.1'\n";
    let zeros = |count: usize| "0,".repeat(count);
    let tables: String = (0..4000)
        .map(|n| format!("[{}]\n", format!("a{n}.").repeat(60) + "z"))
        .collect();
    let packages = "[[package]]\nname = 'a'\nversion = '1.0.0'\n".repeat(300_000);
    let projects: [&[(&str, String)]; 14] = [
        &[("package.json", "[".repeat(900_000))],
        &[("package.json", format!("{{\"a\":[{}0]}}", zeros(500_000)))],
        &[("Cargo.toml", format!("{cargo}x = [{}]\n", zeros(450_000)))],
        &[(
            "Cargo.toml",
            format!("{cargo}{}b = 1\n", "a.".repeat(200_000)),
        )],
        &[("pyproject.toml", format!("{python}{tables}"))],
        &[("requirements.txt", "a\n".repeat(500_000))],
        &[("requirements.txt", "-r requirements.txt\n".repeat(40_000))],
        &[(
            "go.mod",
            format!(
                "module a\n\ngo 1.21\n{}",
                "require a v1.0.0\n".repeat(50_000)
            ),
        )],
        &[("pom.xml", format!("<project>{}", "<a>".repeat(200_000)))],
        &[
            ("Cargo.toml", cargo.into()),
            ("Cargo.lock", packages.clone()),
        ],
        &[("pyproject.toml", python.into()), ("uv.lock", packages)],
        &[
            ("pyproject.toml", python.into()),
            ("poetry.lock", format!("x = [{}]\n", zeros(7_500_000))),
        ],
        &[
            ("package.json", "{}".into()),
            (
                "package-lock.json",
                format!("{{\"a\":[{}0]}}", zeros(7_500_000)),
            ),
        ],
        &[
            ("requirements.txt", "".into()),
            (
                "Pipfile.lock",
                format!("{{\"default\":[{}0]}}", zeros(7_500_000)),
            ),
        ],
    ];
    for files in projects {
        let context = TestContext::in_memory();
        for (name, text) in files {
            std::fs::write(context.work().join(name), text).unwrap();
            eprint!("{name} ");
        }
        check(&context, &["init", "--dry-run"], &[], WORK);
        let verify = [
            "verify",
            "127.0.0.1:1",
            "--transport",
            "rest",
            "--timeout",
            "1s",
        ];
        check(&context, &verify, &[], WORK);
    }
}

#[test]
fn hostile_pasted_texts_are_bounded() {
    for text in [
        "\0".repeat(30 << 20),
        "\n".repeat(1 << 20),
        "0x80000216 error code: [0x80000216] ".repeat(8_000),
        "jdbc:TAOS-RS://a:b@c:6041/d?user=root&password=x@".repeat(5_000),
        "(".repeat(1 << 18),
        "u:p@".repeat(1 << 16),
        "\u{1b}[31m".repeat(1 << 16),
        "password=".repeat(1 << 15),
        "curl -u a:b@ ".repeat(1 << 14),
        "'\"".repeat(1 << 16),
        "，".repeat(1 << 18),
        "a=b;".repeat(1 << 16),
        "http://a.b.c:6041 ".repeat(1 << 13),
    ] {
        let context = TestContext::in_memory();
        let path = context.work().join("pasted");
        std::fs::write(&path, text).unwrap();
        let mut program = context
            .start("sh", ["-c", "exec \"$0\" explain - < pasted"])
            .into_command();
        program.arg(env!("CARGO_BIN_EXE_taos-setup"));
        let begun = std::time::Instant::now();
        let mut child = program
            .stdout(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        let mut peak = 0;
        let status = format!("/proc/{}/status", child.id());
        while child.try_wait().unwrap().is_none() {
            let text = std::fs::read_to_string(&status).unwrap_or_default();
            let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
            let kib = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
            peak = peak.max(kib.unwrap_or(0_u64) >> 10);
            std::thread::sleep(Duration::from_millis(3));
        }
        let mut shown = String::new();
        child
            .stdout
            .take()
            .unwrap()
            .read_to_string(&mut shown)
            .unwrap();
        eprintln!("{peak:4} MiB {:5} ms explain", begun.elapsed().as_millis());
        assert!(
            peak < 128 && begun.elapsed() < WORK,
            "{peak} MiB {shown:.200}"
        );
    }
}

#[test]
fn hostile_records_are_bounded() {
    let files = "[[files]]\npath = \"bin/a\"\nsize = 1\nsha256 = \"0\"\n".repeat(100_000);
    for text in [
        format!("schema = 1\nx = [{}]\n", "0,".repeat(20_000_000)),
        format!("schema = 1\nx = [{}]\n", "0,".repeat(2_000_000)),
        format!("schema = 1\n{files}"),
        format!("{}b = 1\n", "a.".repeat(500_000)),
        format!("a = {}", "[".repeat(1_000_000)),
    ] {
        let write = |context: &TestContext, name: &str| {
            let path = context.taos_setup_home().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::create_dir_all(context.taos_setup_home().join("clients")).unwrap();
            std::fs::write(path, &text).unwrap();
        };
        for (name, commands) in [
            (
                "clients/oss-3.3.7.5-linux-x64/receipt.toml",
                [["list", "-q"], ["use", "3.3.7.5"], ["uninstall", "3.3.7.5"]].as_slice(),
            ),
            ("journal.toml", &[["gc", "-q"], ["list", "-q"]]),
            ("trust.toml", &[["install", "3.3.7.5"]]),
            ("accepted-lists.toml", &[["install", "3.3.7.5"]]),
        ] {
            let context = TestContext::in_memory();
            write(&context, name);
            for command in commands {
                let more: &[&str] = match command[0] {
                    "install" => &["--mirror", ".", "--trust-key", KEY],
                    _ => &[],
                };
                check(&context, &[command, more].concat(), &[], WORK);
            }
        }
    }
}

fn library(directory: &Path, bytes: &[u8], size: u64) {
    let path = directory.join("libtaos.so");
    let mut file = std::fs::File::create(path).unwrap();
    file.write_all(bytes).unwrap();
    file.set_len(size.max(bytes.len() as u64)).unwrap();
}

#[test]
fn hostile_drivers_are_bounded() {
    let driver = std::fs::read(taos_sandbox::driver::built().unwrap()).unwrap();
    let patched = |at: usize| {
        let mut bytes = driver.clone();
        bytes[at..at + 2].copy_from_slice(&[0xff, 0xff]);
        bytes
    };
    for (bytes, size) in [
        (b"\x7fELF\x02\x01\x01".to_vec(), 10 << 30),
        (driver.clone(), 4 << 30),
        // Counts of program headers and of sections.
        (patched(56), 0),
        (patched(60), 0),
    ] {
        let context = TestContext::new();
        let work = context.work();
        library(&work, &bytes, size);
        let path = [("LD_LIBRARY_PATH", work.to_str().unwrap())];
        let verify = [
            "verify",
            "127.0.0.1:1",
            "--transport",
            "native",
            "--timeout",
            "2s",
        ];
        check(&context, &verify, &path, WORK);
        check(&context, &["which"], &path, WORK);
    }
}
