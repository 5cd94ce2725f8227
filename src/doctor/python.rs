//! Python against the driver.

use super::check_report::CheckReport;
use super::machine_facts::MachineFacts;
use super::runtime::RuntimeKind;

const PYTHON: RuntimeKind = RuntimeKind {
    title: "Python",
    programs: &["python3", "python"],
    arguments: &["--version"],
    of_files: |_| None,
    of_answer: |text| text.split_whitespace().nth(1),
};

/// Runs the check.
pub async fn check(facts: &MachineFacts) -> CheckReport {
    match PYTHON.find(None) {
        Some(found) => PYTHON.report(&found, facts).await,
        None => PYTHON.absent(),
    }
}
