//! JSON form of `taos-setup env`.

use serde_json::{Value as Json, json};

use crate::clients::env::ClientEnvironment;
use crate::store::{Value, Variable};

/// Returns `data`: `action` is `set`, `prepend` (a list of directories), or `flags` (a list of words; `default` is the value that
/// is assumed if the variable is not set).
pub(super) fn data(environment: &ClientEnvironment) -> Json {
    match environment {
        ClientEnvironment::System => json!({"version": null, "prefix": null, "variables": []}),
        ClientEnvironment::Client {
            client, variables, ..
        } => {
            let variables: Vec<Json> = variables.iter().map(variable).collect();
            json!({
                "version": client.version,
                "prefix": client.prefix.to_string_lossy(),
                "variables": variables,
            })
        }
    }
}

fn variable(variable: &Variable) -> Json {
    let Variable { name, value, about } = variable;
    let (action, value, default) = match value {
        Value::Set(value) => ("set", value.to_string_lossy(), None),
        Value::Prepend(path) => ("prepend", path.to_string_lossy(), None),
        Value::Flags { flags, default } => ("flags", flags.to_string_lossy(), Some(default)),
    };
    json!({"name": name, "action": action, "value": value, "default": default, "about": about})
}
