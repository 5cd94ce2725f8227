//! A prepared statement of a connection, whichever of the two protocols it came by.

use serde_json::{Value as Json, json};

use super::connection::{fields, refused};
use crate::release::Release;
use crate::sql::{
    Answer, Batch, Field, Precision, Prepared, ResultSet, Role, SqlError, Type, Value,
};
use crate::state::{Session, State};

/// Rows that may be bound before a statement is executed.
const MOST_ROWS: usize = 1_000_000;

/// The state of a statement: what it says, what was bound to it, what came of it.
#[derive(Debug, Default)]
pub(crate) struct Statement {
    /// What was prepared, or why it could not be: the older protocol tells of that late.
    prepared: Option<Result<Prepared, SqlError>>,
    /// Whether it was executed, or prepared without an error, before.
    used: bool,
    /// Whether it was used before it was prepared, which the client library does not forgive.
    misused: bool,
    /// Why binding failed: executing fails for the same reason.
    failure: Option<SqlError>,
    /// Set by the older protocol before rows are bound.
    pub(super) table: Option<String>,
    pub(super) tags: Vec<Value>,
    /// Bound by the older protocol, and not yet added.
    rows: Vec<Vec<Value>>,
    added: bool,
    batches: Vec<Batch>,
    pub(super) result: Option<ResultSet>,
}

/// A use that the client library does not allow.
pub(super) fn misuse() -> SqlError {
    SqlError::new(0x22a, "Stmt API usage error")
}

impl Statement {
    /// Prepares a text as `stmt2_prepare` does, which reports errors immediately.
    pub(super) fn prepare(
        &mut self,
        state: &State,
        session: &Session,
        sql: &str,
    ) -> Result<&Prepared, SqlError> {
        let used = self.used;
        let prepared = state
            .prepare(session, sql)
            .map_err(|error| match error.code {
                0x2600 | 0x2601 => SqlError::new(0x2600, "success"),
                0x2603 if !used => SqlError::new(0x22b, error.text),
                _ => error,
            })?;
        *self = Self {
            used: true,
            ..Self::default()
        };
        match self.prepared.insert(Ok(prepared)) {
            Ok(prepared) => Ok(prepared),
            Err(error) => Err(error.clone()),
        }
    }

    /// Prepares a text as the older `prepare` does, which accepts any text and reports whether it is an insert.
    pub(super) fn prepare_unseen(
        &mut self,
        state: &State,
        session: &Session,
        sql: &str,
    ) -> Result<bool, SqlError> {
        if self.misused {
            return Err(SqlError::new(0x22a, "success"));
        }
        let first = sql.split_whitespace().next().unwrap_or_default();
        *self = Self {
            prepared: Some(state.prepare(session, sql)),
            ..Self::default()
        };
        Ok(first.eq_ignore_ascii_case("insert"))
    }

    /// What was prepared.
    pub(super) fn prepared(&mut self) -> Result<&mut Prepared, SqlError> {
        match &mut self.prepared {
            Some(Ok(prepared)) => Ok(prepared),
            Some(Err(error)) => Err(error.clone()),
            None => {
                self.misused = true;
                Err(misuse())
            }
        }
    }

    /// Takes rows of the older protocol.
    pub(super) fn bind_rows(&mut self, rows: Option<Vec<Vec<Value>>>) -> Result<(), SqlError> {
        let prepared = self.prepared()?;
        let count = if prepared.is_insert() {
            prepared.of(Role::Column).count()
        } else {
            prepared.parameters
        };
        match rows {
            Some(_) if self.rows.len() > MOST_ROWS || self.batches.len() > MOST_ROWS => {
                refused("too many rows are bound")
            }
            Some(rows) if rows.iter().all(|row| row.len() == count) => {
                self.rows.extend(rows);
                Ok(())
            }
            _ => refused("stmt column count not match"),
        }
    }

    /// Takes batches of the newer protocol.
    pub(super) fn bind(&mut self, batches: Result<Vec<Batch>, SqlError>) -> Result<(), SqlError> {
        let bound = self.batches.iter().map(|batch| batch.rows.len());
        let bound: usize = bound.sum();
        match batches {
            Ok(_) if bound > MOST_ROWS => refused("too many rows are bound"),
            Ok(batches) => {
                self.batches.extend(batches);
                Ok(())
            }
            Err(error) => {
                self.failure = Some(error.clone());
                Err(error)
            }
        }
    }

    /// `add_batch`.
    pub(super) fn add(&mut self) {
        self.added = true;
        self.batches.push(Batch {
            table: self.table.clone(),
            tags: self.tags.clone(),
            rows: std::mem::take(&mut self.rows),
        });
    }

    /// `exec`: only after `add_batch`.
    pub(super) fn execute_added(
        &mut self,
        state: &State,
        session: &Session,
    ) -> Result<u64, SqlError> {
        self.prepared()?;
        if !std::mem::take(&mut self.added) && self.rows.is_empty() {
            return Err(misuse());
        }
        if !self.rows.is_empty() {
            self.add();
        }
        self.execute(state, session)
    }

    /// Executes with what was bound; gives the rows written.
    pub(super) fn execute(&mut self, state: &State, session: &Session) -> Result<u64, SqlError> {
        if let Some(failure) = &self.failure {
            return Err(failure.clone());
        }
        let prepared = self.prepared()?.clone();
        let batches = std::mem::take(&mut self.batches);
        if batches.is_empty() && prepared.parameters > 0 {
            return refused("success");
        }
        self.used = true;
        match state.execute_prepared(session, &prepared, &batches)? {
            Answer::Update { affected_rows } => Ok(affected_rows),
            Answer::Rows(result) => {
                self.result = Some(result);
                Ok(0)
            }
        }
    }
}

/// The fields of these roles, with their roles if asked for.
pub(super) fn described(prepared: &Prepared, roles: &[Role], with_role: bool) -> Vec<Json> {
    let chosen = prepared
        .fields
        .iter()
        .filter(|field| roles.contains(&field.role));
    chosen
        .enumerate()
        .map(|(at, field)| {
            // The older protocol sends the precision of the first column only.
            let precision = (with_role || at == 0).then_some(prepared.precision);
            let mut described = self::fields(field_json(field, precision));
            if with_role {
                described.insert("bind_type".to_owned(), (field.role as u8).into());
            }
            Json::Object(described)
        })
        .collect()
}

fn field_json(field: &Field, precision: Option<Precision>) -> Json {
    let column = &field.column;
    let (precision, scale) = match (column.kind, precision) {
        (Type::Decimal64 { precision, scale } | Type::Decimal128 { precision, scale }, _) => {
            (precision, scale)
        }
        (Type::Timestamp, Some(precision)) => (precision.code(), 0),
        _ => (0, 0),
    };
    json!({
        "name": column.name,
        "field_type": column.kind.code(),
        "precision": precision,
        "scale": scale,
        "bytes": column.stored_bytes(),
    })
}

/// A result of a statement: since 3.3 its columns tell their lengths as stored.
pub(super) fn with_stored_lengths(
    mut described: Json,
    result: &ResultSet,
    release: Release,
) -> Json {
    if !release.is_before_33()
        && let Some(lengths) = described.get_mut("fields_lengths")
    {
        *lengths = result
            .columns
            .iter()
            .map(|column| Json::from(column.fetch_length()))
            .collect();
    }
    described
}
