//! The actions of a subscription's connection.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Map, Value as Json, json};

use super::super::connection::{Answer, Connection, Dialect, Outcome, fields, refused};
use super::messages::Polled;
use super::{Poll, empty_message};
use crate::sql::{Caller, Engine, SqlError};
use crate::state::{Session, State};
use crate::tmq::{Consumer, Part, Subscription};

/// The rows of a message are data; other kinds are not shown.
const DATA: u8 = 1;

/// A connection's consumer, and the message that it polled last.
#[derive(Debug)]
pub(super) struct Subscriber {
    connection: Connection,
    session: Option<Session>,
    consumer: Option<Consumer>,
    pub(super) polled: Option<Polled>,
    /// How many messages earlier consumers of this connection got.
    messages: u64,
}

/// What the adapter says of a consumer that has not subscribed yet.
fn not_subscribed<T>() -> Result<T, SqlError> {
    refused("tmq not init")
}

impl Subscriber {
    pub(super) fn new(state: Arc<State>) -> Self {
        Self {
            connection: Connection::new(state, Dialect::Tmq),
            session: None,
            consumer: None,
            polled: None,
            messages: 0,
        }
    }

    /// Ends the consumer.
    pub(super) fn leave(&mut self) {
        if let (Some(consumer), Some(session)) = (&mut self.consumer, &self.session) {
            let state = &self.connection.state;
            state.with_topics(session, |engine, _| consumer.unsubscribe(engine));
        }
    }

    /// Answers a text message. An unknown action, and arguments that do not parse, are never answered.
    pub(super) fn text(&mut self, text: &str, polls: &mut VecDeque<Poll>) -> Answer {
        let start = Instant::now();
        let Ok(Json::Object(request)) = serde_json::from_str(text) else {
            return self.connection.text(text);
        };
        let action = request.get("action").and_then(Json::as_str);
        let action = action.unwrap_or_default();
        if matches!(action, "version" | "") {
            return self.connection.text(text);
        }
        let Some(args) = request.get("args").filter(|args| args.is_object()) else {
            return Answer::None;
        };
        let req_id = args.get("req_id").and_then(Json::as_u64).unwrap_or(0);
        match action {
            "poll" => {
                let blocking = args.get("blocking_time").and_then(Json::as_i64);
                polls.push_back(Poll {
                    req_id,
                    start,
                    blocking: Duration::from_millis(
                        u64::try_from(blocking.unwrap_or(0)).unwrap_or(0),
                    ),
                });
                Answer::None
            }
            "subscribe" => {
                let Some(subscription) = subscription(args) else {
                    return Answer::None;
                };
                let outcome = self.subscribe(subscription, args);
                self.connection.reply(action, req_id, start, outcome)
            }
            "fetch_raw_data" if self.connection.state.release().is_before_33() => Answer::None,
            "fetch" | "fetch_block" | "fetch_raw" | "fetch_raw_data" | "fetch_json_meta" => {
                self.fetch(action, req_id, number(args, "message_id"), start)
            }
            _ => match self.act(action, args) {
                Some(outcome) => self.connection.reply(action, req_id, start, outcome),
                None => Answer::None,
            },
        }
    }

    pub(super) fn connection(&mut self) -> &mut Connection {
        &mut self.connection
    }

    fn subscribe(&mut self, subscription: Subscription, args: &Json) -> Outcome {
        if let Some(consumer) = &self.consumer
            && !consumer.subscription.topics.is_empty()
        {
            return refused("tmq should have unsubscribed first");
        }
        let old = self.connection.state.release().is_before_33();
        // These are settings of the client library, which knows this one from 3.4 on; taos-ws-py 0.7.0 sends it.
        let known =
            |key: &String| key == "td.connect.token" && self.connection.state.knows_tokens();
        let config = args.get("config").and_then(Json::as_object);
        if config.is_some_and(|config| !config.keys().all(known)) {
            return Err(SqlError::new(0xfffe, "Unknown error 65534"));
        }
        if !matches!(
            subscription.reset.as_str(),
            "" | "earliest" | "latest" | "none"
        ) {
            return refused("fail");
        }
        if subscription.group.is_empty() {
            return refused("malloc tmq element failed or group is empty");
        }
        let (user, password) = match self.connection.state.cloud_login() {
            Some(login) => login,
            None => {
                let token = string(args, "bearer_token");
                if !token.is_empty() && self.connection.state.knows_tokens() {
                    self.connection.state.user_of_token(token)?
                } else {
                    (
                        subscription.user.clone(),
                        string(args, "password").to_owned(),
                    )
                }
            }
        };
        let login = self.connection.state.login(&user, &password, "");
        let Ok(session) = login else {
            return refused(if old {
                "new consumer return nil"
            } else {
                "init tscObj failed"
            });
        };
        let session = self.session.insert(session);
        let messages = self.messages;
        let consumer = self.connection.state.with_topics(session, |engine, _| {
            Consumer::subscribe(
                engine,
                Subscription {
                    user,
                    ..subscription
                },
                messages,
            )
        })?;
        self.consumer = Some(consumer);
        Ok(if old {
            Map::new()
        } else {
            fields(json!({"version": self.connection.state.version()}))
        })
    }

    /// Runs an action on the consumer.
    fn with_consumer<T>(
        &mut self,
        act: impl FnOnce(&mut Consumer, &mut Engine, Caller<'_>) -> Result<T, SqlError>,
    ) -> Result<T, SqlError> {
        let (Some(consumer), Some(session)) = (&mut self.consumer, &self.session) else {
            return not_subscribed();
        };
        let state = &self.connection.state;
        state.with_topics(session, |engine, caller| act(consumer, engine, caller))
    }

    /// The actions that are answered in text, but for those of messages; `None` for an unknown one.
    fn act(&mut self, action: &str, args: &Json) -> Option<Outcome> {
        let topic = string(args, "topic").to_owned();
        let vgroup = args.get("vgroup_id").and_then(Json::as_i64).unwrap_or(0);
        let vgroup = i32::try_from(vgroup).unwrap_or(0);
        let offset = args.get("offset").and_then(Json::as_i64).unwrap_or(0);
        let part = (topic.clone(), vgroup);
        Some(match action {
            "commit" => {
                let id = number(args, "message_id");
                self.with_consumer(|consumer, engine, _| {
                    consumer.commit(engine);
                    Ok(fields(json!({"message_id": id})))
                })
            }
            "commit_offset" => self.with_consumer(|consumer, engine, _| {
                consumer.commit_offset(engine, &part, offset)?;
                Ok(fields(
                    json!({"topic": topic, "vgroup_id": vgroup, "offset": offset}),
                ))
            }),
            "committed" => self.of_parts(action, args, Consumer::committed),
            "position" => self.of_parts(action, args, Consumer::position),
            "assignment" => self.with_consumer(|consumer, engine, _| {
                let assigned = consumer.assignment(engine, &topic)?;
                let assigned = assigned.iter().map(|(vgroup, offset, begin, end)| {
                    json!({"vgroup_id": vgroup, "offset": offset, "begin": begin, "end": end})
                });
                Ok(fields(json!({"assignment": assigned.collect::<Json>()})))
            }),
            "seek" => self.with_consumer(|consumer, engine, _| {
                consumer.seek(engine, &part, offset)?;
                Ok(Map::new())
            }),
            "list_topics" => self.with_consumer(|consumer, _, _| {
                Ok(fields(json!({"topics": consumer.subscription.topics})))
            }),
            "unsubscribe" => {
                let outcome = self.with_consumer(|consumer, engine, _| {
                    consumer.unsubscribe(engine);
                    Ok(consumer.messages())
                });
                outcome.map(|messages| {
                    self.messages = messages;
                    Map::new()
                })
            }
            _ => return None,
        })
    }

    /// `committed` and `position`, of many vgroups at once.
    fn of_parts(
        &mut self,
        name: &str,
        args: &Json,
        tell: fn(&mut Consumer, &Engine, &Part) -> Result<i64, SqlError>,
    ) -> Outcome {
        let parts = args.get("topic_vgroup_ids").and_then(Json::as_array);
        let parts: Vec<Part> = parts
            .into_iter()
            .flatten()
            .map(|part| {
                let vgroup = part.get("vgroup_id").and_then(Json::as_i64);
                let vgroup = vgroup.and_then(|vgroup| i32::try_from(vgroup).ok());
                (string(part, "topic").to_owned(), vgroup.unwrap_or(0))
            })
            .collect();
        self.with_consumer(|consumer, engine, _| {
            let offsets = parts
                .iter()
                .map(|part| tell(consumer, engine, part))
                .collect::<Result<Vec<_>, _>>()?;
            Ok(fields(json!({name: offsets})))
        })
    }

    /// The answer to the first poll, if there are rows for it or its time is over.
    pub(super) fn answer_poll(&mut self, polls: &mut VecDeque<Poll>) -> Option<Answer> {
        let poll = polls.front()?;
        // A poll before the subscription is answered only after one.
        self.consumer.as_ref()?;
        let (req_id, start, blocking) = (poll.req_id, poll.start, poll.blocking);
        let waits = !blocking.is_zero();
        let polled =
            self.with_consumer(|consumer, engine, caller| consumer.poll(engine, caller, waits));
        let outcome = match polled {
            Ok(None) if start.elapsed() < blocking => return None,
            Ok(None) => Ok(empty_message()),
            Ok(Some(message)) => {
                let reply = fields(json!({
                    "have_message": true,
                    "topic": message.topic,
                    "database": message.database,
                    "vgroup_id": message.vgroup,
                    "message_type": DATA,
                    "message_id": message.id,
                    "offset": message.requested,
                }));
                self.polled = Some(Polled::new(message));
                Ok(reply)
            }
            Err(error) => Err(error),
        };
        polls.pop_front();
        Some(self.connection.reply("poll", req_id, start, outcome))
    }
}

/// What a request asks to subscribe to; `None` where its arguments are not of their types.
fn subscription(args: &Json) -> Option<Subscription> {
    let topics = match args.get("topics") {
        None | Some(Json::Null) => Vec::new(),
        Some(topics) => topics
            .as_array()?
            .iter()
            .map(|topic| topic.as_str().map(str::to_owned))
            .collect::<Option<_>>()?,
    };
    Some(Subscription {
        user: string(args, "user").to_owned(),
        group: string(args, "group_id").to_owned(),
        client: string(args, "client_id").to_owned(),
        reset: string(args, "offset_rest").to_owned(),
        // Without a word the adapter commits by itself.
        auto_commit: string(args, "auto_commit") != "false",
        topics,
    })
}

fn string<'a>(args: &'a Json, name: &str) -> &'a str {
    args.get(name).and_then(Json::as_str).unwrap_or_default()
}

fn number(args: &Json, name: &str) -> u64 {
    args.get(name).and_then(Json::as_u64).unwrap_or(0)
}
