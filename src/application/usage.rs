//! The transports that the code of a project uses. The walk has limits; files that .gitignore names and links are left out.

use std::path::Path;

use ignore::WalkBuilder;

use crate::catalog::connectors::Transport;
use crate::project::language::ProjectLanguage;
use crate::system::files::read_named;

/// The most directories inside each other.
const DEEPEST: usize = 16;
/// The most files that are read.
const MOST: usize = 2000;
/// The largest file that is read, in bytes.
const LARGEST: u64 = 256 << 10;

/// Returns the transports of `language` whose marks are in a file of `project`.
pub fn transports(project: &Path, language: &ProjectLanguage) -> Vec<Transport> {
    let walk = WalkBuilder::new(project)
        .max_depth(Some(DEEPEST))
        .max_filesize(Some(LARGEST))
        .follow_links(false)
        .require_git(false)
        .build();
    let files = walk
        .flatten()
        .filter(|entry| entry.file_type().is_some_and(|kind| kind.is_file()));
    let mut found = Vec::new();
    for entry in files.take(MOST) {
        let Ok(bytes) = read_named(entry.path(), LARGEST) else {
            continue;
        };
        let text = String::from_utf8_lossy(&bytes);
        for (name, marks) in &language.uses {
            if let Ok(transport) = name.parse::<Transport>()
                && !found.contains(&transport)
                && marks.any_in(&text)
            {
                found.push(transport);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::language;

    #[test]
    fn code_decides_the_transport() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("cmd")).unwrap();
        let java = language::load("java").unwrap();
        assert_eq!(transports(folder.path(), &java), []);
        let file = folder.path().join("cmd/App.java");
        std::fs::write(file, "String url = \"jdbc:TAOS://db:6030/\";").unwrap();
        assert_eq!(transports(folder.path(), &java), [Transport::Native]);
    }
}
