//! Prepared inserts over WebSocket: `stmt2_*` as far as one connector was recorded with it, `init` and `prepare` of the older ones.

use serde_json::{Map, Value as Json, json};

use super::action::Args;
use super::connection::{Connection, Outcome, fields, refused};
use crate::block::fixed_value;
use crate::sql::{Prepared as Insert, SqlError, Type, Value};

/// A statement that was prepared, with the rows bound to it.
#[derive(Debug)]
pub(crate) struct Prepared {
    insert: Insert,
    rows: Vec<Vec<Value>>,
}

/// `bind_type` of a column, as against a tag or the table's name.
const COLUMN: u8 = 1;

impl Connection {
    pub(crate) fn statement_init(&mut self) -> Map<String, Json> {
        self.last_statement += 1;
        self.statements.insert(self.last_statement, None);
        fields(json!({"stmt_id": self.last_statement}))
    }

    pub(crate) fn statement_prepare(&mut self, action: &str, args: &Args<'_>) -> Outcome {
        let id = args.number("stmt_id");
        let Some(session) = &self.session else {
            return refused("server not connected");
        };
        let Some(statement) = self.statements.get_mut(&id) else {
            return refused("stmt is nil");
        };
        let insert = self.state.prepare(session, args.text("sql"))?;
        let mut reply = fields(json!({"stmt_id": id, "is_insert": true}));
        if action == "stmt2_prepare" && args.flag("get_fields") {
            let mut described = described(&insert);
            for field in &mut described {
                field.insert("bind_type".to_owned(), COLUMN.into());
            }
            reply.insert(
                "fields".to_owned(),
                described.into_iter().map(Json::Object).collect(),
            );
            reply.insert("fields_count".to_owned(), insert.columns.len().into());
        }
        *statement = Some(Prepared {
            insert,
            rows: Vec::new(),
        });
        Ok(reply)
    }

    fn prepared(&mut self, id: u64) -> Result<&mut Prepared, SqlError> {
        self.statements
            .get_mut(&id)
            .and_then(Option::as_mut)
            .map_or_else(|| refused("stmt is nil"), Ok)
    }

    pub(crate) fn statement_fields(&mut self, id: u64) -> Outcome {
        let fields: Json = described(&self.prepared(id)?.insert)
            .into_iter()
            .map(Json::Object)
            .collect();
        Ok(self::fields(json!({"stmt_id": id, "fields": fields})))
    }

    pub(crate) fn statement_bind(&mut self, id: u64, data: &[u8]) -> Outcome {
        if self.session.is_none() {
            return refused("server not connected");
        }
        let prepared = self.prepared(id)?;
        let kinds: Vec<Type> = prepared
            .insert
            .columns
            .iter()
            .map(|column| column.kind)
            .collect();
        let Some(columns) = bound(data, &kinds) else {
            return refused("bind data is broken or not of one table");
        };
        let rows = columns.first().map_or(0, Vec::len);
        if columns.iter().any(|column| column.len() != rows) {
            return refused("columns are bound with different numbers of rows");
        }
        prepared.rows.extend(
            (0..rows).map(|row| columns.iter().map(|column| column[row].clone()).collect()),
        );
        Ok(self::fields(json!({"stmt_id": id})))
    }

    pub(crate) fn statement_execute(&mut self, id: u64) -> Outcome {
        let prepared = self.prepared(id)?;
        let (insert, rows) = (prepared.insert.clone(), std::mem::take(&mut prepared.rows));
        let affected = self.state.execute_prepared(&insert, &rows)?;
        Ok(fields(json!({"stmt_id": id, "affected": affected})))
    }

    pub(crate) fn statement_close(&mut self, id: u64) -> Outcome {
        match self.statements.remove(&id) {
            Some(_) => Ok(fields(json!({"stmt_id": id}))),
            None => refused("stmt is nil"),
        }
    }
}

fn described(insert: &Insert) -> Vec<Map<String, Json>> {
    let field = |column: &crate::sql::ColumnDefinition| {
        let (precision, scale) = match column.kind {
            Type::Decimal64 { precision, scale } | Type::Decimal128 { precision, scale } => {
                (precision, scale)
            }
            _ => (0, 0),
        };
        let (name, bytes) = (&column.name, column.stored_bytes());
        let code = column.kind.code();
        fields(
            json!({"name": name, "field_type": code, "precision": precision, "scale": scale, "bytes": bytes}),
        )
    };
    insert.columns.iter().map(field).collect()
}

/// The columns of one table's bind data: total length, tables, tags, columns, three offsets, then at the last of these the
/// length of the columns and the columns themselves (transcripts/session_java-3.7.9-ws.jsonl).
fn bound(data: &[u8], kinds: &[Type]) -> Option<Vec<Vec<Value>>> {
    let number = |at: usize| {
        let bytes = data.get(at..at + 4)?.try_into().ok()?;
        usize::try_from(u32::from_le_bytes(bytes)).ok()
    };
    let (tables, tags, columns) = (number(4)?, number(8)?, number(12)?);
    if number(0)? != data.len() || tables != 1 || tags != 0 || columns != kinds.len() {
        return None;
    }
    let mut at = number(24)?.checked_add(4)?;
    let mut bound = Vec::new();
    for kind in kinds {
        let length = number(at)?;
        bound.push(column(data.get(at..at.checked_add(length)?)?, *kind)?);
        at += length;
    }
    Some(bound)
}

/// One column: length, type, rows, a null flag a row, whether lengths follow, those, the buffer's length, the buffer.
fn column(data: &[u8], kind: Type) -> Option<Vec<Value>> {
    let number = |at: usize| {
        let bytes = data.get(at..at.checked_add(4)?)?.try_into().ok()?;
        usize::try_from(u32::from_le_bytes(bytes)).ok()
    };
    let rows = number(8)?;
    if number(4)? != usize::from(kind.code()) || rows > data.len() {
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
            None if has_lengths => number(lengths + row * 4)?,
            None => 0,
        };
        if *null != 0 && kind.width().is_none() {
            values.push(Value::Null);
            continue;
        }
        if *null != 0 && rest.is_empty() {
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
