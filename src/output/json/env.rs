//! Variables, with what becomes of each.

use serde_json::{Value as Json, json};

use crate::store::{Client, Value, Variable};

/// `data` of `env`: `action` is `set`, `prepend` (a list of folders) or `flags` (a list of words; `default` stands for what
/// the user has not set).
pub fn env(client: &Client, variables: &[Variable]) -> Json {
    let variables: Vec<Json> = variables
        .iter()
        .map(|Variable { name, value, about }| {
            let (action, value, default) = match value {
                Value::Set(value) => ("set", value.to_string_lossy(), None),
                Value::Prepend(path) => ("prepend", path.to_string_lossy(), None),
                Value::Flags { flags, default } => ("flags", flags.to_string_lossy(), Some(default)),
            };
            json!({"name": name, "action": action, "value": value, "default": default, "about": about})
        })
        .collect();
    json!({"version": client.version, "prefix": client.prefix.to_string_lossy(), "variables": variables})
}

/// `data` of `env` after `use system`.
pub fn env_system() -> Json {
    json!({"version": null, "prefix": null, "variables": []})
}
