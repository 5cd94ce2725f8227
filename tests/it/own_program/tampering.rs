//! Releases that are not what they claim to be: each is refused, and the program stays.

use std::fs;

use insta::assert_snapshot;
use tar::EntryType;

use super::{Member, NEWER, OwnScene, archive_name, comment, script};
use crate::support::minisign_writer::{PREHASHED, Signer};

/// Publishes a release, changes it, and returns the error of the update.
fn refused(change: impl FnOnce(&OwnScene)) -> String {
    let scene = OwnScene::new();
    scene.publish(NEWER);
    change(&scene);
    let run = scene.update(&[]);
    assert!(scene.is_unchanged(), "{run}");
    assert_eq!(run.stdout, "", "{run}");
    format!("exit {}\n{}", run.exit.unwrap_or_default(), run.stderr)
}

fn list(scene: &OwnScene) -> String {
    fs::read_to_string(scene.path("release/SHA256SUMS")).unwrap()
}

fn write(scene: &OwnScene, name: &str, bytes: &[u8]) {
    fs::write(scene.path("release").join(name), bytes).unwrap();
}

#[test]
fn list_without_valid_signature_is_refused() {
    let changed = refused(|scene| {
        write(
            scene,
            "SHA256SUMS",
            list(scene).replace("9.9.9", "9.9.8").as_bytes(),
        );
    });
    assert_snapshot!(changed, @"
    exit 4
    error[signature-invalid]: could not verify the signed list [ROOT]/release/SHA256SUMS
      the signature does not match the list
      next: check the place of the release and --trust-key; nothing was changed
    ");
    let other_key = refused(|scene| {
        let list = list(scene);
        let signature = Signer::new(6).sign(list.as_bytes(), PREHASHED, &comment(NEWER));
        write(scene, "SHA256SUMS.minisig", signature.as_bytes());
    });
    assert_snapshot!(other_key, @"
    exit 4
    error[signature-invalid]: could not verify the signed list [ROOT]/release/SHA256SUMS
      no trusted key made the signature
      next: check the place of the release and --trust-key; nothing was changed
    ");
    let missing = refused(|scene| {
        fs::remove_file(scene.path("release/SHA256SUMS.minisig")).unwrap();
    });
    assert_snapshot!(missing, @"
    exit 4
    error[signature-invalid]: could not verify the signed list [ROOT]/release/SHA256SUMS
      the list has no signature
      next: check the place of the release and --trust-key; nothing was changed
    ");
    let no_version = refused(|scene| scene.sign(&list(scene), "file:SHA256SUMS version:7"));
    assert_snapshot!(no_version, @"
    exit 4
    error[signature-invalid]: could not verify the signed list [ROOT]/release/SHA256SUMS
      the trusted comment of the signature has no valid taos-setup
      next: check the place of the release and --trust-key; nothing was changed
    ");
}

#[test]
fn archive_with_another_digest_is_refused() {
    let truncated = refused(|scene| {
        let name = archive_name(NEWER);
        let bytes = fs::read(scene.path("release").join(&name)).unwrap();
        write(scene, &name, &bytes[..bytes.len() - 1]);
    });
    let (before, after) = truncated.split_once("has the SHA-256 ").unwrap();
    assert_snapshot!(before, @"
    exit 4
    error[digest-mismatch]: could not update taos-setup
      taos-setup-9.9.9-[TARGET].tar.gz
    ");
    assert!(after.contains("but the signed list has"), "{after}");
    let missing = refused(|scene| {
        fs::remove_file(scene.path("release").join(archive_name(NEWER))).unwrap();
    });
    assert_snapshot!(missing, @"
    exit 5
    error[package-not-found]: could not update taos-setup
      the release does not contain taos-setup-9.9.9-[TARGET].tar.gz
      next: copy the archive next to SHA256SUMS, or pass --from with another place
    ");
    let no_target = refused(|scene| scene.sign("", &comment(NEWER)));
    assert_snapshot!(no_target, @"
    exit 3
    error[nothing-published]: could not update taos-setup
      release 9.9.9 at [ROOT]/release/SHA256SUMS has no archive for [TARGET]
      next: install taos-setup with the installation script of that release
    ");
}

#[test]
fn archive_with_unexpected_members_is_refused() {
    let script = script(NEWER);
    let program: Member<'_> = ("taos-setup", EntryType::Regular, 0o755, script.as_bytes());
    let with = |member: Member<'_>| {
        let printed = refused(|scene| scene.publish_members(NEWER, &[program, member]));
        printed.lines().take(3).collect::<Vec<_>>().join("\n")
    };
    assert_snapshot!(with(("/elsewhere/file", EntryType::Regular, 0o644, b"x")), @"
    exit 4
    error[archive-unsafe]: could not update taos-setup
      taos-setup-9.9.9-[TARGET].tar.gz: `elsewhere/file` is not in the directory taos-setup-9.9.9-[TARGET], nor one level below it
    ");
    assert_snapshot!(with(("link", EntryType::Symlink, 0o777, b"")), @"
    exit 4
    error[archive-unsafe]: could not update taos-setup
      taos-setup-9.9.9-[TARGET].tar.gz: `taos-setup-9.9.9-[TARGET]/link` is neither a file nor a directory
    ");
    assert_snapshot!(with(("bin/taos-setup", EntryType::Regular, 0o755, b"x")), @"
    exit 4
    error[archive-unsafe]: could not update taos-setup
      taos-setup-9.9.9-[TARGET].tar.gz: `taos-setup-9.9.9-[TARGET]/bin/taos-setup` is a second program
    ");
    let none = refused(|scene| scene.publish_members(NEWER, &[]));
    assert_snapshot!(none, @"
    exit 4
    error[archive-corrupt]: could not update taos-setup
      taos-setup-9.9.9-[TARGET].tar.gz: the archive does not contain taos-setup
      next: check the place of the release; nothing was changed
    ");
}

#[test]
fn program_that_is_another_one_is_refused() {
    let other = refused(|scene| {
        let script = script("9.9.8");
        let program = ("taos-setup", EntryType::Regular, 0o755, script.as_bytes());
        scene.publish_members(NEWER, &[program]);
    });
    assert_snapshot!(other, @"
    exit 4
    error[package-mismatch]: could not update taos-setup
      the program of release 9.9.9 reports `taos-setup 9.9.8`
      next: keep the installed version; nothing was changed
    ");
    let broken = refused(|scene| {
        let program: Member<'_> = (
            "taos-setup",
            EntryType::Regular,
            0o755,
            b"#!/bin/sh\nexit 3\n",
        );
        scene.publish_members(NEWER, &[program]);
    });
    assert_snapshot!(broken, @"
    exit 4
    error[package-mismatch]: could not update taos-setup
      the program of release 9.9.9 does not run on this machine: it ended with an error
      next: keep the installed version; nothing was changed
    ");
}
