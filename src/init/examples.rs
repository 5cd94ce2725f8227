//! The examples that a project gets beside `basic`, or the reason why it cannot have one.

use super::connector::WantedConnection;
use crate::catalog::connectors::Choice;
use crate::catalog::endings::Endings;
use crate::error::{Error, ErrorId, Result};
use crate::message::{Message, message};
use crate::project::example::{BASIC, ExampleTemplate};
use crate::project::language::ProjectLanguage;
use crate::tdengine::version::Version;

/// The examples of `asked` beside `basic`, each once.
pub(super) fn beside_basic(asked: &[String]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for name in asked {
        if name != BASIC && !names.contains(name) {
            names.push(name.clone());
        }
    }
    names
}

/// The parts of the connector's package that a project with the examples `names` needs: `usual`, and theirs.
pub(super) fn parts(language: &ProjectLanguage, usual: &[String], names: &[String]) -> Vec<String> {
    let examples = names.iter().filter_map(|name| language.examples.get(name));
    let theirs = examples.flat_map(|example| &example.parts);
    usual.iter().chain(theirs).cloned().collect()
}

/// Refuses an example of `names` that `wanted` cannot run, or that the release `choice` cannot.
///
/// # Errors
/// `transport-unsupported` with the reason and what runs it.
pub(super) fn check(
    wanted: &WantedConnection,
    choice: &Choice,
    server: Option<Version>,
    names: &[String],
) -> Result<()> {
    for name in names {
        let Some(reason) = refusal(wanted, choice, server, name) else {
            continue;
        };
        return Err(Error::new(
            ErrorId::TransportUnsupported,
            message!(
                "init-example-over",
                example = name,
                language = wanted.language.title,
                transport = wanted.transport.localized_title()
            ),
            reason,
            alternatives(wanted, server, name),
        ));
    }
    Ok(())
}

/// Why `wanted` cannot run the example `name`.
fn refusal(
    wanted: &WantedConnection,
    choice: &Choice,
    server: Option<Version>,
    name: &str,
) -> Option<Message> {
    let Some(example) = wanted.language.examples.get(name) else {
        return Some(message!(
            "init-example-missing",
            language = wanted.language.title,
            example = name
        ));
    };
    if let Some(reason) = example.refused.get(wanted.transport.as_str()) {
        return Some(reason.clone().into());
    }
    if wanted.cloud
        && let Some(reason) = example.refused.get("cloud")
    {
        return Some(reason.clone().into());
    }
    if let (Some(oldest), Some(server)) = (example.server, server)
        && server < oldest
    {
        return Some(message!(
            "init-example-server",
            oldest = oldest,
            server = server
        ));
    }
    let feature = example.feature.get(wanted.transport.as_str())?;
    if choice.features.contains(feature) {
        return None;
    }
    let reason = example.without_feature.clone().map(Message::from);
    Some(message!(
        "init-example-release",
        package = choice.package,
        version = choice.version,
        reason = reason.unwrap_or_default()
    ))
}

/// The commands that set up the example over another transport: none that the vendor ends, and for a server none whose release might lack
/// a feature.
fn alternatives(wanted: &WantedConnection, server: Option<Version>, name: &str) -> Message {
    let language = wanted.language;
    let has_server = |example: &ExampleTemplate| match (example.server, server) {
        (Some(oldest), Some(server)) => server >= oldest,
        (None, _) | (_, None) => true,
    };
    let lasts = |transport: &str| {
        let ending = |transport| Endings::built_in().of(language.id, transport);
        transport.parse().ok().and_then(ending).is_none()
    };
    let runs = |example: &ExampleTemplate, transport: &str| {
        example.template.is_some()
            && has_server(example)
            && !example.refused.contains_key(transport)
            && (server.is_none() || !example.feature.contains_key(transport))
            && lasts(transport)
    };
    let example = language.examples.get(name);
    let transports = language.uses.keys().filter(|transport| {
        **transport != wanted.transport.as_str() && example.is_some_and(|it| runs(it, transport))
    });
    let lines: Vec<_> = transports
        .map(|transport| {
            let id = language.id;
            Message::quoted(format!(
                "taos-setup init --lang {id} --transport {transport} --example {name}"
            ))
        })
        .collect();
    if lines.is_empty() {
        message!("init-omit", option = format!("--example {name}"))
    } else {
        Message::joined(lines, "\n")
    }
}
