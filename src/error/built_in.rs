//! Data of `manifests/` and `templates/` that is built in. It is parsed once. Damaged data is a defect of this program: a test reads
//! all of it, and a command checks at its start what its readers use that cannot fail.

use std::sync::LazyLock;

use super::{Error, ErrorId, Result};
use crate::message::{Message, message};

/// A built-in file, parsed at its first use.
pub struct BuiltIn<T: 'static> {
    name: &'static str,
    parsed: LazyLock<(T, Option<String>)>,
}

impl<T: Default> BuiltIn<T> {
    /// The file `name`, which `parse` reads.
    pub const fn new(name: &'static str, parse: fn() -> (T, Option<String>)) -> Self {
        Self {
            name,
            parsed: LazyLock::new(parse),
        }
    }

    /// Returns the data.
    ///
    /// # Errors
    /// `unexpected` if it is damaged.
    pub fn get(&'static self) -> Result<&'static T> {
        match &self.parsed.1 {
            None => Ok(&self.parsed.0),
            Some(why) => Err(damaged(self.name, why)),
        }
    }

    /// Returns the data for a reader that cannot fail. A command that reads it does not start if it is damaged.
    pub fn checked(&'static self) -> &'static T {
        &self.parsed.0
    }
}

/// Returns the result of a parser with its error in words, as [`BuiltIn::new`] takes it.
pub fn parsed<T: Default, E: ToString>(result: std::result::Result<T, E>) -> (T, Option<String>) {
    match result {
        Ok(data) => (data, None),
        Err(why) => (T::default(), Some(why.to_string())),
    }
}

/// Returns the error of the built-in file `name`.
pub fn damaged(name: &str, why: &str) -> Error {
    Error::new(
        ErrorId::Unexpected,
        message!("io-built-in", name = name),
        Message::quoted(why),
        message!("io-built-in-next"),
    )
}

#[cfg(test)]
mod tests;
