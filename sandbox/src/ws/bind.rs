//! What is bound to prepared statements, in its three forms: the data of `stmt2_bind`, blocks, and JSON.

use serde_json::Value as Json;

use super::connection::{ADAPTER, refused};
use crate::block::{self, fixed_value};
use crate::sql::{Batch, SqlError, Type, Value};

/// Whether the data of `stmt2_bind` are as long as they say.
pub(crate) fn whole(data: &[u8]) -> Result<(), SqlError> {
    match number(data, 0) {
        Some(total) if total != data.len() => refused(format!(
            "total length not match, expect {}, but get {total}",
            data.len()
        )),
        _ => Ok(()),
    }
}

/// A column that is not of its type.
fn mismatch<T>() -> Result<T, SqlError> {
    Err(SqlError::new(
        0x200,
        "column type mis-match with buffer type",
    ))
}

/// A number of columns other than the statement's.
fn uneven<T>() -> Result<T, SqlError> {
    Err(SqlError::new(
        0x200,
        "row number in each bind param should be the same",
    ))
}

/// Reads the data of `stmt2_bind`: total length, tables, tags, columns, the offsets of names, tags and columns, then at each
/// offset a length for every table and as many bytes (transcripts/session_java-3.7.9-ws.jsonl; the vendor's stmt2 protocol).
///
/// `kinds` are the types of an insert's tags and columns; those of a query are taken as they come.
pub(crate) fn bound(
    data: &[u8],
    kinds: Option<(&[Type], &[Type])>,
) -> Result<Vec<Batch>, SqlError> {
    let broken = || SqlError::new(ADAPTER, "bind data is broken");
    let mut head = [0; 7];
    for (at, slot) in head.iter_mut().enumerate() {
        *slot = number(data, at * 4).ok_or_else(broken)?;
    }
    let [_, tables, tags, columns, names_at, tags_at, columns_at] = head;
    if tables > data.len() {
        return Err(broken());
    }
    if kinds.is_some_and(|(tag_kinds, column_kinds)| {
        (tags != 0 && tags != tag_kinds.len()) || columns != column_kinds.len()
    }) {
        return uneven();
    }
    let mut batches = vec![Batch::default(); tables];
    if names_at != 0 {
        names(data, names_at, &mut batches).ok_or_else(broken)?;
    }
    if tags_at != 0 && tags != 0 {
        let kinds = kinds.map(|(tags, _)| tags);
        let groups = groups(data, tags_at, tables).ok_or_else(broken)?;
        for (table, batch) in groups.zip(&mut batches) {
            let rows = rows(table.ok_or_else(broken)?, tags, kinds)?;
            batch.tags = rows.into_iter().next().ok_or_else(broken)?;
        }
    }
    if columns_at != 0 && columns != 0 {
        let kinds = kinds.map(|(_, columns)| columns);
        let groups = groups(data, columns_at, tables).ok_or_else(broken)?;
        for (table, batch) in groups.zip(&mut batches) {
            batch.rows = rows(table.ok_or_else(broken)?, columns, kinds)?;
        }
    }
    Ok(batches)
}

/// The first table that is named in bound data.
pub(crate) fn first_table(data: &[u8]) -> Option<String> {
    let start = number(data, 16).filter(|start| *start != 0)?;
    let mut batches = vec![Batch::default(); number(data, 4)?.min(data.len())];
    names(data, start, &mut batches)?;
    batches.into_iter().next()?.table
}

/// Reads the tables' names: their lengths first, then themselves, each with a zero at its end.
fn names(data: &[u8], start: usize, batches: &mut [Batch]) -> Option<()> {
    let mut at = start.checked_add(batches.len().checked_mul(2)?)?;
    for (table, batch) in batches.iter_mut().enumerate() {
        let length = data.get(start + table * 2..start + table * 2 + 2)?;
        let length = usize::from(u16::from_le_bytes(length.try_into().ok()?));
        let name = data.get(at..at.checked_add(length)?)?;
        let name = String::from_utf8(name.to_vec()).ok()?;
        batch.table = Some(name.trim_end_matches('\0').to_owned()).filter(|name| !name.is_empty());
        at += length;
    }
    Some(())
}

fn number(data: &[u8], at: usize) -> Option<usize> {
    let bytes = data.get(at..at.checked_add(4)?)?.try_into().ok()?;
    usize::try_from(u32::from_le_bytes(bytes)).ok()
}

/// The bytes of every table: their lengths first, then themselves.
fn groups(data: &[u8], start: usize, tables: usize) -> Option<impl Iterator<Item = Option<&[u8]>>> {
    let mut at = start.checked_add(tables.checked_mul(4)?)?;
    Some((0..tables).map(move |table| {
        let length = number(data, start + table * 4)?;
        let bytes = data.get(at..at.checked_add(length)?)?;
        at += length;
        Some(bytes)
    }))
}

/// The rows of so many columns that stand behind each other.
fn rows(
    mut data: &[u8],
    columns: usize,
    kinds: Option<&[Type]>,
) -> Result<Vec<Vec<Value>>, SqlError> {
    let broken = || SqlError::new(ADAPTER, "bind data is broken");
    let mut read = Vec::new();
    for at in 0..columns {
        let length = number(data, 0).ok_or_else(broken)?;
        let (bytes, rest) = data.split_at_checked(length).ok_or_else(broken)?;
        let announced = number(bytes, 4).ok_or_else(broken)?;
        let kind = match kinds {
            Some(kinds) => kinds.get(at).copied(),
            None => u8::try_from(announced)
                .ok()
                .and_then(|announced| block::kind(announced, [0; 4])),
        };
        let kind = kind.ok_or_else(broken)?;
        if announced != usize::from(kind.code()) {
            return mismatch();
        }
        read.push(column(bytes, kind).ok_or_else(broken)?);
        data = rest;
    }
    transposed(read).map_or_else(uneven, Ok)
}

/// Rows of columns that are equally long.
fn transposed(columns: Vec<Vec<Value>>) -> Option<Vec<Vec<Value>>> {
    let rows = columns.first().map_or(0, Vec::len);
    if columns.iter().any(|column| column.len() != rows) {
        return None;
    }
    let row = |row: usize| columns.iter().map(|column| column[row].clone()).collect();
    Some((0..rows).map(row).collect())
}

/// One column: length, type, rows, a null flag a row, whether lengths follow, those, the buffer's length, the buffer.
fn column(data: &[u8], kind: Type) -> Option<Vec<Value>> {
    let rows = number(data, 8)?;
    if rows > data.len() {
        return None;
    }
    let nulls = data.get(12..12 + rows)?;
    let has_lengths = *data.get(12 + rows)? != 0;
    let lengths = 13 + rows;
    let start = if has_lengths {
        lengths + rows * 4
    } else {
        lengths
    } + 4;
    let mut rest = data.get(start..)?;
    let mut values = Vec::with_capacity(rows);
    for (row, null) in nulls.iter().enumerate() {
        let length = match kind.width() {
            // A null of a fixed-size type keeps its place.
            Some(width) => width,
            None if has_lengths => number(data, lengths + row * 4)?,
            None => 0,
        };
        if *null != 0 && (kind.width().is_none() || rest.is_empty()) {
            values.push(Value::Null);
            continue;
        }
        let (bytes, after) = rest.split_at_checked(length)?;
        rest = after;
        values.push(if *null != 0 {
            Value::Null
        } else {
            value(kind, bytes)?
        });
    }
    Some(values)
}

fn value(kind: Type, bytes: &[u8]) -> Option<Value> {
    Some(match kind {
        Type::Varchar | Type::Nchar => Value::Text(String::from_utf8(bytes.to_vec()).ok()?),
        Type::Json => Value::Json(String::from_utf8(bytes.to_vec()).ok()?),
        Type::Varbinary | Type::Blob | Type::Geometry => Value::Bytes(bytes.to_vec()),
        _ => fixed_value(kind, bytes),
    })
}

/// The rows of a block. Bytes behind it are not read: Go's driver sends the rest of its buffer there.
pub(crate) fn block_rows(block: &[u8]) -> Option<Vec<Vec<Value>>> {
    let block = block.get(..number(block, 4)?)?;
    block::decode(block).map(|block| block.rows)
}

/// The values of a JSON array.
pub(crate) fn json_row(row: Option<&Json>) -> Option<Vec<Value>> {
    row?.as_array()?.iter().map(json_value).collect()
}

/// The rows of a JSON array of columns.
pub(crate) fn json_columns(columns: Option<&Json>) -> Option<Vec<Vec<Value>>> {
    let columns = columns?.as_array()?.iter();
    transposed(
        columns
            .map(|column| json_row(Some(column)))
            .collect::<Option<_>>()?,
    )
}

fn json_value(value: &Json) -> Option<Value> {
    Some(match value {
        Json::Null => Value::Null,
        Json::Bool(truth) => Value::Bool(*truth),
        Json::Number(number) => match (number.as_i64(), number.as_u64()) {
            (Some(number), _) => Value::Int(number),
            (None, Some(number)) => Value::UInt(number),
            (None, None) => Value::Double(number.as_f64()?),
        },
        Json::String(text) => Value::Text(text.clone()),
        Json::Object(_) => Value::Json(value.to_string()),
        Json::Array(_) => return None,
    })
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    fn framed(parts: &[&[u8]]) -> Vec<u8> {
        parts.concat()
    }

    /// A column of ints as `stmt2_bind` carries it.
    fn ints(values: &[Option<i32>]) -> Vec<u8> {
        let rows = u32::try_from(values.len()).unwrap();
        let mut column = framed(&[&4_u32.to_le_bytes(), &rows.to_le_bytes()]);
        column.extend(values.iter().map(|value| u8::from(value.is_none())));
        column.push(0);
        column.extend((rows * 4).to_le_bytes());
        column.extend(
            values
                .iter()
                .flat_map(|value| value.unwrap_or(0).to_le_bytes()),
        );
        let total = u32::try_from(column.len() + 4).unwrap();
        framed(&[&total.to_le_bytes(), &column])
    }

    fn message(tables: &[(&str, Vec<u8>, Vec<u8>)]) -> Vec<u8> {
        let count = u32::try_from(tables.len()).unwrap();
        let length = |bytes: &[u8]| u32::try_from(bytes.len()).unwrap().to_le_bytes();
        let mut names = Vec::new();
        for (name, ..) in tables {
            names.extend(u16::try_from(name.len() + 1).unwrap().to_le_bytes());
        }
        for (name, ..) in tables {
            names.extend(name.bytes().chain([0]));
        }
        let group = |of: &dyn Fn(usize) -> Vec<u8>| {
            let parts: Vec<_> = (0..tables.len()).map(of).collect();
            let lengths: Vec<u8> = parts.iter().flat_map(|part| length(part)).collect();
            framed(&[&lengths, &parts.concat()])
        };
        let tags = group(&|at| tables[at].1.clone());
        let columns = group(&|at| tables[at].2.clone());
        let names_at = 28_u32;
        let tags_at = names_at + u32::try_from(names.len()).unwrap();
        let columns_at = tags_at + u32::try_from(tags.len()).unwrap();
        let total = columns_at + u32::try_from(columns.len()).unwrap();
        let head = [total, count, 1, 1, names_at, tags_at, columns_at];
        let head: Vec<u8> = head.iter().flat_map(|field| field.to_le_bytes()).collect();
        framed(&[&head, &names, &tags, &columns])
    }

    #[test]
    fn tables_get_their_own_tags_and_rows() {
        let data = message(&[
            ("a", ints(&[Some(1)]), ints(&[Some(10), None])),
            ("b", ints(&[None]), ints(&[Some(30)])),
        ]);
        let kinds = ([Type::Int].as_slice(), [Type::Int].as_slice());
        let batches = bound(&data, Some(kinds)).unwrap();
        let batch = |table: &str, tag, rows: &[Value]| Batch {
            table: Some(table.to_owned()),
            tags: vec![tag],
            rows: rows.iter().map(|value| vec![value.clone()]).collect(),
        };
        assert_eq!(
            batches,
            [
                batch("a", Value::Int(1), &[Value::Int(10), Value::Null]),
                batch("b", Value::Null, &[Value::Int(30)]),
            ]
        );
        let refusal = |data, kinds| bound(data, kinds).unwrap_err().code;
        assert_eq!(refusal(&data, Some((&[Type::Int], &[]))), 0x200);
        assert_eq!(refusal(&data, Some((&[Type::Int], &[Type::BigInt]))), 0x200);
        assert_eq!(refusal(&data[..data.len() - 1], Some(kinds)), ADAPTER);
        assert!(whole(&data).is_ok());
        assert!(whole(&data[..data.len() - 1]).is_err());
    }

    proptest! {
        #[test]
        fn nothing_that_is_bound_panics(mut data in vec(0_u8..40, 0..120), honest in any::<bool>(), known in any::<bool>()) {
            if honest && data.len() >= 4 {
                let length = u32::try_from(data.len()).unwrap();
                data[..4].copy_from_slice(&length.to_le_bytes());
                for at in (7..data.len().min(28)).step_by(4) {
                    data[at - 2..=at].fill(0);
                }
            }
            let kinds = ([Type::Json].as_slice(), [Type::Timestamp, Type::Varchar].as_slice());
            let _ = bound(&data, known.then_some(kinds));
            let _ = block_rows(&data);
        }
    }
}
