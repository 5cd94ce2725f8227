//! Parses a server's JSON within the memory of an answer.

use serde_json::Value;

use super::answer_budget::{AnswerBudget, OverBudget};

/// The memory of a parsed value, in bytes: vectors have room for up to twice as many as they hold.
const VALUE: usize = 2 * size_of::<Value>();

/// Parses `bytes`; `None` if they are not JSON.
///
/// # Errors
/// [`OverBudget`] if the values would take more than is left of `budget`: `0,` is two bytes long, and its value 80.
pub fn parse(bytes: &[u8], budget: &mut AnswerBudget) -> Result<Option<Value>, OverBudget> {
    let memory = most_values(bytes).saturating_mul(VALUE);
    budget.take(memory.saturating_add(bytes.len()))?;
    Ok(serde_json::from_slice(bytes).ok())
}

/// An upper bound for the number of values and keys in `bytes`.
fn most_values(bytes: &[u8]) -> usize {
    let mut count = 1;
    let mut in_text = false;
    let mut escaped = false;
    for byte in bytes {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b',' | b'[' | b'{' | b':' if !in_text => count += 1,
            _ => {}
        }
    }
    count
}

#[cfg(test)]
mod tests;
