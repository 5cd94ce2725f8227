//! Overrides: versions that a project forces on packages that others ask for (docs.npmjs.com, "overrides"; classic.yarnpkg.com, "Selective
//! dependency resolutions"; pnpm.io, "overrides").

use super::json_positions::{self, JsonObject};
use crate::project::text;

/// The deepest list of overrides.
const DEEPEST: usize = 16;

/// Returns the lines, from 1, in which `list` names `package`, itself or in the lists of other packages.
pub(super) fn lines(source: &str, list: &JsonObject, package: &str) -> Vec<usize> {
    let mut lines = Vec::new();
    add_lines(source, list, package, DEEPEST, &mut lines);
    lines
}

fn add_lines(source: &str, list: &JsonObject, package: &str, depth: usize, lines: &mut Vec<usize>) {
    for member in &list.members {
        let value = json_positions::string(source, member.value, member.end);
        // `$NAME` is what the project itself asks for.
        let is_own = value.is_some_and(|value| value.starts_with('$'));
        if names(&member.key, package) && !is_own {
            lines.push(text::line_of(source, member.start));
        } else if depth > 0
            && source
                .get(member.value..)
                .is_some_and(|it| it.starts_with('{'))
            && let Ok(Some(inner)) = json_positions::object(source, member.value)
        {
            add_lines(source, &inner, package, depth - 1, lines);
        }
    }
}

/// Returns whether the selector `key` ends in `package`: `NAME`, `NAME@RANGE`, `**/NAME`, `PARENT/NAME`, `PARENT>NAME`.
fn names(key: &str, package: &str) -> bool {
    key.match_indices(package).any(|(at, _)| {
        let before = key.get(..at).unwrap_or_default();
        let behind = key.get(at + package.len()..).unwrap_or_default();
        (before.is_empty() || before.ends_with(['/', '>']))
            && (behind.is_empty() || behind.starts_with('@'))
    })
}
