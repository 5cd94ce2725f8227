//! What the other commands take from `taos-setup.toml`.

use super::{SETUP, context, read, two_projects, write};
use crate::support::client_package::install;
use crate::support::served::Served;
use insta::assert_snapshot;
use taos_sandbox::server::Options;

#[test]
fn verify_asks_the_named_server_after_taos_host() {
    let (one, other) = ("127.0.0.1:1", "127.0.0.1:2");
    let setup = format!("[server]\nhost = \"{one}\"\n");
    let context = context(&[("taos-setup.toml", &setup), ("below/x", "")]);
    let first = |program: crate::support::program::Program| {
        let mut command = program.into_command();
        command.current_dir(context.work().join("below"));
        let output = command.output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        said.lines().next().unwrap_or_default().to_owned()
    };
    let said = first(context.program(["verify"]));
    assert!(
        said.contains(&format!("verifying {one}, named by ")),
        "{said}"
    );
    assert!(said.ends_with("/work/taos-setup.toml"), "{said}");
    let said = first(context.program(["verify"]).env("TAOS_HOST", other));
    assert!(
        said.contains(&format!("verifying {other}, named by TAOS_HOST")),
        "{said}"
    );
}

#[test]
fn install_takes_version_and_server() {
    let setup = "[client]\nversion = \"3.3.7\"\nparts = \"runtime\"\n";
    let context = context(&[("taos-setup.toml", setup)]);
    let run = install(&context, &["--dry-run", "--offline"]).run();
    assert_snapshot!(run.stderr, @"
    note: client of taos-setup.toml: 3.3.7
    error[package-not-found]: could not find tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz without a network
      the cache does not have it; it is published at https://downloads.taosdata.com/tdengine-tsdb-oss/3.3.7.5/tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz, https://www.taosdata.com/assets-download/3.0/TDengine-client-3.3.7.5-Linux-x64.tar.gz, https://downloads.tdengine.com/tdengine-tsdb-oss/3.3.7.5/tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz, https://www.tdengine.com/assets-download/3.0/TDengine-client-3.3.7.5-Linux-x64.tar.gz
      next: download the file on a machine with a network, put it into [STORE]/downloads, and run this again
    ");
    // The command line decides first.
    let run = install(&context, &["3.4.1.0", "--dry-run", "--offline"]).run();
    assert!(!run.stderr.contains("taos-setup.toml"), "{run}");

    let served = Served::new(Options {
        version: "3.3.7.5".into(),
        ..Options::default()
    });
    let adapter = served.sandbox.adapter();
    let setup = format!("[client]\nmatch = \"{adapter}\"\n");
    write(&served.context, &[("taos-setup.toml", &setup)]);
    let run = install(&served.context, &["--dry-run", "--offline"])
        .showing(adapter.port(), "PORT")
        .run();
    assert_snapshot!(run.stderr, @"
    note: server of taos-setup.toml: 127.0.0.1:[PORT]
    note: no password given: trying the default root/taosdata once; set TAOS_USER and TAOS_PASSWORD for another
    note: 127.0.0.1:[PORT] is TDengine 3.3.7.5 oss: client 3.3.7.5 has the same four parts
    error[package-not-found]: could not find tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz without a network
      the cache does not have it; it is published at https://downloads.taosdata.com/tdengine-tsdb-oss/3.3.7.5/tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz, https://www.taosdata.com/assets-download/3.0/TDengine-client-3.3.7.5-Linux-x64.tar.gz, https://downloads.tdengine.com/tdengine-tsdb-oss/3.3.7.5/tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz, https://www.tdengine.com/assets-download/3.0/TDengine-client-3.3.7.5-Linux-x64.tar.gz
      next: download the file on a machine with a network, put it into [STORE]/downloads, and run this again
    ");
}

/// Of a digest that nobody but the lock knows, `--require-digest` asks how.
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
#[test]
fn install_and_run_take_the_locked_client() {
    use crate::support::client_package::file;
    use taos_sandbox::mirror::Package;

    let setup = "[client]\nversion = \"3.3.7\"\nplatforms = [\"linux-x64\"]\n";
    let context = context(&[("taos-setup.toml", setup), ("below/x", "")]);
    let (path, digest) = file(&context, &Package::new("3.3.7.5"));
    let lock = |words: &[&str]| {
        let words = ["lock", "--mirror", "."].iter().chain(words);
        assert_eq!(context.program(words).run().exit, Some(0));
    };
    lock(&["--trust-on-first-use"]);
    let install = |more: &[&str]| install(&context, &[&["--mirror", "."], more].concat());
    let run = install(&["--require-digest"]).run();
    assert_eq!(run.exit, Some(4), "{run}");
    assert!(run.stderr.contains("[digest-unknown]"), "{run}");
    std::fs::remove_file(context.work().join("taos-setup.lock")).unwrap();
    lock(&["--sha256", &digest]);
    let bytes = std::fs::read(&path).unwrap();
    std::fs::write(&path, [&bytes[..], b"more"].concat()).unwrap();
    let run = install(&[]).run();
    assert_eq!(run.exit, Some(4), "{run}");
    assert!(run.stderr.contains("and taos-setup.lock has"), "{run}");
    std::fs::write(&path, bytes).unwrap();
    let run = install(&["--require-digest", "--json"]).run();
    let client = &run.json()["data"]["client"];
    assert_eq!(client["version"], "3.3.7.5", "{run}");
    assert_eq!(client["verified"], "lock-file", "{run}");

    // Another client becomes the current one, but not in this directory and below it.
    let (path, other) = file(&context, &Package::new("3.3.6.13"));
    let path = path.to_str().unwrap();
    let args = ["install", "--from", path, "--sha256", &other];
    assert_eq!(context.program(args).run().exit, Some(0));
    let loaded = |below: &str| {
        let words = ["run", "--", "sh", "-c", "echo $LD_LIBRARY_PATH"];
        let mut command = context.program(words).into_command();
        let output = command.current_dir(context.work().join(below)).output();
        String::from_utf8(output.unwrap().stdout).unwrap()
    };
    assert!(loaded("below").contains("oss-3.3.7.5-linux-x64"));
    assert!(loaded("..").contains("oss-3.3.6.13-linux-x64"));
}

#[test]
fn init_takes_language_transport_and_server() {
    let context = two_projects();
    assert_snapshot!(context.program(["init", "--dir", "b"]).run(), @"
    exit 0
    --- stdout
    edited    requirements.txt

    Build it:
      cd b
      python3 -m venv .venv
      .venv/bin/python -m pip install -r requirements.txt
    --- stderr
    note: server of taos-setup.toml: 3.3.7.0
    note: taos-ws-py has no musl wheel and no source package, so pip cannot install it on Alpine
    ");
    // A project that is not listed is added, as by cargo new.
    let manifest = "[package]\nname = \"c\"\nversion = \"0.1.0\"\nedition = \"2021\"\n";
    write(&context, &[("c/Cargo.toml", manifest)]);
    let check = context.program(["init", "--dir", "c", "--dry-run"]).run();
    assert_eq!(check.exit, Some(0), "{check}");
    assert_eq!(read(&context, "taos-setup.toml"), SETUP);
    assert_snapshot!(context.program(["init", "--dir", "c"]).run(), @"
    exit 0
    --- stdout
    edited    Cargo.toml

    Build it:
      cd c
      cargo build
    --- stderr
    note: server of taos-setup.toml: 3.3.7.0
    note: taos 0.12.3 does not accept IPv6 addresses over WebSocket, but accepts host names that resolve to one
    note: added c to taos-setup.toml; run `taos-setup lock` to lock its connector
    ");
    let added = "\n[[project]]\ndir = \"c\"\nlang = \"rust\"\ntransport = \"ws\"\n";
    assert_eq!(read(&context, "taos-setup.toml"), format!("{SETUP}{added}"));
}

#[test]
fn env_and_run_need_the_named_client() {
    let context = context(&[("taos-setup.toml", "[client]\nversion = \"3.3.7\"\n")]);
    assert_snapshot!(context.program(["env"]).run(), @"
    exit 3
    --- stdout
    --- stderr
    error[nothing-installed]: could not find an installed client
      no client 3.3.7 is installed in [STORE]
      next: taos-setup install 3.3.7
    ");
    assert_eq!(context.program(["run", "--", "true"]).run().exit, Some(3));
    write(
        &context,
        &[("taos-setup.toml", "[client]\nversoin = \"3.3.7\"\n")],
    );
    assert_snapshot!(context.program(["env"]).run(), @"
    exit 8
    --- stdout
    --- stderr
    error[file-unparsable]: could not read taos-setup.toml
      line 2: unknown key `versoin`; did you mean `version`?
      next: edit taos-setup.toml
    ");
}

/// Root runs in directories of other users, and does not do what they say.
#[cfg(unix)]
#[test]
fn file_of_another_user_is_ignored_or_refused_for_root() {
    if !rustix::process::geteuid().is_root() {
        return;
    }
    let context = two_projects();
    std::os::unix::fs::chown(context.work().join("taos-setup.toml"), Some(1234), None).unwrap();
    assert_snapshot!(context.program(["env"]).run(), @"
    exit 3
    --- stdout
    --- stderr
    note: [ROOT]/work/taos-setup.toml is ignored: it belongs to another user (uid 1234)
    error[nothing-installed]: could not find an installed client
      no client is installed in [STORE]
      next: taos-setup install
    ");
    assert_snapshot!(context.program(["sync", "--locked"]).run(), @"
    exit 8
    --- stdout
    --- stderr
    error[file-unreadable]: could not read [ROOT]/work/taos-setup.toml
      it belongs to another user (uid 1234)
      next: run the command as the owner of [ROOT]/work/taos-setup.toml, or make the file yours
    ");
}
