use super::*;

#[test]
fn directories_of_roots_are_listed() {
    assert_eq!(
        workspace_roots("{}")[..3],
        ["../pnpm-workspace.yaml", "..", "../../pnpm-workspace.yaml"]
    );
    assert!(!workspace_roots("").is_empty());
    assert!(workspace_roots("{\"workspaces\": [\"a\"]}").is_empty());
    assert!(workspace_roots("packages:\n").is_empty());
}

#[test]
fn members_of_a_workspace_are_counted() {
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
fn package_manager_is_read() {
    let named = |manager: &str| package_manager(&format!(r#"{{"packageManager": "{manager}"}}"#));
    assert_eq!(named("pnpm@9.1.0+sha512.ab").as_deref(), Some("pnpm"));
    assert_eq!(named("yarn").as_deref(), Some("yarn"));
    assert_eq!(package_manager("{}"), None);
}
