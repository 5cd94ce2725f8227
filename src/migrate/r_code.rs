//! R: what RJDBC does otherwise over WebSocket, and jars of drivers that are too old for it. URLs and classes are those of Java.

use super::connector::is_driver_too_old;
use super::deprecated_use::{DeprecatedUse, ManualReason, UseKind};
use super::segment::Segment;

/// The start of a jar's name, before the version.
const JAR: &[u8] = b"taos-jdbcdriver-";

/// Finds statements that bind the time of a row, which the driver does not accept from RJDBC over WebSocket, and names of old jars.
pub fn find(segments: &[Segment], uses: &mut Vec<DeprecatedUse>) {
    let has_connection = !uses.is_empty();
    for segment in segments {
        if has_connection && let Some(at) = bound_time(segment.content()) {
            let at = segment.start + at;
            uses.push(DeprecatedUse::new(
                UseKind::RBoundTime,
                (at, segment.end),
                Err(ManualReason::OtherCode),
            ));
        }
        for at in segment.find_all(JAR) {
            let version = &segment.bytes[at + JAR.len()..segment.end];
            let length = version
                .iter()
                .take_while(|byte| byte.is_ascii_digit() || **byte == b'.')
                .count();
            let text = String::from_utf8_lossy(&version[..length]);
            let is_jar = segment.content().ends_with(b".jar");
            if is_jar && is_driver_too_old(text.trim_end_matches('.')) {
                uses.push(DeprecatedUse::new(
                    UseKind::RDriverJar,
                    (at, segment.end),
                    Err(ManualReason::OtherCode),
                ));
            }
        }
    }
}

/// Where the statement `text` gives its values, if the first one is bound: `insert into t values (?, ?)`.
fn bound_time(text: &[u8]) -> Option<usize> {
    const VALUES: &[u8] = b"values";
    let statement = text.to_ascii_lowercase();
    if !statement.trim_ascii_start().starts_with(b"insert") {
        return None;
    }
    let at = statement
        .windows(VALUES.len())
        .position(|word| word == VALUES)?;
    let rest = statement[at + VALUES.len()..].trim_ascii_start();
    let first = rest.strip_prefix(b"(")?.trim_ascii_start();
    first.starts_with(b"?").then_some(at)
}

#[cfg(test)]
mod tests;
