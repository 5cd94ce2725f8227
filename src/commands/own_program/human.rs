//! Text form of `taos-setup self`.

use crate::commands::client_texts::success;
use crate::message::message;
use crate::output::layout::{next, note};
use crate::output::{HumanOptions, HumanText};
use crate::own_program::uninstall::OwnRemoval;
use crate::own_program::update::{OwnUpdate, OwnUpdateOutcome};
use crate::safety::printable::printable_path;

/// Renders what was found or done.
pub(super) fn updated(update: &OwnUpdate, options: &HumanOptions) -> HumanText {
    let path = printable_path(&update.program);
    let mut stderr = String::new();
    let stdout = match update.outcome {
        OwnUpdateOutcome::Current => success(
            &message!("self-current", version = update.version, path = path),
            options,
        ),
        OwnUpdateOutcome::Replaced => success(
            &message!(
                "self-updated",
                before = update.before,
                version = update.version,
                path = path
            ),
            options,
        ),
        OwnUpdateOutcome::Available => {
            stderr = next(&["taos-setup self update".to_owned()], options);
            let text = message!(
                "self-available",
                before = update.before,
                version = update.version
            );
            format!("{}\n", text.text(options.locale))
        }
        OwnUpdateOutcome::Planned => {
            let digest = update.sha256.map(|it| it.to_string());
            let text = message!(
                "self-planned",
                archive = update.archive,
                digest = digest.unwrap_or_default(),
                path = path,
                before = update.before,
                version = update.version
            );
            format!("{}\n", text.text(options.locale))
        }
    };
    HumanText { stdout, stderr }
}

/// Renders what was deleted.
pub(super) fn removed(removal: &OwnRemoval, options: &HumanOptions) -> HumanText {
    let program = printable_path(&removal.program);
    let receipt = printable_path(&removal.receipt);
    if removal.is_dry_run {
        let text = message!("self-would-delete", program = program, receipt = receipt);
        return HumanText {
            stdout: format!("{}\n", text.text(options.locale)),
            stderr: String::new(),
        };
    }
    let left = removal.left.as_ref().map(|left| {
        let text = message!("self-left", path = printable_path(left));
        note(&text, options)
    });
    HumanText {
        stdout: success(&message!("self-deleted", program = program), options),
        stderr: left.unwrap_or_default(),
    }
}
