//! JSON form of `taos-setup explain`.

use serde_json::{Value, json};

use crate::explain::{Explanation, Match};

/// Returns `data` of `explain`: the query as it was understood and the entries that fit, the best first.
pub fn matches(explanation: &Explanation) -> Value {
    json!({"query": explanation.query, "matches": explanation.matches})
}

/// Returns `data` of `explain --list` and of a run without a query.
pub fn list(entries: &[Match]) -> Value {
    json!({"query": null, "matches": entries})
}
