//! Connection strings.

use serde_json::{Value, json};

use crate::dsn::format::ask::Answer;

/// `data` of `url`: the strings, and what has none.
pub fn url(answers: &[Answer]) -> Value {
    let mut urls = Vec::new();
    let mut refused = Vec::new();
    for answer in answers {
        let (language, transport) = (&answer.language.id, answer.transport);
        match &answer.outcome {
            Ok(line) => urls.push(json!({
                "language": language,
                "transport": transport,
                "url": line.url,
                "notes": line.notes,
            })),
            Err(refusal) => refused.push(json!({
                "language": language,
                "transport": transport,
                "why": refusal.why,
                "instead": refusal.instead,
            })),
        }
    }
    json!({"urls": urls, "refused": refused})
}
