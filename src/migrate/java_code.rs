//! Java, Kotlin, Scala, and Groovy: names of driver classes, and code that uses the classes of connections that end.

use super::deprecated_use::{DeprecatedUse, ManualReason, UseKind};
use super::segment::{Segment, contains, find_all, line_start};
use super::syntax::{Stretch, StretchKind};
use crate::project::edit::Splice;

/// The package of the connector.
pub const PACKAGE: &[u8] = b"com.taosdata.jdbc";
const NATIVE_DRIVER: &[u8] = b"com.taosdata.jdbc.TSDBDriver";
const REST_DRIVER: &[u8] = b"com.taosdata.jdbc.rs.RestfulDriver";
const WEB_SOCKET_DRIVER: &str = "com.taosdata.jdbc.ws.WebSocketDriver";

/// Code of the native connection. `TSDBDriver.PROPERTY_…` are names of settings, which stay.
const NATIVE_CODE: [&[u8]; 6] = [
    b"new TSDBDriver(",
    b"new com.taosdata.jdbc.TSDBDriver(",
    b"TSDBDriver.class",
    b"TSDBDriver::class",
    b"TSDBPreparedStatement",
    b"TSDBConnection",
];
/// Code of the REST connection.
const REST_CODE: [&[u8]; 3] = [
    b"com.taosdata.jdbc.rs.",
    b"RestfulDriver",
    b"RestfulConnection",
];
/// The setting that selects the connection of a subscription, and its value for native ones.
const CONNECT_TYPE: &[u8] = b"td.connect.type";
const NATIVE_TYPE: &[u8] = b"jni";

/// Finds the names of driver classes in `segment`.
pub fn find_drivers(segment: &Segment, uses: &mut Vec<DeprecatedUse>) {
    for (name, kind) in [
        (NATIVE_DRIVER, UseKind::JavaNativeDriver),
        (REST_DRIVER, UseKind::JavaRestDriver),
    ] {
        for at in segment.find_all(name) {
            let end = at + name.len();
            if !is_whole_name(&segment.bytes[..segment.end], at, end) {
                continue;
            }
            let splice = Splice {
                at,
                removes: name.len(),
                text: WEB_SOCKET_DRIVER.to_owned(),
            };
            uses.push(DeprecatedUse::new(kind, (at, end), Ok(vec![splice])));
        }
    }
}

/// Finds code of connections that end in `stretch` of a file that names the connector.
pub fn find_code(bytes: &[u8], stretch: &Stretch, uses: &mut Vec<DeprecatedUse>) {
    if stretch.kind != StretchKind::Code {
        return;
    }
    let code = &bytes[stretch.start..stretch.end];
    let mut lines = Vec::new();
    for (needles, kind) in [
        (&NATIVE_CODE[..], UseKind::JavaNativeClass),
        (&REST_CODE[..], UseKind::JavaRestClass),
    ] {
        for needle in needles {
            for at in find_all(code, needle) {
                let at = stretch.start + at;
                if !starts_name(bytes, at) {
                    continue;
                }
                let end = name_end(bytes, at + needle.len());
                let line = line_start(bytes, at);
                // One report a line: an import and the names in it are one change.
                if !lines.contains(&(line, kind)) {
                    lines.push((line, kind));
                    uses.push(DeprecatedUse::new(
                        kind,
                        (at, end),
                        Err(ManualReason::OtherCode),
                    ));
                }
            }
        }
    }
}

/// Finds subscriptions over native connections: `td.connect.type` with the value `jni`, as two strings or one setting.
pub fn find_subscriptions(segments: &[Segment], uses: &mut Vec<DeprecatedUse>) {
    for (at, segment) in segments.iter().enumerate() {
        if !contains(segment.content(), CONNECT_TYPE) {
            continue;
        }
        let same = segment
            .content()
            .ends_with(NATIVE_TYPE)
            .then_some(segment.end - NATIVE_TYPE.len());
        let next = segments
            .get(at + 1)
            .filter(|next| {
                let between = &next.bytes[segment.end..next.start];
                next.content() == NATIVE_TYPE && between.len() < 80 && !between.contains(&b';')
            })
            .map(|next| next.start);
        if let Some(value) = same.or(next) {
            // The consumer's server changes with it, and is set elsewhere.
            uses.push(DeprecatedUse::new(
                UseKind::JavaNativeSubscription,
                (value, value + NATIVE_TYPE.len()),
                Err(ManualReason::OtherCode),
            ));
        }
    }
}

/// Whether the name at `at..end` is not a part of a longer one.
fn is_whole_name(bytes: &[u8], at: usize, end: usize) -> bool {
    starts_name(bytes, at) && !bytes.get(end).is_some_and(|byte| is_name_byte(*byte))
}

fn starts_name(bytes: &[u8], at: usize) -> bool {
    !at.checked_sub(1)
        .is_some_and(|before| is_name_byte(bytes[before]) || bytes[before] == b'$')
}

fn name_end(bytes: &[u8], at: usize) -> usize {
    let rest = bytes[at..].iter();
    at + rest
        .take_while(|byte| is_name_byte(**byte) || **byte == b'.')
        .count()
}

const fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}
