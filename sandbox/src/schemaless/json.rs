//! OpenTSDB's JSON: one point, or an array of them.

use serde_json::Value as Json;

use super::point::{Cell, Point, Unit};
use super::telnet::{VALUE, nanoseconds};
use super::{MOST_POINTS, invalid};
use crate::sql::{SqlError, Type, Value};

/// The points of a text.
pub(super) fn points(text: &str) -> Result<Vec<Point>, SqlError> {
    let broken = || SqlError::new(0x221, "Invalid JSON format");
    match serde_json::from_str(text).map_err(|_| broken())? {
        Json::Array(points) => points.iter().take(MOST_POINTS).map(point).collect(),
        object @ Json::Object(_) => Ok(vec![point(&object)?]),
        _ => Err(broken()),
    }
}

fn point(object: &Json) -> Result<Point, SqlError> {
    let part = |name: &str| {
        object
            .get(name)
            .ok_or_else(|| invalid(format!("invalid data: {name}")))
    };
    let stable = part("metric")?.as_str();
    let stable = stable.ok_or_else(|| invalid("invalid data: metric"))?;
    let tags = part("tags")?.as_object();
    let tags = tags.ok_or_else(|| invalid("invalid data: tags"))?;
    Ok(Point {
        stable: stable.to_owned(),
        tags: tags
            .iter()
            .map(|(name, value)| cell(name, value, Type::Nchar))
            .collect::<Result<_, _>>()?,
        fields: vec![cell(VALUE, part("value")?, Type::Varchar)?],
        at: instant(part("timestamp")?)?,
    })
}

fn instant(value: &Json) -> Result<i64, SqlError> {
    let count = |value: &Json| {
        value
            .as_i64()
            .ok_or_else(|| invalid(format!("invalid timestamp: {value}")))
    };
    match (value.get("value"), value.get("type").and_then(Json::as_str)) {
        (Some(value), Some(unit)) => Ok(Unit::named(unit).nanoseconds(count(value)?)),
        _ => nanoseconds(count(value)?),
    }
}

/// A tag or the value: a number is a double, text of this type; `{"value": …, "type": …}` names another.
fn cell(name: &str, value: &Json, text: Type) -> Result<Cell, SqlError> {
    let broken = || invalid(format!("invalid data: {value}"));
    let (kind, parsed) = match value {
        Json::Bool(truth) => (Type::Bool, Value::Bool(*truth)),
        Json::Number(number) => (
            Type::Double,
            Value::Double(number.as_f64().ok_or_else(broken)?),
        ),
        Json::String(written) => (text, Value::Text(written.clone())),
        Json::Object(typed) => {
            let named = typed.get("type").and_then(Json::as_str);
            let value = typed.get("value").ok_or_else(broken)?;
            named
                .and_then(|kind| typed_value(kind, value))
                .ok_or_else(broken)?
        }
        Json::Null | Json::Array(_) => return Err(broken()),
    };
    Ok(Cell {
        name: name.to_owned(),
        kind,
        value: parsed,
        written: value.to_string(),
    })
}

fn typed_value(kind: &str, value: &Json) -> Option<(Type, Value)> {
    let kind = match kind.to_ascii_lowercase().as_str() {
        "bool" => return Some((Type::Bool, Value::Bool(value.as_bool()?))),
        "binary" | "varchar" => return Some((Type::Varchar, Value::text(value.as_str()?))),
        "nchar" => return Some((Type::Nchar, Value::text(value.as_str()?))),
        "tinyint" | "i8" => Type::TinyInt,
        "smallint" | "i16" => Type::SmallInt,
        "int" | "i32" => Type::Int,
        "bigint" | "i64" => Type::BigInt,
        "float" | "f32" => return Some((Type::Double, Value::Double(value.as_f64()?))),
        "double" | "f64" => return Some((Type::Double, Value::Double(value.as_f64()?))),
        _ => return None,
    };
    let (least, most) = kind.integer_range()?;
    let number = value.as_i64()?;
    (least..=most)
        .contains(&number.into())
        .then_some((kind, Value::Int(number)))
}
