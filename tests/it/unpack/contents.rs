//! What a package may put where: only the driver's libraries are on the loader's path, and files are files.

use std::io::Read;
use std::path::PathBuf;

use insta::assert_snapshot;
use taos_sandbox::driver;
use taos_sandbox::mirror::{Package, build, sha256};
use tar::{Archive, Builder, EntryType, Header};

use crate::support::client_package::{install, tree};
use crate::support::program::{Run, TestContext};

const FILE: EntryType = EntryType::Regular;
const LINK: EntryType = EntryType::Symlink;
const DIRECTORY: EntryType = EntryType::Directory;

/// One more entry: its type, its name below the archive's top, its link target or its content.
type Extra<'a> = (EntryType, &'a str, &'a str);

fn gunzip(bytes: &[u8]) -> Vec<u8> {
    let mut tar = Vec::new();
    flate2::read::GzDecoder::new(bytes)
        .read_to_end(&mut tar)
        .unwrap();
    tar
}

/// The archive `bytes` without the entries of the same names, and with `extra` in front, below `top`.
fn repacked(bytes: &[u8], top: &str, extra: &[Extra<'_>], inner: &[Extra<'_>]) -> Vec<u8> {
    let gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    let mut builder = Builder::new(gzip);
    for (kind, name, text) in extra {
        let mut header = Header::new_gnu();
        header.set_entry_type(*kind);
        header.set_mode(0o755);
        let path = format!("{top}{name}");
        header.as_old_mut().name[..path.len()].copy_from_slice(path.as_bytes());
        let content = match *kind {
            LINK => {
                header.set_link_name(text).unwrap();
                ""
            }
            _ => text,
        };
        header.set_size(content.len() as u64);
        header.set_cksum();
        builder.append(&header, content.as_bytes()).unwrap();
    }
    let tar = gunzip(bytes);
    for entry in Archive::new(tar.as_slice()).entries().unwrap() {
        let mut entry = entry.unwrap();
        let name = entry.path().unwrap().display().to_string();
        let is_replaced = extra
            .iter()
            .any(|(_, extra, _)| name == format!("{top}{extra}"));
        if is_replaced {
            continue;
        }
        let mut content = Vec::new();
        entry.read_to_end(&mut content).unwrap();
        if name.ends_with("package.tar.gz") {
            content = repacked(&content, "", inner, &[]);
        }
        let mut header = entry.header().clone();
        header.set_size(content.len() as u64);
        header.set_cksum();
        builder.append(&header, content.as_slice()).unwrap();
    }
    builder.into_inner().unwrap().finish().unwrap()
}

/// The sandbox's package with `extra` next to its driver and `inner` in the archive inside.
fn package(extra: &[Extra<'_>], inner: &[Extra<'_>]) -> Vec<u8> {
    let bytes = build(&Package::new("3.3.7.5"), driver::built().unwrap()).unwrap();
    let tar = gunzip(&bytes);
    let mut archive = Archive::new(tar.as_slice());
    let first = archive.entries().unwrap().next().unwrap().unwrap();
    let top = first.path().unwrap().display().to_string();
    repacked(
        &bytes,
        &format!("{}/", top.trim_end_matches('/')),
        extra,
        inner,
    )
}

fn install_bytes(context: &TestContext, bytes: &[u8], more: &[&str]) -> Run {
    std::fs::write(context.work().join("client.tar.gz"), bytes).unwrap();
    let digest = sha256(bytes);
    let mut args = vec!["3.3.7.5", "--from", "client.tar.gz", "--sha256", &digest];
    args.extend(more);
    install(context, &args).showing(&digest, "SHA256").run()
}

/// The installed names below `lib/`, with what links lead to.
#[cfg(target_os = "linux")]
fn library_names(context: &TestContext) -> Vec<String> {
    let lib = context
        .taos_setup_home()
        .join("clients/oss-3.3.7.5-linux-x64/lib");
    tree(&lib)
        .into_iter()
        .filter(|(_, what)| what != "folder")
        .map(|(path, what)| match what.starts_with("->") {
            true => format!("{} {what}", path.display()),
            false => path.display().to_string(),
        })
        .collect()
}

#[cfg(target_os = "linux")]
#[test]
fn foreign_libraries_become_private() {
    let extra = [
        (FILE, "driver/libssl.so.3", "a library"),
        (FILE, "driver/libcrypto.so.3", "a library"),
        (FILE, "driver/libarrow.so.1200.0.0", "a library"),
        (LINK, "driver/libarrow.so", "libarrow.so.1200.0.0"),
        (FILE, "driver/python3.12/os.py", "code"),
        (
            FILE,
            "driver/glibc-hwcaps/x86-64-v3/libtaos.so",
            "a library",
        ),
        (FILE, "driver/pkgconfig/openssl.pc", "Name: OpenSSL"),
        (FILE, "driver/cmake/OpenSSL/OpenSSLConfig.cmake", "set(x)"),
        (FILE, "driver/libtaos.so.evil", "a library"),
    ];
    let bytes = package(&extra, &[]);
    for (parts, private) in [("all", true), ("runtime", true)] {
        let context = TestContext::new();
        let run = install_bytes(&context, &bytes, &["--only", parts]);
        assert_eq!(run.exit, Some(0), "{run}");
        let names = library_names(&context);
        assert_eq!(names.contains(&"private/libssl.so.3".to_owned()), private);
        let receipt = context
            .taos_setup_home()
            .join("clients/oss-3.3.7.5-linux-x64/receipt.toml");
        let receipt = std::fs::read_to_string(receipt).unwrap();
        assert!(receipt.contains("lib/private/libssl.so.3"), "{receipt}");
        if parts == "all" {
            assert_snapshot!(run, @r#"
            exit 0
            --- stdout
            ok installed client 3.3.7.5 (oss, linux-x64)
              in        [STORE]/clients/oss-3.3.7.5-linux-x64
              from      client.tar.gz
              sha256    [SHA256]
              verified  given
            --- stderr
            next: taos-setup run -- taos -s "show databases;"
                  eval "$(taos-setup env)"
            "#);
            assert_snapshot!(names.join("\n"), @"
            cmake/taos/taosConfig.cmake
            cmake/taos/taosConfigVersion.cmake
            libtaos.so -> libtaos.so.1
            libtaos.so.1 -> libtaos.so.3.3.7.5
            libtaos.so.3.3.7.5
            libtaosnative.so -> libtaosnative.so.1
            libtaosnative.so.1 -> libtaosnative.so.3.3.7.5
            libtaosnative.so.3.3.7.5
            libtaosws.so -> libtaosws.so.1
            libtaosws.so.1 -> libtaosws.so.3.3.7.5
            libtaosws.so.3.3.7.5
            pkgconfig/taos.pc
            private/cmake/OpenSSL/OpenSSLConfig.cmake
            private/glibc-hwcaps/x86-64-v3/libtaos.so
            private/libarrow.so -> libarrow.so.1200.0.0
            private/libarrow.so.1200.0.0
            private/libcrypto.so.3
            private/libssl.so.3
            private/libtaos.so.evil
            private/pkgconfig/openssl.pc
            private/python3.12/os.py
            ");
        }
    }
}

#[test]
fn misplaced_entries_are_refused() {
    let library = "driver/libtaos.so.3.3.7.5";
    let cases: [(&[Extra<'_>], &[Extra<'_>]); 12] = [
        (&[(LINK, "driver/pkgconfig", "../driver")], &[]),
        (&[(LINK, "driver/cmake", ".")], &[]),
        (&[(LINK, "driver/private", "../driver")], &[]),
        (&[(DIRECTORY, "driver/libtaos.so", "")], &[]),
        (&[(DIRECTORY, library, "")], &[]),
        (
            &[
                (DIRECTORY, "driver/d", ""),
                (LINK, "driver/libtaos.so", "d"),
            ],
            &[],
        ),
        (&[(FILE, "driver/libtaosws.so/x", "")], &[]),
        (&[], &[(DIRECTORY, "cfg/taos.cfg", "")]),
        (&[], &[(FILE, "cfg/taos.cfg/x", "")]),
        (&[], &[(LINK, "cfg/taos.cfg", "../inc/taos.h")]),
        (&[], &[(DIRECTORY, "bin/taos", "")]),
        (&[], &[(DIRECTORY, "inc/taos.h", "")]),
    ];
    let mut shown = Vec::new();
    for (extra, inner) in cases {
        let context = TestContext::new();
        let run = install_bytes(&context, &package(extra, inner), &[]);
        assert_eq!(run.exit, Some(4), "{extra:?} {inner:?}: {run}");
        assert!(!context.taos_setup_home().join("clients").exists());
        shown.extend(run.stderr.lines().nth(1).map(str::to_owned));
    }
    assert_snapshot!(shown.join("\n"), @"
    `tdengine-tsdb-oss-client-3.3.7.5/driver/pkgconfig` is a link to a directory
    `tdengine-tsdb-oss-client-3.3.7.5/driver/cmake` is a link to a directory
    `tdengine-tsdb-oss-client-3.3.7.5/driver/private` is a link to a directory
    `tdengine-tsdb-oss-client-3.3.7.5/driver/libtaos.so` is a directory, but a file of the client belongs there
    `tdengine-tsdb-oss-client-3.3.7.5/driver/libtaos.so.3.3.7.5` is a directory, but a file of the client belongs there
    `tdengine-tsdb-oss-client-3.3.7.5/driver/libtaos.so` is a link to a directory
    `tdengine-tsdb-oss-client-3.3.7.5/driver/libtaosws.so/x` is a directory, but a file of the client belongs there
    `cfg/taos.cfg` is a directory, but a file of the client belongs there
    `cfg/taos.cfg/x` is a directory, but a file of the client belongs there
    `cfg/taos.cfg` is a link, but a file of the client belongs there
    `bin/taos` is a directory, but a file of the client belongs there
    `inc/taos.h` is a directory, but a file of the client belongs there
    ");
}

/// A library that is missing because a link stands in its place.
#[test]
fn link_for_the_driver_is_incomplete() {
    let context = TestContext::new();
    let library = "driver/libtaos.so.3.3.7.5";
    let extra: [Extra<'_>; 2] = [
        (LINK, library, "libtaosnative.so.9"),
        (FILE, "driver/libtaosnative.so.9", "text"),
    ];
    let run = install_bytes(&context, &package(&extra, &[]), &[]);
    assert_eq!(run.exit, Some(4), "{run}");
    assert!(run.stderr.contains("package-incomplete"), "{run}");
}

#[test]
fn endless_empty_members_are_refused_early() {
    let gzip = |bytes: &[u8]| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        std::io::Write::write_all(&mut encoder, bytes).unwrap();
        encoder.finish().unwrap()
    };
    let context = TestContext::new();
    let bytes = gzip(b"").repeat(500_000);
    assert_snapshot!(install_bytes(&context, &bytes, &[]), @"
    exit 4
    --- stdout
    --- stderr
    error[archive-corrupt]: could not unpack client.tar.gz
      the archive has more than 20000 gzip members
      next: get the package again from the vendor or another mirror
    ");
    let left: Vec<PathBuf> = tree(&context.taos_setup_home()).into_keys().collect();
    assert_eq!(left, Vec::<PathBuf>::new());
}
