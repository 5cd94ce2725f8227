//! Client libraries that are missing, not whole, not for this machine, or misbehave.
#![cfg(target_os = "linux")]

use std::fs;
use std::path::Path;

use crate::support::client_package::{file, install};
use crate::support::program::Run;
use crate::support::served::{Served, findings, install_driver};
use insta::assert_snapshot;
use taos_sandbox::mirror::Package;
use taos_setup::fuzzing::platform::Platform;

/// `verify --transport native` with `folder` on the search path and the stand-in driver's `fault`.
fn verify(served: &Served, folder: &Path, fault: &str) -> Run {
    served
        .verify_adapter(&["--transport", "native", "--timeout", "2s"])
        .env("TAOS_PASSWORD", "taosdata")
        .env("LD_LIBRARY_PATH", folder)
        .env("TAOS_SANDBOX_DRIVER_FAULT", fault)
        .showing(Platform::host().unwrap(), "PLATFORM")
        .run()
}

/// The verdict alone.
fn verdict(run: &Run) -> &str {
    run.stdout.split("\n\n").nth(1).unwrap_or_default()
}

#[test]
fn stores_current_client_is_used_where_the_loader_has_none() {
    let served = Served::healthy();
    let (path, sha256) = file(&served.context, &Package::new("3.3.7.5"));
    let from = path.to_str().unwrap();
    let run = install(&served.context, &["--from", from, "--sha256", &sha256]).run();
    assert_eq!(run.exit, Some(0), "{run}");
    let run = served
        .verify_adapter(&["--transport", "native"])
        .env("TAOS_PASSWORD", "taosdata")
        .showing(Platform::host().unwrap(), "PLATFORM")
        .run();
    assert_snapshot!(run, @"
    exit 0
    --- stdout
    127.0.0.1:[ADAPTER]
      ✓ native 3.3.7.5, root, 1 dnode, [ms]
    --- stderr
    ");
}

#[test]
fn missing_library_is_found() {
    let served = Served::healthy();
    let run = served
        .verify_adapter(&["--transport", "native"])
        .env("TAOS_PASSWORD", "taosdata")
        .run();
    assert_snapshot!(run, @"
    exit 13
    --- stdout
    127.0.0.1:[ADAPTER]
      ✗ native failed at library
        ✗ library        libtaos.so is not in LD_LIBRARY_PATH, in the system directories, or in the store ([ms])

    error[library-missing]: no TDengine client library is installed on this machine (over native)
      observed: libtaos.so is not in LD_LIBRARY_PATH, in the system directories, or in the store
      expected: a client library
      cause:    A native connection needs libtaos, which is in neither the library search path nor the store of taos-setup.
      fix:      taos-setup install 3.3.7.5    # or use WebSocket, which needs no library
    --- stderr
    ");
    let run = served
        .verify_adapter(&["--json"])
        .env("TAOS_PASSWORD", "taosdata")
        .run();
    assert_eq!(run.exit, Some(0), "{run}");
    let native = &run.json()["data"]["targets"][0]["transports"][2];
    assert_eq!(native["status"], "skipped");
    assert_eq!(native["rungs"][0]["status"], "skipped");
}

#[test]
fn one_of_the_three_is_missing() {
    let served = Served::healthy();
    let folder = install_driver(&served.context, "3.3.7.5");
    fs::remove_file(folder.join("libtaosws.so")).unwrap();
    assert_snapshot!(verify(&served, &folder, ""), @r#"
    exit 13
    --- stdout
    127.0.0.1:[ADAPTER]
      ✗ native failed at library
        ✗ library        [ROOT]/driver lacks libtaosws.so ([ms])

    error[library-incomplete]: the client library in [ROOT]/driver is incomplete: it lacks libtaosws.so (over native)
      observed: [ROOT]/driver lacks libtaosws.so
      expected: a complete client library for [PLATFORM]
      cause:    Programs load the driver by the name libtaos without a number. From 3.3.6 on it consists of three libraries, libtaos, libtaosnative, and libtaosws, which must be in one directory under these names.
      fix:      taos-setup install 3.3.7.5 && eval "$(taos-setup env)"    # or copy libtaosws.so of the same version into [ROOT]/driver
    --- stderr
    "#);
    fs::remove_file(folder.join("libtaosnative.so")).unwrap();
    let run = verify(&served, &folder, "");
    assert_eq!(run.exit, Some(13), "{run}");
}

#[test]
fn it_is_for_another_processor() {
    let served = Served::healthy();
    let folder = install_driver(&served.context, "3.3.7.5");
    let file = folder.join("libtaos.so");
    let mut bytes = fs::read(&file).unwrap();
    // ELF's e_machine: 40 is 32-bit ARM.
    bytes[18] = 40;
    fs::write(&file, bytes).unwrap();
    assert_snapshot!(verify(&served, &folder, ""), @r#"
    exit 13
    --- stdout
    127.0.0.1:[ADAPTER]
      ✗ native failed at library
        ✗ library        [ROOT]/driver/libtaos.so is for linux-machine 40 ([ms])

    error[library-wrong-arch]: the client library [ROOT]/driver/libtaos.so is not made for this machine (over native)
      observed: [ROOT]/driver/libtaos.so is for linux-machine 40
      expected: a complete client library for [PLATFORM]
      cause:    The library is for linux-machine 40, but this program runs as [PLATFORM].
      fix:      taos-setup install 3.3.7.5 && eval "$(taos-setup env)"
    --- stderr
    "#);
}

#[test]
fn damaged_library_is_found() {
    let served = Served::healthy();
    let folder = install_driver(&served.context, "3.3.7.5");
    let file = folder.join("libtaos.so");
    let bytes = fs::read(&file).unwrap();
    fs::write(&file, &bytes[..bytes.len() / 2]).unwrap();
    let run = verify(&served, &folder, "");
    assert_eq!(run.exit, Some(13), "{run}");
    assert!(run.stdout.contains("error[library-unloadable]"), "{run}");
    fs::write(&file, "not a library").unwrap();
    assert_snapshot!(verdict(&verify(&served, &folder, "")), @r#"
    error[library-unloadable]: the client library [ROOT]/driver/libtaos.so cannot be loaded (over native)
      observed: [ROOT]/driver/libtaos.so: it is not a library
      expected: a complete client library for [PLATFORM]
      cause:    The loader of the operating system gave the reason above: most often a library that it needs is missing, or the file is damaged.
      fix:      taos-setup doctor    # shows what is missing; a damaged library: taos-setup install 3.3.7.5 && eval "$(taos-setup env)"
    "#);
}

#[test]
fn it_crashes_when_it_is_loaded() {
    let served = Served::healthy();
    let folder = install_driver(&served.context, "3.3.7.5");
    assert_snapshot!(verify(&served, &folder, "crash-on-load"), @r#"
    exit 13
    --- stdout
    127.0.0.1:[ADAPTER]
      ✗ native failed at load
        ✓ library        [ROOT]/driver/libtaos.so, first on the library search path ([ms])
        ✗ load           the driver process was ended by signal 6 (SIGABRT) while it was loaded ([ms])

    error[library-crashed]: the client library [ROOT]/driver/libtaos.so crashes (over native)
      observed: the driver process was ended by signal 6 (SIGABRT) while it was loaded
      expected: the library loads and starts
      cause:    The driver ended its process while it was loaded. It ran in a child process, so taos-setup was not affected.
      fix:      taos-setup install 3.3.7.5 && eval "$(taos-setup env)"    # a new copy; or use WebSocket
    --- stderr
    "#);
}

#[test]
fn it_crashes_when_it_connects() {
    let served = Served::healthy();
    let folder = install_driver(&served.context, "3.3.7.5");
    assert_snapshot!(verdict(&verify(&served, &folder, "crash")), @r#"
    error[library-crashed]: the client library [ROOT]/driver/libtaos.so crashes (over native)
      observed: the driver process was ended by signal 6 (SIGABRT) in taos_connect
      expected: a login as root
      cause:    The driver ended its process in taos_connect. It ran in a child process, so taos-setup was not affected.
      fix:      taos-setup install 3.3.7.5 && eval "$(taos-setup env)"    # a new copy; or use WebSocket
    "#);
}

#[test]
fn it_ends_its_process_in_other_ways() {
    let served = Served::healthy();
    let folder = install_driver(&served.context, "3.3.7.5");
    for (fault, how) in [
        (
            "segfault",
            "was ended by signal 11 (SIGSEGV) in taos_connect",
        ),
        ("exit", "ended with exit code 0 in taos_connect"),
    ] {
        let run = verify(&served, &folder, fault);
        assert_eq!(run.exit, Some(13), "{run}");
        assert!(run.stdout.contains("error[library-crashed]"), "{run}");
        assert!(run.stdout.contains(how), "{run}");
    }
    let run = verify(&served, &folder, "hang-on-load");
    assert_eq!(run.exit, Some(13), "{run}");
    assert!(
        run.stdout.contains("does not return while it was loaded"),
        "{run}"
    );
}

#[test]
fn it_hangs_when_it_connects() {
    let served = Served::healthy();
    let folder = install_driver(&served.context, "3.3.7.5");
    assert_snapshot!(verdict(&verify(&served, &folder, "hang")), @"
    error[library-hung]: the client library [ROOT]/driver/libtaos.so does not return (over native)
      observed: the driver does not return in taos_connect
      expected: a login as root
      cause:    The driver did not return in taos_connect within 2 s, although the server's port answers like taosd's.
      fix:      taos-setup verify 127.0.0.1:[ADAPTER] --native-port [NATIVE] --transport native --timeout 30s    # if it is only slow; else use WebSocket
    ");
}

#[test]
fn library_that_prints_is_isolated() {
    let served = Served::healthy();
    let folder = install_driver(&served.context, "3.3.7.5");
    let run = served
        .verify_adapter(&["--transport", "native", "--json"])
        .env("TAOS_PASSWORD", "taosdata")
        .env("LD_LIBRARY_PATH", &folder)
        .env("TAOS_SANDBOX_DRIVER_FAULT", "noise")
        .run();
    // One JSON document, whatever the driver prints; what it printed is a note.
    assert_eq!(
        (run.exit, findings(&run)),
        (Some(0), vec!["library-noisy".to_owned()]),
        "{run}"
    );
    assert_eq!(run.json()["findings"][0]["severity"], "note");
}

#[test]
fn its_log_folder_cannot_be_written() {
    let served = Served::healthy();
    let folder = install_driver(&served.context, "3.3.7.5");
    let file = served.context.work().join("a-file");
    fs::write(&file, "").unwrap();
    let run = served
        .verify_adapter(&["--transport", "native"])
        .env("TAOS_PASSWORD", "taosdata")
        .env("LD_LIBRARY_PATH", folder)
        .env("TAOS_LOG_DIR", file.join("log"))
        .run();
    assert_snapshot!(verdict(&run), @r#"
    error[log-dir-unwritable]: the client library cannot write its log to [ROOT]/work/a-file/log (over native)
      observed: TAOS_LOG_DIR is [ROOT]/work/a-file/log: [ROOT]/work/a-file is not a directory
      expected: a writable log directory
      cause:    The native driver does not start without a log directory that this user can write to.
      fix:      export TAOS_LOG_DIR="$HOME/.taos-log" && mkdir -p "$TAOS_LOG_DIR"
    "#);
    assert_eq!(run.exit, Some(13));
}

#[test]
fn it_is_of_another_version() {
    let served = Served::healthy();
    let folder = install_driver(&served.context, "3.2.2.2");
    let run = verify(&served, &folder, "hang");
    assert_snapshot!(run, @r#"
    exit 12
    --- stdout
    127.0.0.1:[ADAPTER]
      ✗ native failed at client_version
        ✓ library        [ROOT]/driver/libtaos.so, first on the library search path ([ms])
        ✓ load           loaded and started ([ms])
        ✗ client_version client 3.2.2.2, server 3.3.7.5 ([ms])

    error[version-mismatch]: the client library is 3.2.2.2, the server is 3.3.7.5 (over native)
      observed: client 3.2.2.2, server 3.3.7.5
      expected: 3.3.7.x, the same as the server
      cause:    A native connection requires the same first three version parts on both sides. The driver does not report a mismatch: after 10 to [ms] it fails with another error.
      fix:      taos-setup install --match 127.0.0.1:[ADAPTER] && eval "$(taos-setup env)"    # or by its version: taos-setup install 3.3.7.5
      read:     https://docs.taosdata.com/train-faq/faq
    --- stderr
    "#);
    // It never dialled: the fault that makes it hang was not met, and there was no login.
    assert_eq!(
        served.sandbox.logins().accepted + served.sandbox.logins().refused,
        0
    );
}

#[test]
fn fourth_part_of_the_version_may_differ() {
    let served = Served::healthy();
    let folder = install_driver(&served.context, "3.3.7.0");
    let run = verify(&served, &folder, "");
    assert_eq!(run.exit, Some(0), "{run}");
}

#[test]
fn old_driver_is_one_library() {
    let served = Served::new(taos_sandbox::server::Options {
        version: "3.2.2.2".into(),
        ..Default::default()
    });
    let folder = install_driver(&served.context, "3.2.2.2");
    let run = served
        .verify_adapter(&["--json"])
        .env("TAOS_PASSWORD", "taosdata")
        .env("LD_LIBRARY_PATH", &folder)
        .run();
    assert_eq!((run.exit, findings(&run)), (Some(0), vec![]), "{run}");
}

#[test]
fn only_its_soname_is_there() {
    let served = Served::healthy();
    let folder = install_driver(&served.context, "3.3.5.8");
    fs::rename(folder.join("libtaos.so"), folder.join("libtaos.so.1")).unwrap();
    let run = served
        .verify_adapter(&["--transport", "native", "--json"])
        .env("TAOS_PASSWORD", "taosdata")
        .env("LD_LIBRARY_PATH", &folder)
        .run();
    assert_eq!(
        (run.exit, findings(&run)),
        (
            Some(12),
            vec![
                "version-mismatch".to_owned(),
                "library-incomplete".to_owned()
            ]
        ),
        "{run}"
    );
    assert_eq!(run.json()["findings"][1]["severity"], "warning");
}

#[test]
fn unwritable_temporary_directory_is_bypassed() {
    let served = Served::healthy();
    let folder = install_driver(&served.context, "3.3.7.5");
    let run = served
        .verify_adapter(&["--transport", "native"])
        .env("TAOS_PASSWORD", "taosdata")
        .env("LD_LIBRARY_PATH", &folder)
        .env("TMPDIR", served.context.root().join("nowhere"))
        .run();
    assert_eq!(run.exit, Some(0), "{run}");
}
