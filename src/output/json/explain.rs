//! What a code, an id or a text means.

use serde_json::{Value, json};

use crate::explain::{Explanation, Match};

/// `data` of `explain`: the query as it was understood, and what fits, the best first.
pub fn explain(explanation: &Explanation) -> Value {
    json!({"query": explanation.query, "matches": explanation.matches})
}

/// `data` of `explain --list`, and of a run without a query.
pub fn explain_list(entries: &[Match]) -> Value {
    json!({"query": null, "matches": entries})
}
