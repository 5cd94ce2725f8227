//! Prepared statements over WebSocket: `stmt2_*`, and the older `init`, `prepare`, `set_table_name`, `set_tags`, `bind`,
//! `add_batch`, `exec`, `use_result`, `close`. Recorded as far as transcripts/ go, else after taosAdapter's controller/ws/ws.

use serde_json::{Map, Value as Json, json};

use super::action::Args;
use super::bind;
use super::connection::{Connection, Outcome, fields, refused};
use super::statement::{Statement, described, misuse, with_stored_lengths};
use crate::sql::{Role, SqlError, Type};

/// Most statements that one connection may keep.
const MOST_STATEMENTS: usize = 4096;

impl Connection {
    pub(crate) fn statement_init(&mut self) -> Outcome {
        if self.statements.len() == MOST_STATEMENTS {
            return refused("too many statements");
        }
        self.last_statement += 1;
        self.statements
            .insert(self.last_statement, Statement::default());
        Ok(fields(json!({"stmt_id": self.last_statement})))
    }

    /// `prepare`.
    pub(crate) fn statement_prepare(&mut self, args: &Args<'_>) -> Outcome {
        let id = args.number("stmt_id");
        let (Some(session), Some(statement)) = (&self.session, self.statements.get_mut(&id)) else {
            return refused("stmt is nil");
        };
        let is_insert = statement.prepare_unseen(&self.state, session, args.text("sql"))?;
        Ok(fields(json!({"stmt_id": id, "is_insert": is_insert})))
    }

    /// `stmt2_prepare`.
    pub(crate) fn statement2_prepare(&mut self, args: &Args<'_>) -> Outcome {
        let id = args.number("stmt_id");
        let (Some(session), Some(statement)) = (&self.session, self.statements.get_mut(&id)) else {
            return refused("stmt2 is nil");
        };
        let prepared = statement.prepare(&self.state, session, args.text("sql"))?;
        let wanted = args.flag("get_fields");
        let (list, count) = if wanted && prepared.is_insert() && prepared.parameters > 0 {
            let roles = [Role::TableName, Role::Tag, Role::Column];
            let list = described(prepared, &roles, true);
            (Json::from(list), prepared.parameters)
        } else {
            (Json::Null, if wanted { prepared.parameters } else { 0 })
        };
        Ok(fields(json!({
            "stmt_id": id,
            "is_insert": prepared.is_insert(),
            "fields": list,
            "fields_count": count,
        })))
    }

    fn statement(&mut self, id: u64) -> Result<&mut Statement, SqlError> {
        self.statements
            .get_mut(&id)
            .map_or_else(|| refused("stmt is nil"), Ok)
    }

    fn statement2(&mut self, id: u64) -> Result<&mut Statement, SqlError> {
        self.statements
            .get_mut(&id)
            .map_or_else(|| refused("stmt2 is nil"), Ok)
    }

    /// `get_col_fields` and `get_tag_fields`.
    pub(crate) fn statement_fields(&mut self, id: u64, role: Role) -> Outcome {
        let prepared = self.statement(id)?.prepared()?;
        if !prepared.is_insert() || (role == Role::Tag && !prepared.names_table_or_tags()) {
            return Err(misuse());
        }
        let fields = described(prepared, &[role], false);
        let mut reply = self::fields(json!({ "stmt_id": id }));
        // Tags are left out where there are none, columns are null.
        if !fields.is_empty() || role == Role::Column {
            reply.insert("fields".to_owned(), fields.into());
        }
        Ok(reply)
    }

    /// `stmt_num_params`.
    pub(crate) fn statement_parameters(&mut self, id: u64) -> Outcome {
        let prepared = self.statement(id)?.prepared()?;
        let count = if prepared.is_insert() {
            prepared.of(Role::Column).count()
        } else {
            prepared.parameters
        };
        Ok(fields(json!({"stmt_id": id, "num_params": count})))
    }

    /// `stmt_get_param`.
    pub(crate) fn statement_parameter(&mut self, id: u64, index: u64) -> Outcome {
        let prepared = self.statement(id)?.prepared()?;
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
        let (Some(session), Some(statement)) = (&self.session, self.statements.get_mut(&id)) else {
            return refused("stmt is nil");
        };
        self.state
            .bind_table(session, statement.prepared()?, name)?;
        statement.table = Some(name.to_owned());
        statement.tags.clear();
        Ok(fields(json!({ "stmt_id": id })))
    }

    /// `set_tags`, as JSON.
    pub(crate) fn statement_tags(&mut self, id: u64, tags: Option<&Json>) -> Outcome {
        let statement = self.statement(id)?;
        let count = statement.prepared()?.of(Role::Tag).count();
        let Some(tags) = bind::json_row(tags).filter(|tags| tags.len() == count) else {
            return refused("tags number not match");
        };
        statement.tags = tags;
        Ok(fields(json!({ "stmt_id": id })))
    }

    /// `set_tags`, as a block of one row.
    pub(crate) fn statement_tags_block(&mut self, id: u64, block: &[u8]) -> Outcome {
        let statement = self.statement(id)?;
        let count = statement.prepared()?.of(Role::Tag).count();
        match bind::block_rows(block).as_deref_mut() {
            Some([tags]) if tags.len() == count => statement.tags = std::mem::take(tags),
            _ => return refused("tags number not match"),
        }
        Ok(fields(json!({ "stmt_id": id })))
    }

    /// `bind`, as JSON columns.
    pub(crate) fn statement_columns(&mut self, id: u64, columns: Option<&Json>) -> Outcome {
        self.statement(id)?.bind_rows(bind::json_columns(columns))?;
        Ok(fields(json!({ "stmt_id": id })))
    }

    /// `bind`, as a block.
    pub(crate) fn statement_block(&mut self, id: u64, block: &[u8]) -> Outcome {
        self.statement(id)?.bind_rows(bind::block_rows(block))?;
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
        let statement = self.statement2(id)?;
        let batches = bind::whole(data).and_then(|()| {
            let Ok(prepared) = statement.prepared() else {
                return Ok(Vec::new());
            };
            let kinds = |role| prepared.of(role).map(|column| column.kind);
            let tags: Vec<Type> = kinds(Role::Tag).collect();
            let columns: Vec<Type> = kinds(Role::Column).collect();
            let insert = prepared.is_insert().then_some((&*tags, &*columns));
            let batches = bind::bound(data, insert)?;
            prepared.check(&batches)?;
            Ok(batches)
        });
        statement.bind(batches)?;
        Ok(fields(json!({ "stmt_id": id })))
    }

    /// `exec`.
    pub(crate) fn statement_execute(&mut self, id: u64) -> Outcome {
        let (Some(session), Some(statement)) = (&self.session, self.statements.get_mut(&id)) else {
            return refused("stmt is nil");
        };
        let affected = statement.execute_added(&self.state, session)?;
        Ok(fields(json!({"stmt_id": id, "affected": affected})))
    }

    /// `stmt2_exec`.
    pub(crate) fn statement2_execute(&mut self, id: u64) -> Outcome {
        let (Some(session), Some(statement)) = (&self.session, self.statements.get_mut(&id)) else {
            return refused("stmt2 is nil");
        };
        let affected = statement.execute(&self.state, session)?;
        Ok(fields(json!({"stmt_id": id, "affected": affected})))
    }

    /// `use_result`.
    pub(crate) fn statement_result(&mut self, id: u64) -> Outcome {
        self.statement(id)?;
        self.result_of_statement(id, "result_id")
    }

    /// `stmt2_result`. The recorded adapter crashes where there is none; the sandbox stays up.
    pub(crate) fn statement2_result(&mut self, id: u64) -> Outcome {
        self.statement2(id)?;
        self.result_of_statement(id, "id")
    }

    fn result_of_statement(&mut self, id: u64, name: &str) -> Outcome {
        let Some(result) = self.statement(id)?.result.take() else {
            return refused("success");
        };
        let described = Json::Object(self.described(&result));
        let described = with_stored_lengths(described, &result, self.state.release());
        let mut reply = fields(json!({"stmt_id": id, name: self.keep(result)}));
        reply.extend(fields(described));
        Ok(reply)
    }

    /// `stmt2_close`: there need not be such a statement.
    pub(crate) fn statement_close(&mut self, id: u64) -> Map<String, Json> {
        self.statements.remove(&id);
        fields(json!({"stmt_id": id}))
    }
}
