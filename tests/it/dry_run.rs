//! `install --dry-run`: all of it is told, nothing is written.

use insta::assert_snapshot;
use taos_sandbox::mirror::Package;

use crate::install_bench::{digest, file, install, mirror, tree};
use crate::match_bench::{install_match, served};
use crate::program::Bench;

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
      firstEp   127.0.0.1:6030
      current   would be the current client
    --- stderr
    note: no password was given: the default root/taosdata is tried once; TAOS_USER and TAOS_PASSWORD set others
    note: 127.0.0.1:[ADAPTER] is TDengine 3.3.7.5 oss: client 3.3.7.5 has the same four parts
    note: this is a dry run: nothing was downloaded and nothing was written
    ");
    assert_eq!(mirror.requests().len(), 0);
    assert!(!served.bench.taos_setup_home().exists());
    let run = install_match(&served, &mirror, "3.3.7.5", &["--dry-run", "--json"]).run();
    let data = run.json()["data"].take();
    assert_eq!(data["action"], "install", "{run}");
    assert_eq!(data["trust"]["kind"], "given");
    assert_eq!(data["current"]["then"], "oss-3.3.7.5-linux-x64");
    assert_eq!(data["match"]["edition"], "oss");
}

#[test]
fn nothing_would_vouch() {
    let bench = Bench::new();
    let mirror = mirror([Package::new("3.3.7.5")]);
    let run = install(&bench, &["3.3.7", "--mirror", &mirror.url(), "--dry-run"])
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
      trust     nothing vouches for it: it would be refused with its digest (exit 4)
      current   would be the current client
    --- stderr
    note: this is a dry run: nothing was downloaded and nothing was written
    ");
    let args = [
        "3.3.7",
        "--mirror",
        &mirror.url(),
        "--dry-run",
        "--require-digest",
    ];
    assert_eq!(install(&bench, &args).run().exit, Some(4));
    assert!(!bench.taos_setup_home().exists());
}

#[test]
fn what_is_there_and_what_is_damaged() {
    let bench = Bench::new();
    let mirror = mirror([Package::new("3.3.7.5")]);
    let sha256 = digest(&mirror, "3.3.7.5");
    let (path, other) = file(&bench, &Package::new("3.3.6.13"));
    let args = ["--from", path.to_str().unwrap(), "--sha256", &other];
    assert_eq!(install(&bench, &args).run().exit, Some(0));
    let args = ["3.3.7.5", "--mirror", &mirror.url(), "--sha256", &sha256];
    assert_eq!(install(&bench, &args).run().exit, Some(0));
    let before = tree(&bench.taos_setup_home());
    let shown = || {
        install(&bench, &["3.3.6.13", "--dry-run"])
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
    note: this is a dry run: nothing was downloaded and nothing was written
    ");
    assert_eq!(tree(&bench.taos_setup_home()), before);
    let library = bench
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
    let run = install(&bench, &args)
        .showing(&other, "SHA256")
        .showing(size, "SIZE")
        .run();
    assert_snapshot!(run, @"
    exit 0
    --- stdout
    would install again, because lib/libtaosws.so.3.3.6.13 is not as it was: client 3.3.6.13 (oss, linux-x64)
      in        [STORE]/clients/oss-3.3.6.13-linux-x64
      from      [ROOT]/work/TDengine-client-3.3.6.13-Linux-x64.tar.gz
      size      [SIZE] bytes
      trust     given: sha256 [SHA256]
      current   would change from oss-3.3.7.5-linux-x64
    --- stderr
    note: this is a dry run: nothing was downloaded and nothing was written
    ");
}

#[test]
fn a_file_that_is_not_there() {
    let bench = Bench::new();
    let args = [
        "--from",
        "TDengine-client-3.3.6.13-Linux-x64.tar.gz",
        "--dry-run",
    ];
    assert_snapshot!(install(&bench, &args).run(), @"
    exit 8
    --- stdout
    --- stderr
    error[file-unreadable]: could not read TDengine-client-3.3.6.13-Linux-x64.tar.gz
      there is no such file or folder
      next: check the path and its permissions
    ");
}
