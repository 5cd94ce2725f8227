//! Literals to the values of a column.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;

use super::ast::{ColumnDefinition, Expr};
use super::error::SqlError;
use super::geometry;
use super::instant;
use super::lexer::unescape;
use super::value::{Precision, Type, Value};
use crate::release::Release;

/// What a literal's value depends on beside its column.
#[derive(Clone, Copy)]
pub(crate) struct Setting<'a> {
    pub(crate) precision: Precision,
    pub(crate) zone: &'a TimeZone,
    /// After which recording values are refused.
    pub(crate) release: Release,
}

/// The value of a literal for a column, or the error that an insert gives.
pub(crate) fn value(
    column: &ColumnDefinition,
    literal: &Expr,
    setting: Setting<'_>,
) -> Result<Value, SqlError> {
    match literal {
        Expr::Null => Ok(Value::Null),
        Expr::Bool(truth) => match column.kind {
            Type::Bool => Ok(Value::Bool(*truth)),
            kind if kind.is_unsigned() => Ok(Value::UInt((*truth).into())),
            kind if kind.integer_range().is_some() => Ok(Value::Int((*truth).into())),
            _ => Err(invalid(if *truth { "true" } else { "false" }, column)),
        },
        Expr::Number(number) => from_number(column, number),
        Expr::Text(raw) => from_text(column, &unescape(raw), raw, setting),
        Expr::Bound(value) => from_bound(column, value, setting),
        Expr::Instant { today, shift } if column.kind == Type::Timestamp => {
            let Setting {
                precision, zone, ..
            } = setting;
            let base = if *today {
                instant::today(precision, zone)
            } else {
                instant::now(precision)
            };
            Ok(Value::Timestamp(
                base.saturating_add(shift / precision.nanoseconds()),
            ))
        }
        _ => Err(invalid("?", column)),
    }
}

fn invalid(near: &str, column: &ColumnDefinition) -> SqlError {
    SqlError::value(
        near,
        &format!("invalid {} data", column.kind.name().to_lowercase()),
    )
}

fn from_number(column: &ColumnDefinition, number: &str) -> Result<Value, SqlError> {
    let refuse = || invalid(number, column);
    if let Some((least, most)) = column.kind.integer_range() {
        let integer = number
            .parse::<i128>()
            .ok()
            .or_else(|| rounded(number))
            .filter(|value| (least..=most).contains(value));
        return integer
            .map(|value| whole(column.kind, value))
            .ok_or_else(refuse);
    }
    match column.kind {
        Type::Bool => number
            .parse::<f64>()
            .map(|value| Value::Bool(value != 0.0))
            .map_err(|_| refuse()),
        Type::Float => number.parse().map(Value::Float).map_err(|_| refuse()),
        Type::Double => number.parse().map(Value::Double).map_err(|_| refuse()),
        Type::Timestamp => match number.parse::<i64>() {
            Ok(value) if value >= 0 => Ok(Value::Timestamp(value)),
            Ok(_) => Err(SqlError::out_of_range()),
            Err(_) => Err(SqlError::value(number, "invalid timestamp")),
        },
        Type::Decimal64 { precision, scale } | Type::Decimal128 { precision, scale } => {
            decimal(number, precision, scale)
                .map(Value::Decimal)
                .ok_or_else(refuse)
        }
        Type::Varchar | Type::Nchar => sized_text(column, number.to_owned()),
        _ => Err(refuse()),
    }
}

fn whole(kind: Type, value: i128) -> Value {
    if kind.is_unsigned() {
        Value::UInt(u64::try_from(value).unwrap_or(u64::MAX))
    } else {
        Value::Int(i64::try_from(value).unwrap_or(i64::MAX))
    }
}

#[allow(clippy::cast_possible_truncation, reason = "bounded by the guard")]
fn rounded(number: &str) -> Option<i128> {
    let value = number.parse::<f64>().ok()?.round();
    (value.abs() < 1e20).then_some(value as i128)
}

/// A bound value, whose type need not be the column's own: what was bound as text or as a number becomes what it tells.
fn from_bound(
    column: &ColumnDefinition,
    value: &Value,
    setting: Setting<'_>,
) -> Result<Value, SqlError> {
    match (column.kind, value) {
        (_, Value::Null) => Ok(Value::Null),
        (Type::Varchar | Type::Nchar, Value::Text(text)) => sized_text(column, text.clone()),
        (Type::Json, Value::Text(text) | Value::Json(text)) => json(text).map(Value::Json),
        (Type::Json | Type::Varchar, Value::Bytes(bytes)) => {
            let text = String::from_utf8_lossy(bytes).into_owned();
            from_bound(column, &Value::Text(text), setting)
        }
        (Type::Geometry | Type::Varbinary | Type::Blob, Value::Bytes(bytes)) => {
            sized_bytes(column, bytes.clone())
        }
        (_, Value::Text(text)) => from_text(column, text, text, setting),
        (Type::Timestamp, Value::Int(value) | Value::Timestamp(value)) => {
            from_number(column, &value.to_string())
        }
        (Type::Bool, Value::Bool(truth)) => Ok(Value::Bool(*truth)),
        (_, Value::Bool(truth)) => from_number(column, if *truth { "1" } else { "0" }),
        (_, Value::Int(value)) => from_number(column, &value.to_string()),
        (_, Value::UInt(value)) => from_number(column, &value.to_string()),
        (Type::Float, Value::Float(value)) => Ok(Value::Float(*value)),
        (_, Value::Float(value)) => from_number(column, &value.to_string()),
        (Type::Double, Value::Double(value)) => Ok(Value::Double(*value)),
        (_, Value::Double(value)) => from_number(column, &value.to_string()),
        (Type::Decimal64 { .. } | Type::Decimal128 { .. }, Value::Decimal(_)) => Ok(value.clone()),
        _ => Err(invalid("?", column)),
    }
}

fn from_text(
    column: &ColumnDefinition,
    text: &str,
    raw: &str,
    setting: Setting<'_>,
) -> Result<Value, SqlError> {
    let text = text.to_owned();
    match column.kind {
        Type::Varchar | Type::Nchar => sized_text(column, text),
        Type::Varbinary | Type::Blob => {
            let bytes = match text.strip_prefix("\\x") {
                Some(digits) => hexadecimal(digits).ok_or_else(|| invalid(raw, column))?,
                None => text.into_bytes(),
            };
            sized_bytes(column, bytes)
        }
        Type::Geometry => sized_bytes(
            column,
            geometry::wkb(&text).ok_or_else(|| invalid(raw, column))?,
        ),
        Type::Json => json(&text).map(Value::Json),
        Type::Timestamp => match instant::parse(&text, setting.precision, setting.zone) {
            Some(value) if value >= 0 => Ok(Value::Timestamp(value)),
            Some(_) if setting.release.is_before_33() => Err(SqlError::out_of_range()),
            _ => Err(SqlError::value(raw, "invalid timestamp")),
        },
        Type::Bool => match text.to_ascii_lowercase().as_str() {
            "true" => Ok(Value::Bool(true)),
            "false" => Ok(Value::Bool(false)),
            _ => from_number(column, &text),
        },
        _ => from_number(column, text.trim()).map_err(|_| invalid(raw, column)),
    }
}

/// Checks text against the declared length: bytes of a varchar, characters of an nchar.
pub(crate) fn sized_text(column: &ColumnDefinition, text: String) -> Result<Value, SqlError> {
    let length = if column.kind == Type::Nchar {
        text.chars().count()
    } else {
        text.len()
    };
    if length > usize::try_from(column.bytes).unwrap_or(0) {
        return Err(SqlError::too_long(&column.name));
    }
    Ok(Value::Text(text))
}

pub(crate) fn sized_bytes(column: &ColumnDefinition, bytes: Vec<u8>) -> Result<Value, SqlError> {
    if bytes.len() > usize::try_from(column.bytes).unwrap_or(0) {
        return Err(SqlError::too_long(&column.name));
    }
    Ok(Value::Bytes(bytes))
}

fn hexadecimal(digits: &str) -> Option<Vec<u8>> {
    if !digits.len().is_multiple_of(2) || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    (0..digits.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&digits[at..at + 2], 16).ok())
        .collect()
}

/// A decimal's digits without the point, rounded to the scale; `None` if they do not fit.
fn decimal(number: &str, precision: u8, scale: u8) -> Option<i128> {
    let (negative, digits) = match number.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, number),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    if !whole
        .bytes()
        .chain(fraction.bytes())
        .all(|digit| digit.is_ascii_digit())
    {
        return None;
    }
    let kept = fraction.len().min(scale.into());
    let padding = "0".repeat(usize::from(scale) - kept);
    let mut value = format!("{whole}{}{padding}", &fraction[..kept])
        .parse::<i128>()
        .ok()?;
    if fraction
        .as_bytes()
        .get(kept)
        .is_some_and(|digit| *digit >= b'5')
    {
        value += 1;
    }
    (value < 10_i128.pow(precision.into())).then_some(if negative { -value } else { value })
}

/// A decimal as text, with as many digits after the point as its scale says.
pub(crate) fn decimal_text(value: i128, scale: u8) -> String {
    let scale = usize::from(scale);
    let digits = format!("{:0>width$}", value.unsigned_abs(), width = scale + 1);
    let (whole, fraction) = digits.split_at(digits.len() - scale);
    let sign = if value < 0 { "-" } else { "" };
    if scale == 0 {
        format!("{sign}{whole}")
    } else {
        format!("{sign}{whole}.{fraction}")
    }
}

/// A JSON object as the server keeps it: no blanks, keys sorted. Keys must be ASCII.
fn json(text: &str) -> Result<String, SqlError> {
    let refuse = || SqlError::value(text, "json parse error");
    let object: BTreeMap<String, serde_json::Value> =
        serde_json::from_str(text).map_err(|_| refuse())?;
    if let Some(key) = object.keys().find(|key| !key.is_ascii()) {
        return Err(SqlError::value(key, "json key not validate"));
    }
    serde_json::to_string(&object).map_err(|_| refuse())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_round_trip() {
        for (text, precision, scale) in [
            ("12345678.91", 10, 2),
            ("1234567890123456789012345678.0123456789", 38, 10),
            ("-0.01", 10, 2),
            ("-0.0000000001", 38, 10),
            ("7", 5, 0),
        ] {
            assert_eq!(
                decimal_text(decimal(text, precision, scale).unwrap(), scale),
                text
            );
        }
        assert_eq!(decimal("1.005", 10, 2), Some(101));
        assert_eq!(decimal("123", 2, 0), None);
        assert_eq!(decimal("1e3", 10, 2), None);
    }

    #[test]
    fn json_is_sorted() {
        assert_eq!(
            json(r#"{"k": "文", "b": true}"#).unwrap(),
            r#"{"b":true,"k":"文"}"#
        );
        assert_eq!(
            json(r#"{"中":1}"#).unwrap_err().text,
            "syntax error near '中' (json key not validate)"
        );
    }
}
