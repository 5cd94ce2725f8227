//! uv's workspaces: members share the lock file beside the root's manifest (docs.astral.sh/uv, "Using workspaces").

use toml_edit::Item;

use super::super::toml_document::Toml;

/// The table that makes a project the root of a workspace.
const WORKSPACE: [&str; 3] = ["tool", "uv", "workspace"];

/// The folders in which the workspace of the project `source` may have its root, nearest first: uv looks no further than the
/// first that holds a project.
pub fn folders(source: &str) -> Vec<String> {
    /// Projects stand no deeper in workspaces.
    const DEEPEST: usize = 6;
    match Toml::read(source) {
        Ok(toml) if toml.item(&WORKSPACE).is_none() => (1..=DEEPEST)
            .map(|depth| vec![".."; depth].join("/"))
            .collect(),
        _ => Vec::new(),
    }
}

/// Whether the manifest `root` is that of a workspace to which the project in the folder `member`, as seen from it, belongs.
pub fn adopts(root: &str, member: &str) -> bool {
    let Ok(toml) = Toml::read(root) else {
        return false;
    };
    let lists = |name| {
        let path = [WORKSPACE.as_slice(), &[name]].concat();
        let patterns = toml.item(&path).and_then(Item::as_array);
        let mut patterns = patterns.into_iter().flatten();
        patterns.any(|it| it.as_str().is_some_and(|it| is_match(it, member)))
    };
    lists("members") && !lists("exclude")
}

/// Whether `pattern` means the folder `path`: `*` and `?` in a component, `**` for any number of components.
fn is_match(pattern: &str, path: &str) -> bool {
    let components = |text: &str| -> Vec<Vec<char>> {
        let parts = text.split('/').filter(|part| !["", "."].contains(part));
        parts.map(|part| part.chars().collect()).collect()
    };
    let fits = |pattern: &Vec<char>, component: &Vec<char>| {
        is_sequence(
            pattern,
            component,
            |c| *c == '*',
            |wanted, c| *wanted == '?' || wanted == c,
        )
    };
    is_sequence(
        &components(pattern),
        &components(path),
        |part| matches!(part.as_slice(), ['*', '*']),
        fits,
    )
}

/// Whether the parts of `pattern` match those of `text` one by one, where `is_any` parts match any number of them.
fn is_sequence<T>(
    pattern: &[T],
    text: &[T],
    is_any: impl Fn(&T) -> bool,
    fits: impl Fn(&T, &T) -> bool,
) -> bool {
    // Which lengths of `text` the pattern so far can match.
    let mut reached = vec![false; text.len()];
    reached.insert(0, true);
    for part in pattern {
        let mut before = false;
        if is_any(part) {
            for here in &mut reached {
                before |= *here;
                *here = before;
            }
        } else {
            let one_less = std::iter::once(None).chain(text.iter().map(Some));
            for (here, last) in reached.iter_mut().zip(one_less) {
                let fitting = before && last.is_some_and(|last| fits(part, last));
                before = std::mem::replace(here, fitting);
            }
        }
    }
    reached.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn members() {
        let root = "[tool.uv.workspace]\nmembers = [\"packages/*\", \"./apps/?b/\", \"deep/**\"]\nexclude = [\"packages/old*\"]\n";
        for member in ["packages/core", "apps/ab", "deep", "deep/a/b"] {
            assert!(adopts(root, member), "{member}");
        }
        for other in [
            "packages",
            "packages/a/b",
            "packages/old-one",
            "apps/b",
            "app",
            "",
        ] {
            assert!(!adopts(root, other), "{other}");
        }
        assert!(!adopts("[project]\nname = \"a\"\n", "packages/core"));
        assert!(!adopts("[", "packages/core"));
    }

    #[test]
    fn roots() {
        assert_eq!(folders("[tool.uv.workspace]\nmembers = []\n"), [""; 0]);
        assert_eq!(folders("")[..2], ["..", "../.."]);
    }

    proptest! {
        #[test]
        fn a_path_matches_itself(path in "[a-z]{1,4}(/[a-z]{1,4}){0,3}", pattern in "[a-z*?/]{0,9}") {
            prop_assert!(is_match(&path, &path));
            let _ = is_match(&pattern, &path);
        }
    }
}
