//! Repairs that are safe: they change only what belongs to this program and to this user, need no root, and are done whole or not at
//! all. Everything else is printed as a fix.

mod log_directory;
mod store_config;
mod store_links;

use super::CheckOutcome;
use super::check_name::CheckName;
use super::machine_facts::MachineFacts;
use crate::diagnose::Status;
use crate::error::Result;
use crate::message::{Message, message};
use crate::system::events::EventSink;

/// What is done about faults that can be repaired.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RepairMode {
    /// Nothing.
    Report,
    /// What would be done is reported.
    Plan,
    /// It is done.
    Apply,
}

/// A repair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RepairName {
    /// Links of installed clients are put back.
    StoreLinks,
    /// The log directory of the store's clients is made, or made writable for its owner.
    LogDirectory,
    /// The log directory in the taos.cfg of the store's client is set to the store's.
    StoreConfig,
}

impl RepairName {
    /// All repairs, in the order in which they are done.
    pub const ALL: [Self; 3] = [Self::StoreLinks, Self::LogDirectory, Self::StoreConfig];

    /// The word for it in reports and JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::StoreLinks => "store-links",
            Self::LogDirectory => "log-directory",
            Self::StoreConfig => "store-config",
        }
    }

    /// What it does, one phrase.
    pub fn about(self) -> Message {
        match self {
            Self::StoreLinks => message!("doctor-repair-store-links"),
            Self::LogDirectory => message!("doctor-repair-log-directory"),
            Self::StoreConfig => message!("doctor-repair-store-config"),
        }
    }

    /// The check that finds what it repairs.
    pub const fn check(self) -> CheckName {
        match self {
            Self::StoreLinks => CheckName::Store,
            Self::LogDirectory | Self::StoreConfig => CheckName::Directories,
        }
    }
}

/// How a repair ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RepairState {
    /// It would be done.
    Planned,
    /// It is done.
    Done,
    /// It could not be done, and nothing has changed; why.
    Failed(Message),
}

/// A repair, its steps, and how it ended.
#[derive(Clone, Debug)]
pub struct RepairResult {
    /// The repair.
    pub name: RepairName,
    /// What it changes, a line each.
    pub steps: Vec<Message>,
    /// How it ended.
    pub state: RepairState,
}

impl RepairResult {
    /// Whether something has changed.
    pub fn is_done(&self) -> bool {
        self.state == RepairState::Done
    }
}

/// Plans or does the repairs of what `checks` found.
///
/// # Errors
/// Those of reading the store.
pub(super) fn run(
    facts: &MachineFacts,
    checks: &[CheckOutcome],
    mode: &RepairMode,
    events: &EventSink,
) -> Result<Vec<RepairResult>> {
    let mut results = Vec::new();
    for name in RepairName::ALL {
        let is_needed = checks.iter().any(|outcome| {
            outcome.check == name.check() && outcome.report.status() == Status::Failed
        });
        let steps = match (is_needed, name) {
            (false, _) => Vec::new(),
            (true, RepairName::StoreLinks) => store_links::plan(facts)?,
            (true, RepairName::LogDirectory) => log_directory::plan(facts),
            (true, RepairName::StoreConfig) => store_config::plan(facts),
        };
        if steps.is_empty() {
            continue;
        }
        let state = match mode {
            RepairMode::Report | RepairMode::Plan => RepairState::Planned,
            RepairMode::Apply => {
                let applied = match name {
                    RepairName::StoreLinks => store_links::apply(facts, events),
                    RepairName::LogDirectory => log_directory::apply(facts),
                    RepairName::StoreConfig => store_config::apply(facts, events),
                };
                match applied {
                    Ok(()) => RepairState::Done,
                    Err(error) => RepairState::Failed(message!(
                        "doctor-error",
                        tried = error.tried,
                        observed = error.observed
                    )),
                }
            }
        };
        results.push(RepairResult { name, steps, state });
    }
    Ok(results)
}
