//! `select`: a relation, filtered, grouped, sorted, cut and projected.

mod condition;
mod group;
mod relation;

use std::cmp::Ordering;
use std::collections::HashSet;

use super::ast::{Expr, Item, Select};
use super::engine::{Caller, Engine};
use super::error::SqlError;
use super::expr::{self, Scope};
use super::information_schema;
use super::value::{Column, ResultSet, Type, Value};

use relation::VGROUP;
pub(crate) use relation::{Relation, relation_of};

/// Whether a text is like a pattern of `like`.
pub(crate) fn like(text: &str, pattern: &str) -> bool {
    let characters = |text: &str| text.chars().collect::<Vec<_>>();
    condition::like(&characters(text), &characters(pattern))
}

/// Rows of a null bitmap's last byte that LIMIT may cut.
const CUT: usize = 7;

pub(crate) fn run(
    engine: &Engine,
    caller: Caller<'_>,
    query: &Select,
) -> Result<ResultSet, SqlError> {
    let relation = match &query.from {
        None => Relation {
            rows: vec![Vec::new()],
            ..Relation::default()
        },
        Some(name) => match name.database(caller.database)? {
            "information_schema" => information_schema::relation(engine, caller, &name.table)?,
            "performance_schema" => information_schema::performance(engine, &name.table)?,
            database => relation::stored(&engine.catalog, database, &name.table)
                .map_err(|error| error.of_queried_table(caller.release))?,
        },
    };
    over(relation, caller, query)
}

/// A row of the result with what it is sorted by.
type Keyed = (Vec<Value>, Vec<Value>);

/// Runs a query over this relation in place of its table.
pub(crate) fn over(
    mut relation: Relation,
    caller: Caller<'_>,
    query: &Select,
) -> Result<ResultSet, SqlError> {
    let items = expand(&query.items, &relation);
    if let Some(grouping) = &query.grouping {
        group::add_windows(&mut relation, grouping, caller.zone)?;
    }
    let mut rows = std::mem::take(&mut relation.rows);
    let scope = Scope {
        columns: &relation.columns,
        precision: relation.precision,
        caller,
    };
    if let Some(condition) = &query.condition {
        let test = condition::test(condition, &scope)?;
        rows.retain(|row| test(row));
    }
    let order: Vec<(Expr, bool)> = query
        .order
        .iter()
        .map(|(key, descending)| (aliased(key, &items), *descending))
        .collect();
    let aggregate = items.iter().any(|(expr, _)| expr::is_aggregate(expr));
    let mut breaks = Vec::new();
    let (columns, mut keyed) = match &query.grouping {
        Some(grouping) if aggregate || grouping.interval.is_some() || !grouping.partition => {
            let groups = group::groups(rows, grouping, &scope)?;
            aggregated(&items, &order, &groups, &scope)?
        }
        None if aggregate => aggregated(&items, &order, &[rows], &scope)?,
        _ => {
            if order.is_empty() && !query.distinct {
                breaks = block_breaks(&rows, &relation.columns);
            }
            projected(&items, &order, &rows, &scope)?
        }
    };
    if !order.is_empty() {
        keyed.sort_by(|(_, left), (_, right)| compare_keys(left, right, &order));
    }
    let mut rows: Vec<_> = keyed.into_iter().map(|(row, _)| row).collect();
    if query.distinct {
        let mut seen = HashSet::new();
        rows.retain(|row| seen.insert(format!("{row:?}")));
    }
    let (skip, count) = query.limit.unwrap_or((0, usize::MAX));
    if query.limit.is_some() {
        breaks.clear();
    }
    let mut rows = rows.into_iter().skip(skip);
    let selected = rows.by_ref().take(count).collect();
    let cut = rows.take(CUT).collect();
    Ok(ResultSet {
        columns,
        precision: relation.precision,
        rows: selected,
        cut,
        breaks,
    })
}

/// Where the rows of another vgroup start.
fn block_breaks(rows: &[Vec<Value>], columns: &[Column]) -> Vec<usize> {
    let Some(at) = columns.iter().position(|column| column.name == VGROUP) else {
        return Vec::new();
    };
    let pairs = rows.windows(2).enumerate();
    pairs
        .filter(|(_, pair)| pair[0].get(at) != pair[1].get(at))
        .map(|(before, _)| before + 1)
        .collect()
}

/// The rows of the result without grouping.
fn projected(
    items: &[(Expr, String)],
    order: &[(Expr, bool)],
    rows: &[Vec<Value>],
    scope: &Scope<'_>,
) -> Result<(Vec<Column>, Vec<Keyed>), SqlError> {
    let mut columns = Vec::new();
    let mut cells = Vec::new();
    for (expr, name) in items {
        let compiled = expr::compile(expr, scope)?;
        columns.push(Column {
            name: name.clone(),
            kind: compiled.kind,
            bytes: compiled.bytes,
        });
        cells.push(compiled.eval);
    }
    let keys = order
        .iter()
        .map(|(key, _)| expr::compile(key, scope).map(|compiled| compiled.eval))
        .collect::<Result<Vec<_>, _>>()?;
    let keyed = rows.iter().map(|row| {
        let cells = cells.iter().map(|eval| eval(row)).collect();
        (cells, keys.iter().map(|eval| eval(row)).collect())
    });
    Ok((columns, keyed.collect()))
}

/// One row of the result for each group.
fn aggregated(
    items: &[(Expr, String)],
    order: &[(Expr, bool)],
    groups: &[Vec<Vec<Value>>],
    scope: &Scope<'_>,
) -> Result<(Vec<Column>, Vec<Keyed>), SqlError> {
    let column = |(expr, name): &(Expr, String)| {
        let (kind, bytes, _) = expr::aggregate(expr, scope, &[])?;
        Ok(Column {
            name: name.clone(),
            kind,
            bytes,
        })
    };
    let columns = items.iter().map(column).collect::<Result<_, SqlError>>()?;
    let mut keyed = Vec::new();
    for rows in groups {
        let mut rows: Vec<&Vec<Value>> = rows.iter().collect();
        if scope
            .columns
            .first()
            .is_some_and(|column| column.kind == Type::Timestamp)
        {
            // First and last are meant in the order of time, whichever table a row is from.
            rows.sort_by(|left, right| in_time(left, right));
        }
        let value = |expr: &Expr| expr::aggregate(expr, scope, &rows).map(|(_, _, value)| value);
        let cells = items.iter().map(|(expr, _)| value(expr));
        let cells = cells.collect::<Result<_, SqlError>>()?;
        let keys = order.iter().map(|(key, _)| value(key));
        keyed.push((cells, keys.collect::<Result<_, SqlError>>()?));
    }
    Ok((columns, keyed))
}

fn in_time(left: &[Value], right: &[Value]) -> Ordering {
    match (left.first(), right.first()) {
        (Some(Value::Timestamp(left)), Some(Value::Timestamp(right))) => left.cmp(right),
        _ => Ordering::Equal,
    }
}

fn compare_keys(left: &[Value], right: &[Value], order: &[(Expr, bool)]) -> Ordering {
    let keys = left.iter().zip(right).zip(order);
    keys.map(|((left, right), (_, descending))| {
        let order = expr::compare(left, right).unwrap_or(Ordering::Equal);
        if *descending { order.reverse() } else { order }
    })
    .find(|order| order.is_ne())
    .unwrap_or(Ordering::Equal)
}

/// The items with `*` written out, each with its name; `last(*)` and its like are one item for each column.
fn expand(items: &[Item], relation: &Relation) -> Vec<(Expr, String)> {
    let columns = || {
        relation
            .columns
            .iter()
            .take(relation.star)
            .map(|column| column.name.clone())
    };
    let mut expanded = Vec::new();
    for item in items {
        match item {
            Item::Star => {
                expanded.extend(columns().map(|name| (Expr::Column(name.clone()), name)));
            }
            Item::Expr {
                expr:
                    Expr::Call {
                        function,
                        arguments,
                    },
                ..
            } if matches!(function.as_str(), "first" | "last" | "last_row")
                && *arguments == [Expr::Star] =>
            {
                expanded.extend(columns().map(|name| {
                    let call = Expr::Call {
                        function: function.clone(),
                        arguments: vec![Expr::Column(name.clone())],
                    };
                    (call, format!("{function}({name})"))
                }));
            }
            Item::Expr { expr, name } => expanded.push((expr.clone(), name.clone())),
        }
    }
    expanded
}

/// What a key to sort by means: an alias of the selection, else itself.
fn aliased(key: &Expr, items: &[(Expr, String)]) -> Expr {
    let alias = match key {
        Expr::Column(name) => items.iter().find(|(_, alias)| alias == name),
        _ => None,
    };
    alias.map_or_else(|| key.clone(), |(expr, _)| expr.clone())
}
