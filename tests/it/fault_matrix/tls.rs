//! https and wss, and plain text where the other was meant.

use std::path::Path;

use super::case::{CASE, Case, error};
use super::scene::Scene;
use crate::support::certificates::{Authority, expired, not_yet_valid, self_signed};
use crate::verify::ports::answering;
use taos_sandbox::faults::{Faults, Listener};
use taos_sandbox::server::{Listen, Options};
use taos_sandbox::tls::TlsIdentity;

const WS_REST: &[&str] = &["--transport", "ws,rest"];

/// The system's own certificates are not looked at.
fn of_nobody(scene: Scene) -> Scene {
    let none = scene.served.context.work().join("none.pem");
    let folder = scene.served.context.work();
    scene.env("SSL_CERT_FILE", none).env("SSL_CERT_DIR", folder)
}

fn trusting(scene: Scene, file: &Path) -> Scene {
    scene.arg("--ca-cert").arg(file.to_str().unwrap())
}

/// A server with `identity`, and its https URL.
fn secure(identity: TlsIdentity, faults: Faults) -> Scene {
    let scene = Scene::of(Options {
        tls: Some(identity),
        faults,
        ..Options::default()
    });
    of_nobody(scene.url("https", ""))
}

/// A server whose certificate for `names` is signed by an authority that is trusted, and changed by `change`.
fn signed(names: &[&str], change: fn(&mut rcgen::CertificateParams)) -> Scene {
    let authority = Authority::new();
    let scene = secure(authority.signs(names, change), Faults::default());
    let file = authority.file(scene.served.context.root());
    trusting(scene, &file)
}

pub const CASES: &[Case] = &[
    Case {
        name: "a certificate of an unknown authority",
        scene: || {
            let scene = secure(
                Authority::new().signs(&["127.0.0.1"], |_| ()),
                Faults::default(),
            );
            let file = Authority::new().file(scene.served.context.root());
            trusting(scene, &file)
        },
        args: WS_REST,
        exit: 10,
        findings: &[error("tls-untrusted", "ws rest")],
        refused_logins: 0,
        ..CASE
    },
    Case {
        name: "a certificate that has expired",
        scene: || signed(&["127.0.0.1"], expired),
        args: WS_REST,
        exit: 10,
        findings: &[error("tls-untrusted", "ws rest")],
        ..CASE
    },
    Case {
        name: "a certificate that is not valid yet",
        scene: || signed(&["127.0.0.1"], not_yet_valid),
        args: WS_REST,
        exit: 10,
        findings: &[error("tls-untrusted", "ws rest")],
        ..CASE
    },
    Case {
        name: "a certificate for another host",
        scene: || signed(&["db.example"], |_| ()),
        args: WS_REST,
        exit: 10,
        findings: &[error("tls-untrusted", "ws rest")],
        ..CASE
    },
    Case {
        name: "a certificate that has expired, and a wrong password",
        scene: || signed(&["127.0.0.1"], expired).wrong_password(),
        args: WS_REST,
        exit: 10,
        findings: &[error("tls-untrusted", "ws rest")],
        refused_logins: 0,
        ..CASE
    },
    Case {
        name: "a certificate of an untrusted authority; native works",
        scene: || {
            let scene = secure(self_signed(&["127.0.0.1"]), Faults::default());
            let file = Authority::new().file(scene.served.context.root());
            trusting(scene, &file)
        },
        args: &["--transport", "ws,rest,native"],
        exit: 10,
        findings: &[error("tls-untrusted", "ws rest")],
        ..CASE
    },
    Case {
        name: "a certificate of the client is wanted",
        scene: || {
            let authority = Authority::new();
            let scene = secure(
                TlsIdentity {
                    clients: Some(authority.pem.clone()),
                    ..authority.signs(&["127.0.0.1"], |_| ())
                },
                Faults::default(),
            );
            let file = authority.file(scene.served.context.root());
            trusting(scene, &file)
        },
        args: WS_REST,
        exit: 10,
        findings: &[error("tls-untrusted", "ws rest")],
        refused_logins: 0,
        ..CASE
    },
    Case {
        name: "no certificate for the name that is asked for",
        scene: || {
            let alert = crate::support::fake_server::Fake::says([21, 3, 3, 0, 2, 2, 112]);
            let url = format!("https://{}", alert.address);
            of_nobody(Scene::healthy().target(url).keep(alert))
        },
        args: &["--transport", "ws,rest", "--insecure"],
        exit: 10,
        findings: &[error("tls-untrusted", "ws rest")],
        refused_logins: 0,
        ..CASE
    },
    Case {
        name: "the port speaks TLS, and was asked in plain text",
        scene: || {
            let tls = Some(self_signed(&["127.0.0.1"]));
            Scene::of(Options {
                tls,
                ..Options::default()
            })
        },
        exit: 10,
        findings: &[error("tls-expected", "ws rest")],
        ..CASE
    },
    Case {
        name: "the port speaks plain text, and was asked for TLS",
        scene: || of_nobody(Scene::healthy().url("https", "")),
        args: &["--transport", "ws,rest", "--insecure"],
        exit: 10,
        findings: &[error("tls-unexpected", "ws rest")],
        ..CASE
    },
    Case {
        name: "an https URL names the native port",
        scene: || {
            let scene = Scene::healthy();
            let url = format!("https://{}", scene.served.sandbox.native());
            scene.target(url)
        },
        args: &["--transport", "ws,rest", "--insecure"],
        exit: 12,
        findings: &[error("wrong-port", "ws rest")],
        ..CASE
    },
    Case {
        name: "the port accepts, and never answers the TLS greeting",
        scene: || Scene::adapter(Listener::Hangs).url("https", ""),
        args: &["--transport", "ws,rest", "--insecure"],
        exit: 10,
        findings: &[error("no-answer", "ws rest")],
        timeouts: 1,
        ..CASE
    },
    Case {
        name: "TLS on the native port",
        scene: || {
            let port = answering(b"\x15\x03\x01\x00\x02\x02\x46").port();
            Scene::healthy().native_port(port)
        },
        exit: 12,
        findings: &[error("native-tls-expected", "native")],
        ..CASE
    },
    Case {
        name: "nothing listens on the port of an https URL",
        scene: || {
            let scene = Scene::of(Options {
                adapter: Listen::Refused,
                native: Listen::Refused,
                ..Options::default()
            });
            scene.url("https", "")
        },
        args: &["--transport", "ws,rest", "--insecure"],
        exit: 10,
        findings: &[error("tcp-refused", "ws rest")],
        ..CASE
    },
    Case {
        name: "TLS works, the password is wrong",
        scene: || signed(&["127.0.0.1"], |_| ()).wrong_password(),
        args: WS_REST,
        exit: 11,
        findings: &[error("auth-failed", "ws rest")],
        ..CASE
    },
];
