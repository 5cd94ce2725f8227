//! Answers as messages of the private protocol.

use std::fmt::Write;

use serde_json::{Value as Json, json};

use crate::sql::{Answer, ResultSet, SqlError, Type, Value};

/// An error.
pub(super) fn error(error: &SqlError) -> Json {
    json!({"code": error.code & 0xffff, "text": error.text})
}

/// What a statement gave.
pub(super) fn answer(answer: &Answer) -> Json {
    match answer {
        Answer::Update { affected_rows } => json!({ "affected": affected_rows }),
        Answer::Rows(result) => rows(result),
    }
}

/// Fields and rows.
pub(super) fn rows(result: &ResultSet) -> Json {
    let fields = result.columns.iter();
    let fields = fields
        .map(|column| json!({"name": column.name, "type": column.kind.code(), "bytes": column.bytes}))
        .collect::<Vec<_>>();
    let rows = result.rows.iter().map(|row| {
        let cells = result.columns.iter().zip(row);
        cells
            .map(|(column, value)| memory(column.kind, value).map(|bytes| hex(&bytes)))
            .collect::<Vec<_>>()
    });
    let rows = rows.collect::<Vec<_>>();
    json!({"precision": result.precision.code(), "fields": fields, "rows": rows})
}

/// A value as it lies in memory where a row of the C interface points; `None` is null. Decimals are text there.
fn memory(kind: Type, value: &Value) -> Option<Vec<u8>> {
    let integer = |bytes: &[u8]| {
        bytes
            .iter()
            .copied()
            .take(kind.width().unwrap_or(8))
            .collect()
    };
    Some(match value {
        Value::Null => return None,
        Value::Bool(value) => vec![u8::from(*value)],
        Value::Int(value) | Value::Timestamp(value) => integer(&value.to_le_bytes()),
        Value::UInt(value) => integer(&value.to_le_bytes()),
        Value::Float(value) => value.to_le_bytes().to_vec(),
        Value::Double(value) => value.to_le_bytes().to_vec(),
        Value::Text(text) | Value::Json(text) => text.clone().into_bytes(),
        Value::Bytes(bytes) => bytes.clone(),
        Value::Decimal(value) => decimal(*value, kind).into_bytes(),
    })
}

/// A decimal as text, with all the digits of its scale.
fn decimal(value: i128, kind: Type) -> String {
    let scale = match kind {
        Type::Decimal64 { scale, .. } | Type::Decimal128 { scale, .. } => usize::from(scale),
        _ => 0,
    };
    let digits = format!("{:0>width$}", value.unsigned_abs(), width = scale + 1);
    let (whole, fraction) = digits.split_at(digits.len() - scale);
    let sign = if value < 0 { "-" } else { "" };
    if fraction.is_empty() {
        format!("{sign}{whole}")
    } else {
        format!("{sign}{whole}.{fraction}")
    }
}

/// Lower-case hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            // Writing to a string cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_lie_as_in_memory() {
        let hex_of = |kind, value| memory(kind, &value).map(|bytes| hex(&bytes));
        assert_eq!(
            hex_of(Type::Int, Value::Int(-2)).as_deref(),
            Some("feffffff")
        );
        assert_eq!(hex_of(Type::TinyInt, Value::Int(-2)).as_deref(), Some("fe"));
        assert_eq!(
            hex_of(Type::UBigInt, Value::UInt(u64::MAX)).as_deref(),
            Some("ffffffffffffffff")
        );
        assert_eq!(
            hex_of(Type::Timestamp, Value::Timestamp(1)).as_deref(),
            Some("0100000000000000")
        );
        assert_eq!(
            hex_of(Type::Float, Value::Float(1.0)).as_deref(),
            Some("0000803f")
        );
        assert_eq!(
            hex_of(Type::Nchar, Value::Text("é".to_owned())).as_deref(),
            Some("c3a9")
        );
        assert_eq!(hex_of(Type::Bool, Value::Null), None);
    }

    #[test]
    fn decimals_keep_every_digit_of_their_scale() {
        let kind = Type::Decimal64 {
            precision: 10,
            scale: 2,
        };
        let text = |value| decimal(value, kind);
        assert_eq!(
            [text(12345), text(-5), text(0)],
            ["123.45", "-0.05", "0.00"]
        );
        assert_eq!(
            decimal(
                -7,
                Type::Decimal128 {
                    precision: 20,
                    scale: 0
                }
            ),
            "-7"
        );
    }
}
