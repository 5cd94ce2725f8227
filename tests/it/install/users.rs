//! Who installs, and from where: odd umasks and homes, a store that another user filled, a session that ends.
#![cfg(unix)]

use crate::support::client_package::{file, install};
#[cfg(target_os = "linux")]
use crate::support::download_source::{Case, SOME, Server, Step};
use crate::support::program::TestContext;
use insta::assert_snapshot;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use taos_sandbox::mirror::Package;

/// `command` under a shell that first runs `prelude`.
fn after(prelude: &str, command: &Command) -> Command {
    let mut shell = Command::new("sh");
    shell
        .args(["-c", &format!("{prelude}; exec \"$@\""), "sh"])
        .arg(command.get_program())
        .args(command.get_args())
        .env_clear()
        .envs(
            command
                .get_envs()
                .filter_map(|(name, value)| Some((name, value?))),
        )
        .stdin(Stdio::null());
    if let Some(folder) = command.get_current_dir() {
        shell.current_dir(folder);
    }
    shell
}

/// Every file and folder below `folder` and itself, but links, with its mode.
fn modes(folder: &Path) -> Vec<(PathBuf, u32)> {
    let mut found = Vec::new();
    let mut next = vec![folder.to_path_buf()];
    while let Some(path) = next.pop() {
        let metadata = std::fs::symlink_metadata(&path).unwrap();
        if metadata.is_symlink() {
            continue;
        }
        if metadata.is_dir() {
            next.extend(
                std::fs::read_dir(&path)
                    .unwrap()
                    .map(|entry| entry.unwrap().path()),
            );
        }
        found.push((path, metadata.permissions().mode() & 0o7777));
    }
    found
}

/// The driver in the package loads its own parts, whatever lies on the user's search path.
#[cfg(target_os = "linux")]
#[test]
fn another_library_on_the_search_path() {
    use taos_sandbox::mirror::{LibraryRole, stamp};
    let context = TestContext::new();
    let elsewhere = context.work().join("elsewhere");
    std::fs::create_dir(&elsewhere).unwrap();
    let driver = std::fs::read(taos_sandbox::driver::built().unwrap()).unwrap();
    for (name, role) in [
        ("libtaos.so", LibraryRole::Thin),
        ("libtaosnative.so", LibraryRole::Native),
    ] {
        let library = stamp(&driver, "9.9.9.9", role).unwrap();
        std::fs::write(elsewhere.join(name), library).unwrap();
    }
    let (path, sha256) = file(&context, &Package::new("3.3.7.5"));
    let args = ["--from", path.to_str().unwrap(), "--sha256", &sha256];
    let run = install(&context, &args)
        .env("LD_LIBRARY_PATH", &elsewhere)
        .run();
    assert_eq!(run.exit, Some(0), "{run}");
    assert!(!run.stderr.contains("was not asked"), "{run}");
}

#[test]
fn whatever_the_umask_nobody_else_may_write() {
    for (umask, taken) in [("000", 0o022), ("002", 0o022), ("077", 0o077)] {
        let context = TestContext::new();
        let (path, sha256) = file(&context, &Package::new("3.3.7.5"));
        let args = ["--from", path.to_str().unwrap(), "--sha256", &sha256];
        let command = install(&context, &args).into_command();
        let output = after(&format!("umask {umask}"), &command).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        let modes = modes(&context.taos_setup_home());
        assert!(modes.len() > 20, "{modes:?}");
        for (path, mode) in modes {
            assert_eq!(
                mode & taken,
                0,
                "umask {umask}: {} {mode:o}",
                path.display()
            );
        }
    }
}

#[test]
fn relative_home_holds_in_every_folder() {
    let context = TestContext::new();
    let (path, sha256) = file(&context, &Package::new("3.3.7.5"));
    let args = ["--from", path.to_str().unwrap(), "--sha256", &sha256];
    let run = install(&context, &args)
        .env("TAOS_SETUP_HOME", "")
        .env("HOME", "me")
        .run();
    assert_eq!(run.exit, Some(0), "{run}");
    let run = context
        .program(["run", "--", "sh", "-c", "cd / && taos"])
        .env("TAOS_SETUP_HOME", "")
        .env("HOME", "me")
        .run();
    assert_snapshot!(run, @"
    exit 0
    --- stdout
    taos 3.3.7.5 of the taos-setup sandbox: a stand-in, not a TDengine client
    LD_LIBRARY_PATH=[ROOT]/work/me/.local/share/taos-setup/clients/oss-3.3.7.5-linux-x64/lib
    TAOS_CONFIG_DIR=[ROOT]/work/me/.local/share/taos-setup/clients/oss-3.3.7.5-linux-x64/etc
    TAOS_LOG_DIR=[ROOT]/work/me/.local/state/taos-setup/log
    --- stderr
    ");
}

#[test]
fn dangling_link_in_place_of_store() {
    let context = TestContext::new();
    let (path, sha256) = file(&context, &Package::new("3.3.7.5"));
    std::os::unix::fs::symlink("gone", context.taos_setup_home()).unwrap();
    let args = ["--from", path.to_str().unwrap(), "--sha256", &sha256];
    assert_snapshot!(install(&context, &args).run(), @"
    exit 8
    --- stdout
    --- stderr
    error[file-unwritable]: could not write [STORE]
      a part of the path is not a directory
      next: check the directory's owner, mode, and free space, or set TAOS_SETUP_HOME to another directory
    ");
}

/// A store in a container image or under /opt: its log folder belongs to who installed it. Root may write anywhere, so a link
/// that leads to itself stands in for a folder that one may not write.
#[test]
fn store_that_another_user_filled() {
    let context = TestContext::new();
    let (path, sha256) = file(&context, &Package::new("3.3.7.5"));
    let args = ["--from", path.to_str().unwrap(), "--sha256", &sha256];
    assert_eq!(install(&context, &args).run().exit, Some(0));
    let log = context.taos_setup_home().join("log");
    std::fs::remove_dir(&log).unwrap();
    std::os::unix::fs::symlink("log", &log).unwrap();
    assert_snapshot!(context.program(["run", "--", "sh", "-c", "taos; touch \"$TAOS_LOG_DIR/file\""]).run(), @"
    exit 0
    --- stdout
    taos 3.3.7.5 of the taos-setup sandbox: a stand-in, not a TDengine client
    LD_LIBRARY_PATH=[STORE]/clients/oss-3.3.7.5-linux-x64/lib
    TAOS_CONFIG_DIR=[STORE]/clients/oss-3.3.7.5-linux-x64/etc
    TAOS_LOG_DIR=[ROOT]/home/.local/state/taos-setup/log
    --- stderr
    ");
    // A user without a home, as containers have them, logs into a temporary folder of their own.
    let run = |name: &str| {
        let script = "echo \"${TAOS_LOG_DIR%-*}\"; touch \"$TAOS_LOG_DIR/file\"";
        context
            .program(["run", "--", "sh", "-c", script])
            .env("HOME", &log)
            .env("TMPDIR", context.root().join(name))
            .run()
    };
    assert_snapshot!(run("tmp"), @"
    exit 0
    --- stdout
    [ROOT]/tmp/taos-setup-log
    --- stderr
    ");
    // With no place at all, it is said before the client fails without a word.
    assert_snapshot!(run("gone"), @"
    exit 8
    --- stdout
    --- stderr
    error[file-unwritable]: could not write to the log directory [STORE]/log
      a file has this name
      next: fix the directory's permissions, or set XDG_STATE_HOME or TAOS_SETUP_HOME to a directory that you own; the client needs a writable log directory
    ");
}

/// Under nohup, the end of a session does not stop it.
#[cfg(target_os = "linux")]
#[test]
fn ignored_hangup_stays_ignored() {
    let case = Case::new();
    let server = Server::start(&case.content, [Step::Stall(SOME)]);
    let mut command = case.install(&server, &[]).into_command();
    command.env("TAOS_SETUP_READ_TIMEOUT", "2");
    let mut child = after("trap '' HUP", &command)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    // It has begun to read, and so to listen, once it unpacks.
    let clients = case.context.taos_setup_home().join("clients");
    while std::fs::read_dir(&clients).is_ok_and(|mut entries| entries.next().is_none())
        || !clients.is_dir()
    {
        assert!(child.try_wait().unwrap().is_none());
        std::thread::yield_now();
    }
    let pid = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(pid, rustix::process::Signal::HUP).unwrap();
    assert!(child.wait().unwrap().success());
}

/// Where files cannot be opened any more that is said, whichever file it was, and the program does not panic.
#[cfg(target_os = "linux")]
#[test]
fn few_descriptors() {
    let context = TestContext::new();
    let (path, sha256) = file(&context, &Package::new("3.3.7.5"));
    let mut ended = Vec::new();
    for limit in 4..14 {
        let command = format!(
            "ulimit -n {limit}; exec \"$0\" install --no-progress --from {} --sha256 {sha256}",
            path.display()
        );
        let run = context
            .start("sh", ["-c", &command, env!("CARGO_BIN_EXE_taos-setup")])
            .run();
        assert!(matches!(run.exit, Some(0 | 1 | 8)), "{limit}: {run}");
        if run.exit == Some(0) {
            break;
        }
        assert!(
            run.stderr.contains("too many files are open: the limit"),
            "{limit}: {run}"
        );
        ended.push(run);
    }
    assert_snapshot!(ended[0], @"
    exit 1
    --- stdout
    --- stderr
    error[unexpected]: could not start
      too many files are open: the limit of this process or machine is too low (ulimit -n)
      next: raise the limit of this shell: ulimit -n 256
    ");
}
