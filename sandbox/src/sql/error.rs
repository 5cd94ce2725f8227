//! The server's errors: codes and texts as recorded in transcripts/, the rest from the vendor's list (reference: facts F).

use std::fmt;

/// An error as the server tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SqlError {
    /// The low 16 bits of the code, 0x357 for a wrong password.
    pub code: i32,
    /// The server's text.
    pub text: String,
}

impl SqlError {
    /// An error with this code and text.
    #[must_use]
    pub fn new(code: i32, text: impl Into<String>) -> Self {
        Self {
            code,
            text: text.into(),
        }
    }

    pub(crate) fn syntax(near: &str) -> Self {
        Self::new(0x2600, format!("syntax error near \"{near}\""))
    }

    pub(crate) fn incomplete() -> Self {
        Self::new(0x2601, "Incomplete SQL statement")
    }

    pub(crate) fn column(name: &str) -> Self {
        Self::new(0x2602, format!("Invalid column name: {name}"))
    }

    pub(crate) fn no_table() -> Self {
        Self::new(0x2603, "Table does not exist")
    }

    pub(crate) fn no_database() -> Self {
        Self::new(0x388, "Database not exist")
    }

    pub(crate) fn database_not_specified() -> Self {
        Self::new(0x2616, "Database not specified")
    }

    pub(crate) fn denied() -> Self {
        Self::new(0x2644, "Permission denied or target object not exist")
    }

    pub(crate) fn too_long(column: &str) -> Self {
        Self::new(0x2653, format!("Value too long for column/tag: {column}"))
    }

    /// What the parser of `insert` says of a value.
    pub(crate) fn value(near: &str, what: &str) -> Self {
        Self::new(0x216, format!("syntax error near '{near}' ({what})"))
    }

    pub(crate) fn authentication() -> Self {
        Self::new(0x357, "Authentication failure")
    }

    pub(crate) fn invalid_user() -> Self {
        Self::new(0x351, "Invalid user")
    }

    pub(crate) fn password_length() -> Self {
        Self::new(0x208, "Invalid password length")
    }

    pub(crate) fn unreachable() -> Self {
        Self::new(0xb, "Unable to establish connection")
    }
}

impl fmt::Display for SqlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{:#x}] {}", self.code, self.text)
    }
}

impl std::error::Error for SqlError {}
