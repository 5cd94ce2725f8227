//! Updates that succeed, that have nothing to do, and that are interrupted.

use std::fs::{self, File};

use insta::assert_snapshot;
use taos_sandbox::mirror::sha256;

use super::{NEWER, OwnScene, archive_name, script};
use crate::support::file_server::serve;

#[test]
fn newest_release_is_installed_from_recorded_address() {
    let scene = OwnScene::new();
    scene.publish(NEWER);
    let served = scene.path("served");
    for (place, names) in [
        ("latest/download", vec!["SHA256SUMS", "SHA256SUMS.minisig"]),
        ("download/v9.9.9", vec![&*archive_name(NEWER)]),
    ] {
        fs::create_dir_all(served.join(place)).unwrap();
        for name in names {
            let from = scene.path("release").join(name);
            fs::copy(from, served.join(place).join(name)).unwrap();
        }
    }
    let url = serve(served);
    let more = format!("releases {url}\nkey {}\n", scene.signer.public_key());
    scene.write_receipt(&more);
    assert_snapshot!(scene.program(&["update", "--check"]).run(), @"
    exit 7
    --- stdout
    taos-setup 9.9.9 is available; [VERSION] is installed
    --- stderr
    next: taos-setup self update
    ");
    let archive = scene.path("release").join(archive_name(NEWER));
    let digest = sha256(&fs::read(archive).unwrap());
    let planned = scene.program(&["update", "--dry-run"]);
    assert_snapshot!(planned.showing(digest, "ARCHIVE").run(), @"
    exit 0
    --- stdout
    would download taos-setup-9.9.9-[TARGET].tar.gz (SHA-256 [ARCHIVE])
    would replace [ROOT]/bin/taos-setup ([VERSION] with 9.9.9)
    --- stderr
    ");
    assert!(scene.is_unchanged());
    assert_snapshot!(scene.program(&["update"]).run(), @"
    exit 0
    --- stdout
    ok updated taos-setup [VERSION] to 9.9.9: [ROOT]/bin/taos-setup
    --- stderr
    ");
    let program = fs::read_to_string(scene.path("bin/taos-setup")).unwrap();
    assert_eq!(program, script(NEWER));
    let digest = sha256(program.as_bytes());
    assert_eq!(
        scene.receipt(),
        format!("version {NEWER}\nsha256 {digest}\n{more}")
    );
    assert_eq!(scene.names(), [".taos-setup-receipt", "taos-setup"]);
}

#[test]
fn older_release_is_installed_if_it_is_named() {
    let scene = OwnScene::new();
    scene.publish("0.0.1");
    assert_snapshot!(scene.update(&[]), @"
    exit 4
    --- stdout
    --- stderr
    error[release-older]: could not update taos-setup
      the release at [ROOT]/release/SHA256SUMS has version 0.0.1, but [VERSION] is installed
      next: taos-setup self update --to 0.0.1    # only if the older version is wanted
    ");
    assert_snapshot!(scene.update(&["--to", "0.0.2"]), @"
    exit 3
    --- stdout
    --- stderr
    error[nothing-published]: could not update taos-setup
      the release at [ROOT]/release/SHA256SUMS has version 0.0.1, not 0.0.2
      next: pass --from with the directory or address of that version
    ");
    assert!(scene.is_unchanged());
    let run = scene.update(&["--to", "v0.0.1", "--json"]);
    assert_eq!(run.json()["data"]["outcome"], "updated", "{run}");
    assert!(scene.receipt().starts_with("version 0.0.1\n"));
}

#[test]
fn same_release_changes_nothing() {
    let scene = OwnScene::new();
    scene.publish(env!("CARGO_PKG_VERSION"));
    assert_snapshot!(scene.update(&[]), @"
    exit 0
    --- stdout
    ok taos-setup [VERSION] is up to date: [ROOT]/bin/taos-setup
    --- stderr
    ");
    assert_eq!(scene.update(&["--check"]).exit, Some(0));
    assert!(scene.is_unchanged());
}

#[test]
fn place_and_key_are_asked_for() {
    let scene = OwnScene::new();
    scene.publish(NEWER);
    assert_snapshot!(scene.program(&["update"]).run(), @"
    exit 2
    --- stdout
    --- stderr
    error[usage]: could not update taos-setup
      the receipt of the installation does not name an address of releases
      next: pass --from with a directory or an address that has the files of a release
    ");
    scene.write_receipt("");
    assert_snapshot!(scene.update(&[]), @"
    exit 2
    --- stdout
    --- stderr
    error[usage]: could not update taos-setup
      the receipt of the installation does not name the key that signs releases
      next: pass --trust-key with the public key of the project, which is in its SECURITY.md
    ");
    let key = scene.signer.public_key();
    assert_eq!(
        scene.update(&["--check", "--trust-key", &key]).exit,
        Some(7)
    );
}

#[test]
fn interrupted_update_leaves_one_program_and_its_receipt() {
    for (fault, is_new) in [
        ("kill@1", false),
        ("kill@2", false),
        ("kill@3", true),
        ("ENOSPC@1", false),
        ("EBUSY@2", false),
    ] {
        let scene = OwnScene::new();
        scene.publish(NEWER);
        let from = scene.path("release");
        let words = ["update", "--from", from.to_str().unwrap()];
        let run = scene.program(&words).env("TAOS_SETUP_TEST_FAULT", fault);
        let run = run.run();
        assert_ne!(run.exit, Some(0), "{fault}: {run}");
        let program = scene.path("bin/taos-setup");
        let length = fs::metadata(&program).unwrap().len();
        assert_eq!(length == script(NEWER).len() as u64, is_new, "{fault}");
        if is_new {
            let digest = sha256(&fs::read(program).unwrap());
            assert!(scene.receipt().contains(&digest), "{}", scene.receipt());
            continue;
        }
        if !fault.starts_with("kill") {
            assert!(scene.is_unchanged(), "{fault}: {:?}", scene.names());
            assert_eq!(run.exit, Some(8), "{run}");
        }
        let run = scene.update(&[]);
        assert_eq!(run.exit, Some(0), "{fault}: {run}");
        assert_eq!(scene.names(), [".taos-setup-receipt", "taos-setup"]);
        assert!(!scene.receipt().contains("next-"), "{}", scene.receipt());
    }
}

#[test]
fn second_update_at_the_same_time_is_refused() {
    let scene = OwnScene::new();
    scene.publish(NEWER);
    let directory = File::open(scene.path("bin")).unwrap();
    directory.lock().unwrap();
    assert_snapshot!(scene.update(&[]), @"
    exit 6
    --- stdout
    --- stderr
    error[store-busy]: could not update taos-setup
      another `taos-setup self` command is running
      next: retry when it has finished
    ");
    assert!(scene.is_unchanged());
}

#[test]
fn uninstall_deletes_the_program_and_its_receipt() {
    let scene = OwnScene::new();
    assert_snapshot!(scene.program(&["uninstall", "--dry-run"]).run(), @"
    exit 0
    --- stdout
    would delete [ROOT]/bin/taos-setup and [ROOT]/bin/.taos-setup-receipt
    --- stderr
    ");
    assert!(scene.is_unchanged());
    fs::write(scene.path("bin/other"), "").unwrap();
    assert_snapshot!(scene.program(&["uninstall"]).run(), @"
    exit 0
    --- stdout
    ok deleted [ROOT]/bin/taos-setup; installed clients are kept
    --- stderr
    ");
    assert_eq!(scene.names(), ["other"]);
}
