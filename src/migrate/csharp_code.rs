//! C#: connection strings of native connections, and code that selects them.

use super::deprecated_use::{DeprecatedUse, ManualReason, UseKind};
use super::segment::{Segment, find_all};
use super::syntax::{Stretch, StretchKind};
use crate::project::edit::Splice;
use crate::tdengine::ports::{ADAPTER_PORT, NATIVE_PORT};

/// Code that selects native connections, and the namespace of the driver before version 3.1.
const NATIVE_CODE: [&[u8]; 3] = [
    b"ProtocolNative",
    b"using TDengineDriver",
    b"TDengineDriver.",
];

/// One `key=value` of a connection string: offsets of the file.
struct Pair {
    key: String,
    value: (usize, usize),
}

/// Finds connection strings in `segment`. `names_driver`: the file names TDengine, so that a string without a protocol is a native one.
pub fn find_strings(segment: &Segment, names_driver: bool, uses: &mut Vec<DeprecatedUse>) {
    let pairs = read_pairs(segment);
    let pair = |names: &[&str]| pairs.iter().find(|pair| names.contains(&pair.key.as_str()));
    let value = |pair: &Pair| {
        String::from_utf8_lossy(&segment.bytes[pair.value.0..pair.value.1]).to_ascii_lowercase()
    };
    let (Some(_), Some(_)) = (pair(&["host"]), pair(&["username"])) else {
        return;
    };
    let port = pair(&["port"]);
    let native_port = NATIVE_PORT.to_string();
    let has_native_port = port.is_some_and(|port| value(port) == native_port);
    let protocol = match pair(&["protocol"]) {
        Some(protocol) if value(protocol) == "native" => Splice {
            at: protocol.value.0,
            removes: protocol.value.1 - protocol.value.0,
            text: "WebSocket".to_owned(),
        },
        Some(_) => return,
        // The default is the native connection.
        None if names_driver || has_native_port => Splice {
            at: pairs_start(segment),
            removes: 0,
            text: "protocol=WebSocket;".to_owned(),
        },
        None => return,
    };
    let change = match port {
        None => Ok(vec![protocol]),
        Some(port) if value(port) == native_port => Ok(vec![
            protocol,
            Splice {
                at: port.value.0,
                removes: port.value.1 - port.value.0,
                text: ADAPTER_PORT.to_string(),
            },
        ]),
        Some(_) => Err(ManualReason::PortUnknown),
    };
    uses.push(DeprecatedUse::new(
        UseKind::CSharpNativeString,
        (pairs_start(segment), segment.end),
        change,
    ));
}

/// Finds code that selects native connections in `stretch`.
pub fn find_code(bytes: &[u8], stretch: &Stretch, uses: &mut Vec<DeprecatedUse>) {
    if stretch.kind != StretchKind::Code {
        return;
    }
    for needle in NATIVE_CODE {
        for at in find_all(&bytes[stretch.start..stretch.end], needle) {
            let at = stretch.start + at;
            uses.push(DeprecatedUse::new(
                UseKind::CSharpNativeCode,
                (at, at + needle.len()),
                Err(ManualReason::OtherCode),
            ));
        }
    }
}

/// Where the connection string begins in `segment`: a settings file may have a key and a colon before it.
fn pairs_start(segment: &Segment) -> usize {
    let content = segment.content();
    let equals = content.iter().position(|byte| *byte == b'=');
    let key = content[..equals.unwrap_or_default()].trim_ascii_end();
    let before = key
        .iter()
        .rposition(|byte| !byte.is_ascii_alphanumeric() && *byte != b'_');
    segment.start + before.map_or(0, |at| at + 1)
}

fn read_pairs(segment: &Segment) -> Vec<Pair> {
    let mut pairs = Vec::new();
    let mut at = pairs_start(segment);
    while at < segment.end {
        let rest = &segment.bytes[at..segment.end];
        let length = rest
            .iter()
            .position(|byte| *byte == b';')
            .unwrap_or(rest.len());
        if let Some(equals) = rest[..length].iter().position(|byte| *byte == b'=') {
            let key = String::from_utf8_lossy(&rest[..equals]);
            let value = &rest[equals + 1..length];
            let trimmed = value.trim_ascii();
            let start = at + equals + 1 + (value.len() - value.trim_ascii_start().len());
            pairs.push(Pair {
                key: key.trim().to_ascii_lowercase(),
                value: (start, start + trimmed.len()),
            });
        }
        at += length + 1;
    }
    pairs
}
