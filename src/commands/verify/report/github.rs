//! `verify` in GitHub Actions: annotations, and the job's summary.
//!
//! Forms: <https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions>

use std::fs::File;
use std::io::Write;
use std::path::Path;

use crate::diagnose::{Finding, Severity};
use crate::output::workflow_command::{data, property};
use crate::safety::printable::escape_controls;

/// Renders one command a finding.
pub(super) fn annotations(findings: &[Finding]) -> String {
    findings
        .iter()
        .map(|finding| {
            let level = match finding.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Note => "notice",
            };
            let title = property(&format!(
                "taos-setup {}: {}",
                finding.id.as_str(),
                finding.target
            ));
            let lines = [&finding.summary, &finding.cause, &finding.fix];
            let lines: Vec<String> = lines
                .into_iter()
                .filter(|line| !line.is_empty())
                .map(|line| escape_controls(line))
                .collect();
            format!("::{level} title={title}::{}\n", data(&lines.join("\n")))
        })
        .collect()
}

/// Appends `content` to the summary at `path`, as GitHub asks: a step may write to it several times.
pub(super) fn append(path: &Path, content: &str) -> std::io::Result<()> {
    let mut file = File::options().append(true).create(true).open(path)?;
    file.write_all(content.as_bytes())
}
