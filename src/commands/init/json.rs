//! What `init` did, for programs.

use serde_json::{Value, json};

use crate::init::InitOutcome;
use crate::message::locale::Locale;

/// `data` of the document (docs/decisions.md, "Contracts").
pub fn data(outcome: &InitOutcome, locale: Locale) -> Value {
    let notes: Vec<_> = outcome.notes.iter().map(|it| it.text(locale)).collect();
    let changes: Vec<_> = outcome
        .changes
        .iter()
        .map(|(path, action)| json!({"path": path, "action": action.as_str()}))
        .collect();
    let locks: Vec<_> = outcome
        .stale_locks
        .iter()
        .map(|lock| lock.file.as_str())
        .collect();
    let settings: Vec<_> = outcome
        .settings
        .iter()
        .map(|settings| json!({"file": settings.file, "text": settings.text}))
        .collect();
    json!({
        "dry_run": outcome.diff.is_some(),
        "check": outcome.check,
        "ran": outcome.ran,
        "projects": [{
            "language": outcome.language,
            "transport": outcome.transport.as_str(),
            "server": outcome.server.map(|version| version.to_string()),
            "dir": outcome.dir.display().to_string(),
            "changes": changes,
            "build": outcome.build,
            "run": outcome.run,
            "settings": settings,
            "stale_locks": locks,
            "notes": notes,
        }],
    })
}
