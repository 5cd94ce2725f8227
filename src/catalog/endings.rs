//! Connections that the vendor ends (`manifests/endings.toml`).

use std::collections::BTreeMap;

use serde::Deserialize;

use super::connectors::Transport;
use crate::error::Result;
use crate::error::built_in::{BuiltIn, parsed};

/// The connections that end, and when.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Endings {
    /// The day from which on they are no longer supported.
    pub deadline: String,
    connections: BTreeMap<String, Vec<Transport>>,
}

static ENDINGS: BuiltIn<Endings> = BuiltIn::new("manifests/endings.toml", || {
    parsed(toml::from_str(include_str!("../../manifests/endings.toml")))
});

/// Checks the data that is built in.
///
/// # Errors
/// `unexpected` if it is damaged.
pub fn check() -> Result<()> {
    ENDINGS.get().map(drop)
}

impl Endings {
    /// The data that this program carries.
    pub fn built_in() -> &'static Self {
        ENDINGS.checked()
    }

    /// Returns the day on which the connector of `language` for `transport` ends; `None` if it stays.
    pub fn of(&self, language: &str, transport: Transport) -> Option<&str> {
        let ends = self.connections.get(language)?.contains(&transport);
        ends.then_some(self.deadline.as_str())
    }
}

#[cfg(test)]
mod tests;
