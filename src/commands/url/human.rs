//! Connection strings.

use std::fmt::Write;

use crate::dsn::format::ask::Answer;
use crate::message::{Message, message};
use crate::output::HumanOptions;
use crate::output::layout::note;

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
    more: &[Message],
    options: &HumanOptions,
) -> String {
    let mut notes = more.to_vec();
    for answer in answers {
        match &answer.outcome {
            Ok(line) if one => notes.extend(line.notes.iter().cloned()),
            Ok(_) => {}
            Err(refusal) => notes.push(message!(
                "url-none",
                language = answer.language.title,
                transport = answer.transport.localized_title(),
                why = refusal.why
            )),
        }
    }
    if !one {
        notes.push(message!("url-one-language"));
    }
    notes.iter().map(|text| note(text, options)).collect()
}
