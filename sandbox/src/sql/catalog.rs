//! Databases, tables and users, and the rows that they hold.

use std::collections::BTreeMap;

use super::ast::{ColumnDefinition, TableName};
use super::error::SqlError;
use super::order;
use super::value::{Precision, Value};

/// The vgroups of a database that names no number.
const DEFAULT_VGROUPS: u32 = 2;

/// Everything that a cluster knows.
#[derive(Debug, Default)]
pub(crate) struct Catalog {
    databases: Vec<Database>,
}

#[derive(Debug)]
pub(crate) struct Database {
    pub(crate) name: String,
    pub(crate) precision: Precision,
    /// Milliseconds.
    pub(crate) created: i64,
    /// The options given at its creation.
    pub(crate) options: BTreeMap<String, String>,
    pub(crate) stables: Vec<Stable>,
    pub(crate) tables: Vec<Table>,
}

#[derive(Clone, Debug)]
pub(crate) struct Stable {
    pub(crate) name: String,
    pub(crate) columns: Vec<ColumnDefinition>,
    pub(crate) tags: Vec<ColumnDefinition>,
}

#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) name: String,
    /// The supertable that it is a child of.
    pub(crate) stable: Option<String>,
    pub(crate) columns: Vec<ColumnDefinition>,
    pub(crate) tags: Vec<(ColumnDefinition, Value)>,
    pub(crate) rows: BTreeMap<i64, Vec<Value>>,
}

impl Catalog {
    /// All databases, in the order in which the server lists them.
    pub(crate) fn databases(&self) -> Vec<&Database> {
        let mut databases: Vec<_> = self.databases.iter().collect();
        databases.sort_by_key(|database| order::slot(&database.name));
        databases
    }

    pub(crate) fn database(&self, name: &str) -> Result<&Database, SqlError> {
        self.databases
            .iter()
            .find(|database| database.name == name)
            .ok_or_else(SqlError::missing_database)
    }

    pub(crate) fn database_mut(&mut self, name: &str) -> Result<&mut Database, SqlError> {
        self.databases
            .iter_mut()
            .find(|database| database.name == name)
            .ok_or_else(SqlError::missing_database)
    }

    pub(crate) fn add(&mut self, database: Database) {
        self.databases.push(database);
    }

    pub(crate) fn remove(&mut self, name: &str) {
        self.databases.retain(|database| database.name != name);
    }
}

impl Database {
    pub(crate) fn table(&self, name: &str) -> Option<&Table> {
        self.tables.iter().find(|table| table.name == name)
    }

    pub(crate) fn table_mut(&mut self, name: &str) -> Result<&mut Table, SqlError> {
        self.tables
            .iter_mut()
            .find(|table| table.name == name)
            .ok_or_else(SqlError::missing_table)
    }

    pub(crate) fn stable(&self, name: &str) -> Option<&Stable> {
        self.stables.iter().find(|stable| stable.name == name)
    }

    /// How many vgroups it has.
    pub(crate) fn vgroups(&self) -> u32 {
        let asked = self.options.get("vgroups");
        asked
            .and_then(|count| count.parse().ok())
            .unwrap_or(DEFAULT_VGROUPS)
    }

    /// Adds a column to a supertable and its children, or to a table; rows that are there have no value for it.
    pub(crate) fn add_column(
        &mut self,
        name: &str,
        column: ColumnDefinition,
    ) -> Result<(), SqlError> {
        let stable = self.stables.iter_mut().find(|stable| stable.name == name);
        let is_stable = stable.is_some();
        let columns = match stable {
            Some(stable) => &mut stable.columns,
            None => &mut self.table_mut(name)?.columns,
        };
        if columns.iter().any(|known| known.name == column.name) {
            return Err(SqlError::new(0x36b, "Column already exists"));
        }
        if is_stable {
            columns.push(column.clone());
        }
        for table in &mut self.tables {
            if table.name == name || (is_stable && table.stable.as_deref() == Some(name)) {
                table.columns.push(column.clone());
                for row in table.rows.values_mut() {
                    row.push(Value::Null);
                }
            }
        }
        Ok(())
    }

    /// Adds a tag to a supertable and its children, which have no value for it.
    pub(crate) fn add_tag(&mut self, name: &str, tag: ColumnDefinition) -> Result<(), SqlError> {
        let stable = self.stables.iter_mut().find(|stable| stable.name == name);
        let stable = stable.ok_or_else(SqlError::missing_table)?;
        if stable.tags.iter().any(|known| known.name == tag.name) {
            return Err(SqlError::new(0x369, "Tag already exists"));
        }
        stable.tags.push(tag.clone());
        for table in &mut self.tables {
            if table.stable.as_deref() == Some(name) {
                table.tags.push((tag.clone(), Value::Null));
            }
        }
        Ok(())
    }
}

impl Table {
    /// Writes a row; values that are not given keep what an earlier row of the same instant had.
    pub(crate) fn put(&mut self, row: Vec<Option<Value>>) -> Result<(), SqlError> {
        let Some(Some(Value::Timestamp(instant))) = row.first() else {
            return Err(SqlError::value(
                "NULL",
                "Primary timestamp column should not be null",
            ));
        };
        let kept = self
            .rows
            .entry(*instant)
            .or_insert_with(|| vec![Value::Null; row.len()]);
        for (cell, given) in kept.iter_mut().zip(row) {
            if let Some(value) = given {
                *cell = value;
            }
        }
        Ok(())
    }
}

impl TableName {
    /// The database that a name means: its own, else the session's.
    pub(crate) fn database<'a>(&'a self, session: Option<&'a str>) -> Result<&'a str, SqlError> {
        self.database
            .as_deref()
            .or(session)
            .ok_or_else(SqlError::database_not_specified)
    }
}
