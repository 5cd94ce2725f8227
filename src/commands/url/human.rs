//! Connection strings.

use std::fmt::Write;

use crate::dsn::format::ask::Answer;
use crate::output::style::Style;
use crate::safety::printable::escape_controls;

/// The result for stdout: the string alone where one was asked for, else a table of language, transport and string.
pub fn url(answers: &[Answer], one: bool) -> String {
    let mut text = String::new();
    for answer in answers {
        let Ok(line) = &answer.outcome else { continue };
        if one {
            let _ = writeln!(text, "{}", line.url);
        } else {
            let language = &answer.language.title;
            let _ = writeln!(text, "{language:8} {:7} {}", answer.transport, line.url);
        }
    }
    text
}

/// What goes with it: notes, and in the table what has no string.
pub fn url_notes(answers: &[Answer], one: bool, notes: &[String], style: Style) -> String {
    let mut text = String::new();
    let mut note = |line: &str| {
        let _ = writeln!(text, "{} {}", style.warning("note:"), escape_controls(line));
    };
    for line in notes {
        note(line);
    }
    for answer in answers {
        match &answer.outcome {
            Ok(line) if one => line.notes.iter().for_each(|line| note(line)),
            Ok(_) => {}
            Err(refusal) => note(&format!(
                "none for {} over {}: {}",
                answer.language.title, answer.transport, refusal.why
            )),
        }
    }
    if !one {
        note("--lang LANGUAGE prints one string, with what to know about it");
    }
    text
}
