//! `select`: a relation, filtered, sorted, cut and projected.

use std::cmp::Ordering;

use super::ast::{Condition, Expr, Item, Select, Test};
use super::catalog::{Catalog, Table};
use super::engine::{Caller, Engine};
use super::error::SqlError;
use super::expr::{self, Compiled, Scope};
use super::information_schema;
use super::value::{Column, Precision, ResultSet, Type, Value};

/// The bytes that the server declares for `tbname`.
const TABLE_NAME_BYTES: usize = 270;
/// Rows of a null bitmap's last byte that LIMIT may cut.
const CUT: usize = 7;

/// Rows to select from. `*` means the first `star` columns.
#[derive(Debug, Default)]
pub(crate) struct Relation {
    pub(crate) columns: Vec<Column>,
    pub(crate) star: usize,
    pub(crate) precision: Precision,
    pub(crate) rows: Vec<Vec<Value>>,
}

impl Relation {
    /// A relation without hidden columns.
    pub(crate) fn plain(columns: Vec<Column>, rows: Vec<Vec<Value>>) -> Self {
        Self {
            star: columns.len(),
            columns,
            precision: Precision::Milli,
            rows,
        }
    }
}

pub(crate) fn run(
    engine: &Engine,
    caller: Caller<'_>,
    query: &Select,
) -> Result<ResultSet, SqlError> {
    let mut relation = match &query.from {
        None => Relation {
            rows: vec![Vec::new()],
            ..Relation::default()
        },
        Some(name) => match name.database(caller.database)? {
            "information_schema" => information_schema::relation(engine, caller, &name.table)?,
            database => stored(&engine.catalog, database, &name.table)
                .map_err(|error| error.of_queried_table(caller.release))?,
        },
    };
    let mut rows = std::mem::take(&mut relation.rows);
    let scope = Scope {
        columns: &relation.columns,
        precision: relation.precision,
        caller,
    };
    let items = expand(&query.items, &relation);
    let aggregate = items.iter().any(|(expr, _)| expr::is_aggregate(expr));
    for condition in &query.conditions {
        let test = condition_test(condition, &scope)?;
        rows.retain(|row| test(row));
    }
    if let Some((column, descending)) = &query.order {
        let key = order_key(column, &items, &scope)?;
        rows.sort_by(|left, right| {
            let order =
                expr::compare(&(key.eval)(left), &(key.eval)(right)).unwrap_or(Ordering::Equal);
            if *descending { order.reverse() } else { order }
        });
    }
    let mut columns = Vec::new();
    if aggregate {
        let mut cells = Vec::new();
        for (expr, name) in items {
            let (kind, bytes, value) = expr::aggregate(&expr, &scope, &rows)?;
            columns.push(Column { name, kind, bytes });
            cells.push(value);
        }
        return Ok(ResultSet {
            columns,
            precision: relation.precision,
            rows: vec![cells],
            cut: Vec::new(),
        });
    }
    let mut evaluations = Vec::new();
    for (expr, name) in items {
        let Compiled { kind, bytes, eval } = expr::compile(&expr, &scope)?;
        columns.push(Column { name, kind, bytes });
        evaluations.push(eval);
    }
    let (skip, count) = query.limit.unwrap_or((0, usize::MAX));
    let project = |row: &Vec<Value>| evaluations.iter().map(|eval| eval(row)).collect::<Vec<_>>();
    let selected = rows.iter().skip(skip).take(count).map(project).collect();
    let cut = rows
        .iter()
        .skip(skip)
        .skip(count)
        .take(CUT)
        .map(project)
        .collect();
    Ok(ResultSet {
        columns,
        precision: relation.precision,
        rows: selected,
        cut,
    })
}

/// The items with `*` written out, each with its name.
fn expand(items: &[Item], relation: &Relation) -> Vec<(Expr, String)> {
    let mut expanded = Vec::new();
    for item in items {
        match item {
            Item::Star => {
                let columns = relation.columns.iter().take(relation.star);
                expanded.extend(
                    columns.map(|column| (Expr::Column(column.name.clone()), column.name.clone())),
                );
            }
            Item::Expr { expr, name } => expanded.push((expr.clone(), name.clone())),
        }
    }
    expanded
}

/// What to sort by: an alias of the selection, else a column.
fn order_key<'a>(
    order: &Expr,
    items: &[(Expr, String)],
    scope: &Scope<'a>,
) -> Result<Compiled<'a>, SqlError> {
    let aliased = match order {
        Expr::Column(name) => items
            .iter()
            .find(|(_, alias)| alias == name)
            .map(|(expr, _)| expr),
        _ => None,
    };
    expr::compile(aliased.unwrap_or(order), scope)
}

type RowTest<'a> = Box<dyn Fn(&[Value]) -> bool + 'a>;

fn condition_test<'a>(condition: &Condition, scope: &Scope<'a>) -> Result<RowTest<'a>, SqlError> {
    let mut left = expr::compile(&condition.left, scope)?;
    let (operator, right) = match &condition.test {
        Test::Null { is } => {
            let is = *is;
            return Ok(Box::new(move |row| (left.eval)(row).is_null() == is));
        }
        Test::Compare(operator, right) => (*operator, right),
    };
    let mut compiled = expr::compile(right, scope)?;
    if left.kind == Type::Timestamp {
        compiled = expr::as_instant(right, compiled, scope)?;
    } else if compiled.kind == Type::Timestamp {
        left = expr::as_instant(&condition.left, left, scope)?;
    }
    Ok(Box::new(move |row| {
        let Some(order) = expr::compare_known(&(left.eval)(row), &(compiled.eval)(row)) else {
            return false;
        };
        match operator {
            "=" => order.is_eq(),
            "<" => order.is_lt(),
            "<=" => order.is_le(),
            ">" => order.is_gt(),
            ">=" => order.is_ge(),
            _ => order.is_ne(),
        }
    }))
}

/// A table's or a supertable's rows, with tags and `tbname` behind the columns.
fn stored(catalog: &Catalog, database: &str, name: &str) -> Result<Relation, SqlError> {
    let database = catalog.database(database)?;
    let (tables, columns, tags): (Vec<&Table>, _, Vec<_>) =
        match (database.table(name), database.stable(name)) {
            (Some(table), _) => (
                vec![table],
                &table.columns,
                table.tags.iter().map(|(tag, _)| tag).collect(),
            ),
            (None, Some(stable)) => {
                let children = database
                    .tables
                    .iter()
                    .filter(|table| table.stable.as_deref() == Some(name));
                (
                    children.collect(),
                    &stable.columns,
                    stable.tags.iter().collect(),
                )
            }
            (None, None) => return Err(SqlError::missing_table()),
        };
    let definitions = columns.iter().chain(tags.iter().copied());
    let mut all: Vec<Column> = definitions
        .map(|column| Column {
            name: column.name.clone(),
            kind: column.kind,
            bytes: column.bytes,
        })
        .collect();
    all.push(Column::varchar("tbname", TABLE_NAME_BYTES));
    let star = if database.table(name).is_some() {
        columns.len()
    } else {
        columns.len() + tags.len()
    };
    let mut rows = Vec::new();
    for table in tables {
        for row in table.rows.values() {
            let tags = table.tags.iter().map(|(_, value)| value.clone());
            rows.push(
                row.iter()
                    .cloned()
                    .chain(tags)
                    .chain([Value::text(&table.name)])
                    .collect(),
            );
        }
    }
    Ok(Relation {
        columns: all,
        star,
        precision: database.precision,
        rows,
    })
}
