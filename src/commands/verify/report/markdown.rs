//! `verify` as Markdown (GitHub's dialect).

use super::view::{ReportView, TargetView};
use crate::diagnose::Status;
use crate::message::locale::Locale;
use crate::message::message;

/// Renders the report.
pub(super) fn render(view: &ReportView, locale: Locale) -> String {
    let label = |message: crate::message::Message| message.text(locale);
    let mut text = format!(
        "# {}\n\n**{} {}**\n\n{}\n",
        label(message!("report-title")),
        mark(view.status),
        escaped(&view.verdict),
        escaped(&label(message!(
            "report-made",
            created = view.created,
            version = view.version
        ))),
    );
    for finding in &view.findings {
        text.push_str(&format!(
            "\n## {}: {}\n\n",
            finding.severity_title,
            escaped(&finding.summary)
        ));
        for (name, value) in [
            (message!("report-target"), &finding.target),
            (message!("report-transports"), &finding.transports),
            (message!("report-observed"), &finding.observed),
            (message!("report-expected"), &finding.expected),
            (message!("report-cause"), &finding.cause),
        ] {
            if !value.is_empty() {
                text.push_str(&format!("- **{}**: {}\n", label(name), escaped(value)));
            }
        }
        text.push_str(&format!("- **ID**: {}\n", code(finding.id)));
        if !finding.fix.is_empty() {
            text.push_str(&format!(
                "\n{}\n\n{}",
                label(message!("report-fix")),
                code_block(&finding.fix, "sh")
            ));
        }
    }
    for target in &view.targets {
        text.push_str(&describe_target(target, locale));
    }
    text
}

fn describe_target(target: &TargetView, locale: Locale) -> String {
    let mut text = format!("\n## {}\n", escaped(&target.name));
    if !target.label_line.is_empty() {
        text.push_str(&format!("\n{}\n", escaped(&target.label_line)));
    }
    for transport in &target.transports {
        text.push_str(&format!(
            "\n### {} {}: {}\n\n| | {} | {} | ms |\n| --- | --- | --- | ---: |\n",
            mark(transport.status),
            escaped(&transport.title),
            escaped(&transport.summary),
            message!("report-check").text(locale),
            message!("report-observed").text(locale),
        ));
        for check in &transport.checks {
            text.push_str(&format!(
                "| {} | {} | {} | {} |\n",
                mark(check.status),
                escaped(&check.title),
                escaped(&check.observed),
                check.ms.map(|ms| ms.to_string()).unwrap_or_default(),
            ));
        }
    }
    if !target.control.is_empty() {
        let label = message!("report-from-here").text(locale);
        text.push_str(&format!(
            "\n**{}** {}\n",
            label.trim_end(),
            escaped(&target.control)
        ));
    }
    text
}

/// The mark of a status.
pub(super) const fn mark(status: Status) -> &'static str {
    match status {
        Status::Ok => "✅",
        Status::Warning => "⚠️",
        Status::Failed => "❌",
        Status::Skipped => "➖",
    }
}

/// `text` without a meaning in Markdown or HTML.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '&' => out.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '~' | '@' => {
                out.push('\\');
                out.push(c);
            }
            '\n' | '\r' => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

/// `text` as code in a line.
pub(super) fn code(text: &str) -> String {
    format!("`{}`", text.replace('`', "'"))
}

/// `text` as a block of code in `language`: its fence is longer than any in it.
pub(super) fn code_block(text: &str, language: &str) -> String {
    let longest = text
        .split(|c| c != '`')
        .map(str::len)
        .max()
        .unwrap_or_default();
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}{language}\n{text}\n{fence}\n")
}
