//! A package that was installed before is put back from the cache without unpacking it again.
#![cfg(unix)]

use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use crate::support::client_package::tree;
use crate::support::download_source::{Case, Server};
use crate::support::installed::prefix;
use crate::support::program::Run;
use insta::assert_snapshot;

const LIBRARY: &str = "lib/libtaos.so.3.3.7.5";

/// A case whose client was installed from a server and uninstalled again.
fn uninstalled() -> (Case, Server) {
    let case = Case::new();
    let server = Server::start(&case.content, []);
    let run = case.install(&server, &[]).run();
    assert_eq!(run.exit, Some(0), "{run}");
    uninstall(&case);
    (case, server)
}

fn uninstall(case: &Case) {
    let run = case.context.program(["uninstall", "3.3.7.5"]).run();
    assert_eq!(run.exit, Some(0), "{run}");
}

/// Where the cache keeps the package unpacked.
fn kept(case: &Case) -> PathBuf {
    let folder = case.cached().parent().unwrap().to_path_buf();
    folder.join("unpacked-oss-3.3.7.5-linux-x64")
}

fn client(case: &Case) -> PathBuf {
    prefix(&case.context, "3.3.7.5")
}

fn number(path: &Path) -> u64 {
    std::fs::metadata(path).unwrap().ino()
}

/// The client's files, and its receipt without the time.
fn installed(case: &Case) -> Vec<String> {
    let mut files = tree(&client(case));
    files.remove(Path::new("receipt.toml"));
    let receipt = std::fs::read_to_string(client(case).join("receipt.toml")).unwrap();
    let receipt = receipt
        .lines()
        .filter(|line| !line.starts_with("installed_at"));
    let files = files.iter().map(|(path, what)| format!("{path:?} {what}"));
    files.chain(receipt.map(str::to_owned)).collect()
}

/// Installs again and gives what that made.
fn again(case: &Case, server: &Server, more: &[&str]) -> (Run, Vec<String>) {
    let run = case.install(server, more).run();
    assert_eq!(run.exit, Some(0), "{run}");
    (run, installed(case))
}

/// Damages a file and keeps its time, as a failing disk does.
fn damage(path: &Path) {
    let before = std::fs::metadata(path).unwrap().modified().unwrap();
    let mut bytes = std::fs::read(path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(path, bytes).unwrap();
    let file = std::fs::File::options().write(true).open(path).unwrap();
    file.set_modified(before).unwrap();
}

#[test]
fn same_as_at_first_with_same_files() {
    let case = Case::new();
    let server = Server::start(&case.content, []);
    let (_, first) = again(&case, &server, &[]);
    uninstall(&case);
    // What the package itself is now does not matter: it is not read.
    std::fs::remove_file(case.cached()).unwrap();
    let (run, second) = again(&case, &server, &["--offline"]);
    assert_eq!(first, second);
    assert_snapshot!(run, @r#"
    exit 0
    --- stdout
    ok installed client 3.3.7.5 (oss, linux-x64)
      in        [STORE]/clients/oss-3.3.7.5-linux-x64
      from      tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
      sha256    [SHA256]
      verified  given
    --- stderr
    next: taos-setup run -- taos -s "show databases;"
          eval "$(taos-setup env)"
    "#);
    let library = client(&case).join(LIBRARY);
    assert_eq!(
        number(&library),
        number(&kept(&case).join("files").join(LIBRARY))
    );
    // A configuration is the user's to change, and not shared.
    let config = kept(&case).join("files/etc/taos.cfg");
    assert!(number(&client(&case).join("etc/taos.cfg")) != number(&config));
    assert_eq!(std::fs::metadata(config).unwrap().nlink(), 1);
}

#[test]
fn changed_files_are_not_restored() {
    let case = Case::new();
    let server = Server::start(&case.content, []);
    let (_, first) = again(&case, &server, &[]);
    // The store's library and the cache's are one file.
    std::fs::write(client(&case).join(LIBRARY), "mine").unwrap();
    let (run, second) = again(&case, &server, &[]);
    assert_eq!(first, second);
    assert_snapshot!(run, @r#"
    exit 0
    --- stdout
    ok installed client 3.3.7.5 (oss, linux-x64)
      in        [STORE]/clients/oss-3.3.7.5-linux-x64
      from      tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
      sha256    [SHA256]
      verified  given
    --- stderr
    note: reinstalling 3.3.7.5: lib/libtaos.so.3.3.7.5 is missing or changed
    note: the unpacked copy in the cache has changed; unpacking the package again
    next: taos-setup run -- taos -s "show databases;"
          eval "$(taos-setup env)"
    "#);
    assert_eq!(server.heads().len(), 1, "the package was in the cache");
}

#[test]
fn damage_that_shows_in_no_time_is_found_where_all_is_to_be_sure() {
    for option in ["--require-digest", "--repair"] {
        let (case, server) = uninstalled();
        damage(&kept(&case).join("files").join(LIBRARY));
        let (run, _) = again(&case, &server, &[option]);
        assert!(run.stderr.contains("unpacking the package again"), "{run}");
        let run = case.install(&server, &["--repair"]).run();
        assert!(
            run.stderr.contains("is unchanged since the installation"),
            "{run}"
        );
    }
}

#[test]
fn package_of_users_own_is_read_every_time() {
    let (case, _) = uninstalled();
    let path = case
        .context
        .work()
        .join("tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz");
    std::fs::write(&path, &*case.content.bytes).unwrap();
    let args = ["--from", path.to_str().unwrap(), "--sha256", &case.sha256];
    let run = crate::support::client_package::install(&case.context, &args).run();
    assert_eq!(run.exit, Some(0), "{run}");
    let library = kept(&case).join("files").join(LIBRARY);
    assert!(number(&client(&case).join(LIBRARY)) != number(&library));
}

#[test]
fn gc_forgets_it_and_counts_what_becomes_free() {
    let case = Case::new();
    let server = Server::start(&case.content, []);
    let (_, first) = again(&case, &server, &[]);
    let run = case.context.program(["gc", "--json"]).run();
    let kept_bytes =
        |name: &str| std::fs::metadata(kept(&case).join(name)).map_or(0, |it| it.len());
    assert_eq!(kept_bytes("record.toml"), 0, "{run}");
    let bytes = run.json()["data"]["bytes"].as_u64().unwrap();
    let package = case.content.bytes.len() as u64;
    // The libraries stay, as the client's; the record and the package's configuration go.
    assert!((package..package + 20_000).contains(&bytes), "{run}");
    assert_eq!(installed(&case), first);
}

#[test]
fn links_of_a_forged_record() {
    for (path, target) in [
        ("../../escaped", "lib"),
        ("/tmp/escaped", "lib"),
        ("lib/out", "../../../../../escaped"),
        ("lib/out", "/etc"),
    ] {
        let (case, server) = uninstalled();
        let record = kept(&case).join("record.toml");
        let text = std::fs::read_to_string(&record).unwrap();
        let text = text.replace("links = []\n", "");
        let forged = format!("{text}\n[[links]]\npath = {path:?}\ntarget = {target:?}\n");
        std::fs::write(&record, forged).unwrap();
        let (run, _) = again(&case, &server, &[]);
        assert!(
            run.stderr.contains("unpacking the package again"),
            "{path} {run}"
        );
        assert!(std::fs::symlink_metadata(client(&case).join("lib/out")).is_err());
        let names = tree(case.context.root());
        assert!(names.keys().all(|name| !name.ends_with("escaped")));
    }
}

/// Whatever step fails or is the last one, the next run installs all of it.
#[cfg(debug_assertions)]
#[test]
fn at_every_step_killed_failing_or_in_another_file_system() {
    let (case, server) = uninstalled();
    let (_, whole) = again(&case, &server, &[]);
    uninstall(&case);
    // How the run with the fault ended, and whether it copied the library.
    let once = |fault: &str, step: usize| {
        let program = case.install(&server, &[]);
        let fault = format!("{fault}@{step}");
        let ended = program.env("TAOS_SETUP_TEST_FAULT", &fault).run();
        let mut copied = false;
        match ended.exit {
            Some(0) => {
                assert_eq!(installed(&case), whole, "{fault}");
                let library = kept(&case).join("files").join(LIBRARY);
                copied = number(&client(&case).join(LIBRARY)) != number(&library);
            }
            exit => assert!(matches!(exit, None | Some(8)), "{fault} {ended}"),
        }
        let (_, healed) = again(&case, &server, &[]);
        assert_eq!(healed, whole, "{fault}");
        uninstall(&case);
        (ended.exit, copied)
    };
    // Killed at a step that it does not have, it ends well.
    let steps = (1..)
        .find(|step| once("kill", *step) == (Some(0), false))
        .unwrap()
        - 1;
    assert!((10..100).contains(&steps), "{steps}");
    for fault in ["EXDEV", "EIO"] {
        let copied = (1..=steps).filter(|step| once(fault, *step).1);
        assert_eq!(copied.count(), 1, "{fault}");
    }
    assert_eq!(server.heads().len(), 1);
}
