//! What `install` did.

use serde_json::{Value, json};

use crate::install::Installation;

/// `data` of `install`.
pub fn install(installation: &Installation) -> Value {
    let Installation {
        client,
        receipt,
        installed,
    } = installation;
    json!({
        "installed": installed,
        "client": super::list::client(client, receipt, true),
        "package": {"file": receipt.source, "size": receipt.size},
    })
}
