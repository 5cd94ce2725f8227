//! One WebSocket connection: its session, results and statements, and the form of its replies.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;

use serde_json::{Map, Value as Json, json};

use super::cursor::Cursor;
use super::statement::Statement;
use crate::release::Release;
use crate::sql::{self, ResultSet, SqlError, Type};
use crate::state::{Session, State};

/// The code of the adapter's own errors.
pub(crate) const ADAPTER: i32 = 0xffff;

/// Which endpoint was asked for: they differ in their replies and in what they know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// `/ws`.
    Current,
    /// `/rest/ws`, the one before.
    Query,
    /// `/rest/stmt`.
    Stmt,
    /// `/rest/schemaless`.
    Schemaless,
    /// `/rest/tmq`.
    Tmq,
}

impl Dialect {
    pub(crate) fn of(path: &str) -> Self {
        match path {
            "/rest/ws" => Self::Query,
            "/rest/stmt" => Self::Stmt,
            "/rest/schemaless" => Self::Schemaless,
            "/rest/tmq" => Self::Tmq,
            _ => Self::Current,
        }
    }

    pub(crate) fn knows(self, action: &str, release: Release) -> bool {
        match self {
            Self::Current if release.is_before_33() => {
                !action.starts_with("stmt2_")
                    && !matches!(action, "check_server_status" | "options_connection")
            }
            Self::Current => true,
            Self::Query => matches!(
                action,
                "version" | "conn" | "query" | "fetch" | "fetch_block" | "free_result"
            ),
            Self::Stmt => matches!(
                action,
                "version"
                    | "conn"
                    | "init"
                    | "prepare"
                    | "set_table_name"
                    | "set_tags"
                    | "bind"
                    | "add_batch"
                    | "exec"
                    | "close"
                    | "get_tag_fields"
                    | "get_col_fields"
            ),
            Self::Schemaless => matches!(action, "version" | "conn" | "insert"),
            Self::Tmq => action == "version",
        }
    }
}

/// What is sent back.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Answer {
    None,
    Text(String),
    Binary(Vec<u8>),
}

/// What an action came to: the fields beside the common ones.
pub(crate) type Outcome = Result<Map<String, Json>, SqlError>;

/// An error of the adapter's own.
pub(crate) fn refused<T>(text: impl Into<String>) -> Result<T, SqlError> {
    Err(SqlError::new(ADAPTER, text))
}

/// The fields of a JSON object; nothing of anything else.
pub(crate) fn fields(value: Json) -> Map<String, Json> {
    match value {
        Json::Object(fields) => fields,
        _ => Map::new(),
    }
}

#[derive(Debug)]
pub(crate) struct Connection {
    pub(crate) state: Arc<State>,
    pub(crate) dialect: Dialect,
    pub(crate) session: Option<Session>,
    results: HashMap<u64, Cursor>,
    last_result: u64,
    pub(crate) statements: HashMap<u64, Statement>,
    pub(crate) last_statement: u64,
    unreachable: bool,
    /// The statement that a request is about: an error has its number too.
    pub(crate) failing_statement: Option<u64>,
}

impl Connection {
    pub(crate) fn new(state: Arc<State>, dialect: Dialect) -> Self {
        Self {
            state,
            dialect,
            session: None,
            results: HashMap::new(),
            last_result: 0,
            statements: HashMap::new(),
            last_statement: 0,
            unreachable: false,
            failing_statement: None,
        }
    }

    /// Whether the last answer says that taosd is dead, which takes its time.
    pub(crate) fn take_unreachable(&mut self) -> bool {
        std::mem::take(&mut self.unreachable)
    }

    /// A reply in text: the common fields, then the outcome's.
    pub(crate) fn reply(
        &mut self,
        action: &str,
        req_id: u64,
        start: Instant,
        outcome: Outcome,
    ) -> Answer {
        let release = self.state.release();
        let (code, message, extra) = match outcome {
            Ok(extra) => (0, String::new(), extra),
            Err(error) => {
                self.unreachable |= error.tells_dead_backend();
                let error = match self.dialect {
                    Dialect::Current => error.by_code(release),
                    _ => error,
                };
                let extra = self.failing_statement.take();
                let extra = extra.map(|id| fields(json!({ "stmt_id": id })));
                (error.code, error.text, extra.unwrap_or_default())
            }
        };
        self.failing_statement = None;
        let mut reply = fields(json!({"code": code, "message": message, "action": action}));
        if self.dialect == Dialect::Schemaless && action == "insert" && code == 0 {
            reply = fields(
                json!({"code": code, "message": message, "req_id": req_id, "action": action}),
            );
        }
        let bare = action == "version" && !matches!(self.dialect, Dialect::Current | Dialect::Tmq);
        let bare =
            bare || (release.is_before_33() && action == "version" && self.dialect == Dialect::Tmq);
        if !bare {
            reply.insert("req_id".to_owned(), req_id.into());
            reply.insert("timing".to_owned(), nanoseconds(start).into());
        }
        reply.extend(extra);
        Answer::Text(Json::Object(reply).to_string())
    }

    /// Executes SQL; a result is kept for fetching.
    pub(crate) fn query(&mut self, sql: &str) -> Outcome {
        let Some(session) = &mut self.session else {
            return refused("server not connected");
        };
        let (affected, result) = match self.state.execute(session, sql)? {
            sql::Answer::Update { affected_rows } => (affected_rows, None),
            sql::Answer::Rows(result) => (0, Some(result)),
        };
        let mut reply = fields(json!({
            "id": if result.is_some() { self.last_result + 1 } else { 0 },
            "is_update": result.is_none(),
            "affected_rows": affected,
        }));
        reply.extend(match &result {
            Some(result) => self.described(result),
            None => {
                let mut described = self.described(&ResultSet::default());
                let lists = described.values_mut().filter(|value| value.is_array());
                lists.for_each(|list| *list = Json::Null);
                described
            }
        });
        if let Some(result) = result {
            self.keep(result);
        }
        Ok(reply)
    }

    /// What a reply tells of a result's columns.
    pub(crate) fn described(&self, result: &ResultSet) -> Map<String, Json> {
        let columns = &result.columns;
        let list = |of: &dyn Fn(&sql::Column) -> Json| columns.iter().map(of).collect::<Json>();
        let digits = |column: &sql::Column| match column.kind {
            Type::Decimal64 { precision, scale } | Type::Decimal128 { precision, scale } => {
                (precision, scale)
            }
            _ => (0, 0),
        };
        let mut described = fields(json!({
            "fields_count": columns.len(),
            "fields_names": list(&|column| column.name.clone().into()),
            "fields_types": list(&|column| column.kind.code().into()),
            "fields_lengths": list(&|column| column.bytes.into()),
            "precision": result.precision.code(),
        }));
        if self.dialect == Dialect::Current && !self.state.release().is_before_33() {
            described.insert(
                "fields_precisions".to_owned(),
                list(&|column| digits(column).0.into()),
            );
            described.insert(
                "fields_scales".to_owned(),
                list(&|column| digits(column).1.into()),
            );
        }
        described
    }

    /// Keeps a result for fetching; gives its number.
    pub(crate) fn keep(&mut self, result: ResultSet) -> u64 {
        self.last_result += 1;
        self.results.insert(self.last_result, Cursor::new(result));
        self.last_result
    }

    /// A kept result.
    pub(crate) fn cursor(&mut self, id: u64) -> Result<&mut Cursor, SqlError> {
        if self.session.is_none() {
            return refused("server not connected");
        }
        self.results
            .get_mut(&id)
            .map_or_else(|| refused("result is nil"), Ok)
    }

    pub(crate) fn free(&mut self, id: u64) {
        self.results.remove(&id);
    }
}

/// Nanoseconds since an instant, for the `timing` of replies.
pub(crate) fn nanoseconds(start: Instant) -> u64 {
    u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX)
}
