//! Programs that something else installed.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use insta::assert_snapshot;

use super::OwnScene;
use crate::support::program::path_with;

fn write_program(path: &Path, text: &str) {
    fs::write(path, text).unwrap();
    fs::set_permissions(path, Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn package_manager_is_named_with_its_command() {
    let scene = OwnScene::new();
    let program = scene.place("machine/usr/bin");
    // The package manager that is asked for the owner of the file.
    let tools = scene.path("tools");
    fs::create_dir(&tools).unwrap();
    let answer =
        "#!/bin/sh\ntest \"$*\" = '--search /usr/bin/taos-setup' && echo \"taos-setup: $2\"\n";
    write_program(&tools.join("dpkg-query"), answer);
    let run = |words: &[&str]| {
        let architecture = match std::env::consts::ARCH {
            "x86_64" => "amd64",
            _ => "arm64",
        };
        let program = scene.context.start(&program, words);
        let program = program.env("PATH", path_with(&tools));
        program.showing(architecture, "ARCH").run()
    };
    assert_snapshot!(run(&["self", "update"]), @"
    exit 7
    --- stdout
    --- stderr
    error[installed-otherwise]: could not update taos-setup
      dpkg installed [ROOT]/machine/usr/bin/taos-setup
      next: sudo apt-get install ./taos-setup_VERSION_[ARCH].deb    # the package of the newer release
    ");
    assert_snapshot!(run(&["self", "uninstall"]), @"
    exit 7
    --- stdout
    --- stderr
    error[installed-otherwise]: could not remove taos-setup
      dpkg installed [ROOT]/machine/usr/bin/taos-setup
      next: remove it with dpkg
    ");
    write_program(&tools.join("dpkg-query"), "#!/bin/sh\nexit 1\n");
    let database = scene.path("machine/var/lib/pacman/local/taos-setup-0.1.0-1");
    fs::create_dir_all(&database).unwrap();
    fs::write(
        database.join("files"),
        "%FILES%\nusr/\nusr/bin/taos-setup\n",
    )
    .unwrap();
    let printed = run(&["self", "update"]).stderr;
    assert!(printed.contains("makepkg -si"), "{printed}");
}

#[test]
fn unknown_owner_and_changed_program_are_refused() {
    let scene = OwnScene::new();
    fs::write(
        scene.path("bin/.taos-setup-receipt"),
        format!("version 0.1.0\nsha256 {}\n", "0".repeat(64)),
    )
    .unwrap();
    assert_snapshot!(scene.program(&["update"]).run(), @"
    exit 7
    --- stdout
    --- stderr
    error[would-overwrite]: could not update taos-setup
      [ROOT]/bin/taos-setup is not the program that its receipt records
      next: install taos-setup again with its installation script
    ");
    fs::write(scene.path("bin/.taos-setup-receipt"), "hello\n").unwrap();
    assert_snapshot!(scene.program(&["update"]).run(), @"
    exit 8
    --- stdout
    --- stderr
    error[file-unparsable]: could not update taos-setup
      the receipt [ROOT]/bin/.taos-setup-receipt has no valid version and SHA-256
      next: install taos-setup again with its installation script
    ");
    fs::remove_file(scene.path("bin/.taos-setup-receipt")).unwrap();
    assert_snapshot!(scene.program(&["update"]).run(), @"
    exit 7
    --- stdout
    --- stderr
    error[installed-otherwise]: could not update taos-setup
      [ROOT]/bin/taos-setup has no receipt of the installation script, and no known package manager records it
      next: replace or remove it in the way in which it was installed
    ");
    // A receipt that is a link could be another user's.
    let other = scene.path("other");
    fs::write(&other, format!("version 0.1.0\nsha256 {}\n", scene.digest)).unwrap();
    std::os::unix::fs::symlink(other, scene.path("bin/.taos-setup-receipt")).unwrap();
    assert_eq!(scene.program(&["update"]).run().exit, Some(8));
}
