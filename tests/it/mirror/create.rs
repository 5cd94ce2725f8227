//! What `mirror create` writes, and when it writes nothing.

use std::fs;

use insta::assert_snapshot;

use super::{MirrorScene, VERSION};
use crate::support::client_package::{install, tree};

#[test]
fn client_is_mirrored_once_and_installed_from_there() {
    let scene = MirrorScene::new();
    assert_snapshot!(scene.create(&[]).run(), @"
    exit 0
    --- stdout
      client  oss 3.3.7.5 linux-x64  1.4 MiB
    ok wrote the mirror m
      files      3 (1.4 MiB)
      address    http://127.0.0.1:8465/
      signature  none (--sign-key)
    --- stderr
    note: 1 client package, 1.4 MiB
    next: taos-setup mirror verify m
          taos-setup mirror serve m
    ");
    let paths: Vec<_> = tree(&scene.dir()).into_keys().collect();
    assert_snapshot!(format!("{paths:#?}"), @r#"
    [
        "client",
        "client/SHA256SUMS",
        "client/tdengine-tsdb-oss",
        "client/tdengine-tsdb-oss/3.3.7.5",
        "client/tdengine-tsdb-oss/3.3.7.5/tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz",
        "mirror.jsonl",
        "settings",
        "settings/taos-setup.env",
    ]
    "#);
    let settings = scene.dir().join("settings/taos-setup.env");
    assert_snapshot!(fs::read_to_string(settings).unwrap(), @"
    # taos-setup: the client packages
    TAOS_SETUP_MIRROR=http://127.0.0.1:8465/client
    ");
    // The packages are gone: nothing is asked for again.
    fs::remove_dir_all(scene.context.work().join("packages")).unwrap();
    let before = tree(&scene.dir());
    assert_snapshot!(scene.create(&[]).run(), @"
    exit 0
    --- stdout
    ok the mirror m has everything
      files      3 (1.4 MiB)
      address    http://127.0.0.1:8465/
      signature  none (--sign-key)
    --- stderr
    next: taos-setup mirror verify m
          taos-setup mirror serve m
    ");
    assert_eq!(tree(&scene.dir()), before);
    let words = [VERSION, "--mirror", "m/client", "--sha256", &scene.digest];
    let run = install(&scene.context, &words).run();
    assert_eq!(run.exit, Some(0), "{run}");
    // Damaged bytes are not installed.
    let package = scene.package.file_name().unwrap().to_str().unwrap();
    let place = scene
        .dir()
        .join("client/tdengine-tsdb-oss/3.3.7.5")
        .join(package);
    let mut bytes = fs::read(&place).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&place, bytes).unwrap();
    let words = [&words[..], &["--prefix", "elsewhere"]].concat();
    let run = install(&scene.context, &words)
        .env("TAOS_SETUP_HOME", scene.context.root().join("new"))
        .run();
    assert_eq!(run.exit, Some(4), "{run}");
}

#[test]
fn dry_run_reports_sizes_and_writes_nothing() {
    let scene = MirrorScene::new();
    let run = scene.create(&["--dry-run", "--json"]).run();
    let data = &run.json()["data"];
    assert_eq!(data["state"], "planned");
    let size = fs::metadata(&scene.package).unwrap().len();
    assert_eq!(data["added"][0]["size"], size);
    assert!(!scene.dir().exists());
    assert_eq!(fs::read_dir(scene.context.work()).unwrap().count(), 1);
}

#[test]
fn failed_download_publishes_nothing() {
    let scene = MirrorScene::mirrored();
    let before = tree(&scene.context.work());
    let run = scene.create(&["--client", "3.3.7.4"]).run();
    assert_eq!(run.exit, Some(5), "{run}");
    assert_eq!(tree(&scene.context.work()), before);
}

#[test]
fn package_without_known_digest_is_refused() {
    let scene = MirrorScene::new();
    let words = [
        "mirror",
        "create",
        "m",
        "--client",
        VERSION,
        "--platforms",
        "linux-x64",
        "--mirror",
        "packages",
    ];
    let run = scene.program(&words).run();
    assert_eq!(run.exit, Some(4), "{run}");
    assert!(run.stderr.contains("error[digest-unknown]"), "{run}");
    assert!(
        run.stderr
            .contains("next: run the command again with --sha256"),
        "{run}"
    );
    assert!(!scene.dir().exists());
}

#[test]
fn directory_with_other_files_is_refused() {
    let scene = MirrorScene::new();
    fs::create_dir(scene.dir()).unwrap();
    fs::write(scene.dir().join("notes.txt"), "mine").unwrap();
    assert_snapshot!(scene.create(&[]).run(), @"
    exit 7
    --- stdout
    --- stderr
    error[would-overwrite]: could not create a mirror in [ROOT]/work/m
      it has the file `notes.txt`, which does not belong to the mirror
      next: move the file elsewhere, or use a new directory
    ");
    assert_eq!(
        fs::read_to_string(scene.dir().join("notes.txt")).unwrap(),
        "mine"
    );
}

#[test]
fn another_base_changes_settings_only() {
    let scene = MirrorScene::mirrored();
    fs::remove_dir_all(scene.context.work().join("packages")).unwrap();
    let run = scene
        .program(&[
            "mirror",
            "create",
            "m",
            "--base",
            "https://mirror.example/tdengine",
        ])
        .run();
    assert_eq!(run.exit, Some(0), "{run}");
    let settings = fs::read_to_string(scene.dir().join("settings/taos-setup.env")).unwrap();
    assert!(
        settings.contains("TAOS_SETUP_MIRROR=https://mirror.example/tdengine/client"),
        "{settings}"
    );
    assert_eq!(
        scene.program(&["mirror", "verify", "m"]).run().exit,
        Some(0)
    );
    let run = scene
        .program(&[
            "mirror",
            "create",
            "m",
            "--base",
            "https://user:secret@mirror.example/",
        ])
        .run();
    assert_eq!(run.exit, Some(2), "{run}");
    assert!(!run.stderr.contains("secret"), "{run}");
}

/// What a killed run left is removed, or completed.
#[test]
fn leftovers_of_a_killed_run_are_cleaned_up() {
    let scene = MirrorScene::mirrored();
    let work = scene.context.work();
    let staging = work.join(".m.taos-setup-new");
    fs::create_dir(&staging).unwrap();
    fs::write(staging.join("half"), "half").unwrap();
    fs::rename(scene.dir(), work.join(".m.taos-setup-old")).unwrap();
    let run = scene.create(&[]).run();
    assert_eq!(run.exit, Some(0), "{run}");
    assert_eq!(
        scene.program(&["mirror", "verify", "m"]).run().exit,
        Some(0)
    );
    let mut names: Vec<_> = fs::read_dir(&work)
        .unwrap()
        .map(|it| it.unwrap().file_name())
        .collect();
    names.sort();
    assert_eq!(names, ["m", "packages"]);
}

#[test]
fn damaged_mirror_is_made_again() {
    let scene = MirrorScene::mirrored();
    let list = scene.dir().join("client/SHA256SUMS");
    fs::remove_file(list).unwrap();
    let run = scene.create(&[]).run();
    assert_eq!(run.exit, Some(0), "{run}");
    assert_eq!(
        scene.program(&["mirror", "verify", "m"]).run().exit,
        Some(0)
    );
}

#[test]
fn processes_at_once_make_one_mirror() {
    let scene = MirrorScene::new();
    let children: Vec<_> = (0..4)
        .map(|_| scene.create(&["--quiet"]).into_command().spawn().unwrap())
        .collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    assert_eq!(
        scene.program(&["mirror", "verify", "m"]).run().exit,
        Some(0)
    );
    assert_eq!(fs::read_dir(scene.context.work()).unwrap().count(), 2);
}

#[test]
fn chinese() {
    let scene = MirrorScene::mirrored();
    assert_snapshot!(scene.create(&[]).env("LANG", "zh_CN.UTF-8").run(), @"
    exit 0
    --- stdout
    ok 镜像源 m 已包含全部内容
      文件      3 (1.4 MiB)
      地址      http://127.0.0.1:8465/
      签名      无（--sign-key）
    --- stderr
    下一步：taos-setup mirror verify m
            taos-setup mirror serve m
    ");
    fs::write(scene.dir().join("more"), "").unwrap();
    assert_snapshot!(scene.program(&["mirror", "verify", "m"]).env("LANG", "zh_CN.UTF-8").run(), @"
    exit 4
    --- stdout
      多余  more
    m 与其清单有 1 个文件不一致
    --- stderr
    ");
}
