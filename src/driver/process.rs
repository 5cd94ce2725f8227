//! Runs the client library in a child process: a library that crashes, hangs or prints is a fact like any other.
//!
//! [`parent`] starts this program again with the hidden subcommand `native-probe`, hands it a task over standard input and
//! reads facts, line by line, from a file in a private directory; [`child`] is what runs there; [`library`] calls the library.

pub mod child;
pub mod library;
mod load;
pub mod parent;

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::message::Message;
use crate::probe::load::{LoadReport, TimedLoad};

/// The first line of standard input: which library, and where the facts go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DriverTask {
    /// The library to load.
    pub library: PathBuf,
    /// The file that facts are appended to.
    pub facts: PathBuf,
    /// Libraries to load first: those in the driver's private directory that it needs.
    #[serde(default)]
    pub private: Vec<PathBuf>,
}

/// The second line of standard input: dial. It comes once the driver's version is known to fit. Not `Debug`: it holds the
/// password.
#[derive(Clone, Serialize, Deserialize)]
pub struct DriverLogin {
    /// The host to connect to.
    pub host: String,
    /// Its native port.
    pub port: u16,
    /// The user.
    pub user: String,
    /// The password.
    pub password: String,
    /// The token that replaces user and password.
    pub token: Option<String>,
    /// The database to connect to.
    pub database: Option<String>,
}

/// Every further line of standard input.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DriverOrder {
    /// A statement to run on the open connection.
    Statement {
        /// The statement.
        sql: String,
    },
    /// Load to run on connections that are opened for it.
    Load(TimedLoad),
}

/// A step of the driver.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DriverStage {
    /// The loader maps the library.
    Load,
    /// `taos_init`.
    Init,
    /// `taos_get_client_info`.
    ClientInfo,
    /// `taos_connect`.
    Connect,
    /// `taos_get_server_info`.
    ServerInfo,
    /// `taos_query` and its rows.
    Query,
}

/// One line of the facts file. Each stage's beginning is written before it, so that the last line locates a crash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "snake_case")]
pub enum DriverFact {
    /// A stage begins.
    Begins {
        /// Which.
        stage: DriverStage,
    },
    /// The process cannot start a thread; the number of the system's error.
    Unstarted {
        /// `errno`, if there is one.
        errno: Option<i32>,
    },
    /// The loader refused the library, or it lacks a function; the loader's words.
    Unloadable {
        /// The loader's words.
        words: String,
    },
    /// The driver has started and says its version.
    Ready {
        /// What `taos_get_client_info` gave.
        version: String,
    },
    /// Connected.
    Connected {
        /// What `taos_get_server_info` gave.
        server: String,
    },
    /// The statement's rows: the texts of each row's cells, null where there is none.
    Rows {
        /// The columns' names.
        columns: Vec<String>,
        /// The cells.
        rows: Vec<Vec<Option<String>>>,
    },
    /// What a load came to; what it counted before a call failed, too.
    Loaded {
        /// The figures.
        report: LoadReport,
        /// The driver's error number and words, if a call failed.
        failure: Option<(u32, String)>,
    },
    /// A call failed.
    Failed {
        /// The stage.
        stage: DriverStage,
        /// The driver's error number, with the top bit: 0x80000357.
        code: u32,
        /// The driver's words.
        message: String,
    },
}

impl<T> DriverReply<T> {
    /// The same with its data changed by `with`.
    pub fn map<U>(self, with: impl FnOnce(T) -> U) -> DriverReply<U> {
        match self {
            Self::Data(data) => DriverReply::Data(with(data)),
            Self::Refused { code, message } => DriverReply::Refused { code, message },
            Self::Unstarted(words) => DriverReply::Unstarted(words),
            Self::Unloadable(words) => DriverReply::Unloadable(words),
            Self::Crashed { stage, how } => DriverReply::Crashed { stage, how },
            Self::Hung { stage } => DriverReply::Hung { stage },
        }
    }
}

/// What came of a part of the task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DriverReply<T> {
    /// What was asked for.
    Data(T),
    /// The driver said no.
    Refused {
        /// The driver's error number, with the top bit.
        code: u32,
        /// The driver's words.
        message: String,
    },
    /// This machine did not let the process or a thread of it start; why.
    Unstarted(Message),
    /// The loader refused the library; its words.
    Unloadable(String),
    /// The process ended in this stage; how.
    Crashed {
        /// The stage that had begun.
        stage: DriverStage,
        /// The way in which it ended, behind "the driver's process".
        how: Message,
    },
    /// The stage did not end within the limit.
    Hung {
        /// The stage that had begun.
        stage: DriverStage,
    },
}
