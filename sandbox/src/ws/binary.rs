//! Actions in binary: 1 tags and 2 columns of the older statements, 6 query, 7 raw block, 9 bind, 10 validate (reference: wire-and-abi, "WebSocket").

use std::time::Instant;

use serde_json::json;

use super::connection::{Answer, Connection, Dialect, Outcome, fields, nanoseconds, refused};
use crate::release::Release;

const SET_TAGS: u64 = 1;
const BIND_BLOCK: u64 = 2;
const QUERY: u64 = 6;
const RAW_BLOCK: u64 = 7;
const BIND: u64 = 9;
const VALIDATE: u64 = 10;
const VERSION: u16 = 1;
/// Bytes before a query's SQL, of a raw block's request, and before a bind's data.
const QUERY_HEAD: usize = 30;
const RAW_BLOCK_HEAD: usize = 26;
const BIND_HEAD: usize = 30;
/// Set in the sign and the high bits of a code that is not cut to 16 bits.
const FAILURE: i32 = i32::MIN;

fn u64_at(message: &[u8], at: usize) -> u64 {
    let bytes = message
        .get(at..at + 8)
        .and_then(|bytes| bytes.try_into().ok());
    bytes.map_or(0, u64::from_le_bytes)
}

fn u16_at(message: &[u8], at: usize) -> u16 {
    let bytes = message
        .get(at..at + 2)
        .and_then(|bytes| bytes.try_into().ok());
    bytes.map_or(0, u16::from_le_bytes)
}

impl Connection {
    /// Answers a binary message.
    pub(crate) fn binary(&mut self, message: &[u8]) -> Answer {
        let start = Instant::now();
        let req_id = u64_at(message, 0);
        if self.dialect != Dialect::Current || message.len() < 24 {
            return self.reply(
                "unknown",
                req_id,
                start,
                refused("message length is too short"),
            );
        }
        let known = matches!(u64_at(message, 16), SET_TAGS | BIND_BLOCK);
        if self.state.release().is_before_33() && !known {
            return self.old_binary(req_id, start);
        }
        match u64_at(message, 16) {
            QUERY => {
                let outcome = self
                    .binary_sql(message, "query")
                    .and_then(|sql| self.query(&sql));
                self.reply("binary_query", req_id, start, outcome)
            }
            VALIDATE => {
                let outcome = self
                    .binary_sql(message, "validate")
                    .and_then(|sql| self.validated(&sql));
                self.reply("validate_sql", req_id, start, outcome)
            }
            RAW_BLOCK => self.raw_block(message, req_id, start),
            SET_TAGS | BIND_BLOCK => self.statement_block_action(message, req_id, start),
            BIND => {
                let statement = u64_at(message, 8);
                let version = u16_at(message, 24);
                let outcome = match message.get(BIND_HEAD..) {
                    Some(_) if version != VERSION => refused("unknown stmt2 bind version"),
                    Some(data) => self.statement_bind(statement, data),
                    None => refused("message length is too short"),
                };
                self.failing_statement = Some(statement);
                self.reply("stmt2_bind", req_id, start, outcome)
            }
            other => self.reply(
                "unknown",
                req_id,
                start,
                refused(format!("unknown binary action {other}")),
            ),
        }
    }

    /// Blocks for statements of the older protocol.
    fn statement_block_action(&mut self, message: &[u8], req_id: u64, start: Instant) -> Answer {
        let (id, block) = (u64_at(message, 8), message.get(24..).unwrap_or_default());
        let (action, outcome) = if u64_at(message, 16) == SET_TAGS {
            ("set_tags", self.statement_tags_block(id, block))
        } else {
            ("bind", self.statement_block(id, block))
        };
        self.failing_statement = Some(id);
        self.reply(action, req_id, start, outcome)
    }

    /// 3.2 has binary actions for schemaless writes and subscriptions alone, which are not played.
    fn old_binary(&mut self, req_id: u64, start: Instant) -> Answer {
        let text = if self.session.is_some() {
            "unknown action unknown"
        } else {
            "server not connected"
        };
        self.reply("unknown", req_id, start, refused(text))
    }

    fn binary_sql(&self, message: &[u8], what: &str) -> Result<String, crate::sql::SqlError> {
        if self.session.is_none() {
            return refused("server not connected");
        }
        let Some(sql) = message.get(QUERY_HEAD..) else {
            return refused("message length is too short");
        };
        let version = u16_at(message, 24);
        if version != VERSION {
            return refused(format!("unknown binary {what} version:{version}"));
        }
        let length = message
            .get(26..30)
            .and_then(|bytes| bytes.try_into().ok())
            .map_or(0, u32::from_le_bytes);
        let Some(sql) = usize::try_from(length)
            .ok()
            .and_then(|length| sql.get(..length))
        else {
            return refused("uncompleted message");
        };
        Ok(String::from_utf8_lossy(sql).into_owned())
    }

    fn validated(&self, sql: &str) -> Outcome {
        let code = self
            .state
            .validate(sql)
            .err()
            .map_or(0, |error| FAILURE | error.code);
        Ok(fields(json!({"result_code": code})))
    }

    fn raw_block(&mut self, message: &[u8], req_id: u64, start: Instant) -> Answer {
        let id = u64_at(message, 8);
        let block = match self.cursor(id) {
            Ok(_) if message.len() < RAW_BLOCK_HEAD => refused("message length is too short"),
            Ok(cursor) => {
                cursor.advance();
                Ok(cursor.block(Release::Current))
            }
            Err(error) => Err(error),
        };
        let (code, text) = match &block {
            Ok(_) => (0, String::new()),
            Err(error) => (error.code, error.text.clone()),
        };
        let block = block.ok().flatten();
        if block.is_none() {
            self.free(id);
        }
        let mut reply = u64::MAX.to_le_bytes().to_vec();
        reply.extend(RAW_BLOCK.to_le_bytes());
        reply.extend(VERSION.to_le_bytes());
        reply.extend(nanoseconds(start).to_le_bytes());
        reply.extend(req_id.to_le_bytes());
        reply.extend(code.to_le_bytes());
        reply.extend(u32::try_from(text.len()).unwrap_or(0).to_le_bytes());
        reply.extend(text.as_bytes());
        reply.extend(id.to_le_bytes());
        reply.push(u8::from(block.is_none()));
        if let Some(block) = block {
            reply.extend(u32::try_from(block.len()).unwrap_or(u32::MAX).to_le_bytes());
            reply.extend(block);
        }
        Answer::Binary(reply)
    }
}
