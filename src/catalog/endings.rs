//! Connections that the vendor ends (`manifests/endings.toml`).

use serde::Deserialize;

use super::connectors::Transport;
use crate::error::Result;
use crate::error::built_in::{BuiltIn, parsed};
use crate::message::{Message, message};

/// The connections that end, and when.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Endings {
    /// The day from which on they are no longer supported.
    pub deadline: String,
    connection: Vec<EndingConnection>,
}

/// A connection that ends.
#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EndingConnection {
    language: String,
    title: String,
    transport: Transport,
    words: Vec<String>,
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

    /// Returns the connection of `language` over `transport` if it ends.
    pub fn of(&self, language: &str, transport: Transport) -> Option<&EndingConnection> {
        self.connection
            .iter()
            .find(|ending| ending.language == language && ending.transport == transport)
    }

    /// Returns the connections whose connectors' words `text` has.
    pub fn in_text<'a>(&'a self, text: &'a str) -> impl Iterator<Item = &'a EndingConnection> {
        self.connection
            .iter()
            .filter(|ending| ending.words.iter().any(|word| text.contains(word)))
    }

    /// Returns a note about `ending`.
    pub fn describe(&self, ending: &EndingConnection) -> Message {
        message!(
            "catalog-ending",
            language = ending.title,
            native = ending.transport == Transport::Native,
            deadline = self.deadline
        )
    }
}

#[cfg(test)]
mod tests;
