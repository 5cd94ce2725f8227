//! Prepared statements over WebSocket: `stmt2_*`, and the older `init`, `prepare`, `set_table_name`, `set_tags`, `bind`,
//! `add_batch`, `exec`, `use_result`, `close`. Recorded as far as transcripts/ go, else after taosAdapter's controller/ws/ws.

use serde_json::{Map, Value as Json, json};

use super::action::Args;
use super::bind::{self, Bound};
use super::connection::{Connection, Outcome, fields, refused};
use crate::sql::{Answer, Batch, Prepared, ResultSet, Role, SqlError, Type, Value};

/// A statement that was prepared: what was bound to it, and what came of it.
#[derive(Debug)]
pub(crate) struct Statement {
    prepared: Prepared,
    /// Set by the older protocol before rows are bound.
    table: Option<String>,
    tags: Vec<Value>,
    /// Bound by the older protocol, and not yet added.
    rows: Vec<Vec<Value>>,
    batches: Vec<Batch>,
    result: Option<ResultSet>,
}

impl Connection {
    pub(crate) fn statement_init(&mut self) -> Map<String, Json> {
        self.last_statement += 1;
        self.statements.insert(self.last_statement, None);
        fields(json!({"stmt_id": self.last_statement}))
    }

    pub(crate) fn statement_prepare(&mut self, action: &str, args: &Args<'_>) -> Outcome {
        let id = args.number("stmt_id");
        let Some(session) = &self.session else {
            return refused("server not connected");
        };
        let Some(statement) = self.statements.get_mut(&id) else {
            return refused("stmt is nil");
        };
        let prepared = self.state.prepare(session, args.text("sql"))?;
        let mut reply = fields(json!({"stmt_id": id, "is_insert": prepared.is_insert()}));
        if action == "stmt2_prepare" && args.flag("get_fields") {
            let described = prepared
                .is_insert()
                .then(|| described(&prepared, &[Role::TableName, Role::Tag, Role::Column], true));
            reply.insert("fields".to_owned(), described.into());
            reply.insert("fields_count".to_owned(), prepared.parameters.into());
        }
        *statement = Some(Statement {
            prepared,
            table: None,
            tags: Vec::new(),
            rows: Vec::new(),
            batches: Vec::new(),
            result: None,
        });
        Ok(reply)
    }

    fn statement(&mut self, id: u64) -> Result<&mut Statement, SqlError> {
        self.statements
            .get_mut(&id)
            .and_then(Option::as_mut)
            .map_or_else(|| refused("stmt is nil"), Ok)
    }

    /// `get_col_fields` and `get_tag_fields`.
    pub(crate) fn statement_fields(&mut self, id: u64, role: Role) -> Outcome {
        let fields = described(&self.statement(id)?.prepared, &[role], false);
        let mut reply = self::fields(json!({ "stmt_id": id }));
        // Tags are left out where there are none, columns are null.
        if !fields.is_empty() || role == Role::Column {
            reply.insert("fields".to_owned(), fields.into());
        }
        Ok(reply)
    }

    /// `stmt_num_params`.
    pub(crate) fn statement_parameters(&mut self, id: u64) -> Outcome {
        let count = self.statement(id)?.prepared.parameters;
        Ok(fields(json!({"stmt_id": id, "num_params": count})))
    }

    /// `stmt_get_param`.
    pub(crate) fn statement_parameter(&mut self, id: u64, index: u64) -> Outcome {
        let prepared = &self.statement(id)?.prepared;
        let at = usize::try_from(index).unwrap_or(usize::MAX);
        let Some(column) = prepared.of(Role::Column).nth(at) else {
            return refused("parameter index is out of range");
        };
        let (kind, length) = (column.kind.code(), column.stored_bytes());
        Ok(fields(
            json!({"stmt_id": id, "index": index, "data_type": kind, "length": length}),
        ))
    }

    /// `set_table_name`.
    pub(crate) fn statement_table(&mut self, id: u64, name: &str) -> Outcome {
        let (Some(session), Some(Some(statement))) = (&self.session, self.statements.get_mut(&id))
        else {
            return refused("stmt is nil");
        };
        self.state
            .bind_table(session, &mut statement.prepared, name)?;
        statement.table = Some(name.to_owned());
        statement.tags.clear();
        Ok(fields(json!({ "stmt_id": id })))
    }

    /// `set_tags`, as JSON.
    pub(crate) fn statement_tags(&mut self, id: u64, tags: Option<&Json>) -> Outcome {
        let statement = self.statement(id)?;
        let count = statement.prepared.of(Role::Tag).count();
        let Some(tags) = bind::json_row(tags).filter(|tags| tags.len() == count) else {
            return refused("tags number not match");
        };
        statement.tags = tags;
        Ok(fields(json!({ "stmt_id": id })))
    }

    /// `set_tags`, as a block of one row.
    pub(crate) fn statement_tags_block(&mut self, id: u64, block: &[u8]) -> Outcome {
        let statement = self.statement(id)?;
        let count = statement.prepared.of(Role::Tag).count();
        match bind::block_rows(block).as_deref_mut() {
            Some([tags]) if tags.len() == count => statement.tags = std::mem::take(tags),
            _ => return refused("tags number not match"),
        }
        Ok(fields(json!({ "stmt_id": id })))
    }

    /// `bind`, as JSON columns.
    pub(crate) fn statement_columns(&mut self, id: u64, columns: Option<&Json>) -> Outcome {
        self.statement_rows(id, bind::json_columns(columns))
    }

    /// `bind`, as a block.
    pub(crate) fn statement_block(&mut self, id: u64, block: &[u8]) -> Outcome {
        self.statement_rows(id, bind::block_rows(block))
    }

    fn statement_rows(&mut self, id: u64, rows: Option<Vec<Vec<Value>>>) -> Outcome {
        let statement = self.statement(id)?;
        let count = if statement.prepared.is_insert() {
            statement.prepared.of(Role::Column).count()
        } else {
            statement.prepared.parameters
        };
        match rows {
            Some(rows) if rows.iter().all(|row| row.len() == count) => statement.rows.extend(rows),
            _ => return refused("stmt column count not match"),
        }
        Ok(fields(json!({ "stmt_id": id })))
    }

    /// `add_batch`.
    pub(crate) fn statement_add(&mut self, id: u64) -> Outcome {
        self.statement(id)?.add();
        Ok(fields(json!({ "stmt_id": id })))
    }

    /// Binds the data of `stmt2_bind`.
    pub(crate) fn statement_bind(&mut self, id: u64, data: &[u8]) -> Outcome {
        if self.session.is_none() {
            return refused("server not connected");
        }
        let statement = self.statement(id)?;
        let kinds = |role| statement.prepared.of(role).map(|column| column.kind);
        let (tags, columns): (Vec<Type>, Vec<Type>) =
            (kinds(Role::Tag).collect(), kinds(Role::Column).collect());
        let insert = statement.prepared.is_insert();
        let Some(Bound { batches }) = bind::bound(data, insert.then_some((&tags, &columns))) else {
            return refused("bind data is broken");
        };
        statement.batches.extend(batches);
        Ok(fields(json!({ "stmt_id": id })))
    }

    /// `exec` and `stmt2_exec`.
    pub(crate) fn statement_execute(&mut self, id: u64) -> Outcome {
        let (Some(session), Some(Some(statement))) = (&self.session, self.statements.get_mut(&id))
        else {
            return refused("stmt is nil");
        };
        if !statement.rows.is_empty() {
            statement.add();
        }
        let batches = std::mem::take(&mut statement.batches);
        let affected = match self
            .state
            .execute_prepared(session, &statement.prepared, &batches)?
        {
            Answer::Update { affected_rows } => affected_rows,
            Answer::Rows(result) => {
                statement.result = Some(result);
                0
            }
        };
        Ok(fields(json!({"stmt_id": id, "affected": affected})))
    }

    /// `use_result` and `stmt2_result`, which name the result differently.
    pub(crate) fn statement_result(&mut self, id: u64, name: &str) -> Outcome {
        let Some(result) = self.statement(id)?.result.take() else {
            return refused("stmt has no result");
        };
        let described = self.described(&result);
        let mut reply = fields(json!({"stmt_id": id, name: self.keep(result)}));
        reply.extend(described);
        Ok(reply)
    }

    pub(crate) fn statement_close(&mut self, id: u64) -> Outcome {
        match self.statements.remove(&id) {
            Some(_) => Ok(fields(json!({"stmt_id": id}))),
            None => refused("stmt is nil"),
        }
    }
}

impl Statement {
    fn add(&mut self) {
        self.batches.push(Batch {
            table: self.table.clone(),
            tags: self.tags.clone(),
            rows: std::mem::take(&mut self.rows),
        });
    }
}

/// The fields of these roles, with their roles if asked for.
fn described(prepared: &Prepared, roles: &[Role], with_role: bool) -> Vec<Json> {
    let fields = prepared
        .fields
        .iter()
        .filter(|field| roles.contains(&field.role));
    let described = fields.enumerate().map(|(at, field)| {
        let column = &field.column;
        let (precision, scale) = match column.kind {
            Type::Decimal64 { precision, scale } | Type::Decimal128 { precision, scale } => {
                (precision, scale)
            }
            // The older protocol tells it of the first column alone.
            Type::Timestamp if with_role || at == 0 => (prepared.precision.code(), 0),
            _ => (0, 0),
        };
        let (name, bytes) = (&column.name, column.stored_bytes());
        let code = column.kind.code();
        let mut described = self::fields(
            json!({"name": name, "field_type": code, "precision": precision, "scale": scale, "bytes": bytes}),
        );
        if with_role {
            described.insert("bind_type".to_owned(), (field.role as u8).into());
        }
        Json::Object(described)
    });
    described.collect()
}
