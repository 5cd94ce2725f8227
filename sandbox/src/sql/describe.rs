//! `describe`, `show tables`, `show create table`.

use super::ast::{ColumnDefinition, Shown, TableName};
use super::catalog::{Database, Table};
use super::engine::{Caller, Engine, single};
use super::error::SqlError;
use super::value::{Answer, Column, ResultSet, Type, Value};
use super::{information_schema, order, select};

/// `show tables`, `show stables`, `show views`.
pub(crate) fn tables(
    engine: &Engine,
    caller: Caller<'_>,
    database: Option<&str>,
    kind: Shown,
    like: Option<&str>,
) -> Result<Answer, SqlError> {
    let Some(database) = database.or(caller.database) else {
        return Err(SqlError::new(0x2600, "database not specified"));
    };
    let mut names: Vec<&str> = match (database, kind) {
        (_, Shown::Views) => {
            let views = information_schema::views();
            return Ok(Answer::Rows(ResultSet {
                columns: views.columns,
                ..ResultSet::default()
            }));
        }
        ("information_schema", Shown::Tables) => information_schema::SYSTEM_TABLES.to_vec(),
        ("performance_schema", Shown::Tables) => information_schema::PERFORMANCE_TABLES.to_vec(),
        ("information_schema" | "performance_schema", Shown::Stables) => Vec::new(),
        (database, kind) => stored(engine.catalog.database(database)?, kind),
    };
    if let Some(like) = like {
        names.retain(|name| select::like(name, like));
    }
    let name = match kind {
        Shown::Stables => "stable_name",
        Shown::Tables | Shown::Views => "table_name",
    };
    Ok(Answer::Rows(ResultSet {
        columns: vec![Column::varchar(name, 192)],
        rows: names
            .into_iter()
            .map(|name| vec![Value::text(name)])
            .collect(),
        ..ResultSet::default()
    }))
}

/// The names of a database's tables, or of its supertables in the server's order.
fn stored(database: &Database, kind: Shown) -> Vec<&str> {
    if kind == Shown::Tables {
        let tables = database.tables.iter();
        return tables.map(|table| table.name.as_str()).collect();
    }
    let stables = database.stables.iter();
    let mut names: Vec<_> = stables.map(|stable| stable.name.as_str()).collect();
    names.sort_by_key(|name| order::slot(&format!("{}.{name}", database.name)));
    names
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
    if let Some(table) = database.table(&name.table)
        && let Some(stable) = &table.stable
    {
        return with_text(&name.table, child_creation(table, stable));
    }
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
    with_text(&name.table, text)
}

/// A child table's creation: its supertable, and its tags as literals.
fn child_creation(table: &Table, stable: &str) -> String {
    let names: Vec<_> = table
        .tags
        .iter()
        .map(|(tag, _)| format!("`{}`", tag.name))
        .collect();
    let values: Vec<_> = table.tags.iter().map(|(_, value)| literal(value)).collect();
    format!(
        "CREATE TABLE `{}` USING `{stable}` ({}) TAGS ({})",
        table.name,
        names.join(", "),
        values.join(", ")
    )
}

fn literal(value: &Value) -> String {
    match value {
        Value::Null => "NULL".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Int(value) | Value::Timestamp(value) => value.to_string(),
        Value::UInt(value) => value.to_string(),
        Value::Float(value) => value.to_string(),
        Value::Double(value) => value.to_string(),
        Value::Text(text) | Value::Json(text) => format!("\"{text}\""),
        Value::Bytes(bytes) => format!("\"{}\"", String::from_utf8_lossy(bytes)),
        Value::Decimal(value) => value.to_string(),
    }
}

fn with_text(table: &str, text: String) -> Result<Answer, SqlError> {
    let Answer::Rows(mut result) = single(Column::varchar("Table", 193), Value::text(table)) else {
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
