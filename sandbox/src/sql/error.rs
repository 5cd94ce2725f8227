//! The server's errors: codes and texts as recorded in transcripts/, the rest from the vendor's list (reference: facts F).

use std::fmt;

use crate::release::Release;

const TABLE_INFO: &str = "Fail to get table info";
const OUT_OF_SERVICE: &str = "some vnode/qnode/mnode(s) out of service";

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

    pub(crate) fn missing_table() -> Self {
        Self::new(0x2603, "Table does not exist")
    }

    pub(crate) fn missing_database() -> Self {
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

    /// An instant before 1970 in an insert.
    pub(crate) fn out_of_range() -> Self {
        Self::new(0x60b, "Timestamp data out of range")
    }

    pub(crate) fn authentication() -> Self {
        Self::new(0x357, "Authentication failure")
    }

    pub(crate) fn invalid_user() -> Self {
        Self::new(0x351, "Invalid user")
    }

    pub(crate) fn password_length(release: Release) -> Self {
        let text = if release.is_before_33() {
            "Invalid password"
        } else {
            "Invalid password length"
        };
        Self::new(0x208, text)
    }

    /// What 3.2 says of a query for a table that it cannot find out about.
    pub(crate) fn table_info(cause: &str) -> Self {
        Self::new(0x2662, format!("{TABLE_INFO}, error: {cause}"))
    }

    /// What 3.2 makes of the fault of a table that a query asks for.
    pub(crate) fn of_queried_table(self, release: Release) -> Self {
        if release.is_before_33()
            && (self == Self::missing_table() || self == Self::missing_database())
        {
            Self::table_info(&self.text)
        } else {
            self
        }
    }

    /// As `/ws` of 3.2 tells it: by the code's own text, without what the parser has to add.
    pub(crate) fn by_code(mut self, release: Release) -> Self {
        let text = match self.code {
            0x2600 => "syntax error near",
            0x2662 => TABLE_INFO,
            _ => return self,
        };
        if release.is_before_33() {
            self.text = text.to_owned();
        }
        self
    }

    /// Whether the error reports that taosd is dead, which takes its time.
    pub(crate) fn tells_dead_backend(&self) -> bool {
        *self == Self::unreachable() || *self == Self::table_info(OUT_OF_SERVICE)
    }

    /// The answer to a query for a stored table if taosd is dead.
    pub(crate) fn dead_backend(release: Release) -> Self {
        if release.is_before_33() {
            Self::table_info(OUT_OF_SERVICE)
        } else {
            Self::unreachable()
        }
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
