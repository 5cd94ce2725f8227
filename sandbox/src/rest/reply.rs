//! HTTP replies: streamed results, errors of known length, gzip.

use std::convert::Infallible;
use std::io::Write;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use futures_util::stream;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Empty, Full, StreamBody};
use hyper::body::{Body, Frame};
use hyper::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, CONNECTION, CONTENT_ENCODING,
    CONTENT_TYPE, DATE, HeaderValue, VARY,
};
use hyper::{Response, StatusCode};

/// A reply on its way.
pub(crate) type Reply = Response<UnsyncBoxBody<Bytes, Infallible>>;

const JSON: &str = "application/json; charset=utf-8";
/// Bytes in one chunk of a streamed result.
const CHUNK: usize = 64 * 1024;

/// No body, and so said.
pub(crate) fn empty(status: StatusCode) -> Reply {
    with(status, Empty::new().boxed_unsync())
}

fn with(status: StatusCode, body: UnsyncBoxBody<Bytes, Infallible>) -> Reply {
    let mut reply = Response::new(body);
    *reply.status_mut() = status;
    reply
}

/// A body of known length.
pub(crate) fn plain(status: StatusCode, kind: &'static str, body: impl Into<Bytes>) -> Reply {
    let mut reply = with(status, Full::new(body.into()).boxed_unsync());
    reply
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    reply
}

/// JSON of known length: errors, tokens.
pub(crate) fn json(status: StatusCode, body: String) -> Reply {
    plain(status, JSON, body)
}

/// JSON in chunks: results.
pub(crate) fn streamed(body: String) -> Reply {
    let mut reply = with(StatusCode::OK, chunks(Bytes::from(body)));
    reply
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static(JSON));
    reply
}

fn chunks(mut body: Bytes) -> UnsyncBoxBody<Bytes, Infallible> {
    let mut frames = Vec::new();
    while !body.is_empty() {
        let chunk = body.split_to(body.len().min(CHUNK));
        frames.push(Ok(Frame::data(chunk)));
    }
    StreamBody::new(stream::iter(frames)).boxed_unsync()
}

/// The same reply, its body compressed; a known length stays a known length.
pub(crate) async fn gzip(reply: Reply) -> Reply {
    let known = reply.body().size_hint().exact();
    if known == Some(0) {
        return reply;
    }
    let (mut head, body) = reply.into_parts();
    let body = match body.collect().await {
        Ok(body) => body.to_bytes(),
        Err(never) => match never {},
    };
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    // Writing to memory does not fail.
    let compressed = match encoder.write_all(&body).and_then(|()| encoder.finish()) {
        Ok(compressed) => Bytes::from(compressed),
        Err(_) => return Response::from_parts(head, Full::new(body).boxed_unsync()),
    };
    head.headers
        .insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    head.headers
        .insert(VARY, HeaderValue::from_static("Accept-Encoding"));
    let body = if known.is_some() {
        Full::new(compressed).boxed_unsync()
    } else {
        chunks(compressed)
    };
    Response::from_parts(head, body)
}

/// The headers that every reply has.
pub(crate) fn finish(reply: &mut Reply, close: bool) {
    let now = jiff::Timestamp::now()
        .strftime("%a, %d %b %Y %H:%M:%S GMT")
        .to_string();
    if let Ok(now) = HeaderValue::try_from(now) {
        reply.headers_mut().insert(DATE, now);
    }
    if close {
        reply
            .headers_mut()
            .insert(CONNECTION, HeaderValue::from_static("close"));
    }
}

/// What the adapter says to pages of other hosts.
pub(crate) fn allow_origin(reply: &mut Reply) {
    reply
        .headers_mut()
        .insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    reply.headers_mut().insert(
        ACCESS_CONTROL_EXPOSE_HEADERS,
        HeaderValue::from_static("Authorization"),
    );
}
