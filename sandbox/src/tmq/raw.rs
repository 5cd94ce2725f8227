//! A message as the server's own clients carry it, for `fetch_raw` and `fetch_raw_data` (transcripts/session_*-tmq.jsonl).

use super::Message;
use crate::block::{self, length};
use crate::sql::ResultSet;

/// The version of the head, the kind of an offset in the log, and the version of a block.
const HEAD_VERSION: u8 = 100;
const LOG_OFFSET: u8 = 17;
const BLOCK_VERSION: i64 = 1;

/// The message's bytes.
pub(crate) fn encode(message: &Message) -> Vec<u8> {
    let mut offsets = Vec::new();
    for offset in [message.requested, message.behind] {
        offsets.push(LOG_OFFSET);
        offsets.extend(offset.to_le_bytes());
    }
    let named = message.blocks.iter().any(|block| block.table.is_some());
    let mut raw = vec![HEAD_VERSION];
    raw.extend(length(offsets.len()).to_le_bytes());
    raw.extend(offsets);
    raw.extend(length(message.blocks.len()).to_le_bytes());
    raw.extend([u8::from(named), 1]);
    for block in &message.blocks {
        binary(&mut raw, &framed(&block.result));
        schema(&mut raw, &block.result);
        if named {
            text(&mut raw, block.table.as_deref().unwrap_or_default());
        }
    }
    raw.extend(0_i64.to_le_bytes());
    raw
}

/// A block behind its head: version, rows in network order, precision, no compression.
fn framed(result: &ResultSet) -> Vec<u8> {
    let mut framed = BLOCK_VERSION.to_le_bytes().to_vec();
    let rows = i64::try_from(result.rows.len()).unwrap_or(0);
    framed.extend(rows.to_be_bytes());
    framed.extend([result.precision.code(), 0]);
    framed.extend(block::encode_of_topic(&result.columns, &result.rows));
    framed
}

/// The names and types of a block's columns.
fn schema(raw: &mut Vec<u8>, result: &ResultSet) {
    signed(raw, result.columns.len());
    signed(raw, 0);
    for (at, column) in result.columns.iter().enumerate() {
        raw.extend([column.kind.code(), 0]);
        signed(raw, usize::try_from(column.fetch_length()).unwrap_or(0));
        signed(raw, at + 1);
        text(raw, &column.name);
    }
}

/// A number of variable length, seven bits a byte.
fn unsigned(raw: &mut Vec<u8>, mut number: usize) {
    while number >= 0x80 {
        raw.push(u8::try_from(number & 0x7f).unwrap_or(0) | 0x80);
        number >>= 7;
    }
    raw.push(u8::try_from(number).unwrap_or(0));
}

/// A number that might be negative is doubled.
fn signed(raw: &mut Vec<u8>, number: usize) {
    unsigned(raw, number << 1);
}

fn binary(raw: &mut Vec<u8>, bytes: &[u8]) {
    unsigned(raw, bytes.len());
    raw.extend(bytes);
}

/// Text with a zero at its end, which counts.
fn text(raw: &mut Vec<u8>, text: &str) {
    binary(raw, format!("{text}\0").as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_of_variable_length() {
        let mut raw = Vec::new();
        unsigned(&mut raw, 126);
        unsigned(&mut raw, 300);
        signed(&mut raw, 272);
        text(&mut raw, "ts");
        assert_eq!(raw, [126, 0xac, 0x02, 0xa0, 0x04, 3, b't', b's', 0]);
    }
}
