//! Manifests elsewhere in the repository from which a project imports versions: Maven's bills of materials.

use std::path::{Path, PathBuf};

use super::parents::{self, ParentManifest, read, real};
use crate::project::files::{ProjectRoot, normal_path};
use crate::project::language::ManifestFile;

/// The most manifests that are looked at.
const MOST: usize = 256;

/// The most directories above the project that are looked at, and the deepest module below one of them.
const LEVELS: usize = 8;

/// Returns the manifests from which the project in `root`, whose own manifest is `text`, and its `parents` import versions, and the parents
/// of those, as far as they are in the same repository. They are only read, and what cannot be read decides nothing.
pub(super) fn of_project(
    root: &Path,
    manifest: &ManifestFile,
    text: &str,
    parents: &[ParentManifest],
) -> Vec<ParentManifest> {
    let reader = manifest.format.reader();
    let texts = std::iter::once(text).chain(parents.iter().map(|it| it.text.as_str()));
    let mut names: Vec<String> = texts.flat_map(|it| reader.imports(it)).collect();
    if names.is_empty() {
        return Vec::new();
    }
    let root = real(root);
    let mut known: Vec<PathBuf> = parents.iter().map(file_of).collect();
    known.push(root.join(&manifest.file));
    let mut candidates = candidates(&root, manifest);
    candidates.retain(|it| !known.contains(&file_of(it)));
    let mut found: Vec<ParentManifest> = Vec::new();
    while let Some(at) = candidates.iter().position(|it| {
        let may_be = names.iter().any(|name| it.text.contains(name.as_str()));
        let name = if may_be {
            reader.import_name(&it.text)
        } else {
            None
        };
        name.is_some_and(|name| names.contains(&name))
    }) {
        let imported = candidates.swap_remove(at);
        names.extend(reader.imports(&imported.text));
        let above = parents::of_project(&imported.place, manifest, &imported.text);
        for mut parent in above {
            let file = file_of(&parent);
            if known.contains(&file) {
                continue;
            }
            parent.path = normal_path(&format!("{}{}", imported.folder(), parent.path));
            names.extend(reader.imports(&parent.text));
            candidates.retain(|it| file_of(it) != file);
            known.push(file);
            found.push(parent);
        }
        known.push(file_of(&imported));
        found.push(imported);
    }
    found
}

/// The file of `manifest`, without links in its directories.
fn file_of(manifest: &ParentManifest) -> PathBuf {
    let name = manifest.path.rsplit('/').next().unwrap_or_default();
    manifest.place.join(name)
}

/// The manifests of the repository that may be imported: those above the project, their modules, and, if it is known how far the repository
/// goes, those in the directories next to them.
fn candidates(root: &Path, manifest: &ManifestFile) -> Vec<ParentManifest> {
    let above: Vec<&Path> = root.ancestors().skip(1).take(LEVELS).collect();
    let is_top = |directory: &Path| directory.join(".git").exists();
    let top = match is_top(root) {
        true => Some(0),
        false => above.iter().position(|it| is_top(it)).map(|at| at + 1),
    };
    let mut found = CandidateList {
        root,
        manifest,
        files: Vec::new(),
        read: 0,
    };
    for (at, directory) in above.iter().enumerate().take(top.unwrap_or(LEVELS)) {
        let path = "../".repeat(at + 1);
        found.add(&path, LEVELS);
        if top.is_some()
            && let Ok(directory) = ProjectRoot::open(directory)
        {
            for name in directory.names_in("").iter().take(MOST) {
                if !name.starts_with('.') && directory.path().join(name).is_dir() {
                    found.add(&format!("{path}{name}"), 1);
                }
            }
        }
    }
    found.files
}

/// Manifests that may be imported by the project in `root`.
struct CandidateList<'a> {
    root: &'a Path,
    manifest: &'a ManifestFile,
    files: Vec<ParentManifest>,
    /// How many places were looked at.
    read: usize,
}

impl CandidateList<'_> {
    /// Adds the manifest in the directory `path`, and those of its modules, down to `depth`.
    fn add(&mut self, path: &str, depth: usize) {
        self.read += 1;
        if depth == 0 || self.read > MOST {
            return;
        }
        let Some(mut file) = read(self.root, self.manifest, normal_path(path)) else {
            return;
        };
        file.path = normal_path(&file.path);
        if self
            .files
            .iter()
            .any(|known| file_of(known) == file_of(&file))
        {
            return;
        }
        let reader = self.manifest.format.reader();
        let (folder, members) = (
            file.folder().to_owned(),
            reader.workspace_members(&file.text),
        );
        self.files.push(file);
        for member in members {
            self.add(&format!("{folder}{member}"), depth - 1);
        }
    }
}
