//! Pipes, devices and bytes in place of the store's own files: nothing waits for ever or reads for ever, and what to do is said.
#![cfg(target_os = "linux")]

use std::os::unix::fs::symlink;
use std::path::Path;

use crate::support::client_package::{file, install};
use crate::support::installed::installed;
use crate::support::program::{Run, TestContext};
use insta::{allow_duplicates, assert_snapshot};
use rustix::fs::{CWD, FileType, Mode, mknodat};
use taos_sandbox::mirror::Package;

const NOT_REGULAR: &str = "it is not a regular file";
const LINK: &str = "it is a symbolic link, which is not followed here";

/// What `command` says where `file` of the store is what `make` makes.
fn with(file: &str, make: impl Fn(&Path), command: &[&str]) -> (TestContext, Run) {
    let context = installed(&["3.3.7.5"]);
    let path = context.taos_setup_home().join(file);
    let _ = std::fs::remove_file(&path);
    make(&path);
    let run = context.program(command).run();
    (context, run)
}

fn pipe(path: &Path) {
    mknodat(CWD, path, FileType::Fifo, Mode::from_raw_mode(0o600), 0).unwrap();
}

fn endless(path: &Path) {
    symlink("/dev/zero", path).unwrap();
}

fn bytes(path: &Path) {
    std::fs::write(path, b"\xff\xfe").unwrap();
}

#[test]
fn journal_file_is_checked() {
    for (make, reason) in [(pipe as fn(&Path), NOT_REGULAR), (endless, LINK)] {
        let (_bench, run) = with("journal.toml", make, &["gc"]);
        let text = run.to_string().replace(reason, "[REASON]");
        allow_duplicates!(assert_snapshot!(text, @"
        exit 8
        --- stdout
        --- stderr
        error[file-unparsable]: could not read [STORE]/journal.toml
          [REASON]
          next: mv [STORE]/journal.toml [STORE]/journal.toml.old
        "));
    }
    let (_bench, run) = with("journal.toml", bytes, &["gc", "--dry-run"]);
    assert_snapshot!(run.stderr, @"
    error[file-unparsable]: could not read [STORE]/journal.toml
      it is not text in UTF-8
      next: mv [STORE]/journal.toml [STORE]/journal.toml.old
    ");
}

#[test]
fn lock_file_is_checked() {
    let (_bench, run) = with("lock", pipe, &["gc", "--dry-run"]);
    assert_eq!(run.exit, Some(0), "{run}");
}

#[test]
fn broken_trust_is_reported() {
    for (make, reason) in [(pipe as fn(&Path), NOT_REGULAR), (endless, LINK)] {
        let (_bench, run) = with(
            "trust.toml",
            make,
            &["install", "3.3.6.13", "--mirror", "."],
        );
        let text = run.to_string().replace(reason, "[REASON]");
        allow_duplicates!(assert_snapshot!(text, @"
        exit 8
        --- stdout
        --- stderr
        error[file-unparsable]: could not read [STORE]/trust.toml
          [REASON]
          next: remove it to forget which packages were trusted
        "));
    }
}

#[test]
fn broken_receipt_is_reported() {
    let receipt = "clients/oss-3.3.7.5-linux-x64/receipt.toml";
    for make in [pipe, endless] {
        let (_bench, run) = with(receipt, make, &["use", "3.3.7.5"]);
        assert_eq!(run.exit, Some(3), "{run}");
        let (_bench, run) = with(receipt, make, &["list"]);
        assert_eq!(run.exit, Some(0), "{run}");
    }
    let (_bench, run) = with(receipt, bytes, &["uninstall", "3.3.7.5"]);
    assert_snapshot!(run.stderr, @"
    error[file-unparsable]: could not read [STORE]/clients/oss-3.3.7.5-linux-x64/receipt.toml
      it is not text in UTF-8
      next: remove that directory, then run: taos-setup install 3.3.7.5
    ");
}

#[test]
fn library_on_search_path() {
    let context = installed(&["3.3.7.5"]);
    let folder = context.work().join("lib");
    std::fs::create_dir(&folder).unwrap();
    pipe(&folder.join("libtaos.so"));
    let run = context
        .program(["which"])
        .env("LD_LIBRARY_PATH", &folder)
        .run();
    assert_eq!(run.exit, Some(0), "{run}");
}

#[test]
fn configuration_file_is_checked() {
    let context = installed(&["3.3.7.5"]);
    let config = context
        .taos_setup_home()
        .join("clients/oss-3.3.7.5-linux-x64/etc/taos.cfg");
    let before = std::fs::read_to_string(&config).unwrap();
    std::fs::remove_file(&config).unwrap();
    pipe(&config);
    let (path, sha256) = file(&context, &Package::new("3.3.7.5"));
    let args = ["--from", path.to_str().unwrap(), "--sha256", &sha256];
    let run = install(&context, &args).run();
    assert_eq!(run.exit, Some(0), "{run}");
    assert_eq!(std::fs::read_to_string(&config).unwrap(), before);
}
