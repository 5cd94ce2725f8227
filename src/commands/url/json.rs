//! Connection strings.

use serde_json::{Value, json};

use crate::dsn::format::ask::Answer;
use crate::message::Message;
use crate::message::locale::Locale;

/// `data` of `url`: the strings, and what has none.
pub fn url(answers: &[Answer], locale: Locale) -> Value {
    let mut urls = Vec::new();
    let mut refused = Vec::new();
    for answer in answers {
        let (language, transport) = (&answer.language.id, answer.transport);
        match &answer.outcome {
            Ok(line) => urls.push(json!({
                "language": language,
                "transport": transport,
                "url": line.url,
                "notes": texts(&line.notes, locale),
            })),
            Err(refusal) => refused.push(json!({
                "language": language,
                "transport": transport,
                "why": refusal.why.text(locale),
                "instead": refusal.instead.text(locale),
            })),
        }
    }
    json!({"urls": urls, "refused": refused})
}

/// The texts of `messages`.
fn texts(messages: &[Message], locale: Locale) -> Vec<String> {
    messages.iter().map(|it| it.text(locale)).collect()
}
