//! What `init` did, for people.

use std::fmt::Write;

use crate::init::InitOutcome;
use crate::message::locale::Locale;
use crate::message::{Message, message};
use crate::output::style::Style;
use crate::output::{HumanOptions, layout};
use crate::project::plan::Action;
use crate::safety::printable::escape_controls;

/// The result: the diff of a dry run, else the written files and the next commands.
pub fn text(outcome: &InitOutcome, style: Style, locale: Locale) -> String {
    if let Some(diff) = &outcome.diff {
        return diff.clone();
    }
    let mut text = String::new();
    for (path, action) in &outcome.changes {
        let word = match action {
            Action::Create => style.good(message!("init-created").text(locale)),
            Action::Edit => style.good(message!("init-edited").text(locale)),
            Action::None => style.faint(message!("init-unchanged").text(locale)),
        };
        let _ = writeln!(text, "{word} {}", escape_controls(path));
    }
    if !outcome.ran {
        text.push_str(&commands(outcome, style, locale));
    }
    if !outcome.module_build.is_empty() {
        let _ = writeln!(text, "\n{}", message!("init-module-build").text(locale));
        for line in &outcome.module_build {
            let _ = writeln!(text, "  {}", style.code(escape_controls(line)));
        }
    }
    for settings in &outcome.settings {
        let _ = writeln!(text, "\n{}", settings.heading.text(locale));
        for line in settings.text.lines() {
            let indent = if line.is_empty() { "" } else { "  " };
            let _ = writeln!(text, "{indent}{}", style.code(escape_controls(line)));
        }
    }
    text
}

/// The commands that build and run the project.
fn commands(outcome: &InitOutcome, style: Style, locale: Locale) -> String {
    let heading = message!("init-build", runs = !outcome.run.is_empty());
    let mut text = format!("\n{}\n", heading.text(locale));
    let dir = outcome.dir.display().to_string();
    if dir != "." {
        let _ = writeln!(text, "  {}", style.code(format!("cd {}", quoted(&dir))));
    }
    for command in outcome.build.iter().chain(&outcome.run) {
        let _ = writeln!(text, "  {}", style.code(escape_controls(command)));
    }
    text
}

/// Notes for stderr: stale lock files, and what else the user should know.
pub fn notes(outcome: &InitOutcome, options: &HumanOptions) -> String {
    let mut text = String::new();
    let mut note = |note: &Message| text.push_str(&layout::note(note, options));
    let is_pending = |(_, action): &(String, Action)| *action != Action::None;
    if outcome.check && outcome.changes.iter().any(is_pending) {
        note(&message!("init-check-differs"));
    } else if outcome.check && !outcome.stale_locks.is_empty() {
        note(&message!("init-check-stale"));
    } else if outcome.diff.as_deref() == Some("") && !outcome.is_interrupted {
        note(&message!("init-nothing"));
    }
    for lock in &outcome.stale_locks {
        note(&message!(
            "init-stale",
            file = lock.file,
            command = lock.refresh
        ));
    }
    outcome.notes.iter().for_each(note);
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
