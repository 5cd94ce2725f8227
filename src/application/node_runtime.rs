//! The Node.js that a project asks for in `.nvmrc` or `.node-version`, if nvm has it.

use std::path::{Path, PathBuf};

use super::settings::RegistrySettings;
use crate::catalog::connectors::numbers;

/// The files, the stronger first, as nvm and others read them.
const FILES: [&str; 2] = [".nvmrc", ".node-version"];
/// The most characters of a version.
const LONGEST: usize = 16;

/// A version that a project asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WantedNode {
    /// The file that does.
    pub file: &'static str,
    /// The version's numbers, one to three.
    numbers: Vec<u32>,
}

impl WantedNode {
    /// Returns what the project with `settings` asks for; `None` for names such as `lts/*`.
    pub fn of(settings: &RegistrySettings) -> Option<Self> {
        FILES.iter().find_map(|file| {
            let text = String::from_utf8_lossy(settings.files.get(*file)?).into_owned();
            let text = text.trim().trim_start_matches('v');
            let is_version = |text: &str| text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
            let fits = !text.is_empty() && text.len() <= LONGEST && is_version(text);
            // `numbers` fills up with zeros, and `20` is every 20.
            let parts: Vec<u32> = text.split('.').map_while(|it| it.parse().ok()).collect();
            (fits && !parts.is_empty()).then_some(Self {
                file,
                numbers: parts,
            })
        })
    }

    /// The version, as people write it.
    pub fn version(&self) -> String {
        let numbers: Vec<String> = self.numbers.iter().map(u32::to_string).collect();
        numbers.join(".")
    }

    /// Returns whether `version`, such as `v20.11.1`, is it.
    pub fn is_met_by(&self, version: &str) -> bool {
        numbers(version.trim().trim_start_matches('v')).starts_with(&self.numbers)
    }

    /// Returns the directory of its programs, if nvm, whose directory is `nvm`, has it.
    pub fn directory(&self, nvm: &Path) -> Option<PathBuf> {
        let versions = nvm.join("versions").join("node");
        let entries = std::fs::read_dir(&versions).ok()?.flatten();
        let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
        let fitting = names.filter(|name| self.is_met_by(name));
        let newest = fitting.max_by_key(|name| numbers(name.trim_start_matches('v')))?;
        Some(versions.join(newest).join("bin")).filter(|it| it.is_dir())
    }
}

/// The directory of nvm: `NVM_DIR`, else `~/.nvm`.
pub fn nvm_directory() -> Option<PathBuf> {
    let named = std::env::var_os("NVM_DIR").filter(|it| !it.is_empty());
    let home = || std::env::var_os("HOME").map(|home| Path::new(&home).join(".nvm"));
    named
        .map(PathBuf::from)
        .or_else(home)
        .filter(|it| it.is_absolute())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(file: &str, text: &str) -> Option<WantedNode> {
        let mut settings = RegistrySettings::default();
        settings
            .files
            .insert(file.to_owned(), text.as_bytes().to_vec());
        WantedNode::of(&settings)
    }

    #[test]
    fn newest_fitting_version_of_nvm_is_used() {
        let nvm = tempfile::tempdir().unwrap();
        for version in ["v18.20.1", "v20.9.0", "v20.11.1", "v200.0.0"] {
            let bin = nvm.path().join("versions/node").join(version).join("bin");
            std::fs::create_dir_all(bin).unwrap();
        }
        let found = |text: &str| {
            let directory = wanted(".nvmrc", text)?.directory(nvm.path())?;
            Some(directory.parent()?.file_name()?.to_str()?.to_owned())
        };
        assert_eq!(found("20\n").as_deref(), Some("v20.11.1"));
        assert_eq!(found("v20.9").as_deref(), Some("v20.9.0"));
        assert_eq!(found("22"), None);
        assert!(
            wanted(".node-version", "20")
                .unwrap()
                .is_met_by("v20.1.2\n")
        );
        assert!(!wanted(".node-version", "20").unwrap().is_met_by("v18.1.2"));
    }

    #[test]
    fn other_texts_are_no_version() {
        for text in ["", "lts/*", "node", "../../x", "20; rm", &"1".repeat(17)] {
            assert_eq!(wanted(".nvmrc", text), None, "{text}");
        }
    }
}
