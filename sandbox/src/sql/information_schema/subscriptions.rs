//! Topics, consumers and what they read (columns: transcripts/ws_stmt-tmq-sml.jsonl, `tmq.show_*`).

use super::super::engine::Engine;
use super::super::select::Relation;
use super::super::value::{Column, Type, Value};

/// The name that the server gives a consumer.
fn consumer(id: u64) -> Value {
    Value::Text(format!("{id:#x}"))
}

pub(super) fn topics(engine: &Engine) -> Relation {
    let columns = vec![
        Column::varchar("topic_name", 192),
        Column::varchar("db_name", 64),
    ];
    let topics = engine.topics.topics.iter();
    let rows = topics.map(|topic| vec![Value::text(&topic.name), Value::text(&topic.database)]);
    Relation::plain(columns, rows.collect())
}

pub(super) fn consumers(engine: &Engine) -> Relation {
    let columns = vec![
        Column::varchar("consumer_id", 32),
        Column::varchar("consumer_group", 193),
        Column::varchar("client_id", 256),
        Column::varchar("user", 24),
        Column::varchar("fqdn", 128),
        Column::varchar("status", 20),
        Column::varchar("topics", 205),
        Column::fixed("up_time", Type::Timestamp),
        Column::fixed("subscribe_time", Type::Timestamp),
        Column::fixed("rebalance_time", Type::Timestamp),
        Column::varchar("parameters", 192),
        Column::fixed("poll_time", Type::Timestamp),
    ];
    let mut rows = Vec::new();
    for ((topic, name), group) in &engine.topics.groups {
        for member in &group.members {
            let since = Value::Timestamp(member.since);
            rows.push(vec![
                consumer(member.id),
                Value::text(name),
                Value::text(&member.client),
                Value::text(&member.user),
                Value::text("vm"),
                Value::text("ready"),
                Value::text(topic),
                since.clone(),
                since.clone(),
                since,
                Value::text(&member.parameters),
                Value::Null,
            ]);
        }
    }
    Relation::plain(columns, rows)
}

pub(super) fn subscriptions(engine: &Engine) -> Relation {
    let columns = vec![
        Column::varchar("topic_name", 205),
        Column::varchar("consumer_group", 193),
        Column::fixed("vgroup_id", Type::Int),
        Column::varchar("consumer_id", 256),
        Column::varchar("user", 24),
        Column::varchar("fqdn", 128),
        Column::varchar("offset", 64),
        Column::fixed("rows", Type::BigInt),
    ];
    let mut rows = Vec::new();
    for ((topic, name), group) in &engine.topics.groups {
        for member in &group.members {
            for vgroup in engine.vgroups_of(topic, name, member.id) {
                rows.push(vec![
                    Value::text(topic),
                    Value::text(name),
                    Value::Int(vgroup.into()),
                    consumer(member.id),
                    Value::text(&member.user),
                    Value::text("vm"),
                    // The server learns of offsets with its heartbeat only.
                    Value::Null,
                    Value::Null,
                ]);
            }
        }
    }
    Relation::plain(columns, rows)
}
