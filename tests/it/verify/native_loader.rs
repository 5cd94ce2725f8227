//! Which copy of the client library the loader picks, and what is reported about the others.
#![cfg(target_os = "linux")]

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::program::Run;
use crate::support::served::{Served, findings, install_driver};
use insta::assert_snapshot;

/// `verify --transport native` with `folders` on the search path.
fn verify(served: &Served, folders: &[&Path], args: &[&str]) -> Run {
    let args = [&["--transport", "native"], args].concat();
    served
        .verify_adapter(&args)
        .env("TAOS_PASSWORD", "taosdata")
        .env("LD_LIBRARY_PATH", std::env::join_paths(folders).unwrap())
        .run()
}

/// The stand-in driver of `version` in a folder called `name`.
fn driver(served: &Served, name: &str, version: &str) -> PathBuf {
    let folder = install_driver(&served.context, version);
    let moved = served.context.root().join(name);
    fs::rename(folder, &moved).unwrap();
    moved
}

/// Replaces `from` in `file` with `to`, of the same length.
fn patch(file: &Path, from: &[u8], to: &[u8]) {
    let mut bytes = fs::read(file).unwrap();
    let mut at = 0;
    let mut found = 0;
    while let Some(next) = bytes[at..]
        .windows(from.len())
        .position(|window| window == from)
    {
        at += next;
        bytes[at..at + to.len()].copy_from_slice(to);
        found += 1;
    }
    assert!(found > 0, "{} has it", file.display());
    fs::write(file, bytes).unwrap();
}

fn verdict(run: &Run) -> &str {
    run.stdout.split("\n\n").nth(1).unwrap_or_default()
}

#[test]
fn one_for_another_processor_is_passed_over() {
    let served = Served::healthy();
    let other = driver(&served, "arm", "3.3.7.5");
    let file = other.join("libtaos.so");
    let mut bytes = fs::read(&file).unwrap();
    // ELF's e_machine: 40 is 32-bit ARM.
    bytes[18] = 40;
    fs::write(&file, bytes).unwrap();
    let mine = driver(&served, "mine", "3.3.7.5");
    let run = verify(&served, &[&other, &mine], &["--verbose"]);
    assert_eq!(run.exit, Some(0), "{run}");
    assert!(
        run.stdout.contains("[ROOT]/mine/libtaos.so, first on the library search path; the loader skips others: [ROOT]/arm/libtaos.so is for linux-machine 40"),
        "{run}"
    );
}

#[test]
fn another_version_behind_it_is_a_warning() {
    let served = Served::healthy();
    let new = driver(&served, "new", "3.3.7.5");
    let old = driver(&served, "old", "3.2.2.2");
    let run = verify(&served, &[&new, &old], &[]);
    assert_eq!(run.exit, Some(0), "{run}");
    assert_snapshot!(verdict(&run), @r#"
    warning[library-shadowed]: [ROOT]/new/libtaos.so (3.3.7.5) hides another version (over native)
      observed: [ROOT]/old/libtaos.so (3.2.2.2) comes after [ROOT]/new/libtaos.so (3.3.7.5)
      expected: one version on the library search path
      cause:    The loader uses the first copy that it finds, [ROOT]/new/libtaos.so. A program with another search path loads [ROOT]/old/libtaos.so (3.2.2.2).
      fix:      sudo rm [ROOT]/old/libtaos.so    # if that is the old one; else put its directory first: export LD_LIBRARY_PATH="$(dirname [ROOT]/old/libtaos.so)${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
    "#);
    // The other way round it is the wrong one that is used.
    let run = verify(&served, &[&old, &new], &["--json"]);
    assert_eq!(
        (run.exit, findings(&run)),
        (
            Some(12),
            vec!["version-mismatch".to_owned(), "library-shadowed".to_owned()]
        ),
        "{run}"
    );
}

#[test]
fn same_version_behind_it_is_not_worth_a_word() {
    let served = Served::healthy();
    let one = driver(&served, "one", "3.3.7.5");
    let two = driver(&served, "two", "3.3.7.5");
    let run = verify(&served, &[&one, &two], &["--json"]);
    assert_eq!((run.exit, findings(&run)), (Some(0), vec![]), "{run}");
}

#[test]
fn its_parts_may_lie_in_another_folder_of_the_path() {
    let served = Served::healthy();
    let thin = driver(&served, "thin", "3.3.7.5");
    let rest = served.context.root().join("rest");
    fs::create_dir(&rest).unwrap();
    for name in ["libtaosnative.so", "libtaosws.so"] {
        fs::rename(thin.join(name), rest.join(name)).unwrap();
    }
    let run = verify(&served, &[&thin, &rest], &["--json"]);
    assert_eq!((run.exit, findings(&run)), (Some(0), vec![]), "{run}");
    let run = verify(&served, &[&thin], &["--json"]);
    assert_eq!(run.exit, Some(13), "{run}");
}

#[test]
fn it_needs_a_newer_glibc() {
    let served = Served::healthy();
    let folder = driver(&served, "driver", "3.3.7.5");
    patch(
        &folder.join("libtaosws.so"),
        b"GLIBC_2.2.5\0",
        b"GLIBC_9.9.5\0",
    );
    let run = verify(&served, &[&folder], &[]);
    assert_eq!(run.exit, Some(13), "{run}");
    let shown = regex_free(verdict(&run));
    assert_snapshot!(shown, @"
    error[glibc-too-old]: the client library [ROOT]/driver/libtaosws.so needs glibc 9.9, this machine has [HOST] (over native)
      observed: [ROOT]/driver/libtaosws.so needs glibc 9.9, this machine has [HOST]
      expected: glibc 9.9 or later
      cause:    The library was built for a newer Linux, so the loader of this machine refuses it. A second glibc cannot be installed next to the first.
      fix:      taos-setup init --transport ws    # WebSocket needs no client library; or use a newer Linux, or an older client of the server's series
    ");
}

/// The text with this machine's glibc masked.
fn regex_free(text: &str) -> String {
    let (host, _) = taos_setup::fuzzing::needs::host_glibc().unwrap();
    text.replace(&format!("has {host}"), "has [HOST]")
}

#[test]
fn configuration_names_another_server() {
    let served = Served::healthy();
    let folder = driver(&served, "driver", "3.3.7.5");
    let config = served.context.root().join("cfg");
    fs::create_dir(&config).unwrap();
    let with = |text: String| {
        fs::write(config.join("taos.cfg"), text).unwrap();
        served
            .verify_adapter(&["--transport", "native"])
            .env("TAOS_PASSWORD", "taosdata")
            .env("LD_LIBRARY_PATH", &folder)
            .env("TAOS_CONFIG_DIR", &config)
            .run()
    };
    let run = with("firstEp db.invalid:6030\n".into());
    assert_eq!(run.exit, Some(0), "{run}");
    assert_snapshot!(verdict(&run), @"
    warning[firstep-wrong]: native programs without a host connect to db.invalid:6030, not to 127.0.0.1:[NATIVE] (over native)
      observed: [ROOT]/cfg/taos.cfg: firstEp db.invalid:6030
      expected: firstEp 127.0.0.1:[NATIVE]
      cause:    [ROOT]/cfg/taos.cfg sets this endpoint. It applies to the TDengine CLI and to programs that name no host; programs that name a host are not affected.
      fix:      firstEp 127.0.0.1:[NATIVE]    # the line for [ROOT]/cfg/taos.cfg; or name the host in the program
    ");
    let port = served.sandbox.native().port();
    for same in [
        format!("firstEp localhost:{port}"),
        "# firstEp db:6030\n".into(),
    ] {
        let run = with(same);
        assert!(!run.stdout.contains("firstep-wrong"), "{run}");
    }
}

#[test]
fn printed_lines_are_a_note() {
    let served = Served::healthy();
    let folder = driver(&served, "driver", "3.3.7.5");
    let run = served
        .verify_adapter(&["--transport", "native"])
        .env("TAOS_PASSWORD", "taosdata")
        .env("LD_LIBRARY_PATH", &folder)
        .env("TAOS_SANDBOX_DRIVER_FAULT", "noise")
        .run();
    assert_eq!(run.exit, Some(0), "{run}");
    assert_snapshot!(verdict(&run), @"
    note[library-noisy]: the client library [ROOT]/driver/libtaos.so writes to standard output (over native)
      observed: it printed: the stand-in driver was loaded
      expected: no text on standard output
      cause:    It works, but a program that uses the library and prints its results to standard output gets these lines between them.
      fix:      taos-setup verify 127.0.0.1:[ADAPTER] --native-port [NATIVE] --transport ws    # over WebSocket only the program itself writes there
    ");
}
