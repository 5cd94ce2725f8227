//! SystemChangeKind was, or would be, done for every user of the machine.

use crate::install::{Placement, SystemChange, SystemChangeKind, SystemRemoval};
use crate::output::style::Style;
use crate::safety::printable::{escape_controls, printable};
use crate::store::System;

/// SystemChangeKind `install --system` did, for stdout and stderr.
pub(super) fn placement(placement: &Placement, style: Style) -> (String, String) {
    let version = style.strong(placement.receipt.version);
    let ok = style.good("ok");
    let mut stdout = if placement.changes.is_empty() {
        format!("{ok} already installed for all users: client {version}\n")
    } else {
        format!("{ok} installed client {version} for all users\n")
    };
    let placed = count(&placement.changes, |what| {
        !matches!(
            what,
            SystemChangeKind::MovedAway(_)
                | SystemChangeKind::Removed
                | SystemChangeKind::Pointed(_)
        )
    });
    if placed > 0 {
        stdout.push_str(&format!(
            "  placed    {placed} files and links in /usr/local and /etc/taos\n"
        ));
    }
    let removed = count(&placement.changes, |what| {
        *what == SystemChangeKind::Removed
    });
    if removed > 0 {
        stdout.push_str(&format!("  removed   {removed} of another version\n"));
    }
    if count(&placement.changes, |what| {
        matches!(what, SystemChangeKind::Pointed(_))
    }) > 0
    {
        stdout.push_str("  firstEp   set in /etc/taos/taos.cfg\n");
    }
    for change in &placement.changes {
        stdout.push_str(&moved(change));
    }
    stdout.push_str(&format!(
        "  from      {}\n  sha256    {}\n  verified  {}\n",
        printable(&placement.receipt.source),
        placement.receipt.sha256,
        placement.receipt.verified,
    ));
    (stdout, notes(&placement.notes))
}

/// SystemChangeKind `install --system --dry-run` would do: each path.
pub(super) fn preview(changes: Option<&[SystemChange]>) -> String {
    let Some(changes) = changes else {
        return "  system    its files are known once the package is here: they go to /usr/local/lib, include and bin, and /etc/taos\n"
            .to_owned();
    };
    if changes.is_empty() {
        return "  system    nothing would change for all users\n".to_owned();
    }
    let mut text = String::new();
    for change in changes {
        let word = match change.what {
            SystemChangeKind::Placed => "place",
            SystemChangeKind::Replaced => "renew",
            SystemChangeKind::BackedUp(_) => "replace",
            SystemChangeKind::MovedAway(_) => "move",
            SystemChangeKind::Pointed(_) => "firstEp",
            SystemChangeKind::Removed => "remove",
        };
        text.push_str(&format!("  {word:<8}  {}", escape_controls(&change.path)));
        if let Some(to) = kept(change) {
            text.push_str(&format!(" (what is there goes to {to})"));
        }
        text.push('\n');
    }
    text
}

/// SystemChangeKind `uninstall --system` did, for stdout and stderr.
pub fn uninstall_system(removal: &SystemRemoval, style: Style) -> (String, String) {
    let mut stdout = format!(
        "{} uninstalled client {} for all users: {} files and links\n",
        style.good("ok"),
        style.strong(removal.receipt.version),
        removal.removed
    );
    let mut lines = |word: &str, paths: &[String], why: &str| {
        for path in paths {
            stdout.push_str(&format!("  {word:<8}  {}{why}\n", escape_controls(path)));
        }
    };
    lines("restored", &removal.restored, "");
    lines("kept", &removal.kept, " (changed since)");
    lines("backup", &removal.backups, " (its place is taken)");
    (stdout, notes(&removal.notes))
}

fn moved(change: &SystemChange) -> String {
    match kept(change) {
        Some(to) => format!("  kept      {} in {to}\n", escape_controls(&change.path)),
        None => String::new(),
    }
}

/// Where what was there is kept.
fn kept(change: &SystemChange) -> Option<String> {
    match &change.what {
        SystemChangeKind::BackedUp(name)
        | SystemChangeKind::MovedAway(name)
        | SystemChangeKind::Pointed(Some(name)) => {
            let backups = System::of_this_machine().backup_dir();
            Some(escape_controls(&backups.join(name).to_string_lossy()))
        }
        _ => None,
    }
}

fn count(changes: &[SystemChange], admits: impl Fn(&SystemChangeKind) -> bool) -> usize {
    changes.iter().filter(|change| admits(&change.what)).count()
}

fn notes(notes: &[String]) -> String {
    notes
        .iter()
        .map(|note| format!("note: {}\n", escape_controls(note)))
        .collect()
}
