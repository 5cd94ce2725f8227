//! Databases, tables and users, and the rows that they hold.

use std::collections::BTreeMap;

use super::ast::{ColumnDefinition, TableName};
use super::error::SqlError;
use super::log::{Entry, VgroupLog, WrittenRows};
use super::order;
use super::value::{Precision, Value};

/// The vgroups of a database that names no number.
const DEFAULT_VGROUPS: u32 = 2;
/// Most vgroups that a database may have.
const MOST_VGROUPS: u32 = 1024;

/// Everything that a cluster knows.
#[derive(Debug)]
pub(crate) struct Catalog {
    databases: Vec<Database>,
    /// The number that the next vgroup gets; those of a dropped database are not given again.
    next_vgroup: i32,
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
    /// What its vgroups write down.
    pub(crate) logs: Vec<VgroupLog>,
}

/// Rows for one table, created first if it is given.
#[derive(Debug)]
pub(crate) struct TableWrite {
    pub(crate) table: String,
    pub(crate) created: Option<Table>,
    pub(crate) rows: Vec<Vec<Option<Value>>>,
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
    /// A catalog without databases, the first of which gets this vgroup.
    pub(crate) fn new(first_vgroup: i32) -> Self {
        Self {
            databases: Vec::new(),
            next_vgroup: first_vgroup,
        }
    }

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

    pub(crate) fn add(&mut self, mut database: Database) {
        let end = self.next_vgroup.saturating_add_unsigned(database.vgroups());
        database.logs = (self.next_vgroup..end).map(VgroupLog::new).collect();
        self.next_vgroup = end;
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
            .clamp(1, MOST_VGROUPS)
    }

    /// Adds a supertable, which every vgroup learns of.
    pub(crate) fn create_stable(&mut self, stable: Stable) {
        self.stables.push(stable);
        self.log_everywhere(&Entry::Definition);
    }

    /// Adds a table.
    pub(crate) fn create_table(&mut self, table: Table) {
        if let Some(log) = self.log_of(&table.name) {
            log.push(Entry::Definition);
        }
        self.tables.push(table);
    }

    /// Writes rows; what one vgroup gets of them is one entry of its log.
    pub(crate) fn write(&mut self, writes: Vec<TableWrite>) -> Result<u64, SqlError> {
        let mut count = 0;
        let mut entries: BTreeMap<u32, Vec<WrittenRows>> = BTreeMap::new();
        for write in writes {
            if self.table(&write.table).is_none() {
                self.tables.extend(write.created);
            }
            let place = order::vgroup(&self.name, &write.table, self.vgroups());
            let table = self.table_mut(&write.table)?;
            let mut rows = Vec::with_capacity(write.rows.len());
            for row in write.rows {
                let blank = |cell: &Option<Value>| cell.clone().unwrap_or(Value::Null);
                rows.push(row.iter().map(blank).collect());
                table.put(row)?;
                count += 1;
            }
            let table = write.table;
            entries
                .entry(place)
                .or_default()
                .push(WrittenRows { table, rows });
        }
        for (place, rows) in entries {
            let place = usize::try_from(place).unwrap_or(0);
            if let Some(log) = self.logs.get_mut(place) {
                log.push(Entry::Rows(rows));
            }
        }
        Ok(count)
    }

    fn log_of(&mut self, table: &str) -> Option<&mut VgroupLog> {
        let place = order::vgroup(&self.name, table, self.vgroups());
        self.logs.get_mut(usize::try_from(place).ok()?)
    }

    pub(crate) fn log_everywhere(&mut self, entry: &Entry) {
        for log in &mut self.logs {
            log.push(entry.clone());
        }
    }

    /// Makes a column or tag of a supertable and its children longer.
    pub(crate) fn widen(&mut self, stable: &str, name: &str, bytes: i32) {
        let children = self
            .tables
            .iter_mut()
            .filter(|table| table.stable.as_deref() == Some(stable));
        let children = children.flat_map(|table| {
            let tags = table.tags.iter_mut().map(|(tag, _)| tag);
            table.columns.iter_mut().chain(tags)
        });
        let stables = self.stables.iter_mut().filter(|known| known.name == stable);
        let stables = stables.flat_map(|stable| stable.columns.iter_mut().chain(&mut stable.tags));
        for column in stables.chain(children).filter(|column| column.name == name) {
            column.bytes = bytes;
        }
        self.log_everywhere(&Entry::Definition);
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
        self.log_everywhere(&Entry::Definition);
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
        self.log_everywhere(&Entry::Definition);
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
