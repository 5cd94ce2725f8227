//! WebSocket: the Upgrade, the `version` action, which needs no login, the login, and queries whose rows are really read.

mod bulk;

use std::time::{Duration, Instant};

use futures_util::{SinkExt, StreamExt};
use serde_json::{Map, Value, json};
use tokio_tungstenite::tungstenite::error::ProtocolError;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Bytes, Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async_with_config};

use super::answer_budget::{AnswerBudget, most_bytes};
use super::block::{self, BlockFault};
use super::credentials::Credentials;
use super::json;
use super::reply::{Reply, number};
use super::rest::{EXCERPT, low_bits};
use super::sql::Rows;
use super::wire::{Way, Wire};
use crate::error::describe_io_error;
use crate::message::{Message as Words, message};

/// The bytes that each connection's buffer begins with: many are open at once.
const BUFFER: usize = 8 * 1024;
/// The most bytes that wait to be sent. A statement and a login fit; of a flood of pings only the newest is answered.
const OUTGOING: usize = 256 * 1024;
/// The most blocks of one result that are read.
const MOST_BLOCKS: usize = 64;
/// taosAdapter's endpoints for queries, the current one first.
const PATHS: [&str; 2] = ["/ws", "/rest/ws"];

/// What came of the Upgrade.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Upgrade {
    /// The connection is a WebSocket on this path.
    Switched {
        /// The path, prefix included.
        path: String,
    },
    /// An HTTP answer other than 101.
    Refused {
        /// The path that was asked for first.
        path: String,
        /// The HTTP status.
        status: u16,
        /// The `Server` header.
        server: Option<String>,
    },
    /// An HTTP answer that does not complete the Upgrade; the library's words.
    Mangled(String),
    /// Nothing within the limit.
    Silent,
    /// The connection broke, or the answer was not HTTP; how.
    Broken(Words),
}

/// What the server said before any login.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hello {
    /// What came of the Upgrade.
    pub upgrade: Upgrade,
    /// The answer to the `version` action: taosAdapter's version. `None` where there was no Upgrade.
    pub version: Option<Reply<String>>,
}

/// An open WebSocket to a taosAdapter.
#[derive(Debug)]
pub struct Session {
    stream: WebSocketStream<Wire>,
    req_id: u64,
}

/// Upgrades a connection on the `way` on `/ws`, or the older `/rest/ws`, and asks for the version. `host` is what the
/// `Host` header says, with its port; a token of `who` goes with the request. The session is there where the Upgrade worked.
pub async fn open(
    way: &Way,
    host: &str,
    prefix: &str,
    who: &Credentials,
    limit: Duration,
) -> (Hello, Option<Session>) {
    let deadline = Instant::now() + limit;
    let mut first = None;
    for endpoint in PATHS {
        let left = deadline.saturating_duration_since(Instant::now());
        let path = format!("{prefix}{endpoint}");
        let (seen, stream) = switch(way, host, &path, who, left).await;
        if let Some(stream) = stream {
            let mut session = Session { stream, req_id: 0 };
            let left = deadline.saturating_duration_since(Instant::now());
            let version = session.version(left).await;
            let hello = Hello {
                upgrade: seen,
                version: Some(version),
            };
            return (hello, Some(session));
        }
        // A token that is refused on one path is not tried on another.
        let refused = matches!(&seen, Upgrade::Refused { status, .. } if who.token.is_none() || !matches!(status, 401 | 403));
        first.get_or_insert(seen);
        if !refused {
            break;
        }
    }
    let hello = Hello {
        upgrade: first.unwrap_or(Upgrade::Silent),
        version: None,
    };
    (hello, None)
}

/// The limits of a connection: what is read at once, and what waits to be sent.
fn limits() -> WebSocketConfig {
    WebSocketConfig::default()
        .read_buffer_size(BUFFER)
        .write_buffer_size(0)
        .max_write_buffer_size(OUTGOING)
        .max_message_size(Some(most_bytes()))
        .max_frame_size(Some(most_bytes()))
}

/// One Upgrade.
async fn switch(
    way: &Way,
    host: &str,
    path: &str,
    who: &Credentials,
    limit: Duration,
) -> (Upgrade, Option<WebSocketStream<Wire>>) {
    let broken = |why: Words| (Upgrade::Broken(why), None);
    let shake = async {
        let stream = match way.connect(limit).await {
            Ok(stream) => stream,
            Err(error) => return broken(describe_io_error(&error)),
        };
        let url = format!("ws://{host}{path}{}", who.query());
        match client_async_with_config(url, stream, Some(limits())).await {
            Ok((stream, _)) => {
                let path = path.to_owned();
                (Upgrade::Switched { path }, Some(stream))
            }
            Err(Error::Http(response)) => {
                let server = response.headers().get("server");
                let refused = Upgrade::Refused {
                    path: path.to_owned(),
                    status: response.status().as_u16(),
                    server: server
                        .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()),
                };
                (refused, None)
            }
            Err(Error::Protocol(
                error @ (ProtocolError::WrongHttpVersion
                | ProtocolError::MissingUpgradeWebSocketHeader
                | ProtocolError::MissingConnectionUpgradeHeader
                | ProtocolError::SecWebSocketAcceptKeyMismatch
                | ProtocolError::SecWebSocketSubProtocolError(_)
                | ProtocolError::JunkAfterRequest),
            )) => (Upgrade::Mangled(error.to_string()), None),
            Err(error) => broken(Words::quoted(error.to_string())),
        }
    };
    tokio::time::timeout(limit, shake)
        .await
        .unwrap_or((Upgrade::Silent, None))
}

impl Session {
    /// A session on a stream that has been upgraded.
    pub async fn upgraded(stream: Wire) -> Self {
        let stream = WebSocketStream::from_raw_socket(stream, Role::Client, Some(limits())).await;
        Self { stream, req_id: 0 }
    }

    /// taosAdapter's version; no login is needed.
    pub async fn version(&mut self, limit: Duration) -> Reply<String> {
        let mut budget = AnswerBudget::new(limit);
        let reply = self.ask("version", Map::new(), &mut budget).await;
        reply.and_then(|reply| Some(reply.get("version")?.as_str()?.to_owned()))
    }

    /// Logs in. A success with words is a failure: it is how a refused login can be answered
    /// (`transcripts/README.md`, "`code` 0 is not success"), while a real one has an empty message.
    pub async fn login(
        &mut self,
        who: &Credentials,
        database: Option<&str>,
        limit: Duration,
    ) -> Reply<()> {
        let mut args = object(json!({
            "db": database.unwrap_or_default(),
            "app": "taos-setup",
        }));
        match &who.bearer {
            Some(bearer) => drop(args.insert("bearer_token".into(), bearer.reveal().into())),
            None => {
                args.insert("user".into(), who.user.as_str().into());
                args.insert("password".into(), who.password.reveal().into());
            }
        }
        let mut budget = AnswerBudget::new(limit);
        let reply = self.ask("conn", args, &mut budget).await;
        reply.and_then(|reply| {
            let message = reply
                .get("message")
                .and_then(Value::as_str)
                .unwrap_or_default();
            message.is_empty().then_some(())
        })
    }

    /// Runs `sql` and reads all of its rows; a statement that writes has none.
    pub async fn query(&mut self, sql: &str, limit: Duration) -> Reply<Rows> {
        let mut budget = AnswerBudget::new(limit);
        tokio::time::timeout(limit, self.rows(sql, &mut budget))
            .await
            .unwrap_or(Reply::Unanswered)
    }

    async fn rows(&mut self, sql: &str, budget: &mut AnswerBudget) -> Reply<Rows> {
        let begun = self
            .ask("query", object(json!({ "sql": sql })), budget)
            .await;
        let result = match begun.and_then(|reply| begun_with(&reply)) {
            Reply::Data(Some(result)) => result,
            Reply::Data(None) => return Reply::Data(Rows::default()),
            other => return other.and_then(|_| None),
        };
        let mut rows = Vec::new();
        for _ in 0..MOST_BLOCKS {
            let id = || object(json!({ "id": result.id }));
            let more = self.ask("fetch", id(), budget).await;
            match more.and_then(|reply| reply.get("completed")?.as_bool()) {
                Reply::Data(true) => {
                    return Reply::Data(Rows {
                        columns: result.columns,
                        rows,
                    });
                }
                Reply::Data(false) => {}
                other => return other.and_then(|_| None),
            }
            let bytes = match self.ask_for_bytes("fetch_block", id(), budget).await {
                Reply::Data(bytes) => bytes,
                other => return other.and_then(|_| None),
            };
            // Timing and result id precede the block.
            match block::rows(bytes.get(16..).unwrap_or_default(), budget) {
                Ok(more) => rows.extend(more),
                Err(BlockFault::Over(over)) => return Reply::over(over),
                Err(BlockFault::Malformed(fault)) => {
                    return Reply::Malformed(message!("probe-rows-unreadable", fault = fault));
                }
            }
        }
        Reply::Malformed(message!("probe-too-many-blocks", most = MOST_BLOCKS))
    }

    /// Sends an action and reads the reply to it, as a JSON object with code 0.
    async fn ask(
        &mut self,
        action: &str,
        args: Map<String, Value>,
        budget: &mut AnswerBudget,
    ) -> Reply<Map<String, Value>> {
        match self.exchange(action, args, budget).await {
            Reply::Data(SessionMessage::Text(object)) => read(object),
            Reply::Data(SessionMessage::Bytes(_)) => {
                Reply::Malformed(message!("probe-bytes-for-text"))
            }
            other => other.and_then(|_| None),
        }
    }

    /// Sends an action and reads the bytes that answer it.
    async fn ask_for_bytes(
        &mut self,
        action: &str,
        args: Map<String, Value>,
        budget: &mut AnswerBudget,
    ) -> Reply<Bytes> {
        let text = self.action(action, args);
        self.bytes_for(Message::text(text), budget).await
    }

    async fn exchange(
        &mut self,
        action: &str,
        args: Map<String, Value>,
        budget: &mut AnswerBudget,
    ) -> Reply<SessionMessage> {
        let text = self.action(action, args);
        self.talk(Message::text(text), budget).await
    }

    /// Sends `message` and reads the bytes that answer it.
    async fn bytes_for(&mut self, message: Message, budget: &mut AnswerBudget) -> Reply<Bytes> {
        match self.talk(message, budget).await {
            Reply::Data(SessionMessage::Bytes(bytes)) => Reply::Data(bytes),
            Reply::Data(SessionMessage::Text(object)) => read(object).and_then(|_| None),
            other => other.and_then(|_| None),
        }
    }

    /// Sends an action that has no answer. Whether it arrives shows with the next one.
    async fn tell(&mut self, action: &str, args: Map<String, Value>, limit: Duration) {
        let text = self.action(action, args);
        let _ = tokio::time::timeout(limit, self.stream.send(Message::text(text))).await;
    }

    /// An action's text, with a number of its own.
    fn action(&mut self, action: &str, mut args: Map<String, Value>) -> String {
        self.req_id += 1;
        args.insert("req_id".into(), self.req_id.into());
        json!({ "action": action, "args": args }).to_string()
    }

    /// Sends `message` and reads what answers it.
    async fn talk(&mut self, message: Message, budget: &mut AnswerBudget) -> Reply<SessionMessage> {
        let limit = budget.time_left();
        let talk = async {
            if let Err(error) = self.stream.send(message).await {
                return Reply::Broken(Words::quoted(error.to_string()));
            }
            loop {
                match self.stream.next().await {
                    None => return Reply::Broken(message!("probe-closed-by-server", reason = "")),
                    Some(Err(error)) if is_end(&error) => {
                        return Reply::Broken(Words::quoted(error.to_string()));
                    }
                    Some(Err(error)) => return unreadable(error.to_string()),
                    Some(Ok(Message::Binary(bytes))) => {
                        return Reply::Data(SessionMessage::Bytes(bytes));
                    }
                    Some(Ok(Message::Close(frame))) => {
                        let reason = frame.map(|frame| frame.reason.to_string());
                        let reason = reason.unwrap_or_default();
                        return Reply::Broken(message!("probe-closed-by-server", reason = reason));
                    }
                    Some(Ok(Message::Text(text))) => {
                        return match json::parse(text.as_bytes(), budget) {
                            Ok(Some(Value::Object(object))) => {
                                Reply::Data(SessionMessage::Text(object))
                            }
                            Ok(_) => unreadable(text.chars().take(EXCERPT).collect()),
                            Err(over) => Reply::over(over),
                        };
                    }
                    Some(Ok(_)) => {}
                }
            }
        };
        tokio::time::timeout(limit, talk)
            .await
            .unwrap_or(Reply::Unanswered)
    }
}

/// One message.
enum SessionMessage {
    Text(Map<String, Value>),
    Bytes(Bytes),
}

/// A result whose rows wait at the server.
struct Pending {
    id: u64,
    columns: Vec<String>,
}

/// What a `query` reply announces: a result, or `Some(None)` for a statement that wrote.
fn begun_with(reply: &Map<String, Value>) -> Option<Option<Pending>> {
    match reply.get("is_update").and_then(Value::as_bool) {
        Some(true) => Some(None),
        _ => result(reply).map(Some),
    }
}

/// The result that a `query` reply announces; `None` where it announces none.
fn result(reply: &Map<String, Value>) -> Option<Pending> {
    let columns = reply.get("fields_names")?.as_array()?;
    Some(Pending {
        id: reply.get("id")?.as_u64()?,
        columns: columns
            .iter()
            .map(|name| name.as_str().map(str::to_owned))
            .collect::<Option<_>>()?,
    })
}

/// What a text reply says.
fn read(object: Map<String, Value>) -> Reply<Map<String, Value>> {
    match object.get("code").and_then(number) {
        Some(0) => Reply::Data(object),
        Some(code) => Reply::Refused {
            code: low_bits(code),
            message: object
                .get("message")
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned(),
        },
        None => unreadable(Value::Object(object).to_string()),
    }
}

/// An answer that cannot be read: its words, or why.
fn unreadable<T>(words: String) -> Reply<T> {
    Reply::Unreadable {
        status: None,
        excerpt: words.chars().take(EXCERPT).collect(),
    }
}

/// Whether `error` is the connection's end, and not something that the server said.
fn is_end(error: &Error) -> bool {
    matches!(
        error,
        Error::ConnectionClosed
            | Error::AlreadyClosed
            | Error::Io(_)
            | Error::Protocol(ProtocolError::ResetWithoutClosingHandshake)
    )
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(object) => object,
        _ => Map::new(),
    }
}
