//! A connector that a project pins, and what is known of it.

use std::borrow::Cow;

use crate::diagnose::{Id, Judgement};
use crate::dsn::Transport;
use crate::message::{Message, message};
use crate::tdengine::version::Version;

/// What is wrong with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PinFault {
    /// It refuses servers before this one.
    TooNew(Version),
    /// The server has left it behind.
    TooOld,
    /// It does not work.
    Broken,
    /// It is no longer kept up.
    Deprecated,
}

/// A pinned connector with a fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PinTrouble {
    /// The package, as its registry names it.
    pub package: String,
    /// The pinned version, as it is written.
    pub version: String,
    /// The file that pins it.
    pub file: Cow<'static, str>,
    /// The server that was met.
    pub server: Version,
    /// The transport over which it matters.
    pub transport: Transport,
    /// The file in which people change that.
    pub manifest: Cow<'static, str>,
    /// What is wrong.
    pub fault: PinFault,
    /// Why, as a sentence.
    pub why: Message,
    /// It is no more than advice.
    pub advice: bool,
    /// What to take instead, in words and as the line or command that does it; `None` where nothing is known.
    pub take: Option<(String, String)>,
}

/// Judges `trouble`.
pub fn pinned(trouble: &PinTrouble) -> Judgement {
    let PinTrouble {
        package,
        version,
        file,
        server,
        transport,
        ..
    } = trouble;
    let named = format!("{package} {version}").trim_end().to_owned();
    let (id, wanted) = match trouble.fault {
        PinFault::TooNew(needs) if trouble.take.is_none() => (Id::ServerTooOld, needs.to_string()),
        PinFault::TooNew(needs) => (Id::ConnectorTooNew, needs.to_string()),
        PinFault::TooOld => (Id::ConnectorTooOld, String::new()),
        PinFault::Broken => (Id::ConnectorBroken, String::new()),
        PinFault::Deprecated => (Id::ConnectorDeprecated, String::new()),
    };
    let (take, edit) = trouble.take.clone().unwrap_or_default();
    let expected = if take.is_empty() {
        message!(
            "verify-connector-expected",
            server = server,
            transport = transport
        )
    } else {
        Message::quoted(take.as_str())
    };
    Judgement::failed(
        id,
        message!(
            "verify-connector-observed",
            file = file,
            named = named,
            server = server,
            transport = transport
        ),
    )
    .expecting(expected)
    .with("package", package)
    .with("pinned", version)
    .with("file", file)
    .with_message("why", trouble.why.clone())
    .with("manifest", &trouble.manifest)
    .with("transport", transport)
    .with("wanted", wanted)
    .with("take", take)
    .with("edit", edit)
}
