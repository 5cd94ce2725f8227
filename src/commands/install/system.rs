//! Text form of `taos-setup install --system`.

use std::path::Path;

use crate::commands::client_texts::success;
use crate::install::{Placement, SystemChange, SystemChangeKind, SystemPreview};
use crate::message::locale::Locale;
use crate::message::{Message, message};
use crate::output::layout::{fields, note};
use crate::output::{HumanOptions, HumanText};
use crate::safety::printable::{escape_controls, printable, printable_path};

/// Renders what was placed for all users.
pub(super) fn placement(placement: &Placement, options: &HumanOptions) -> HumanText {
    let version = options.stdout.strong(placement.receipt.version);
    let text = match placement.changes.is_empty() {
        true => message!("install-system-present", version = version),
        false => message!("install-system-done", version = version),
    };
    let count = |admits: &dyn Fn(&SystemChangeKind) -> bool| {
        let changes = placement.changes.iter();
        changes.filter(|change| admits(&change.what)).count()
    };
    let mut lines: Vec<(Message, Message)> = Vec::new();
    let placed = count(&is_placed);
    if placed > 0 {
        let text = message!("install-system-placed", count = placed);
        lines.push((message!("install-label-placed"), text));
    }
    let removed = count(&|what| *what == SystemChangeKind::Removed);
    if removed > 0 {
        let text = message!("install-system-removed", count = removed);
        lines.push((message!("install-label-removed"), text));
    }
    if count(&|what| matches!(what, SystemChangeKind::Pointed(_))) > 0 {
        let text = message!("install-system-first-ep");
        lines.push((message!("install-label-first-ep"), text));
    }
    for change in &placement.changes {
        if let Some(backup) = backup(change) {
            let text = message!(
                "install-system-kept",
                path = escape_controls(&change.path),
                backup = printable_path(backup)
            );
            lines.push((message!("output-label-kept"), text));
        }
    }
    let receipt = &placement.receipt;
    lines.extend([
        (
            message!("install-label-from"),
            Message::quoted(printable(&receipt.source)),
        ),
        (
            message!("install-label-sha256"),
            Message::quoted(receipt.sha256.to_string()),
        ),
        (
            message!("install-label-verified"),
            Message::quoted(receipt.verified.to_string()),
        ),
    ]);
    let lines: Vec<(Message, String)> = lines
        .into_iter()
        .map(|(label, text)| (label, text.text(options.locale)))
        .collect();
    let notes = placement.notes.iter().map(|it| note(it, options));
    HumanText {
        stdout: success(&text, options) + &fields(&lines, options.locale),
        stderr: notes.collect(),
    }
}

/// Describes the changes of a dry run, one line a path.
pub(super) fn preview(preview: &SystemPreview, locale: Locale) -> Vec<(Message, String)> {
    let label = || message!("install-label-system");
    let Some(changes) = &preview.changes else {
        let text = message!("install-system-unknown").text(locale);
        return vec![(label(), text)];
    };
    if changes.is_empty() {
        let text = message!("install-system-unchanged").text(locale);
        return vec![(label(), text)];
    }
    let lines = changes.iter().map(|change| {
        let label = match change.what {
            SystemChangeKind::Placed => message!("install-label-place"),
            SystemChangeKind::Replaced => message!("install-label-renew"),
            SystemChangeKind::BackedUp(_) => message!("install-label-replace"),
            SystemChangeKind::MovedAway(_) => message!("install-label-move"),
            SystemChangeKind::Pointed(_) => message!("install-label-first-ep"),
            SystemChangeKind::Removed => message!("install-label-remove"),
        };
        let path = escape_controls(&change.path);
        let text = match backup(change) {
            Some(backup) => message!(
                "install-system-would-keep",
                path = path,
                backup = printable_path(backup)
            ),
            None => Message::quoted(path),
        };
        (label, text.text(locale))
    });
    lines.collect()
}

fn is_placed(what: &SystemChangeKind) -> bool {
    match what {
        SystemChangeKind::Placed | SystemChangeKind::Replaced | SystemChangeKind::BackedUp(_) => {
            true
        }
        SystemChangeKind::MovedAway(_)
        | SystemChangeKind::Pointed(_)
        | SystemChangeKind::Removed => false,
    }
}

/// The path of the previous content.
fn backup(change: &SystemChange) -> Option<&Path> {
    match &change.what {
        SystemChangeKind::BackedUp(backup)
        | SystemChangeKind::MovedAway(backup)
        | SystemChangeKind::Pointed(Some(backup)) => Some(backup),
        SystemChangeKind::Placed
        | SystemChangeKind::Replaced
        | SystemChangeKind::Pointed(None)
        | SystemChangeKind::Removed => None,
    }
}
