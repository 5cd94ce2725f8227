//! JSON form of `taos-setup use`.

use serde_json::{Value, json};

use crate::clients::use_client::UsedClient;
use crate::commands::client_values;

/// Returns `data`: the current client, or `system`.
pub(super) fn data(used: &UsedClient) -> Value {
    match used {
        UsedClient::System => json!({"system": true, "client": null}),
        UsedClient::Client(client, receipt) => {
            json!({"system": false, "client": client_values::client(client, receipt, true)})
        }
    }
}
