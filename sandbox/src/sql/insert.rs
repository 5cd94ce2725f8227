//! `insert into`: every value is checked before any row is written.

use super::ast::{ColumnDefinition, Expr, Insert};
use super::catalog::TableWrite;
use super::definition;
use super::engine::{Caller, Engine};
use super::error::SqlError;
use super::literal::{self, Setting};
use super::named;
use super::value::{Answer, Value};

pub(crate) fn run(
    engine: &mut Engine,
    caller: Caller<'_>,
    inserts: Vec<Insert>,
) -> Result<Answer, SqlError> {
    let mut checked: Vec<(String, Vec<TableWrite>)> = Vec::new();
    let mut by_table = Vec::new();
    for insert in inserts {
        by_table.append(&mut named::by_table(&engine.catalog, caller, insert)?);
    }
    for insert in by_table {
        let name = insert.table.database(caller.database)?.to_owned();
        let database = engine.catalog.database(&name)?;
        let created = match (database.table(&insert.table.table), &insert.using) {
            (None, Some(using)) => Some(definition::child(
                database,
                caller,
                insert.table.table.clone(),
                using,
            )?),
            _ => None,
        };
        let table = created
            .as_ref()
            .or_else(|| database.table(&insert.table.table))
            .ok_or_else(SqlError::missing_table)?;
        let setting = Setting {
            precision: database.precision,
            zone: caller.zone,
            release: caller.release,
        };
        let places = places(&table.columns, insert.columns.as_deref())?;
        let rows = insert
            .rows
            .iter()
            .map(|row| values(&table.columns, &places, row, setting));
        let rows = rows.collect::<Result<Vec<_>, _>>()?;
        let write = TableWrite {
            table: insert.table.table,
            created,
            rows,
        };
        match checked.iter_mut().find(|(known, _)| *known == name) {
            Some((_, writes)) => writes.push(write),
            None => checked.push((name, vec![write])),
        }
    }
    let mut affected_rows = 0;
    for (database, writes) in checked {
        affected_rows += engine.catalog.database_mut(&database)?.write(writes)?;
    }
    Ok(Answer::Update { affected_rows })
}

/// For each column of the table, where in a row its value stands.
fn places(
    columns: &[ColumnDefinition],
    named: Option<&[String]>,
) -> Result<Vec<Option<usize>>, SqlError> {
    let Some(named) = named else {
        return Ok((0..columns.len()).map(Some).collect());
    };
    if let Some(unknown) = named
        .iter()
        .find(|name| columns.iter().all(|column| column.name != **name))
    {
        return Err(SqlError::column(unknown));
    }
    Ok(columns
        .iter()
        .map(|column| named.iter().position(|name| *name == column.name))
        .collect())
}

fn values(
    columns: &[ColumnDefinition],
    places: &[Option<usize>],
    row: &[Expr],
    setting: Setting<'_>,
) -> Result<Vec<Option<Value>>, SqlError> {
    if row.len() != places.iter().flatten().count() {
        return Err(SqlError::value(")", "illegal number of columns"));
    }
    let cell = |(column, place): (&ColumnDefinition, &Option<usize>)| {
        let Some(literal) = place.and_then(|place| row.get(place)) else {
            return Ok(None);
        };
        literal::value(column, literal, setting).map(Some)
    };
    let cells = columns
        .iter()
        .zip(places)
        .map(cell)
        .collect::<Result<Vec<_>, SqlError>>()?;
    if !matches!(cells.first(), Some(Some(Value::Timestamp(_)))) {
        return Err(SqlError::value(
            "null",
            "primary timestamp should not be null",
        ));
    }
    Ok(cells)
}
