//! The store: obstacles, repairs, and waiting.
#![cfg(unix)]

use crate::support::client_package::{digest, file, install, mirror, tree, wait_until_unpacking};
use crate::support::program::TestContext;
use insta::assert_snapshot;
use std::process::{Command, Stdio};
use taos_sandbox::mirror::{MirrorFaults, Package};

#[test]
fn file_in_place_of_store() {
    let context = TestContext::new();
    let (path, sha256) = file(&context, &Package::new("3.3.7.5"));
    std::fs::write(context.taos_setup_home(), "mine").unwrap();
    let run = install(
        &context,
        &["--from", path.to_str().unwrap(), "--sha256", &sha256],
    )
    .run();
    assert_snapshot!(run, @"
    exit 8
    --- stdout
    --- stderr
    error[file-unreadable]: could not read [STORE]
      a part of the path is not a directory
      next: check the directory's owner and mode, or set TAOS_SETUP_HOME to another directory
    ");
    assert_eq!(std::fs::read(context.taos_setup_home()).unwrap(), b"mine");
    assert_snapshot!(context.program(["list"]).run(), @"
    exit 8
    --- stdout
    --- stderr
    error[file-unreadable]: could not read [STORE]
      a part of the path is not a directory
      next: check the directory's owner and mode, or set TAOS_SETUP_HOME to another directory
    ");
}

/// Root may write anywhere but where the system itself refuses.
#[cfg(target_os = "linux")]
#[test]
fn place_that_nobody_may_write() {
    let context = TestContext::new();
    let (path, sha256) = file(&context, &Package::new("3.3.7.5"));
    let run = install(
        &context,
        &["--from", path.to_str().unwrap(), "--sha256", &sha256],
    )
    .env("TAOS_SETUP_HOME", "/proc/taos-setup")
    .run();
    assert_snapshot!(run, @"
    exit 8
    --- stdout
    --- stderr
    error[file-unwritable]: could not write /proc/taos-setup
      no such file or directory
      next: check the directory's owner, mode, and free space, or set TAOS_SETUP_HOME to another directory
    ");
}

/// A limit on file sizes stands in for a full disk: the write itself fails, half-way through a library.
#[test]
fn full_disk_is_reported() {
    let context = TestContext::new();
    let (path, sha256) = file(&context, &Package::new("3.3.7.5"));
    let program = install(
        &context,
        &["--from", path.to_str().unwrap(), "--sha256", &sha256],
    )
    .into_command();
    let mut limited = Command::new("sh");
    limited
        .env_clear()
        .args(["-c", "trap '' XFSZ; ulimit -f 16; exec \"$@\"", "sh"])
        .arg(program.get_program())
        .args(program.get_args())
        .env_clear()
        .envs(
            program
                .get_envs()
                .filter_map(|(name, value)| Some((name, value?))),
        )
        .stdin(Stdio::null());
    let output = limited.output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(8), "{stderr}");
    assert!(
        stderr.starts_with("error[file-unwritable]: could not write "),
        "{stderr}"
    );
    assert!(!context.taos_setup_home().exists());
}

#[test]
fn damaged_client_is_installed_again_and_its_configuration_kept() {
    let context = TestContext::new();
    let (path, sha256) = file(&context, &Package::new("3.3.7.5"));
    let args = ["--from", path.to_str().unwrap(), "--sha256", &sha256];
    assert_eq!(install(&context, &args).run().exit, Some(0));
    let before = tree(&context.taos_setup_home());
    let prefix = context
        .taos_setup_home()
        .join("clients/oss-3.3.7.5-linux-x64");
    std::fs::remove_file(prefix.join("lib/libtaosws.so")).unwrap();
    let run = install(&context, &args).showing(&sha256, "SHA256").run();
    assert_snapshot!(run, @r#"
    exit 0
    --- stdout
    ok installed client 3.3.7.5 (oss, linux-x64)
      in        [STORE]/clients/oss-3.3.7.5-linux-x64
      from      tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
      sha256    [SHA256]
      verified  given
    --- stderr
    note: reinstalling 3.3.7.5: lib/libtaosws.so is missing or changed
    next: taos-setup run -- taos -s "show databases;"
          eval "$(taos-setup env)"
    "#);
    let mut after = tree(&context.taos_setup_home());
    let receipt = prefix
        .strip_prefix(context.taos_setup_home())
        .unwrap()
        .join("receipt.toml");
    after.insert(receipt.clone(), before[&receipt].clone());
    assert_eq!(after, before);
    let config = prefix.join("etc/taos.cfg");
    let mut text = std::fs::read_to_string(&config).unwrap();
    text.push_str("firstEp db1:6030\n");
    std::fs::write(&config, &text).unwrap();
    std::fs::write(prefix.join("lib/libtaos.so.3.3.7.5"), "short").unwrap();
    assert_eq!(install(&context, &args).run().exit, Some(0));
    assert_eq!(std::fs::read_to_string(&config).unwrap(), text);
}

#[test]
fn leftovers_of_killed_process_are_removed() {
    let context = TestContext::new();
    let (path, sha256) = file(&context, &Package::new("3.3.7.5"));
    let left = context.taos_setup_home().join("clients/.staging-abc/lib");
    std::fs::create_dir_all(&left).unwrap();
    let args = ["--from", path.to_str().unwrap(), "--sha256", &sha256];
    assert_eq!(install(&context, &args).run().exit, Some(0));
    assert!(!left.exists());
}

#[test]
fn install_waits_for_another_process() {
    let context = TestContext::new();
    let (path, sha256) = file(&context, &Package::new("3.3.7.5"));
    std::fs::create_dir(context.taos_setup_home()).unwrap();
    let lock = std::fs::File::create(context.taos_setup_home().join("lock")).unwrap();
    lock.lock().unwrap();
    let args = ["--from", path.to_str().unwrap(), "--sha256", &sha256];
    let mut child = install(&context, &args)
        .into_command()
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // The note comes while it waits; only then does the other one finish.
    let mut stderr = std::io::BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    std::io::BufRead::read_line(&mut stderr, &mut line).unwrap();
    let home = context.taos_setup_home();
    assert_eq!(
        line,
        format!(
            "note: waiting for another taos-setup process, which is changing {}\n",
            home.display()
        )
    );
    assert!(!home.join("current").exists());
    lock.unlock().unwrap();
    assert!(child.wait().unwrap().success());
    assert!(home.join("current").exists());
}

#[test]
fn prefix_is_everybodys_to_read_and_its_owners_to_write() {
    use std::os::unix::fs::PermissionsExt;
    let context = TestContext::new();
    let (path, sha256) = file(&context, &Package::new("3.3.7.5"));
    let args = ["--from", path.to_str().unwrap(), "--sha256", &sha256];
    assert_eq!(install(&context, &args).run().exit, Some(0));
    let prefix = context.taos_setup_home().join("current");
    for (path, mode) in [
        (".", 0o755),
        ("lib/libtaos.so.3.3.7.5", 0o755),
        ("bin/taos", 0o755),
        ("include/taos.h", 0o644),
    ] {
        let found = std::fs::metadata(prefix.join(path))
            .unwrap()
            .permissions()
            .mode()
            & 0o7777;
        assert_eq!(found & !mode, 0, "{path} {found:o}");
        assert_eq!(found & 0o400, 0o400, "{path} {found:o}");
    }
}

#[test]
fn foreign_files_are_not_replaced() {
    let context = TestContext::new();
    let (path, sha256) = file(&context, &Package::new("3.3.7.5"));
    let args = ["--from", path.to_str().unwrap(), "--sha256", &sha256];
    let mine = context
        .taos_setup_home()
        .join("clients/oss-3.3.7.5-linux-x64/mine");
    std::fs::create_dir_all(&mine).unwrap();
    assert_snapshot!(install(&context, &args).run(), @"
    exit 7
    --- stdout
    --- stderr
    error[would-overwrite]: could not install 3.3.7.5 into [STORE]/clients/oss-3.3.7.5-linux-x64
      it exists and was not created by taos-setup
      next: mv [STORE]/clients/oss-3.3.7.5-linux-x64 [STORE]/clients/oss-3.3.7.5-linux-x64.old
    ");
    assert!(mine.is_dir());
}

#[test]
fn folder_in_place_of_current() {
    let context = TestContext::new();
    let (path, sha256) = file(&context, &Package::new("3.3.7.5"));
    std::fs::create_dir_all(context.taos_setup_home().join("current/mine")).unwrap();
    let args = ["--from", path.to_str().unwrap(), "--sha256", &sha256];
    let run = install(&context, &args).run();
    assert_snapshot!(run, @"
    exit 8
    --- stdout
    --- stderr
    error[file-unwritable]: could not use [STORE]/current
      it is not a symbolic link, so taos-setup did not make it
      next: mv [STORE]/current [STORE]/current.old
    ");
    assert!(!context.taos_setup_home().join("clients").exists());
    assert!(context.taos_setup_home().join("current/mine").is_dir());
}

#[test]
fn installs_at_the_same_time_wait() {
    let context = TestContext::new();
    let (path, sha256) = file(&context, &Package::new("3.3.7.5"));
    let args = [
        "--from",
        path.to_str().unwrap(),
        "--sha256",
        &sha256,
        "--json",
    ];
    let children: Vec<_> = (0..6)
        .map(|_| {
            let mut command = install(&context, &args).into_command();
            command
                .stdout(Stdio::piped())
                .stderr(Stdio::null())
                .spawn()
                .unwrap()
        })
        .collect();
    let installed = children
        .into_iter()
        .map(|child| serde_json::from_slice(&child.wait_with_output().unwrap().stdout).unwrap())
        .filter(|document: &serde_json::Value| {
            assert_eq!(document["ok"], true, "{document}");
            document["data"]["installed"] == true
        })
        .count();
    assert_eq!(installed, 1);
    let names: Vec<_> = std::fs::read_dir(context.taos_setup_home().join("clients"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(names, ["oss-3.3.7.5-linux-x64"]);
}

#[test]
fn killed_half_way_it_is_as_if_nothing_had_been() {
    let context = TestContext::new();
    let mirror = mirror([Package::new("3.3.7.5")]);
    let sha256 = digest(&mirror, "3.3.7.5");
    mirror.set_faults(MirrorFaults::Stall(200_000)).unwrap();
    let args = ["3.3.7.5", "--mirror", &mirror.url(), "--sha256", &sha256];
    let mut child = install(&context, &args)
        .into_command()
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    wait_until_unpacking(&context, &mirror);
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(
        context.program(["list", "--json"]).run().json()["data"]["clients"],
        serde_json::json!([])
    );
    mirror.set_faults(MirrorFaults::None).unwrap();
    assert_eq!(install(&context, &args).run().exit, Some(0));
    assert_eq!(
        std::fs::read_dir(context.taos_setup_home().join("clients"))
            .unwrap()
            .count(),
        1
    );
}
