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

/// A path on which answers of more than one packet of 1400 bytes are lost.
fn narrow(options: Options) -> Scene {
    Scene::of(Options {
        faults: Faults {
            loses_answers_over: Some(1400),
            ..Faults::default()
        },
        ..options
    })
}

/// Servers that answer shortly and not at length.
pub const LOST: &[Case] = &[
    Case {
        name: "packets of full size are lost: logins and short queries work",
        scene: || narrow(Options::default()),
        exit: 14,
        findings: &[error("large-answers-lost", "ws rest native")],
        timeouts: 1,
        says: &["MTU", "ping -M do"],
        ..ANY
    },
    Case {
        name: "packets of full size are lost on the path to 3.2",
        scene: || {
            narrow(Options {
                version: "3.2.2.2".into(),
                ..Options::default()
            })
        },
        exit: 14,
        findings: &[error("large-answers-lost", "ws rest native")],
        timeouts: 1,
        ..ANY
    },
    Case {
        name: "packets of full size are lost, and the list of 24 dnodes with them",
        scene: || {
            let endpoints = (1..=24).map(|number| format!("td{number:02}.invalid:6030"));
            narrow(Options {
                dnode_endpoints: Some(endpoints.collect()),
                ..Options::default()
            })
        },
        exit: 14,
        findings: &[error("large-answers-lost", "ws rest native")],
        timeouts: 2,
        ..ANY
    },
    Case {
        name: "native logins work and no statement is answered, as behind a NAT without hairpin",
        scene: || {
            Scene::faults(Faults {
                native_statements_hang: true,
                ..Faults::default()
            })
        },
        exit: 10,
        findings: &[error("no-answer", "native")],
        timeouts: 1,
        says: &["FQDN", "/etc/hosts"],
        ..ANY
    },
    Case {
        name: "native logins work and no statement is answered, and taosAdapter was not asked",
        scene: || {
            Scene::faults(Faults {
                native_statements_hang: true,
                ..Faults::default()
            })
        },
        args: &["--transport", "native"],
        exit: 10,
        findings: &[error("no-answer", "native")],
        timeouts: 1,
        says: &["FQDN", "hairpin"],
        ..ANY
    },
];

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
        name: "every answer comes after the timeout",
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
