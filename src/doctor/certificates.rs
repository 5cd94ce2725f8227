//! The certificates that variables name, for this program and for the runtimes of languages.

use std::path::Path;

use super::check_report::CheckReport;
use super::machine_facts::MachineFacts;
use crate::diagnose::{Id, Judgement};
use crate::error::describe_io_error;
use crate::message::{Message, message};
use crate::safety::printable::printable;
use crate::system::tls::read_certificates;

/// Variables that name a file of certificates, and who reads them.
const FILES: [&str; 5] = [
    "SSL_CERT_FILE",
    "CURL_CA_BUNDLE",
    "REQUESTS_CA_BUNDLE",
    "NODE_EXTRA_CA_CERTS",
    "GIT_SSL_CAINFO",
];
/// Variables that name a list of directories of certificates.
const DIRECTORIES: [&str; 1] = ["SSL_CERT_DIR"];

/// Runs the check.
pub fn check(_facts: &MachineFacts) -> CheckReport {
    let mut report = CheckReport::default();
    for variable in FILES {
        let Some(file) = std::env::var_os(variable).filter(|it| !it.is_empty()) else {
            continue;
        };
        let shown = printable(&file.to_string_lossy());
        let found = read_certificates(Path::new(&file), Message::default());
        report
            .details
            .push(message!("doctor-variable", name = variable, value = shown));
        let fault = found.err().map(|error| error.observed);
        report = report.with(fault.map(|words| unusable(variable, shown, words)));
    }
    for variable in DIRECTORIES {
        let Some(path) = std::env::var_os(variable).filter(|it| !it.is_empty()) else {
            continue;
        };
        let shown = printable(&path.to_string_lossy());
        report
            .details
            .push(message!("doctor-variable", name = variable, value = shown));
        let folders: Vec<_> = std::env::split_paths(&path).collect();
        let opened: Vec<_> = folders.iter().map(std::fs::read_dir).collect();
        // One that is there is enough.
        if !opened.iter().any(Result::is_ok) {
            let first = opened.iter().find_map(|it| it.as_ref().err());
            let words = first.map(describe_io_error).unwrap_or_default();
            report = report.with(unusable(variable, shown, words));
        }
    }
    if report.details.is_empty() {
        return CheckReport::ok([message!("doctor-no-certificates")]);
    }
    report
}

fn unusable(variable: &str, value: String, words: Message) -> Judgement {
    Judgement::failed(
        Id::CertificatesUnreadable,
        message!(
            "doctor-variable-words",
            name = variable,
            value = value,
            words = words
        ),
    )
    .expecting(message!("doctor-certificates-expected"))
    .with("variable", variable)
}
