//! The ports of taosd and taosAdapter on this machine: whether a program listens on them, and which.

use super::check_report::CheckReport;
use super::machine_facts::MachineFacts;
use crate::diagnose::{Id, Judgement};
use crate::message::{Message, message};
use crate::system::listeners;
use crate::system::test_machine::usual_ports;

/// The beginnings of the names of TDengine's programs, and of those that pass connections on to them. The kernel cuts names.
const EXPECTED: [&str; 18] = [
    "taos",
    "docker-proxy",
    "rootlessport",
    "slirp4netns",
    "pasta",
    "containerd",
    "conmon",
    "kubectl",
    "kube-proxy",
    "ssh",
    "nginx",
    "haproxy",
    "envoy",
    "traefik",
    "caddy",
    "apache",
    "httpd",
    "socat",
];

/// Runs the check.
pub fn check(_facts: &MachineFacts) -> CheckReport {
    let (adapter, native) = usual_ports();
    let mut report = CheckReport::default();
    let mut used: Vec<Message> = Vec::new();
    for port in [native, adapter].into_iter().flatten() {
        if !is_listening(port) {
            report
                .details
                .push(message!("doctor-port-free", port = port));
            continue;
        }
        let owner = listeners::owner(port);
        let shown = message!(
            "doctor-port-used",
            port = port,
            program = owner.clone().unwrap_or_default()
        );
        used.push(shown.clone());
        report.details.push(shown.clone());
        let stranger = owner.filter(|name| !EXPECTED.iter().any(|it| name.starts_with(it)));
        report = report.with(stranger.map(|program| {
            Judgement::failed(Id::PortOccupied, shown)
                .into_warning()
                .expecting(message!("doctor-port-expected"))
                .with("port", port)
                .with("program", program)
        }));
    }
    report.titled(match used.is_empty() {
        true => message!("doctor-ports-free"),
        false => Message::joined(used, ", "),
    })
}

/// Whether a program of this machine listens on `port`.
pub fn is_listening(port: u16) -> bool {
    listeners::is_listening(port)
}
