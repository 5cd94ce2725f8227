//! The package mirror: archives entry by entry, addresses, ranges and faults.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::collections::BTreeMap;
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::time::Duration;

use flate2::read::GzDecoder;
use taos_sandbox::driver;
use taos_sandbox::mirror::{
    self, Edition, Era, Flaw, Layout, Mirror, MirrorFaults, MirrorOptions, Package, file_name,
    sha256, url_path,
};

type Entries = Vec<(String, u32, Vec<u8>)>;

fn built() -> &'static Path {
    driver::built().unwrap()
}

fn try_entries(archive: &[u8]) -> io::Result<Entries> {
    // Inflated to the end first: a tar reader stops before gzip's checksum, and may not notice a flipped byte.
    let mut inflated = Vec::new();
    GzDecoder::new(archive).read_to_end(&mut inflated)?;
    let mut tar = tar::Archive::new(inflated.as_slice());
    let mut entries = Vec::new();
    for entry in tar.entries()? {
        let mut entry = entry?;
        let path = String::from_utf8(entry.path_bytes().into_owned()).unwrap();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes)?;
        entries.push((path, entry.header().mode()?, bytes));
    }
    Ok(entries)
}

fn entries(archive: &[u8]) -> Entries {
    try_entries(archive).unwrap()
}

fn listing(entries: &Entries) -> String {
    entries
        .iter()
        .map(|(path, mode, _)| format!("{mode:04o} {path}\n"))
        .collect()
}

fn contents<'a>(entries: &'a Entries, path: &str) -> &'a [u8] {
    &entries
        .iter()
        .find(|(name, ..)| name == path)
        .unwrap_or_else(|| panic!("no {path}"))
        .2
}

fn package(version: &str) -> Package {
    Package::new(version)
}

#[test]
fn full_package_of_today_is_nested_as_the_vendor_nests_it() {
    let outer = entries(&mirror::build(&package("3.3.7.5"), built()).unwrap());
    assert_eq!(
        listing(&outer),
        "0755 tdengine-tsdb-oss-client-3.3.7.5/\n\
         0755 tdengine-tsdb-oss-client-3.3.7.5/install_client.sh\n\
         0644 tdengine-tsdb-oss-client-3.3.7.5/package.tar.gz\n\
         0755 tdengine-tsdb-oss-client-3.3.7.5/driver/\n\
         0755 tdengine-tsdb-oss-client-3.3.7.5/driver/libtaos.so.3.3.7.5\n\
         0755 tdengine-tsdb-oss-client-3.3.7.5/driver/libtaosnative.so.3.3.7.5\n\
         0755 tdengine-tsdb-oss-client-3.3.7.5/driver/libtaosws.so.3.3.7.5\n\
         0755 tdengine-tsdb-oss-client-3.3.7.5/connector/\n\
         0755 tdengine-tsdb-oss-client-3.3.7.5/examples/\n\
         0644 tdengine-tsdb-oss-client-3.3.7.5/examples/c/connect_example.c\n\
         0644 tdengine-tsdb-oss-client-3.3.7.5/examples/taosbenchmark-json/insert.json\n"
    );
    let inner = entries(contents(
        &outer,
        "tdengine-tsdb-oss-client-3.3.7.5/package.tar.gz",
    ));
    assert_eq!(
        listing(&inner),
        "0755 bin/\n0755 bin/taos\n0755 bin/remove_client.sh\n0755 bin/taosBenchmark\n0755 bin/taosdump\n\
         0755 bin/set_core.sh\n0755 bin/get_client.sh\n0755 cfg/\n0644 cfg/taos.cfg\n0755 inc/\n\
         0644 inc/taos.h\n0644 inc/taosdef.h\n0644 inc/taoserror.h\n0644 inc/tdef.h\n0644 inc/taosudf.h\n\
         0644 inc/taosws.h\n"
    );
    let taos = String::from_utf8_lossy(contents(&inner, "bin/taos")).into_owned();
    assert!(
        taos.contains("taos 3.3.7.5 of the taos-setup sandbox"),
        "{taos}"
    );
}

#[test]
fn lite_package_from_before_the_trio_has_one_library_and_no_examples() {
    let lite = Package {
        layout: Layout::Lite,
        edition: Edition::Enterprise,
        ..package("3.2.2.2")
    };
    let outer = entries(&mirror::build(&lite, built()).unwrap());
    assert_eq!(
        listing(&outer),
        "0755 TDengine-enterprise-client-3.2.2.2/\n\
         0755 TDengine-enterprise-client-3.2.2.2/install_client.sh\n\
         0644 TDengine-enterprise-client-3.2.2.2/package.tar.gz\n\
         0755 TDengine-enterprise-client-3.2.2.2/driver/\n\
         0755 TDengine-enterprise-client-3.2.2.2/driver/libtaos.so.3.2.2.2\n\
         0755 TDengine-enterprise-client-3.2.2.2/connector/\n"
    );
    let inner = entries(contents(
        &outer,
        "TDengine-enterprise-client-3.2.2.2/package.tar.gz",
    ));
    let programs = listing(&inner)
        .lines()
        .filter(|line| line.contains("bin/"))
        .collect::<Vec<_>>()
        .join(" ");
    assert_eq!(
        programs,
        "0755 bin/ 0755 bin/taos 0755 bin/remove_client.sh"
    );
}

#[test]
fn same_package_gives_the_same_bytes() {
    let once = mirror::build(&package("3.3.6.13"), built()).unwrap();
    assert_eq!(
        sha256(&once),
        sha256(&mirror::build(&package("3.3.6.13"), built()).unwrap())
    );
    assert_ne!(
        sha256(&once),
        sha256(&mirror::build(&package("3.3.6.9"), built()).unwrap())
    );
}

#[test]
fn each_flaw_is_in_the_archive_and_nothing_else_is_wrong() {
    let make = |flaw| mirror::build(&package("3.3.7.5").with_flaw(flaw), built()).unwrap();
    let sound = make(Flaw::None);
    let paths = |bytes: &[u8]| listing(&entries(bytes));

    let missing = paths(&make(Flaw::MissingLibrary("libtaosnative.so".to_owned())));
    assert_eq!(
        paths(&sound)
            .lines()
            .filter(|line| !missing.contains(line))
            .count(),
        1
    );
    assert!(!missing.contains("libtaosnative"));

    let corrupt = make(Flaw::Corrupt);
    assert_eq!(
        corrupt.iter().zip(&sound).filter(|(a, b)| a != b).count(),
        1
    );
    assert!(try_entries(&corrupt).is_err());

    let truncated = make(Flaw::Truncated);
    assert!(sound.starts_with(&truncated) && truncated.len() < sound.len());
    assert!(try_entries(&truncated).is_err());

    let top = "tdengine-tsdb-oss-client-3.3.7.5/";
    assert_eq!(
        paths(&make(Flaw::WrongTopFolder)),
        paths(&sound).replace(top, "unpacked-by-hand/")
    );
    assert!(paths(&make(Flaw::TwoTopFolders)).contains(" another-folder/readme\n"));
    assert!(!paths(&make(Flaw::NoInnerArchive)).contains("package.tar.gz"));
    assert!(paths(&make(Flaw::Traversal)).contains("/driver/../../../escaped\n"));
    assert!(paths(&make(Flaw::LinkOut)).contains("/driver/escape\n"));
    let text = entries(&make(Flaw::NotALibrary));
    assert!(
        contents(&text, &format!("{top}driver/libtaosws.so.3.3.7.5")).starts_with(b"This is text")
    );
    assert!(make(Flaw::WebPage).starts_with(b"<!DOCTYPE html>"));
}

#[cfg(target_os = "linux")]
#[test]
fn libraries_for_another_processor_say_so_in_their_header() {
    let machine = |flaw| {
        let outer = entries(&mirror::build(&package("3.2.2.2").with_flaw(flaw), built()).unwrap());
        let library = contents(&outer, "TDengine-client-3.2.2.2/driver/libtaos.so.3.2.2.2");
        u16::from_le_bytes([library[18], library[19]])
    };
    let mut machines = [machine(Flaw::None), machine(Flaw::WrongArchitecture)];
    machines.sort_unstable();
    assert_eq!(machines, [62, 183]);
}

/// What came back before the connection ended: status line, headers in lower case, body.
struct Response {
    status: String,
    headers: BTreeMap<String, String>,
    body: Vec<u8>,
}

impl Response {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    fn announced(&self) -> usize {
        self.header("content-length").parse().unwrap()
    }
}

fn connect(mirror: &Mirror) -> io::Result<TcpStream> {
    TcpStream::connect(mirror.url().strip_prefix("http://").unwrap())
}

fn send(mirror: &Mirror, method: &str, path: &str, headers: &str) -> TcpStream {
    let mut stream = connect(mirror).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(30)))
        .unwrap();
    stream
        .write_all(format!("{method} {path} HTTP/1.1\r\nHost: x\r\n{headers}\r\n").as_bytes())
        .unwrap();
    stream
}

fn parse(bytes: &[u8]) -> Response {
    let end = bytes
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .expect("a whole head");
    let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
    let (status, headers) = head.split_once("\r\n").unwrap();
    Response {
        status: status.to_owned(),
        headers: headers
            .lines()
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
            .collect(),
        body: bytes[end + 4..].to_vec(),
    }
}

fn ask(mirror: &Mirror, method: &str, path: &str, headers: &str) -> Response {
    let mut bytes = Vec::new();
    send(mirror, method, path, headers)
        .read_to_end(&mut bytes)
        .unwrap();
    parse(&bytes)
}

fn start(packages: Vec<Package>) -> Mirror {
    let options = MirrorOptions {
        packages,
        driver: built().to_owned(),
        faults: MirrorFaults::None,
    };
    Mirror::start(options).unwrap()
}

#[test]
fn packages_stand_where_the_vendor_puts_them_and_nowhere_else() {
    let old = Package {
        era: Some(Era::Classic),
        ..package("3.3.7.5")
    };
    let mirror = start(vec![package("3.2.2.2"), package("3.3.7.5")]);
    for wanted in [package("3.2.2.2"), package("3.3.7.5")] {
        let got = ask(&mirror, "GET", &url_path(&wanted), "");
        assert_eq!(got.status, "HTTP/1.1 200 OK");
        assert_eq!(got.announced(), got.body.len());
        assert_eq!(Some(sha256(&got.body)), mirror.sha256_of(&wanted.version));
    }
    let absent = ask(&mirror, "GET", &url_path(&old), "");
    assert_eq!(
        (absent.status.as_str(), absent.header("content-type")),
        ("HTTP/1.1 404 Not Found", "text/html; charset=UTF-8")
    );
    assert_eq!(
        ask(&mirror, "POST", &url_path(&package("3.2.2.2")), "").status,
        "HTTP/1.1 405 Method Not Allowed"
    );
    assert_eq!(
        mirror.requests(),
        [
            "/assets-download/3.0/TDengine-client-3.2.2.2-Linux-x64.tar.gz",
            "/tdengine-tsdb-oss/3.3.7.5/tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz",
            "/assets-download/3.0/TDengine-client-3.3.7.5-Linux-x64.tar.gz",
            "/assets-download/3.0/TDengine-client-3.2.2.2-Linux-x64.tar.gz",
        ]
    );
}

#[test]
fn cut_download_can_be_resumed_and_a_changed_file_cannot() {
    let mirror = start(vec![package("3.2.2.2")]);
    let path = url_path(&package("3.2.2.2"));
    let head = ask(&mirror, "HEAD", &path, "");
    assert_eq!(
        (head.body.len(), head.header("accept-ranges")),
        (0, "bytes")
    );
    let total = head.announced();

    mirror
        .set_faults_for(MirrorFaults::Truncated(1000), 1)
        .unwrap();
    let first = ask(&mirror, "GET", &path, "");
    assert_eq!((first.announced(), first.body.len()), (total, 1000));

    let etag = first.header("etag");
    let rest = ask(
        &mirror,
        "GET",
        &path,
        &format!("Range: bytes=1000-\r\nIf-Range: {etag}\r\n"),
    );
    assert_eq!(rest.status, "HTTP/1.1 206 Partial Content");
    assert_eq!(
        rest.header("content-range"),
        format!("bytes 1000-{}/{total}", total - 1)
    );
    assert_eq!(
        Some(sha256(&[first.body, rest.body].concat())),
        mirror.sha256_of("3.2.2.2")
    );

    let changed = ask(
        &mirror,
        "GET",
        &path,
        "Range: bytes=1000-\r\nIf-Range: \"another\"\r\n",
    );
    assert_eq!(
        (changed.status.as_str(), changed.body.len()),
        ("HTTP/1.1 200 OK", total)
    );
    let beyond = ask(&mirror, "GET", &path, &format!("Range: bytes={total}-\r\n"));
    assert_eq!(beyond.status, "HTTP/1.1 416 Range Not Satisfiable");
    assert_eq!(beyond.header("content-range"), format!("bytes */{total}"));
}

#[test]
fn faults_are_as_documented() {
    let mirror = start(vec![package("3.2.2.2")]);
    let path = url_path(&package("3.2.2.2"));
    let sound = ask(&mirror, "GET", &path, "").body;
    let under = |faults| {
        mirror.set_faults(faults).unwrap();
        ask(&mirror, "GET", &path, "")
    };
    assert_eq!(
        under(MirrorFaults::NotFound).status,
        "HTTP/1.1 404 Not Found"
    );
    let html = under(MirrorFaults::Html);
    assert_eq!(
        (html.status.as_str(), &html.body[..15]),
        ("HTTP/1.1 200 OK", b"<!DOCTYPE html>".as_slice())
    );
    assert_eq!(
        under(MirrorFaults::Status(503)).status,
        "HTTP/1.1 503 Service Unavailable"
    );
    let corrupt = under(MirrorFaults::Corrupt).body;
    assert_eq!(corrupt.len(), sound.len());
    assert_eq!(
        corrupt.iter().zip(&sound).filter(|(a, b)| a != b).count(),
        1
    );
    let short = under(MirrorFaults::WrongLength);
    assert_eq!(
        (short.announced(), short.body.len()),
        (sound.len() - 512, sound.len() - 512)
    );
    assert_eq!(under(MirrorFaults::None).body, sound);
}

#[test]
fn stalled_download_stays_open_without_another_byte() {
    let mirror = start(vec![package("3.2.2.2")]);
    mirror.set_faults(MirrorFaults::Stall(100)).unwrap();
    let mut stream = send(&mirror, "GET", &url_path(&package("3.2.2.2")), "");
    let mut got = Vec::new();
    let mut buffer = [0; 4096];
    while !(got.windows(4).any(|four| four == b"\r\n\r\n") && parse(&got).body.len() >= 100) {
        let length = stream.read(&mut buffer).unwrap();
        assert_ne!(length, 0, "closed");
        got.extend_from_slice(&buffer[..length]);
    }
    assert_eq!(parse(&got).body.len(), 100);
    stream
        .set_read_timeout(Some(Duration::from_millis(200)))
        .unwrap();
    let waited = stream.read(&mut buffer).unwrap_err();
    assert!(
        matches!(
            waited.kind(),
            io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut
        ),
        "{waited}"
    );
}

#[test]
fn mirror_that_is_down_refuses_and_comes_back_on_its_port() {
    let mirror = start(vec![package("3.2.2.2")]);
    mirror.set_faults(MirrorFaults::Down).unwrap();
    assert_eq!(
        connect(&mirror).unwrap_err().kind(),
        io::ErrorKind::ConnectionRefused
    );
    mirror.set_faults(MirrorFaults::None).unwrap();
    assert_eq!(
        ask(&mirror, "HEAD", &url_path(&package("3.2.2.2")), "").status,
        "HTTP/1.1 200 OK"
    );
}

#[test]
fn folder_can_be_a_mirror() {
    let folder = tempfile::tempdir().unwrap();
    let mirror = start(vec![package("3.2.2.2")]);
    mirror.write_folder(folder.path()).unwrap();
    mirror::write_folder(folder.path(), &[package("3.3.7.5")], built()).unwrap();
    let bytes = std::fs::read(folder.path().join(file_name(&package("3.2.2.2")))).unwrap();
    assert_eq!(Some(sha256(&bytes)), mirror.sha256_of("3.2.2.2"));
    let bytes = std::fs::read(
        folder
            .path()
            .join("tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz"),
    )
    .unwrap();
    assert_eq!(entries(&bytes).len(), 11);
}
