//! Aliases: packages that a project installs under another name, `"td": "npm:@tdengine/websocket@3.1.0"` (docs.npmjs.com, "npm install").

use super::json_positions::{self, JsonMember, JsonObject};

/// What an alias starts with.
const SCHEME: &str = "npm:";

/// Returns whether `value` is an alias.
pub(super) fn is_alias(value: &str) -> bool {
    value.starts_with(SCHEME)
}

/// Returns the package that the alias `value` stands for, and its range, which is empty if there is none.
pub(super) fn target(value: &str) -> Option<(&str, &str)> {
    let named = value.strip_prefix(SCHEME)?;
    // The first sign may be that of a scope.
    let at = named.get(1..)?.find('@').map(|at| at + 1);
    Some(match at {
        Some(at) => (named.get(..at)?, named.get(at + 1..)?),
        None => (named, ""),
    })
}

/// Returns whether the alias `value` stands for `package`.
pub(super) fn names(value: &str, package: &str) -> bool {
    target(value).is_some_and(|(named, _)| named == package)
}

/// Returns the alias of `range` of `package`.
pub(super) fn named(package: &str, range: &str) -> String {
    format!("{SCHEME}{package}@{range}")
}

/// Returns the members of `list` that stand for `package`.
pub(super) fn members(source: &str, list: &JsonObject, package: &str) -> Vec<JsonMember> {
    let is_alias = |member: &&JsonMember| {
        let value = source.get(member.value + 1..).unwrap_or_default();
        is_alias(value)
    };
    let stands_for = |member: &&JsonMember| {
        json_positions::string(source, member.value, member.end)
            .is_some_and(|value| names(&value, package))
    };
    let aliases = list.members.iter().filter(is_alias);
    aliases.filter(stands_for).cloned().collect()
}
