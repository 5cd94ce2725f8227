//! Topics, the groups that read them, and what they read from the logs.

use std::collections::BTreeMap;

use super::ast::{Select, TopicSource};
use super::catalog::Database;
use super::engine::{Caller, Engine};
use super::error::SqlError;
use super::instant;
use super::log::{Entry, WrittenRows};
use super::select;
use super::value::{Precision, ResultSet};

/// A topic: its rows come from one database.
#[derive(Clone, Debug)]
pub(crate) struct Topic {
    pub(crate) name: String,
    pub(crate) database: String,
    pub(crate) source: TopicSource,
}

/// A consumer as a group knows it.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    pub(crate) id: u64,
    pub(crate) client: String,
    pub(crate) user: String,
    pub(crate) parameters: String,
    pub(crate) since: i64,
}

/// The consumers that share a topic, and how far they have committed each vgroup.
#[derive(Clone, Debug, Default)]
pub(crate) struct Group {
    pub(crate) members: Vec<Member>,
    pub(crate) committed: BTreeMap<i32, i64>,
}

/// All topics and their groups, by topic and group name.
#[derive(Debug, Default)]
pub(crate) struct Topics {
    pub(crate) topics: Vec<Topic>,
    pub(crate) groups: BTreeMap<(String, String), Group>,
    pub(crate) last_consumer: u64,
}

/// The rows that one table has in a message.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TopicBlock {
    /// Named only where a topic is a supertable or a database.
    pub(crate) table: Option<String>,
    pub(crate) result: ResultSet,
}

impl Topics {
    pub(crate) fn topic(&self, name: &str) -> Result<&Topic, SqlError> {
        self.topics
            .iter()
            .find(|topic| topic.name == name)
            .ok_or_else(|| SqlError::new(0x3e1, "Topic not exist"))
    }

    /// Whether a group has consumers of a topic.
    fn is_subscribed(&self, name: &str) -> bool {
        self.groups
            .iter()
            .any(|((topic, _), group)| topic == name && !group.members.is_empty())
    }
}

/// `create topic`.
pub(crate) fn create(
    engine: &mut Engine,
    caller: Caller<'_>,
    name: String,
    if_not_exists: bool,
    mut source: TopicSource,
) -> Result<(), SqlError> {
    if engine.topics.topic(&name).is_ok() {
        return if if_not_exists {
            Ok(())
        } else {
            Err(SqlError::new(0x3e0, "Topic already exists"))
        };
    }
    let database = match &mut source {
        TopicSource::Database(database) => database.clone(),
        TopicSource::Stable(table) => table.database(caller.database)?.to_owned(),
        TopicSource::Query(query) => {
            let from = query
                .from
                .as_mut()
                .ok_or_else(|| SqlError::syntax("select"))?;
            let database = from.database(caller.database)?.to_owned();
            from.database = Some(database.clone());
            database
        }
    };
    let stored = engine.catalog.database(&database)?;
    match &source {
        TopicSource::Database(_) => {}
        TopicSource::Stable(table) => {
            stored
                .stable(&table.table)
                .ok_or_else(SqlError::missing_table)?;
        }
        TopicSource::Query(query) => {
            select::run(engine, caller, query)?;
        }
    }
    engine.topics.topics.push(Topic {
        name,
        database,
        source,
    });
    Ok(())
}

/// `drop topic`.
pub(crate) fn drop(engine: &mut Engine, name: &str, if_exists: bool) -> Result<(), SqlError> {
    if let Err(missing) = engine.topics.topic(name) {
        return if if_exists { Ok(()) } else { Err(missing) };
    }
    if engine.topics.is_subscribed(name) {
        return Err(SqlError::new(0x3eb, "Topic subscribed cannot be dropped"));
    }
    engine.topics.topics.retain(|topic| topic.name != name);
    engine.topics.groups.retain(|(topic, _), _| topic != name);
    Ok(())
}

/// Refuses to drop a database whose rows a topic reads.
pub(crate) fn refuse_drop(engine: &Engine, database: &str) -> Result<(), SqlError> {
    let mut topics = engine.topics.topics.iter();
    if topics.any(|topic| topic.database == database) {
        return Err(SqlError::new(0x3ed, "Topic must be dropped first"));
    }
    Ok(())
}

impl Engine {
    /// Adds a consumer to a group of each topic; each vgroup notes it.
    pub(crate) fn subscribe(
        &mut self,
        member: &Member,
        group: &str,
        topics: &[String],
    ) -> Result<(), SqlError> {
        for name in topics {
            self.topics.topic(name)?;
        }
        for name in topics {
            let database = self.topics.topic(name)?.database.clone();
            let key = (name.clone(), group.to_owned());
            let group = self.topics.groups.entry(key).or_default();
            group.members.push(member.clone());
            if let Ok(database) = self.catalog.database_mut(&database) {
                database.log_everywhere(&Entry::Control);
            }
        }
        Ok(())
    }

    /// Takes a consumer out of all groups.
    pub(crate) fn unsubscribe(&mut self, consumer: u64) {
        for group in self.topics.groups.values_mut() {
            group.members.retain(|member| member.id != consumer);
        }
    }

    /// The vgroups of a topic that are a consumer's: they are dealt out among the members of its group.
    pub(crate) fn vgroups_of(&self, topic: &str, group: &str, consumer: u64) -> Vec<i32> {
        let key = (topic.to_owned(), group.to_owned());
        let members = self.topics.groups.get(&key).map(|group| &group.members);
        let Some(members) = members else {
            return Vec::new();
        };
        let database = self.topics.topic(topic).map(|topic| &topic.database);
        let database = database.and_then(|name| self.catalog.database(name));
        let logs = database.map(|database| database.logs.as_slice());
        logs.unwrap_or_default()
            .iter()
            .zip(members.iter().cycle())
            .filter(|(_, member)| member.id == consumer)
            .map(|(log, _)| log.id)
            .collect()
    }

    /// The offsets that a vgroup's log begins and ends with.
    pub(crate) fn log_range(&self, topic: &str, vgroup: i32) -> (i64, i64) {
        let database = self.topics.topic(topic).map(|topic| &topic.database);
        let database = database.and_then(|name| self.catalog.database(name));
        let log = database
            .ok()
            .and_then(|database| database.logs.iter().find(|log| log.id == vgroup));
        log.map_or((0, 0), |log| (log.begin(), log.end()))
    }

    /// Notes how far a group has read a vgroup; gives whether that is new.
    pub(crate) fn commit(&mut self, topic: &str, group: &str, vgroup: i32, offset: i64) -> bool {
        let key = (topic.to_owned(), group.to_owned());
        let Some(group) = self.topics.groups.get_mut(&key) else {
            return false;
        };
        if group.committed.insert(vgroup, offset) == Some(offset) {
            return false;
        }
        let database = self.topics.topic(topic).map(|topic| topic.database.clone());
        let database = database.and_then(|name| self.catalog.database_mut(&name));
        let logs = database.map(|database| database.logs.iter_mut());
        for log in logs.into_iter().flatten().filter(|log| log.id == vgroup) {
            log.push(Entry::Control);
        }
        true
    }

    /// How far a group has committed a vgroup.
    pub(crate) fn committed(&self, topic: &str, group: &str, vgroup: i32) -> Option<i64> {
        let key = (topic.to_owned(), group.to_owned());
        self.topics
            .groups
            .get(&key)?
            .committed
            .get(&vgroup)
            .copied()
    }

    /// What a topic shows of a vgroup's log from an offset on, and the offset behind it.
    pub(crate) fn read_topic(
        &self,
        caller: Caller<'_>,
        topic: &str,
        vgroup: i32,
        start: i64,
    ) -> Result<(Vec<TopicBlock>, i64), SqlError> {
        /// Most rows of one message; the server's messages have a limit too.
        const MOST_ROWS: usize = 4096;
        let topic = self.topics.topic(topic)?;
        let database = self.catalog.database(&topic.database)?;
        let log = database.logs.iter().find(|log| log.id == vgroup);
        let Some(log) = log else {
            return Ok((Vec::new(), start));
        };
        let mut blocks = Vec::new();
        let mut end = log.end();
        let mut rows = 0;
        for (behind, entry) in log.from(start) {
            let Entry::Rows(tables) = entry else {
                continue;
            };
            for written in &as_sent(database, caller, &topic.source, tables) {
                let block = block(database, caller, &topic.source, written)?;
                rows += block.as_ref().map_or(0, |block| block.result.rows.len());
                blocks.extend(block);
            }
            if rows >= MOST_ROWS {
                end = behind;
                break;
            }
        }
        Ok((blocks, end))
    }
}

/// The rows of an entry by table. Before 3.3 a query's rows come in one block, all with the tags and name of the first table.
fn as_sent(
    database: &Database,
    caller: Caller<'_>,
    source: &TopicSource,
    tables: &[WrittenRows],
) -> Vec<WrittenRows> {
    let TopicSource::Query(query) = source else {
        return tables.to_vec();
    };
    let from = query.from.as_ref().map_or("", |from| &from.table);
    let is_shown = |written: &&WrittenRows| {
        database
            .table(&written.table)
            .is_some_and(|table| table.name == from || table.stable.as_deref() == Some(from))
    };
    let shown = tables.iter().filter(is_shown).cloned();
    if !caller.release.is_before_33() {
        return shown.collect();
    }
    let first = shown.reduce(|mut first, next| {
        first.rows.extend(next.rows);
        first
    });
    first.into_iter().collect()
}

/// What a topic shows of the rows written into one table.
fn block(
    database: &Database,
    caller: Caller<'_>,
    source: &TopicSource,
    written: &WrittenRows,
) -> Result<Option<TopicBlock>, SqlError> {
    // A table that was dropped since has no columns to show.
    let Some(table) = database.table(&written.table) else {
        return Ok(None);
    };
    let is_of = |name: &str| table.name == name || table.stable.as_deref() == Some(name);
    let all = Select {
        items: vec![super::ast::Item::Star],
        ..Select::default()
    };
    let (named, query) = match source {
        TopicSource::Database(_) => (true, &all),
        TopicSource::Stable(stable) if is_of(&stable.table) => (true, &all),
        TopicSource::Query(query) => match &query.from {
            Some(from) if is_of(&from.table) => (false, &**query),
            _ => return Ok(None),
        },
        TopicSource::Stable(_) => return Ok(None),
    };
    let tags_too = match &query.from {
        Some(from) => from.table != table.name,
        None => false,
    };
    let relation = select::relation_of(database, table, &written.rows, tags_too);
    let result = select::over(relation, caller, query)?;
    Ok((!result.rows.is_empty()).then(|| TopicBlock {
        table: named.then(|| table.name.clone()),
        result,
    }))
}

/// Now, as the server notes it of consumers.
pub(crate) fn now() -> i64 {
    instant::now(Precision::Milli)
}
