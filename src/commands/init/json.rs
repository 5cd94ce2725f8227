//! What `init` did, for programs.

use serde_json::{Value, json};

use crate::init::{InitOutcome, PhpRuntime};
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
    let php: Vec<_> = outcome.php.iter().map(php_runtime).collect();
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
            "module_build": outcome.module_build,
            "php": php,
            "stale_locks": locks,
            "notes": notes,
        }],
    })
}

/// A kind of PHP on this machine, and where it loads the extension.
fn php_runtime(runtime: &PhpRuntime) -> Value {
    let loads: Vec<_> = runtime
        .loads
        .iter()
        .map(|(file, load)| json!({"file": file, "line": load.line, "value": load.value}))
        .collect();
    json!({
        "kind": runtime.kind.as_str(),
        "version": runtime.version,
        "ini": runtime.main,
        "directories": runtime.directories,
        "extension_dir": runtime.extensions,
        "enabled": loads,
    })
}
