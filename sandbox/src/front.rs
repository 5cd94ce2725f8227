//! What may stand before taosAdapter's port: TDengine Cloud's gateway, a reverse proxy.

use std::collections::HashMap;
use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::BodyExt;
use http_body_util::StreamBody;
use hyper::body::Frame;
use hyper::header::{CONTENT_LENGTH, HeaderName, HeaderValue};
use hyper::{Request, StatusCode, Uri, Version};

use crate::rest::{Reply, plain};

/// TDengine Cloud's gateway: a token in the query of every REST request and of every WebSocket's URL takes the place of user and
/// password, which are not looked at.
///
/// The form is that of the vendor's documentation (`/rest/sql?token=…`) and of its connectors (`/ws?token=…`). That a wrong token
/// is answered with status 401 is what the vendor's Python connector tests against the real gateway (`test_wrong_token`), and
/// its Rust connector takes a 401 to the Upgrade for an authentication failure; the body of that answer, and whether `/-/ping` needs a token, are not known: here it is one line, and it does not.
#[derive(Clone, PartialEq, Eq)]
pub struct Cloud {
    /// The token that is accepted.
    pub token: String,
    /// The user of the sandbox that it represents.
    pub user: String,
}

impl fmt::Debug for Cloud {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cloud")
            .field("user", &self.user)
            .finish_non_exhaustive()
    }
}

impl Cloud {
    /// Whether the query of a request has the token.
    pub(crate) fn admits(&self, uri: &Uri) -> bool {
        let query: HashMap<_, _> =
            form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()).collect();
        query
            .get("token")
            .is_some_and(|token| *token == self.token.as_str())
    }
}

/// The gateway's refusal.
pub(crate) fn unauthorized() -> Reply {
    let text = "401 Unauthorized\n";
    plain(StatusCode::UNAUTHORIZED, "text/plain; charset=utf-8", text)
}

/// A reverse proxy that passes everything on, WebSockets too, and is healthy: what it does to answers, clients must bear.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proxy {
    /// The path under which the adapter is reached, `/taos` say; empty for the root. Other paths are 404.
    pub prefix: String,
    /// Headers that are added to every answer.
    pub headers: Vec<(String, String)>,
    /// Names of headers in lower case.
    pub lower_case: bool,
    /// Bodies in chunks, without their length.
    pub chunked: bool,
    /// Answers of HTTP/1.0, ended by closing; not those to an Upgrade.
    pub http_1_0: bool,
    /// nginx's `proxy_read_timeout`: an answer that takes longer becomes its page 504, and a WebSocket is closed.
    pub read_timeout: Option<Duration>,
    /// A connection is closed, without a word, when a second request comes on it: its keep-alive had just ended.
    pub closes_kept: bool,
}

impl Proxy {
    /// Takes the prefix off a request's path; `None` if the path is not below it.
    pub(crate) fn pass<T>(&self, request: &mut Request<T>) -> Option<()> {
        let asked = request
            .uri()
            .path_and_query()
            .map_or("/", |asked| asked.as_str());
        let passed = asked.strip_prefix(&self.prefix)?;
        let passed = match passed.as_bytes().first() {
            Some(b'/') => passed.to_owned(),
            None | Some(b'?') => format!("/{passed}"),
            Some(_) => return None,
        };
        *request.uri_mut() = passed.parse().ok()?;
        Some(())
    }

    /// Does to an answer what the proxy does.
    pub(crate) fn send(&self, reply: Reply) -> Reply {
        let (mut head, body) = reply.into_parts();
        for (name, value) in &self.headers {
            if let (Ok(name), Ok(value)) =
                (HeaderName::try_from(name), HeaderValue::try_from(value))
            {
                head.headers.append(name, value);
            }
        }
        if head.status == StatusCode::SWITCHING_PROTOCOLS {
            return Reply::from_parts(head, body);
        }
        if self.http_1_0 {
            head.version = Version::HTTP_10;
        }
        if !self.chunked && !self.http_1_0 {
            return Reply::from_parts(head, body);
        }
        head.headers.remove(CONTENT_LENGTH);
        let frames = futures_util::stream::unfold(body, |mut body| async move {
            let Ok(frame) = body.frame().await?;
            let bytes = frame.into_data().unwrap_or_else(|_| Bytes::new());
            Some((Ok(Frame::data(bytes)), body))
        });
        Reply::from_parts(head, StreamBody::new(frames).boxed_unsync())
    }
}
