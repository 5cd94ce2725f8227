//! One request in, one answer out. Written by hand and not with an HTTP library, because a fault has to cut a body at an exact
//! byte, announce a wrong length, or stop without closing.

use super::faults::MirrorFaults;

/// When every file of the mirror was last changed, as HTTP writes it.
const LAST_MODIFIED: &str = "Tue, 23 Sep 2025 08:51:07 GMT";
/// The page of a captive portal, or of a path that is not there.
const NOT_FOUND_PAGE: &[u8] = include_bytes!("files/not-found.html");
/// How many bytes [`MirrorFaults::WrongLength`] leaves out.
const LEFT_OUT: usize = 512;

/// The parts of a request's head that matter here.
#[derive(Debug, PartialEq, Eq, Default)]
pub(super) struct Request {
    /// `GET`, `HEAD` or what else was sent.
    pub(super) method: String,
    /// The path, without query.
    pub(super) path: String,
    /// The `Range` header.
    range: Option<String>,
    /// The `If-Range` header.
    if_range: Option<String>,
}

/// An answer and how it ends.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Answer {
    /// Status line and headers, with the empty line.
    pub(super) head: String,
    /// The body's bytes that are really sent.
    pub(super) body: Vec<u8>,
    /// Whether the connection then stays open without another byte.
    pub(super) stalls: bool,
}

/// A file of the mirror.
pub(super) struct File<'a> {
    /// Its bytes.
    pub(super) bytes: &'a [u8],
    /// Its `ETag`, quotes included.
    pub(super) etag: &'a str,
}

impl Request {
    /// Reads a request's head; `None` if its first line is not of the form `METHOD PATH HTTP/…`.
    pub(super) fn parse(head: &str) -> Option<Self> {
        let mut lines = head.lines();
        let mut words = lines.next()?.split(' ');
        let (method, target, protocol) = (words.next()?, words.next()?, words.next()?);
        if !protocol.starts_with("HTTP/1.") {
            return None;
        }
        let path = target.split('?').next().unwrap_or(target);
        let mut request = Self {
            method: method.to_owned(),
            path: path.to_owned(),
            ..Self::default()
        };
        for (name, value) in lines.filter_map(|line| line.split_once(':')) {
            let value = Some(value.trim().to_owned());
            match name.to_ascii_lowercase().as_str() {
                "range" => request.range = value,
                "if-range" => request.if_range = value,
                _ => {}
            }
        }
        Some(request)
    }
}

/// Answers a request for `file` (`None`: there is no such file) under `faults`.
pub(super) fn answer(request: &Request, file: Option<&File<'_>>, faults: &MirrorFaults) -> Answer {
    let mut answer = match (faults, file) {
        (MirrorFaults::Html, _) => page("200 OK"),
        (MirrorFaults::Status(status), _) => text(&format!("{status} {}", reason(*status))),
        (MirrorFaults::NotFound, _) | (_, None) => page("404 Not Found"),
        _ if request.method != "GET" && request.method != "HEAD" => text("405 Method Not Allowed"),
        (_, Some(file)) => serve(request, file, faults),
    };
    if request.method == "HEAD" {
        answer.body.clear();
        answer.stalls = false;
    }
    answer
}

/// The file, or the part that was asked for, under the faults that touch bodies.
fn serve(request: &Request, file: &File<'_>, faults: &MirrorFaults) -> Answer {
    let total = file.bytes.len();
    let wanted = request.range.as_deref().filter(|_| {
        request
            .if_range
            .as_deref()
            .is_none_or(|is| is == file.etag || is == LAST_MODIFIED)
    });
    let (status, start, end) = match wanted.map(|range| parse_range(range, total)) {
        None | Some(Range::Ignored) => ("200 OK", 0, total),
        Some(Range::Part(start, end)) => ("206 Partial Content", start, end),
        Some(Range::Unsatisfiable) => {
            let head = head(
                "416 Range Not Satisfiable",
                0,
                &[format!("Content-Range: bytes */{total}")],
            );
            return Answer {
                head,
                body: Vec::new(),
                stalls: false,
            };
        }
    };
    let mut body = file.bytes.get(start..end).unwrap_or_default().to_vec();
    let mut announced = body.len();
    let mut stalls = false;
    match faults {
        MirrorFaults::Corrupt => {
            let middle = (total / 2).checked_sub(start);
            if let Some(byte) = middle.and_then(|at| body.get_mut(at)) {
                *byte ^= 0xff;
            }
        }
        MirrorFaults::WrongLength => {
            announced = announced.saturating_sub(LEFT_OUT);
            body.truncate(announced);
        }
        MirrorFaults::Truncated(after) | MirrorFaults::Stall(after) => {
            body.truncate(usize::try_from(*after).unwrap_or(usize::MAX));
            stalls = matches!(faults, MirrorFaults::Stall(_));
        }
        _ => {}
    }
    let mut headers = vec![
        "Content-Type: application/x-gzip".to_owned(),
        "Accept-Ranges: bytes".to_owned(),
        format!("ETag: {}", file.etag),
        format!("Last-Modified: {LAST_MODIFIED}"),
    ];
    if status.starts_with("206") {
        headers.push(format!("Content-Range: bytes {start}-{}/{total}", end - 1));
    }
    Answer {
        head: head(status, announced, &headers),
        body,
        stalls,
    }
}

/// What a `Range` header asks for.
#[derive(Debug, PartialEq, Eq)]
enum Range {
    /// Bytes from the first number up to, not including, the second.
    Part(usize, usize),
    /// A form that a server may ignore: several ranges, another unit, no numbers.
    Ignored,
    /// Nothing of the file.
    Unsatisfiable,
}

/// Reads a `Range` header for a file of `total` bytes.
fn parse_range(header: &str, total: usize) -> Range {
    let Some((first, last)) = header
        .strip_prefix("bytes=")
        .and_then(|range| range.split_once('-'))
    else {
        return Range::Ignored;
    };
    let (start, end) = match (first.parse::<usize>(), last.parse::<usize>()) {
        (Ok(start), Ok(last)) if start <= last => (start, last.saturating_add(1).min(total)),
        (Ok(start), Err(_)) if last.is_empty() => (start, total),
        (Err(_), Ok(length)) if first.is_empty() => (total.saturating_sub(length), total),
        _ => return Range::Ignored,
    };
    if start < end {
        Range::Part(start, end)
    } else {
        Range::Unsatisfiable
    }
}

/// An index, which is `page`.
pub(super) fn index_page(request: &Request, page: String) -> Answer {
    let kind = match request.path.ends_with('/') {
        true => "text/html; charset=utf-8",
        false => "application/octet-stream",
    };
    let head = head("200 OK", page.len(), &[format!("Content-Type: {kind}")]);
    let body = match request.method.as_str() {
        "HEAD" => Vec::new(),
        _ => page.into_bytes(),
    };
    Answer {
        head,
        body,
        stalls: false,
    }
}

/// A web page instead of a file.
fn page(status: &str) -> Answer {
    let head = head(
        status,
        NOT_FOUND_PAGE.len(),
        &["Content-Type: text/html; charset=UTF-8".to_owned()],
    );
    Answer {
        head,
        body: NOT_FOUND_PAGE.to_vec(),
        stalls: false,
    }
}

/// A line of text that repeats the status.
fn text(status: &str) -> Answer {
    let body = format!("{status}\n").into_bytes();
    Answer {
        head: head(status, body.len(), &["Content-Type: text/plain".to_owned()]),
        body,
        stalls: false,
    }
}

/// The words behind a status number.
fn reason(status: u16) -> &'static str {
    match status {
        403 => "Forbidden",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        _ => "Told To Fail",
    }
}

/// A head: every answer ends its connection.
fn head(status: &str, length: usize, headers: &[String]) -> String {
    let mut head = format!(
        "HTTP/1.1 {status}\r\nServer: taos-sandbox\r\nContent-Length: {length}\r\nConnection: close\r\n"
    );
    for header in headers {
        head.push_str(header);
        head.push_str("\r\n");
    }
    head.push_str("\r\n");
    head
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_as_rfc_9110_says() {
        let cases = [
            ("bytes=0-0", Range::Part(0, 1)),
            ("bytes=4-", Range::Part(4, 10)),
            ("bytes=4-99", Range::Part(4, 10)),
            ("bytes=-3", Range::Part(7, 10)),
            ("bytes=-99", Range::Part(0, 10)),
            ("bytes=10-", Range::Unsatisfiable),
            ("bytes=-0", Range::Unsatisfiable),
            ("bytes=5-4", Range::Ignored),
            ("bytes=0-1,3-4", Range::Ignored),
            ("lines=0-1", Range::Ignored),
        ];
        for (header, expected) in cases {
            assert_eq!(parse_range(header, 10), expected, "{header}");
        }
    }

    #[test]
    fn request_is_read_without_its_query() {
        let request =
            Request::parse("GET /a/b?c=d HTTP/1.1\r\nHost: x\r\nRANGE:  bytes=1- \r\n\r\n")
                .unwrap();
        assert_eq!(
            (request.method.as_str(), request.path.as_str()),
            ("GET", "/a/b")
        );
        assert_eq!(request.range.as_deref(), Some("bytes=1-"));
        assert_eq!(Request::parse("\x16\x03\x01 x y"), None);
    }
}
