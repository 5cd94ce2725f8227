//! `/rest/tmq`: subscriptions. A poll waits for rows while later requests are answered.

mod action;
mod messages;

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::{SinkExt, StreamExt};
use serde_json::json;
use tokio_tungstenite::tungstenite::protocol::Message as Frame;

use self::action::Subscriber;
use super::Socket;
use super::connection::{Answer, fields};
use crate::listener::unless_hanging;
use crate::state::State;

/// Polls that may wait at the same time; more are not answered.
const MOST_POLLS: usize = 64;
/// Longest that a poll waits.
const LONGEST_POLL: Duration = Duration::from_secs(3600);

/// A poll that waits for rows.
#[derive(Debug)]
pub(super) struct Poll {
    pub(super) req_id: u64,
    pub(super) start: Instant,
    pub(super) blocking: Duration,
}

/// Answers a connection's requests until it ends; its consumer ends with it.
pub(super) async fn talk(mut socket: Socket, state: Arc<State>) {
    let mut faults = state.watch_faults();
    let mut changes = state.watch_changes();
    let mut subscriber = Subscriber::new(Arc::clone(&state));
    let mut polls: VecDeque<Poll> = VecDeque::new();
    loop {
        changes.mark_unchanged();
        while let Some(answer) = subscriber.answer_poll(&mut polls) {
            if !send(&mut socket, &state, answer).await {
                subscriber.leave();
                return;
            }
        }
        let wait = polls.front().map_or(LONGEST_POLL, |poll| {
            poll.blocking.saturating_sub(poll.start.elapsed())
        });
        let frame = tokio::select! {
            frame = socket.next() => frame,
            _ = changes.changed(), if !polls.is_empty() => continue,
            () = tokio::time::sleep(wait), if !polls.is_empty() => continue,
        };
        unless_hanging(&mut faults).await;
        let answer = match frame {
            Some(Ok(Frame::Text(text))) => subscriber.text(&text, &mut polls),
            // A binary message is never answered.
            Some(Ok(Frame::Ping(_))) => {
                if socket.flush().await.is_err() {
                    break;
                }
                Answer::None
            }
            Some(Ok(Frame::Close(_))) => {
                if state.release().is_before_33() {
                    let _ = socket.flush().await;
                }
                break;
            }
            Some(Ok(_)) => Answer::None,
            Some(Err(_)) | None => break,
        };
        polls.truncate(MOST_POLLS);
        if !send(&mut socket, &state, answer).await {
            break;
        }
    }
    subscriber.leave();
}

async fn send(socket: &mut Socket, state: &State, answer: Answer) -> bool {
    let frame = match answer {
        Answer::None => return true,
        Answer::Text(text) => Frame::text(text),
        Answer::Binary(bytes) => Frame::binary(bytes),
    };
    tokio::time::sleep(state.faults().latency).await;
    socket.send(frame).await.is_ok()
}

/// The answer to a poll without rows.
pub(super) fn empty_message() -> serde_json::Map<String, serde_json::Value> {
    fields(json!({
        "have_message": false,
        "topic": "",
        "database": "",
        "vgroup_id": 0,
        "message_type": 0,
        "message_id": 0,
        "offset": 0,
    }))
}
