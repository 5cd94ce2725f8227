//! taosAdapter over WebSocket: `/ws`, and the older endpoints as far as they are recorded.

mod action;
mod binary;
pub(crate) mod bind;
mod connection;
mod cursor;
mod filtered;
mod schemaless;
mod statement;
mod stmt;
mod tmq;

use std::sync::Arc;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use http_body_util::{BodyExt, Empty};
use hyper::body::Incoming;
use hyper::header::{
    CONNECTION, HeaderName, HeaderValue, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_EXTENSIONS,
    SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION, UPGRADE,
};
use hyper::{HeaderMap, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::{Message, Role, WebSocketConfig};

use self::connection::{Answer, Connection, Dialect};
use self::filtered::Filtered;
use crate::deflate;
use crate::listener::{broken, unless_hanging};
use crate::rest::{self, Reply};
use crate::state::State;

/// Longest message that is read.
const LONGEST: usize = 16 * 1024 * 1024;

/// Turns a request into a WebSocket connection, or says why not.
pub(crate) fn upgrade(request: &mut Request<Incoming>, state: &Arc<State>, path: &str) -> Reply {
    let head = request.headers();
    let asked = rest::asks(head, &UPGRADE, "websocket")
        && rest::asks(head, &CONNECTION, "upgrade")
        && rest::asks(head, &SEC_WEBSOCKET_VERSION, "13");
    let accept = head
        .get(SEC_WEBSOCKET_KEY)
        .map(|key| derive_accept_key(key.as_bytes()));
    let (true, Some(Ok(accept))) = (asked, accept.map(HeaderValue::try_from)) else {
        return bad_request();
    };
    let compressed = offers_deflate(head);
    let dialect = Dialect::of(path);
    let upgraded = hyper::upgrade::on(request);
    let state = Arc::clone(state);
    tokio::spawn(async move {
        if let Ok(upgraded) = upgraded.await {
            let faults = state.watch_faults();
            tokio::select! {
                biased;
                () = broken(faults) => {}
                () = serve(Filtered::new(TokioIo::new(upgraded), compressed), state, dialect) => {}
            }
        }
    });
    let mut reply = Response::new(Empty::new().boxed_unsync());
    *reply.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    reply
        .headers_mut()
        .insert(UPGRADE, HeaderValue::from_static("websocket"));
    reply
        .headers_mut()
        .insert(CONNECTION, HeaderValue::from_static("Upgrade"));
    reply.headers_mut().insert(SEC_WEBSOCKET_ACCEPT, accept);
    if compressed {
        reply.headers_mut().insert(
            SEC_WEBSOCKET_EXTENSIONS,
            HeaderValue::from_static(deflate::AGREED),
        );
    }
    reply
}

/// Whether a client can compress messages.
fn offers_deflate(head: &HeaderMap) -> bool {
    let offers = head.get_all(SEC_WEBSOCKET_EXTENSIONS).iter();
    let offers = offers.filter_map(|line| line.to_str().ok());
    offers
        .flat_map(|line| line.split(','))
        .any(|offer| offer.split(';').next().map(str::trim) == Some("permessage-deflate"))
}

fn bad_request() -> Reply {
    let body = http_body_util::Full::from("Bad Request\n").boxed_unsync();
    let mut reply = Response::new(body);
    *reply.status_mut() = StatusCode::BAD_REQUEST;
    let headers = [
        ("content-type", "text/plain; charset=utf-8"),
        ("sec-websocket-version", "13"),
        ("x-content-type-options", "nosniff"),
    ];
    for (name, value) in headers {
        reply.headers_mut().insert(
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        );
    }
    reply
}

type Stream = Filtered<TokioIo<hyper::upgrade::Upgraded>>;
type Socket = WebSocketStream<Stream>;

async fn serve(stream: Stream, state: Arc<State>, dialect: Dialect) {
    let limits = WebSocketConfig::default()
        .max_message_size(Some(LONGEST))
        .max_frame_size(Some(LONGEST));
    let socket = WebSocketStream::from_raw_socket(stream, Role::Server, Some(limits)).await;
    match dialect {
        Dialect::Tmq => tmq::talk(socket, state).await,
        _ => talk(socket, state, dialect).await,
    }
}

async fn talk(mut socket: Socket, state: Arc<State>, dialect: Dialect) {
    let mut faults = state.watch_faults();
    let mut connection = Connection::new(Arc::clone(&state), dialect);
    while let Some(Ok(message)) = socket.next().await {
        unless_hanging(&mut faults).await;
        let answer = match &message {
            Message::Text(text) => connection.text(text),
            Message::Binary(bytes) => connection.binary(bytes),
            // Pings are answered by the library, at the latest with the next message.
            Message::Ping(_) => {
                if socket.flush().await.is_err() {
                    return;
                }
                Answer::None
            }
            // Since 3.3 the connection is closed without an answering frame.
            Message::Close(_) => {
                if state.release().is_before_33() {
                    let _ = socket.flush().await;
                }
                return;
            }
            _ => Answer::None,
        };
        let reply = match answer {
            Answer::None => continue,
            Answer::Text(text) => Message::text(text),
            Answer::Binary(bytes) => Message::binary(bytes),
        };
        let unreachable = connection.take_unreachable();
        let waiting = async {
            let now = state.faults();
            tokio::time::sleep(now.latency).await;
            if let Message::Text(text) = &message {
                let request: serde_json::Value = serde_json::from_str(text).unwrap_or_default();
                let sql = request.pointer("/args/sql").and_then(|sql| sql.as_str());
                tokio::time::sleep(now.data.delay(sql.unwrap_or_default(), state.release())).await;
            }
            if unreachable {
                tokio::time::sleep(now.backend_delay).await;
            }
            unless_hanging(&mut faults).await;
        };
        // A proxy that gives up waiting closes the connection without a close frame.
        let proxy = state.front().proxy.as_ref();
        let limit = proxy.and_then(|proxy| proxy.read_timeout);
        let limit = limit.unwrap_or(Duration::MAX);
        if tokio::time::timeout(limit, waiting).await.is_err() {
            return;
        }
        if socket.send(reply).await.is_err() {
            return;
        }
    }
}
