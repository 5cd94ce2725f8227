//! One statement against the catalog.

use jiff::tz::TimeZone;

use super::ast::Statement;
use super::catalog::Catalog;
use super::error::SqlError;
use super::topic::Topics;
use super::value::{Answer, Column, ResultSet, Type, Value};
use super::{definition, describe, insert, select};
use crate::data_faults::DataFaults;
use crate::release::Release;
use crate::server::User;

/// What a cluster tells about itself.
#[derive(Clone, Debug)]
pub(crate) struct About {
    /// `host:port` of each dnode.
    pub(crate) endpoints: Vec<String>,
    /// When it was created, in milliseconds; it has run since.
    pub(crate) created: i64,
}

/// Who asks, and how.
#[derive(Clone, Copy)]
pub(crate) struct Caller<'a> {
    pub(crate) user: &'a str,
    /// The database that names without one mean.
    pub(crate) database: Option<&'a str>,
    pub(crate) zone: &'a TimeZone,
    /// The version to tell.
    pub(crate) version: &'a str,
    /// What goes wrong.
    pub(crate) data: &'a DataFaults,
    /// After which recording it is answered.
    pub(crate) release: Release,
}

/// The cluster: its data, its users and what it tells about itself.
#[derive(Debug)]
pub(crate) struct Engine {
    pub(crate) catalog: Catalog,
    pub(crate) users: Vec<User>,
    pub(crate) about: About,
    pub(crate) topics: Topics,
}

impl Engine {
    /// Executes a statement. `use` is checked here and remembered by the session.
    pub(crate) fn run(
        &mut self,
        caller: Caller<'_>,
        statement: Statement,
    ) -> Result<Answer, SqlError> {
        match statement {
            Statement::Select(query) => select::run(self, caller, &query).map(Answer::Rows),
            Statement::ShowTables {
                database,
                kind,
                like,
            } => describe::tables(self, caller, database.as_deref(), kind, like.as_deref()),
            Statement::ShowClusterAlive => {
                Ok(single(Column::fixed("status", Type::Int), Value::Int(1)))
            }
            Statement::ShowCreateTable(name) => describe::creation(self, caller, &name),
            Statement::Describe(name) => describe::columns(self, caller, &name),
            Statement::Insert(inserts) => insert::run(self, caller, inserts),
            Statement::Use(name) => {
                if !matches!(name.as_str(), "information_schema" | "performance_schema") {
                    self.catalog.database(&name)?;
                }
                Ok(DONE)
            }
            other => definition::run(self, caller, other).map(|()| DONE),
        }
    }

    pub(crate) fn user(&self, name: &str) -> Option<&User> {
        self.users.iter().find(|user| user.name == name)
    }
}

/// The answer of statements that write no rows.
const DONE: Answer = Answer::Update { affected_rows: 0 };

/// A result of one cell.
pub(crate) fn single(column: Column, value: Value) -> Answer {
    Answer::Rows(ResultSet {
        columns: vec![column],
        rows: vec![vec![value]],
        ..ResultSet::default()
    })
}
