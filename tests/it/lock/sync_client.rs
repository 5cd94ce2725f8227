//! `taos-setup sync`: the client of this machine.
#![cfg(all(target_os = "linux", target_arch = "x86_64"))]

use super::{read, write};
use crate::support::client_package::{file, install};
use crate::support::program::{Program, TestContext};
use insta::assert_snapshot;
use taos_sandbox::mirror::Package;

const SETUP: &str =
    "[client]\nversion = \"3.3.7.5\"\nplatforms = [\"linux-x64\"]\nparts = \"runtime\"\n";

const PACKAGE: &str = "tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz";

/// A context with a mirror that is its working directory, and the digest of its package.
fn with_mirror() -> (TestContext, String) {
    let context = TestContext::new();
    let (_, sha256) = file(&context, &Package::new("3.3.7.5"));
    write(&context, &[("taos-setup.toml", SETUP)]);
    (context, sha256)
}

fn program<'a>(context: &'a TestContext, sha256: &str, args: &[&str]) -> Program<'a> {
    let program = context.program(args).env("TAOS_SETUP_NO_PROGRESS", "1");
    program
        .showing(sha256, "SHA256")
        .showing(&sha256[..12], "SHA")
}

#[test]
fn locked_client_is_installed() {
    let (context, sha256) = with_mirror();
    let size = std::fs::metadata(context.work().join(PACKAGE))
        .unwrap()
        .len();
    let run = |args: &[&str]| program(&context, &sha256, args).showing(size, "SIZE").run();
    // Nothing vouches for the package of a mirror.
    assert_snapshot!(run(&["lock", "--mirror", "."]), @"
    exit 4
    --- stdout
    --- stderr
    error[digest-unknown]: could not lock ./tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
      no known digest for this package; its SHA-256 is [SHA256] ([SIZE] bytes)
      next: taos-setup lock --mirror . --sha256 [SHA256]    # if it is the published digest
      next: taos-setup lock --mirror . --trust-on-first-use
    ");
    assert_snapshot!(run(&["lock", "--mirror", ".", "--sha256", &sha256]), @"
    exit 0
    --- stdout
    + client for linux-x64: 3.3.7.5 (oss)
    ok created taos-setup.lock
    --- stderr
    ");
    let lock = read(&context, "taos-setup.lock");
    assert!(lock.contains("known = \"given\""), "{lock}");
    assert!(lock.contains(&format!("sha256 = \"{sha256}\"")), "{lock}");
    assert_snapshot!(run(&["sync", "--locked", "--check"]), @"
    exit 7
    --- stdout
    would install client 3.3.7.5 (oss, linux-x64)
    --- stderr
    note: this machine differs from taos-setup.lock
    next: taos-setup sync
    ");
    assert_snapshot!(run(&["sync", "--locked", "--mirror", "."]), @"
    exit 0
    --- stdout
    installed client 3.3.7.5 (oss, linux-x64)
    ok the client and the projects match taos-setup.lock
    --- stderr
    ");
    let nothing = run(&["sync", "--locked", "--offline", "--json"]);
    assert_eq!(nothing.exit, Some(0), "{nothing}");
    assert!(nothing.stdout.contains("\"state\": \"ready\""), "{nothing}");
    let receipt = context
        .taos_setup_home()
        .join("clients/oss-3.3.7.5-linux-x64/receipt.toml");
    let receipt = std::fs::read_to_string(receipt).unwrap();
    assert!(receipt.contains("verified = \"lock-file\""), "{receipt}");
    assert!(receipt.contains("parts = \"runtime\""), "{receipt}");

    // Another client that is current does not matter in this directory.
    let (path, other) = file(&context, &Package::new("3.3.6.13"));
    let args = ["--from", path.to_str().unwrap(), "--sha256", &other];
    assert_eq!(install(&context, &args).run().exit, Some(0));
    let env = run(&["env"]);
    assert!(env.stdout.contains("oss-3.3.7.5-linux-x64"), "{env}");
    assert_snapshot!(run(&["sync", "--check"]), @"
    exit 7
    --- stdout
    would make client 3.3.7.5 (oss, linux-x64) the current one
    --- stderr
    note: this machine differs from taos-setup.lock
    next: taos-setup sync
    ");
    assert_snapshot!(run(&["sync"]), @"
    exit 0
    --- stdout
    made client 3.3.7.5 (oss, linux-x64) the current one
    ok the client and the projects match taos-setup.lock
    --- stderr
    ");
}

#[test]
fn changed_package_is_refused() {
    let (context, sha256) = with_mirror();
    let run = |args: &[&str]| program(&context, &sha256, args).run();
    let locked = run(&["lock", "--mirror", ".", "--trust-on-first-use"]);
    assert_eq!(locked.exit, Some(0), "{locked}");
    let other = Package::new("3.3.7.5").with_flaw(taos_sandbox::mirror::Flaw::WrongTopFolder);
    let (_, changed) = file(&context, &other);
    assert_ne!(changed, sha256);
    let run = program(&context, &sha256, &["sync", "--locked", "--mirror", "."])
        .showing(&changed, "CHANGED")
        .run();
    assert_snapshot!(run, @"
    exit 4
    --- stdout
    --- stderr
    error[digest-mismatch]: could not install ./tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
      its SHA-256 is [CHANGED], and taos-setup.lock has [SHA256]
      next: use a source that you trust; these bytes are not the locked package
      next: taos-setup lock --upgrade client    # if the vendor replaced the package
    ");
    assert!(context.work().join(PACKAGE).exists());
    assert!(
        !context
            .taos_setup_home()
            .join("clients/oss-3.3.7.5-linux-x64")
            .exists()
    );
}

#[test]
fn platform_that_is_not_locked_is_named() {
    let setup = "[client]\nversion = \"3.4.1.0\"\nplatforms = [\"windows-x64\"]\n";
    let context = super::context(&[("taos-setup.toml", setup)]);
    assert_eq!(context.program(["lock", "--offline"]).run().exit, Some(0));
    assert_snapshot!(context.program(["sync", "--locked"]).run(), @"
    exit 7
    --- stdout
    --- stderr
    error[platform-not-locked]: could not choose the locked client
      taos-setup.lock has no client for linux-x64
      next: taos-setup lock --platform linux-x64
    ");
    assert_snapshot!(context.program(["sync"]).run(), @"
    exit 7
    --- stdout
    --- stderr
    error[platform-not-locked]: could not choose the locked client
      taos-setup.lock has no client for linux-x64
      next: taos-setup lock --platform linux-x64
    ");
}
