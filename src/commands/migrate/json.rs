//! `migrate` for programs.

use serde_json::{Value, json};

use crate::message::locale::Locale;
use crate::migrate::MigrateOutcome;
use crate::migrate::deprecated_use::Replacement;
use crate::safety::redaction::redact;

/// Renders `data` of the JSON document.
pub fn data(outcome: &MigrateOutcome, locale: Locale) -> Value {
    let (automatic, manual) = outcome.counts();
    let uses: Vec<Value> = outcome
        .files
        .iter()
        .flat_map(|file| {
            file.uses.iter().zip(&file.shown).map(|(found, shown)| {
                let (language, transport) = found.kind.connection();
                let (why, steps) = match &found.replacement {
                    Replacement::Automatic(_) => (None, None),
                    Replacement::Manual(reason) => (
                        Some(reason.text().text(locale)),
                        Some(found.kind.steps().text(locale)),
                    ),
                };
                json!({
                    "file": file.path,
                    "line": shown.line,
                    "column": shown.column,
                    "id": found.kind.as_str(),
                    "language": language,
                    "transport": transport.as_str(),
                    "found": redact(&shown.before),
                    "change": if found.is_automatic() { "automatic" } else { "manual" },
                    "replacement": shown.after.as_deref().map(redact),
                    "why": why,
                    "steps": steps,
                })
            })
        })
        .collect();
    json!({
        "dir": outcome.dir.display().to_string(),
        "deadline": outcome.deadline,
        "files": outcome.read,
        "automatic": automatic,
        "manual": manual,
        "complete": !outcome.is_cut && outcome.unread.is_empty(),
        "uses": uses,
        "unread": outcome
            .unread
            .iter()
            .map(|(path, why)| json!({"file": path, "why": why.text(locale)}))
            .collect::<Vec<_>>(),
        "notes": outcome.notes.iter().map(|note| note.text(locale)).collect::<Vec<_>>(),
        "diff": outcome.diff.as_deref().map(redact),
    })
}
