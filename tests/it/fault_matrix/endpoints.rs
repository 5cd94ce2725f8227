//! Endpoints that the dnodes advertise.

use super::case::{CASE, Case, error, warning};
use super::scene::Scene;
use crate::support::served::Served;
use crate::verify::dnodes::{cluster, refused};
use crate::verify::login::with_a_lesser_user;
use taos_sandbox::server::Options;

const WS_REST: &[&str] = &["--transport", "ws,rest"];

/// A server whose dnodes advertise `endpoints`, some of them offline.
fn dnodes(endpoints: &[&str], offline: &[&str]) -> Scene {
    Scene::around(cluster(endpoints, offline, Options::default()), "3.3.7.5")
}

/// The same, a server of 3.2.2.2.
fn old(endpoints: &[&str]) -> Scene {
    let options = Options {
        version: "3.2.2.2".into(),
        ..Options::default()
    };
    Scene::around(cluster(endpoints, &[], options), "3.2.2.2")
}

pub const CASES: &[Case] = &[
    Case {
        name: "a container's id, asked over WebSocket and REST",
        scene: || dnodes(&["3f2a9c81d07b:6030"], &[]),
        args: WS_REST,
        findings: &[warning("dnode-unresolved", "ws rest")],
        timeouts: 1,
        ..CASE
    },
    Case {
        name: "a container's id",
        scene: || dnodes(&["3f2a9c81d07b:6030"], &[]),
        exit: 14,
        findings: &[error("dnode-unresolved", "native")],
        timeouts: 1,
        ..CASE
    },
    Case {
        name: "a name of Kubernetes on 3.2",
        scene: || old(&["td-0.td.default.svc.cluster.local:6030"]),
        exit: 14,
        findings: &[error("dnode-unresolved", "native")],
        timeouts: 1,
        ..CASE
    },
    Case {
        name: "the same host, another port",
        scene: || {
            let (other, port) = refused();
            dnodes(&[&format!("127.0.0.1:{port}")], &[]).keep(other)
        },
        exit: 14,
        findings: &[error("dnode-port-remapped", "native")],
        ..CASE
    },
    Case {
        name: "a stopped dnode on the same host, beside the advertised port that was asked",
        scene: || {
            let (other, port) = refused();
            let stopped = format!("127.0.0.1:{port}");
            dnodes(&["127.0.0.1:PORT", &stopped], &[]).keep(other)
        },
        exit: 14,
        findings: &[error("dnode-unreachable", "native")],
        ..CASE
    },
    Case {
        name: "another host that refuses",
        scene: || {
            let (other, port) = refused();
            dnodes(&[&format!("127.0.0.2:{port}")], &[]).keep(other)
        },
        exit: 14,
        findings: &[error("dnode-unreachable", "native")],
        ..CASE
    },
    Case {
        name: "another program at the endpoint",
        scene: || {
            let other = Served::healthy();
            let endpoint = other.sandbox.adapter().to_string();
            dnodes(&[&endpoint], &[]).keep(other)
        },
        args: WS_REST,
        findings: &[warning("dnode-unreachable", "ws rest")],
        timeouts: 1,
        ..CASE
    },
    Case {
        name: "one of three dnodes is offline",
        scene: || {
            let all = ["localhost:PORT", "td2.invalid:6030", "127.0.0.1:PORT"];
            dnodes(&all, &["td2.invalid:6030"])
        },
        findings: &[warning("dnode-offline", "ws rest native")],
        timeouts: 1,
        ..CASE
    },
    Case {
        name: "one dnode is offline, another cannot be resolved",
        scene: || {
            let all = ["localhost:PORT", "td2.invalid:6030", "td3.invalid:6030"];
            dnodes(&all, &["td2.invalid:6030"])
        },
        exit: 14,
        findings: &[
            error("dnode-unresolved", "native"),
            warning("dnode-offline", "ws rest native"),
        ],
        timeouts: 1,
        ..CASE
    },
    Case {
        name: "two of three dnodes cannot be resolved, asked over REST",
        scene: || dnodes(&["localhost:PORT", "a.invalid:6030", "b.invalid:6030"], &[]),
        args: &["--transport", "rest"],
        findings: &[warning("dnode-unresolved", "rest")],
        timeouts: 1,
        ..CASE
    },
    Case {
        name: "a user without sysinfo and three dnodes, one of them away",
        scene: || {
            let all = ["localhost:PORT", "127.0.0.1:PORT", "td3.invalid:6030"];
            let served = cluster(&all, &["td3.invalid:6030"], with_a_lesser_user());
            Scene::around(served, "3.3.7.5")
                .env("TAOS_USER", "t_low")
                .env("TAOS_PASSWORD", "Low-pass123")
        },
        ..CASE
    },
    Case {
        name: "a name with a shell's command in it",
        scene: || dnodes(&["$(reboot)\u{1b}[31m:6030"], &[]),
        args: WS_REST,
        findings: &[warning("dnode-unresolved", "ws rest")],
        timeouts: 1,
        ..CASE
    },
    Case {
        name: "an endpoint that cannot be resolved, and a driver of another version",
        scene: || dnodes(&["td9.invalid:6030"], &[]).driver("3.3.6.0"),
        exit: 12,
        findings: &[
            error("version-mismatch", "native"),
            warning("dnode-unresolved", "ws rest"),
        ],
        timeouts: 1,
        ..CASE
    },
];
