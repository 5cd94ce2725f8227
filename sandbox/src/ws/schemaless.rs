//! `insert`: schemaless writes over WebSocket.

use serde_json::{Map, json};

use super::action::Args;
use super::connection::{Connection, Outcome, fields, refused};
use crate::schemaless::Protocol;
use crate::sql::SqlError;

impl Connection {
    /// `insert`.
    pub(crate) fn insert_points(&mut self, args: &Args<'_>) -> Outcome {
        let Some(session) = &self.session else {
            return refused("server not connected");
        };
        let protocol = Protocol::numbered(args.number("protocol"))?;
        if session.database().is_none() {
            return Err(SqlError::database_not_specified());
        }
        let points = protocol.points(
            args.text("data"),
            args.text("precision"),
            self.state.release(),
        )?;
        let key = args.text("table_name_key");
        self.state.write_points(session, &points, Some(key))?;
        if self.state.release().is_before_33() {
            return Ok(Map::new());
        }
        Ok(fields(json!({
            "affected_rows": points.len(),
            "total_rows": protocol.counted(&points),
        })))
    }
}
