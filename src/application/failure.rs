//! What the output of a build or of a program says about its failure: words of tools to a fault, and the line that people want to see.

use serde::Deserialize;

use crate::diagnose::judge::own_connector::ConnectorFault;
use crate::error::built_in::{BuiltIn, parsed};

/// The most characters of a line that is shown.
const LONGEST: usize = 300;

/// `manifests/connector-failures.toml`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct FailureWords {
    failure: Vec<FailureRule>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FailureRule {
    fault: KnownFault,
    stage: ProbeStage,
    words: Vec<String>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum KnownFault {
    Registry,
    Version,
    Toolchain,
    Load,
}

/// The part of the work that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ProbeStage {
    /// The program is built.
    Build,
    /// The program runs.
    Run,
}

static WORDS: BuiltIn<FailureWords> = BuiltIn::new("manifests/connector-failures.toml", || {
    parsed(toml::from_str(include_str!(
        "../../manifests/connector-failures.toml"
    )))
});

/// Returns the fault that `output` shows.
pub fn classify(stage: ProbeStage, output: &str) -> ConnectorFault {
    let output = output.to_lowercase();
    let rules = WORDS.checked().failure.iter();
    let mut of_stage = rules.filter(|rule| rule.stage == stage);
    let known = of_stage.find(|rule| rule.words.iter().any(|word| output.contains(word)));
    match (known.map(|rule| rule.fault), stage) {
        (Some(KnownFault::Registry), _) => ConnectorFault::Registry,
        (Some(KnownFault::Version), _) => ConnectorFault::Version,
        (Some(KnownFault::Toolchain), _) => ConnectorFault::Toolchain,
        (Some(KnownFault::Load), _) => ConnectorFault::Load,
        (None, ProbeStage::Build) => ConnectorFault::Build,
        (None, ProbeStage::Run) => ConnectorFault::Refusal,
    }
}

/// Returns the line of `output` that names the first error, without what tools write before it; empty if there is none.
pub fn first_error(output: &str) -> String {
    let lines = || output.lines().map(bare).filter(|line| !is_heading(line));
    let sure = |line: &&str| {
        let line = line.to_lowercase();
        [
            "error:",
            "error[",
            "err!",
            "fatal:",
            ": error",
            "exception:",
        ]
        .iter()
        .any(|mark| line.contains(mark))
            || names_place(&line)
    };
    let likely = |line: &&str| {
        let line = line.to_lowercase();
        [
            "error",
            "fail",
            "cannot",
            "could not",
            "couldn't",
            "not found",
            "no such",
        ]
        .iter()
        .any(|mark| line.contains(mark))
    };
    let found = lines()
        .find(sure)
        .or_else(|| lines().find(likely))
        .or_else(|| lines().next_back());
    let line = found.unwrap_or_default();
    line.chars().take(LONGEST).collect()
}

/// The line without the marks of Maven and npm.
fn bare(line: &str) -> &str {
    let mut line = line.trim();
    for mark in ["[ERROR]", "npm ERR!", "npm error"] {
        line = line.strip_prefix(mark).unwrap_or(line).trim_start();
    }
    // `npm error code ETARGET` names its code first.
    line
}

/// Whether the line only announces others.
fn is_heading(line: &str) -> bool {
    let has_words = line.chars().any(char::is_lowercase);
    let announces = line.ends_with(':') && !line.contains("rror:");
    let is_code = line.starts_with("code E") || line.starts_with("errno ");
    !has_words || announces || is_code || line.starts_with('#')
}

/// Whether the line starts with a place of a source: `./main.go:12:3:`, `/x/Main.java:[3,5]`, `main.c(3,5)`.
fn names_place(line: &str) -> bool {
    const ENDINGS: [&str; 8] = [
        ".go:", ".java:", ".rs:", ".c:", ".cs(", ".py:", ".lua:", ".php:",
    ];
    ENDINGS.iter().any(|ending| {
        let place = line.find(ending).map(|at| &line[at + ending.len()..]);
        place.is_some_and(|rest| {
            rest.trim_start_matches('[')
                .starts_with(|c: char| c.is_ascii_digit())
        })
    })
}

#[cfg(test)]
mod tests;
