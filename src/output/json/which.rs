//! Which client and library would be taken.

use serde_json::{Value, json};

use crate::clients::which::{Taken, Which, Why};

/// `data` of `which`: `why` is `asked`, `current`, `environment`, `system` or `nothing`.
pub fn which(which: &Which) -> Value {
    json!({"run": taken(&which.run), "verify": taken(&which.verify)})
}

fn taken(taken: &Taken) -> Value {
    let why = match taken.why {
        Why::Asked => "asked",
        Why::Current => "current",
        Why::Environment => "environment",
        Why::System => "system",
        Why::Nothing => "nothing",
    };
    let client = taken.client.as_ref().map(|client| {
        json!({
            "version": client.version,
            "edition": client.edition,
            "platform": client.platform.to_string(),
            "prefix": client.prefix.to_string_lossy(),
        })
    });
    let library = taken
        .library
        .as_ref()
        .map(|library| library.to_string_lossy());
    json!({"library": library, "client": client, "why": why})
}
