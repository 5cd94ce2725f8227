//! The edit that makes a project depend on a package.

use super::build::{self, DotnetBuild, ResolvedVersion};
use super::insertion::insertion;
use super::msbuild_file::{ItemKind, MsbuildFile, PackageItem, PlacedText, old_form};
use super::source_mapping;
use crate::message::{Message, message};
use crate::project::edit::{Edit, EditRefusal, FileEdit, Splice};
use crate::project::pom_xml::maven_range;
use crate::project::requirement::{AskedVersions, Requirement};

/// The edit that makes the project `source` depend on `wanted`.
///
/// # Errors
/// Why it cannot be edited.
pub(super) fn edit(source: &str, wanted: Requirement) -> Result<Edit, EditRefusal> {
    let build = DotnetBuild::read(wanted.file, source, wanted.parents)?;
    let edit = ReferenceEdit {
        build: &build,
        wanted,
    };
    edit.refuse_other_tools()?;
    edit.edit()
}

struct ReferenceEdit<'a> {
    build: &'a DotnetBuild<'a>,
    wanted: Requirement<'a>,
}

/// Who chooses the version of the package.
enum VersionSource<'a> {
    /// An item of a file, with its text.
    Item(usize, PlacedText<'a>),
    /// Nobody at hand.
    Nowhere,
}

impl<'a> ReferenceEdit<'a> {
    fn edit(&self) -> Result<Edit, EditRefusal> {
        let project = self.build.project();
        let ours = self.ours();
        let is_central = self.build.is_central();
        if ours.is_empty() && !project.has_sdk() {
            return Err(self.refuse_old_form());
        }
        let (own, elsewhere) = self.upgrades();
        let mut edit = Edit {
            notes: self.notes(),
            replacements: own,
            elsewhere,
            asked: Some(self.wanted.version.to_owned()),
            ..Edit::default()
        };
        for (index, item) in &ours {
            edit.notes.extend(self.stays(*index, item)?);
        }
        let central = self.central_version();
        if is_central {
            self.refuse_second_version(&ours)?;
        }
        match (&central, is_central) {
            (VersionSource::Item(index, version), _) => {
                edit.notes.extend(self.check_version(*index, *version)?);
            }
            (VersionSource::Nowhere, true) if !self.is_overridden(&ours) => {
                edit.elsewhere.push(self.new_central_version()?);
            }
            (VersionSource::Nowhere, _) => {}
        }
        if let Some(version) = self.version_in_force(&ours, &central) {
            let is_upgraded = self.is_upgraded(&version);
            if !version.is_open() && !is_upgraded {
                edit.asked = Some(version.text.to_owned());
            }
        }
        if ours.is_empty() {
            let mut attributes = vec![("Include", self.wanted.package.to_owned())];
            if !is_central && matches!(central, VersionSource::Nowhere) {
                attributes.push(("Version", self.wanted.version.to_owned()));
            }
            edit.insertion = Some(insertion(project, ItemKind::Reference, attributes));
        }
        Ok(edit)
    }

    /// The items that add the package to the project.
    fn ours(&self) -> Vec<(usize, PackageItem<'a, 'a>)> {
        let mut ours = self
            .build
            .items_of(ItemKind::Reference, self.wanted.package);
        ours.extend(self.build.items_of(ItemKind::Global, self.wanted.package));
        ours
    }

    /// Refuses a project whose packages another tool installs.
    fn refuse_other_tools(&self) -> Result<(), EditRefusal> {
        let project = self.build.project();
        let is_there = |name: &str| {
            let mut paths = self.wanted.parents.iter().map(|(path, _)| path);
            paths.any(|path| path == name)
        };
        let (package, version) = (self.wanted.package, self.wanted.version);
        let imports_paket = project
            .imports()
            .find(|(_, it)| it.contains("Paket.Restore.targets"));
        if let Some(line) = imports_paket
            .map(|(line, _)| line)
            .or_else(|| is_there("paket.references").then_some(1))
        {
            return Err(EditRefusal::Conflict {
                line,
                found: message!("project-csproj-paket"),
                next: message!(
                    "project-csproj-paket-next",
                    package = package,
                    version = version,
                    file = self.wanted.file
                ),
            });
        }
        let mut sdks = self.build.files().flat_map(MsbuildFile::sdks);
        if sdks.any(|it| it.starts_with("Microsoft.Build.CentralPackageVersions")) {
            return Err(EditRefusal::Conflict {
                line: 1,
                found: message!("project-csproj-central-sdk"),
                next: message!(
                    "project-csproj-central-sdk-next",
                    package = package,
                    version = version
                ),
            });
        }
        Ok(())
    }

    fn refuse_old_form(&self) -> EditRefusal {
        let project = self.build.project();
        let (package, version) = (self.wanted.package, self.wanted.version);
        EditRefusal::Conflict {
            line: project.line(project.root()),
            found: old_form(),
            next: message!(
                "project-csproj-old-next",
                package = package,
                version = version,
                file = self.wanted.file
            ),
        }
    }

    /// Refuses a version on a reference in a repository that lists versions: NuGet refuses it, too.
    fn refuse_second_version(
        &self,
        ours: &[(usize, PackageItem<'a, 'a>)],
    ) -> Result<(), EditRefusal> {
        for (index, item) in ours {
            let file = self.build.file(*index);
            let Some(version) = file.metadata(item.element, "Version") else {
                continue;
            };
            if item.kind == ItemKind::Global {
                continue;
            }
            let line = file.line_at(version.start);
            let conflict = EditRefusal::Conflict {
                line,
                found: message!(
                    "project-csproj-second-version",
                    package = self.wanted.package
                ),
                next: message!(
                    "project-csproj-second-version-next",
                    package = self.wanted.package,
                    version = self.wanted.version
                ),
            };
            return Err(self.placed(*index, conflict));
        }
        Ok(())
    }

    /// `refusal`, which names a line of the file `index`.
    fn placed(&self, index: usize, refusal: EditRefusal) -> EditRefusal {
        if self.build.is_own(index) {
            return refusal;
        }
        let project = self.build.project();
        refusal.elsewhere(project.line(project.root()), self.build.file(index).path)
    }

    /// The item outside of the references that chooses the version.
    fn central_version(&self) -> VersionSource<'a> {
        let package = self.wanted.package;
        let items = self.build.items();
        let is_central = self.build.is_central();
        let chosen = items.iter().rev().find_map(|(index, item)| {
            let chooses = match item.kind {
                ItemKind::Version => is_central && (item.adds(package) || item.updates(package)),
                ItemKind::Reference => item.updates(package),
                ItemKind::Global => false,
            };
            let file = self.build.file(*index);
            let version = file.metadata(item.element, "Version");
            version.filter(|_| chooses).map(|version| (*index, version))
        });
        chosen.map_or(VersionSource::Nowhere, |(index, version)| {
            VersionSource::Item(index, version)
        })
    }

    /// Whether one of `ours` chooses its version itself, although versions are listed.
    fn is_overridden(&self, ours: &[(usize, PackageItem<'a, 'a>)]) -> bool {
        ours.iter().any(|(index, item)| {
            let file = self.build.file(*index);
            item.kind == ItemKind::Global
                || file.metadata(item.element, "VersionOverride").is_some()
        })
    }

    /// The edit of the list of versions, which gets the package.
    fn new_central_version(&self) -> Result<FileEdit, EditRefusal> {
        let (package, version) = (self.wanted.package, self.wanted.version);
        let Some(index) = self.build.central_versions() else {
            return Err(EditRefusal::Conflict {
                line: 1,
                found: message!("project-csproj-no-central"),
                next: message!(
                    "project-csproj-no-central-next",
                    package = package,
                    version = version
                ),
            });
        };
        let file = self.build.file(index);
        let attributes = vec![
            ("Include", package.to_owned()),
            ("Version", version.to_owned()),
        ];
        Ok(FileEdit {
            path: file.path.to_owned(),
            splices: vec![insertion(file, ItemKind::Version, attributes)],
        })
    }

    /// The version of a reference that is there.
    fn own_version(&self, index: usize, item: &PackageItem<'a, 'a>) -> Option<PlacedText<'a>> {
        let file = self.build.file(index);
        let own = file.metadata(item.element, "VersionOverride");
        own.or_else(|| file.metadata(item.element, "Version"))
    }

    /// The version that NuGet is asked for.
    fn version_in_force(
        &self,
        ours: &[(usize, PackageItem<'a, 'a>)],
        central: &VersionSource<'a>,
    ) -> Option<ResolvedVersion<'a>> {
        let own = ours
            .iter()
            .find_map(|(index, item)| Some((*index, self.own_version(*index, item)?)));
        let (index, version) = match (own, central) {
            (Some(own), _) => own,
            (None, VersionSource::Item(index, version)) => (*index, *version),
            (None, VersionSource::Nowhere) => return None,
        };
        Some(self.build.resolved(index, version))
    }

    /// Notes about a reference that is there.
    ///
    /// # Errors
    /// The conflict, if its version does not work.
    fn stays(&self, index: usize, item: &PackageItem<'a, 'a>) -> Result<Vec<Message>, EditRefusal> {
        let file = self.build.file(index);
        let mut notes = Vec::new();
        if let Some(condition) = item.condition {
            notes.push(message!(
                "project-csproj-condition",
                file = file.path,
                line = file.line(item.element),
                package = self.wanted.package,
                condition = condition
            ));
        }
        match self.own_version(index, item) {
            Some(version) => notes.extend(self.check_version(index, version)?),
            None => {
                let is_chosen = matches!(self.central_version(), VersionSource::Item(..));
                if !is_chosen && !self.build.is_central() {
                    notes.push(message!(
                        "project-csproj-no-version",
                        file = file.path,
                        line = file.line(item.element),
                        package = self.wanted.package
                    ));
                }
            }
        }
        Ok(notes)
    }

    /// A note about `version` of the file `index`.
    ///
    /// # Errors
    /// The conflict, if it does not work.
    fn check_version(
        &self,
        index: usize,
        version: PlacedText<'a>,
    ) -> Result<Option<Message>, EditRefusal> {
        let resolved = self.build.resolved(index, version);
        let file = self.build.file(resolved.file);
        let line = file.line_at(resolved.start);
        let package = self.wanted.package;
        if resolved.is_open() {
            return Ok(Some(message!(
                "project-csproj-open",
                file = file.path,
                line = line,
                package = package,
                asks = resolved.text
            )));
        }
        let found = resolved.text;
        let ours = self.wanted.version;
        if found == ours {
            return Ok(None);
        }
        let place = (file.path, line);
        if let Some(versions) = self.admitted(found) {
            let settled = self.wanted.settle_range(place, versions, ours);
            return settled
                .map(Some)
                .map_err(|it| self.placed(resolved.file, it));
        }
        if found == "*" || found == "*-*" {
            let settled = self.wanted.settle_newest(place, found);
            return settled
                .map(Some)
                .map_err(|it| self.placed(resolved.file, it));
        }
        if self.is_upgraded(&resolved) {
            return Ok(None);
        }
        let what = match resolved.property {
            Some(property) => message!(
                "project-csproj-property",
                found = found,
                property = property
            ),
            None => Message::quoted(found),
        };
        let depends = message!("project-depends", artifact = package, what = what);
        let versions = AskedVersions::exact(found);
        let settled = self.wanted.settle(place, depends, versions, ours);
        settled
            .map(Some)
            .map_err(|it| self.placed(resolved.file, it))
    }

    /// The range `found` if it admits our version, with the version that NuGet takes: the lowest of an interval, the newest of `3.*`.
    fn admitted<'t>(&self, found: &'t str) -> Option<AskedVersions<'t>>
    where
        'a: 't,
    {
        if let Some(prefix) = found.strip_suffix('*').filter(|it| !it.is_empty()) {
            let admits = |version: &str| version.starts_with(prefix);
            return admits(self.wanted.version).then(|| self.wanted.asked(found, admits));
        }
        if maven_range::admits(found, self.wanted.version) != Some(true) {
            return None;
        }
        let lowest = found.trim_start_matches(['[', '(']).split([',', ']', ')']);
        let lowest = lowest.map(str::trim).next().filter(|it| !it.is_empty());
        Some(AskedVersions {
            text: found,
            taken: lowest,
        })
    }

    /// Whether our version replaces `resolved`.
    fn is_upgraded(&self, resolved: &ResolvedVersion) -> bool {
        let found = resolved.text;
        !resolved.is_open()
            && !found.contains(['*', ',', '[', '('])
            && self.wanted.replaces(AskedVersions::exact(found))
    }

    /// Our version instead of every older one: in the project, and in the other files.
    fn upgrades(&self) -> (Vec<Splice>, Vec<FileEdit>) {
        let package = self.wanted.package;
        let mut splices: Vec<(usize, Splice)> = Vec::new();
        for (index, item) in self.build.items() {
            if !item.adds(package) && !item.updates(package) {
                continue;
            }
            let file = self.build.file(index);
            let names = ["Version", "VersionOverride"].into_iter();
            for version in names.filter_map(|name| file.metadata(item.element, name)) {
                let resolved = self.build.resolved(index, version);
                if !self.is_upgraded(&resolved) {
                    continue;
                }
                let splice = Splice {
                    at: resolved.start,
                    removes: resolved.text.len(),
                    text: self.wanted.version.into(),
                };
                // A property that two items name changes once.
                if !splices.contains(&(resolved.file, splice.clone())) {
                    splices.push((resolved.file, splice));
                }
            }
        }
        let mut own = Vec::new();
        let mut elsewhere: Vec<FileEdit> = Vec::new();
        for (index, splice) in splices {
            if self.build.is_own(index) {
                own.push(splice);
                continue;
            }
            let path = self.build.file(index).path;
            match elsewhere.iter_mut().find(|it| it.path == path) {
                Some(edit) => edit.splices.push(splice),
                None => elsewhere.push(FileEdit {
                    path: path.to_owned(),
                    splices: vec![splice],
                }),
            }
        }
        (own, elsewhere)
    }

    /// Notes about what stays unchanged.
    fn notes(&self) -> Vec<Message> {
        let project = self.build.project();
        let mut notes = Vec::new();
        for item in project.items() {
            for name in item.packages() {
                notes.extend(self.wanted.retirement(name).map(|why| {
                    message!(
                        "project-csproj-retired",
                        file = project.path,
                        line = project.line(item.element),
                        name = name,
                        why = why
                    )
                }));
            }
        }
        for (path, text) in self.wanted.parents {
            if build::SETTINGS.contains(&build::file_name(path)) {
                notes.extend(source_mapping::note(path, text, self.wanted.package));
            }
        }
        let has_list = self
            .wanted
            .parents
            .iter()
            .any(|(path, _)| path == "packages.config");
        if has_list {
            notes.push(message!("project-csproj-packages-config"));
        }
        notes
    }
}
