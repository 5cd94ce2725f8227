//! Expressions: their types, their values over a row, and aggregates over rows.

use std::cmp::Ordering;

use super::ast::Expr;
use super::engine::Caller;
use super::error::SqlError;
use super::instant;
use super::lexer::unescape;
use super::value::{Column, Precision, Type, Value};

/// The machine that the server says its clients run on.
const CLIENT_HOST: &str = "vm";
/// The bytes that the server declares for `to_iso8601` and for a database's name.
const ISO8601_BYTES: i32 = 62;
const DATABASE_BYTES: i32 = 63;

/// What names mean.
#[derive(Clone, Copy)]
pub(crate) struct Scope<'a> {
    pub(crate) columns: &'a [Column],
    pub(crate) precision: Precision,
    pub(crate) caller: Caller<'a>,
}

/// An expression with its type.
pub(crate) struct Compiled<'a> {
    pub(crate) kind: Type,
    pub(crate) bytes: i32,
    pub(crate) eval: Eval<'a>,
}

/// What 3.2 declares for the text of `timezone()`, whatever its length.
const OLD_ZONE_BYTES: i32 = 94;

/// The value of an expression over a row.
pub(crate) type Eval<'a> = Box<dyn Fn(&[Value]) -> Value + 'a>;

impl<'a> Compiled<'a> {
    fn new(kind: Type, bytes: i32, eval: impl Fn(&[Value]) -> Value + 'a) -> Self {
        Self {
            kind,
            bytes,
            eval: Box::new(eval),
        }
    }

    fn fixed(kind: Type, eval: impl Fn(&[Value]) -> Value + 'a) -> Self {
        Self::new(kind, Column::fixed("", kind).bytes, eval)
    }

    fn constant(kind: Type, value: Value) -> Self {
        Self::fixed(kind, move |_| value.clone())
    }

    fn text(text: String) -> Self {
        Self::new(
            Type::Varchar,
            i32::try_from(text.len()).unwrap_or(i32::MAX),
            move |_| Value::text(&text),
        )
    }
}

pub(crate) fn compile<'a>(expr: &Expr, scope: &Scope<'a>) -> Result<Compiled<'a>, SqlError> {
    Ok(match expr {
        Expr::Null => Compiled::new(Type::Varchar, 0, |_| Value::Null),
        Expr::Bool(truth) => Compiled::constant(Type::Bool, Value::Bool(*truth)),
        Expr::Number(number) => self::number(number)?,
        Expr::Text(raw) => Compiled::text(unescape(raw)),
        Expr::Instant { today, shift } => {
            let precision = scope.precision;
            let base = if *today {
                instant::today(precision, scope.caller.zone)
            } else {
                let ahead = 1_000_000 / precision.nanoseconds() * scope.caller.data.clock_ms;
                instant::now(precision).saturating_add(ahead)
            };
            Compiled::constant(
                Type::Timestamp,
                Value::Timestamp(base.saturating_add(shift / precision.nanoseconds())),
            )
        }
        Expr::Column(name) => {
            let (at, column) = find(name, scope)?;
            Compiled::new(column.kind, column.bytes, move |row| {
                row.get(at).cloned().unwrap_or(Value::Null)
            })
        }
        Expr::Json { column, key } => {
            let (at, column) = find(column, scope)?;
            if column.kind != Type::Json {
                return Err(SqlError::new(0x2605, "Invalid value type: ->"));
            }
            let key = key.clone();
            Compiled::new(Type::Json, column.bytes, move |row| {
                json_member(row.get(at), &key)
            })
        }
        Expr::Call {
            function,
            arguments,
        } => call(function, arguments, scope)?,
        Expr::Bound(value) => bound(value),
        Expr::Star | Expr::Placeholder => return Err(SqlError::syntax("*")),
    })
}

fn bound<'a>(value: &Value) -> Compiled<'a> {
    let kind = match value {
        Value::Bool(_) => Type::Bool,
        Value::Int(_) => Type::BigInt,
        Value::UInt(_) => Type::UBigInt,
        Value::Float(_) => Type::Float,
        Value::Double(_) | Value::Decimal(_) => Type::Double,
        Value::Timestamp(_) => Type::Timestamp,
        Value::Text(text) | Value::Json(text) => return Compiled::text(text.clone()),
        Value::Bytes(_) => Type::Varbinary,
        Value::Null => Type::Varchar,
    };
    let value = value.clone();
    Compiled::new(kind, 0, move |_| value.clone())
}

fn number<'a>(text: &str) -> Result<Compiled<'a>, SqlError> {
    if let Ok(value) = text.parse() {
        return Ok(Compiled::constant(Type::BigInt, Value::Int(value)));
    }
    if let Ok(value) = text.parse() {
        return Ok(Compiled::constant(Type::UBigInt, Value::UInt(value)));
    }
    text.parse()
        .map(|value| Compiled::constant(Type::Double, Value::Double(value)))
        .map_err(|_| SqlError::syntax(text))
}

fn find<'a>(name: &str, scope: &Scope<'a>) -> Result<(usize, &'a Column), SqlError> {
    scope
        .columns
        .iter()
        .enumerate()
        .find(|(_, column)| column.name == name)
        .ok_or_else(|| SqlError::column(name))
}

fn json_member(cell: Option<&Value>, key: &str) -> Value {
    let Some(Value::Json(text)) = cell else {
        return Value::Null;
    };
    let object: serde_json::Value = serde_json::from_str(text).unwrap_or_default();
    object
        .get(key)
        .map_or(Value::Null, |member| Value::Json(member.to_string()))
}

fn call<'a>(
    function: &str,
    arguments: &[Expr],
    scope: &Scope<'a>,
) -> Result<Compiled<'a>, SqlError> {
    let caller = scope.caller;
    match (function, arguments) {
        ("server_version" | "client_version", []) => Ok(Compiled::text(caller.version.to_owned())),
        ("server_status", []) => Ok(Compiled::constant(Type::Int, Value::Int(1))),
        ("current_user" | "user", []) => {
            Ok(Compiled::text(format!("{}@{CLIENT_HOST}", caller.user)))
        }
        ("timezone", []) => {
            let mut zone = Compiled::text(instant::zone_name(caller.zone));
            if caller.release.is_before_33() {
                zone.bytes = OLD_ZONE_BYTES;
            }
            Ok(zone)
        }
        ("database", []) => {
            let bytes = caller.database.map_or(DATABASE_BYTES, |name| {
                i32::try_from(name.len()).unwrap_or(DATABASE_BYTES)
            });
            let database = caller.database.map_or(Value::Null, Value::text);
            Ok(Compiled::new(Type::Varchar, bytes, move |_| {
                database.clone()
            }))
        }
        ("to_iso8601", [argument]) => {
            let argument = as_instant(argument, compile(argument, scope)?, scope)?;
            let precision = scope.precision;
            Ok(Compiled::new(
                Type::Varchar,
                ISO8601_BYTES,
                move |row| match (argument.eval)(row) {
                    Value::Timestamp(value) | Value::Int(value) => {
                        instant::iso8601(value, precision, caller.zone)
                            .map_or(Value::Null, Value::Text)
                    }
                    _ => Value::Null,
                },
            ))
        }
        ("to_unixtimestamp", [argument]) => {
            let argument = compile(argument, scope)?;
            if argument.kind != Type::Varchar {
                return Err(parameter_type(function));
            }
            let precision = scope.precision;
            Ok(Compiled::fixed(Type::BigInt, move |row| {
                match (argument.eval)(row) {
                    Value::Text(text) => instant::parse(&text, precision, caller.zone)
                        .map_or(Value::Null, Value::Int),
                    _ => Value::Null,
                }
            }))
        }
        (
            "server_version" | "client_version" | "server_status" | "current_user" | "user"
            | "timezone" | "database",
            _,
        )
        | ("to_iso8601" | "to_unixtimestamp", _) => Err(SqlError::new(
            0x2801,
            format!("Invalid number of parameters : {function}"),
        )),
        _ => Err(SqlError::new(
            0x2800,
            format!("Invalid function name : {function}"),
        )),
    }
}

fn parameter_type(function: &str) -> SqlError {
    SqlError::new(0x2802, format!("Invalid parameter data type : {function}"))
}

/// A text constant beside a timestamp is an instant.
pub(crate) fn as_instant<'a>(
    expr: &Expr,
    compiled: Compiled<'a>,
    scope: &Scope<'a>,
) -> Result<Compiled<'a>, SqlError> {
    let raw = match expr {
        Expr::Text(raw) => raw,
        Expr::Bound(Value::Text(text)) => text,
        _ => return Ok(compiled),
    };
    match instant::parse(&unescape(raw), scope.precision, scope.caller.zone) {
        Some(value) => Ok(Compiled::constant(Type::Timestamp, Value::Timestamp(value))),
        None => Err(SqlError::new(0x2605, format!("Invalid value type: {raw}"))),
    }
}

/// Orders two cells, nulls first.
pub(crate) fn compare(left: &Value, right: &Value) -> Option<Ordering> {
    match (left.is_null(), right.is_null()) {
        (false, false) => compare_known(left, right),
        (left, right) => Some(right.cmp(&left)),
    }
}

/// Orders two cells, or `None` if one is null or they have nothing in common.
pub(crate) fn compare_known(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Text(left), Value::Text(right)) | (Value::Json(left), Value::Json(right)) => {
            Some(left.cmp(right))
        }
        (Value::Bytes(left), Value::Bytes(right)) => Some(left.cmp(right)),
        _ => match (whole(left), whole(right)) {
            (Some(left), Some(right)) => Some(left.cmp(&right)),
            _ => float(left)?.partial_cmp(&float(right)?),
        },
    }
}

fn whole(value: &Value) -> Option<i128> {
    match value {
        Value::Bool(value) => Some((*value).into()),
        Value::Int(value) | Value::Timestamp(value) => Some((*value).into()),
        Value::UInt(value) => Some((*value).into()),
        _ => None,
    }
}

#[allow(
    clippy::cast_precision_loss,
    reason = "as the server compares and averages"
)]
fn float(value: &Value) -> Option<f64> {
    match value {
        Value::Float(value) => Some((*value).into()),
        Value::Double(value) => Some(*value),
        Value::Text(text) => text.parse().ok(),
        other => whole(other).map(|value| value as f64),
    }
}

const AGGREGATES: [&str; 9] = [
    "count", "sum", "avg", "min", "max", "first", "last", "last_row", "spread",
];

pub(crate) fn is_aggregate(expr: &Expr) -> bool {
    matches!(expr, Expr::Call { function, .. } if AGGREGATES.contains(&function.as_str()))
}

/// The type, length and value of one item over all rows; an expression beside aggregates takes the first row.
pub(crate) fn aggregate(
    expr: &Expr,
    scope: &Scope<'_>,
    rows: &[&Vec<Value>],
) -> Result<(Type, i32, Value), SqlError> {
    let (function, argument) = match expr {
        Expr::Call {
            function,
            arguments,
        } if is_aggregate(expr) => match arguments.as_slice() {
            [argument] => (function.as_str(), argument),
            _ => {
                return Err(SqlError::new(
                    0x2801,
                    format!("Invalid number of parameters : {function}"),
                ));
            }
        },
        _ => {
            let Compiled { kind, bytes, eval } = compile(expr, scope)?;
            return Ok((
                kind,
                bytes,
                rows.first().map_or(Value::Null, |row| eval(row)),
            ));
        }
    };
    if let ("count", Expr::Star) = (function, argument) {
        return Ok((
            Type::BigInt,
            8,
            Value::Int(i64::try_from(rows.len()).unwrap_or(i64::MAX)),
        ));
    }
    let Compiled { kind, bytes, eval } = compile(argument, scope)?;
    let known: Vec<Value> = rows
        .iter()
        .map(|row| eval(row))
        .filter(|value| !value.is_null())
        .collect();
    let extreme = |wanted: Ordering| {
        known.iter().cloned().reduce(|best, value| {
            if compare_known(&value, &best) == Some(wanted) {
                value
            } else {
                best
            }
        })
    };
    match function {
        "count" => Ok((
            Type::BigInt,
            8,
            Value::Int(i64::try_from(known.len()).unwrap_or(i64::MAX)),
        )),
        "first" => Ok((kind, bytes, known.first().cloned().unwrap_or(Value::Null))),
        "last" => Ok((kind, bytes, known.last().cloned().unwrap_or(Value::Null))),
        "last_row" => Ok((
            kind,
            bytes,
            rows.last().map_or(Value::Null, |row| eval(row)),
        )),
        _ if !kind.is_numeric() => Err(parameter_type(function)),
        "min" => Ok((kind, bytes, extreme(Ordering::Less).unwrap_or(Value::Null))),
        "max" => Ok((
            kind,
            bytes,
            extreme(Ordering::Greater).unwrap_or(Value::Null),
        )),
        "spread" => {
            let ends = (extreme(Ordering::Less), extreme(Ordering::Greater));
            let ends = (
                ends.0.as_ref().and_then(float),
                ends.1.as_ref().and_then(float),
            );
            let spread = ends.0.zip(ends.1).map(|(least, most)| most - least);
            Ok((Type::Double, 8, spread.map_or(Value::Null, Value::Double)))
        }
        "avg" => Ok((
            Type::Double,
            8,
            average(&known).map_or(Value::Null, Value::Double),
        )),
        _ => Ok(sum(kind, &known)),
    }
}

#[allow(clippy::cast_precision_loss, reason = "as the server averages")]
fn average(known: &[Value]) -> Option<f64> {
    (!known.is_empty()).then(|| known.iter().filter_map(float).sum::<f64>() / known.len() as f64)
}

#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "sums wrap like the server's"
)]
fn sum(kind: Type, known: &[Value]) -> (Type, i32, Value) {
    let total = known.iter().filter_map(whole).sum::<i128>();
    let (kind, value) = match kind {
        Type::Float | Type::Double => (
            Type::Double,
            Value::Double(known.iter().filter_map(float).sum()),
        ),
        _ if kind.is_unsigned() => (Type::UBigInt, Value::UInt(total as u64)),
        _ => (Type::BigInt, Value::Int(total as i64)),
    };
    (kind, 8, if known.is_empty() { Value::Null } else { value })
}
