//! The transports that the code of a project uses. The walk has limits; files that .gitignore names and links are left out.

use std::collections::BTreeMap;
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

/// Directories of packages and results, which hold other people's code.
const OTHERS: [&str; 8] = [
    "node_modules",
    "vendor",
    "target",
    "build",
    "dist",
    "out",
    "venv",
    "lua_modules",
];

/// Returns the transports of `language` whose marks, those of `init` and `more`, are in a file of `project`.
pub fn transports(
    project: &Path,
    language: &ProjectLanguage,
    more: &BTreeMap<String, Vec<String>>,
) -> Vec<Transport> {
    let walk = WalkBuilder::new(project)
        .max_depth(Some(DEEPEST))
        .max_filesize(Some(LARGEST))
        .follow_links(false)
        .require_git(false)
        .filter_entry(|entry| {
            let name = entry.file_name().to_str().unwrap_or_default();
            entry.depth() == 0 || !OTHERS.contains(&name)
        })
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
        for transport in Transport::ALL {
            let name = transport.as_str();
            let own = language.uses.get(name).is_some_and(|it| it.any_in(&text));
            let mut others = more.get(name).into_iter().flatten();
            let is_used = own || others.any(|it| text.contains(it));
            if is_used && !found.contains(&transport) {
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
        let none = BTreeMap::new();
        assert_eq!(transports(folder.path(), &java, &none), []);
        let file = folder.path().join("cmd/App.java");
        std::fs::write(file, "String url = \"jdbc:TAOS://db:6030/\";").unwrap();
        assert_eq!(transports(folder.path(), &java, &none), [Transport::Native]);
    }

    #[test]
    fn packages_are_passed_over() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("node_modules/x");
        std::fs::create_dir_all(&inner).unwrap();
        std::fs::write(inner.join("x.py"), "import taosrest").unwrap();
        let python = language::load("python").unwrap();
        let recipe = crate::application::recipe::of_language("python").unwrap();
        let found = || transports(folder.path(), &python, &recipe.uses);
        assert_eq!(found(), []);
        std::fs::write(folder.path().join("app.py"), "db = taos.connect(host)").unwrap();
        assert_eq!(found(), [Transport::Native]);
    }
}
