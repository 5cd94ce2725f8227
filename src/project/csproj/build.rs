//! A project with the files that MSBuild reads with it: `Directory.Build.props`, `Directory.Packages.props`, and what they import.

use super::msbuild_file::{ItemKind, MsbuildFile, PackageItem, PlacedText};
use crate::project::edit::EditRefusal;

/// The file that lists the versions of packages for all projects below it.
pub(super) const CENTRAL_VERSIONS: &str = "Directory.Packages.props";
/// The files that MSBuild imports from the nearest directory above a project.
pub(super) const DIRECTORY_FILES: [&str; 3] = [
    CENTRAL_VERSIONS,
    "Directory.Build.props",
    "Directory.Build.targets",
];
/// The settings of NuGet, in the spellings that it looks for.
pub(super) const SETTINGS: [&str; 3] = ["nuget.config", "NuGet.config", "NuGet.Config"];
/// The files of other tools next to a project.
pub(super) const OTHER_TOOLS: [&str; 2] = ["paket.references", "packages.config"];
/// The directories above a project that are looked into.
const LEVELS: usize = 12;

/// Returns the files that a project may be built with, relative to its directory.
pub(super) fn possible_files() -> Vec<String> {
    let mut files: Vec<String> = OTHER_TOOLS.iter().map(|it| (*it).to_owned()).collect();
    for level in 0..=LEVELS {
        let above = "../".repeat(level);
        let names = DIRECTORY_FILES.iter().chain(&SETTINGS);
        files.extend(names.map(|name| format!("{above}{name}")));
    }
    files
}

/// The name of the file at `path`.
pub(super) fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// A project and the files that it is built with, in the order in which MSBuild reads them.
pub(super) struct DotnetBuild<'a> {
    files: Vec<MsbuildFile<'a>>,
    /// Which of them is the project.
    own: usize,
}

/// A text with its properties put in.
pub(super) struct ResolvedVersion<'a> {
    /// The text; a property that is not certain stays as it is written.
    pub(super) text: &'a str,
    /// The file in which it stands, and where: another one if a property holds it.
    pub(super) file: usize,
    pub(super) start: usize,
    /// The property that holds it.
    pub(super) property: Option<&'a str>,
}

impl ResolvedVersion<'_> {
    /// Whether a property is left that no file at hand settles.
    pub(super) fn is_open(&self) -> bool {
        self.text.contains("$(")
    }
}

impl<'a> DotnetBuild<'a> {
    /// Reads the project `source`, shown as `path`, and those of `others` that it is built with.
    ///
    /// # Errors
    /// The line of the project that is wrong. Another file that cannot be read decides nothing; the build reports it.
    pub(super) fn read(
        path: &'a str,
        source: &'a str,
        others: &'a [(String, String)],
    ) -> Result<Self, EditRefusal> {
        let project = MsbuildFile::read(path, source)?;
        let nearest = |name| chain(name, others);
        let mut files = nearest("Directory.Build.props");
        files.extend(nearest(CENTRAL_VERSIONS));
        let is_named = |path: &str| {
            let name = file_name(path);
            DIRECTORY_FILES.contains(&name)
                || SETTINGS.contains(&name)
                || OTHER_TOOLS.contains(&name)
        };
        let imported = others.iter().filter(|(path, _)| !is_named(path));
        files.extend(imported.filter_map(|(path, text)| MsbuildFile::read(path, text).ok()));
        let own = files.len();
        files.push(project);
        files.extend(nearest("Directory.Build.targets"));
        Ok(Self { files, own })
    }

    /// The project itself.
    pub(super) fn project(&self) -> &MsbuildFile<'a> {
        &self.files[self.own]
    }

    pub(super) fn file(&self, index: usize) -> &MsbuildFile<'a> {
        &self.files[index]
    }

    /// Whether the file `index` is the project.
    pub(super) const fn is_own(&self, index: usize) -> bool {
        index == self.own
    }

    pub(super) fn files(&self) -> impl Iterator<Item = &MsbuildFile<'a>> {
        self.files.iter()
    }

    /// Every item of every file that names packages.
    pub(super) fn items(&self) -> Vec<(usize, PackageItem<'_, 'a>)> {
        let files = self.files.iter().enumerate();
        files
            .flat_map(|(index, file)| file.items().into_iter().map(move |item| (index, item)))
            .collect()
    }

    /// The items of `kind` that add `package`.
    pub(super) fn items_of(
        &self,
        kind: ItemKind,
        package: &str,
    ) -> Vec<(usize, PackageItem<'_, 'a>)> {
        let mut items = self.items();
        items.retain(|(_, item)| item.kind == kind && item.adds(package));
        items
    }

    /// The index of the file that lists the versions of packages.
    pub(super) fn central_versions(&self) -> Option<usize> {
        self.files
            .iter()
            .position(|file| file_name(file.path) == CENTRAL_VERSIONS)
    }

    /// Whether versions are listed for the whole repository (learn.microsoft.com/nuget/consume-packages/central-package-management).
    pub(super) fn is_central(&self) -> bool {
        self.is_true("ManagePackageVersionsCentrally")
    }

    fn is_true(&self, name: &str) -> bool {
        let mut values = self.files.iter().filter_map(|file| file.property(name));
        values
            .next_back()
            .is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }

    /// `value`, which stands in the file `index`, with the property that it is put in.
    pub(super) fn resolved(&self, index: usize, value: PlacedText<'a>) -> ResolvedVersion<'a> {
        let as_written = ResolvedVersion {
            text: value.text,
            file: index,
            start: value.start,
            property: None,
        };
        let name = value.text.strip_prefix("$(");
        let Some(name) = name.and_then(|it| it.strip_suffix(')')) else {
            return as_written;
        };
        let mut found: Option<ResolvedVersion> = None;
        for (file, content) in self.files.iter().enumerate() {
            for property in content.properties() {
                if !property.name.eq_ignore_ascii_case(name) {
                    continue;
                }
                if property.is_default() && found.is_some() {
                    continue;
                }
                if !property.is_certain() && !property.is_default() {
                    return as_written;
                }
                found = Some(ResolvedVersion {
                    text: property.value.text,
                    file,
                    start: property.value.start,
                    property: Some(property.name),
                });
            }
        }
        found.unwrap_or(as_written)
    }
}

/// The nearest file `name` of `others`, and those above it that it imports, the highest first.
fn chain<'a>(name: &str, others: &'a [(String, String)]) -> Vec<MsbuildFile<'a>> {
    let mut named: Vec<_> = others
        .iter()
        .filter(|(path, _)| file_name(path) == name && path.replace("../", "") == name)
        .collect();
    named.sort_by_key(|(path, _)| path.len());
    let mut files = Vec::new();
    for (path, text) in named {
        let Ok(file) = MsbuildFile::read(path, text) else {
            break;
        };
        let continues = file.imports().any(|(_, project)| project.contains(name));
        files.push(file);
        if !continues {
            break;
        }
    }
    files.reverse();
    files
}
