//! Packages that are damaged, incomplete or hostile: exit 4, and the store is as it was.

use crate::support::client_package::{flawed_file, install, tree};
use crate::support::program::{Run, TestContext};
use insta::assert_snapshot;
use taos_sandbox::mirror::Flaw;

/// Installs a package with `flaw` whose digest is known to be the right one. Another client is there already, and stays
/// exactly as it is.
fn install_flawed(version: &str, flaw: Flaw) -> Run {
    let context = TestContext::new();
    let (good, sha256) = flawed_file(&context, "3.2.3.0", Flaw::None);
    let good = good.to_str().unwrap();
    assert_eq!(
        install(&context, &["--from", good, "--sha256", &sha256])
            .run()
            .exit,
        Some(0)
    );
    let before = tree(&context.taos_setup_home());
    let (path, sha256) = flawed_file(&context, version, flaw.clone());
    let path = path.to_str().unwrap();
    let run = install(&context, &["--from", path, "--sha256", &sha256]).run();
    assert_eq!(tree(&context.taos_setup_home()), before);
    assert!(!context.root().join("escaped").exists());
    // Trusting it changes nothing, and neither does an empty store: nothing is left of the attempt.
    let fresh = TestContext::new();
    let (path, _) = flawed_file(&fresh, version, flaw);
    let again = install(
        &fresh,
        &["--from", path.to_str().unwrap(), "--trust-on-first-use"],
    )
    .run();
    assert_eq!((again.exit, &again.stderr), (run.exit, &run.stderr));
    assert!(!fresh.taos_setup_home().exists());
    assert_eq!(run.exit, Some(4), "{run}");
    run
}

#[test]
fn corrupt_package_is_refused() {
    // What the flipped byte breaks depends on the bytes that the compiler gave the stand-in driver.
    let stderr = install_flawed("3.3.7.5", Flaw::Corrupt).stderr;
    insta::with_settings!({filters => vec![("damaged: .+", "damaged: [how]")]}, {
        assert_snapshot!(stderr, @"
        error[archive-corrupt]: could not unpack [ROOT]/work/tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
          the archive is damaged: [how]
          next: get the package again from the vendor or another mirror
        ");
    });
}

#[test]
fn truncated_package_is_refused() {
    assert_snapshot!(install_flawed("3.3.7.5", Flaw::Truncated).stderr, @"
    error[archive-corrupt]: could not unpack [ROOT]/work/tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
      the archive ends too early
      next: get the package again from the vendor or another mirror
    ");
}

#[test]
fn web_page_under_archives_name() {
    assert_snapshot!(install_flawed("3.3.7.5", Flaw::WebPage).stderr, @"
    error[archive-corrupt]: could not unpack [ROOT]/work/tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
      expected a gzip archive, found a web page, possibly a server's answer
      next: get the package again from the vendor or another mirror
    ");
}

#[test]
fn one_of_three_libraries_is_missing() {
    let missing = Flaw::MissingLibrary("libtaosws.so".into());
    assert_snapshot!(install_flawed("3.3.7.5", missing).stderr, @"
    error[package-incomplete]: could not install [ROOT]/work/tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
      missing in its driver directory: libtaosws.so.3.3.7.5
      next: get the package again from the vendor or another mirror; an incomplete driver does not work
    ");
}

#[test]
fn one_library_is_missing() {
    let missing = Flaw::MissingLibrary("libtaos.so".into());
    assert_snapshot!(install_flawed("3.2.2.0", missing).stderr, @"
    error[package-incomplete]: could not install [ROOT]/work/TDengine-client-3.2.2.0-Linux-x64.tar.gz
      missing in its driver directory: libtaos.so.3.2.2.0
      next: get the package again from the vendor or another mirror; an incomplete driver does not work
    ");
}

#[test]
fn missing_inner_archive_is_reported() {
    assert_snapshot!(install_flawed("3.3.7.5", Flaw::NoInnerArchive).stderr, @"
    error[package-incomplete]: could not install [ROOT]/work/tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
      it does not contain package.tar.gz, which has the programs and headers
      next: get the package again from the vendor or another mirror; an incomplete driver does not work
    ");
}

#[test]
fn package_for_another_processor_is_refused() {
    assert_snapshot!(install_flawed("3.3.7.5", Flaw::WrongArchitecture).stderr, @"
    error[package-incomplete]: could not install [ROOT]/work/tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
      driver/libtaos.so.3.3.7.5 is for arm64, and this machine is linux-x64
      next: get the package again from the vendor or another mirror; an incomplete driver does not work
    ");
}

#[test]
fn text_in_place_of_a_library() {
    assert_snapshot!(install_flawed("3.3.7.5", Flaw::NotALibrary).stderr, @"
    error[package-incomplete]: could not install [ROOT]/work/tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
      driver/libtaos.so.3.3.7.5 is not a library, and this machine is linux-x64
      next: get the package again from the vendor or another mirror; an incomplete driver does not work
    ");
}

#[test]
fn name_that_leads_outside() {
    assert_snapshot!(install_flawed("3.3.7.5", Flaw::Traversal).stderr, @"
    error[archive-unsafe]: could not unpack [ROOT]/work/tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
      `tdengine-tsdb-oss-client-3.3.7.5/driver/../../../escaped` leads out of its directory (..)
      next: do not use this file: no genuine package has such an entry
    ");
}

#[test]
fn link_that_leads_outside() {
    assert_snapshot!(install_flawed("3.3.7.5", Flaw::LinkOut).stderr, @"
    error[archive-unsafe]: could not unpack [ROOT]/work/tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
      `tdengine-tsdb-oss-client-3.3.7.5/driver/escape` is a link to an absolute path
      next: do not use this file: no genuine package has such an entry
    ");
}

#[test]
fn package_with_two_top_directories_is_refused() {
    assert_snapshot!(install_flawed("3.3.7.5", Flaw::TwoTopFolders).stderr, @"
    error[archive-unsafe]: could not unpack [ROOT]/work/tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
      `another-folder/readme` is in a second top directory; the first is tdengine-tsdb-oss-client-3.3.7.5
      next: do not use this file: no genuine package has such an entry
    ");
}

#[test]
fn another_version_than_its_name_says() {
    let context = TestContext::new();
    let (path, sha256) = flawed_file(&context, "3.3.7.5", Flaw::None);
    std::fs::rename(path, context.work().join("client.tgz")).unwrap();
    let run = install(
        &context,
        &["3.3.7.4", "--from", "client.tgz", "--sha256", &sha256],
    )
    .run();
    assert_snapshot!(run, @"
    exit 4
    --- stdout
    --- stderr
    error[package-incomplete]: could not install client.tgz
      missing in its driver directory: libtaos.so.3.3.7.4, libtaosnative.so.3.3.7.4, libtaosws.so.3.3.7.4; the driver in it is 3.3.7.5
      next: get the package again from the vendor or another mirror; an incomplete driver does not work
    ");
    assert!(!context.taos_setup_home().exists());
}
