//! Installing what a mirror at an address has, with the index of every usual server and without one.

use crate::support::client_package::{digest, install, mirror};
use crate::support::matching_server::{install_match, served};
use crate::support::program::TestContext;
use insta::assert_snapshot;
use taos_sandbox::driver;
use taos_sandbox::mirror::{
    Mirror, MirrorFaults, MirrorIndex, MirrorOptions, Package, file_name, url_path,
};

const INDEXES: [MirrorIndex; 7] = [
    MirrorIndex::Nginx,
    MirrorIndex::Apache,
    MirrorIndex::Python,
    MirrorIndex::Nexus,
    MirrorIndex::Artifactory,
    MirrorIndex::Checksums,
    MirrorIndex::Json,
];

/// A mirror with `index` that has `versions`, each where `place` puts it.
fn indexed(index: MirrorIndex, versions: &[&str], place: &dyn Fn(&Package) -> String) -> Mirror {
    let options = MirrorOptions {
        packages: versions
            .iter()
            .map(|version| Package::new(version))
            .collect(),
        driver: driver::built().unwrap().to_path_buf(),
        faults: MirrorFaults::None,
    };
    Mirror::start_indexed(options, index, place).unwrap()
}

fn flat(package: &Package) -> String {
    format!("/{}", file_name(package))
}

/// `install ARGS… --mirror MIRROR` installs `version`.
fn installs(mirror: &Mirror, args: &[&str], version: &str, what: &str) {
    let context = TestContext::new();
    let (url, sha256) = (mirror.url(), digest(mirror, version));
    let mut words = args.to_vec();
    words.extend(["--mirror", &url, "--sha256", &sha256, "--json"]);
    let run = install(&context, &words).run();
    assert_eq!(run.exit, Some(0), "{what}: {run}");
    assert_eq!(
        run.json()["data"]["client"]["version"],
        version,
        "{what}: {run}"
    );
}

#[test]
fn index_of_every_server_is_read() {
    let versions = ["3.2.2.2", "3.2.2.1", "3.3.7.5", "3.0.7.1"];
    for index in INDEXES {
        let what = format!("{index:?}");
        let mirror = indexed(index, &versions, &url_path);
        installs(&mirror, &["3.2"], "3.2.2.2", &what);
        installs(&mirror, &["latest"], "3.3.7.5", &what);
        let mirror = indexed(index, &versions, &flat);
        installs(&mirror, &["3.2.2"], "3.2.2.2", &what);
    }
}

#[test]
fn index_finds_file_in_unexpected_place() {
    let misplaced =
        |package: &Package| format!("/tdengine-tsdb-oss/3.3.7.0/{}", file_name(package));
    for index in INDEXES {
        let mirror = indexed(index, &["3.3.7.5"], &misplaced);
        installs(&mirror, &["3.3.7.5"], "3.3.7.5", &format!("{index:?}"));
    }
}

#[test]
fn without_index_versions_and_places_are_tried() {
    let mirror = mirror([Package::new("3.2.2.2"), Package::new("3.3.7.5")]);
    installs(&mirror, &["3.2.2"], "3.2.2.2", "unlisted");
    installs(&mirror, &["3.3"], "3.3.7.5", "listed");
    // The other layout's directory.
    let other = |package: &Package| format!("/assets-download/3.0/{}", file_name(package));
    let mirror = indexed(MirrorIndex::None, &["3.3.7.5"], &other);
    installs(&mirror, &["3.3.7.5"], "3.3.7.5", "other layout");
}

#[test]
fn nothing_fits() {
    let context = TestContext::new();
    let mirror = mirror([Package::new("3.3.7.5")]);
    let url = mirror.url();
    let run = install(&context, &["3.9", "--mirror", &url])
        .showing(&url, "MIRROR")
        .run();
    assert_snapshot!(run, @"
    exit 3
    --- stdout
    --- stderr
    error[nothing-published]: could not choose a client for version 3.9
      [MIRROR] has no oss client 3.9 for linux-x64
      next: taos-setup list --available --mirror [MIRROR]    # lists what the mirror has
    ");
}

#[test]
fn match_takes_exact_parts_first() {
    for index in [MirrorIndex::None, MirrorIndex::Nginx] {
        let (served, _) = served("3.2.2.2", &[]);
        let mirror = indexed(index, &["3.2.2.0", "3.2.2.2", "3.2.2.3"], &url_path);
        let run = install_match(&served, &mirror, "3.2.2.2", &["--json"]).run();
        let data = &run.json()["data"];
        assert_eq!(data["client"]["version"], "3.2.2.2", "{run}");
    }
}

#[test]
fn match_falls_back_to_newest_that_mirror_has() {
    for index in [MirrorIndex::None, MirrorIndex::Nginx] {
        let (served, _) = served("3.2.2.7", &[]);
        let mirror = indexed(index, &["3.2.2.0", "3.2.2.5", "3.2.2.9"], &url_path);
        let run = install_match(&served, &mirror, "3.2.2.5", &["--json"]).run();
        let data = &run.json()["data"];
        assert_eq!(data["client"]["version"], "3.2.2.5", "{run}");
        assert_eq!(
            data["match"]["why"]
                .as_str()
                .unwrap()
                .split_once(": ")
                .unwrap()
                .1,
            "client 3.2.2.5 is the newest of 3.2.2 that is not newer than the server"
        );
    }
}

#[test]
fn mirror_that_is_down_is_reported_by_the_download() {
    let context = TestContext::new();
    let mirror = mirror([Package::new("3.3.7.5")]);
    mirror.set_faults(MirrorFaults::Down).unwrap();
    let url = mirror.url();
    let run = install(&context, &["3.3.7", "--mirror", &url, "--json"])
        .env("TAOS_SETUP_RETRIES", "0")
        .run();
    assert_eq!(run.exit, Some(5), "{run}");
    assert_eq!(run.json()["error"]["id"], "download-failed", "{run}");
}
