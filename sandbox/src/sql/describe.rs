//! `describe`, `show tables`, `show create table`.

use super::ast::{ColumnDefinition, TableName};
use super::catalog::Database;
use super::engine::{Caller, Engine, single};
use super::error::SqlError;
use super::order;
use super::value::{Answer, Column, ResultSet, Type, Value};

/// `show tables` or `show stables`.
pub(crate) fn tables(
    engine: &Engine,
    caller: Caller<'_>,
    database: Option<&str>,
    stables: bool,
) -> Result<Answer, SqlError> {
    let Some(database) = database.or(caller.database) else {
        return Err(SqlError::new(0x2600, "database not specified"));
    };
    let database = engine.catalog.database(database)?;
    let names: Vec<&String> = if stables {
        let mut names: Vec<_> = database.stables.iter().map(|stable| &stable.name).collect();
        names.sort_by_key(|name| order::slot(&format!("{}.{name}", database.name)));
        names
    } else {
        database.tables.iter().map(|table| &table.name).collect()
    };
    let column = Column::varchar(if stables { "stable_name" } else { "table_name" }, 192);
    let rows = names
        .into_iter()
        .map(|name| vec![Value::text(name)])
        .collect();
    Ok(Answer::Rows(ResultSet {
        columns: vec![column],
        rows,
        ..ResultSet::default()
    }))
}

fn definitions<'a>(
    database: &'a Database,
    table: &str,
) -> Result<(bool, &'a [ColumnDefinition], Vec<&'a ColumnDefinition>), SqlError> {
    if let Some(stable) = database.stable(table) {
        return Ok((true, &stable.columns, stable.tags.iter().collect()));
    }
    let table = database.table(table).ok_or_else(SqlError::missing_table)?;
    Ok((
        false,
        &table.columns,
        table.tags.iter().map(|(tag, _)| tag).collect(),
    ))
}

/// `describe`.
pub(crate) fn columns(
    engine: &Engine,
    caller: Caller<'_>,
    name: &TableName,
) -> Result<Answer, SqlError> {
    let database = engine.catalog.database(name.database(caller.database)?)?;
    let (_, columns, tags) = definitions(database, &name.table)?;
    let row = |column: &ColumnDefinition, note: &str, storage: [&str; 3]| {
        let kind = match column.kind {
            Type::Decimal64 { precision, scale } | Type::Decimal128 { precision, scale } => {
                format!("DECIMAL({precision}, {scale})")
            }
            kind => kind.name(),
        };
        let mut row = vec![
            Value::text(&column.name),
            Value::Text(kind),
            Value::Int(column.bytes.into()),
            Value::text(note),
        ];
        if !caller.release.is_before_33() {
            row.extend(storage.map(Value::text));
        }
        row
    };
    let mut rows: Vec<_> = columns
        .iter()
        .map(|column| row(column, "", storage(column.kind)))
        .collect();
    rows.extend(tags.into_iter().map(|tag| row(tag, "TAG", ["disabled"; 3])));
    let before_33 = caller.release.is_before_33();
    let mut columns = vec![
        Column::varchar("field", if before_33 { 64 } else { 325 }),
        Column::varchar("type", 20),
        Column::fixed("length", Type::Int),
        Column::varchar("note", 16),
    ];
    if !before_33 {
        columns.extend(["encode", "compress", "level"].map(|name| Column::varchar(name, 12)));
    }
    Ok(Answer::Rows(ResultSet {
        columns,
        rows,
        ..ResultSet::default()
    }))
}

/// Encoding, compression and level that the server gives a type (transcripts/rest.jsonl, `describe`).
fn storage(kind: Type) -> [&'static str; 3] {
    match kind {
        Type::Timestamp => ["delta-i", "lz4", "medium"],
        Type::Bool => ["bit-packing", "zstd", "medium"],
        Type::TinyInt | Type::SmallInt | Type::UTinyInt | Type::USmallInt => {
            ["simple8b", "zlib", "medium"]
        }
        Type::Int | Type::BigInt | Type::UInt | Type::UBigInt => ["simple8b", "lz4", "medium"],
        Type::Float | Type::Double => ["delta-d", "lz4", "medium"],
        Type::Geometry | Type::Blob => ["disabled", "lz4", "medium"],
        Type::Varchar | Type::Nchar | Type::Varbinary | Type::Json => {
            ["disabled", "zstd", "medium"]
        }
        Type::Decimal64 { .. } | Type::Decimal128 { .. } => ["disabled", "zstd", "medium"],
    }
}

/// `show create table`.
pub(crate) fn creation(
    engine: &Engine,
    caller: Caller<'_>,
    name: &TableName,
) -> Result<Answer, SqlError> {
    let database = engine.catalog.database(name.database(caller.database)?)?;
    let (stable, columns, tags) = definitions(database, &name.table)?;
    let list = |columns: &mut dyn Iterator<Item = &ColumnDefinition>| {
        let columns: Vec<_> = columns
            .map(|column| format!("`{}` {}", column.name, declared(column)))
            .collect();
        columns.join(", ")
    };
    let mut text = format!(
        "CREATE {} `{}` ({})",
        if stable { "STABLE" } else { "TABLE" },
        name.table,
        list(&mut columns.iter())
    );
    if stable {
        text += &format!(" TAGS ({})", list(&mut tags.into_iter()));
    }
    let Answer::Rows(mut result) = single(Column::varchar("Table", 193), Value::text(&name.table))
    else {
        return Err(SqlError::missing_table());
    };
    result
        .columns
        .push(Column::varchar("Create Table", 3_145_726));
    result.rows[0].push(Value::Text(text));
    Ok(Answer::Rows(result))
}

fn declared(column: &ColumnDefinition) -> String {
    match column.kind {
        Type::Varchar | Type::Nchar | Type::Varbinary | Type::Geometry => {
            format!("{}({})", column.kind.name(), column.bytes)
        }
        kind => kind.name(),
    }
}
