//! Java: the JVM against the driver, and where it looks for libraries.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::check_report::CheckReport;
use super::machine_facts::MachineFacts;
use super::runtime::{RuntimeKind, read_text};
use crate::diagnose::{Id, Judgement};
use crate::message::message;
use crate::safety::printable::printable;

const JAVA: RuntimeKind = RuntimeKind {
    title: "Java",
    programs: &["java"],
    arguments: &["-version"],
    of_files,
    of_answer: |text| text.split('"').nth(1),
};
/// Variables with options that every JVM reads.
const OPTIONS: [&str; 3] = ["JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"];
/// The option that names the directories of libraries.
const LIBRARY_PATH: &str = "-Djava.library.path=";

/// Runs the check.
pub async fn check(facts: &MachineFacts) -> CheckReport {
    let home = std::env::var_os("JAVA_HOME").filter(|it| !it.is_empty());
    let report = match JAVA.find(home.map(PathBuf::from)) {
        Some(found) => JAVA.report(&found, facts).await,
        None => JAVA.absent(),
    };
    let mut report = report;
    for (variable, path) in library_paths() {
        let shown = printable(&path.to_string_lossy());
        report
            .details
            .push(message!("doctor-variable", name = variable, value = shown));
        if let Some(judgement) = without_library(variable, &path, facts) {
            report = report.with(judgement);
        }
    }
    report
}

/// The version in the file `release` of a JDK or JRE (JEP 223).
fn of_files(program: &Path) -> Option<String> {
    let text = read_text(&program.parent()?.parent()?.join("release"))?;
    let mut lines = text.lines();
    let version = lines.find_map(|line| line.strip_prefix("JAVA_VERSION="))?;
    Some(version.trim_matches('"').to_owned())
}

/// The settings that name directories for the JVM, with the variables that hold them.
fn library_paths() -> Vec<(&'static str, OsString)> {
    let mut paths = Vec::new();
    for variable in OPTIONS {
        let options = std::env::var(variable).unwrap_or_default();
        let mut words = options.split_whitespace();
        if let Some(path) = words.find_map(|word| word.strip_prefix(LIBRARY_PATH)) {
            paths.push((variable, path.trim_matches(['"', '\'']).into()));
        }
    }
    if let Some(path) = std::env::var_os("TD_LIBRARY_PATH").filter(|it| !it.is_empty()) {
        paths.push(("TD_LIBRARY_PATH", path));
    }
    paths
}

/// The judgement of a setting whose directories have no driver.
fn without_library(
    variable: &'static str,
    path: &OsString,
    facts: &MachineFacts,
) -> Option<Judgement> {
    let file = facts.platform?.library_file("taos");
    let mut folders = std::env::split_paths(path);
    if folders.any(|folder| folder.join(&file).is_file()) {
        return None;
    }
    Some(wrong(variable, &path.to_string_lossy(), &file))
}

fn wrong(variable: &str, value: &str, file: &str) -> Judgement {
    Judgement::failed(
        Id::VariableWrong,
        message!("doctor-variable", name = variable, value = printable(value)),
    )
    .into_warning()
    .expecting(message!("doctor-variable-expected", file = file))
    .with("variable", variable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read() {
        let text = "openjdk version \"17.0.12\" 2024-07-16\nOpenJDK …";
        assert_eq!((JAVA.of_answer)(text), Some("17.0.12"));
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(
            folder.path().join("release"),
            "X=1\nJAVA_VERSION=\"21.0.1\"\n",
        )
        .unwrap();
        let program = folder.path().join("bin/java");
        assert_eq!(of_files(&program).as_deref(), Some("21.0.1"));
    }
}
