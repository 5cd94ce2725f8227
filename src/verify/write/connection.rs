//! An open connection of any transport, and one way to run a statement on it.

use std::time::Duration;

use crate::diagnose::codes;
use crate::driver::process::DriverReply;
use crate::driver::process::parent::DriverProcess;
use crate::message::{Message, message};
use crate::probe::Reply;
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
    Native(&'a mut DriverProcess),
}

impl Connection<'_> {
    /// Runs `sql`.
    pub async fn run(&mut self, sql: &str, limit: Duration) -> Reply<Rows> {
        match self {
            Self::Rest(rest) => rest.query(sql, limit).await,
            Self::Ws(session) => session.query(sql, limit).await,
            Self::Native(process) => driver_reply(process.query(sql).await),
        }
    }
}

/// What a driver replied. One that misbehaves is a broken connection.
pub fn driver_reply<T>(reply: DriverReply<T>) -> Reply<T> {
    match reply {
        DriverReply::Data(data) => Reply::Data(data),
        DriverReply::Refused { code, message } => Reply::Refused {
            code: codes::low(code),
            message,
        },
        DriverReply::Hung { .. } => Reply::Unanswered,
        DriverReply::Crashed { how, .. } => Reply::Broken(message!("driver-process", how = how)),
        DriverReply::Unstarted(why) => Reply::Broken(why),
        DriverReply::Unloadable(words) => Reply::Broken(Message::quoted(words)),
    }
}
