//! What is selected from: rows under named columns.

use super::super::catalog::{Catalog, Table};
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
    let definitions = columns.iter().chain(tags.iter().copied());
    let mut all: Vec<Column> = definitions
        .map(|column| Column {
            name: column.name.clone(),
            kind: column.kind,
            bytes: column.bytes,
        })
        .collect();
    all.push(Column::varchar("tbname", TABLE_NAME_BYTES));
    all.push(Column::fixed(VGROUP, Type::Int));
    let place = |table: &Table| order::vgroup(&database.name, &table.name, database.vgroups());
    let mut tables: Vec<_> = tables
        .into_iter()
        .map(|table| (place(table), table))
        .collect();
    tables.sort_by_key(|(place, _)| *place);
    let star = if database.table(name).is_some() {
        columns.len()
    } else {
        columns.len() + tags.len()
    };
    let mut rows = Vec::new();
    for (place, table) in tables {
        for row in table.rows.values() {
            let tags = table.tags.iter().map(|(_, value)| value.clone());
            rows.push(
                row.iter()
                    .cloned()
                    .chain(tags)
                    .chain([Value::text(&table.name), Value::Int(place.into())])
                    .collect(),
            );
        }
    }
    Ok(Relation {
        columns: all,
        star,
        precision: database.precision,
        rows,
    })
}
