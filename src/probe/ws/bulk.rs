//! Opens sessions as connectors do, and reads large results block by block.

use std::time::{Duration, Instant};

use serde_json::json;
use tokio_tungstenite::tungstenite::Message;

use super::{PATHS, Session, Upgrade, begun_with, object, switch};
use crate::message::message;
use crate::probe::answer_budget::AnswerBudget;
use crate::probe::block::{BlockFault, scan};
use crate::probe::credentials::Credentials;
use crate::probe::reply::Reply;
use crate::probe::rest::low_bits;
use crate::probe::wire::Way;

/// `fetch_raw_block` in binary, which gives a block for each question; servers know it from 3.3.2.0 on.
const RAW_BLOCK: u64 = 7;
const RAW_BLOCK_VERSION: u16 = 1;
/// Where the parts of its answer begin, up to the message.
const CODE: usize = 34;
const MESSAGE_LENGTH: usize = 38;
const MESSAGE: usize = 42;

impl Session {
    /// Connects and logs in, without asking for the version.
    pub async fn connect(
        way: &Way,
        host: &str,
        prefix: &str,
        who: &Credentials,
        limit: Duration,
    ) -> Reply<Self> {
        let deadline = Instant::now() + limit;
        let left = || deadline.saturating_duration_since(Instant::now());
        let mut refused = Reply::Unanswered;
        for endpoint in PATHS {
            let path = format!("{prefix}{endpoint}");
            let (upgrade, stream) = switch(way, host, &path, who, left()).await;
            if let Some(stream) = stream {
                let mut session = Self { stream, req_id: 0 };
                let login = session.login(who, None, left()).await;
                return login.and_then(|()| Some(session));
            }
            refused = match upgrade {
                Upgrade::Refused { status, .. } => Reply::Unreadable {
                    status: Some(status),
                    excerpt: String::new(),
                },
                Upgrade::Silent | Upgrade::Switched { .. } => return Reply::Unanswered,
                Upgrade::Broken(why) => return Reply::Broken(why),
                Upgrade::Mangled(words) => {
                    return Reply::Unreadable {
                        status: None,
                        excerpt: words,
                    };
                }
            };
        }
        refused
    }

    /// Runs `sql` and decodes its rows without keeping them, until all were read or `stop`; their number. `raw` asks for blocks in
    /// binary. No block may take longer than `stall`.
    pub async fn read_rows(
        &mut self,
        sql: &str,
        raw: bool,
        stall: Duration,
        stop: Instant,
    ) -> Reply<u64> {
        let mut budget = AnswerBudget::new(stall);
        let begun = self
            .ask("query", object(json!({ "sql": sql })), &mut budget)
            .await;
        let id = match begun.and_then(|reply| begun_with(&reply)) {
            Reply::Data(Some(result)) => result.id,
            Reply::Data(None) => return Reply::Data(0),
            other => return other.and_then(|_| None),
        };
        let mut rows: u64 = 0;
        loop {
            let block = match raw {
                true => self.raw_block(id, stall).await,
                false => self.fetched_block(id, stall).await,
            };
            match block {
                Reply::Data(Some(more)) => rows = rows.saturating_add(more),
                Reply::Data(None) => return Reply::Data(rows),
                other => return other.and_then(|_| None),
            }
            if Instant::now() >= stop {
                self.free(id, stall).await;
                return Reply::Data(rows);
            }
        }
    }

    /// The rows of the next block; `None` after the last.
    async fn fetched_block(&mut self, id: u64, stall: Duration) -> Reply<Option<u64>> {
        let mut budget = AnswerBudget::new(stall);
        let args = || object(json!({ "id": id }));
        let more = self.ask("fetch", args(), &mut budget).await;
        match more.and_then(|reply| reply.get("completed")?.as_bool()) {
            Reply::Data(true) => return Reply::Data(None),
            Reply::Data(false) => {}
            other => return other.and_then(|_| None),
        }
        match self.ask_for_bytes("fetch_block", args(), &mut budget).await {
            // Timing and result id precede the block.
            Reply::Data(bytes) => scanned(bytes.get(16..).unwrap_or_default()),
            other => other.and_then(|_| None),
        }
    }

    /// The same in one question.
    async fn raw_block(&mut self, id: u64, stall: Duration) -> Reply<Option<u64>> {
        let mut budget = AnswerBudget::new(stall);
        self.req_id += 1;
        let mut question: Vec<u8> = Vec::with_capacity(26);
        for part in [self.req_id, id, RAW_BLOCK] {
            question.extend(part.to_le_bytes());
        }
        question.extend(RAW_BLOCK_VERSION.to_le_bytes());
        match self.bytes_for(Message::binary(question), &mut budget).await {
            Reply::Data(bytes) => raw_answer(&bytes),
            other => other.and_then(|_| None),
        }
    }

    /// Lets the server forget a result; the server does not answer.
    async fn free(&mut self, id: u64, limit: Duration) {
        self.tell("free_result", object(json!({ "id": id })), limit)
            .await;
    }
}

/// The rows in the answer to a raw block; `None` after the last.
fn raw_answer(bytes: &[u8]) -> Reply<Option<u64>> {
    let short = || Reply::Malformed(message!("probe-block-short"));
    let number = |at: usize| -> Option<u32> {
        let four = bytes.get(at..)?.first_chunk()?;
        Some(u32::from_le_bytes(*four))
    };
    let (Some(code), Some(length)) = (number(CODE), number(MESSAGE_LENGTH)) else {
        return short();
    };
    let Some(end) = usize::try_from(length)
        .ok()
        .and_then(|length| MESSAGE.checked_add(length))
    else {
        return short();
    };
    let Some(message) = bytes.get(MESSAGE..end) else {
        return short();
    };
    if code != 0 {
        return Reply::Refused {
            code: low_bits(i64::from(code)),
            message: String::from_utf8_lossy(message).into_owned(),
        };
    }
    // Behind the result's id: whether this was the end, and the block with its length.
    match bytes.get(end + 8..) {
        Some([0, rest @ ..]) => scanned(rest.get(4..).unwrap_or_default()),
        Some([_, ..]) => Reply::Data(None),
        _ => short(),
    }
}

fn scanned(block: &[u8]) -> Reply<Option<u64>> {
    match scan::rows(block) {
        Ok(rows) => Reply::Data(Some(rows)),
        Err(BlockFault::Over(over)) => Reply::over(over),
        Err(BlockFault::Malformed(fault)) => {
            Reply::Malformed(message!("probe-rows-unreadable", fault = fault))
        }
    }
}

#[cfg(test)]
mod tests;
