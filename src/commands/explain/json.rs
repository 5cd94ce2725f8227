//! JSON form of `taos-setup explain`.

use serde_json::{Value, json};

use crate::explain::{Explanation, Match};
use crate::message::locale::Locale;

/// Returns `data` of `explain`: the query as it was understood the entries that fit, the best first, and notes.
pub fn matches(explanation: &Explanation, locale: Locale) -> Value {
    let notes = explanation.notes.iter().map(|note| note.text(locale));
    json!({
        "query": explanation.query,
        "matches": explanation.matches,
        "notes": notes.collect::<Vec<_>>(),
    })
}

/// Returns `data` of `explain --list` and of a run without a query.
pub fn list(entries: &[Match]) -> Value {
    json!({"query": null, "matches": entries, "notes": []})
}
