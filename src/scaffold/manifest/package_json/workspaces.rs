//! Workspaces: which folders the root of one counts among its own (docs.npmjs.com, "workspaces"; pnpm.io, "pnpm-workspace.yaml").

use serde_json::Value;

use crate::scaffold::manifest::members;

/// pnpm's file, which stands in the root of a workspace and names its members.
const PNPM: &str = "pnpm-workspace.yaml";

/// Where the root of the workspace of the package `source` may be, nearest first: nowhere, where it is one itself. An empty text stands
/// for a package that is not there yet.
pub fn workspace_roots(source: &str) -> Vec<String> {
    let is_root = match json(source) {
        Some(package) => !patterns(&package).is_empty(),
        None => !source.is_empty(),
    };
    if is_root {
        return Vec::new();
    }
    members::folders_above()
        .flat_map(|folder| [format!("{folder}/{PNPM}"), folder])
        .collect()
}

/// Whether the file `root` at `path` is the root of a workspace that counts the package in its folder `member` among its own.
pub fn counts_member(path: &str, root: &str, member: &str) -> bool {
    let patterns = if path.ends_with(PNPM) {
        pnpm_patterns(root)
    } else {
        json(root).map(|it| patterns(&it)).unwrap_or_default()
    };
    members::any_names(&patterns, member)
}

/// The program that `source` says its packages are installed with (nodejs.org/api/packages.html, "packageManager").
pub fn package_manager(source: &str) -> Option<String> {
    let package = json(source)?;
    let manager = package.get("packageManager")?.as_str()?;
    Some(manager.split('@').next()?.to_owned())
}

fn json(source: &str) -> Option<Value> {
    serde_json::from_str(source.trim_start_matches('\u{feff}')).ok()
}

/// The patterns of a package's `workspaces`: a list, or an object with a list `packages` (yarn).
pub(super) fn patterns(package: &Value) -> Vec<String> {
    let Some(value) = package.get("workspaces") else {
        return Vec::new();
    };
    let list = value.get("packages").unwrap_or(value).as_array();
    let strings = list.into_iter().flatten().filter_map(Value::as_str);
    strings.map(str::to_owned).collect()
}

/// The list `packages` of a file in YAML, as people write it: an item a line, or all in brackets in one line.
fn pnpm_patterns(text: &str) -> Vec<String> {
    let bare = |item: &str| item.trim().trim_matches(['"', '\'']).to_owned();
    let mut lines = text
        .lines()
        .map(|line| line.split(" #").next().unwrap_or_default().trim_end())
        .skip_while(|line| !line.starts_with("packages:"));
    let head = lines.next().unwrap_or_default();
    let list = head.trim_start_matches("packages:").trim();
    if let Some(items) = list.strip_prefix('[') {
        return items.trim_end_matches(']').split(',').map(bare).collect();
    }
    lines
        .take_while(|line| line.is_empty() || line.starts_with([' ', '-', '#']))
        .filter_map(|line| line.trim().strip_prefix("- "))
        .map(bare)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roots() {
        assert_eq!(
            workspace_roots("{}")[..3],
            ["../pnpm-workspace.yaml", "..", "../../pnpm-workspace.yaml"]
        );
        assert!(!workspace_roots("").is_empty());
        assert!(workspace_roots("{\"workspaces\": [\"a\"]}").is_empty());
        assert!(workspace_roots("packages:\n").is_empty());
    }

    #[test]
    fn whose_members() {
        let npm = r#"{"workspaces": ["packages/*"]}"#;
        let yarn = r#"{"workspaces": {"packages": ["packages/*"], "nohoist": []}}"#;
        for root in [npm, yarn] {
            assert!(counts_member("../../package.json", root, "packages/a"));
            assert!(!counts_member("../../package.json", root, "apps/a"));
        }
        assert!(!counts_member("../package.json", "{}", "a"));
        let pnpm = "# ours\npackages:\n  # all\n  - 'packages/**' # p\n\n  - \"!**/test\"\nonlyBuiltDependencies:\n  - apps/*\n";
        let counts = |member| counts_member("../pnpm-workspace.yaml", pnpm, member);
        assert!(counts("packages/a/b") && !counts("packages/test") && !counts("apps/a"));
        let brackets = "packages: ['packages/*', \"apps/*\"] # all\n";
        assert!(counts_member("../pnpm-workspace.yaml", brackets, "apps/a"));
        assert!(!counts_member(
            "../pnpm-workspace.yaml",
            "packages:\n",
            "apps/a"
        ));
    }

    #[test]
    fn managers() {
        let named =
            |manager: &str| package_manager(&format!(r#"{{"packageManager": "{manager}"}}"#));
        assert_eq!(named("pnpm@9.1.0+sha512.ab").as_deref(), Some("pnpm"));
        assert_eq!(named("yarn").as_deref(), Some("yarn"));
        assert_eq!(package_manager("{}"), None);
    }
}
