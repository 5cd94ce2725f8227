//! JSON form of `taos-setup sync`.

use serde_json::{Value, json};

use crate::commands::lock::json_change;
use crate::message::locale::Locale;
use crate::sync::{ClientState, SyncOutcome};

/// Returns `data`: `client.state` is `ready`, `not-current`, `missing`, `installed`, or `selected`; null if no client is asked for.
pub(super) fn data(outcome: &SyncOutcome, locale: Locale) -> Value {
    let client = outcome.client.as_ref().map(|(client, state)| {
        let state = match state {
            ClientState::Ready => "ready",
            ClientState::NotCurrent => "not-current",
            ClientState::Missing => "missing",
            ClientState::Installed => "installed",
            ClientState::Selected => "selected",
        };
        json!({
            "version": client.version.to_string(),
            "edition": client.edition.to_string(),
            "platform": client.platform.to_string(),
            "prefix": client.prefix.to_string_lossy(),
            "state": state,
        })
    });
    let projects = outcome.projects.iter().map(|project| {
        let connector = &project.connector;
        let changes = project.changes.iter();
        let changes = changes
            .map(|(path, action)| json!({"path": path, "action": action.as_str()}))
            .collect::<Vec<_>>();
        let stale = project.stale_locks.iter();
        let stale = stale
            .map(|it| json!({"file": it.file, "refresh": it.refresh}))
            .collect::<Vec<_>>();
        json!({
            "dir": connector.dir,
            "language": connector.lang,
            "transport": connector.transport.as_str(),
            "package": connector.package,
            "version": connector.version,
            "changes": changes,
            "stale_locks": stale,
        })
    });
    json!({
        "check": outcome.check,
        "differs": outcome.differs(),
        "client": client,
        "projects": projects.collect::<Vec<_>>(),
        "added": outcome.added.iter().map(json_change).collect::<Vec<_>>(),
        "notes": outcome.notes.iter().map(|note| note.text(locale)).collect::<Vec<_>>(),
    })
}
