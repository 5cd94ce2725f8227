//! taosd dead, slow or out of taosAdapter's reach, while taosAdapter answers.

use std::time::Duration;

use super::case::{CASE as ANY, Case, error};
use super::scene::Scene;
use crate::support::served::{Served, backend};
use taos_sandbox::faults::{BackendDown, Faults};
use taos_sandbox::server::Options;

const RECORDED: Duration = Duration::from_millis(20_300);
const AT_ONCE: Duration = Duration::from_millis(1);
const DOWN: &str = "adapter-backend-down";

/// Nobody judges a login while taosd is dead: none is failed, and each transport may try.
const CASE: Case = Case {
    refused_logins: 3,
    ..ANY
};

/// An old server whose taosd is dead.
fn old(down: BackendDown, delay: Duration) -> Scene {
    Scene::old(backend(down, delay))
}

pub const CASES: &[Case] = &[
    Case {
        name: "dead, with pooled connections, noticed after 20 s",
        scene: || Scene::faults(backend(BackendDown::Pooled, RECORDED)),
        exit: 14,
        findings: &[error(DOWN, "ws rest native")],
        timeouts: 2,
        ..CASE
    },
    Case {
        name: "dead, taosAdapter freshly started, noticed after 20 s",
        scene: || Scene::faults(backend(BackendDown::Fresh, RECORDED)),
        exit: 14,
        findings: &[error(DOWN, "ws rest native")],
        timeouts: 2,
        ..CASE
    },
    Case {
        name: "dead, with pooled connections, noticed at once",
        scene: || Scene::faults(backend(BackendDown::Pooled, AT_ONCE)),
        exit: 14,
        findings: &[error(DOWN, "ws rest native")],
        ..CASE
    },
    Case {
        name: "dead, taosAdapter freshly started, noticed at once",
        scene: || Scene::faults(backend(BackendDown::Fresh, AT_ONCE)),
        exit: 14,
        findings: &[error(DOWN, "ws rest native")],
        ..CASE
    },
    Case {
        name: "3.2 dead, noticed at once",
        scene: || old(BackendDown::Fresh, AT_ONCE),
        exit: 14,
        findings: &[error(DOWN, "ws rest native")],
        timeouts: 1,
        ..CASE
    },
    Case {
        name: "3.2 dead, with pooled connections, noticed after 20 s",
        scene: || old(BackendDown::Pooled, RECORDED),
        exit: 14,
        findings: &[error(DOWN, "ws rest native")],
        timeouts: 2,
        ..CASE
    },
    Case {
        name: "dead for taosAdapter alone: native works",
        scene: || {
            Scene::faults(backend(BackendDown::Fresh, AT_ONCE)).with_native_of(Served::healthy())
        },
        exit: 14,
        findings: &[error(DOWN, "ws rest")],
        ..CASE
    },
    Case {
        name: "dead, and its port refuses",
        scene: || {
            Scene::of(Options {
                native: taos_sandbox::server::Listen::Refused,
                faults: backend(BackendDown::Fresh, AT_ONCE),
                ..Options::default()
            })
        },
        exit: 14,
        findings: &[error(DOWN, "ws rest native")],
        ..CASE
    },
    Case {
        name: "dead, and the driver is of another version",
        scene: || Scene::faults(backend(BackendDown::Fresh, AT_ONCE)).driver("3.2.2.2"),
        exit: 14,
        findings: &[error(DOWN, "ws rest"), error("version-mismatch", "native")],
        ..CASE
    },
    Case {
        name: "dead, and the database of the URL does not exist",
        scene: || {
            Scene::faults(backend(BackendDown::Fresh, AT_ONCE)).url("http", "/rest/sql/power")
        },
        args: &["--transport", "ws,rest"],
        exit: 14,
        findings: &[error(DOWN, "ws rest")],
        ..CASE
    },
    Case {
        name: "every answer comes after the time-out",
        scene: || {
            Scene::faults(Faults {
                latency: Duration::from_millis(2600),
                ..Faults::default()
            })
        },
        args: &["--transport", "ws,rest"],
        exit: 10,
        findings: &[error("no-answer", "ws rest")],
        timeouts: 1,
        ..CASE
    },
];
