//! What can go wrong behind a login that works: writes that are refused, data that come back changed, clocks, dnodes.

use std::time::Duration;

use crate::release::Release;
use crate::sql::{Answer, SqlError, Statement, Type, Value};

/// What goes wrong with data, clocks and dnodes; the default is nothing.
#[derive(Clone, Debug, Default)]
pub struct DataFaults {
    /// Statements of this kind are refused with this error.
    pub refuse: Option<(Writes, SqlError)>,
    /// Statements of this kind are executed, and answered only after so long.
    pub stall: Option<(Writes, Duration)>,
    /// Instants of stored rows come back later by so many milliseconds.
    pub shift_ms: i64,
    /// Stored rows do not come back.
    pub lose_rows: bool,
    /// The server's clock is ahead by so many milliseconds.
    pub clock_ms: i64,
    /// The zone in which times without one are read; UTC.
    pub zone: Option<String>,
    /// Endpoints of dnodes that are offline.
    pub offline: Vec<String>,
    /// What `ins_cluster` calls the edition, where it is not `community`.
    pub edition: Option<String>,
    /// A user that an administrator disabled, as Community 3.3.7.5 was seen to treat one: the login works, every table but
    /// the list of users is refused.
    pub disabled: Option<String>,
}

/// Nothing goes wrong.
pub(crate) static NONE: DataFaults = DataFaults {
    refuse: None,
    stall: None,
    shift_ms: 0,
    lose_rows: false,
    clock_ms: 0,
    zone: None,
    offline: Vec::new(),
    edition: None,
    disabled: None,
};

/// Statements that write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writes {
    /// `create database`
    Database,
    /// `create table`
    Table,
    /// `insert`
    Insert,
    /// `drop database`, `drop table`
    Drop,
}

impl Writes {
    /// What `statement` writes; `None` where it writes nothing that can be refused.
    pub(crate) const fn of(statement: &Statement) -> Option<Self> {
        match statement {
            Statement::CreateDatabase { .. } => Some(Self::Database),
            Statement::CreateTable { .. } | Statement::CreateChildren(_) => Some(Self::Table),
            Statement::Insert(_) => Some(Self::Insert),
            Statement::DropDatabase { .. } | Statement::DropTables { .. } => Some(Self::Drop),
            _ => None,
        }
    }
}

impl DataFaults {
    /// The refusal that `statement` gets.
    pub(crate) fn refusal(&self, statement: &Statement) -> Option<SqlError> {
        let (kind, error) = self.refuse.as_ref()?;
        (Writes::of(statement) == Some(*kind)).then(|| error.clone())
    }

    /// How long the answer to `sql` is held back.
    pub(crate) fn delay(&self, sql: &str, release: Release) -> Duration {
        let Some((kind, delay)) = self.stall else {
            return Duration::ZERO;
        };
        match crate::sql::parse(sql, release) {
            Ok(statement) if Writes::of(&statement) == Some(kind) => delay,
            _ => Duration::ZERO,
        }
    }

    /// Whether `statement` reads rows that somebody stored.
    pub(crate) fn reads_stored_rows(statement: &Statement) -> bool {
        let Statement::Select(query) = statement else {
            return false;
        };
        query
            .from
            .as_ref()
            .is_some_and(|table| table.database.as_deref() != Some("information_schema"))
    }

    /// Changes an answer of stored rows.
    pub(crate) fn spoil(&self, answer: &mut Answer) {
        let Answer::Rows(result) = answer else {
            return;
        };
        if self.lose_rows {
            result.rows.clear();
        }
        let per_milli = 1_000_000 / result.precision.nanoseconds();
        let shift = self.shift_ms.saturating_mul(per_milli);
        for row in &mut result.rows {
            for (cell, column) in row.iter_mut().zip(&result.columns) {
                if let (Value::Timestamp(instant), Type::Timestamp) = (cell, column.kind) {
                    *instant = instant.saturating_add(shift);
                }
            }
        }
    }
}
