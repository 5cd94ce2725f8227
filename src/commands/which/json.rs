//! JSON form of `taos-setup which`.

use serde_json::{Value, json};

use crate::clients::which::{ChosenLibrary, LibraryChoice, LibraryReason};

/// Returns `data`: `why` is `asked`, `current`, `environment`, `system`, or `nothing`.
pub(super) fn data(choice: &LibraryChoice) -> Value {
    json!({"run": library(&choice.run), "verify": library(&choice.verify)})
}

fn library(chosen: &ChosenLibrary) -> Value {
    let why = match chosen.why {
        LibraryReason::Requested => "asked",
        LibraryReason::Current => "current",
        LibraryReason::Environment => "environment",
        LibraryReason::System => "system",
        LibraryReason::Missing => "nothing",
    };
    let client = chosen.client.as_ref().map(|client| {
        json!({
            "version": client.version,
            "edition": client.edition,
            "platform": client.platform.to_string(),
            "prefix": client.prefix.to_string_lossy(),
        })
    });
    let library = chosen
        .library
        .as_ref()
        .map(|library| library.to_string_lossy());
    json!({"library": library, "client": client, "why": why})
}
