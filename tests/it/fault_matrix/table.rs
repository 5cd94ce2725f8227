//! The matrix as a document.

use std::fmt::Write;

use super::case::{Case, Expected, SECOND_MS, TIMEOUT_MS};

const HEAD: &str = "# Fault matrix

This file is written by `tests/it/fault_matrix`; a test fails where the two differ. Every row is run against the sandbox, over
WebSocket, REST and native unless its options name others, with `--timeout TIMEOUT`. *Within* bounds the slowest transport: one
second, and the timeouts that the fault itself needs. No server is given a refused password twice.
";

pub fn text(groups: &[(&str, &[Case])]) -> String {
    let total: usize = groups.iter().map(|(_, cases)| cases.len()).sum();
    let mut text = HEAD.replace("TIMEOUT", &format!("{}s", TIMEOUT_MS / 1000));
    let _ = writeln!(text, "\n{total} cases.");
    for (name, cases) in groups {
        let _ = writeln!(text, "\n## {name}\n");
        let _ = writeln!(text, "| case | options | exit | findings | within |");
        let _ = writeln!(text, "| --- | --- | --- | --- | --- |");
        for case in *cases {
            let _ = writeln!(text, "{}", row(case));
        }
    }
    text
}

fn row(case: &Case) -> String {
    let options = match case.args {
        [] => String::new(),
        args => format!("`{}`", args.join(" ")),
    };
    let findings: Vec<String> = case.findings.iter().map(finding).collect();
    let findings = match findings.as_slice() {
        [] => "none".to_owned(),
        some => some.join("; "),
    };
    let within = match case.timeouts {
        0 => format!("{} s", SECOND_MS / 1000),
        1 => format!("{} s + a timeout", SECOND_MS / 1000),
        more => format!("{} s + {more} timeouts", SECOND_MS / 1000),
    };
    let (name, exit) = (case.name, case.exit);
    format!("| {name} | {options} | {exit} | {findings} | {within} |")
}

fn finding(finding: &Expected) -> String {
    let over = finding.over.replace(' ', ", ");
    format!("{} `{}` over {over}", finding.severity, finding.id)
}
