//! What was downloaded once is not downloaded again, with a network or without.

use crate::support::client_package::{install, mirror};
use crate::support::download_source::{Case, FILE, Server, Step};
use insta::assert_snapshot;
use taos_sandbox::mirror::Package;

/// Installs, and removes the client again.
fn install_and_remove(case: &Case, server: &Server) {
    let run = case.install(server, &[]).run();
    assert_eq!(run.exit, Some(0), "{run}");
    std::fs::remove_dir_all(case.context.taos_setup_home().join("clients")).unwrap();
}

#[test]
fn reinstall_asks_no_server() {
    let case = Case::new();
    let server = Server::start(&case.content, []);
    install_and_remove(&case, &server);
    for more in [&[][..], &["--offline"]] {
        let run = case.install(&server, more).run();
        assert_eq!(run.exit, Some(0), "{run}");
        std::fs::remove_dir_all(case.context.taos_setup_home().join("clients")).unwrap();
    }
    assert_eq!(server.heads().len(), 1);
    assert_eq!(std::fs::read(case.cached()).unwrap(), *case.content.bytes);
}

#[test]
fn damaged_file_of_cache_is_downloaded_again() {
    let case = Case::new();
    let server = Server::start(&case.content, []);
    install_and_remove(&case, &server);
    let mut bytes = case.content.bytes.to_vec();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    let damaged = taos_sandbox::mirror::sha256(&bytes);
    std::fs::write(case.cached(), bytes).unwrap();
    let run = case.install(&server, &[]).showing(damaged, "DAMAGED").run();
    assert_snapshot!(run, @r#"
    exit 0
    --- stdout
    ok installed client 3.3.7.5 (oss, linux-x64)
      in        [STORE]/clients/oss-3.3.7.5-linux-x64
      from      tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
      sha256    [SHA256]
      verified  given
    --- stderr
    note: its SHA-256 is [DAMAGED], and --sha256 gives [SHA256]; downloading it again
    next: taos-setup run -- taos -s "show databases;"
          eval "$(taos-setup env)"
    "#);
    assert_eq!(server.heads().len(), 2);
    assert_eq!(std::fs::read(case.cached()).unwrap(), *case.content.bytes);
}

#[test]
fn unwritable_cache_is_not_needed() {
    let case = Case::new();
    let server = Server::start(&case.content, [Step::Cut(1000)]);
    std::fs::create_dir(case.context.taos_setup_home()).unwrap();
    std::fs::write(case.context.taos_setup_home().join("downloads"), "mine").unwrap();
    let run = case.install(&server, &[]).run();
    assert_eq!(run.exit, Some(0), "{run}");
    // Resuming within a run does not need it either.
    assert_eq!(server.ranges(), ["", "bytes=1000-"]);
}

#[test]
fn offline_names_the_file_and_where_to_put_it() {
    let case = Case::new();
    let server = Server::start(&case.content, []);
    assert_snapshot!(case.install(&server, &["--offline"]).run(), @"
    exit 5
    --- stdout
    --- stderr
    error[package-not-found]: could not find tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz without a network
      the cache does not have it; it is published at [SERVER]/tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
      next: download the file on a machine with a network, put it into [STORE]/downloads, and run this again
    ");
    assert!(server.heads().is_empty());
    let mirror = mirror([Package::new("3.3.7.5")]);
    let run = install(
        &case.context,
        &["3.3.7.5", "--offline", "--mirror", &mirror.url()],
    )
    .showing(mirror.url(), "MIRROR")
    .run();
    assert_snapshot!(run, @"
    exit 5
    --- stdout
    --- stderr
    error[package-not-found]: could not find tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz without a network
      the cache does not have it; it is published at [MIRROR]/tdengine-tsdb-oss/3.3.7.5/tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz, [MIRROR]/tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz, [MIRROR]/assets-download/3.0/TDengine-client-3.3.7.5-Linux-x64.tar.gz, [MIRROR]/TDengine-client-3.3.7.5-Linux-x64.tar.gz
      next: download the file on a machine with a network, put it into [STORE]/downloads, and run this again
    ");
    assert_snapshot!(install(&case.context, &["3.3.7.5", "--offline"]).run(), @"
    exit 5
    --- stdout
    --- stderr
    error[package-not-found]: could not find tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz without a network
      the cache does not have it; it is published at https://downloads.taosdata.com/tdengine-tsdb-oss/3.3.7.5/tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz, https://www.taosdata.com/assets-download/3.0/TDengine-client-3.3.7.5-Linux-x64.tar.gz, https://downloads.tdengine.com/tdengine-tsdb-oss/3.3.7.5/tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz, https://www.tdengine.com/assets-download/3.0/TDengine-client-3.3.7.5-Linux-x64.tar.gz
      next: download the file on a machine with a network, put it into [STORE]/downloads, and run this again
    ");
    assert!(!case.context.taos_setup_home().exists());
    // Put there, it is judged like any other.
    let folder = case.context.taos_setup_home().join("downloads");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join(FILE), &*case.content.bytes).unwrap();
    let run = install(&case.context, &["3.3.7.5", "--offline"])
        .showing(&case.sha256, "SHA256")
        .run();
    assert_eq!(run.exit, Some(4), "{run}");
    let args = ["3.3.7.5", "--offline", "--sha256", &case.sha256];
    let run = install(&case.context, &args).run();
    assert_eq!(run.exit, Some(0), "{run}");
}

#[test]
fn offline_takes_a_folder_and_a_file() {
    let case = Case::new();
    let path = case.context.work().join(FILE);
    std::fs::write(&path, &*case.content.bytes).unwrap();
    for args in [["3.3.7.5", "--mirror", "."], ["3.3.7.5", "--from", FILE]] {
        let mut args = args.to_vec();
        args.extend(["--offline", "--sha256", &case.sha256]);
        let run = install(&case.context, &args).run();
        assert_eq!(run.exit, Some(0), "{run}");
        std::fs::remove_dir_all(case.context.taos_setup_home()).unwrap();
    }
}
