//! JDBC URLs: `jdbc:TAOS:` (native) and `jdbc:TAOS-RS:` (REST) become `jdbc:TAOS-WS:`.

use super::address::{Authority, read_authority, url_end};
use super::deprecated_use::{DeprecatedUse, ManualReason, UseKind};
use super::segment::Segment;
use crate::project::edit::Splice;

const NATIVE: &[u8] = b"jdbc:TAOS:";
const REST: &[u8] = b"jdbc:TAOS-RS:";
const WEB_SOCKET: &str = "jdbc:TAOS-WS:";
/// What made a REST connection a WebSocket connection in old releases; the WebSocket driver has no such parameter.
const BATCH_FETCH: &[u8] = b"batchfetch";

/// Finds the URLs in `segment`.
pub fn find(segment: &Segment, uses: &mut Vec<DeprecatedUse>) {
    let places = |scheme: &'static [u8], kind| {
        let found = segment.find_all(scheme).into_iter();
        found.map(move |at| (at, scheme, kind))
    };
    let mut found: Vec<_> = places(NATIVE, Some(UseKind::JavaNativeUrl))
        .chain(places(REST, Some(UseKind::JavaRestUrl)))
        .chain(places(WEB_SOCKET.as_bytes(), None))
        .collect();
    found.sort_by_key(|(at, ..)| *at);
    let mut done = segment.start;
    for (at, scheme, kind) in found {
        // A URL inside another is a part of it.
        if at < done {
            continue;
        }
        done = url_end(segment.bytes, at, segment.end);
        if let Some(kind) = kind {
            let splices = edit(segment, at, done, scheme);
            uses.push(DeprecatedUse::new(kind, (at, done), splices));
        }
    }
}

fn edit(
    segment: &Segment,
    at: usize,
    end: usize,
    scheme: &[u8],
) -> Result<Vec<Splice>, ManualReason> {
    let mut splices = vec![Splice {
        at,
        removes: scheme.len(),
        text: WEB_SOCKET.to_owned(),
    }];
    let bytes = &segment.bytes[..end];
    let after_scheme = at + scheme.len();
    if !bytes[after_scheme..].starts_with(b"//") {
        return Err(ManualReason::Assembled);
    }
    let authority = read_authority(bytes, after_scheme + 2);
    if scheme == NATIVE {
        let is_open = authority.end == segment.end && segment.continues;
        splices.extend(move_ports(bytes, &authority, is_open)?);
    }
    splices.extend(drop_batch_fetch(bytes, authority.end));
    Ok(splices)
}

/// The splices that turn port 6030 of every host into 6041. `is_open`: more text follows the authority in the program.
fn move_ports(
    bytes: &[u8],
    authority: &Authority,
    is_open: bool,
) -> Result<Vec<Splice>, ManualReason> {
    if is_open {
        return Err(ManualReason::Assembled);
    }
    authority.adapter_ports(bytes)
}

/// The splices that remove the parameter `batchfetch`, with the separator that belongs to it.
fn drop_batch_fetch(bytes: &[u8], from: usize) -> Vec<Splice> {
    let Some(query) = bytes[from..].iter().position(|byte| *byte == b'?') else {
        return Vec::new();
    };
    let start = from + query + 1;
    let mut splices = Vec::new();
    let mut at = start;
    while at < bytes.len() {
        let rest = &bytes[at..];
        let length = rest.iter().position(|byte| *byte == b'&');
        let length = length.unwrap_or(rest.len());
        let separator: &[u8] = match &rest[length..] {
            tail if tail.starts_with(b"&amp;") => b"&amp;",
            tail => &tail[..tail.len().min(1)],
        };
        let key = rest[..length].split(|byte| *byte == b'=').next();
        if key.is_some_and(|key| key.eq_ignore_ascii_case(BATCH_FETCH)) {
            // The separator before it may be gone with another one.
            let is_behind_another = splices
                .last()
                .is_some_and(|before: &Splice| before.at + before.removes == at);
            let (first, last) = (at == start, separator.is_empty());
            let before = match (first, last) {
                _ if is_behind_another => 0,
                (true, true) => 1, // the question mark
                (false, true) if bytes[..at].ends_with(b"&amp;") => 5,
                (false, true) => 1,
                (_, false) => 0,
            };
            splices.push(Splice {
                at: at - before,
                removes: before + length + separator.len(),
                text: String::new(),
            });
        }
        at += length + separator.len();
    }
    splices
}

#[cfg(test)]
mod tests;
