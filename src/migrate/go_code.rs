//! Go: imports of driver-go, driver names, and data source names.

use super::address::read_hosts;
use super::deprecated_use::{DeprecatedUse, ManualReason, UseKind};
use super::segment::{Segment, contains, find_all, line_start};
use super::syntax::{Stretch, StretchKind};
use crate::project::edit::Splice;
use crate::tdengine::ports::{ADAPTER_PORT, NATIVE_PORT};

/// The path of the repository; its modules and packages follow.
pub const MODULE: &[u8] = b"github.com/taosdata/driver-go/";
const NATIVE_NAME: &[u8] = b"taosSql";
const REST_NAME: &[u8] = b"taosRestful";
const WEB_SOCKET_NAME: &str = "taosWS";
/// Packages of version 3 that end with native connections.
const NATIVE_PACKAGES: [&[u8]; 2] = [b"af", b"wrapper"];

/// What a Go file says of itself before its addresses are read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GoDrivers {
    /// It names the native driver.
    pub native: bool,
    /// It names the REST driver.
    pub rest: bool,
}

impl GoDrivers {
    /// The drivers that the strings in `segments` name.
    pub fn of(segments: &[Segment]) -> Self {
        let names = |name: &[u8]| {
            segments.iter().any(|segment| {
                let content = segment.content();
                content == name || (content.starts_with(MODULE) && content.ends_with(name))
            })
        };
        Self {
            native: names(NATIVE_NAME),
            rest: names(REST_NAME),
        }
    }
}

/// Finds imports and driver names among the strings of a Go file.
pub fn find_names(bytes: &[u8], segments: &[Segment], uses: &mut Vec<DeprecatedUse>) {
    let mut has_web_socket = segments.iter().any(|segment| {
        segment.content().starts_with(MODULE)
            && segment.content().ends_with(WEB_SOCKET_NAME.as_bytes())
    });
    for segment in segments {
        let content = segment.content();
        if let Some(package) = content.strip_prefix(MODULE) {
            if let Some((kind, splices)) = import(bytes, segment, package, &mut has_web_socket) {
                uses.push(DeprecatedUse::new(
                    kind,
                    (segment.start, segment.end),
                    splices,
                ));
            }
            continue;
        }
        let kind = match content {
            name if name == NATIVE_NAME => UseKind::GoNativeDriver,
            name if name == REST_NAME => UseKind::GoRestDriver,
            _ => continue,
        };
        let splice = Splice {
            at: segment.start,
            removes: content.len(),
            text: WEB_SOCKET_NAME.to_owned(),
        };
        uses.push(DeprecatedUse::new(
            kind,
            (segment.start, segment.end),
            Ok(vec![splice]),
        ));
    }
}

type Change = Result<Vec<Splice>, ManualReason>;

fn import(
    bytes: &[u8],
    segment: &Segment,
    package: &[u8],
    has_web_socket: &mut bool,
) -> Option<(UseKind, Change)> {
    let Some(package) = package.strip_prefix(b"v3/") else {
        return Some((UseKind::GoOldModule, Err(ManualReason::OtherCode)));
    };
    let first = package.split(|byte| *byte == b'/').next()?;
    let kind = match first {
        name if name == NATIVE_NAME => UseKind::GoNativeImport,
        name if name == REST_NAME => UseKind::GoRestImport,
        name if NATIVE_PACKAGES.contains(&name) => {
            return Some((UseKind::GoNativePackage, Err(ManualReason::OtherCode)));
        }
        _ => return None,
    };
    let line = LineAround::of(bytes, segment);
    if package != first || !line.is_blank_import() {
        return Some((kind, Err(ManualReason::OtherCode)));
    }
    let splice = if *has_web_socket && line.is_alone() {
        // The package is imported already.
        line.removal()
    } else {
        *has_web_socket = true;
        let at = segment.end - first.len();
        Splice {
            at,
            removes: first.len(),
            text: WEB_SOCKET_NAME.to_owned(),
        }
    };
    Some((kind, Ok(vec![splice])))
}

/// The line of an import.
struct LineAround<'a> {
    start: usize,
    end: usize,
    before: &'a [u8],
    after: &'a [u8],
}

impl<'a> LineAround<'a> {
    fn of(bytes: &'a [u8], segment: &Segment) -> Self {
        let start = line_start(bytes, segment.start);
        let end = bytes[segment.end..].iter().position(|byte| *byte == b'\n');
        let end = end.map_or(bytes.len(), |at| segment.end + at + 1);
        Self {
            start,
            end,
            before: &bytes[start..segment.start],
            after: &bytes[segment.end..end],
        }
    }

    /// Whether it is `_ "…"`, perhaps behind `import`.
    fn is_blank_import(&self) -> bool {
        let before = self.before.trim_ascii_start();
        let before = before.strip_prefix(b"import").unwrap_or(before);
        let before = before.trim_ascii();
        matches!(before.strip_prefix(b"_"), Some(rest) if matches!(rest.trim_ascii(), b"\"" | b"`"))
    }

    /// Whether nothing else is in it.
    fn is_alone(&self) -> bool {
        matches!(self.after.trim_ascii(), b"\"" | b"`")
    }

    fn removal(&self) -> Splice {
        Splice {
            at: self.start,
            removes: self.end - self.start,
            text: String::new(),
        }
    }
}

/// Finds code that uses the packages of connections that end: `taosSql.Config`.
pub fn find_code(bytes: &[u8], stretch: &Stretch, uses: &mut Vec<DeprecatedUse>) {
    if stretch.kind != StretchKind::Code {
        return;
    }
    for (name, kind) in [
        (&b"taosSql."[..], UseKind::GoNativeDriver),
        (&b"taosRestful."[..], UseKind::GoRestDriver),
    ] {
        for at in find_all(&bytes[stretch.start..stretch.end], name) {
            let at = stretch.start + at;
            let end = at + name.len() - 1;
            uses.push(DeprecatedUse::new(
                kind,
                (at, end),
                Err(ManualReason::OtherCode),
            ));
        }
    }
}

/// Finds data source names in `segment`. Other databases use the same form: the drivers that a Go file names, or the port, decide.
pub fn find_sources(segment: &Segment, drivers: Option<GoDrivers>, uses: &mut Vec<DeprecatedUse>) {
    for (network, replacement, kind) in [
        (&b"@tcp("[..], "@ws(", UseKind::GoNativeSource),
        (b"@http(", "@ws(", UseKind::GoRestSource),
        (b"@https(", "@wss(", UseKind::GoRestSource),
    ] {
        for at in segment.find_all(network) {
            let splice = Splice {
                at,
                removes: network.len(),
                text: replacement.to_owned(),
            };
            let from = at + network.len();
            let bytes = &segment.bytes[..segment.end];
            let authority = read_hosts(bytes, from, b")");
            let is_closed = bytes.get(authority.end) == Some(&b')');
            let has_port = |wanted: u16| {
                let wanted = wanted.to_string();
                authority.hosts.iter().any(|host| {
                    host.port
                        .is_some_and(|(start, end)| bytes[start..end] == *wanted.as_bytes())
                })
            };
            let is_native = kind == UseKind::GoNativeSource;
            let known = drivers.unwrap_or_default();
            let is_ours = if is_native {
                known.native || has_port(NATIVE_PORT)
            } else {
                known.rest || has_port(ADAPTER_PORT)
            };
            // A URL or another source is not a host.
            let is_host = |byte: &u8| !b"/@(".contains(byte);
            if !is_ours || !bytes[from..authority.end].iter().all(is_host) {
                continue;
            }
            let splices = if !is_native {
                Ok(vec![splice])
            } else if is_closed {
                authority.adapter_ports(bytes).map(|ports| {
                    let mut splices = vec![splice];
                    splices.extend(ports);
                    splices
                })
            } else {
                Err(ManualReason::Assembled)
            };
            let start = source_start(bytes, segment.start, at);
            let end = authority.end + usize::from(is_closed);
            uses.push(DeprecatedUse::new(kind, (start, end), splices));
        }
    }
    let from_configuration = drivers.is_some_and(|drivers| drivers.native)
        && (contains(segment.content(), b"@cfg(")
            || (contains(segment.content(), b"@/")
                && segment
                    .content()
                    .iter()
                    .filter(|byte| **byte == b':')
                    .count()
                    == 1));
    if from_configuration {
        uses.push(DeprecatedUse::new(
            UseKind::GoNativeSource,
            (segment.start, segment.end),
            Err(ManualReason::HostFromConfiguration),
        ));
    }
}

/// Where the data source name with its network at `at` begins: behind the white space, quote, or sign before it.
fn source_start(bytes: &[u8], from: usize, at: usize) -> usize {
    let before = &bytes[from..at];
    let break_at = before
        .iter()
        .rposition(|byte| byte.is_ascii_whitespace() || b"\"'`=".contains(byte));
    from + break_at.map_or(0, |found| found + 1)
}
