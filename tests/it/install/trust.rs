//! How packages are verified.

use crate::support::client_package::{digest, file, install, mirror, tree};
use crate::support::program::TestContext;
use insta::assert_snapshot;
use std::process::Command;
use taos_sandbox::mirror::{Layout, Package, file_name};

#[test]
fn unknown_digest_is_printed_with_working_command() {
    let context = TestContext::new();
    let mirror = mirror([Package::new("3.3.7.5")]);
    let sha256 = digest(&mirror, "3.3.7.5");
    let url = mirror.url() + "/";
    let args = ["3.3.7", "--mirror", &url];
    let run = install(&context, &args).run();
    let size = run
        .stderr
        .split(" (")
        .nth(1)
        .unwrap()
        .split(' ')
        .next()
        .unwrap()
        .to_owned();
    let shown = install(&context, &args)
        .showing(&sha256, "SHA256")
        .showing(mirror.url(), "MIRROR")
        .showing(size, "SIZE")
        .run();
    assert_snapshot!(shown, @"
    exit 4
    --- stdout
    --- stderr
    note: client 3.3.7.5 is the newest for 3.3.7 in [MIRROR]
    error[digest-unknown]: could not install [MIRROR]/tdengine-tsdb-oss/3.3.7.5/tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
      no known digest for this package; its SHA-256 is [SHA256] ([SIZE] bytes)
      next: taos-setup install 3.3.7.5 --mirror [MIRROR]/ --sha256 [SHA256]
    ");
    // The package is kept under its digest, where the printed command finds it.
    assert!(!context.taos_setup_home().join("clients").exists());
    run_printed_command(&context, &args);
}

#[test]
fn printed_command_is_quoted() {
    let context = TestContext::new();
    let (path, _) = file(&context, &Package::new("3.3.7.5"));
    let odd = context.work().join("it's a $(mirror)");
    std::fs::create_dir(&odd).unwrap();
    std::fs::rename(&path, odd.join(path.file_name().unwrap())).unwrap();
    run_printed_command(&context, &["3.3.7.5", "--mirror", "it's a $(mirror)"]);
}

/// Fails first for want of a digest; the command of the error then installs.
fn run_printed_command(context: &TestContext, args: &[&str]) {
    let error = install(context, args).env("LANG", "C").run();
    assert_eq!(error.exit, Some(4), "{error}");
    let next = error.stderr.split("next: ").nth(1).unwrap().trim();
    let words = next.strip_prefix("taos-setup ").unwrap();
    let mut program = context.program([""]).into_command();
    let mut shell = Command::new("sh");
    shell.arg("-c").arg(format!("\"$PROGRAM\" {words}"));
    shell
        .env("PROGRAM", program.get_program())
        .current_dir(context.work());
    for (name, value) in program.get_envs() {
        if let Some(value) = value {
            shell.env(name, value);
        }
    }
    program.stdin(std::process::Stdio::null());
    assert!(shell.output().unwrap().status.success(), "{next}");
    assert!(
        context
            .taos_setup_home()
            .join("current/lib/libtaos.so")
            .exists()
    );
}

#[test]
fn first_use_is_remembered() {
    let context = TestContext::new();
    let mirror = mirror([Package::new("3.3.7.5")]);
    let sha256 = digest(&mirror, "3.3.7.5");
    let args = ["3.3.7.5", "--mirror", &mirror.url()];
    let trusting = ["3.3.7.5", "--mirror", &mirror.url(), "--trust-on-first-use"];
    let run = install(&context, &trusting)
        .showing(&sha256, "SHA256")
        .run();
    assert_snapshot!(run, @r#"
    exit 0
    --- stdout
    ok installed client 3.3.7.5 (oss, linux-x64)
      in        [STORE]/clients/oss-3.3.7.5-linux-x64
      from      tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
      sha256    [SHA256]
      verified  first-use
    --- stderr
    next: taos-setup run -- taos -s "show databases;"
          eval "$(taos-setup env)"
    "#);
    let trust = std::fs::read_to_string(context.taos_setup_home().join("trust.toml")).unwrap();
    assert_snapshot!(trust.replace(&sha256, "[SHA256]"), @r#"
    schema = 1

    [[package]]
    file = "tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz"
    sha256 = "[SHA256]"
    verified = "first-use"
    "#);
    // Without the client, the record verifies this package and no other.
    std::fs::remove_dir_all(context.taos_setup_home().join("clients")).unwrap();
    assert_eq!(install(&context, &args).run().exit, Some(0));
    let client = context
        .taos_setup_home()
        .join("clients/oss-3.3.7.5-linux-x64");
    std::fs::remove_dir_all(client).unwrap();
    let other = Package {
        layout: Layout::Lite,
        ..Package::new("3.3.7.5")
    };
    let (path, forged) = file(&context, &other);
    std::fs::rename(
        path,
        context.work().join(file_name(&Package::new("3.3.7.5"))),
    )
    .unwrap();
    let before = tree(&context.taos_setup_home());
    let run = install(
        &context,
        &["3.3.7.5", "--mirror", ".", "--trust-on-first-use"],
    )
    .showing(&sha256, "SHA256")
    .showing(&forged, "OTHER")
    .run();
    assert_snapshot!(run, @"
    exit 4
    --- stdout
    --- stderr
    error[digest-mismatch]: could not install ./tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
      its SHA-256 is [OTHER], and the first installation recorded [SHA256]
      next: find out why the package changed; if the new one is right, add --sha256 [OTHER]
    ");
    assert_eq!(tree(&context.taos_setup_home()), before);
}

#[test]
fn wrong_digest_is_refused() {
    let context = TestContext::new();
    let mirror = mirror([Package::new("3.3.7.5")]);
    let sha256 = digest(&mirror, "3.3.7.5");
    let (wrong, worse) = ("ab".repeat(32), "cd".repeat(32));
    let args = [
        "3.3.7.5",
        "--mirror",
        &mirror.url(),
        "--sha256",
        &wrong,
        "--sha256",
        &worse,
    ];
    let run = install(&context, &args)
        .showing(&sha256, "SHA256")
        .showing(mirror.url(), "MIRROR")
        .run();
    assert_snapshot!(run, @"
    exit 4
    --- stdout
    --- stderr
    error[digest-mismatch]: could not install [MIRROR]/tdengine-tsdb-oss/3.3.7.5/tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
      its SHA-256 is [SHA256], and --sha256 gives abababababababababababababababababababababababababababababababab, cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd
      next: download it again from a source that you trust; these bytes are not the package
    ");
    assert!(!context.taos_setup_home().exists());
    // One of several is enough: packages have been uploaded again under one name.
    let args = [
        "3.3.7.5",
        "--mirror",
        &mirror.url(),
        "--sha256",
        &wrong,
        "--sha256",
        &sha256.to_uppercase(),
    ];
    assert_eq!(install(&context, &args).run().exit, Some(0));
}

#[test]
fn catalog_digest_is_for_its_package_only() {
    let context = TestContext::new();
    let mirror = mirror([Package::new("3.0.4.2")]);
    let sha256 = digest(&mirror, "3.0.4.2");
    let args = ["3.0.4.2", "--mirror", &mirror.url(), "--trust-on-first-use"];
    let run = install(&context, &args)
        .showing(&sha256, "SHA256")
        .showing(mirror.url(), "MIRROR")
        .run();
    assert_snapshot!(run, @"
    exit 4
    --- stdout
    --- stderr
    error[digest-mismatch]: could not install [MIRROR]/assets-download/3.0/TDengine-client-3.0.4.2-Linux-x64.tar.gz
      its SHA-256 is [SHA256], and the catalog has eeab216e338a17d7c7a5a4fb50d01495000cb5687504dfc64b029edbf937545d
      next: download it again from a source that you trust; these bytes are not the package
    ");
}

#[test]
fn present_client_stays() {
    let context = TestContext::new();
    let mirror = mirror([Package::new("3.3.7.5"), Package::new("3.3.6.13")]);
    for version in ["3.3.7.5", "3.3.6.13"] {
        let sha256 = digest(&mirror, version);
        let args = [version, "--mirror", &mirror.url(), "--sha256", &sha256];
        assert_eq!(install(&context, &args).run().exit, Some(0));
    }
    let asked = mirror.requests().len();
    let sha256 = digest(&mirror, "3.3.7.5");
    let run = install(&context, &["3.3.7.5"])
        .showing(&sha256, "SHA256")
        .run();
    assert_snapshot!(run, @r#"
    exit 0
    --- stdout
    ok already installed: client 3.3.7.5 (oss, linux-x64)
      in        [STORE]/clients/oss-3.3.7.5-linux-x64
      from      tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
      sha256    [SHA256]
      verified  given
    --- stderr
    next: taos-setup run -- taos -s "show databases;"
          eval "$(taos-setup env)"
    "#);
    let current = std::fs::read_link(context.taos_setup_home().join("current")).unwrap();
    assert_eq!(current.to_str(), Some("clients/oss-3.3.7.5-linux-x64"));
    let other = "ab".repeat(32);
    let run = install(&context, &["3.3.7.5", "--sha256", &other])
        .showing(&sha256, "SHA256")
        .run();
    assert_snapshot!(run, @"
    exit 4
    --- stdout
    --- stderr
    error[digest-mismatch]: could not install 3.3.7.5
      it is already installed, from a package whose SHA-256 is [SHA256]
      next: remove [STORE]/clients/oss-3.3.7.5-linux-x64 to install another package
    ");
    assert_eq!(mirror.requests().len(), asked);
}

#[test]
fn trust_file_that_does_not_parse_is_not_passed_over() {
    let context = TestContext::new();
    std::fs::create_dir(context.taos_setup_home()).unwrap();
    std::fs::write(
        context.taos_setup_home().join("trust.toml"),
        "schema = 1\n[[package]\n",
    )
    .unwrap();
    let run = install(
        &context,
        &["3.3.7.5", "--mirror", ".", "--trust-on-first-use"],
    )
    .run();
    assert_snapshot!(run, @"
    exit 8
    --- stdout
    --- stderr
    error[file-unparsable]: could not read [STORE]/trust.toml
      line 2: unclosed array table, expected `]`
      next: fix that line, or remove the file to forget which packages were trusted
    ");
}

#[test]
fn accepted_digest_of_another_package_selects_nothing() {
    let context = TestContext::new();
    let mirror = mirror(["3.2.2.0", "3.3.7.5"].map(Package::new));
    let digests = ["3.2.2.0", "3.3.7.5"].map(|version| digest(&mirror, version));
    // As of a list that holds for many versions: the older package is in the cache when the newer one is asked for.
    for version in ["3.2.2.0", "3.3.7.5"] {
        let base = mirror.url();
        let mut args = vec![version, "--mirror", &base, "--prefix", version];
        for digest in &digests {
            args.extend(["--sha256", digest.as_str()]);
        }
        let run = install(&context, &args).run();
        assert_eq!(run.exit, Some(0), "{run}");
    }
}
