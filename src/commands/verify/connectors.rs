//! The connectors that `verify` ran: for people and as JSON.

use serde_json::{Value, json};

use super::human::describe_result;
use super::json::result;
use crate::message::locale::Locale;
use crate::output::style::Style;
use crate::safety::printable::escape_controls;
use crate::verify::{ConnectorChecks, TargetOutcome};

/// Renders a heading for each language, and a line for each connector.
pub(super) fn describe(target: &TargetOutcome, locale: Locale, style: Style) -> String {
    let mut text = String::new();
    let mut heading = "";
    for checks in &target.connectors {
        if heading != checks.language {
            heading = checks.language;
            let title = escape_controls(&checks.title);
            text.push_str(&format!("  {}\n", style.strong(title)));
        }
        text.push_str(&describe_result(&checks.result, locale, style));
    }
    text
}

/// Renders the connectors of a target for `data`.
pub(super) fn data(connectors: &[ConnectorChecks], locale: Locale) -> Vec<Value> {
    let each = connectors.iter().map(|checks| {
        json!({
            "language": checks.language,
            "tool": checks.tool,
            "package": checks.package,
            "version": checks.version,
            "file": checks.file,
            "transport": checks.transport,
            "status": checks.status(),
            "ms": checks.result.ms,
            "build_ms": checks.build_ms,
            "server_version": checks.server_version,
            "rungs": [result(&checks.result, locale)],
        })
    });
    each.collect()
}
