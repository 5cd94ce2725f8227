//! The JSON document that every command prints. Keys never change.

use serde::Serialize;
use serde_json::{Value, json};

use super::{CommandResult, Report};
use crate::diagnose::Finding;
use crate::error::Error;
use crate::message::locale::Locale;

/// The envelope of every document (docs/decisions.md, "Contracts").
#[derive(Serialize)]
struct Document<'a> {
    schema: u32,
    command: &'a str,
    ok: bool,
    data: Value,
    findings: &'a [Finding],
    error: Value,
}

/// The document for how `command` ended, with a final line break. `ok` is true exactly when the exit code is 0.
pub fn document(command: &str, ended: &Result<Report, Error>, locale: Locale) -> String {
    let document = match ended {
        Ok(report) => return result_document(command, report.as_ref(), locale),
        Err(error) => Document {
            schema: 1,
            command,
            ok: false,
            data: Value::Null,
            findings: &[],
            error: json!({
                "id": error.id.as_str(),
                "exit": error.exit(),
                "tried": error.tried.text(locale),
                "observed": error.observed.text(locale),
                "next": error.next.text(locale),
            }),
        },
    };
    printed(&document)
}

/// The document for `result` of `command`.
pub fn result_document(command: &str, result: &dyn CommandResult, locale: Locale) -> String {
    printed(&Document {
        schema: 1,
        command,
        ok: result.exit() == 0,
        data: result.json(locale),
        findings: result.findings(),
        error: Value::Null,
    })
}

fn printed(document: &Document<'_>) -> String {
    // Only a map with keys that are not strings could fail here, and there is none.
    let mut text = serde_json::to_string_pretty(document).unwrap_or_default();
    text.push('\n');
    text
}
