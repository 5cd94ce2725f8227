//! Prepared statements: an insert into one table, or a query, with `?` in place of values, of tags and of the table's name.
//!
//! What is bound is put in the place of the `?`, and the statement is run as any other.

use super::ast::{ColumnDefinition, Expr, Insert, Select, Statement, TableName};
use super::engine::{Caller, Engine};
use super::error::SqlError;
use super::value::{Answer, Precision, Type, Value};
use super::{literal, named};

/// How an insert names the table that is bound later.
pub(crate) const BOUND_TABLE: &str = "?";
/// What the server declares for a table's name among the fields of an insert: 271 with the two bytes of its length.
const NAME_BYTES: i32 = 269;

/// A prepared statement.
#[derive(Clone, Debug)]
pub(crate) struct Prepared {
    statement: Statement,
    /// What is bound to an insert, in the order of its `?`; empty as long as its table is not known.
    pub(crate) fields: Vec<Field>,
    /// The unit of the timestamps that are bound.
    pub(crate) precision: Precision,
    /// How many `?` there are.
    pub(crate) parameters: usize,
}

/// What one `?` of an insert stands for.
#[derive(Clone, Debug)]
pub(crate) struct Field {
    pub(crate) role: Role,
    pub(crate) column: ColumnDefinition,
}

/// The `bind_type` of a field (`TAOS_FIELD_T` of the vendor's header).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Column = 1,
    Tag = 2,
    TableName = 4,
}

/// Rows bound to one table.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Batch {
    /// The table, where the statement has a `?` for it.
    pub(crate) table: Option<String>,
    /// Its tags, as many as there are `?` for them.
    pub(crate) tags: Vec<Value>,
    /// A value for each of the other `?`, a row at a time.
    pub(crate) rows: Vec<Vec<Value>>,
}

impl Prepared {
    pub(crate) fn is_insert(&self) -> bool {
        matches!(self.statement, Statement::Insert(_))
    }

    /// Whether an insert leaves its table's name or tags to be bound.
    pub(crate) fn names_table_or_tags(&self) -> bool {
        match &self.statement {
            Statement::Insert(inserts) => inserts
                .iter()
                .any(|insert| insert.using.is_some() || insert.table.table == BOUND_TABLE),
            _ => false,
        }
    }

    /// Whether what is bound to an insert fits into its columns and tags.
    pub(crate) fn check(&self, batches: &[Batch]) -> Result<(), SqlError> {
        if !self.is_insert() {
            return Ok(());
        }
        let fits = |role, cells: &[Value]| {
            self.of(role).zip(cells).all(|(column, cell)| match cell {
                Value::Text(text) => literal::sized_text(column, text.clone()).is_ok(),
                Value::Bytes(bytes) => literal::sized_bytes(column, bytes.clone()).is_ok(),
                _ => true,
            })
        };
        let fitting = batches.iter().all(|batch| {
            fits(Role::Tag, &batch.tags) && batch.rows.iter().all(|row| fits(Role::Column, row))
        });
        if fitting {
            Ok(())
        } else {
            Err(SqlError::new(0x2653, "Value too long for column/tag"))
        }
    }

    /// The fields of one role.
    pub(crate) fn of(&self, role: Role) -> impl Iterator<Item = &ColumnDefinition> {
        self.fields
            .iter()
            .filter(move |field| field.role == role)
            .map(|field| &field.column)
    }
}

impl Engine {
    /// Prepares a statement; anything but one insert or a query is a syntax error.
    pub(crate) fn prepare(
        &self,
        caller: Caller<'_>,
        statement: Statement,
    ) -> Result<Prepared, SqlError> {
        let statement = match statement {
            Statement::Insert(inserts) => Statement::Insert(self.by_table(caller, inserts)?),
            other => other,
        };
        let mut prepared = Prepared {
            statement,
            fields: Vec::new(),
            precision: Precision::default(),
            parameters: 0,
        };
        match &prepared.statement {
            Statement::Insert(inserts) => {
                let [insert] = inserts.as_slice() else {
                    return Err(SqlError::syntax("?"));
                };
                let [row] = insert.rows.as_slice() else {
                    return Err(SqlError::syntax("?"));
                };
                let tags = insert.using.iter().flat_map(|using| &using.tags);
                prepared.parameters = row
                    .iter()
                    .chain(tags)
                    .filter(|value| is_bound(value))
                    .count()
                    + usize::from(insert.table.table == BOUND_TABLE);
                if insert.table.table != BOUND_TABLE || insert.using.is_some() {
                    (prepared.fields, prepared.precision) = self.fields(caller, insert, None)?;
                }
            }
            Statement::Select(query) => {
                prepared.parameters = placeholders(query);
            }
            _ => return Err(SqlError::syntax("?")),
        }
        Ok(prepared)
    }

    /// An insert that names its tables row by row is prepared as one for a table that is bound.
    fn by_table(&self, caller: Caller<'_>, inserts: Vec<Insert>) -> Result<Vec<Insert>, SqlError> {
        match <[Insert; 1]>::try_from(inserts) {
            Ok([insert]) if insert.table.table != BOUND_TABLE => {
                named::by_table(&self.catalog, caller, insert)
            }
            Ok([insert]) => Ok(vec![insert]),
            Err(inserts) => Ok(inserts),
        }
    }

    /// Tells an insert that has a `?` for its table which one is meant.
    pub(crate) fn bind_table(
        &self,
        caller: Caller<'_>,
        prepared: &mut Prepared,
        table: &str,
    ) -> Result<(), SqlError> {
        if let Statement::Insert(inserts) = &prepared.statement
            && let [insert] = inserts.as_slice()
        {
            let (fields, precision) =
                self.fields(caller, insert, Some(&table_name(insert, table)))?;
            (prepared.fields, prepared.precision) = (fields, precision);
        }
        Ok(())
    }

    fn fields(
        &self,
        caller: Caller<'_>,
        insert: &Insert,
        table: Option<&TableName>,
    ) -> Result<(Vec<Field>, Precision), SqlError> {
        // A table without a database of its own stands beside its supertable.
        let name = match (&insert.using, table) {
            (Some(using), _) => &using.stable,
            (None, Some(table)) => table,
            (None, None) => &insert.table,
        };
        let database = self.catalog.database(name.database(caller.database)?)?;
        let stable = insert
            .using
            .as_ref()
            .map(|using| {
                database
                    .stable(&using.stable.table)
                    .ok_or_else(SqlError::missing_table)
                    .map(|stable| (stable, using))
            })
            .transpose()?;
        let columns = match (stable, database.table(&name.table)) {
            (Some((stable, _)), _) => &stable.columns,
            (None, Some(table)) => &table.columns,
            (None, None) => return Err(SqlError::missing_table()),
        };
        let mut fields = Vec::new();
        let mut push = |role, column: ColumnDefinition| fields.push(Field { role, column });
        if insert.table.table == BOUND_TABLE {
            let column = ColumnDefinition {
                name: named::TABLE_COLUMN.to_owned(),
                kind: Type::Varchar,
                bytes: NAME_BYTES,
            };
            push(Role::TableName, column);
        }
        if let Some((stable, using)) = stable {
            let named = using.tag_names.as_deref();
            for column in bound(&stable.tags, named, &using.tags)? {
                push(Role::Tag, column.clone());
            }
        }
        let row = insert.rows.first().map(Vec::as_slice).unwrap_or_default();
        for column in bound(columns, insert.columns.as_deref(), row)? {
            push(Role::Column, column.clone());
        }
        Ok((fields, database.precision))
    }

    /// Runs a prepared statement with what was bound: an insert into every table, a query with the first row.
    pub(crate) fn execute_prepared(
        &mut self,
        caller: Caller<'_>,
        prepared: &Prepared,
        batches: &[Batch],
    ) -> Result<Answer, SqlError> {
        let statement = match &prepared.statement {
            Statement::Insert(inserts) => Statement::Insert(
                inserts
                    .iter()
                    .flat_map(|insert| batches.iter().map(|batch| filled(insert, batch)))
                    .collect(),
            ),
            Statement::Select(query) => {
                let row = batches.iter().flat_map(|batch| &batch.rows).next();
                if row.map_or(0, Vec::len) != prepared.parameters {
                    return Err(SqlError::new(
                        0x22a,
                        "Stmt bind parameters number not matched",
                    ));
                }
                let mut query = query.clone();
                let mut values = row.into_iter().flatten();
                for place in places(&mut query) {
                    fill(place, &mut values);
                }
                Statement::Select(query)
            }
            other => other.clone(),
        };
        self.run(caller, statement)
    }
}

fn is_bound(expr: &Expr) -> bool {
    *expr == Expr::Placeholder
}

fn fill<'a>(place: &mut Expr, values: &mut impl Iterator<Item = &'a Value>) {
    if is_bound(place)
        && let Some(value) = values.next()
    {
        *place = Expr::Bound(value.clone());
    }
}

/// The columns that the `?` of a row stand for; the row must have a value for each column that is named.
fn bound<'a>(
    columns: &'a [ColumnDefinition],
    named: Option<&'a [String]>,
    row: &[Expr],
) -> Result<Vec<&'a ColumnDefinition>, SqlError> {
    let meant: Vec<&ColumnDefinition> = match named {
        None => columns.iter().collect(),
        Some(names) => names
            .iter()
            .map(|name| {
                columns
                    .iter()
                    .find(|column| column.name == *name)
                    .ok_or_else(|| SqlError::column(name))
            })
            .collect::<Result<_, _>>()?,
    };
    if meant.len() != row.len() {
        return Err(SqlError::value(")", "illegal number of columns"));
    }
    let bound = meant
        .into_iter()
        .zip(row)
        .filter(|(_, value)| is_bound(value));
    Ok(bound.map(|(column, _)| column).collect())
}

/// The table that a bound name means: with its own database, else that of the statement.
fn table_name(insert: &Insert, name: &str) -> TableName {
    let plain = |part: &str| part.trim_matches('`').to_owned();
    match name.split_once('.') {
        Some((database, table)) => TableName {
            database: Some(plain(database)),
            table: plain(table),
        },
        None => TableName {
            database: insert.table.database.clone(),
            table: plain(name),
        },
    }
}

fn filled(insert: &Insert, batch: &Batch) -> Insert {
    let mut insert = insert.clone();
    if let Some(table) = &batch.table
        && insert.table.table == BOUND_TABLE
    {
        let named = table_name(&insert, table);
        // A table without a database of its own stands beside its supertable.
        let beside = insert
            .using
            .as_ref()
            .and_then(|using| using.stable.database.clone());
        insert.table = TableName {
            database: named.database.or(beside),
            table: named.table,
        };
    }
    if let Some(using) = &mut insert.using {
        let mut tags = batch.tags.iter();
        using.tags.iter_mut().for_each(|tag| fill(tag, &mut tags));
    }
    let template = insert.rows.first().cloned().unwrap_or_default();
    insert.rows = batch
        .rows
        .iter()
        .map(|row| {
            let (mut row, mut filled) = (row.iter(), template.clone());
            filled.iter_mut().for_each(|value| fill(value, &mut row));
            filled
        })
        .collect();
    insert
}

/// Where a query may have a `?`.
fn places(query: &mut Select) -> Vec<&mut Expr> {
    let condition = query.condition.as_mut();
    condition.map_or_else(Vec::new, |condition| condition.expressions())
}

fn placeholders(query: &Select) -> usize {
    places(&mut query.clone())
        .into_iter()
        .filter(|place| is_bound(place))
        .count()
}
