//! Python: the module `taosrest` and its SQLAlchemy URLs.

use super::address::url_end;
use super::deprecated_use::{DeprecatedUse, ManualReason, UseKind};
use super::segment::{Segment, find_all, line_start};
use super::syntax::{Stretch, StretchKind};

const MODULE: &[u8] = b"taosrest";
const SCHEME: &[u8] = b"taosrest://";

/// Finds the statements that import the module, one report each.
pub fn find_code(bytes: &[u8], stretch: &Stretch, uses: &mut Vec<DeprecatedUse>) {
    if stretch.kind != StretchKind::Code {
        return;
    }
    for at in find_all(&bytes[stretch.start..stretch.end], MODULE) {
        let at = stretch.start + at;
        let before = bytes[line_start(bytes, at)..at].trim_ascii();
        let imports = [&b"import"[..], b"from"].contains(&before)
            || (before.starts_with(b"import ") && before.ends_with(b","));
        if imports {
            uses.push(DeprecatedUse::new(
                UseKind::PythonRestModule,
                (at, at + MODULE.len()),
                Err(ManualReason::OtherCode),
            ));
        }
    }
}

/// Finds SQLAlchemy URLs in `segment`. Their replacement needs another package, so a person changes both.
pub fn find_urls(segment: &Segment, uses: &mut Vec<DeprecatedUse>) {
    for at in segment.find_all(SCHEME) {
        let end = url_end(segment.bytes, at, segment.end);
        uses.push(DeprecatedUse::new(
            UseKind::PythonRestUrl,
            (at, end),
            Err(ManualReason::OtherCode),
        ));
    }
}
