//! Versions that do not fit, and versions in odd forms.

use super::case::{CASE, Case, error, warning};
use super::scene::Scene;
use taos_sandbox::data_faults::DataFaults;
use taos_sandbox::faults::Faults;

const GO: &str = "module m\n\nrequire github.com/taosdata/driver-go/v3 v3.7.8\n";

/// A server that says `version`.
pub fn says(version: &str) -> Scene {
    Scene::faults(Faults {
        says_version: Some(version.into()),
        ..Faults::default()
    })
}

pub const CASES: &[Case] = &[
    Case {
        name: "a pinned connector that refuses a server as old as 3.2",
        scene: || Scene::old(Faults::default()).file("go.mod", GO),
        args: &["--transport", "ws"],
        exit: 12,
        findings: &[error("connector-too-new", "ws")],
        ..CASE
    },
    Case {
        name: "a pinned connector that is too new for WebSocket alone",
        scene: || Scene::old(Faults::default()).file("go.mod", GO),
        args: &["--transport", "ws,rest"],
        findings: &[warning("connector-too-new", "ws")],
        ..CASE
    },
    Case {
        name: "a pinned connector that is broken with its tokio",
        scene: || {
            let lock = "version = 4\n\n[[package]]\nname = \"taos\"\nversion = \"0.12.3\"\n\n[[package]]\nname = \"tokio\"\nversion = \"1.54.1\"\n";
            Scene::healthy().file("Cargo.lock", lock)
        },
        args: &["--transport", "ws"],
        exit: 12,
        findings: &[error("connector-broken", "ws")],
        ..CASE
    },
    Case {
        name: "a connector that is no longer kept up",
        scene: || {
            let package = r#"{"dependencies": {"td2.0-connector": "^2.0.12"}}"#;
            Scene::healthy().file("package.json", package)
        },
        args: &["--transport", "ws"],
        findings: &[warning("connector-deprecated", "ws")],
        ..CASE
    },
    Case {
        name: "a pinned connector that is too new, and a wrong password",
        scene: || {
            Scene::old(Faults::default())
                .file("go.mod", GO)
                .wrong_password()
        },
        args: &["--transport", "ws"],
        exit: 11,
        findings: &[error("auth-failed", "ws")],
        ..CASE
    },
    Case {
        name: "a server of the other edition and a driver of another version",
        scene: || {
            let data = DataFaults {
                edition: Some("official".into()),
                ..DataFaults::default()
            };
            Scene::data(data).driver("3.3.6.0")
        },
        exit: 12,
        findings: &[error("version-mismatch", "native")],
        ..CASE
    },
];
