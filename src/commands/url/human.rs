//! Connection strings.

use std::fmt::Write;

use crate::dsn::format::ask::Answer;
use crate::message::locale::Locale;
use crate::message::{Message, message};
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
pub fn url_notes(
    answers: &[Answer],
    one: bool,
    left_out: Option<Message>,
    style: Style,
    locale: Locale,
) -> String {
    let mut text = String::new();
    let label = message!("url-note-label").text(locale);
    let mut note = |line: &Message| {
        let line = line.text(locale);
        let _ = writeln!(text, "{}{}", style.warning(&label), escape_controls(&line));
    };
    left_out.iter().for_each(&mut note);
    for answer in answers {
        match &answer.outcome {
            Ok(line) if one => line.notes.iter().for_each(&mut note),
            Ok(_) => {}
            Err(refusal) => note(&message!(
                "url-none",
                language = answer.language.title,
                transport = answer.transport.localized_title(),
                why = refusal.why
            )),
        }
    }
    if !one {
        note(&message!("url-one-language"));
    }
    text
}
