//! JSON form of `taos-setup lock`.

use serde_json::{Value, json};

use crate::message::locale::Locale;
use crate::sync::{LockChange, LockEntry, LockOutcome};

/// Returns `data`: `changes` are entries of the lock, `differences` what a check found.
pub(super) fn data(outcome: &LockOutcome, locale: Locale) -> Value {
    let files = outcome.files.iter();
    let files: Vec<Value> = files
        .map(|(path, action)| json!({"path": path, "action": action.as_str()}))
        .collect();
    let gaps = outcome.gaps.iter();
    json!({
        "lock": outcome.path,
        "check": outcome.check,
        "differs": outcome.differs(),
        "files": files,
        "changes": outcome.changes.iter().map(change).collect::<Vec<_>>(),
        "differences": gaps.map(|gap| gap.describe().text(locale)).collect::<Vec<_>>(),
        "notes": outcome.notes.iter().map(|note| note.text(locale)).collect::<Vec<_>>(),
    })
}

/// An entry of the lock: `entry` is `server`, `client`, or `connector`; `before` and `after` are null if it is added or removed.
pub fn change(change: &LockChange) -> Value {
    let (before, after) = (&change.before, &change.after);
    match &change.entry {
        LockEntry::Server => json!({"entry": "server", "before": before, "after": after}),
        LockEntry::Client(platform) => json!({
            "entry": "client",
            "platform": platform.to_string(),
            "before": before,
            "after": after,
        }),
        LockEntry::Connector(dir, lang, transport) => json!({
            "entry": "connector",
            "dir": dir,
            "language": lang,
            "transport": transport,
            "before": before,
            "after": after,
        }),
    }
}
