//! The installed clients.

use std::path::Path;

use serde_json::{Value, json};

use crate::store::{Client, Receipt, SystemReceipt};

/// `data` of `list`; `system` is the client that is installed for every user, and whether it is the one in use.
pub fn list(
    home: &Path,
    clients: &[(Client, Receipt)],
    current: Option<&Client>,
    system: Option<(&SystemReceipt, bool)>,
) -> Value {
    let clients: Vec<Value> = clients
        .iter()
        .map(|(found, receipt)| client(found, receipt, current == Some(found)))
        .collect();
    let system = system.map(|(receipt, current)| super::system::receipt(receipt, current));
    json!({"home": home.to_string_lossy(), "clients": clients, "system": system})
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
