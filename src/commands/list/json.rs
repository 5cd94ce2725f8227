//! JSON form of `taos-setup list`.

use serde_json::{Value, json};

use crate::clients::list::InstalledClients;
use crate::commands::client_values::{client, system_client};
use crate::install::available::AvailableClients;
use crate::safety::redaction::redact_argument;

/// Returns `data` of `list`; `system` is the client that is installed for all users.
pub(super) fn installed(installed: &InstalledClients) -> Value {
    let current = installed.current.as_ref();
    let clients: Vec<Value> = installed
        .clients
        .iter()
        .map(|(found, receipt)| client(found, receipt, current == Some(found)))
        .collect();
    let system = installed.system.as_ref();
    let system = system.map(|it| system_client(&it.receipt, it.is_current));
    // A prefix is an argument, which may be a password by mistake.
    let home = redact_argument(&installed.home.to_string_lossy());
    json!({"home": home, "clients": clients, "system": system})
}

/// Returns `data` of `list --available`.
pub(super) fn available(available: &AvailableClients) -> Value {
    let releases: Vec<Value> = available
        .releases
        .iter()
        .map(|release| {
            json!({
                "version": release.version,
                "edition": release.edition,
                "platform": release.platform.to_string(),
                "trust": release.trust,
                "file": release.file,
                "installed": release.installed,
                "known": release.known,
            })
        })
        .collect();
    json!({
        "platform": available.platform.to_string(),
        "mirror": available.mirror,
        "available": releases,
    })
}
