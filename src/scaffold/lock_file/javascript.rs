//! Lock files of npm, yarn, pnpm and Bun. Each repeats what the manifest asks for, so that text is looked for.

use serde_json::Value;

use super::State;
use crate::scaffold::manifest::package_json::range;

const LISTS: [&str; 4] = [
    "dependencies",
    "optionalDependencies",
    "devDependencies",
    "peerDependencies",
];

/// npm's own check (`npm ci`): the root of the lock file asks what the manifest asks, and the package is locked.
pub(super) fn package_lock(text: &str, package: &str, asked: &str) -> State {
    let Ok(lock) = serde_json::from_str::<Value>(text.trim_start_matches('\u{feff}')) else {
        return State::Unknown;
    };
    if let Some(packages) = lock.get("packages").and_then(Value::as_object) {
        let root = packages.get("");
        let says = |list: &&str| root.and_then(|it| it.get(list)?.get(package)?.as_str());
        let same = LISTS.iter().filter_map(says).any(|it| it == asked);
        let locked = packages.contains_key(&format!("node_modules/{package}"));
        return (same && locked).into();
    }
    // npm 6 and earlier do not repeat the manifest.
    let version = lock
        .get("dependencies")
        .and_then(|it| it.get(package)?.get("version")?.as_str());
    version
        .is_some_and(|version| range::admits(asked, version).unwrap_or(true))
        .into()
}

/// An entry's head lists `NAME@ASKED`: `"a@1.0.0", a@^1:` in yarn 1, `"a@npm:1.0.0, a@npm:^1":` later.
pub(super) fn yarn_lock(text: &str, package: &str, asked: &str) -> bool {
    let wanted = [
        format!("{package}@{asked}"),
        format!("{package}@npm:{asked}"),
    ];
    text.lines()
        .filter(|line| !line.starts_with([' ', '#']))
        .filter_map(|line| line.trim_end().strip_suffix(':'))
        .flat_map(|head| head.split(','))
        .map(|it| it.trim().trim_matches('"'))
        .any(|it| wanted.iter().any(|wanted| wanted == it))
}

/// `specifier: ASKED` below the package's name; `NAME: ASKED` below `specifiers:` before version 6.
pub(super) fn pnpm_lock(text: &str, package: &str, asked: &str) -> bool {
    let bare = |word: &str| word.trim().trim_matches(['\'', '"']).to_owned();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let Some((name, value)) = line.trim().rsplit_once(':') else {
            continue;
        };
        if bare(name) != package {
            continue;
        }
        let below = lines
            .peek()
            .and_then(|next| next.trim().strip_prefix("specifier:"));
        if bare(value) == asked || below.is_some_and(|it| bare(it) == asked) {
            return true;
        }
    }
    false
}

/// `"NAME": "ASKED"` in a workspace.
pub(super) fn bun_lock(text: &str, package: &str, asked: &str) -> bool {
    text.lines().any(|line| {
        let mut words = line.split(['{', '}', ',']).map(str::trim);
        words.any(|it| {
            it.split_once("\":").is_some_and(|(name, value)| {
                name.trim_start_matches('"') == package && value.trim().trim_matches('"') == asked
            })
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const PACKAGE: &str = "@tdengine/websocket";

    #[test]
    fn npm() {
        let lock = |asked: &str| {
            format!(
                r#"{{"lockfileVersion": 3, "packages": {{"": {{"dependencies": {{"{PACKAGE}": "{asked}"}}}}, "node_modules/{PACKAGE}": {{"version": "3.1.0"}}}}}}"#
            )
        };
        assert_eq!(package_lock(&lock("3.1.0"), PACKAGE, "3.1.0"), State::Fresh);
        assert_eq!(package_lock(&lock("3.0.4"), PACKAGE, "3.1.0"), State::Stale);
        assert_eq!(
            package_lock("{\"packages\": {\"\": {}}}", PACKAGE, "3.1.0"),
            State::Stale
        );
        let old = format!(r#"{{"dependencies": {{"{PACKAGE}": {{"version": "3.1.0"}}}}}}"#);
        assert_eq!(package_lock(&old, PACKAGE, "^3.0.0"), State::Fresh);
        assert_eq!(package_lock(&old, PACKAGE, "3.2.1"), State::Stale);
        assert_eq!(package_lock("{", PACKAGE, "3.2.1"), State::Unknown);
    }

    #[test]
    fn yarn() {
        let one = "# yarn lockfile v1\n\n\"@tdengine/websocket@3.1.0\":\n  version \"3.1.0\"\n";
        let two = "\"@tdengine/websocket@npm:^3.0.0, @tdengine/websocket@npm:3.1.0\":\n  version: 3.1.0\n";
        for text in [one, two] {
            assert!(yarn_lock(text, PACKAGE, "3.1.0"));
            assert!(!yarn_lock(text, PACKAGE, "3.2.1"));
        }
    }

    #[test]
    fn pnpm() {
        let new = "importers:\n  .:\n    dependencies:\n      '@tdengine/websocket':\n        specifier: 3.1.0\n        version: 3.1.0\n";
        let old = "specifiers:\n  '@tdengine/websocket': 3.1.0\n";
        for text in [new, old] {
            assert!(pnpm_lock(text, PACKAGE, "3.1.0"));
            assert!(!pnpm_lock(text, PACKAGE, "3.2.1"));
        }
    }

    #[test]
    fn bun() {
        let text = "{\n  \"workspaces\": {\n    \"\": {\n      \"dependencies\": {\n        \"@tdengine/websocket\": \"3.1.0\",\n      },\n";
        assert!(bun_lock(text, PACKAGE, "3.1.0"));
        assert!(!bun_lock(text, PACKAGE, "3.2.1"));
    }
}
