//! The fault matrix: every way to fail that is known, alone and two at once, and what `verify` must say of it; and servers that
//! are healthy and odd, of which it must not complain. Each case is a value; one runner runs them all and writes
//! docs/fault-matrix.md from them.
#![cfg(target_os = "linux")]

mod backend;
mod case;
mod data;
mod endpoints;
mod gateways;
mod healthy;
pub mod http;
mod library;
pub mod limits;
mod login;
mod ports;
mod runner;
mod scene;
mod table;
mod tls;
mod versions;

use case::Case;

/// The groups, in the order of the document.
const GROUPS: &[(&str, &[Case])] = &[
    ("Ports", ports::CASES),
    ("TLS", tls::CASES),
    ("Logins", login::CASES),
    ("Proxies and other HTTP servers", http::CASES),
    ("Gateways by name", gateways::CASES),
    ("Limits and versions on the server", limits::CASES),
    ("A dead taosd behind a live taosAdapter", backend::CASES),
    ("Answers lost on the way", backend::LOST),
    ("Endpoints of dnodes", endpoints::CASES),
    ("The client library", library::CASES),
    ("Writing, clocks and zones", data::CASES),
    ("Versions and pinned connectors", versions::CASES),
    ("Healthy, and odd", healthy::CASES),
];

#[test]
fn faults_of_ports_are_found() {
    runner::run(ports::CASES);
}

#[test]
fn faults_of_tls_are_found() {
    runner::run(tls::CASES);
}

#[test]
fn faults_of_logins_are_found() {
    runner::run(login::CASES);
}

#[test]
fn faults_of_http_are_found() {
    runner::run(http::CASES);
}

#[test]
fn faults_of_gateways_are_found() {
    runner::run(gateways::CASES);
}

#[test]
fn faults_of_limits_are_found() {
    runner::run(limits::CASES);
}

#[test]
fn faults_of_backends_are_found() {
    runner::run(backend::CASES);
}

#[test]
fn lost_answers_are_found() {
    runner::run(backend::LOST);
}

#[test]
fn faults_of_endpoints_are_found() {
    runner::run(endpoints::CASES);
}

#[test]
fn faults_of_libraries_are_found() {
    runner::run(library::CASES);
}

#[test]
fn faults_of_data_are_found() {
    runner::run(data::CASES);
}

#[test]
fn faults_of_versions_are_found() {
    runner::run(versions::CASES);
}

#[test]
fn odd_but_healthy_servers_pass() {
    runner::run(healthy::CASES);
}

#[test]
fn it_is_large_enough_and_every_case_has_a_name_of_its_own() {
    let count = |groups: &[(&str, &[Case])]| groups.iter().map(|(_, cases)| cases.len()).sum();
    let all: usize = count(GROUPS);
    assert!(all >= 60, "{all} cases");
    assert!(healthy::CASES.len() >= 15);
    assert!(healthy::CASES.iter().all(|case| case.exit == 0));
    let mut names: Vec<&str> = GROUPS
        .iter()
        .flat_map(|(_, cases)| cases.iter().map(|case| case.name))
        .collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), all, "two cases have one name");
}

#[test]
fn document_matches_cases() {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/fault-matrix.md");
    let text = table::text(GROUPS);
    if std::env::var_os("FAULT_MATRIX_WRITE").is_some() {
        std::fs::write(&file, &text).unwrap();
    }
    let there = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        there == text,
        "docs/fault-matrix.md is not what the cases say: FAULT_MATRIX_WRITE=1 cargo test --test it -- fault_matrix::the_document"
    );
}
