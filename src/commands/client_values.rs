//! JSON values that several commands print.

use serde_json::{Value, json};

use crate::store::{Client, Receipt, SystemReceipt};

/// A client of the store or of a prefix.
pub(super) fn client(client: &Client, receipt: &Receipt, is_current: bool) -> Value {
    json!({
        "version": client.version,
        "edition": client.edition,
        "platform": client.platform.to_string(),
        "current": is_current,
        "parts": receipt.parts,
        "prefix": client.prefix.to_string_lossy(),
        "sha256": receipt.sha256,
        "verified": receipt.verified,
        "installed_at": receipt.installed_at,
    })
}

/// The client that is installed for all users; `is_current` after `use system`.
pub(super) fn system_client(receipt: &SystemReceipt, is_current: bool) -> Value {
    json!({
        "version": receipt.version,
        "edition": receipt.edition,
        "platform": receipt.platform,
        "current": is_current,
        "prefix": "/usr/local",
        "sha256": receipt.sha256,
        "verified": receipt.verified,
        "installed_at": receipt.installed_at,
    })
}
