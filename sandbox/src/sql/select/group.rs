//! `partition by`, `interval` and `group by`: rows put into groups that are aggregated one by one.

use super::super::ast::Grouping;
use super::super::error::SqlError;
use super::super::expr::{self, Eval, Scope};
use super::super::instant;
use super::super::value::{Column, Precision, Type, Value};
use super::Relation;

/// The columns that a window adds: its start, its end, its length.
const WINDOW: [(&str, Type); 3] = [
    ("_wstart", Type::Timestamp),
    ("_wend", Type::Timestamp),
    ("_wduration", Type::BigInt),
];

/// Most windows that one group may have; the server has a limit too.
const MOST_WINDOWS: usize = 1_000_000;

/// Adds the columns of the window that each row falls into, if there are windows.
pub(super) fn add_windows(
    relation: &mut Relation,
    grouping: &Grouping,
    zone: &jiff::tz::TimeZone,
) -> Result<(), SqlError> {
    let Some(interval) = grouping.interval else {
        return Ok(());
    };
    let length = interval / relation.precision.nanoseconds();
    if length <= 0 {
        return Err(SqlError::new(0x2617, "Interval time too small"));
    }
    relation
        .columns
        .extend(WINDOW.map(|(name, kind)| Column::fixed(name, kind)));
    for row in &mut relation.rows {
        let start = match row.first() {
            Some(Value::Timestamp(at)) => window_start(*at, length, relation.precision, zone),
            _ => 0,
        };
        row.extend([
            Value::Timestamp(start),
            Value::Timestamp(start.saturating_add(length)),
            Value::Int(length),
        ]);
    }
    Ok(())
}

/// Windows of days and weeks start at the zone's midnight.
fn window_start(at: i64, length: i64, precision: Precision, zone: &jiff::tz::TimeZone) -> i64 {
    let ahead = instant::offset(at, precision, zone);
    let local = at.saturating_add(ahead);
    (local - local.rem_euclid(length)).saturating_sub(ahead)
}

/// The groups in the order in which they appear; windows of a group in the order of time.
pub(super) fn groups(
    rows: Vec<Vec<Value>>,
    grouping: &Grouping,
    scope: &Scope<'_>,
) -> Result<Vec<Vec<Vec<Value>>>, SqlError> {
    let mut keys: Vec<Eval<'_>> = Vec::new();
    for key in &grouping.keys {
        keys.push(expr::compile(key, scope)?.eval);
    }
    let mut parts: Vec<(Vec<Value>, Vec<Vec<Value>>)> = Vec::new();
    let mut known = std::collections::HashMap::new();
    for row in rows {
        let key: Vec<Value> = keys.iter().map(|key| key(&row)).collect();
        let at = *known.entry(format!("{key:?}")).or_insert_with(|| {
            parts.push((key, Vec::new()));
            parts.len() - 1
        });
        parts[at].1.push(row);
    }
    if grouping.interval.is_none() {
        return Ok(parts.into_iter().map(|(_, rows)| rows).collect());
    }
    let start = scope.columns.len() - WINDOW.len();
    let mut groups = Vec::new();
    for (_, rows) in parts {
        let mut windows = std::collections::BTreeMap::<i64, Vec<Vec<Value>>>::new();
        for row in rows {
            if let Some(Value::Timestamp(at)) = row.get(start) {
                windows.entry(*at).or_default().push(row);
            }
        }
        groups.extend(windows.into_values().take(MOST_WINDOWS));
    }
    Ok(groups)
}
