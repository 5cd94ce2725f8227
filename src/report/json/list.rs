//! The installed clients.

use std::path::Path;

use serde_json::{Value, json};

use crate::store::{Client, Receipt};

/// `data` of `list`.
pub fn list(home: &Path, clients: &[(Client, Receipt)], current: Option<&Client>) -> Value {
    let clients: Vec<Value> = clients
        .iter()
        .map(|(found, receipt)| client(found, receipt, current == Some(found)))
        .collect();
    json!({"home": home.to_string_lossy(), "clients": clients})
}

/// One client, as every command shows it.
pub(super) fn client(client: &Client, receipt: &Receipt, current: bool) -> Value {
    json!({
        "version": client.version,
        "edition": client.edition,
        "platform": client.platform.to_string(),
        "current": current,
        "parts": receipt.parts,
        "prefix": client.prefix.to_string_lossy(),
        "sha256": receipt.sha256,
        "verified": receipt.verified,
        "installed_at": receipt.installed_at,
    })
}
