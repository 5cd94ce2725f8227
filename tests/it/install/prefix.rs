//! `install --prefix`: a client in a folder of its own, which can be moved; `env`, `run` and `uninstall` with `--prefix`.
#![cfg(unix)]

use std::path::{Path, PathBuf};
use std::process::Command;

use insta::assert_snapshot;
use taos_sandbox::mirror::{Flaw, Package};

use crate::support::client_package::{file, flawed_file, install, tree};
use crate::support::matching_server::{install_match, served};
use crate::support::program::{Program, TestContext};

fn from<'a>(context: &'a TestContext, package: &(PathBuf, String), args: &[&str]) -> Program<'a> {
    let (path, sha256) = package;
    let mut words = vec!["--from", path.to_str().unwrap(), "--sha256", sha256];
    words.extend(args);
    let size = std::fs::metadata(path).unwrap().len();
    install(context, &words)
        .showing(sha256, "SHA256")
        .showing(format!("{size} bytes"), "SIZE")
}

fn installed(version: &str) -> (TestContext, (PathBuf, String)) {
    let context = TestContext::new();
    let package = file(&context, &Package::new(version));
    let run = from(&context, &package, &["--prefix", "taos"]).run();
    assert_eq!(run.exit, Some(0), "{run}");
    (context, package)
}

/// The names beside the prefix, the packages left out.
fn around(context: &TestContext) -> Vec<String> {
    let entries = std::fs::read_dir(context.work()).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| !name.ends_with(".tar.gz"))
        .collect();
    names.sort();
    names
}

#[test]
fn prefix_next_to_the_store_is_installed() {
    let context = TestContext::new();
    let other = file(&context, &Package::new("3.2.2.0"));
    assert_eq!(from(&context, &other, &[]).run().exit, Some(0));
    let package = file(&context, &Package::new("3.3.7.5"));
    let args = ["--prefix", "opt/taos", "--only", "runtime"];
    assert_snapshot!(from(&context, &package, &[&args[..], &["--dry-run"]].concat()).run(), @"
    exit 0
    --- stdout
    would install client 3.3.7.5 (oss, linux-x64)
      in        [ROOT]/work/opt/taos
      parts     runtime
      from      [ROOT]/work/tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
      size      [SIZE]
      trust     given: sha256 [SHA256]
      checks    the driver is complete and for linux-x64: libtaos.so.3.3.7.5, libtaosnative.so.3.3.7.5, libtaosws.so.3.3.7.5
      glibc     lib/libtaos.so.3.3.7.5 needs 2.34; this machine has [GLIBC]
      version   the driver would be asked for it in a child process
      current   no change: a prefix is separate from the store
    --- stderr
    note: dry run: nothing was downloaded or changed
    ");
    assert_eq!(around(&context), [""; 0], "a dry run makes nothing");
    assert_snapshot!(from(&context, &package, &args).run(), @"
    exit 0
    --- stdout
    ok installed client 3.3.7.5 (oss, linux-x64)
      in        [ROOT]/work/opt/taos
      from      tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
      sha256    [SHA256]
      verified  given
      parts     runtime
    --- stderr
    next: taos-setup run --prefix [ROOT]/work/opt/taos -- COMMAND
          ENV LD_LIBRARY_PATH=[ROOT]/work/opt/taos/lib TAOS_CONFIG_DIR=[ROOT]/work/opt/taos/etc    # in a Dockerfile, after COPY --from
    note: the client logs to /var/log/taos; if its user cannot write there, also set TAOS_LOG_DIR
    ");
    assert_eq!(around(&context), ["opt"]);
    let names: Vec<_> = tree(&context.work().join("opt"))
        .keys()
        .map(|path| path.display().to_string())
        .collect();
    assert_snapshot!(names.join("\n"), @"
    taos
    taos/etc
    taos/etc/taos.cfg
    taos/lib
    taos/lib/libtaos.so
    taos/lib/libtaos.so.1
    taos/lib/libtaos.so.3.3.7.5
    taos/lib/libtaosnative.so
    taos/lib/libtaosnative.so.1
    taos/lib/libtaosnative.so.3.3.7.5
    taos/lib/libtaosws.so
    taos/lib/libtaosws.so.1
    taos/lib/libtaosws.so.3.3.7.5
    taos/receipt.toml
    ");
    let config = std::fs::read_to_string(context.work().join("opt/taos/etc/taos.cfg")).unwrap();
    let set = config.lines().filter(|line| !line.starts_with('#'));
    assert!(
        set.clone().all(|line| !line.contains('/')),
        "no path that holds here alone: {config}"
    );
    let list = context.program(["list", "--json"]).run().json();
    let clients = list["data"]["clients"].as_array().unwrap();
    assert_eq!(clients.len(), 1, "the store knows nothing of it");
    assert_eq!(clients[0]["current"], true);
    assert_snapshot!(from(&context, &package, &args).run().stdout, @"
    ok already installed: client 3.3.7.5 (oss, linux-x64)
      in        [ROOT]/work/opt/taos
      from      tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
      sha256    [SHA256]
      verified  given
      parts     runtime
    ");
}

#[test]
fn moved_it_still_builds_and_runs() {
    let (context, _) = installed("3.3.7.5");
    let moved = context.root().join("elsewhere/here");
    std::fs::create_dir(context.root().join("elsewhere")).unwrap();
    std::fs::rename(context.work().join("taos"), &moved).unwrap();
    let source = context.work().join("version.c");
    std::fs::write(
        &source,
        "#include <stdio.h>\n#include <taos.h>\nconst char *taos_get_client_info(void);\n\
         int main(void) { puts(taos_get_client_info()); return 0; }\n",
    )
    .unwrap();
    let Some(flags) = flags(&moved) else {
        return;
    };
    let program = context.work().join("version");
    let built = Command::new("gcc")
        .arg(&source)
        .arg("-o")
        .arg(&program)
        .args(flags)
        .status();
    let Ok(built) = built else {
        crate::support::skipped::report_or_fail("a prefix in a C build", "gcc is missing");
        return;
    };
    assert!(built.success());
    let prefix = moved.to_str().unwrap();
    let run = context
        .program(["run", "--prefix", prefix, "--", program.to_str().unwrap()])
        .run();
    assert_snapshot!(run, @"
    exit 0
    --- stdout
    3.3.7.5
    --- stderr
    ");
    let env = context.program(["env", "--prefix", prefix]).run();
    let by_env = Command::new("sh")
        .args([
            "-c",
            "eval \"$1\"; exec \"$2\"",
            "sh",
            &env.stdout
                .replace("[ROOT]", context.root().to_str().unwrap())
                .replace("[STORE]", context.taos_setup_home().to_str().unwrap()),
        ])
        .arg(&program)
        .env_remove("LD_LIBRARY_PATH")
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&by_env.stdout), run.stdout);
    // What a Dockerfile sets is enough.
    let bare = Command::new(&program)
        .env("LD_LIBRARY_PATH", moved.join("lib"))
        .env("TAOS_CONFIG_DIR", moved.join("etc"))
        .env("TAOS_LOG_DIR", context.work())
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&bare.stdout), run.stdout);
}

/// What pkg-config says of the client in `prefix`; `None` without pkg-config, which is reported.
fn flags(prefix: &Path) -> Option<Vec<String>> {
    let asked = Command::new("pkg-config")
        .args(["--cflags", "--libs", "taos"])
        .env("PKG_CONFIG_PATH", prefix.join("lib/pkgconfig"))
        .output();
    let Ok(asked) = asked else {
        crate::support::skipped::report_or_fail("a prefix in a C build", "pkg-config is missing");
        return None;
    };
    assert!(asked.status.success(), "{asked:?}");
    let flags = String::from_utf8(asked.stdout).unwrap();
    Some(flags.split_whitespace().map(str::to_owned).collect())
}

#[test]
fn matched_to_a_server() {
    let (served, mirror) = served("3.3.7.5", &["3.3.7.5"]);
    let args = ["--prefix", "taos", "--only", "runtime"];
    let run = install_match(&served, &mirror, "3.3.7.5", &args).run();
    assert_eq!(run.exit, Some(0), "{run}");
    let config = served.context.work().join("taos/etc/taos.cfg");
    let config = std::fs::read_to_string(config).unwrap();
    let set: Vec<&str> = config
        .lines()
        .filter(|line| !line.starts_with('#'))
        .collect();
    assert!(
        set.contains(&"firstEp                   127.0.0.1:6030"),
        "{config}"
    );
}

#[test]
fn again_damaged_and_upgraded() {
    let (context, package) = installed("3.3.7.5");
    let again = || from(&context, &package, &["--prefix", "taos"]).run();
    assert!(again().stdout.starts_with("ok already installed"));
    let config = context.work().join("taos/etc/taos.cfg");
    std::fs::write(&config, "firstEp db:6030\n").unwrap();
    std::fs::remove_file(context.work().join("taos/lib/libtaosws.so.3.3.7.5")).unwrap();
    assert_snapshot!(again().stderr, @"
    note: reinstalling 3.3.7.5: lib/libtaosws.so.3.3.7.5 is missing or changed
    next: taos-setup run --prefix [ROOT]/work/taos -- COMMAND
          ENV LD_LIBRARY_PATH=[ROOT]/work/taos/lib TAOS_CONFIG_DIR=[ROOT]/work/taos/etc    # in a Dockerfile, after COPY --from
    note: the client logs to /var/log/taos; if its user cannot write there, also set TAOS_LOG_DIR
    ");
    let newer = file(&context, &Package::new("3.3.8.8"));
    assert_snapshot!(from(&context, &newer, &["--prefix", "taos"]).run(), @"
    exit 0
    --- stdout
    ok installed client 3.3.8.8 (oss, linux-x64)
      in        [ROOT]/work/taos
      from      tdengine-tsdb-oss-client-3.3.8.8-linux-x64.tar.gz
      sha256    [SHA256]
      verified  given
    --- stderr
    note: replacing client 3.3.7.5 (oss, linux-x64) in [ROOT]/work/taos
    next: taos-setup run --prefix [ROOT]/work/taos -- COMMAND
          ENV LD_LIBRARY_PATH=[ROOT]/work/taos/lib TAOS_CONFIG_DIR=[ROOT]/work/taos/etc    # in a Dockerfile, after COPY --from
    note: the client logs to /var/log/taos; if its user cannot write there, also set TAOS_LOG_DIR
    ");
    assert_eq!(
        std::fs::read_to_string(&config).unwrap(),
        "firstEp db:6030\n",
        "the user's configuration stays"
    );
    assert!(!context.work().join("taos/lib/libtaos.so.3.3.7.5").exists());
    assert_eq!(around(&context), ["taos"], "nothing is left beside it");
}

#[test]
fn folders_that_are_not_ours() {
    let context = TestContext::new();
    let package = file(&context, &Package::new("3.3.7.5"));
    std::fs::create_dir(context.work().join("full")).unwrap();
    std::fs::write(context.work().join("full/note"), "mine").unwrap();
    assert_snapshot!(from(&context, &package, &["--prefix", "full"]).run(), @"
    exit 7
    --- stdout
    --- stderr
    error[would-overwrite]: could not install 3.3.7.5 into [ROOT]/work/full
      it is not empty, and taos-setup did not create it
      next: name another directory with --prefix: a new one, an empty one, or one that --prefix created before
    ");
    let dry = from(&context, &package, &["--prefix", "full", "--dry-run"]).run();
    assert_eq!(dry.exit, Some(7), "{dry}");
    std::fs::write(context.work().join("file"), "mine").unwrap();
    let run = from(&context, &package, &["--prefix", "file"]).run();
    assert_eq!(run.exit, Some(7), "{run}");
    // An empty folder is as good as none.
    std::fs::create_dir(context.work().join("empty")).unwrap();
    let run = from(&context, &package, &["--prefix", "empty"]).run();
    assert_eq!(run.exit, Some(0), "{run}");
    // What the user put beside our files would be lost.
    std::fs::write(context.work().join("empty/lib/mine.so"), "mine").unwrap();
    let newer = file(&context, &Package::new("3.3.8.8"));
    let before = tree(&context.work().join("empty"));
    assert_snapshot!(from(&context, &newer, &["--prefix", "empty"]).run(), @"
    exit 7
    --- stdout
    --- stderr
    error[would-overwrite]: could not install 3.3.8.8 into [ROOT]/work/empty
      it contains lib/mine.so, which taos-setup did not create
      next: name another directory with --prefix: a new one, an empty one, or one that --prefix created before
    ");
    assert_eq!(tree(&context.work().join("empty")), before);
    let home = context.taos_setup_home().join("clients/mine");
    let run = from(&context, &package, &["--prefix", home.to_str().unwrap()]).run();
    assert_snapshot!(run, @"
    exit 2
    --- stdout
    --- stderr
    error[usage]: could not use [STORE]/clients/mine as a prefix
      it overlaps with the store in [STORE]
      next: name a separate directory, such as /opt/taos
    ");
    let run = from(&context, &package, &["--prefix", "/"]).run();
    assert_eq!(run.exit, Some(2), "{run}");
}

#[test]
fn failure_leaves_what_was_there() {
    let (context, _) = installed("3.3.7.5");
    let before = tree(&context.work().join("taos"));
    let flawed = flawed_file(
        &context,
        "3.3.8.8",
        Flaw::MissingLibrary("libtaosws.so".into()),
    );
    let run = from(&context, &flawed, &["--prefix", "taos"]).run();
    assert_eq!(run.exit, Some(4), "{run}");
    assert_eq!(tree(&context.work().join("taos")), before);
    let run = from(&context, &flawed, &["--prefix", "new/folder"]).run();
    assert_eq!(run.exit, Some(4), "{run}");
    assert_eq!(around(&context), ["taos"]);
}

#[test]
#[cfg(debug_assertions)]
fn killed_at_each_step() {
    let (context, old) = installed("3.3.7.5");
    let newer = file(&context, &Package::new("3.3.8.8"));
    let version = |prefix: &str| {
        let env = context.program(["env", "--prefix", prefix, "--json"]).run();
        (env.exit == Some(0)).then(|| env.json()["data"]["version"].to_string())
    };
    let (mut upgraded, mut made) = (0, 0);
    for step in 1.. {
        let fault = format!("kill@{step}");
        let to_new = |prefix: &str, package| {
            from(&context, package, &["--prefix", prefix])
                .env("TAOS_SETUP_TEST_FAULT", &fault)
                .run()
        };
        let upgrade = to_new("taos", &newer);
        let there = version("taos").expect("the old one or the new one");
        upgraded += usize::from(there.contains("3.3.8.8"));
        let first = to_new("fresh", &newer);
        made += usize::from(version("fresh").is_some());
        let run = from(&context, &newer, &["--prefix", "taos"]).run();
        assert_eq!(run.exit, Some(0), "{run}");
        assert!(version("taos").unwrap().contains("3.3.8.8"));
        let run = from(&context, &newer, &["--prefix", "fresh"]).run();
        assert_eq!(run.exit, Some(0), "{run}");
        assert_eq!(around(&context), ["fresh", "taos"], "nothing is left over");
        let run = context.program(["uninstall", "--prefix", "fresh"]).run();
        assert_eq!(run.exit, Some(0), "{run}");
        if upgrade.exit == Some(0) && first.exit == Some(0) {
            assert!(step > 2, "there are steps to be killed at");
            break;
        }
        let run = from(&context, &old, &["--prefix", "taos"]).run();
        assert_eq!(run.exit, Some(0), "{run}");
    }
    assert!(upgraded > 0 && made > 0);
}

#[test]
#[cfg(debug_assertions)]
fn disk_that_fails_at_each_step() {
    let (context, _) = installed("3.3.7.5");
    let newer = file(&context, &Package::new("3.3.8.8"));
    let before = tree(&context.work().join("taos"));
    for step in 1.. {
        for error in ["EIO", "ENOSPC"] {
            let run = from(&context, &newer, &["--prefix", "taos"])
                .env("TAOS_SETUP_TEST_FAULT", format!("{error}@{step}+"))
                .run();
            if run.exit == Some(0) {
                assert!(step > 1, "no step has failed");
                return;
            }
            assert_eq!(run.exit, Some(8), "{run}");
            assert_eq!(tree(&context.work().join("taos")), before, "{error}@{step}");
            assert_eq!(around(&context), ["taos"]);
        }
    }
}

#[test]
fn prefix_is_uninstalled() {
    let (context, _) = installed("3.3.7.5");
    std::fs::write(context.work().join("taos/lib/mine.so"), "mine").unwrap();
    let uninstall = || context.program(["uninstall", "--prefix", "taos"]).run();
    assert_snapshot!(uninstall(), @"
    exit 0
    --- stdout
    ok uninstalled client 3.3.7.5 (oss, linux-x64): 23 files and links
      kept      lib/mine.so (not from the package)
    --- stderr
    note: kept files are in [ROOT]/work/taos
    ");
    assert_eq!(
        tree(&context.work().join("taos")).len(),
        2,
        "lib and mine.so"
    );
    assert_snapshot!(uninstall(), @"
    exit 3
    --- stdout
    --- stderr
    error[nothing-installed]: could not find a client in [ROOT]/work/taos
      taos-setup has not installed a client there
      next: taos-setup install VERSION --prefix [ROOT]/work/taos
    ");
    let run = context
        .program(["run", "--prefix", "taos", "--", "true"])
        .run();
    assert_eq!(run.exit, Some(3), "{run}");
    let (context, _) = installed("3.3.7.5");
    let run = context.program(["uninstall", "--prefix", "taos"]).run();
    assert_eq!(run.exit, Some(0), "{run}");
    assert_eq!(around(&context), [""; 0]);
}

/// The shell that it is started from is still in the empty folder whose place the client took.
#[cfg(target_os = "linux")]
#[test]
fn folder_that_one_is_in() {
    let context = TestContext::new();
    let package = file(&context, &Package::new("3.3.7.5"));
    let folder = context.root().join("image");
    std::fs::create_dir(&folder).unwrap();
    let mut command = from(&context, &package, &["--prefix", "."]).into_command();
    let output = command.current_dir(&folder).output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{stderr}");
    assert!(
        stderr.contains("note: the directory of this shell was replaced: cd \"$PWD\"\n"),
        "{stderr}"
    );
    assert!(folder.join("lib/libtaos.so").exists());
}

#[test]
fn client_of_a_prefix_is_listed() {
    let (context, _) = installed("3.3.7.5");
    assert_snapshot!(context.program(["list", "--prefix", "taos"]).run(), @"
    exit 0
    --- stdout
      VERSION  EDITION  PLATFORM   PARTS  VERIFIED  DIRECTORY
      3.3.7.5  oss      linux-x64  all    given     [ROOT]/work/taos
    --- stderr
    ");
    let listed = context
        .program(["list", "--prefix", "taos", "--json"])
        .run()
        .json();
    let client = &listed["data"]["clients"][0];
    assert_eq!(client["version"], "3.3.7.5");
    assert_eq!(client["current"], false);
    assert_eq!(client["sha256"].as_str().map(str::len), Some(64));
    assert!(listed["data"]["system"].is_null());
}

#[test]
fn prefix_without_client_is_reported() {
    let context = TestContext::new();
    std::fs::create_dir(context.work().join("their own")).unwrap();
    std::fs::write(context.work().join("their own/file"), "").unwrap();
    assert_snapshot!(context.program(["list", "--prefix", "their own"]).run(), @"
    exit 0
    --- stdout
    --- stderr
    no client is installed in [ROOT]/work/their own
    next: taos-setup install VERSION --prefix '[ROOT]/work/their own'
    ");
    assert_snapshot!(context.program(["list", "--prefix", "missing", "--available"]).run(), @"
    exit 2
    --- stdout
    --- stderr
    error: the argument '--prefix <DIR>' cannot be used with '--available'

    Usage: taos-setup list --prefix <DIR>

    For more information, try '--help'.
    ");
    assert_snapshot!(context.program(["list", "--prefix", "/"]).run(), @"
    exit 2
    --- stdout
    --- stderr
    error[usage]: could not use / as a prefix
      it is not the name of a directory
      next: name a separate directory, such as /opt/taos
    ");
    std::fs::write(context.work().join("their own/receipt.toml"), "schema = [").unwrap();
    assert_snapshot!(context.program(["list", "--prefix", "their own", "--json"]).run(), @r#"
    exit 8
    --- stdout
    {
      "schema": 1,
      "command": "list",
      "ok": false,
      "data": null,
      "findings": [],
      "error": {
        "id": "file-unparsable",
        "exit": 8,
        "tried": "read [ROOT]/work/their own/receipt.toml",
        "observed": "unclosed array, expected `]`",
        "next": "remove that directory, then run: taos-setup install VERSION"
      }
    }
    --- stderr
    "#);
}
