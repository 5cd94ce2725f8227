//! Which client is current now.

use serde_json::{Value, json};

use crate::store::{Client, Receipt};

/// `data` of `use`.
pub fn use_client(client: &Client, receipt: &Receipt) -> Value {
    json!({"system": false, "client": super::list::client(client, receipt, true)})
}

/// `data` of `use system`.
pub fn use_system() -> Value {
    json!({"system": true, "client": null})
}
