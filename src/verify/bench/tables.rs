//! The temporary database of a benchmark.

use crate::dsn::Transport;
use crate::probe::load::batch;
use crate::verify::write::names::WriteNames;
use crate::verify::write::undo::PendingUndos;

/// Names and statements.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct BenchTables {
    /// Makes the database: two vgroups, as TDengine's default has, and less memory than that.
    pub create: String,
    /// Takes everything away again.
    pub drop: String,
    database: String,
}

impl BenchTables {
    /// The names for `transport`.
    pub(super) fn new(pending: &PendingUndos, transport: Transport) -> Self {
        let database = WriteNames::temporary(pending, transport);
        Self {
            create: format!("create database {database} vgroups 2 buffer 64"),
            drop: format!("drop database if exists {database}"),
            database,
        }
    }

    /// The tables for so many connections.
    pub(super) fn tables(&self, connections: usize) -> Vec<String> {
        let database = &self.database;
        let name = |at| format!("{database}.t{connections}_{at}");
        (0..connections).map(name).collect()
    }

    /// The statement that makes `table`.
    pub(super) fn create_table(table: &str) -> String {
        format!("create table {table} ({})", batch::COLUMNS)
    }

    /// The statement that reads the table of the single connection.
    pub(super) fn select(&self, rows: u64) -> String {
        let table = self.tables(1).concat();
        format!("select * from {table} limit {rows}")
    }
}
