//! As much of HTTP/1 as it takes to recognise who answered: the head, and a body's first bytes.

use serde::Serialize;

use crate::tdengine::version::Version;

/// The most of a body that is kept, in bytes.
const EXCERPT: usize = 1024;
/// The path that is asked for.
const REST: &str = "/rest/sql";

/// An HTTP answer, as far as a fingerprint needs it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct HttpAnswer {
    /// The status code.
    pub status: u16,
    /// The `Server` header.
    pub server: Option<String>,
    /// The `Location` header.
    pub location: Option<String>,
    /// The first bytes of the body, lossily decoded.
    pub body: String,
    /// Whether it asks for a login of HTTP's own, `WWW-Authenticate`.
    pub wants_login: bool,
    /// `code` of the body, where it is a JSON object with `code` and `desc`: how taosAdapter speaks.
    pub code: Option<i64>,
    /// Whether all that matters has come, as far as the head tells: nothing more is waited for.
    #[serde(skip)]
    pub whole: bool,
    /// Whether the head, or a body whose length it tells, is not all there.
    pub cut: bool,
}

/// Where a redirect leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RedirectTarget {
    /// Scheme, host, port and what is before REST's path.
    pub url: String,
    /// The host.
    pub host: String,
    /// Whether it is https.
    pub secure: bool,
    /// Whether it leads to another path than REST's.
    pub is_page: bool,
}

impl HttpAnswer {
    /// Reads an answer from the bytes that came. `None` where they are not HTTP/1.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let mut bytes = bytes;
        // The real answer follows interim ones.
        while let Some(next) = behind_interim(bytes) {
            bytes = next;
        }
        if !bytes.starts_with(b"HTTP/1.") {
            return None;
        }
        let head_end = bytes
            .windows(4)
            .position(|window| window == b"\r\n\r\n")
            .unwrap_or(bytes.len());
        let head = String::from_utf8_lossy(&bytes[..head_end]);
        let mut lines = head.split("\r\n");
        let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
        let mut answer = Self {
            status,
            ..Self::default()
        };
        let mut length = None;
        let mut chunked = false;
        for line in lines {
            let Some((name, value)) = line.split_once(':') else {
                continue;
            };
            let text = || Some(value.trim().to_owned());
            match name.trim().to_ascii_lowercase().as_str() {
                "server" => answer.server = text(),
                "location" => answer.location = text(),
                "content-length" => length = value.trim().parse::<usize>().ok(),
                "www-authenticate" => answer.wants_login = true,
                "transfer-encoding" => chunked = value.to_ascii_lowercase().contains("chunked"),
                _ => {}
            }
        }
        let sent = bytes.get(head_end + 4..).unwrap_or_default();
        let joined = if chunked { join(sent) } else { sent.to_vec() };
        let body = joined.as_slice();
        answer.code = adapter_code(body);
        answer.cut = head_end == bytes.len()
            || length.is_some_and(|length| body.len() < length)
            || chunked && !sent.ends_with(b"0\r\n\r\n");
        answer.whole = answer.code.is_some()
            || !answer.cut && (length.is_some() || chunked || matches!(answer.status, 204 | 304));
        answer.body = String::from_utf8_lossy(&body[..body.len().min(EXCERPT)]).into_owned();
        Some(answer)
    }

    /// Whether taosAdapter said it: a JSON object with `code` and `desc`, whatever the status
    /// (`transcripts/rest.jsonl`).
    pub fn is_from_adapter(&self) -> bool {
        self.code.is_some()
    }

    /// Whether a gateway said it in place of the server behind it: it cannot reach it, or wants a login of its own.
    pub fn is_from_gateway(&self) -> bool {
        !self.is_from_adapter()
            && (matches!(self.status, 407 | 413 | 429 | 502 | 503 | 504)
                || self.status == 401 && self.wants_login)
    }

    /// Whether a web server with TLS asks for a certificate of the client, in nginx's words.
    pub fn wants_certificate(&self) -> bool {
        let complaint = ["No required SSL certificate", "SSL certificate error"];
        self.status == 400 && complaint.iter().any(|words| self.body.contains(words))
    }

    /// Where a redirect leads; `None` if it is none, or its location is not a whole URL of the web.
    pub fn redirect_target(&self) -> Option<RedirectTarget> {
        let url = self.redirected()?;
        let secure = match url.scheme() {
            "https" => true,
            "http" => false,
            _ => return None,
        };
        let before = url.path().strip_suffix(REST);
        Some(RedirectTarget {
            url: format!("{}{}", origin(&url)?, before.unwrap_or_default()),
            host: url.host_str()?.to_owned(),
            secure,
            is_page: before.is_none() && url.path().len() > 1,
        })
    }

    fn redirected(&self) -> Option<url::Url> {
        let redirect = matches!(self.status, 300..=399);
        let location = self.location.as_deref().filter(|_| redirect)?;
        url::Url::parse(location).ok()
    }

    /// Whether it asks for TLS, in the words of Go's and nginx's servers for plain text on a TLS port.
    pub fn wants_tls(&self) -> bool {
        let complaint = [
            "HTTP request to an HTTPS server",
            "HTTP request was sent to HTTPS port",
        ];
        self.status == 400 && complaint.iter().any(|words| self.body.contains(words))
    }
}

/// The bytes behind the interim answer that `bytes` begins with; `None` if there is none, or nothing behind it.
fn behind_interim(bytes: &[u8]) -> Option<&[u8]> {
    let status = bytes.strip_prefix(b"HTTP/1.")?.get(2..5)?;
    let is_interim = status.starts_with(b"1") && status != b"101";
    let end = is_interim.then(|| bytes.windows(4).position(|window| window == b"\r\n\r\n"))??;
    bytes.get(end + 4..).filter(|next| !next.is_empty())
}

/// How TDengine 2 answers: `{"status":"succ","head":[…],"data":[[…]]}`, or `"status":"error"` with `code` and `desc`. The version
/// is there if the answer holds it.
pub fn legacy_server(body: &str) -> Option<Option<Version>> {
    let start = body.find('{')?;
    let object = serde_json::Deserializer::from_str(&body[start..])
        .into_iter::<serde_json::Map<String, serde_json::Value>>()
        .next()?
        .ok()?;
    let status = object.get("status")?.as_str()?;
    let known = match status {
        "succ" => object.contains_key("head") && object.contains_key("data"),
        "error" => object.contains_key("code") && object.contains_key("desc"),
        _ => false,
    };
    let cell = object
        .get("data")
        .and_then(|data| data.get(0)?.get(0)?.as_str());
    known.then(|| cell.and_then(Version::find))
}

/// Scheme, host and port, without user and password.
fn origin(url: &url::Url) -> Option<String> {
    let port = url.port().map(|port| format!(":{port}"));
    Some(format!(
        "{}://{}{}",
        url.scheme(),
        url.host_str()?,
        port.unwrap_or_default()
    ))
}

/// The chunks that are there, joined; bytes that are not chunked come back as they are.
fn join(body: &[u8]) -> Vec<u8> {
    let mut joined = Vec::new();
    let mut rest = body;
    while let Some(end) = rest.windows(2).position(|two| two == b"\r\n") {
        let size = String::from_utf8_lossy(&rest[..end]);
        let size = size.split(';').next().unwrap_or_default().trim();
        let Ok(size) = usize::from_str_radix(size, 16) else {
            return if joined.is_empty() {
                body.to_vec()
            } else {
                joined
            };
        };
        let data = &rest[end + 2..];
        joined.extend_from_slice(&data[..size.min(data.len())]);
        if size == 0 {
            break;
        }
        rest = data.get(size.saturating_add(2)..).unwrap_or_default();
    }
    joined
}

/// `code` of the JSON object in `body`, where it also has `desc`.
fn adapter_code(body: &[u8]) -> Option<i64> {
    let start = body.iter().position(|byte| !byte.is_ascii_whitespace())?;
    let object = serde_json::Deserializer::from_slice(&body[start..])
        .into_iter::<serde_json::Map<String, serde_json::Value>>()
        .next()?
        .ok()?;
    object.get("desc")?.as_str()?;
    super::reply::number(object.get("code")?)
}

#[cfg(test)]
mod tests;
