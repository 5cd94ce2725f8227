//! `install --only`: fewer parts, more parts later, never less than what is there.

use std::path::PathBuf;

use insta::assert_snapshot;
use taos_sandbox::mirror::{Flaw, Package};

use crate::support::client_package::{file, flawed_file, install, tree};
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

fn names(context: &TestContext) -> String {
    let tree = tree(
        &context
            .taos_setup_home()
            .join("clients/oss-3.3.7.5-linux-x64"),
    );
    let names: Vec<_> = tree.keys().map(|path| path.display().to_string()).collect();
    names.join("\n")
}

fn parts(context: &TestContext) -> String {
    let list = context.program(["list", "--json"]).run().json();
    let clients = list["data"]["clients"].as_array().unwrap();
    assert_eq!(clients.len(), 1, "one folder a version");
    clients[0]["parts"].as_str().unwrap().to_owned()
}

#[test]
fn runtime_then_rest() {
    let context = TestContext::new();
    let package = file(&context, &Package::new("3.3.7.5"));
    assert_snapshot!(from(&context, &package, &["--only", "runtime"]).run(), @r#"
    exit 0
    --- stdout
    ok installed client 3.3.7.5 (oss, linux-x64)
      in        [STORE]/clients/oss-3.3.7.5-linux-x64
      from      tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
      sha256    [SHA256]
      verified  given
      parts     runtime
    --- stderr
    next: taos-setup run -- taos -s "show databases;"
          eval "$(taos-setup env)"
    "#);
    assert_snapshot!(names(&context), @"
    etc
    etc/taos.cfg
    lib
    lib/libtaos.so
    lib/libtaos.so.1
    lib/libtaos.so.3.3.7.5
    lib/libtaosnative.so
    lib/libtaosnative.so.1
    lib/libtaosnative.so.3.3.7.5
    lib/libtaosws.so
    lib/libtaosws.so.1
    lib/libtaosws.so.3.3.7.5
    receipt.toml
    ");
    assert_snapshot!(context.program(["list"]).run(), @"
    exit 0
    --- stdout
      VERSION  EDITION  PLATFORM   PARTS    VERIFIED  DIRECTORY
    * 3.3.7.5  oss      linux-x64  runtime  given     [STORE]/clients/oss-3.3.7.5-linux-x64
    --- stderr
    ");
    // The driver works: its process reported the version, and a program finds it.
    let run = context
        .program([
            "run",
            "--",
            "sh",
            "-c",
            "test -e ${LD_LIBRARY_PATH%%:*}/libtaosws.so",
        ])
        .run();
    assert_eq!(run.exit, Some(0), "{run}");
    assert_snapshot!(from(&context, &package, &["--only", "dev", "--dry-run"]).run(), @"
    exit 0
    --- stdout
    would extend client 3.3.7.5 (oss, linux-x64) from runtime to dev
      in        [STORE]/clients/oss-3.3.7.5-linux-x64
      parts     dev
      from      [ROOT]/work/tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
      size      [SIZE]
      trust     given: sha256 [SHA256]
      checks    the driver is complete and for linux-x64: libtaos.so.3.3.7.5, libtaosnative.so.3.3.7.5, libtaosws.so.3.3.7.5
      glibc     lib/libtaos.so.3.3.7.5 needs 2.34; this machine has [GLIBC]
      version   the driver would be asked for it in a child process
      current   it is the current client
    --- stderr
    note: dry run: nothing was downloaded or changed
    ");
    assert_snapshot!(from(&context, &package, &["--only", "dev"]).run(), @r#"
    exit 0
    --- stdout
    ok installed client 3.3.7.5 (oss, linux-x64)
      in        [STORE]/clients/oss-3.3.7.5-linux-x64
      from      tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
      sha256    [SHA256]
      verified  given
      parts     dev
    --- stderr
    note: 3.3.7.5 is installed with --only runtime; extending it to dev
    next: taos-setup run -- taos -s "show databases;"
          eval "$(taos-setup env)"
    "#);
    assert_eq!(parts(&context), "dev");
    let dev = names(&context);
    for there in [
        "include/taos.h",
        "lib/pkgconfig/taos.pc",
        "driver",
        "lib/cmake/taos",
    ] {
        assert!(dev.lines().any(|name| name == there), "{there} in {dev}");
    }
    assert!(!dev.contains("bin"), "{dev}");
    let run = from(&context, &package, &[]).run();
    assert_eq!(run.exit, Some(0), "{run}");
    assert_eq!(parts(&context), "all");
    let whole = tree(&context.taos_setup_home().join("clients"));
    let other = TestContext::new();
    let package = file(&other, &Package::new("3.3.7.5"));
    assert_eq!(from(&other, &package, &[]).run().exit, Some(0));
    let fresh = names(&other);
    assert_eq!(
        names(&context),
        fresh,
        "extended is as good as installed at once"
    );
    // A narrower set is there already.
    let package = file(&context, &Package::new("3.3.7.5"));
    let run = from(&context, &package, &["--only", "runtime"]).run();
    assert!(run.stdout.contains("already installed"), "{run}");
    assert_eq!(tree(&context.taos_setup_home().join("clients")), whole);
}

#[test]
fn repair_keeps_the_parts_that_are_there() {
    let context = TestContext::new();
    let package = file(&context, &Package::new("3.3.7.5"));
    let run = from(&context, &package, &["--only", "runtime"]).run();
    assert_eq!(run.exit, Some(0), "{run}");
    let before = names(&context);
    let library = context
        .taos_setup_home()
        .join("clients/oss-3.3.7.5-linux-x64/lib/libtaosws.so.3.3.7.5");
    let mut bytes = std::fs::read(&library).unwrap();
    bytes[100] ^= 1;
    std::fs::write(&library, &bytes).unwrap();
    assert_snapshot!(from(&context, &package, &["--repair"]).run(), @r#"
    exit 0
    --- stdout
    ok installed client 3.3.7.5 (oss, linux-x64)
      in        [STORE]/clients/oss-3.3.7.5-linux-x64
      from      tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
      sha256    [SHA256]
      verified  given
      parts     runtime
    --- stderr
    note: reinstalling 3.3.7.5: lib/libtaosws.so.3.3.7.5 is missing or changed
    next: taos-setup run -- taos -s "show databases;"
          eval "$(taos-setup env)"
    "#);
    assert_eq!(names(&context), before);
    assert_ne!(std::fs::read(&library).unwrap(), bytes);
    assert_snapshot!(from(&context, &package, &["--repair"]).run().stderr, @r#"
    note: every file of 3.3.7.5 is unchanged since the installation
    next: taos-setup run -- taos -s "show databases;"
          eval "$(taos-setup env)"
    "#);
}

#[test]
fn receipt_from_before_there_were_parts() {
    let context = TestContext::new();
    let package = file(&context, &Package::new("3.3.7.5"));
    assert_eq!(from(&context, &package, &[]).run().exit, Some(0));
    let receipt = context
        .taos_setup_home()
        .join("clients/oss-3.3.7.5-linux-x64/receipt.toml");
    let text = std::fs::read_to_string(&receipt).unwrap();
    let old = text.replace("parts = \"all\"\n", "");
    assert_ne!(old, text);
    std::fs::write(&receipt, old).unwrap();
    assert_eq!(parts(&context), "all");
    let run = from(&context, &package, &[]).run();
    assert!(run.stdout.contains("already installed"), "{run}");
}

#[test]
fn fewer_parts_are_checked_as_all_are() {
    let context = TestContext::new();
    let missing = Flaw::MissingLibrary("libtaosws.so".into());
    let package = flawed_file(&context, "3.3.7.5", missing);
    let run = from(&context, &package, &["--only", "runtime"]).run();
    assert_eq!(run.exit, Some(4), "{run}");
    assert!(!context.taos_setup_home().exists());
    let run = install(&context, &["3.3.7.5", "--only", "half"]).run();
    assert_eq!(run.exit, Some(2), "{run}");
}
