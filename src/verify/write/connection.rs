//! An open connection of any transport, and one way to run a statement on it.

use std::time::Duration;

use crate::diagnose::codes;
use crate::probe::Reply;
use crate::probe::native::Native;
use crate::probe::native::parent::Process;
use crate::probe::rest::Rest;
use crate::probe::sql::Rows;
use crate::probe::ws::Session;

/// An open, logged in connection.
#[derive(Debug)]
pub enum Connection<'a> {
    /// REST: every request stands alone.
    Rest(&'a Rest),
    /// A WebSocket.
    Ws(&'a mut Session),
    /// A driver in its process.
    Native(&'a mut Process),
}

impl Connection<'_> {
    /// Runs `sql`. A driver that misbehaves is a broken connection.
    pub async fn run(&mut self, sql: &str, limit: Duration) -> Reply<Rows> {
        match self {
            Self::Rest(rest) => rest.query(sql, limit).await,
            Self::Ws(session) => session.query(sql, limit).await,
            Self::Native(process) => match process.query(sql).await {
                Native::Data(rows) => Reply::Data(rows),
                Native::Refused { code, message } => Reply::Refused {
                    code: codes::low(code),
                    message,
                },
                Native::Hung { .. } => Reply::Unanswered,
                Native::Crashed { how, .. } => Reply::Broken(format!("the driver's process {how}")),
                Native::Unloadable(words) | Native::Unstarted(words) => Reply::Broken(words),
            },
        }
    }
}
