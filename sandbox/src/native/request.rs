//! What a logged-in driver asks besides queries: points, bound statements, subscriptions.

use std::time::{Duration, Instant};

use serde_json::{Value as Json, json};

use super::encode;
use crate::schemaless::Protocol;
use crate::sql::{Answer, Role, SqlError, Type};
use crate::state::{Session, State};
use crate::tmq::{self, Consumer, Message, Subscription};
use crate::ws::bind;

/// Longest that a poll waits.
const LONGEST_POLL: Duration = Duration::from_secs(3600);

fn text<'a>(of: &'a Json, name: &str) -> &'a str {
    of.get(name).and_then(Json::as_str).unwrap_or_default()
}

fn number(of: &Json, name: &str) -> i64 {
    of.get(name).and_then(Json::as_i64).unwrap_or(0)
}

/// `points`: a schemaless write.
pub(super) fn points(state: &State, session: &Session, request: &Json) -> Result<Json, SqlError> {
    let protocol = u64::try_from(number(request, "protocol")).unwrap_or(0);
    let protocol = Protocol::numbered(protocol)?;
    let precision = text(request, "precision");
    let points = protocol.points(text(request, "data"), precision, state.release())?;
    state.write_points(session, &points, Some(text(request, "key")))?;
    Ok(json!({"affected": points.len(), "total": protocol.counted(&points)}))
}

/// `prepare`: what a statement's `?` stand for, once its table is known if it is one of them.
pub(super) fn prepare(state: &State, session: &Session, request: &Json) -> Result<Json, SqlError> {
    let mut prepared = state.prepare(session, text(request, "sql"))?;
    if let Some(table) = request.get("table").and_then(Json::as_str) {
        state.bind_table(session, &mut prepared, table)?;
    }
    let fields = prepared.fields.iter().map(|field| {
        let (precision, scale) = match field.column.kind {
            Type::Decimal64 { precision, scale } | Type::Decimal128 { precision, scale } => {
                (precision, scale)
            }
            Type::Timestamp => (prepared.precision.code(), 0),
            _ => (0, 0),
        };
        json!({
            "name": field.column.name,
            "type": field.column.kind.code(),
            "precision": precision,
            "scale": scale,
            "bytes": field.column.stored_bytes(),
            "role": field.role as u8,
        })
    });
    Ok(json!({
        "insert": prepared.is_insert(),
        "parameters": prepared.parameters,
        "columns": fields.collect::<Vec<_>>(),
    }))
}

/// `execute`: a statement with what was bound to it, in the form of the WebSocket protocol.
pub(super) fn execute(state: &State, session: &Session, request: &Json) -> Result<Json, SqlError> {
    let mut prepared = state.prepare(session, text(request, "sql"))?;
    let mut batches = Vec::new();
    let bound = request.get("bound").and_then(Json::as_array);
    for data in bound.into_iter().flatten().filter_map(Json::as_str) {
        let data = bytes(data).ok_or_else(|| SqlError::new(0x0200, "bind data is broken"))?;
        if let Some(table) = bind::first_table(&data) {
            state.bind_table(session, &mut prepared, &table)?;
        }
        let kinds = |role| prepared.of(role).map(|column| column.kind);
        let tags: Vec<Type> = kinds(Role::Tag).collect();
        let columns: Vec<Type> = kinds(Role::Column).collect();
        let insert = prepared.is_insert().then_some((&*tags, &*columns));
        let read = bind::bound(&data, insert)?;
        prepared.check(&read)?;
        batches.extend(read);
    }
    let answer: Answer = state.execute_prepared(session, &prepared, &batches)?;
    Ok(encode::answer(&answer))
}

fn bytes(hex: &str) -> Option<Vec<u8>> {
    let digits = hex.as_bytes();
    if !digits.len().is_multiple_of(2) || !hex.is_ascii() {
        return None;
    }
    (0..digits.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).ok())
        .collect()
}

/// `subscribe`: the connection's consumer; one from before ends.
pub(super) fn subscribe(
    state: &State,
    session: &Session,
    consumer: &mut Option<Consumer>,
    request: &Json,
) -> Result<Json, SqlError> {
    let topics = request.get("topics").and_then(Json::as_array);
    let topics = topics.into_iter().flatten().filter_map(Json::as_str);
    let subscription = Subscription {
        user: session.user().to_owned(),
        group: text(request, "group").to_owned(),
        client: text(request, "client").to_owned(),
        reset: text(request, "reset").to_owned(),
        auto_commit: request.get("auto_commit") == Some(&Json::Bool(true)),
        topics: topics.map(str::to_owned).collect(),
    };
    leave(state, session, consumer);
    let subscribed = state.with_topics(session, |engine, _| {
        Consumer::subscribe(engine, subscription, 0)
    })?;
    *consumer = Some(subscribed);
    Ok(json!({}))
}

/// Ends a consumer.
pub(super) fn leave(state: &State, session: &Session, consumer: &mut Option<Consumer>) {
    if let Some(mut consumer) = consumer.take() {
        state.with_topics(session, |engine, _| consumer.unsubscribe(engine));
    }
}

/// `poll`: waits for rows.
pub(super) async fn poll(
    state: &State,
    session: &Session,
    consumer: &mut Option<Consumer>,
    milliseconds: i64,
) -> Result<Json, SqlError> {
    let consumer = consumer.as_mut().ok_or_else(unsubscribed)?;
    let wait = Duration::from_millis(u64::try_from(milliseconds).unwrap_or(u64::MAX));
    let end = Instant::now() + wait.min(LONGEST_POLL);
    let mut changes = state.watch_changes();
    loop {
        changes.mark_unchanged();
        let polled = state.with_topics(session, |engine, caller| {
            consumer.poll(engine, caller, true)
        })?;
        if let Some(message) = polled {
            return Ok(message_json(&message));
        }
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() || tokio::time::timeout(left, changes.changed()).await.is_err() {
            return Ok(json!({}));
        }
    }
}

fn message_json(message: &Message) -> Json {
    let blocks = message.blocks.iter().map(|block| {
        let mut rows = encode::rows(&block.result);
        if let (Json::Object(rows), Some(table)) = (&mut rows, &block.table) {
            rows.insert("table".to_owned(), table.clone().into());
        }
        rows
    });
    json!({
        "topic": message.topic,
        "database": message.database,
        "vgroup": message.vgroup,
        "offset": message.requested,
        "behind": message.behind,
        "raw": encode::hex(&tmq::encode(message)),
        "blocks": blocks.collect::<Vec<_>>(),
    })
}

fn unsubscribed() -> SqlError {
    SqlError::new(0x03e6, "Consumer not exist")
}

/// What is asked of a consumer about its offsets.
pub(super) fn offsets(
    state: &State,
    session: &Session,
    consumer: &mut Option<Consumer>,
    request: &Json,
) -> Result<Json, SqlError> {
    let consumer = consumer.as_mut().ok_or_else(unsubscribed)?;
    let topic = text(request, "topic").to_owned();
    let vgroup = i32::try_from(number(request, "vgroup")).unwrap_or(0);
    let offset = number(request, "offset");
    let part = (topic, vgroup);
    state.with_topics(session, |engine, _| match text(request, "act") {
        "commit" => {
            consumer.commit(engine);
            Ok(json!({}))
        }
        "commit_offset" => consumer
            .commit_offset(engine, &part, offset)
            .map(|()| json!({})),
        "seek" => consumer.seek(engine, &part, offset).map(|()| json!({})),
        "position" => consumer
            .position(engine, &part)
            .map(|offset| json!({ "offset": offset })),
        "committed" => consumer
            .committed(engine, &part)
            .map(|offset| json!({ "offset": offset })),
        "assignment" => consumer
            .assignment(engine, &part.0)
            .map(|assigned| json!({ "assignment": assigned })),
        other => Err(SqlError::new(0x0200, format!("unknown act {other}"))),
    })
}
