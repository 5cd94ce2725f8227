//! What was seen of a connector that a program of its language used.

use super::transport_checks::CheckResult;
use crate::diagnose::{FindingCause, Status};
use crate::dsn::Transport;

/// The check of one connector.
#[derive(Clone, Debug)]
pub struct ConnectorChecks {
    /// The language, as `--lang` takes it.
    pub language: &'static str,
    /// The language in prose.
    pub title: String,
    /// The tool that built the program.
    pub tool: String,
    /// The connector, as its registry names it.
    pub package: String,
    /// Its version; safe to show.
    pub version: String,
    /// The file that pins it; empty if none does.
    pub file: String,
    /// The transport; `None` if none of the connector's works.
    pub transport: Option<Transport>,
    /// Milliseconds that the build took; `None` if there was nothing to build.
    pub build_ms: Option<u64>,
    /// The server's version, as the program printed it; safe to show.
    pub server_version: Option<String>,
    /// The check.
    pub result: CheckResult,
}

impl ConnectorChecks {
    /// Changes every text from outside by `change`; the connector's own name is public.
    pub fn map_texts(&mut self, change: &impl Fn(&str) -> String) {
        let judgement = self.result.judgement.clone();
        self.result.judgement = judgement.map_texts(change);
        self.file = change(&self.file);
        self.server_version = self.server_version.as_deref().map(change);
    }

    /// Returns how it ended.
    pub fn status(&self) -> Status {
        self.result.judgement.status
    }

    /// Returns the reason why it is not as it should be.
    pub fn cause(&self) -> Option<&FindingCause> {
        self.result.judgement.cause.as_ref()
    }
}
