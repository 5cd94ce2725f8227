//! taosAdapter over HTTP: `/rest/sql`, `/rest/login`, `/-/ping`, and the way to the WebSocket endpoints.

mod auth;
mod foreign;
mod json;
mod points;
mod reply;
mod sql;
mod token;

use std::sync::Arc;
use std::time::Instant;

use hyper::body::Incoming;
use hyper::header::{ACCEPT_ENCODING, CONNECTION, HOST, ORIGIN};
use hyper::{HeaderMap, Method, Request, StatusCode};
use percent_encoding::percent_decode_str;

use crate::faults::{BackendDown, Listener};
use crate::front;
use crate::listener::unless_hanging;
use crate::sql::SqlError;
use crate::state::State;
use crate::ws;

pub(crate) use reply::{Reply, plain};

/// Answers one request.
pub(crate) async fn respond(mut request: Request<Incoming>, state: &Arc<State>) -> Reply {
    let mut watch = state.watch_faults();
    unless_hanging(&mut watch).await;
    let faults = state.faults();
    tokio::time::sleep(faults.latency).await;
    let head = request.headers().clone();
    let page = match faults.adapter {
        Listener::Foreign(server) => foreign::page(server, &request),
        _ => None,
    };
    let proxy = state.front().proxy.as_ref();
    let mut reply = match page {
        Some(page) => page,
        None if proxy.is_some_and(|proxy| proxy.pass(&mut request).is_none()) => {
            foreign::not_found()
        }
        None => {
            let routed = route(&mut request, state);
            match proxy.and_then(|proxy| proxy.read_timeout) {
                Some(limit) => tokio::time::timeout(limit, routed)
                    .await
                    .unwrap_or_else(|_| foreign::gateway_timeout()),
                None => routed.await,
            }
        }
    };
    unless_hanging(&mut watch).await;
    if reply.status() != StatusCode::SWITCHING_PROTOCOLS {
        if accepts_gzip(&head) {
            reply = reply::gzip(reply).await;
        }
        reply::finish(&mut reply, asks(&head, &CONNECTION, "close"));
    }
    if foreign_origin(&head) {
        reply::allow_origin(&mut reply);
    }
    match proxy {
        Some(proxy) => proxy.send(reply),
        None => reply,
    }
}

async fn route(request: &mut Request<Incoming>, state: &Arc<State>) -> Reply {
    let start = Instant::now();
    let path = request.uri().path().to_owned();
    let segments: Vec<String> = path
        .split('/')
        .skip(1)
        .map(|segment| percent_decode_str(segment).decode_utf8_lossy().into_owned())
        .collect();
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    if let Some(cloud) = &state.front().cloud
        && matches!(segments.first(), Some(&("rest" | "ws")))
        && !cloud.admits(request.uri())
    {
        state.refuse_token();
        return front::unauthorized();
    }
    match (request.method(), segments.as_slice()) {
        (&Method::GET, ["-", "ping"]) => reply::empty(StatusCode::OK),
        (&Method::POST, ["rest", "sql"]) => sql::respond(request, state, None, start).await,
        (&Method::POST, ["rest", "sql", database]) => {
            sql::respond(request, state, Some(database), start).await
        }
        (&Method::POST, ["influxdb", "v1", "write"]) => points::influx(request, state).await,
        (
            &Method::POST,
            [
                "opentsdb",
                "v1",
                "put",
                format @ ("json" | "telnet"),
                database,
            ],
        ) => points::opentsdb(request, state, format, database).await,
        (&Method::GET, ["rest", "login", user, password]) => {
            login(state, user, password, start).await
        }
        (&Method::GET, ["ws"] | ["rest", "ws" | "stmt" | "schemaless" | "tmq"]) => {
            ws::upgrade(request, state, &path)
        }
        _ => reply::plain(StatusCode::NOT_FOUND, "text/plain", "404 page not found"),
    }
}

async fn login(state: &State, user: &str, password: &str, start: Instant) -> Reply {
    let outcome = state.login_pooled(user, password);
    patience(state, &outcome).await;
    match outcome {
        Ok(_) => reply::json(StatusCode::OK, json::token(&token::encode(user, password))),
        Err(error) if error.code == 0 => reply::json(
            StatusCode::OK,
            json::error(state.release(), 0, &error.text, start),
        ),
        Err(_) => reply::json(
            StatusCode::UNAUTHORIZED,
            json::error(state.release(), 3, "Authentication failure", start),
        ),
    }
}

/// A dead backend takes its time before it is known to be dead.
pub(crate) async fn patience<T>(state: &State, outcome: &Result<T, SqlError>) {
    let faults = state.faults();
    if faults.backend != BackendDown::None
        && matches!(outcome, Err(error) if error.tells_dead_backend())
    {
        tokio::time::sleep(faults.backend_delay).await;
    }
}

/// Whether a header's comma-separated values hold this one.
pub(crate) fn asks(head: &HeaderMap, name: &hyper::header::HeaderName, value: &str) -> bool {
    let values = head
        .get_all(name)
        .iter()
        .filter_map(|line| line.to_str().ok());
    values
        .flat_map(|line| line.split(','))
        .any(|given| given.trim().eq_ignore_ascii_case(value))
}

fn accepts_gzip(head: &HeaderMap) -> bool {
    let values = head
        .get_all(ACCEPT_ENCODING)
        .iter()
        .filter_map(|line| line.to_str().ok());
    values.flat_map(|line| line.split(',')).any(|coding| {
        coding
            .split(';')
            .next()
            .is_some_and(|name| name.trim() == "gzip")
    })
}

/// Whether the request comes from a page of another host.
fn foreign_origin(head: &HeaderMap) -> bool {
    let text = |name| {
        head.get(name)
            .and_then(|value: &hyper::header::HeaderValue| value.to_str().ok())
            .unwrap_or_default()
    };
    let (origin, host) = (text(ORIGIN), text(HOST));
    !origin.is_empty()
        && origin
            .strip_prefix("http://")
            .or(origin.strip_prefix("https://"))
            != Some(host)
}
