//! A consumer: where it stands in each vgroup of its topics, and the message that it polled last.

use std::collections::BTreeMap;

use crate::sql::topic::now;
use crate::sql::{Caller, Engine, Member, SqlError, TopicBlock};

/// Where a consumer starts that says nothing, or this.
const EARLIEST: &str = "earliest";
/// What `committed` tells of a vgroup that was never committed.
const NEVER: i64 = -2_147_467_247;

/// What a consumer asks for when it subscribes.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Subscription {
    pub(crate) user: String,
    pub(crate) group: String,
    pub(crate) client: String,
    /// `auto.offset.reset`: earliest, latest, none, or nothing.
    pub(crate) reset: String,
    pub(crate) auto_commit: bool,
    pub(crate) topics: Vec<String>,
}

/// Rows that a poll brought.
#[derive(Clone, Debug)]
pub(crate) struct Message {
    pub(crate) id: u64,
    pub(crate) topic: String,
    pub(crate) database: String,
    pub(crate) vgroup: i32,
    /// The offset from which it was asked for, and the one behind it.
    pub(crate) requested: i64,
    pub(crate) behind: i64,
    pub(crate) blocks: Vec<TopicBlock>,
}

/// Where a consumer stands in a vgroup.
#[derive(Clone, Copy, Debug)]
struct Place {
    next: i64,
    /// The offset from which the last message was asked for.
    requested: i64,
    /// The end of the log as it was when the server answered last.
    end: i64,
    /// Whether the server still has the request for what follows: since 3.3 entries without rows do not move it.
    waiting: bool,
}

/// A topic and one of its vgroups.
pub(crate) type Part = (String, i32);

/// What `assignment` tells of a vgroup: its number, the offset of the last message, the log's first and last.
pub(crate) type Assignment = (i32, i64, i64, i64);

/// A consumer that has subscribed.
#[derive(Debug)]
pub(crate) struct Consumer {
    id: u64,
    pub(crate) subscription: Subscription,
    places: BTreeMap<Part, Place>,
    ready: Option<Message>,
    messages: u64,
    turn: usize,
    /// Whether it ever had a topic: the server does not know one without.
    known: bool,
}

impl Consumer {
    /// Subscribes.
    ///
    /// # Errors
    /// A topic does not exist.
    pub(crate) fn subscribe(
        engine: &mut Engine,
        subscription: Subscription,
        messages: u64,
    ) -> Result<Self, SqlError> {
        engine.topics.last_consumer += 1;
        let id = engine.topics.last_consumer;
        let reset = match subscription.reset.as_str() {
            "" => EARLIEST,
            named => named,
        };
        let parameters = format!(
            "tbname:0,commit:{},interval:5000ms,reset:{reset}",
            u8::from(subscription.auto_commit)
        );
        let member = Member {
            id,
            client: subscription.client.clone(),
            user: subscription.user.clone(),
            parameters,
            since: now(),
        };
        engine.subscribe(&member, &subscription.group, &subscription.topics)?;
        Ok(Self {
            known: !subscription.topics.is_empty(),
            id,
            subscription,
            places: BTreeMap::new(),
            ready: None,
            messages,
            turn: 0,
        })
    }

    /// How many messages it got.
    pub(crate) fn messages(&self) -> u64 {
        self.messages
    }

    /// Leaves its groups; what it read is committed if that is done by itself.
    pub(crate) fn unsubscribe(&mut self, engine: &mut Engine) {
        if self.subscription.auto_commit {
            self.commit(engine);
        }
        engine.unsubscribe(self.id);
        self.subscription.topics.clear();
        self.places.clear();
        self.ready = None;
    }

    /// The vgroups that are this consumer's now; places in others are forgotten.
    fn parts(&mut self, engine: &Engine) -> Vec<Part> {
        let mut parts = Vec::new();
        for topic in &self.subscription.topics {
            let vgroups = engine.vgroups_of(topic, &self.subscription.group, self.id);
            parts.extend(vgroups.into_iter().map(|vgroup| (topic.clone(), vgroup)));
        }
        self.places.retain(|part, _| parts.contains(part));
        for part in &parts {
            if !self.places.contains_key(part) {
                let place = self.start(engine, part);
                self.places.insert(part.clone(), place);
            }
        }
        parts
    }

    fn start(&self, engine: &Engine, (topic, vgroup): &Part) -> Place {
        let (begin, end) = engine.log_range(topic, *vgroup);
        let committed = engine.committed(topic, &self.subscription.group, *vgroup);
        let next = match (committed, self.subscription.reset.as_str()) {
            (Some(offset), _) => offset,
            (None, "" | EARLIEST) => begin,
            (None, _) => end,
        };
        Place {
            next,
            requested: next,
            end,
            waiting: false,
        }
    }

    /// The next message, if there are rows. Without waiting a message is only asked for, and given by the next poll.
    ///
    /// # Errors
    /// A topic's query does not work any more.
    pub(crate) fn poll(
        &mut self,
        engine: &mut Engine,
        caller: Caller<'_>,
        waits: bool,
    ) -> Result<Option<Message>, SqlError> {
        if !self.known {
            return Err(SqlError::new(0x3e6, "Consumer not exist"));
        }
        if self.subscription.auto_commit {
            self.commit(engine);
        }
        if self.ready.is_none() {
            self.ready = self.read(engine, caller)?;
            if !waits {
                return Ok(None);
            }
        }
        let Some(mut message) = self.ready.take() else {
            return Ok(None);
        };
        self.messages += 1;
        message.id = self.messages;
        let part = (message.topic.clone(), message.vgroup);
        if let Some(place) = self.places.get_mut(&part) {
            place.requested = message.requested;
            place.next = message.behind;
        }
        Ok(Some(message))
    }

    fn read(&mut self, engine: &Engine, caller: Caller<'_>) -> Result<Option<Message>, SqlError> {
        let parts = self.parts(engine);
        for step in 0..parts.len() {
            let at = (self.turn + step) % parts.len();
            let (topic, vgroup) = &parts[at];
            let Some(place) = self.places.get_mut(&parts[at]) else {
                continue;
            };
            let (blocks, behind) = engine.read_topic(caller, topic, *vgroup, place.next)?;
            let (_, end) = engine.log_range(topic, *vgroup);
            if blocks.is_empty() {
                if !place.waiting {
                    place.next = behind;
                    place.end = end;
                    place.waiting = !caller.release.is_before_33();
                }
                continue;
            }
            place.waiting = false;
            place.end = end;
            self.turn = at + 1;
            return Ok(Some(Message {
                id: 0,
                topic: topic.clone(),
                database: engine.topics.topic(topic)?.database.clone(),
                vgroup: *vgroup,
                requested: place.next,
                behind,
                blocks,
            }));
        }
        Ok(None)
    }

    /// Commits all that was polled.
    pub(crate) fn commit(&mut self, engine: &mut Engine) {
        for ((topic, vgroup), place) in &self.places {
            engine.commit(topic, &self.subscription.group, *vgroup, place.next);
        }
    }

    /// `commit_offset`.
    pub(crate) fn commit_offset(
        &mut self,
        engine: &mut Engine,
        part: &Part,
        offset: i64,
    ) -> Result<(), SqlError> {
        self.check(engine, part, Some(offset))?;
        engine.commit(&part.0, &self.subscription.group, part.1, offset);
        Ok(())
    }

    /// What was committed of a vgroup.
    pub(crate) fn committed(&mut self, engine: &Engine, part: &Part) -> Result<i64, SqlError> {
        self.check(engine, part, None)?;
        let committed = engine.committed(&part.0, &self.subscription.group, part.1);
        Ok(committed.unwrap_or(NEVER))
    }

    /// Where the next message will be asked for.
    pub(crate) fn position(&mut self, engine: &Engine, part: &Part) -> Result<i64, SqlError> {
        self.check(engine, part, None).map(|place| place.next)
    }

    /// Moves to an offset.
    pub(crate) fn seek(
        &mut self,
        engine: &Engine,
        part: &Part,
        offset: i64,
    ) -> Result<(), SqlError> {
        self.check(engine, part, Some(offset))?;
        if let Some(place) = self.places.get_mut(part) {
            place.next = offset;
            place.waiting = false;
        }
        self.ready = None;
        Ok(())
    }

    /// The vgroups of a topic that are this consumer's.
    pub(crate) fn assignment(
        &mut self,
        engine: &Engine,
        topic: &str,
    ) -> Result<Vec<Assignment>, SqlError> {
        self.check_topic(topic)?;
        let parts = self.parts(engine);
        let parts = parts.into_iter().filter(|(name, _)| name == topic);
        Ok(parts
            .filter_map(|part| {
                let place = self.places.get(&part)?;
                let (begin, _) = engine.log_range(topic, part.1);
                Some((part.1, place.requested, begin, place.end))
            })
            .collect())
    }

    fn check_topic(&self, topic: &str) -> Result<(), SqlError> {
        if self.subscription.topics.iter().any(|known| known == topic) {
            return Ok(());
        }
        Err(SqlError::new(
            0x4009,
            "Topic does not belong to this consumer",
        ))
    }

    /// Whether a vgroup is this consumer's, and an offset within its log.
    fn check(
        &mut self,
        engine: &Engine,
        part: &Part,
        offset: Option<i64>,
    ) -> Result<Place, SqlError> {
        self.check_topic(&part.0)?;
        self.parts(engine);
        let place = self.places.get(part).copied();
        let place =
            place.ok_or_else(|| SqlError::new(0x4008, "VgId does not belong to this consumer"))?;
        let (begin, end) = engine.log_range(&part.0, part.1);
        match offset {
            Some(offset) if !(begin..=end).contains(&offset) => {
                Err(SqlError::new(0x4007, "Offset out of range"))
            }
            _ => Ok(place),
        }
    }
}
