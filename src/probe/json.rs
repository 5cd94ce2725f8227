//! Parses a server's JSON within the memory of an answer.

use serde_json::Value;

use super::answer_budget::{AnswerBudget, OverBudget};
use crate::safety::value_count::count_json;

/// The memory of a parsed value, in bytes: vectors reserve up to twice as much as they hold.
const VALUE: usize = 2 * size_of::<Value>();

/// Parses `bytes`; `None` if they are not JSON.
///
/// # Errors
/// [`OverBudget`] if the values would take more than is left of `budget`: `0,` is two bytes long, and its value 80.
pub fn parse(bytes: &[u8], budget: &mut AnswerBudget) -> Result<Option<Value>, OverBudget> {
    let memory = count_json(bytes).saturating_mul(VALUE);
    budget.take(memory.saturating_add(bytes.len()))?;
    Ok(serde_json::from_slice(bytes).ok())
}

#[cfg(test)]
mod tests;
