//! One dependency of a rockspec, a text such as `luasocket >= 3.0, < 4`, and how LuaRocks compares versions
//! (github.com/luarocks/luarocks/wiki/Rockspec-format).

use std::cmp::Ordering;

use crate::catalog::connectors::numbers;

/// The operators, longest first; a version without one is the same as with `==`.
const OPERATORS: [&str; 9] = ["==", "~=", "!=", ">=", "<=", "~>", "<", ">", "="];

/// A dependency: the rock, and the versions that are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RockDependency<'a> {
    /// The rock's name in lower case, without the namespace of who publishes it.
    pub(super) name: String,
    /// The constraints, as they are written; empty if any version is taken.
    pub(super) constraints: &'a str,
}

/// Reads `text`; `None` if it names no rock.
pub(super) fn read(text: &str) -> Option<RockDependency<'_>> {
    let text = text.trim();
    let is_name = |c: char| c.is_ascii_alphanumeric() || "._-/".contains(c);
    let end = text.find(|c| !is_name(c)).unwrap_or(text.len());
    let name = text[..end].rsplit('/').next().unwrap_or_default();
    (!name.is_empty()).then(|| RockDependency {
        name: name.to_ascii_lowercase(),
        constraints: text[end..].trim(),
    })
}

/// Whether the constraints `asked` let `version` through.
pub(super) fn admits(asked: &str, version: &str) -> bool {
    let version = numbers(version);
    asked.split(',').all(|constraint| {
        let constraint = constraint.trim();
        let operator = OPERATORS.iter().find(|it| constraint.starts_with(**it));
        let operator = operator.copied().unwrap_or_default();
        let limit = constraint[operator.len()..].trim();
        // A revision is of the rockspec, not of the software.
        let limit = limit.split('-').next().unwrap_or_default();
        let written = limit.split('.').count();
        let limit = numbers(limit);
        if limit.is_empty() {
            return constraint.is_empty();
        }
        let order = compare(&version, &limit);
        match operator {
            "~=" | "!=" => order != Ordering::Equal,
            ">=" => order != Ordering::Less,
            "<=" => order != Ordering::Greater,
            "<" => order == Ordering::Less,
            ">" => order == Ordering::Greater,
            "~>" => version.get(..written) == limit.get(..written),
            _ => order == Ordering::Equal,
        }
    })
}

/// Compares versions of different lengths: what is missing is 0.
fn compare(one: &[u32], other: &[u32]) -> Ordering {
    let part = |version: &[u32], index: usize| version.get(index).copied().unwrap_or_default();
    let parts = 0..one.len().max(other.len());
    let mut orders = parts.map(|it| part(one, it).cmp(&part(other, it)));
    orders
        .find(|it| *it != Ordering::Equal)
        .unwrap_or(Ordering::Equal)
}
