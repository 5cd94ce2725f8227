//! What a polled message holds: fetched block by block, or whole in the form of the server's own clients.

use std::time::Instant;

use serde_json::{Value as Json, json};

use super::super::connection::{ADAPTER, Answer, fields, nanoseconds, refused};
use super::action::Subscriber;
use crate::block;
use crate::release::Release;
use crate::sql::{SqlError, TopicBlock};
use crate::tmq::{Message, encode};

/// Numbers of the binary replies.
const FETCH_RAW: u64 = 3;
const FETCH_RAW_DATA: u64 = 8;
const VERSION: u16 = 1;
/// The kind of a message with rows.
const DATA: u16 = 2;

/// A message and how far its blocks have been fetched.
#[derive(Debug)]
pub(super) struct Polled {
    message: Message,
    fetched: usize,
    /// The number of the request that fetched the current block: its bytes repeat it.
    fetch: u64,
}

impl Polled {
    pub(super) fn new(message: Message) -> Self {
        Self {
            message,
            fetched: 0,
            fetch: 0,
        }
    }

    fn current(&self) -> Option<&TopicBlock> {
        self.message.blocks.get(self.fetched.checked_sub(1)?)
    }
}

impl Subscriber {
    /// The actions of a message.
    pub(super) fn fetch(&mut self, action: &str, req_id: u64, id: u64, start: Instant) -> Answer {
        let release = self.connection().state.release();
        let mine = self
            .polled
            .as_mut()
            .filter(|polled| polled.message.id == id);
        let outcome = match (action, mine) {
            ("fetch", Some(polled)) => {
                polled.fetch = req_id;
                Ok(next_block(polled, id))
            }
            ("fetch_block", Some(polled)) => match polled.current() {
                Some(block) => {
                    let bytes = block_message(block, polled.fetch, id, start, release);
                    return Answer::Binary(bytes);
                }
                None => refused("message is nil"),
            },
            ("fetch_raw", Some(polled)) => {
                let raw = encode(&polled.message);
                return Answer::Binary(raw_message(&raw, req_id, id, start));
            }
            ("fetch_raw_data", polled) => {
                let raw = polled.map(|polled| encode(&polled.message));
                return Answer::Binary(raw_data(raw.as_deref(), req_id, id, start));
            }
            ("fetch_json_meta", Some(_)) => refused("message type can not get meta, type: 1"),
            ("fetch", None) => refused("message ID are not equal"),
            ("fetch_raw", None) => refused("message ID is not equal"),
            _ => refused("message is nil"),
        };
        let outcome = outcome.map(fields);
        let failed = outcome.is_err();
        let connection = self.connection();
        let answer = connection.reply(action, req_id, start, outcome);
        match answer {
            Answer::Text(text) if failed => Answer::Text(with_message_id(&text, id)),
            answer => answer,
        }
    }
}

/// An error of a message has its number too.
fn with_message_id(reply: &str, id: u64) -> String {
    let mut reply: Json = serde_json::from_str(reply).unwrap_or_default();
    if let Json::Object(reply) = &mut reply {
        reply.insert("message_id".to_owned(), id.into());
    }
    reply.to_string()
}

/// `fetch`: moves to the next block and tells of it.
fn next_block(polled: &mut Polled, id: u64) -> Json {
    let Some(block) = polled.message.blocks.get(polled.fetched) else {
        return json!({
            "message_id": id,
            "completed": true,
            "table_name": "",
            "rows": 0,
            "fields_count": 0,
            "fields_names": null,
            "fields_types": null,
            "fields_lengths": null,
            "precision": 0,
        });
    };
    polled.fetched += 1;
    let columns = &block.result.columns;
    json!({
        "message_id": id,
        "completed": false,
        "table_name": block.table.as_deref().unwrap_or_default(),
        "rows": block.result.rows.len(),
        "fields_count": columns.len(),
        "fields_names": columns.iter().map(|column| column.name.clone()).collect::<Vec<_>>(),
        "fields_types": columns.iter().map(|column| column.kind.code()).collect::<Vec<_>>(),
        "fields_lengths": columns.iter().map(|column| column.bytes).collect::<Vec<_>>(),
        "precision": block.result.precision.code(),
    })
}

fn block_message(
    block: &TopicBlock,
    req_id: u64,
    id: u64,
    start: Instant,
    release: Release,
) -> Vec<u8> {
    let mut message = nanoseconds(start).to_le_bytes().to_vec();
    message.extend(req_id.to_le_bytes());
    message.extend(id.to_le_bytes());
    let result = &block.result;
    message.extend(if release.is_before_33() {
        let mut block = block::encode(&result.columns, &result.rows, &[]);
        block::without_last_byte(&mut block);
        block
    } else {
        block::encode_of_topic(&result.columns, &result.rows)
    });
    message
}

fn raw_message(raw: &[u8], req_id: u64, id: u64, start: Instant) -> Vec<u8> {
    let mut message = nanoseconds(start).to_le_bytes().to_vec();
    for number in [req_id, id, FETCH_RAW] {
        message.extend(number.to_le_bytes());
    }
    message.extend(u32::try_from(raw.len()).unwrap_or(u32::MAX).to_le_bytes());
    message.extend(DATA.to_le_bytes());
    message.extend(raw);
    message
}

/// `fetch_raw_data`, which tells errors in its own form.
fn raw_data(raw: Option<&[u8]>, req_id: u64, id: u64, start: Instant) -> Vec<u8> {
    let error = SqlError::new(ADAPTER, "message ID is not equal");
    let (code, text) = match raw {
        Some(_) => (0, ""),
        None => (error.code, error.text.as_str()),
    };
    let mut message = u64::MAX.to_le_bytes().to_vec();
    message.extend(FETCH_RAW_DATA.to_le_bytes());
    message.extend(VERSION.to_le_bytes());
    message.extend(nanoseconds(start).to_le_bytes());
    message.extend(req_id.to_le_bytes());
    message.extend(code.to_le_bytes());
    message.extend(u32::try_from(text.len()).unwrap_or(0).to_le_bytes());
    message.extend(text.as_bytes());
    message.extend(id.to_le_bytes());
    if let Some(raw) = raw {
        message.extend(DATA.to_le_bytes());
        message.extend(u32::try_from(raw.len()).unwrap_or(u32::MAX).to_le_bytes());
        message.extend(raw);
    }
    message
}
