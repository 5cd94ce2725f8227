//! `insert into SUPERTABLE (tbname, tags and columns) values (…)`: each row names its table and its tags.

use super::ast::{Expr, Insert, TableName, Using};
use super::catalog::{Catalog, Stable};
use super::engine::Caller;
use super::error::SqlError;
use super::lexer::unescape;
use super::prepared::BOUND_TABLE;
use super::value::Value;

/// The column that names a row's table.
pub(crate) const TABLE_COLUMN: &str = "tbname";

/// The inserts into child tables that an insert into a supertable means; any other insert is left as it is.
pub(crate) fn by_table(
    catalog: &Catalog,
    caller: Caller<'_>,
    insert: Insert,
) -> Result<Vec<Insert>, SqlError> {
    let database = catalog.database(insert.table.database(caller.database)?)?;
    let names_table = insert
        .columns
        .iter()
        .flatten()
        .any(|name| name == TABLE_COLUMN);
    match database.stable(&insert.table.table) {
        Some(stable) if names_table => insert
            .rows
            .iter()
            .map(|row| child_insert(&insert, stable, row))
            .collect(),
        _ => Ok(vec![insert]),
    }
}

fn child_insert(insert: &Insert, stable: &Stable, row: &[Expr]) -> Result<Insert, SqlError> {
    let names = insert.columns.as_deref().unwrap_or_default();
    if names.len() != row.len() {
        return Err(SqlError::value(")", "illegal number of columns"));
    }
    let mut table = None;
    let (mut tag_names, mut tags) = (Vec::new(), Vec::new());
    let (mut columns, mut values) = (Vec::new(), Vec::new());
    for (name, value) in names.iter().zip(row) {
        if name == TABLE_COLUMN {
            table = Some(match value {
                Expr::Placeholder => BOUND_TABLE.to_owned(),
                Expr::Text(text) => unescape(text),
                Expr::Bound(Value::Text(text)) => text.clone(),
                _ => return Err(SqlError::value("?", "invalid table name")),
            });
        } else if stable.tags.iter().any(|tag| tag.name == *name) {
            tag_names.push(name.clone());
            tags.push(value.clone());
        } else {
            columns.push(name.clone());
            values.push(value.clone());
        }
    }
    Ok(Insert {
        table: TableName {
            database: insert.table.database.clone(),
            table: table.ok_or_else(|| SqlError::column(TABLE_COLUMN))?,
        },
        using: Some(Using {
            stable: insert.table.clone(),
            tag_names: Some(tag_names),
            tags,
        }),
        columns: Some(columns),
        rows: vec![values],
    })
}
