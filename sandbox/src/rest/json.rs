//! Results as taosAdapter writes them: Go's float formats, timestamps as RFC 3339, bytes in hexadecimal.

use std::fmt::Write;
use std::time::Instant;

use jiff::tz::TimeZone;

use crate::release::Release;
use crate::sql::instant::rfc3339;
use crate::sql::literal::decimal_text;
use crate::sql::{Answer, Column, ResultSet, Type, Value};

/// An error: `{"code":…,"desc":…,"timing":…}`, without the time before 3.3.
pub(crate) fn error(release: Release, code: i32, text: &str, start: Instant) -> String {
    if release.is_before_33() {
        return format!("{{\"code\":{code},\"desc\":{}}}", quote(text));
    }
    format!(
        "{{\"code\":{code},\"desc\":{},\"timing\":{}}}",
        quote(text),
        start.elapsed().as_nanos()
    )
}

/// The answer of `/rest/login`.
pub(crate) fn token(token: &str) -> String {
    format!("{{\"code\":0,\"desc\":{}}}", quote(token))
}

/// A result, its rows as arrays or as objects.
pub(crate) fn answer(answer: &Answer, zone: &TimeZone, row_with_meta: bool) -> String {
    match answer {
        Answer::Update { affected_rows } => {
            let rows = vec![vec![Value::UInt(*affected_rows)]];
            let columns = vec![Column {
                name: "affected_rows".to_owned(),
                kind: Type::Int,
                bytes: 4,
            }];
            result(
                &ResultSet {
                    columns,
                    rows,
                    ..ResultSet::default()
                },
                zone,
                row_with_meta,
            )
        }
        Answer::Rows(rows) => result(rows, zone, row_with_meta),
    }
}

fn result(result: &ResultSet, zone: &TimeZone, row_with_meta: bool) -> String {
    let meta = result.columns.iter().map(|column| {
        format!(
            "[{},{},{}]",
            quote(&column.name),
            quote(&column.kind.name()),
            column.bytes
        )
    });
    let rows = result.rows.iter().map(|row| {
        let cells = row.iter().zip(&result.columns).map(|(cell, column)| {
            let cell = value(cell, column.kind, result, zone);
            if row_with_meta {
                format!("{}:{cell}", quote(&column.name))
            } else {
                cell
            }
        });
        let cells = joined(cells);
        if row_with_meta {
            format!("{{{cells}}}")
        } else {
            format!("[{cells}]")
        }
    });
    let (meta, data) = (joined(meta), joined(rows));
    format!(
        "{{\"code\":0,\"column_meta\":[{meta}],\"data\":[{data}],\"rows\":{}}}",
        result.rows.len()
    )
}

fn joined(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(",")
}

fn quote(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn value(cell: &Value, kind: Type, result: &ResultSet, zone: &TimeZone) -> String {
    match cell {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Int(value) => value.to_string(),
        Value::UInt(value) => value.to_string(),
        Value::Float(value) => float(
            f64::from(value.abs()),
            value.is_finite(),
            format!("{value}"),
            format!("{value:e}"),
        ),
        Value::Double(value) => float(
            value.abs(),
            value.is_finite(),
            format!("{value}"),
            format!("{value:e}"),
        ),
        Value::Text(text) => quote(text),
        Value::Timestamp(value) => rfc3339(*value, result.precision, zone)
            .map_or_else(|| "null".to_owned(), |text| quote(&text)),
        Value::Json(text) => text.clone(),
        Value::Bytes(bytes) => {
            let mut text = String::with_capacity(bytes.len() * 2 + 2);
            text.push('"');
            for byte in bytes {
                // Writing to a string does not fail.
                let _ = write!(text, "{byte:02x}");
            }
            text + "\""
        }
        Value::Decimal(value) => {
            let scale = match kind {
                Type::Decimal64 { scale, .. } | Type::Decimal128 { scale, .. } => scale,
                _ => 0,
            };
            quote(&decimal_text(*value, scale))
        }
    }
}

/// Go's choice between plain and scientific, and its exponents of at least two digits.
fn float(magnitude: f64, finite: bool, plain: String, scientific: String) -> String {
    if !finite {
        return "null".to_owned();
    }
    if magnitude == 0.0 || (1e-6..1e21).contains(&magnitude) {
        return plain;
    }
    match scientific.split_once('e') {
        Some((digits, exponent)) => match exponent.strip_prefix('-') {
            Some(exponent) => format!("{digits}e-{exponent:0>2}"),
            None => format!("{digits}e+{exponent:0>2}"),
        },
        None => scientific,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_as_go_writes_them() {
        let cases = [
            (Value::Float(3.4e38), "3.4e+38"),
            (Value::Float(-1.5e-10), "-1.5e-10"),
            (
                Value::Double(1.797_693_134_862_315_7e308),
                "1.7976931348623157e+308",
            ),
            (Value::Double(-2.5e-300), "-2.5e-300"),
            (Value::Double(1.5), "1.5"),
            (Value::Double(100.0), "100"),
            (Value::Double(1e-7), "1e-07"),
            (Value::Double(1e20), "100000000000000000000"),
            (Value::Double(f64::NAN), "null"),
        ];
        for (cell, text) in cases {
            assert_eq!(
                value(&cell, Type::Double, &ResultSet::default(), &TimeZone::UTC),
                text
            );
        }
    }
}
