//! What is selected from: rows under named columns.

use super::super::ast::ColumnDefinition;
use super::super::catalog::{Catalog, Database, Table};
use super::super::error::SqlError;
use super::super::order;
use super::super::value::{Column, Precision, Type, Value};

/// The bytes that the server declares for `tbname`.
const TABLE_NAME_BYTES: usize = 270;
/// The hidden column with the vgroup that a row comes from: its rows come in blocks of their own.
pub(super) const VGROUP: &str = "_vgid";

/// Rows to select from. `*` means the first `star` columns.
#[derive(Debug, Default)]
pub(crate) struct Relation {
    pub(crate) columns: Vec<Column>,
    pub(crate) star: usize,
    pub(crate) precision: Precision,
    pub(crate) rows: Vec<Vec<Value>>,
}

impl Relation {
    /// A relation without hidden columns.
    pub(crate) fn plain(columns: Vec<Column>, rows: Vec<Vec<Value>>) -> Self {
        Self {
            star: columns.len(),
            columns,
            precision: Precision::Milli,
            rows,
        }
    }
}

/// A table's or a supertable's rows, with tags and `tbname` behind the columns.
pub(super) fn stored(catalog: &Catalog, database: &str, name: &str) -> Result<Relation, SqlError> {
    let database = catalog.database(database)?;
    let (tables, columns, tags): (Vec<&Table>, _, Vec<_>) =
        match (database.table(name), database.stable(name)) {
            (Some(table), _) => (
                vec![table],
                &table.columns,
                table.tags.iter().map(|(tag, _)| tag).collect(),
            ),
            (None, Some(stable)) => {
                let children = database
                    .tables
                    .iter()
                    .filter(|table| table.stable.as_deref() == Some(name));
                (
                    children.collect(),
                    &stable.columns,
                    stable.tags.iter().collect(),
                )
            }
            (None, None) => return Err(SqlError::missing_table()),
        };
    let star = if database.table(name).is_some() {
        columns.len()
    } else {
        columns.len() + tags.len()
    };
    let place = |table: &Table| order::vgroup(&database.name, &table.name, database.vgroups());
    let mut tables: Vec<_> = tables
        .into_iter()
        .map(|table| (place(table), table))
        .collect();
    tables.sort_by_key(|(place, _)| *place);
    let rows = tables.into_iter().flat_map(|(place, table)| {
        let rows = table.rows.values();
        rows.map(move |row| with_hidden(table, place, row))
    });
    Ok(Relation {
        rows: rows.collect(),
        columns: all_columns(columns.iter().chain(tags.iter().copied())),
        star,
        precision: database.precision,
    })
}

/// These rows of a table, as a query for it, or for its supertable, sees them.
pub(crate) fn relation_of(
    database: &Database,
    table: &Table,
    rows: &[Vec<Value>],
    with_tags: bool,
) -> Relation {
    let place = order::vgroup(&database.name, &table.name, database.vgroups());
    let rows = rows.iter().map(|row| with_hidden(table, place, row));
    let tags = if with_tags { table.tags.len() } else { 0 };
    Relation {
        rows: rows.collect(),
        columns: all_columns(
            table
                .columns
                .iter()
                .chain(table.tags.iter().map(|(tag, _)| tag)),
        ),
        star: table.columns.len() + tags,
        precision: database.precision,
    }
}

/// Columns and tags, then the hidden ones.
fn all_columns<'a>(definitions: impl Iterator<Item = &'a ColumnDefinition>) -> Vec<Column> {
    let visible = definitions.map(|column| Column {
        name: column.name.clone(),
        kind: column.kind,
        bytes: column.bytes,
    });
    visible
        .chain([
            Column::varchar("tbname", TABLE_NAME_BYTES),
            Column::fixed(VGROUP, Type::Int),
        ])
        .collect()
}

/// A row with its table's tags and the hidden columns. A row from before a column was added has no value for it.
fn with_hidden(table: &Table, place: u32, row: &[Value]) -> Vec<Value> {
    let missing = table.columns.len().saturating_sub(row.len());
    let tags = table.tags.iter().map(|(_, value)| value.clone());
    row.iter()
        .cloned()
        .chain(std::iter::repeat_n(Value::Null, missing))
        .chain(tags)
        .chain([Value::text(&table.name), Value::Int(place.into())])
        .collect()
}
