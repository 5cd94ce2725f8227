//! The connector of a project, as a program of its language used it.

use std::time::Duration;

use crate::diagnose::{Id, Judgement};
use crate::dsn::Transport;
use crate::message::{Message, message};

/// Why the program did not get its row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConnectorFault {
    /// A compiler, a runtime, or a tool is missing.
    Toolchain,
    /// The registry does not answer.
    Registry,
    /// The registry does not have the version, or the project's files name none that can be used.
    Version,
    /// The program does not compile.
    Build,
    /// The build did not end within the limit.
    BuildTimeout(Duration),
    /// The connector, or a library that it needs, cannot be loaded.
    Load,
    /// The program ended by a signal.
    Crash,
    /// The server, or the connector itself, refused.
    Refusal,
    /// The program did not end within the limit.
    Timeout(Duration),
    /// The row is another one.
    Rows,
}

/// A connector with a fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConnectorTrouble {
    /// What is wrong.
    pub fault: ConnectorFault,
    /// The language in prose.
    pub language: String,
    /// The connector, as its registry names it.
    pub package: String,
    /// Its version.
    pub version: String,
    /// The file that pins it; empty if none does.
    pub file: String,
    /// The transport.
    pub transport: Transport,
    /// The program that is missing.
    pub program: String,
    /// The command that failed; it can be pasted.
    pub command: String,
    /// What was printed about it: one line.
    pub words: String,
    /// What `explain` knows about it: the cause and the fix, in the language of the run.
    pub explained: Option<(String, String)>,
}

/// Judges `trouble`.
pub fn judged(trouble: &ConnectorTrouble) -> Judgement {
    let id = match trouble.fault {
        ConnectorFault::Toolchain => Id::ConnectorToolchainMissing,
        ConnectorFault::Registry => Id::ConnectorRegistryUnreachable,
        ConnectorFault::Version => Id::ConnectorVersionMissing,
        ConnectorFault::Build => Id::ConnectorBuildFailed,
        ConnectorFault::BuildTimeout(_) => Id::ConnectorBuildTimeout,
        ConnectorFault::Load => Id::ConnectorUnloadable,
        ConnectorFault::Crash => Id::ConnectorCrashed,
        ConnectorFault::Refusal => Id::ConnectorRefused,
        ConnectorFault::Timeout(_) => Id::ConnectorHung,
        ConnectorFault::Rows => Id::ConnectorWrongRows,
    };
    let limit = match trouble.fault {
        ConnectorFault::BuildTimeout(limit) | ConnectorFault::Timeout(limit) => {
            format!("{} s", limit.as_secs_f64())
        }
        ConnectorFault::Toolchain
        | ConnectorFault::Registry
        | ConnectorFault::Version
        | ConnectorFault::Build
        | ConnectorFault::Load
        | ConnectorFault::Crash
        | ConnectorFault::Refusal
        | ConnectorFault::Rows => String::new(),
    };
    let observed = match trouble.fault {
        ConnectorFault::Toolchain if trouble.words.is_empty() => {
            message!("application-program-missing", program = trouble.program)
        }
        ConnectorFault::BuildTimeout(_) | ConnectorFault::Timeout(_) => message!(
            "application-time-out",
            command = trouble.command,
            limit = limit,
            words = trouble.words
        ),
        ConnectorFault::Toolchain
        | ConnectorFault::Registry
        | ConnectorFault::Version
        | ConnectorFault::Build
        | ConnectorFault::Load
        | ConnectorFault::Crash
        | ConnectorFault::Refusal
        | ConnectorFault::Rows => Message::quoted(trouble.words.as_str()),
    };
    let (cause, fix) = trouble.explained.clone().unwrap_or_default();
    Judgement::failed(id, observed)
        .expecting(expected(
            &trouble.package,
            &trouble.version,
            trouble.transport,
        ))
        .with("language", &trouble.language)
        .with("package", &trouble.package)
        .with("pinned", &trouble.version)
        .with("file", &trouble.file)
        .with("transport", trouble.transport)
        .with("program", &trouble.program)
        .with("command", &trouble.command)
        .with("limit", limit)
        .with("explained", cause)
        .with("remedy", fix)
}

/// What a connector that works shows.
pub fn expected(package: &str, version: &str, transport: Transport) -> Message {
    message!(
        "application-expected",
        named = format!("{package} {version}").trim_end(),
        transport = transport
    )
}
