//! Text form of `taos-setup uninstall`.

use crate::clients::uninstall::UninstallOutcome;
use crate::commands::client_texts::{self, success};
use crate::install::SystemRemoval;
use crate::message::{Message, message};
use crate::output::layout::{fields, note};
use crate::output::{HumanOptions, HumanText};
use crate::safety::printable::{escape_controls, printable_path};
use crate::store::Kept;

/// Kept files that are listed; further ones are counted.
const LISTED: usize = 20;

/// Renders what was removed and kept; notes say where kept files are, and which client is current now.
pub(super) fn render(outcome: &UninstallOutcome, options: &HumanOptions) -> HumanText {
    let mut text = HumanText::default();
    for (client, removal) in &outcome.removed {
        let done = message!(
            "uninstall-done",
            client = client_texts::client(client, options),
            count = removal.removed
        );
        text.stdout.push_str(&success(&done, options));
        let listed = removal.kept.iter().take(LISTED);
        let mut kept: Vec<Message> = listed
            .map(|(path, reason)| {
                let path = escape_controls(path);
                match reason {
                    Kept::Added => message!("uninstall-kept-added", path = path),
                    Kept::Changed => message!("uninstall-kept-changed", path = path),
                }
            })
            .collect();
        let more = removal.kept.len().saturating_sub(LISTED);
        if more > 0 {
            kept.push(message!("uninstall-kept-more", count = more));
        }
        let label = || message!("output-label-kept");
        text.stdout.push_str(&labeled(label, &kept, options));
        if !removal.kept.is_empty() {
            let prefix = printable_path(&client.prefix);
            let kept = message!("uninstall-kept-note", prefix = prefix);
            text.stderr.push_str(&note(&kept, options));
        }
    }
    if outcome.has_moved {
        let current = match &outcome.current {
            Some(current) => message!("uninstall-current", version = current.version),
            None => message!("uninstall-no-current"),
        };
        text.stderr.push_str(&note(&current, options));
    }
    text
}

/// Renders the removal of the client for all users.
pub(super) fn render_system(removal: &SystemRemoval, options: &HumanOptions) -> HumanText {
    let done = message!(
        "uninstall-system-done",
        version = options.stdout.strong(removal.receipt.version),
        count = removal.removed
    );
    let paths = |paths: &[String], describe: &dyn Fn(String) -> Message| -> Vec<Message> {
        let paths = paths.iter().map(|path| escape_controls(path));
        paths.map(describe).collect()
    };
    let restored = paths(&removal.restored, &Message::quoted);
    let kept = paths(&removal.kept, &|path| {
        message!("uninstall-kept-changed", path = path)
    });
    let backups = paths(&removal.backups, &|path| {
        message!("uninstall-backup-blocked", path = path)
    });
    let stdout = [
        success(&done, options),
        labeled(|| message!("uninstall-label-restored"), &restored, options),
        labeled(|| message!("output-label-kept"), &kept, options),
        labeled(|| message!("uninstall-label-backup"), &backups, options),
    ];
    let notes = removal.notes.iter().map(|it| note(it, options));
    HumanText {
        stdout: stdout.concat(),
        stderr: notes.collect(),
    }
}

fn labeled(label: impl Fn() -> Message, values: &[Message], options: &HumanOptions) -> String {
    let lines: Vec<(Message, String)> = values
        .iter()
        .map(|value| (label(), value.text(options.locale)))
        .collect();
    fields(&lines, options.locale)
}
