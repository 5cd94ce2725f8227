//! OpenTSDB's telnet lines: `metric instant value tag=value …`.

use super::invalid;
use super::point::{Cell, Point, Unit, field};
use crate::sql::SqlError;

/// The column of the value, in telnet lines and in JSON.
pub(super) const VALUE: &str = "_value";

/// The point of a line; `put` before it is allowed.
pub(super) fn point(line: &str) -> Result<Point, SqlError> {
    let line = line.trim();
    let mut words = line.strip_prefix("put ").unwrap_or(line).split_whitespace();
    let broken = |what: &str| invalid(format!("invalid data: {what}"));
    let stable = words.next().ok_or_else(|| broken(line))?;
    let instant = words.next().ok_or_else(|| broken(line))?;
    let at = nanoseconds(instant.parse().map_err(|_| broken(instant))?)?;
    let value = words.next().ok_or_else(|| broken(line))?;
    let (kind, parsed) = field(value).ok_or_else(|| broken(value))?;
    let tags = words.map(|pair| {
        let (name, value) = pair.split_once('=').ok_or_else(|| broken(pair))?;
        Ok(Cell::tag(name, value))
    });
    Ok(Point {
        stable: stable.to_owned(),
        tags: tags.collect::<Result<_, SqlError>>()?,
        fields: vec![Cell {
            name: VALUE.to_owned(),
            kind,
            value: parsed,
            written: value.to_owned(),
        }],
        at,
    })
}

/// An instant by its digits: ten are seconds, thirteen milliseconds; 0 is now.
pub(super) fn nanoseconds(count: i64) -> Result<i64, SqlError> {
    if count == 0 {
        return Ok(Unit::named("s").nanoseconds(0));
    }
    let unit = Unit::by_digits(count);
    let unit = unit.ok_or_else(|| invalid(format!("invalid timestamp: {count}")))?;
    Ok(unit.nanoseconds(count))
}
