//! The native port: silent to strangers like taosd's, and the private protocol of the stand-in driver for the one who knows it.
//!
//! The real native protocol is closed, so nothing of it is played but what anybody can see from outside
//! (`transcripts/port6030_raw.jsonl`, `native_mismatch.jsonl`). The private one is described in [`hello`].
//!
//! With a dead backend taosd is not there at all; a listener cannot be taken from its port, so connections are closed at once.

mod encode;
#[allow(dead_code, reason = "each end of the wire uses its half of the file")]
mod hello;
mod message;
mod request;

use std::io;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::faults::{BackendDown, Faults, Listener};
use crate::sql::SqlError;
use crate::state::{Session, State};
use crate::tmq::Consumer;

/// From this many bytes on, a connection without a first frame is closed; taosd was seen to wait at 52 and to close at 106.
const STRANGER_LIMIT: usize = 104;

/// Serves the native port for as long as the sandbox runs.
pub(crate) async fn serve(listener: TcpListener, state: Arc<State>) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                let state = Arc::clone(&state);
                // A client that goes away in the middle is its own affair.
                tokio::spawn(async move { converse(stream, &state).await.ok() });
            }
            // Out of descriptors, say: others may give some back.
            Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
        }
    }
}

/// One connection, from its first byte to its last.
async fn converse(mut stream: TcpStream, state: &State) -> io::Result<()> {
    let faults = state.faults();
    if is_dead(&faults) {
        return close(stream).await;
    }
    match faults.native {
        Listener::Serves => {}
        Listener::ClosesAtOnce => return close(stream).await,
        Listener::Hangs => return drain(stream).await,
        Listener::Garbage => {
            return retort(stream, b"\x00\x01 neither taosd nor HTTP \xff\r\n").await;
        }
        Listener::Foreign(_) => {
            let page =
                b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
            return retort(stream, page).await;
        }
    }
    stream.set_nodelay(true)?;
    let Some(driver) = first_frame(&mut stream).await? else {
        return close(stream).await;
    };
    tokio::time::sleep(faults.latency).await;
    let server = state.version();
    match compare(&driver, &server) {
        Match::Close => message::write(&mut stream, &json!({ "version": server })).await?,
        Match::OtherPatch => {
            let error = SqlError::new(0x011E, "Version not compatible");
            return message::write(&mut stream, &encode::error(&error)).await;
        }
        Match::OtherWire => return close(stream).await,
    }
    let (mut session, mut consumer) = (None, None);
    let served = serve_requests(&mut stream, state, &mut session, &mut consumer).await;
    if let Some(session) = &session {
        request::leave(state, session, &mut consumer);
    }
    served?;
    close(stream).await
}

/// Answers requests until the client goes or the backend dies.
async fn serve_requests(
    stream: &mut TcpStream,
    state: &State,
    session: &mut Option<Session>,
    consumer: &mut Option<Consumer>,
) -> io::Result<()> {
    while let Some(request) = message::read(stream).await? {
        let faults = state.faults();
        if is_dead(&faults) {
            return Ok(());
        }
        tokio::time::sleep(faults.latency).await;
        let text = |pointer: &str| {
            request
                .pointer(pointer)
                .and_then(Value::as_str)
                .unwrap_or_default()
        };
        let answer = if request.get("login").is_some() {
            let login = match text("/login/token") {
                "" => Ok((
                    text("/login/user").to_owned(),
                    text("/login/password").to_owned(),
                )),
                token => state.user_of_token(token),
            };
            match login
                .and_then(|(user, password)| state.login(&user, &password, text("/login/db")))
            {
                Ok(opened) => {
                    *session = Some(opened);
                    json!({})
                }
                // A refusal reported as success is a fault of the adapter; taosd reports it as a refusal.
                Err(error) if error.code == 0 => encode::error(&SqlError::authentication()),
                Err(error) => encode::error(&error),
            }
        } else {
            match session.as_mut() {
                Some(_) if faults.native_statements_hang => return drain_borrowed(stream).await,
                Some(session) if request.get("query").is_none() => {
                    bound_or_subscribed(state, session, consumer, &request)
                        .await
                        .unwrap_or_else(|error| encode::error(&error))
                }
                Some(session) => match state.execute(session, text("/query")) {
                    Ok(answer) => {
                        tokio::time::sleep(faults.data.delay(text("/query"), state.release()))
                            .await;
                        encode::answer(&answer)
                    }
                    Err(error) => encode::error(&error),
                },
                None => encode::error(&SqlError::new(0x0213, "Disconnected from server")),
            }
        };
        let length = answer.to_string().len();
        if faults.loses_answers_over.is_some_and(|most| length > most) {
            return drain_borrowed(stream).await;
        }
        message::write(stream, &answer).await?;
    }
    Ok(())
}

/// Answers what is neither a login nor a query.
async fn bound_or_subscribed(
    state: &State,
    session: &Session,
    consumer: &mut Option<Consumer>,
    request: &Value,
) -> Result<Value, SqlError> {
    let part = |name: &str| request.get(name);
    if let Some(points) = part("points") {
        request::points(state, session, points)
    } else if let Some(prepare) = part("prepare") {
        request::prepare(state, session, prepare)
    } else if let Some(execute) = part("execute") {
        request::execute(state, session, execute)
    } else if let Some(subscribe) = part("subscribe") {
        request::subscribe(state, session, consumer, subscribe)
    } else if let Some(wait) = part("poll").and_then(Value::as_i64) {
        request::poll(state, session, consumer, wait).await
    } else if let Some(offsets) = part("offsets") {
        request::offsets(state, session, consumer, offsets)
    } else if part("unsubscribe").is_some() {
        request::leave(state, session, consumer);
        Ok(json!({}))
    } else {
        Err(SqlError::new(0x0200, "unknown request"))
    }
}

/// The driver's version from the first frame; `None` if the other end goes, or is a stranger who sent too much.
async fn first_frame(stream: &mut TcpStream) -> io::Result<Option<String>> {
    let mut bytes = Vec::with_capacity(hello::HELLO_LEN);
    loop {
        if bytes.len() >= hello::HELLO_LEN {
            return Ok(hello::version_in(&bytes));
        }
        let known = bytes.len().min(hello::MAGIC.len());
        if bytes.len() >= STRANGER_LIMIT && bytes.get(..known) != hello::MAGIC.get(..known) {
            return Ok(None);
        }
        if stream.read_buf(&mut bytes).await? == 0 {
            return Ok(None);
        }
    }
}

/// How a driver's version stands to the server's.
#[derive(Debug, PartialEq, Eq)]
enum Match {
    /// The first three parts agree.
    Close,
    /// The third differs: the frames are understood, and the version in them is refused (0x8000011E).
    OtherPatch,
    /// One of the first two differs: the frames are not understood, and the connection is closed without a word.
    OtherWire,
}

/// Compares a driver's version with the server's.
fn compare(driver: &str, server: &str) -> Match {
    let parts = |version: &str, count| {
        version
            .split('.')
            .take(count)
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    if parts(driver, 2) != parts(server, 2) {
        Match::OtherWire
    } else if parts(driver, 3) != parts(server, 3) {
        Match::OtherPatch
    } else {
        Match::Close
    }
}

/// Whether taosd is dead.
fn is_dead(faults: &Faults) -> bool {
    faults.backend != BackendDown::None
}

/// Says that nothing more will come. What the other end still sends is read: closing over unread bytes would reset the
/// connection, and what the other end then sees would depend on timing.
async fn close(mut stream: TcpStream) -> io::Result<()> {
    stream.shutdown().await?;
    drain(stream).await
}

/// Reads and answers nothing, until the other end goes.
async fn drain(mut stream: TcpStream) -> io::Result<()> {
    drain_borrowed(&mut stream).await
}

async fn drain_borrowed(stream: &mut TcpStream) -> io::Result<()> {
    while stream.read(&mut [0; 4096]).await? > 0 {}
    Ok(())
}

/// Answers the first bytes with others, and closes.
async fn retort(mut stream: TcpStream, answer: &[u8]) -> io::Result<()> {
    if stream.read(&mut [0; 4096]).await? > 0 {
        stream.write_all(answer).await?;
    }
    close(stream).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_three_parts_decide() {
        assert_eq!(compare("3.3.7.0", "3.3.7.5"), Match::Close);
        assert_eq!(compare("3.3.6.13", "3.3.7.5"), Match::OtherPatch);
        assert_eq!(compare("3.2.2.2", "3.3.7.5"), Match::OtherWire);
        assert_eq!(compare("", "3.3.7.5"), Match::OtherWire);
    }
}
