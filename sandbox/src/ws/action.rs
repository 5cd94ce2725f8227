//! Actions in text: `{"action": …, "args": {"req_id": …, …}}`.

use std::time::Instant;

use serde_json::{Map, Value as Json, json};

use super::connection::{Answer, Connection, Dialect, Outcome, fields, nanoseconds, refused};
use crate::release::Release;
use crate::sql::Role;

/// What `get_server_info` tells beside the version.
const OLD_BUILD: &str = "build:Built Linux-x64 at 2024-01-04 10:13:34 +0800\ngitinfo:5cea0be31e8da0437f189101ce18386fdcf980cc";
const BUILD: &str =
    "build:Linux-x64 2025-09-23 16:51:07 +0800\ngitinfo:f06cf2299c59a211d419a0d79a8a2979e27995d0";
fn build(release: Release) -> &'static str {
    if release.is_before_33() {
        OLD_BUILD
    } else {
        BUILD
    }
}

/// `check_server_status`: in service, and not known.
const IN_SERVICE: u8 = 2;
const UNKNOWN: u8 = 0;
/// The `option` of `options_connection` that sets the time zone.
const TIME_ZONE: u64 = 1;

/// An action's arguments.
pub(crate) struct Args<'a>(Option<&'a Map<String, Json>>);

impl<'a> Args<'a> {
    pub(crate) fn text(&self, name: &str) -> &'a str {
        self.0
            .and_then(|args| args.get(name))
            .and_then(Json::as_str)
            .unwrap_or_default()
    }

    pub(crate) fn number(&self, name: &str) -> u64 {
        self.0
            .and_then(|args| args.get(name))
            .and_then(Json::as_u64)
            .unwrap_or(0)
    }

    pub(crate) fn flag(&self, name: &str) -> bool {
        self.0
            .and_then(|args| args.get(name))
            .and_then(Json::as_bool)
            .unwrap_or(false)
    }

    fn get(&self, name: &str) -> Option<&'a Json> {
        self.0
            .and_then(|args| args.get(name))
            .filter(|value| !value.is_null())
    }
}

impl Connection {
    /// Answers a text message.
    pub(crate) fn text(&mut self, text: &str) -> Answer {
        let start = Instant::now();
        let Ok(Json::Object(request)) = serde_json::from_str(text) else {
            return if self.state.release().is_before_33() {
                Answer::None
            } else {
                self.reply("", 0, start, refused("unmarshal request error"))
            };
        };
        let args = Args(request.get("args").and_then(Json::as_object));
        let req_id = args.number("req_id");
        let action = request
            .get("action")
            .and_then(Json::as_str)
            .unwrap_or_default();
        let release = self.state.release();
        if action.is_empty() && !release.is_before_33() {
            return self.reply(action, req_id, start, refused("request no action"));
        }
        if !self.dialect.knows(action, release) {
            return self.reply(
                action,
                req_id,
                start,
                refused(format!("unknown action {action}")),
            );
        }
        match action {
            "free_result" => {
                self.free(args.number("id"));
                return Answer::None;
            }
            "close" => {
                self.statements.remove(&args.number("stmt_id"));
                return Answer::None;
            }
            "fetch_block" => match self.fetch_block(args.number("id"), start) {
                Ok(block) => return Answer::Binary(block),
                Err(error) => return self.reply(action, req_id, start, Err(error)),
            },
            _ => {}
        }
        let stranger = self.session.is_none() && action != "version" && action != "conn";
        let outcome = self.act(action, &args);
        // Recorded of 3.2: before the login it does not look at the request's number.
        let req_id = if stranger && release.is_before_33() {
            0
        } else {
            req_id
        };
        self.reply(action, req_id, start, outcome)
    }

    fn act(&mut self, action: &str, args: &Args<'_>) -> Outcome {
        match action {
            "version" => return Ok(fields(json!({"version": self.state.version()}))),
            "conn" => return self.connect(args),
            "check_server_status" => return Ok(self.server_status(args)),
            _ => {}
        }
        self.failing_statement = args.get("stmt_id").and_then(Json::as_u64);
        let Some(session) = &mut self.session else {
            return refused("server not connected");
        };
        match action {
            "query" => self.query(args.text("sql")),
            "insert" => self.insert_points(args),
            "fetch" => self.fetch(args.number("id")),
            "num_fields" => {
                let columns = self.cursor(args.number("result_id"))?.result.columns.len();
                Ok(fields(json!({"num_fields": columns})))
            }
            "get_current_db" => Ok(fields(
                json!({"db": session.database().unwrap_or_default()}),
            )),
            "get_server_info" => Ok(fields(
                json!({"info": format!("ver:{}\n{}", self.state.version(), build(self.state.release()))}),
            )),
            "options_connection" => {
                for option in args
                    .get("options")
                    .and_then(Json::as_array)
                    .into_iter()
                    .flatten()
                {
                    if option.get("option").and_then(Json::as_u64) == Some(TIME_ZONE) {
                        session
                            .set_zone(option.get("value").and_then(Json::as_str).unwrap_or("UTC"));
                    }
                }
                Ok(Map::new())
            }
            "init" | "stmt2_init" => self.statement_init(),
            "prepare" => self.statement_prepare(args),
            "stmt2_prepare" => self.statement2_prepare(args),
            "get_col_fields" => self.statement_fields(args.number("stmt_id"), Role::Column),
            "get_tag_fields" => self.statement_fields(args.number("stmt_id"), Role::Tag),
            "set_table_name" => self.statement_table(args.number("stmt_id"), args.text("name")),
            "set_tags" => self.statement_tags(args.number("stmt_id"), args.get("tags")),
            "bind" => self.statement_columns(args.number("stmt_id"), args.get("columns")),
            "add_batch" => self.statement_add(args.number("stmt_id")),
            "exec" => self.statement_execute(args.number("stmt_id")),
            "stmt2_exec" => self.statement2_execute(args.number("stmt_id")),
            "use_result" => self.statement_result(args.number("stmt_id")),
            "stmt2_result" => self.statement2_result(args.number("stmt_id")),
            "stmt_num_params" => self.statement_parameters(args.number("stmt_id")),
            "stmt_get_param" => {
                self.statement_parameter(args.number("stmt_id"), args.number("index"))
            }
            "stmt2_close" => Ok(self.statement_close(args.number("stmt_id"))),
            _ => refused(format!("unknown action {action}")),
        }
    }

    fn connect(&mut self, args: &Args<'_>) -> Outcome {
        if args.0.is_none() {
            return refused("unmarshal connect request error");
        }
        if self.session.is_some() {
            return refused("duplicate connections");
        }
        let given = || {
            (
                args.text("user").to_owned(),
                args.text("password").to_owned(),
            )
        };
        let token = args.text("bearer_token");
        let (user, password) = match self.state.cloud_login() {
            Some(login) => login,
            None if !token.is_empty() && self.state.knows_tokens() => {
                self.state.user_of_token(token)?
            }
            None => given(),
        };
        if user.is_empty() && password.is_empty() {
            return Err(crate::sql::SqlError::new(0x0207, "Invalid user name"));
        }
        let mut session = self.state.login(&user, &password, args.text("db"))?;
        if let Some(mode) = args.get("mode").filter(|mode| mode.as_u64() != Some(0)) {
            return refused(format!("unexpected mode:{mode}"));
        }
        if !args.text("tz").is_empty() && !self.state.release().is_before_33() {
            session.set_zone(args.text("tz"));
        }
        self.session = Some(session);
        let tells_version =
            self.dialect == Dialect::Current && !self.state.release().is_before_33();
        Ok(if tells_version {
            fields(json!({"version": self.state.version()}))
        } else {
            Map::new()
        })
    }

    fn server_status(&self, args: &Args<'_>) -> Map<String, Json> {
        let asked = format!("{}:{}", args.text("fqdn"), args.number("port"));
        let known = self.state.dnode_endpoints().contains(&asked);
        fields(json!({"status": if known { IN_SERVICE } else { UNKNOWN }, "details": ""}))
    }

    fn fetch(&mut self, id: u64) -> Outcome {
        let old = self.state.release().is_before_33();
        let cursor = self.cursor(id)?;
        let rows = cursor.advance();
        let lengths: Vec<i32> = cursor
            .result
            .columns
            .iter()
            .map(|column| match column.kind {
                // Recorded of 3.2 alone: with the two bytes that its block has too.
                crate::sql::Type::Json if old => column.fetch_length().saturating_add(2),
                _ => column.fetch_length(),
            })
            .collect();
        if rows == 0 {
            self.free(id);
        }
        let completed = rows == 0;
        let lengths = if completed {
            Json::Null
        } else {
            lengths.into()
        };
        Ok(fields(
            json!({"id": id, "completed": completed, "lengths": lengths, "rows": rows}),
        ))
    }

    fn fetch_block(&mut self, id: u64, start: Instant) -> Result<Vec<u8>, crate::sql::SqlError> {
        let release = self.state.release();
        let Some(block) = self.cursor(id)?.block(release) else {
            return refused("block is nil");
        };
        let mut message = nanoseconds(start).to_le_bytes().to_vec();
        message.extend(id.to_le_bytes());
        message.extend(block);
        Ok(message)
    }
}
