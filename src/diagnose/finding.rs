//! A finding: one cause that was seen, and the fix.

use serde::{Deserialize, Serialize, Serializer};

use super::{CauseKind, Id};
use crate::dsn::Transport;

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing; nothing is wrong.
    Note,
    /// It works now, and may not for someone else or later.
    Warning,
    /// It does not work.
    Error,
}

/// One cause, as JSON tells it; every text is safe to print.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The stable id, a key of `manifests/findings.toml`.
    #[serde(serialize_with = "as_word")]
    pub id: Id,
    /// How much it matters.
    pub severity: Severity,
    /// The target that it was seen on, as the user named it.
    pub target: String,
    /// The transports that share this cause.
    pub transports: Vec<Transport>,
    /// The check on which the first of them stopped, by its name.
    #[serde(rename = "rung")]
    pub check: &'static str,
    /// The kinds of its cause, each once.
    #[serde(skip)]
    pub kinds: Vec<CauseKind>,
    /// The verdict, one sentence.
    pub summary: String,
    /// What was seen.
    pub observed: String,
    /// What a healthy server would have shown.
    pub expected: String,
    /// Why this happens.
    pub cause: String,
    /// What to do; a command or a line to paste where there is one.
    pub fix: String,
    /// Where to read more.
    pub docs: String,
}

fn as_word<S: Serializer>(id: &Id, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(id.as_str())
}
