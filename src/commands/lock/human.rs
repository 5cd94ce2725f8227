//! Text form of `taos-setup lock`.

use crate::commands::client_texts::success;
use crate::message::{Message, message};
use crate::output::layout::{next, note};
use crate::output::{HumanOptions, HumanText};
use crate::project::plan::Action;
use crate::safety::printable::escape_controls;
use crate::sync::{LockChange, LockEntry, LockOutcome};

/// Renders one line for each entry that changes, and the result; differences and notes on stderr.
pub(super) fn render(outcome: &LockOutcome, options: &HumanOptions) -> HumanText {
    let mut text = HumanText::default();
    for change in &outcome.changes {
        text.stdout.push_str(&describe_change(change, options));
    }
    for said in &outcome.notes {
        text.stderr.push_str(&note(said, options));
    }
    for gap in &outcome.gaps {
        text.stderr.push_str(&note(&gap.describe(), options));
    }
    if outcome.check {
        if outcome.differs() {
            if outcome.gaps.is_empty() {
                text.stderr
                    .push_str(&note(&message!("lock-check-differs"), options));
            }
            let command = "taos-setup lock".to_owned();
            text.stderr.push_str(&next(&[command], options));
        } else {
            text.stdout
                .push_str(&success(&message!("lock-current"), options));
        }
        return text;
    }
    if outcome.files.is_empty() {
        text.stdout
            .push_str(&success(&message!("lock-current"), options));
    }
    for (path, action) in &outcome.files {
        let path = escape_controls(path);
        let line = match action {
            Action::Create => message!("lock-created", path = path),
            Action::Edit => message!("lock-updated", path = path),
            Action::None => continue,
        };
        text.stdout.push_str(&success(&line, options));
    }
    text
}

/// Renders a line for an entry that is added, changed, or removed.
pub fn describe_change(change: &LockChange, options: &HumanOptions) -> String {
    let entry = match &change.entry {
        LockEntry::Server => message!("lock-entry-server"),
        LockEntry::Client(platform) => message!("lock-entry-client", platform = platform),
        LockEntry::Connector(dir, lang, transport) => {
            Message::quoted(escape_controls(&format!("{dir} ({lang}, {transport})")))
        }
    };
    let entry = entry.text(options.locale);
    let style = &options.stdout;
    match (&change.before, &change.after) {
        (None, Some(after)) => format!("{} {entry}: {after}\n", style.good("+")),
        (Some(before), None) => format!("{} {entry}: {before}\n", style.bad("-")),
        (Some(before), Some(after)) => {
            format!("{} {entry}: {before} -> {after}\n", style.warning("~"))
        }
        (None, None) => String::new(),
    }
}
