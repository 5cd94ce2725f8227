//! Node.js. Its connector uses WebSocket and needs no driver.

use std::path::Path;

use super::check_report::CheckReport;
use super::machine_facts::MachineFacts;
use super::runtime::{RuntimeKind, read_text};

const NODE: RuntimeKind = RuntimeKind {
    title: "Node.js",
    programs: &["node", "nodejs"],
    arguments: &["--version"],
    of_files,
    of_answer: |text| text.lines().next()?.strip_prefix('v'),
};

/// Runs the check.
pub async fn check(facts: &MachineFacts) -> CheckReport {
    match NODE.find(None) {
        Some(found) => NODE.report(&found, facts).await,
        None => NODE.absent(),
    }
}

/// The version in the header that Node.js brings for its modules.
fn of_files(program: &Path) -> Option<String> {
    let text = read_text(
        &program
            .parent()?
            .parent()?
            .join("include/node/node_version.h"),
    )?;
    let part = |name: &str| {
        let mut lines = text.lines();
        let value =
            lines.find_map(|line| line.strip_prefix("#define ")?.trim().strip_prefix(name))?;
        let value = value.strip_prefix(' ')?.trim();
        value
            .bytes()
            .all(|byte| byte.is_ascii_digit())
            .then(|| value.to_owned())
    };
    let parts = [
        "NODE_MAJOR_VERSION",
        "NODE_MINOR_VERSION",
        "NODE_PATCH_VERSION",
    ];
    let parts: Option<Vec<String>> = parts.iter().map(|name| part(name)).collect();
    Some(parts?.join("."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn version_of_the_header_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let header = folder.path().join("include/node");
        std::fs::create_dir_all(&header).unwrap();
        let text = "#define NODE_MAJOR_VERSION 22\n#define NODE_MINOR_VERSION 9\n#define NODE_PATCH_VERSION 0\n";
        std::fs::write(header.join("node_version.h"), text).unwrap();
        let program = folder.path().join("bin/node");
        assert_eq!(of_files(&program).as_deref(), Some("22.9.0"));
        std::fs::write(
            header.join("node_version.h"),
            "#define NODE_MAJOR_VERSION x\n",
        )
        .unwrap();
        assert_eq!(of_files(&program), None);
        assert_eq!((NODE.of_answer)("v20.1.0"), Some("20.1.0"));
    }
}
