//! Text form of `taos-setup sync`.

use crate::commands::client_texts::{client, success};
use crate::commands::lock::describe_change;
use crate::message::message;
use crate::output::layout::{next, note};
use crate::output::{HumanOptions, HumanText};
use crate::project::plan::Action;
use crate::safety::printable::escape_controls;
use crate::sync::{ClientState, SyncOutcome};

/// Renders what was done, or would be; stale lock files and notes on stderr.
pub(super) fn render(outcome: &SyncOutcome, options: &HumanOptions) -> HumanText {
    let (locale, check) = (options.locale, outcome.check);
    let mut text = HumanText::default();
    for change in &outcome.added {
        text.stdout.push_str(&describe_change(change, options));
    }
    if let Some((locked, state)) = &outcome.client {
        let name = client(locked, options);
        let line = match state {
            ClientState::Ready => None,
            ClientState::NotCurrent => Some(message!("sync-would-use", client = name)),
            ClientState::Missing => Some(message!("sync-would-install", client = name)),
            ClientState::Installed => Some(message!("sync-installed", client = name)),
            ClientState::Selected => Some(message!("sync-selected", client = name)),
        };
        if let Some(line) = line {
            text.stdout.push_str(&format!("{}\n", line.text(locale)));
        }
    }
    for project in &outcome.projects {
        let connector = &project.connector;
        for (path, action) in &project.changes {
            let path = escape_controls(path);
            let (package, version) = (&connector.package, &connector.version);
            let line = match (action, check) {
                (Action::None, _) => continue,
                (Action::Create, true) => message!("sync-would-create", path = path),
                (Action::Create, false) => message!("sync-created", path = path),
                (Action::Edit, true) => message!(
                    "sync-would-edit",
                    path = path,
                    package = package,
                    version = version
                ),
                (Action::Edit, false) => message!(
                    "sync-edited",
                    path = path,
                    package = package,
                    version = version
                ),
            };
            text.stdout.push_str(&format!("{}\n", line.text(locale)));
        }
    }
    let mut commands = Vec::new();
    for stale in outcome.projects.iter().flat_map(|it| &it.stale_locks) {
        let file = escape_controls(&stale.file);
        text.stderr
            .push_str(&note(&message!("sync-stale-lock", file = file), options));
        commands.push(stale.refresh.clone());
    }
    for said in &outcome.notes {
        text.stderr.push_str(&note(said, options));
    }
    if check && outcome.differs() {
        let is_only_stale = text.stdout.is_empty() && outcome.notes.is_empty();
        if !is_only_stale {
            commands.insert(0, "taos-setup sync".to_owned());
        }
        text.stderr
            .push_str(&note(&message!("sync-check-differs"), options));
    }
    if !commands.is_empty() {
        text.stderr.push_str(&next(&commands, options));
    }
    if !(check && outcome.differs()) {
        text.stdout
            .push_str(&success(&message!("sync-done"), options));
    }
    text
}
