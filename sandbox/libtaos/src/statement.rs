//! What stands behind a `TAOS_STMT *` and a `TAOS_STMT2 *`.

use std::ffi::{CStr, CString, c_char, c_int, c_void};

use serde_json::{Value, json};

use crate::bound::{Column, Table};
use crate::connection::Connection;
use crate::error::{Error, keep};
use crate::outcome::{FieldE, Outcome, Rows, name};

/// The role of a `?` among an insert's fields.
pub(crate) const COLUMN: u8 = 1;
pub(crate) const TAG: u8 = 2;

/// `TAOS_FIELD_ALL`.
#[repr(C)]
#[derive(Clone)]
pub(crate) struct FieldAll {
    name: [c_char; 65],
    kind: i8,
    precision: u8,
    scale: u8,
    bytes: i32,
    pub(crate) role: u8,
}

/// A statement: what was prepared, bound and executed.
pub(crate) struct Statement {
    /// Open for as long as the statement, by the C interface's contract.
    connection: *const Connection,
    sql: String,
    pub(crate) is_insert: bool,
    pub(crate) parameters: c_int,
    pub(crate) fields: Vec<FieldAll>,
    /// Fields as the older protocol asks for them; they live as long as the statement.
    pub(crate) shown: Vec<FieldE>,
    pub(crate) pending: Table,
    added: Vec<Table>,
    pub(crate) affected: c_int,
    pub(crate) affected_once: c_int,
    text: CString,
    result: Option<Rows>,
    /// What is called instead of waiting for an execution.
    pub(crate) callback: Option<Callback>,
    /// What the callback was given; it lives until the next execution.
    executed: Option<Box<Outcome>>,
}

/// A function of the caller's, and its argument.
#[derive(Clone, Copy)]
pub(crate) struct Callback {
    pub(crate) function: unsafe extern "C" fn(*mut c_void, *mut c_void, c_int),
    pub(crate) argument: *mut c_void,
}

impl Statement {
    pub(crate) fn new(connection: *mut c_void) -> Self {
        Self {
            connection: connection.cast::<Connection>().cast_const(),
            sql: String::new(),
            is_insert: false,
            parameters: 0,
            fields: Vec::new(),
            shown: Vec::new(),
            pending: Table::default(),
            added: Vec::new(),
            affected: 0,
            affected_once: 0,
            text: c"success".to_owned(),
            result: None,
            callback: None,
            executed: None,
        }
    }

    /// The text of the last error.
    pub(crate) fn text(&self) -> &CStr {
        &self.text
    }

    /// Notes how a call ended: 0, or the error's number.
    pub(crate) fn ended(&mut self, result: Result<(), Error>) -> c_int {
        match result {
            Ok(()) => {
                self.text = c"success".to_owned();
                0
            }
            Err(error) => {
                self.text = error.c_text();
                keep(&error)
            }
        }
    }

    fn ask(&self, request: &Value) -> Result<Value, Error> {
        // SAFETY: the connection outlives its statements, and guards itself.
        match unsafe { self.connection.as_ref() } {
            Some(connection) => connection.ask(request),
            None => Err(Error::disconnected()),
        }
    }

    pub(crate) fn prepare(&mut self, sql: &str) -> Result<(), Error> {
        self.sql = sql.to_owned();
        self.pending = Table::default();
        self.added.clear();
        self.describe(None)
    }

    /// Asks what the `?` stand for.
    fn describe(&mut self, table: Option<&str>) -> Result<(), Error> {
        let answer = self.ask(&json!({"prepare": {"sql": self.sql, "table": table}}))?;
        let number = |name: &str| answer.get(name).and_then(Value::as_i64).unwrap_or(0);
        self.is_insert = answer.get("insert") == Some(&Value::Bool(true));
        self.parameters = c_int::try_from(number("parameters")).unwrap_or(0);
        let columns = answer.get("columns").and_then(Value::as_array);
        self.fields = columns.into_iter().flatten().map(field_all).collect();
        Ok(())
    }

    /// Names the table that further rows are for.
    pub(crate) fn set_table(&mut self, table: &str) -> Result<(), Error> {
        self.describe(Some(table))?;
        self.pending = Table {
            name: Some(table.to_owned()),
            ..Table::default()
        };
        Ok(())
    }

    /// How many values a row has.
    pub(crate) fn width(&self) -> usize {
        if self.is_insert {
            self.of(COLUMN).count()
        } else {
            usize::try_from(self.parameters).unwrap_or(0)
        }
    }

    /// The fields of a role.
    pub(crate) fn of(&self, role: u8) -> impl Iterator<Item = &FieldAll> {
        self.fields.iter().filter(move |field| field.role == role)
    }

    /// Puts rows behind those that are bound already.
    pub(crate) fn bind(&mut self, columns: Vec<Column>) {
        if self.pending.columns.len() == columns.len() {
            for (bound, more) in self.pending.columns.iter_mut().zip(columns) {
                bound.append(more);
            }
        } else {
            self.pending.columns = columns;
        }
    }

    /// Replaces the rows of one column.
    pub(crate) fn bind_column(&mut self, at: usize, column: Column) {
        let width = self.width();
        self.pending.columns.resize(width, Column::default());
        if let Some(bound) = self.pending.columns.get_mut(at) {
            *bound = column;
        }
    }

    /// Adds a whole table's rows.
    pub(crate) fn push(&mut self, table: Table) {
        self.added.push(table);
    }

    /// Adds what is pending.
    pub(crate) fn add(&mut self) {
        if !self.pending.columns.is_empty() {
            self.added.push(self.pending.clone());
            self.pending.columns.clear();
        }
    }

    pub(crate) fn execute(&mut self) -> Result<(), Error> {
        self.add();
        let bound: Vec<String> = self.added.drain(..).map(|table| table.wire()).collect();
        let request = json!({"execute": {"sql": self.sql, "bound": bound}});
        let rows = Rows::read(&self.ask(&request)?)?;
        self.affected_once = rows.affected();
        self.affected = self.affected.saturating_add(self.affected_once);
        self.result = Some(rows);
        Ok(())
    }

    /// Executes, and keeps the result for the callback; gives it and its code.
    pub(crate) fn execute_for_callback(&mut self) -> (*mut Outcome, c_int) {
        let executed = self.execute();
        let outcome = match &executed {
            Ok(()) => Outcome::from(Ok(self.result.take().unwrap_or_default())),
            Err(error) => Outcome::from(Err(error.clone())),
        };
        let code = self.ended(executed);
        (&raw mut **self.executed.insert(Box::new(outcome)), code)
    }

    /// The rows of a query that was executed.
    pub(crate) fn take_result(&mut self) -> Option<Outcome> {
        self.result.take().map(|rows| Outcome::from(Ok(rows)))
    }
}

fn field_all(field: &Value) -> FieldAll {
    let number = |name: &str| field.get(name).and_then(Value::as_i64).unwrap_or(0);
    FieldAll {
        name: name(
            field
                .get("name")
                .and_then(Value::as_str)
                .unwrap_or_default(),
        ),
        kind: i8::try_from(number("type")).unwrap_or(0),
        precision: u8::try_from(number("precision")).unwrap_or(0),
        scale: u8::try_from(number("scale")).unwrap_or(0),
        bytes: i32::try_from(number("bytes")).unwrap_or(0),
        role: u8::try_from(number("role")).unwrap_or(0),
    }
}

impl FieldAll {
    /// The field as the older protocol shows it.
    pub(crate) fn shown(&self) -> FieldE {
        FieldE {
            name: self.name,
            kind: self.kind,
            precision: self.precision,
            scale: self.scale,
            bytes: self.bytes,
        }
    }

    /// Its type and length.
    pub(crate) fn kind_and_bytes(&self) -> (c_int, c_int) {
        (self.kind.into(), self.bytes)
    }
}
