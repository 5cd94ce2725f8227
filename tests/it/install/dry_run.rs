//! `install --dry-run` reports the plan and writes nothing.

use insta::assert_snapshot;
use taos_sandbox::mirror::Package;

use crate::support::client_package::{digest, file, install, mirror, tree};
use crate::support::matching_server::{install_match, served};
use crate::support::program::TestContext;

#[test]
fn from_a_mirror_with_a_server_to_match() {
    let (served, mirror) = served("3.3.7.5", &["3.3.7.5"]);
    let run = install_match(&served, &mirror, "3.3.7.5", &["--dry-run"]).run();
    assert_snapshot!(run, @"
    exit 0
    --- stdout
    would install client 3.3.7.5 (oss, linux-x64)
      in        [STORE]/clients/oss-3.3.7.5-linux-x64
      from      [MIRROR]/tdengine-tsdb-oss/3.3.7.5/tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
      or        [MIRROR]/tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
      or        [MIRROR]/assets-download/3.0/TDengine-client-3.3.7.5-Linux-x64.tar.gz
      or        [MIRROR]/TDengine-client-3.3.7.5-Linux-x64.tar.gz
      trust     given: sha256 [SHA256]
      checks    to come: libtaos.so.3.3.7.5, libtaosnative.so.3.3.7.5, libtaosws.so.3.3.7.5 for linux-x64; the glibc that they need (this machine has [GLIBC]); the version that the driver reports
      firstEp   127.0.0.1:6030
      current   would become the current client
    --- stderr
    note: no password given: trying the default root/taosdata once; set TAOS_USER and TAOS_PASSWORD for another
    note: 127.0.0.1:[ADAPTER] is TDengine 3.3.7.5 oss: client 3.3.7.5 has the same four parts
    note: dry run: nothing was downloaded or changed
    ");
    // It is only asked whether it has the file.
    let file = "tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz";
    assert_eq!(
        mirror.requests(),
        [format!("/tdengine-tsdb-oss/3.3.7.5/{file}")]
    );
    assert!(!served.context.taos_setup_home().exists());
    let run = install_match(&served, &mirror, "3.3.7.5", &["--dry-run", "--json"]).run();
    let data = run.json()["data"].take();
    assert_eq!(data["action"], "install", "{run}");
    assert_eq!(data["trust"]["kind"], "given");
    assert_eq!(data["current"]["then"], "oss-3.3.7.5-linux-x64");
    assert_eq!(data["match"]["edition"], "oss");
}

#[test]
fn unknown_digest_is_reported() {
    let context = TestContext::new();
    let mirror = mirror([Package::new("3.3.7.5")]);
    let run = install(&context, &["3.3.7", "--mirror", &mirror.url(), "--dry-run"])
        .showing(mirror.url(), "MIRROR")
        .run();
    assert_snapshot!(run, @"
    exit 0
    --- stdout
    would install client 3.3.7.5 (oss, linux-x64)
      in        [STORE]/clients/oss-3.3.7.5-linux-x64
      from      [MIRROR]/tdengine-tsdb-oss/3.3.7.5/tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
      or        [MIRROR]/tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
      or        [MIRROR]/assets-download/3.0/TDengine-client-3.3.7.5-Linux-x64.tar.gz
      or        [MIRROR]/TDengine-client-3.3.7.5-Linux-x64.tar.gz
      trust     no known digest: the installation would fail and print the digest (exit code 4)
      checks    to come: libtaos.so.3.3.7.5, libtaosnative.so.3.3.7.5, libtaosws.so.3.3.7.5 for linux-x64; the glibc that they need (this machine has [GLIBC]); the version that the driver reports
      current   would become the current client
    --- stderr
    note: client 3.3.7.5 is the newest for 3.3.7 in [MIRROR]
    note: dry run: nothing was downloaded or changed
    ");
    let args = [
        "3.3.7",
        "--mirror",
        &mirror.url(),
        "--dry-run",
        "--require-digest",
    ];
    assert_eq!(install(&context, &args).run().exit, Some(4));
    assert!(!context.taos_setup_home().exists());
}

#[test]
fn present_and_damaged_clients_are_reported() {
    let context = TestContext::new();
    let mirror = mirror([Package::new("3.3.7.5")]);
    let sha256 = digest(&mirror, "3.3.7.5");
    let (path, other) = file(&context, &Package::new("3.3.6.13"));
    let args = ["--from", path.to_str().unwrap(), "--sha256", &other];
    assert_eq!(install(&context, &args).run().exit, Some(0));
    let args = ["3.3.7.5", "--mirror", &mirror.url(), "--sha256", &sha256];
    assert_eq!(install(&context, &args).run().exit, Some(0));
    let before = tree(&context.taos_setup_home());
    let shown = || {
        install(&context, &["3.3.6.13", "--dry-run"])
            .showing(&other, "SHA256")
            .run()
    };
    assert_snapshot!(shown(), @"
    exit 0
    --- stdout
    already installed: client 3.3.6.13 (oss, linux-x64)
      in        [STORE]/clients/oss-3.3.6.13-linux-x64
      trust     given: sha256 [SHA256]
      current   would change from oss-3.3.7.5-linux-x64
    --- stderr
    note: dry run: nothing was downloaded or changed
    ");
    assert_eq!(tree(&context.taos_setup_home()), before);
    let library = context
        .taos_setup_home()
        .join("clients/oss-3.3.6.13-linux-x64/lib/libtaosws.so.3.3.6.13");
    std::fs::remove_file(library).unwrap();
    let size = std::fs::metadata(&path).unwrap().len();
    let args = [
        "--from",
        path.to_str().unwrap(),
        "--trust-on-first-use",
        "--dry-run",
    ];
    let run = install(&context, &args)
        .showing(&other, "SHA256")
        .showing(size, "SIZE")
        .run();
    assert_snapshot!(run, @"
    exit 0
    --- stdout
    would reinstall client 3.3.6.13 (oss, linux-x64): lib/libtaosws.so.3.3.6.13 is missing or changed
      in        [STORE]/clients/oss-3.3.6.13-linux-x64
      from      [ROOT]/work/TDengine-client-3.3.6.13-Linux-x64.tar.gz
      size      [SIZE] bytes
      trust     given: sha256 [SHA256]
      checks    the driver is complete and for linux-x64: libtaos.so.3.3.6.13, libtaosnative.so.3.3.6.13, libtaosws.so.3.3.6.13
      glibc     lib/libtaos.so.3.3.6.13 needs 2.34; this machine has [GLIBC]
      version   the driver would be asked for it in a child process
      current   would change from oss-3.3.7.5-linux-x64
    --- stderr
    note: dry run: nothing was downloaded or changed
    ");
}

#[test]
fn file_that_is_not_there() {
    let context = TestContext::new();
    let args = [
        "--from",
        "TDengine-client-3.3.6.13-Linux-x64.tar.gz",
        "--dry-run",
    ];
    assert_snapshot!(install(&context, &args).run(), @"
    exit 8
    --- stdout
    --- stderr
    error[file-unreadable]: could not read TDengine-client-3.3.6.13-Linux-x64.tar.gz
      no such file or directory
      next: check the path and its permissions
    ");
}

#[test]
#[cfg(all(target_os = "linux", target_env = "gnu", target_arch = "x86_64"))]
fn local_package_is_examined() {
    use crate::install::match_checks::{patched, stack_flags};
    use taos_sandbox::mirror::Flaw;

    let context = TestContext::new();
    let (path, sha256) = patched(&context, "3.3.7.5", |file, bytes| {
        if file == "libtaosws.so" {
            let place = stack_flags(bytes);
            bytes[place] |= 1;
        }
    });
    let path = path.to_str().unwrap();
    let before = tree(context.root());
    let dry = |args: &[&str]| {
        let mut words = vec!["--from", path, "--dry-run"];
        words.extend(args);
        install(&context, &words)
            .showing(&sha256, "SHA256")
            .showing(std::fs::metadata(path).unwrap().len(), "SIZE")
            .run()
    };
    assert_snapshot!(dry(&["--sha256", &sha256]), @"
    exit 0
    --- stdout
    would install client 3.3.7.5 (oss, linux-x64)
      in        [STORE]/clients/oss-3.3.7.5-linux-x64
      from      [ROOT]/work/tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
      size      [SIZE] bytes
      trust     given: sha256 [SHA256]
      checks    the driver is complete and for linux-x64: libtaos.so.3.3.7.5, libtaosnative.so.3.3.7.5, libtaosws.so.3.3.7.5
      glibc     lib/libtaos.so.3.3.7.5 needs 2.34; this machine has [GLIBC]
      stack     lib/libtaosws.so.3.3.7.5 requests an executable stack: the flag would be cleared in the copy
      version   the driver would be asked for it in a child process
      current   would become the current client
    --- stderr
    note: dry run: nothing was downloaded or changed
    ");
    assert_snapshot!(dry(&[]), @"
    exit 0
    --- stdout
    would install client 3.3.7.5 (oss, linux-x64)
      in        [STORE]/clients/oss-3.3.7.5-linux-x64
      from      [ROOT]/work/tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
      size      [SIZE] bytes
      trust     no known digest: the installation would fail and print the digest (exit code 4)
      sha256    [SHA256]
      checks    to come: libtaos.so.3.3.7.5, libtaosnative.so.3.3.7.5, libtaosws.so.3.3.7.5 for linux-x64; the glibc that they need (this machine has [GLIBC]); the version that the driver reports
      current   would become the current client
    --- stderr
    note: dry run: nothing was downloaded or changed
    ");
    let wrong = dry(&["--sha256", &"0".repeat(64)]);
    assert_eq!(wrong.exit, Some(4), "{wrong}");
    assert_eq!(tree(context.root()), before, "nothing stays");
    let args = ["--from", path, "--sha256", &sha256, "--dry-run", "--json"];
    let json = install(&context, &args).run().json();
    assert_eq!(json["data"]["checks"]["state"], "found");
    assert_eq!(
        json["data"]["checks"]["executable_stack"],
        serde_json::json!(["lib/libtaosws.so.3.3.7.5"])
    );
    // A package that would be refused is refused.
    let (path, sha256) = file(
        &context,
        &Package::new("3.3.8.8").with_flaw(Flaw::MissingLibrary("libtaosws.so".into())),
    );
    let args = [
        "--from",
        path.to_str().unwrap(),
        "--sha256",
        &sha256,
        "--dry-run",
    ];
    let run = install(&context, &args).run();
    assert_eq!(run.exit, Some(4), "{run}");
    assert!(run.stderr.contains("package-incomplete"), "{run}");
}

#[test]
fn package_in_cache_is_at_hand() {
    let context = TestContext::new();
    let mirror = mirror([Package::new("3.3.7.5")]);
    let sha256 = digest(&mirror, "3.3.7.5");
    let url = mirror.url();
    let args = ["3.3.7.5", "--mirror", &url, "--sha256", &sha256];
    assert_eq!(install(&context, &args).run().exit, Some(0));
    let asked = mirror.requests().len();
    let other = ["--prefix", "elsewhere", "--dry-run"];
    let run = install(&context, &[&args[..], &other].concat()).run();
    assert!(run.stdout.contains("the driver is complete"), "{run}");
    assert_eq!(mirror.requests().len(), asked, "no request is sent");
}

#[test]
#[cfg(target_os = "linux")]
fn packages_for_other_platforms() {
    use crate::support::platform_packages::{ARM64, install_bytes, macho, macos_files, pkg};

    let context = TestContext::new();
    let dry = |name: &str, bytes: &[u8], args: &[&str]| {
        let args = [args, &["--dry-run"]].concat();
        install_bytes(&context, name, bytes, &args)
            .showing(format!("{} bytes", bytes.len()), "SIZE")
            .run()
    };
    let package = pkg(&macos_files(|name| macho(ARM64, name)));
    let name = "tdengine-tsdb-oss-client-3.3.7.5-macos-arm64.pkg";
    assert_snapshot!(dry(name, &package, &["--platform", "macos-arm64"]), @"
    exit 0
    --- stdout
    would install client 3.3.7.5 (oss, macos-arm64)
      in        [STORE]/clients/oss-3.3.7.5-macos-arm64
      from      tdengine-tsdb-oss-client-3.3.7.5-macos-arm64.pkg
      size      [SIZE]
      trust     given: sha256 [SHA256]
      checks    the driver is complete and for macos-arm64: libtaos.3.3.7.5.dylib, libtaosnative.3.3.7.5.dylib, libtaosws.3.3.7.5.dylib
      version   the driver cannot be asked for it on this machine
      current   no change: no client is current
    --- stderr
    note: dry run: nothing was downloaded or changed
    ");
    let name = "tdengine-tsdb-oss-client-3.3.7.5-windows-x64.exe";
    let args = ["--platform", "windows-x64"];
    assert_snapshot!(dry(name, b"MZ and more", &args).stdout, @"
    would install client 3.3.7.5 (oss, windows-x64)
      in        [STORE]/clients/oss-3.3.7.5-windows-x64
      from      tdengine-tsdb-oss-client-3.3.7.5-windows-x64.exe
      size      [SIZE]
      trust     given: sha256 [SHA256]
      checks    the package is an installer: it would be verified and kept, and the command that runs it printed (exit code 3)
      current   no change: no client is current
    ");
    let mirror = [
        "--mirror",
        "http://127.0.0.1:1",
        "--sha256",
        &"0".repeat(64),
    ];
    let args = ["3.3.7.5", "--platform", "linux-arm64", "--dry-run"];
    let run = install(&context, &[&args[..], &mirror].concat()).run();
    assert_snapshot!(run.stdout, @"
    would install client 3.3.7.5 (oss, linux-arm64)
      in        [STORE]/clients/oss-3.3.7.5-linux-arm64
      from      http://127.0.0.1:1/tdengine-tsdb-oss/3.3.7.5/tdengine-tsdb-oss-client-3.3.7.5-linux-arm64.tar.gz
      or        http://127.0.0.1:1/tdengine-tsdb-oss-client-3.3.7.5-linux-arm64.tar.gz
      or        http://127.0.0.1:1/assets-download/3.0/TDengine-client-3.3.7.5-Linux-arm64.tar.gz
      or        http://127.0.0.1:1/TDengine-client-3.3.7.5-Linux-arm64.tar.gz
      trust     given: sha256 0000000000000000000000000000000000000000000000000000000000000000
      checks    to come: libtaos.so.3.3.7.5, libtaosnative.so.3.3.7.5, libtaosws.so.3.3.7.5 for linux-arm64
      current   no change: no client is current
    ");
}
