//! What stands behind a `tmq_t *`: its connection and its settings.

use std::collections::BTreeMap;
use std::ffi::{CString, c_char};
use std::ptr;

use serde_json::{Value, json};

use crate::connection::{Connection, Login};
use crate::error::{Error, c_string};
use crate::marker;
use crate::outcome::{Outcome, Rows, value};

/// The settings that the real library knows.
const KNOWN: [&str; 18] = [
    "group.id",
    "client.id",
    "td.connect.ip",
    "td.connect.port",
    "td.connect.user",
    "td.connect.pass",
    "td.connect.db",
    "auto.offset.reset",
    "enable.auto.commit",
    "auto.commit.interval.ms",
    "msg.with.table.name",
    "msg.consume.excluded",
    "msg.consume.rawdata",
    "msg.enable.batchmeta",
    "experimental.snapshot.enable",
    "enable.replay",
    "session.timeout.ms",
    "max.poll.interval.ms",
];

/// The setting that a real library knows from 3.4 on.
const TOKEN: &str = "td.connect.token";

/// A `tmq_conf_t`.
#[derive(Clone, Default)]
pub(crate) struct Settings(BTreeMap<String, String>);

impl Settings {
    /// Sets what is known; gives whether it is.
    pub(crate) fn set(&mut self, key: &str, value: &str) -> bool {
        let known = KNOWN.contains(&key) || key == TOKEN && marker::at_least([3, 4, 0]);
        if known {
            self.0.insert(key.to_owned(), value.to_owned());
        }
        known
    }

    fn get(&self, key: &str) -> &str {
        self.0.get(key).map_or("", String::as_str)
    }
}

/// A `tmq_list_t`.
#[derive(Default)]
pub(crate) struct Topics {
    names: Vec<CString>,
    pointers: Vec<*mut c_char>,
}

impl Topics {
    pub(crate) fn push(&mut self, name: &str) {
        self.names.push(c_string(name));
    }

    pub(crate) fn len(&self) -> usize {
        self.names.len()
    }

    /// The names as an array; good as long as nothing is added.
    pub(crate) fn pointers(&mut self) -> *mut *mut c_char {
        let names = self.names.iter();
        self.pointers = names.map(|name| name.as_ptr().cast_mut()).collect();
        if self.pointers.is_empty() {
            ptr::null_mut()
        } else {
            self.pointers.as_mut_ptr()
        }
    }

    pub(crate) fn texts(&self) -> Vec<String> {
        let names = self.names.iter();
        names
            .map(|name| name.to_string_lossy().into_owned())
            .collect()
    }
}

/// A `tmq_t`.
pub(crate) struct Consumer {
    connection: Connection,
    settings: Settings,
    pub(crate) topics: Topics,
}

impl Consumer {
    /// Connects and logs in.
    pub(crate) fn open(settings: &Settings) -> Result<Self, Error> {
        if settings.get("group.id").is_empty() {
            return Err(Error::new(
                0x0200,
                "malloc tmq element failed or group is empty",
            ));
        }
        let given = |key| Some(settings.get(key)).filter(|value| !value.is_empty());
        let connection = Connection::open(&Login {
            host: settings.get("td.connect.ip"),
            port: settings.get("td.connect.port").parse().unwrap_or(0),
            user: given("td.connect.user"),
            password: given("td.connect.pass"),
            db: settings.get("td.connect.db"),
            token: given(TOKEN),
        })?;
        Ok(Self {
            connection,
            settings: settings.clone(),
            topics: Topics::default(),
        })
    }

    pub(crate) fn subscribe(&mut self, topics: &Topics) -> Result<(), Error> {
        let names = topics.texts();
        let auto_commit = self.settings.get("enable.auto.commit") != "false";
        self.connection.ask(&json!({"subscribe": {
            "group": self.settings.get("group.id"),
            "client": self.settings.get("client.id"),
            "reset": self.settings.get("auto.offset.reset"),
            "auto_commit": auto_commit,
            "topics": names,
        }}))?;
        self.topics = Topics::default();
        names.iter().for_each(|name| self.topics.push(name));
        Ok(())
    }

    pub(crate) fn unsubscribe(&mut self) -> Result<(), Error> {
        self.topics = Topics::default();
        self.connection.ask(&json!({"unsubscribe": {}})).map(drop)
    }

    /// The next message; `None` if there is none in that time.
    pub(crate) fn poll(&self, milliseconds: i64) -> Result<Option<Outcome>, Error> {
        let answer = self.connection.ask(&json!({"poll": milliseconds.max(0)}))?;
        let Some(blocks) = answer.get("blocks").and_then(Value::as_array) else {
            return Ok(None);
        };
        let text = |of: &Value, name: &str| {
            c_string(of.get(name).and_then(Value::as_str).unwrap_or_default())
        };
        let read = blocks.iter().map(|block| {
            let table = block.get("table").map(|_| text(block, "table"));
            Rows::read(block).map(|rows| (table, rows))
        });
        let read = read.collect::<Result<Vec<_>, _>>()?;
        let number = |name: &str| answer.get(name).and_then(Value::as_i64).unwrap_or(0);
        Ok(Some(Outcome::message(
            text(&answer, "topic"),
            text(&answer, "database"),
            i32::try_from(number("vgroup")).unwrap_or(0),
            number("offset"),
            answer
                .get("raw")
                .and_then(value)
                .flatten()
                .unwrap_or_default(),
            read,
        )))
    }

    /// Asks about offsets.
    pub(crate) fn offsets(
        &self,
        act: &str,
        topic: &str,
        vgroup: i32,
        offset: i64,
    ) -> Result<Value, Error> {
        self.connection.ask(&json!({"offsets": {
            "act": act, "topic": topic, "vgroup": vgroup, "offset": offset,
        }}))
    }
}
