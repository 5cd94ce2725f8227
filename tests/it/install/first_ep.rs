//! A taos.cfg that `--first-ep` changed is the installation's own until the user changes it.

use std::path::PathBuf;

use crate::support::client_package::{digest, install, mirror};
use crate::support::program::{Run, TestContext};
use taos_sandbox::mirror::{Mirror, Package};

struct Case {
    context: TestContext,
    mirror: Mirror,
}

impl Case {
    fn new() -> Self {
        Self {
            context: TestContext::new(),
            mirror: mirror([Package::new("3.3.7.5"), Package::new("3.3.6.13")]),
        }
    }

    fn install(&self, version: &str, more: &[&str]) -> Run {
        let (url, sha256) = (self.mirror.url(), digest(&self.mirror, version));
        let first = [version, "--mirror", &url, "--sha256", &sha256];
        let run = install(&self.context, &[&first, more].concat()).run();
        assert_eq!(run.exit, Some(0), "{run}");
        run
    }

    fn point(&self, version: &str, endpoint: &str) {
        self.install(version, &["--first-ep", endpoint]);
        let text = std::fs::read_to_string(self.config()).unwrap();
        assert!(text.contains(endpoint), "{text}");
    }

    fn uninstall(&self, version: &str) -> Run {
        let run = self.context.program(["uninstall", version]).run();
        assert_eq!(run.exit, Some(0), "{run}");
        run
    }

    fn client(&self) -> PathBuf {
        let clients = self.context.taos_setup_home().join("clients");
        clients.join("oss-3.3.7.5-linux-x64")
    }

    fn config(&self) -> PathBuf {
        self.client().join("etc/taos.cfg")
    }

    /// Adds a line that only a user writes.
    fn edit(&self) {
        let text = std::fs::read_to_string(self.config()).unwrap();
        std::fs::write(self.config(), format!("{text}\ndebugFlag 135\n")).unwrap();
    }

    fn is_kept(&self) -> bool {
        std::fs::read_to_string(self.config()).is_ok_and(|text| text.contains("debugFlag 135"))
    }
}

#[test]
fn goes_with_its_client_and_the_version_comes_back() {
    let case = Case::new();
    case.install("3.3.7.5", &[]);
    case.point("3.3.7.5", "db.example:6030");
    case.uninstall("3.3.7.5");
    assert!(!case.client().exists());
    case.install("3.3.7.5", &[]);
    assert!(case.config().exists());
}

#[test]
fn at_the_first_installation_too() {
    let case = Case::new();
    case.point("3.3.7.5", "db.example:6030");
    case.uninstall("3.3.7.5");
    assert!(!case.client().exists());
    case.point("3.3.7.5", "db.example:6030");
}

#[test]
fn changed_twice_and_with_another_version_between() {
    let case = Case::new();
    case.install("3.3.7.5", &[]);
    case.point("3.3.7.5", "one.example:6030");
    case.install("3.3.6.13", &[]);
    case.point("3.3.7.5", "two.example:7030");
    case.point("3.3.7.5", "one.example:6030");
    let run = case.context.program(["use", "3.3.6.13"]).run();
    assert_eq!(run.exit, Some(0), "{run}");
    case.uninstall("3.3.7.5");
    assert!(!case.client().exists());
}

#[test]
fn edit_of_the_user_afterwards_is_kept() {
    let case = Case::new();
    case.install("3.3.7.5", &[]);
    case.point("3.3.7.5", "db.example:6030");
    case.edit();
    case.uninstall("3.3.7.5");
    assert!(case.is_kept());
}

#[test]
fn edit_of_the_user_before_is_kept() {
    let case = Case::new();
    case.install("3.3.7.5", &[]);
    case.edit();
    case.point("3.3.7.5", "db.example:6030");
    case.uninstall("3.3.7.5");
    assert!(case.is_kept());
}

#[test]
fn edit_of_the_user_is_kept_after_a_repair() {
    let case = Case::new();
    case.install("3.3.7.5", &[]);
    case.edit();
    std::fs::remove_file(case.client().join("include/taos.h")).unwrap();
    case.install("3.3.7.5", &["--repair"]);
    assert!(case.client().join("include/taos.h").exists());
    case.uninstall("3.3.7.5");
    assert!(case.is_kept());
}

#[test]
fn configuration_of_a_prefix_goes_too() {
    let case = Case::new();
    let prefix = case.context.root().join("opt/td");
    std::fs::create_dir_all(prefix.parent().unwrap()).unwrap();
    let place = prefix.to_str().unwrap();
    case.install("3.3.7.5", &["--prefix", place]);
    case.install(
        "3.3.7.5",
        &["--prefix", place, "--first-ep", "db.example:6030"],
    );
    let text = std::fs::read_to_string(prefix.join("etc/taos.cfg")).unwrap();
    assert!(text.contains("db.example:6030"), "{text}");
    let run = case.context.program(["uninstall", "--prefix", place]).run();
    assert_eq!(run.exit, Some(0), "{run}");
    assert!(!prefix.join("etc/taos.cfg").exists());
}
