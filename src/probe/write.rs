//! What came of writing a row, reading it back, and taking it away.

use jiff::SignedDuration;

use super::Reply;

/// A step of the write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WriteStep {
    /// The temporary database.
    Database,
    /// The table.
    Table,
    /// The row.
    Insert,
    /// Reading it back.
    Select,
}

/// What came of a write.
#[derive(Clone, Debug, Default)]
pub struct Written {
    /// The database that was named; `None` where a temporary one was made.
    pub database: Option<String>,
    /// The step that failed, and what the server said.
    pub failed: Option<(WriteStep, Reply<()>)>,
    /// How much later the known instant came back; `None` where the row did not come back.
    pub known: Option<SignedDuration>,
    /// How much later the time without a zone came back than this machine means it; `None` where that was not asked or has no
    /// answer.
    pub local: Option<SignedDuration>,
    /// What earlier runs left behind, each with the statement that takes it away.
    pub leftovers: Vec<(String, String)>,
    /// The statement that takes away what was created, where it did not work.
    pub left: Option<String>,
}
