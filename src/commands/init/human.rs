//! What `init` did, for people.

use std::fmt::Write;

use crate::init::InitOutcome;
use crate::output::style::Style;
use crate::project::plan::Action;
use crate::safety::printable::escape_controls;

/// The result: the diff of a dry run, else what was written and how to go on.
pub fn text(outcome: &InitOutcome, style: Style) -> String {
    if let Some(diff) = &outcome.diff {
        return diff.clone();
    }
    let mut text = String::new();
    for (path, action) in &outcome.changes {
        let word = match action {
            Action::Create => style.good("created  "),
            Action::Edit => style.good("edited   "),
            Action::None => style.faint("unchanged"),
        };
        let _ = writeln!(text, "{word} {}", escape_controls(path));
    }
    let dir = outcome.dir.display().to_string();
    let heading = if outcome.run.is_empty() {
        "Build it:"
    } else {
        "Build it and run it:"
    };
    let _ = writeln!(text, "\n{heading}");
    if dir != "." {
        let _ = writeln!(text, "  {}", style.code(format!("cd {}", quoted(&dir))));
    }
    for command in outcome.build.iter().chain(&outcome.run) {
        let _ = writeln!(text, "  {}", style.code(escape_controls(command)));
    }
    for settings in &outcome.settings {
        let _ = writeln!(
            text,
            "\nFor {}, put into {}:",
            settings.title, settings.file
        );
        for line in settings.text.lines() {
            let _ = writeln!(text, "  {}", style.code(escape_controls(line)));
        }
    }
    text
}

/// What goes with it: stale lock files, and notes.
pub fn notes(outcome: &InitOutcome, style: Style) -> String {
    let mut text = String::new();
    let is_pending = |(_, action): &(String, Action)| *action != Action::None;
    if outcome.check && outcome.changes.iter().any(is_pending) {
        let _ = writeln!(
            text,
            "{} the project is not as init would leave it; without --check, init changes it",
            style.warning("note:")
        );
    } else if outcome.differs() {
        let _ = writeln!(
            text,
            "{} the project is as init leaves it, but a lock file is stale; init --lock makes it anew",
            style.warning("note:")
        );
    } else if outcome.diff.as_deref() == Some("") {
        let _ = writeln!(text, "{} nothing would change", style.warning("note:"));
    }
    for lock in &outcome.stale_locks {
        let _ = writeln!(
            text,
            "{} {} no longer matches; refresh it: {}",
            style.warning("note:"),
            lock.file,
            style.code(&lock.refresh)
        );
    }
    for note in &outcome.notes {
        let _ = writeln!(text, "{} {}", style.warning("note:"), escape_controls(note));
    }
    text
}

/// `word` as a shell takes it.
fn quoted(word: &str) -> String {
    let plain = |c: char| {
        c.is_ascii_alphanumeric() || "-_./~+:@,".contains(c) || !c.is_ascii() && c.is_alphanumeric()
    };
    if !word.starts_with(['-', '~']) && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", escape_controls(word).replace('\'', "'\\''"))
    }
}
