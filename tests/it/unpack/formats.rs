//! Packages of other formats through the program: what is hostile in them is refused by name, and nothing is written.

use std::io::{Cursor, Write};
use std::path::Path;

use insta::assert_snapshot;
use zip::write::{SimpleFileOptions, ZipWriter};

use crate::support::client_package::{install, tree};
use crate::support::program::{Run, TestContext};
use taos_sandbox::mirror::sha256;

/// Installs `bytes` as the file `name`, with its digest. Nothing may be left of the attempt.
fn refuse(name: &str, bytes: &[u8]) -> Run {
    let context = TestContext::new();
    std::fs::write(context.work().join(name), bytes).unwrap();
    let before = tree(context.root());
    let digest = sha256(bytes);
    let run = install(&context, &["3.3.7.5", "--from", name, "--sha256", &digest]).run();
    assert!(!context.taos_setup_home().exists());
    let beside = |path: &Path| before.contains_key(path);
    assert!(
        tree(context.root())
            .keys()
            .all(|path| beside(path) || path.starts_with("home")),
        "something was written outside the store"
    );
    run
}

fn zipped(name: &str) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer
        .start_file(name, SimpleFileOptions::default())
        .unwrap();
    writer.write_all(b"content").unwrap();
    writer.finish().unwrap().into_inner()
}

fn corpus(name: &str) -> Vec<u8> {
    std::fs::read(
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("fuzz/corpus")
            .join(name),
    )
    .unwrap()
}

#[test]
fn zip_name_that_leads_outside_is_refused() {
    assert_snapshot!(refuse("client.zip", &zipped("driver/../../\u{1b}[2Jescaped")), @r"
    exit 4
    --- stdout
    --- stderr
    error[archive-unsafe]: could not unpack client.zip
      `driver/../../\u{1b}[2Jescaped` leads out of its directory (..)
      next: do not use this file: no genuine package has such an entry
    ");
}

#[test]
fn zip_with_trailing_data_is_refused() {
    let bytes = [zipped("driver/taos.dll"), b"more".to_vec()].concat();
    assert_snapshot!(refuse("client.zip", &bytes), @"
    exit 4
    --- stdout
    --- stderr
    error[archive-corrupt]: could not unpack client.zip
      the table of the zip archive is not at its end: it is cut short, or there is data after it
      next: get the package again from the vendor or another mirror
    ");
}

#[test]
fn windows_client_on_linux() {
    assert_snapshot!(refuse("client.zip", &corpus("zip/windows")), @"
    exit 4
    --- stdout
    --- stderr
    error[package-incomplete]: could not install client.zip
      its layout is that of a client for Windows, and linux-x64 was requested
      next: get the package again from the vendor or another mirror; an incomplete driver does not work
    ");
}

#[test]
fn macos_client_on_linux() {
    assert_snapshot!(refuse("client.pkg", &corpus("xar/gzip")), @"
    exit 4
    --- stdout
    --- stderr
    error[package-incomplete]: could not install client.pkg
      its layout is that of a client for macOS, and linux-x64 was requested
      next: get the package again from the vendor or another mirror; an incomplete driver does not work
    ");
}

#[test]
fn damaged_macos_package_is_refused() {
    let mut bytes = corpus("xar/pbzx");
    let last = bytes.len() - 40;
    bytes[last] ^= 0xff;
    assert_snapshot!(refuse("client.pkg", &bytes), @"
    exit 4
    --- stdout
    --- stderr
    error[archive-corrupt]: could not unpack client.pkg
      the archive is damaged: rc not finished or lz has pending
      next: get the package again from the vendor or another mirror
    ");
}

#[test]
fn windows_installer_is_kept() {
    assert_snapshot!(refuse("TDengine-client-3.3.7.5.exe", b"MZ\x90\0 and more"), @"
    exit 3
    --- stdout
    --- stderr
    error[platform-unsupported]: could not unpack [ROOT]/work/TDengine-client-3.3.7.5.exe
      it is an installer for Windows, and linux-x64 was requested
      next: name the package for linux-x64
    ");
}

#[test]
fn refusal_is_printed_in_chinese() {
    let context = TestContext::new();
    let bytes = zipped("driver/../../escaped");
    std::fs::write(context.work().join("client.zip"), &bytes).unwrap();
    let digest = sha256(&bytes);
    let args = ["3.3.7.5", "--from", "client.zip", "--sha256", &digest];
    let run = install(&context, &args).env("TAOS_SETUP_LANG", "zh").run();
    assert_eq!(run.exit, Some(4), "{run}");
    let second = run.stderr.lines().nth(1).unwrap_or_default();
    assert_snapshot!(second.trim(), @"`driver/../../escaped` 指向其目录之外（..）");
}
