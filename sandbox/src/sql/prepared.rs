//! Prepared inserts of the one form that is recorded: `insert into TABLE [(columns)] values (?, …)`.

use super::ast::{ColumnDefinition, Expr, Insert, Statement};
use super::engine::{Caller, Engine};
use super::error::SqlError;
use super::insert::{places, put};
use super::value::Value;

/// A prepared insert.
#[derive(Clone, Debug)]
pub(crate) struct Prepared {
    database: String,
    insert: Insert,
    /// The columns that the placeholders stand for, in their order.
    pub(crate) columns: Vec<ColumnDefinition>,
}

impl Engine {
    /// Prepares an insert; anything else is a syntax error.
    pub(crate) fn prepare(
        &self,
        caller: Caller<'_>,
        statement: Statement,
    ) -> Result<Prepared, SqlError> {
        let Statement::Insert(inserts) = statement else {
            return Err(SqlError::syntax("?"));
        };
        let Ok([insert]) = <[Insert; 1]>::try_from(inserts) else {
            return Err(SqlError::syntax("?"));
        };
        let placeholders = match insert.rows.as_slice() {
            [row] if row.iter().all(|literal| *literal == Expr::Placeholder) => row.len(),
            _ => return Err(SqlError::syntax("?")),
        };
        let database = insert.table.database(caller.database)?.to_owned();
        let table = self
            .catalog
            .database(&database)?
            .table(&insert.table.table)
            .ok_or_else(SqlError::no_table)?;
        places(&table.columns, insert.columns.as_deref())?;
        let columns: Vec<ColumnDefinition> = match &insert.columns {
            None => table.columns.clone(),
            Some(names) => names
                .iter()
                .filter_map(|name| {
                    table
                        .columns
                        .iter()
                        .find(|column| column.name == *name)
                        .cloned()
                })
                .collect(),
        };
        if placeholders != columns.len() {
            return Err(SqlError::value(")", "illegal number of columns"));
        }
        Ok(Prepared {
            database,
            insert,
            columns,
        })
    }

    /// Writes rows of values, one for each of the prepared columns.
    pub(crate) fn execute_prepared(
        &mut self,
        prepared: &Prepared,
        rows: &[Vec<Value>],
    ) -> Result<u64, SqlError> {
        let table = self
            .catalog
            .database(&prepared.database)?
            .table(&prepared.insert.table.table)
            .ok_or_else(SqlError::no_table)?;
        let places = places(&table.columns, prepared.insert.columns.as_deref())?;
        let rows = rows.iter().map(|row| {
            places
                .iter()
                .map(|place| place.and_then(|at| row.get(at).cloned()))
                .collect()
        });
        let rows = rows.collect();
        put(
            self,
            &prepared.database,
            &prepared.insert.table.table,
            None,
            rows,
        )
    }
}
