//! `mirror verify` finds every change.

use std::fs;

use insta::assert_snapshot;

use super::MirrorScene;
use crate::support::client_package::tree;

#[test]
fn changed_missing_and_additional_files_are_found() {
    let scene = MirrorScene::mirrored();
    assert_snapshot!(scene.program(&["mirror", "verify", "m"]).run(), @"
    exit 0
    --- stdout
    ok verified m: 3 files, 1.4 MiB
    --- stderr
    ");
    fs::write(
        scene.dir().join("settings/taos-setup.env"),
        "TAOS_SETUP_MIRROR=elsewhere\n",
    )
    .unwrap();
    fs::remove_file(scene.dir().join("client/SHA256SUMS")).unwrap();
    fs::write(scene.dir().join("client/more"), "").unwrap();
    assert_snapshot!(scene.program(&["mirror", "verify", "m"]).run(), @"
    exit 4
    --- stdout
      missing  client/SHA256SUMS
      additional  client/more
      changed  settings/taos-setup.env
    m differs from its manifest in 3 files
    --- stderr
    ");
    let run = scene.program(&["mirror", "verify", "m", "--json"]).run();
    assert_snapshot!(run.json()["data"]["faults"].to_string(), @r#"[{"path":"client/SHA256SUMS","fault":"missing"},{"path":"client/more","fault":"additional"},{"path":"settings/taos-setup.env","fault":"changed"}]"#);
    assert_eq!(run.exit, Some(4));
}

/// Of each file some bytes, one at a time; `manifest::tests` has any of the manifest.
#[test]
fn any_changed_byte_is_found() {
    let scene = MirrorScene::mirrored();
    for path in tree(&scene.dir()).into_keys() {
        let path = scene.dir().join(path);
        if !path.is_file() {
            continue;
        }
        let before = fs::read(&path).unwrap();
        for at in [0, before.len() / 2, before.len() - 1] {
            let mut bytes = before.clone();
            bytes[at] ^= 1;
            fs::write(&path, bytes).unwrap();
            let run = scene.program(&["mirror", "verify", "m", "--quiet"]).run();
            assert_eq!(run.exit, Some(4), "{}: {run}", path.display());
        }
        fs::write(&path, before).unwrap();
    }
    assert_eq!(
        scene.program(&["mirror", "verify", "m"]).run().exit,
        Some(0)
    );
}

#[cfg(unix)]
#[test]
fn link_in_place_of_a_file_is_found() {
    let scene = MirrorScene::mirrored();
    let file = scene.dir().join("client/SHA256SUMS");
    let copy = scene.context.work().join("copy");
    fs::rename(&file, &copy).unwrap();
    std::os::unix::fs::symlink(&copy, &file).unwrap();
    let run = scene.program(&["mirror", "verify", "m", "--json"]).run();
    assert_eq!(run.exit, Some(4), "{run}");
    assert_eq!(run.json()["data"]["faults"][0]["fault"], "not-a-file");
}

#[test]
fn directory_without_manifest_is_not_a_mirror() {
    let scene = MirrorScene::new();
    assert_snapshot!(scene.program(&["mirror", "verify", "packages"]).run(), @"
    exit 8
    --- stdout
    --- stderr
    error[file-unreadable]: could not read packages
      it has no mirror.jsonl
      next: taos-setup mirror create packages
    ");
}
