//! Points into tables: supertables are created and widened, child tables created.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use super::invalid;
use super::point::{Cell, Point};
use crate::sql::{
    ColumnDefinition, Database, Precision, SqlError, Stable, Table, TableWrite, Type, Value,
    instant,
};

/// The column of a point's instant, and the tag of points that have none.
const INSTANT: &str = "_ts";
const NO_TAG: &str = "_tag_null";
/// How long rows are kept by default, in nanoseconds.
const KEEP: i64 = 3650 * 86_400 * 1_000_000_000;

/// Writes points. A tag named `table_key` gives a child table its name.
pub(crate) fn write(
    database: &mut Database,
    points: &[Point],
    table_key: Option<&str>,
) -> Result<(), SqlError> {
    let oldest = instant::now(Precision::Nano).saturating_sub(KEEP);
    let mut writes: Vec<TableWrite> = Vec::new();
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    for point in points {
        let key = table_key.filter(|key| !key.is_empty());
        let (named, tags): (Vec<&Cell>, Vec<&Cell>) = point
            .tags
            .iter()
            .partition(|tag| key == Some(tag.name.as_str()));
        fit(database, point, &tags)?;
        if point.at < oldest {
            return Err(SqlError::out_of_range());
        }
        let name = match named.first().map(|tag| &tag.value) {
            Some(Value::Text(name)) => name.clone(),
            _ => child_name(point, &tags),
        };
        let at = *places.entry(name.clone()).or_insert(writes.len());
        if at == writes.len() {
            writes.push(TableWrite {
                created: child(database, point, &tags, &name)?,
                table: name,
                rows: Vec::new(),
            });
        }
        writes[at].rows.push(row(database, point)?);
    }
    for write in &mut writes {
        // A later point may have brought a column that was not there when this one was read.
        if let Some(created) = &mut write.created {
            refresh(database, created);
        }
        let table = write.created.as_ref();
        let table = table.or_else(|| database.table(&write.table));
        let columns = table.map_or(0, |table| table.columns.len());
        for row in &mut write.rows {
            row.resize(columns, None);
        }
    }
    database.write(writes).map(drop)
}

/// Gives a table that is to be created what its supertable has by now.
fn refresh(database: &Database, created: &mut Table) {
    let stable = created.stable.as_deref().unwrap_or_default();
    let Some(stable) = database.stable(stable) else {
        return;
    };
    created.columns.clone_from(&stable.columns);
    let new = stable.tags.iter().skip(created.tags.len());
    let new: Vec<_> = new.map(|tag| (tag.clone(), Value::Null)).collect();
    created.tags.extend(new);
    for ((tag, _), known) in created.tags.iter_mut().zip(&stable.tags) {
        tag.bytes = known.bytes;
    }
}

/// A supertable that has every tag and field of a point, wide enough.
fn fit(database: &mut Database, point: &Point, tags: &[&Cell]) -> Result<(), SqlError> {
    let definition = |cell: &Cell| ColumnDefinition {
        name: cell.name.clone(),
        kind: cell.kind,
        bytes: cell.length(),
    };
    if database.stable(&point.stable).is_none() {
        let mut columns = vec![ColumnDefinition {
            name: INSTANT.to_owned(),
            kind: Type::Timestamp,
            bytes: 8,
        }];
        columns.extend(point.fields.iter().map(definition));
        let mut tags: Vec<_> = tags.iter().map(|tag| definition(tag)).collect();
        if tags.is_empty() {
            tags.push(definition(&Cell::tag(NO_TAG, "")));
        }
        distinct(&columns)?;
        distinct(&tags)?;
        database.create_stable(Stable {
            name: point.stable.clone(),
            columns,
            tags,
        });
        return Ok(());
    }
    for (cell, is_tag) in tags
        .iter()
        .map(|tag| (*tag, true))
        .chain(point.fields.iter().map(|field| (field, false)))
    {
        let stable = database.stable(&point.stable);
        let stable = stable.ok_or_else(SqlError::missing_table)?;
        let list = if is_tag {
            &stable.tags
        } else {
            &stable.columns
        };
        match list.iter().find(|known| known.name == cell.name) {
            Some(known) if known.kind != cell.kind => return Err(mismatch(known.kind, cell)),
            Some(known) if known.bytes < cell.length() => {
                database.widen(&point.stable, &cell.name, cell.length());
            }
            Some(_) => {}
            None if is_tag => database.add_tag(&point.stable, definition(cell))?,
            None => database.add_column(&point.stable, definition(cell))?,
        }
    }
    Ok(())
}

fn distinct(columns: &[ColumnDefinition]) -> Result<(), SqlError> {
    let mut seen = BTreeSet::new();
    match columns.iter().find(|column| !seen.insert(&column.name)) {
        Some(twice) => Err(invalid(format!("duplicate key: {}", twice.name))),
        None => Ok(()),
    }
}

fn mismatch(known: Type, cell: &Cell) -> SqlError {
    invalid(format!(
        "SML:0x1, smlGenerateSchemaAction point type and db type mismatch, db type:{}, point type:{}, key:{}",
        known.name(),
        cell.kind.name(),
        cell.written
    ))
}

/// A point's row in the columns of its supertable.
fn row(database: &Database, point: &Point) -> Result<Vec<Option<Value>>, SqlError> {
    let stable = database.stable(&point.stable);
    let stable = stable.ok_or_else(SqlError::missing_table)?;
    let at = point.at / database.precision.nanoseconds();
    let cells = stable.columns.iter().skip(1).map(|column| {
        let field = point.fields.iter().find(|field| field.name == column.name);
        field.map(|field| field.value.clone())
    });
    Ok(std::iter::once(Some(Value::Timestamp(at)))
        .chain(cells)
        .collect())
}

/// The child table of a point, if it is not there yet.
fn child(
    database: &Database,
    point: &Point,
    tags: &[&Cell],
    name: &str,
) -> Result<Option<Table>, SqlError> {
    if database.table(name).is_some() {
        return Ok(None);
    }
    let stable = database.stable(&point.stable);
    let stable = stable.ok_or_else(SqlError::missing_table)?;
    let value = |tag: &ColumnDefinition| {
        let given = tags.iter().find(|cell| cell.name == tag.name);
        given.map_or(Value::Null, |cell| cell.value.clone())
    };
    Ok(Some(Table {
        name: name.to_owned(),
        stable: Some(stable.name.clone()),
        columns: stable.columns.clone(),
        tags: stable
            .tags
            .iter()
            .map(|tag| (tag.clone(), value(tag)))
            .collect(),
        rows: BTreeMap::new(),
    }))
}

/// A name that its supertable and tags give a child table, in whatever order the tags come. The server's has another hash.
fn child_name(point: &Point, tags: &[&Cell]) -> String {
    let mut tags: Vec<String> = tags
        .iter()
        .map(|tag| format!(",{}={:?}", tag.name, tag.value))
        .collect();
    tags.sort();
    let digest = Sha256::digest(format!("{}{}", point.stable, tags.concat()));
    let digits = digest.iter().take(16).map(|byte| format!("{byte:02x}"));
    format!("t_{}", digits.collect::<String>())
}
