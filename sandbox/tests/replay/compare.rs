//! What is compared, and the few things that are masked because they are different every time.

use serde_json::Value as Json;
use taos_sandbox::block;

/// Masked: the time that the server took, in nanoseconds, in JSON.
pub(crate) fn mask_timing(text: &str) -> String {
    const KEY: &str = "\"timing\":";
    let mut masked = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(KEY) {
        let (before, after) = rest.split_at(at + KEY.len());
        let digits = after
            .find(|next: char| !next.is_ascii_digit())
            .unwrap_or(after.len());
        assert!(digits > 0, "timing is a number in {text}");
        masked += before;
        masked.push('T');
        rest = &after[digits..];
    }
    masked + rest
}

/// Masked: the same time in binary messages, at 0 of a fetched block and at 18 of a raw block.
pub(crate) fn mask_binary_timing(message: &[u8]) -> Vec<u8> {
    let mut masked = message.to_vec();
    let at = if message.starts_with(&[0xff; 8]) {
        18
    } else {
        0
    };
    if let Some(timing) = masked.get_mut(at..at + 8) {
        timing.fill(0);
    }
    masked
}

/// Masked: columns with the current time, or when the recorded cluster was created and started. Only their form is compared.
const CLOCKS: [&str; 6] = [
    "create_time",
    "reboot_time",
    "role_time",
    "uptime",
    "now()",
    "to_unixtimestamp(to_iso8601(now()))",
];

/// Compares two bodies byte by byte, but for the masks.
pub(crate) fn bodies(case: &str, recorded: &str, answered: &str) {
    let (recorded, answered) = (mask_clocks(recorded), mask_clocks(answered));
    assert_eq!(
        mask_timing(&answered),
        mask_timing(&recorded),
        "body of {case}"
    );
}

fn mask_clocks(body: &str) -> String {
    let Ok(mut json) = serde_json::from_str::<Json>(body) else {
        return body.to_owned();
    };
    let names = json["column_meta"].as_array().into_iter().flatten();
    let clocks: Vec<bool> = names
        .map(|column| {
            column[0]
                .as_str()
                .is_some_and(|name| CLOCKS.contains(&name))
        })
        .collect();
    if !clocks.contains(&true) {
        return body.to_owned();
    }
    for row in json["data"].as_array_mut().into_iter().flatten() {
        let cells = row.as_array_mut().into_iter().flatten();
        for (cell, _) in cells.zip(&clocks).filter(|(_, clock)| **clock) {
            *cell = form(cell);
        }
    }
    json.to_string()
}

/// A value with every digit masked.
fn form(cell: &Json) -> Json {
    match cell {
        Json::String(text) => text
            .chars()
            .map(|next| if next.is_ascii_digit() { '0' } else { next })
            .collect::<String>()
            .into(),
        Json::Number(_) => "a number".into(),
        other => other.clone(),
    }
}

/// Compares frames of a WebSocket, in text or binary.
pub(crate) fn frames(case: &str, recorded: &[u8], answered: &[u8], is_text: bool) {
    if is_text {
        let (recorded, answered) = (
            String::from_utf8_lossy(recorded),
            String::from_utf8_lossy(answered),
        );
        assert_eq!(
            mask_timing(&answered),
            mask_timing(&recorded),
            "reply to {case}"
        );
    } else {
        let (recorded, answered) = (mask_binary_timing(recorded), mask_binary_timing(answered));
        assert_eq!(hex(&answered), hex(&recorded), "reply to {case}");
    }
}

/// Compares the shape of two frames: the fields of an object and the types of their values, the types and rows of a block.
pub(crate) fn shapes(case: &str, recorded: &[u8], answered: &[u8], is_text: bool) {
    if is_text {
        let shape = |frame| kinds(&serde_json::from_slice(frame).unwrap());
        assert_eq!(shape(answered), shape(recorded), "shape of {case}");
    } else {
        let block = |frame: &[u8]| {
            let block = block::decode(&frame[16..]).unwrap();
            let kinds: Vec<_> = block.columns.into_iter().map(|(kind, _)| kind).collect();
            (kinds, block.rows)
        };
        assert_eq!(block(answered), block(recorded), "block of {case}");
    }
}

/// A JSON value with the name of its type in place of every leaf.
fn kinds(value: &Json) -> Json {
    match value {
        Json::Object(fields) => fields
            .iter()
            .map(|(name, value)| (name.clone(), kinds(value)))
            .collect::<serde_json::Map<_, _>>()
            .into(),
        Json::Array(items) => items.iter().map(kinds).collect(),
        Json::String(_) => "text".into(),
        Json::Number(_) => "number".into(),
        Json::Bool(_) => "truth".into(),
        Json::Null => Json::Null,
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
