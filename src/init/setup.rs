//! The changes in one project.

mod frameworks;
mod lock_files;
mod programs;
mod requirement;
mod values;

use std::path::Path;

use super::driver_jar::ProjectJar;
use super::java_names::JavaNames;
use super::lock_files::LockQuery;
use super::parents::{self, ParentManifest};
use super::surroundings::Surroundings;
use super::{PastedSettings, ending_connections, notes};
use crate::catalog::connectors::{Choice, Connectors, Transport};
use crate::error::{Error, ErrorId, Result};
use crate::message::locale::LocalizedText;
use crate::message::{Message, message};
use crate::project::files::{self, ProjectRoot};
use crate::project::language::{self, BuildTool, ProjectLanguage, ProjectLayout, TemplateFile};
use crate::project::manifest::{self, ManifestFormat};
use crate::project::member_directories;
use crate::project::plan::{Action, FileChange, Plan};
use crate::project::requirement::{DependencyList, Requirement};
use crate::project::template::{Values, render, render_file};
use crate::tdengine::version::Version;
use crate::verify::Server;

/// What a new project asks of the package that loads its connector.
const ANY_VERSION: &str = "*";

/// The project that is set up, and what it is set up with.
pub(super) struct ProjectSetup<'a> {
    pub(super) language: &'a ProjectLanguage,
    pub(super) transport: Transport,
    pub(super) choice: Choice,
    /// The connector's jar, if its language has one.
    pub(super) jar: Option<&'a ProjectJar>,
    /// The server that it is for, if it is known.
    pub(super) server: Option<Version>,
    /// That server, if it was asked.
    pub(super) asked: Option<&'a Server>,
    /// What `--dist` asks the registry for.
    pub(super) classifier: Option<&'a str>,
    pub(super) name: String,
    /// Where the package comes from instead of its registry, as the manifest writes it.
    pub(super) location: Option<&'a str>,
    /// Whether it is for TDengine Cloud.
    pub(super) cloud: bool,
    /// Whether an older version makes way, and retired packages go.
    pub(super) upgrade: bool,
    /// Whether any other version makes way for the chosen release.
    pub(super) is_pinned: bool,
    /// Whether the native connector is compiled, too.
    pub(super) builds_module: bool,
    /// Whether an existing project gets the example `basic`, too.
    pub(super) example: bool,
    /// The examples beside `basic`.
    pub(super) extra_examples: &'a [String],
    /// The parts of the connector's package that a new project needs.
    pub(super) parts: Vec<String>,
    /// The names of Java projects.
    pub(super) java: &'a JavaNames,
    /// The list of the manifest that gets the connector.
    pub(super) list: DependencyList<'a>,
    /// The options that name a new project and were given.
    pub(super) named: Vec<&'static str>,
    pub(super) root: &'a Path,
    /// The project's directory, held open.
    pub(super) directory: &'a ProjectRoot,
}

/// A plan, the layout that it follows, and notes.
pub(super) struct PlannedSetup<'a> {
    pub(super) plan: Plan,
    pub(super) layout: &'a ProjectLayout,
    /// What lock files are compared with.
    pub(super) locked: LockQuery,
    pub(super) settings: Vec<PastedSettings>,
    pub(super) notes: Vec<Message>,
}

/// A program in the project that uses the connector.
struct OwnProgram<'a> {
    layout: &'a ProjectLayout,
    /// Whether it is not just as init writes it; unknown if nothing is upgraded.
    is_edited: bool,
}

impl<'a> ProjectSetup<'a> {
    /// Plans the changes. Reads the project, and writes nothing.
    pub(super) fn plan(&self) -> Result<PlannedSetup<'a>> {
        let file = &self.language.manifest.file;
        let mut planned = match self.directory.read(file)? {
            None => self.plan_new()?,
            Some(before) => {
                let mut planned = self.plan_existing(before)?;
                let unused = self
                    .named
                    .iter()
                    .map(|option| message!("init-name-unused", option = option, file = file));
                planned.notes.extend(unused);
                planned
            }
        };
        let format = self.language.manifest.format;
        let workspace = parents::note_about_go_work(self.root, format);
        planned.notes.extend(workspace);
        Ok(planned)
    }

    /// No manifest: every file of the new layout is created, or is there already just so.
    fn plan_new(&self) -> Result<PlannedSetup<'a>> {
        self.refuse_aggregator(None)?;
        if !self.language.manifest.personal {
            self.refuse_other_projects()?;
        }
        let layout = &self.language.new;
        let manifest = &self.language.manifest;
        let mut parents = parents::of_project(self.root, manifest, "");
        let mut notes = Vec::new();
        if let Some(ParentManifest {
            path, text, member, ..
        }) = parents.first()
            && let Some(note) = manifest
                .format
                .reader()
                .note_about_new_member(path, text, member)
        {
            // It is none of that workspace's, so its lock file is not, either.
            notes.push(note);
            parents.clear();
        }
        let around = Surroundings {
            name: Some(self.name.clone()),
            ..Surroundings::of(manifest.format, "", &parents)
        };
        let values = self.values(layout, &around)?;
        let mut changes = layout
            .files
            .iter()
            .map(|file| self.create(file, &values))
            .collect::<Result<Vec<_>>>()?;
        changes.extend(self.plan_programs(layout, &values)?);
        let mut planned = self.planned(layout, changes, notes);
        if manifest.personal {
            planned
                .notes
                .extend(self.notes_about_new(&planned.plan, &around)?);
        }
        planned.locked.around = around;
        planned.locked.asked = Some(match self.choice.loader {
            Some(_) => ANY_VERSION.to_owned(),
            None => self.choice.version.to_owned(),
        });
        Ok(planned)
    }

    /// Notes about the new manifest in `plan`, as if it had been there.
    fn notes_about_new(&self, plan: &Plan, around: &Surroundings) -> Result<Vec<Message>> {
        let manifest = &self.language.manifest;
        let Some(new) = plan.changes.iter().find(|it| it.path == manifest.file) else {
            return Ok(Vec::new());
        };
        let text = String::from_utf8_lossy(&new.after);
        let sections = self.sections(around)?;
        let others = self.others(&text, Vec::new());
        let requirement = Requirement {
            sections: &sections,
            ..self.requirement(&self.choice, &[], &others, &[])
        };
        let edit = manifest.format.reader().edit(&text, requirement);
        Ok(edit.map(|edit| edit.notes).unwrap_or_default())
    }

    /// Refuses a directory that has the project of another tool or another language: no second one is put next to it.
    fn refuse_other_projects(&self) -> Result<()> {
        let names = self.directory.names();
        let refuse = |file: &str, tool: &str, next: Message| {
            let path = files::shown(&self.root.join(file));
            Err(Error::new(
                ErrorId::Usage,
                message!("init-start", language = self.language.title),
                message!("init-other-tool", path = path, tool = tool),
                next,
            ))
        };
        let holds_list = |(file, tool): &(&str, &BuildTool)| {
            let bytes = self.directory.read(file).ok().flatten().unwrap_or_default();
            let text = String::from_utf8_lossy(&bytes);
            tool.holds.as_ref().is_some_and(|word| text.contains(word))
        };
        // One of several files may only load another.
        let holder = self.language.builders_of(&names).find(holds_list);
        if let Some((file, tool)) = holder.or(self.language.builder_of(&names)) {
            let values = self.values(&self.language.existing, &Surroundings::default())?;
            return refuse(file, &tool.title, tool_advice(tool, &values)?);
        }
        for id in language::ids().filter(|id| *id != self.language.id) {
            let other = language::load(id)?.with_names(&names);
            if let Some((file, tool)) = other.builder_of(&names) {
                return refuse(file, &tool.title, message!("init-elsewhere"));
            }
            let mut manifests = other.manifests();
            let found = manifests.find(|it| {
                let reader = it.format.reader();
                let bytes = self.directory.read(&it.file).ok().flatten();
                !reader.is_shared()
                    && bytes
                        .is_some_and(|it| reader.holds_dependencies(&String::from_utf8_lossy(&it)))
            });
            if let Some(manifest) = found {
                return refuse(&manifest.file, &other.title, message!("init-elsewhere"));
            }
        }
        Ok(())
    }

    /// Refuses a directory that only holds projects together, by a file next to their manifests.
    fn refuse_aggregator(&self, own: Option<&str>) -> Result<()> {
        if own.is_some() {
            return self.refuse_aggregator_of(self.language.manifest.format, own);
        }
        // The manifest that a new project would get may be of another tool.
        let mut formats = self.language.manifests().map(|it| it.format);
        formats.try_for_each(|format| self.refuse_aggregator_of(format, None))
    }

    fn refuse_aggregator_of(&self, format: ManifestFormat, own: Option<&str>) -> Result<()> {
        let reader = format.reader();
        if own.is_some_and(|text| reader.root_is_project(text)) {
            return Ok(());
        }
        let has_manifest = own.is_some();
        let names = self.directory.names();
        let Some(file) = reader.workspace_among(&names, has_manifest) else {
            return Ok(());
        };
        let Some(bytes) = self.directory.read(&file)? else {
            return Ok(());
        };
        let members = reader.workspace_members(&String::from_utf8_lossy(&bytes));
        let members = self.expand(&members);
        if members.is_empty()
            || members
                .iter()
                .any(|it| it.trim_matches(['.', '/']).is_empty())
        {
            return Ok(());
        }
        let path = files::shown(&self.root.join(&file));
        Err(Error::new(
            ErrorId::Usage,
            message!(
                "project-edit",
                package = self.choice.package,
                version = self.choice.version,
                path = path
            ),
            message!("project-workspace-root"),
            manifest::list_members(&path, &members),
        ))
    }

    /// The directories that the patterns `members` of a workspace name.
    fn expand(&self, members: &[String]) -> Vec<String> {
        let manifests: Vec<_> = self
            .language
            .manifests()
            .map(|it| it.file.as_str())
            .collect();
        member_directories::expand(self.directory, members, &manifests)
    }

    /// Refuses to add the connector to itself.
    fn refuse_connector_itself(&self, text: &str) -> Result<()> {
        let reader = self.language.manifest.format.reader();
        let is_itself = |name: String| name.replace('_', "-") == self.choice.package;
        if !reader.project_name(text).is_some_and(is_itself) {
            return Ok(());
        }
        Err(Error::new(
            ErrorId::Usage,
            message!(
                "project-edit",
                package = self.choice.package,
                version = self.choice.version,
                path = self.language.manifest.file
            ),
            message!("init-connector-itself"),
            message!("init-connector-itself-next"),
        ))
    }

    /// A manifest: the dependency is spliced in, and a program is added unless there is one already.
    fn plan_existing(&self, before: Vec<u8>) -> Result<PlannedSetup<'a>> {
        let file = &self.language.manifest.file;
        let retired = Connectors::built_in().retired(self.language.id);
        let own_text = String::from_utf8_lossy(&before);
        self.refuse_connector_itself(&own_text)?;
        self.refuse_aggregator(Some(&own_text))?;
        let parents = parents::of_project(self.root, &self.language.manifest, &own_text);
        let format = self.language.manifest.format;
        let mut around = Surroundings::of(format, &own_text, &parents);
        let others = self.others(&own_text, parents);
        let locked = self.locked_versions(&around);
        let sections = self.sections(&around)?;
        let requirement = Requirement {
            sections: &sections,
            ..self.requirement(&self.choice, &retired, &others, &locked)
        };
        let shown = files::shown(&self.root.join(file));
        let expand = |members: &[String]| self.expand(members);
        let (rest, gone) = match std::str::from_utf8(&before) {
            Ok(text) if self.upgrade => manifest::remove_retired(format, text, &retired),
            Ok(text) => (text.to_owned(), Vec::new()),
            // What is not text is refused.
            Err(_) => {
                manifest::edit(format, &shown, &before, requirement, &expand)?;
                (String::new(), Vec::new())
            }
        };
        let edit = manifest::edit(format, &shown, rest.as_bytes(), requirement, &expand)?;
        let after = edit.apply(&rest).into_bytes();
        around.asked.clone_from(&edit.asked);
        let mut changes = vec![FileChange {
            path: file.clone(),
            before: Some(before),
            after,
        }];
        for edit in &edit.elsewhere {
            let Some((_, before)) = others.iter().find(|(path, _)| *path == edit.path) else {
                continue;
            };
            changes.push(FileChange {
                path: edit.path.clone(),
                after: edit.apply(before).into_bytes(),
                before: Some(before.clone().into_bytes()),
            });
        }
        let after = String::from_utf8_lossy(&changes[0].after);
        let program = self.release_of_program(&after, &edit, requirement);
        let own = self.own_program(&program, &around)?;
        let kept = own.as_ref().is_some_and(|own| own.is_edited);
        let layout = match own {
            // A program that init made, or that its user wrote, with the files around it.
            Some(OwnProgram { layout, is_edited }) => {
                let values = self.values_for(&program, layout, &around)?;
                for file in &layout.files {
                    if file.path == self.language.manifest.file {
                        continue;
                    }
                    if let Some(before) = self.directory.read(&file.path)? {
                        let is_rewritten = self.upgrade && file.program && !is_edited;
                        changes.push(if is_rewritten {
                            self.rewrite(file, before, &values)?
                        } else {
                            FileChange::keep(&file.path, before)
                        });
                    }
                }
                layout
            }
            None if self.example || self.language.example_is_dependency() => {
                let layout = &self.language.example;
                let values = self.values_for(&program, layout, &around)?;
                for file in &layout.files {
                    changes.push(self.create(file, &values)?);
                }
                layout
            }
            None => &self.language.existing,
        };
        let values = self.values_for(&program, layout, &around)?;
        for change in self.plan_programs(layout, &values)? {
            if changes.iter().all(|planned| planned.path != change.path) {
                changes.push(change);
            }
        }
        let mut notes = edit.notes;
        notes.extend(notes::unrelated_packages(self.language, &rest));
        notes.extend(notes::community_packages(self.language, &rest));
        notes.extend(
            self.locks(&around)
                .iter()
                .flat_map(|found| self.notes_about_lock(found)),
        );
        notes.extend(self.notes_about_ending_programs()?);
        let mut planned = self.planned(layout, changes, notes);
        planned.locked.asked = edit.asked;
        planned.locked.edited |= !edit.elsewhere.is_empty();
        planned.locked.others_go = !gone.is_empty();
        for package in gone {
            let code = Connectors::built_in().code_of_retired(self.language.id, package);
            let code = code.cloned().map(Message::from);
            planned.notes.push(message!(
                "init-retired-removed",
                file = file,
                package = package,
                code = code.unwrap_or_default()
            ));
        }
        if !edit.replacements.is_empty() && kept {
            planned.notes.push(message!(
                "init-example-kept",
                package = self.choice.package,
                version = self.choice.version
            ));
        }
        for framework in &edit.frameworks {
            let (settings, notes) = self.settings(framework, layout, &around)?;
            planned.settings.extend(settings);
            planned.notes.extend(notes);
            planned.notes.extend(self.managed_libraries(framework));
        }
        planned.locked.around = around;
        Ok(planned)
    }

    /// The program that is there and uses this connector over this transport.
    fn own_program(
        &self,
        program: &Choice,
        around: &Surroundings,
    ) -> Result<Option<OwnProgram<'a>>> {
        let Some(word) = self.language.uses.get(self.transport.as_str()) else {
            return Ok(None);
        };
        for layout in [&self.language.new, &self.language.example] {
            if let Some(file) = layout.program()
                && let Some(content) = self.directory.read(&file.path)?
                && word.any_in(&String::from_utf8_lossy(&content))
            {
                let is_edited = !self.is_unedited(file, &content, layout, program, around)?;
                return Ok(Some(OwnProgram { layout, is_edited }));
            }
        }
        Ok(None)
    }

    /// Notes about programs of init's names that use a connection which the vendor ends, other than the one that is set up.
    fn notes_about_ending_programs(&self) -> Result<Vec<Message>> {
        let mut notes = Vec::new();
        for (transport, words) in &self.language.uses {
            let Ok(transport) = transport.parse::<Transport>() else {
                continue;
            };
            for layout in [&self.language.new, &self.language.example] {
                if transport != self.transport
                    && let Some(file) = layout.program()
                    && let Some(content) = self.directory.read(&file.path)?
                    && words.any_in(&String::from_utf8_lossy(&content))
                {
                    notes.extend(ending_connections::note_about_settings(
                        self.language,
                        transport,
                        &file.path,
                    ));
                }
            }
        }
        Ok(notes)
    }

    /// Whether `content` is what init writes for some release.
    fn is_unedited(
        &self,
        file: &TemplateFile,
        content: &[u8],
        layout: &ProjectLayout,
        program: &Choice,
        around: &Surroundings,
    ) -> Result<bool> {
        if !self.upgrade {
            return Ok(false);
        }
        let catalog = Connectors::built_in();
        let releases = catalog.releases(program, self.language.id, self.transport);
        for choice in releases {
            let mut values = self.values_for(&choice, layout, around)?;
            if self.rendered(file, &values)?.as_bytes() == content {
                return Ok(true);
            }
            if let Some(replaced) = self.jar.and_then(|jar| jar.replaced.as_ref()) {
                values.connector.jar.clone_from(replaced);
                if self.rendered(file, &values)?.as_bytes() == content {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    fn rendered(&self, file: &TemplateFile, values: &Values) -> Result<String> {
        render_file(self.language.id, &file.template, values)
    }

    fn rewrite(&self, file: &TemplateFile, before: Vec<u8>, values: &Values) -> Result<FileChange> {
        Ok(FileChange {
            path: file.path.clone(),
            before: Some(before),
            after: self.rendered(file, values)?.into_bytes(),
        })
    }

    fn create(&self, file: &TemplateFile, values: &Values) -> Result<FileChange> {
        let after = self.rendered(file, values)?.into_bytes();
        let before = self.directory.read(&file.path)?;
        if before.as_ref().is_some_and(|before| *before != after) {
            return Err(Error::new(
                ErrorId::WouldOverwrite,
                message!(
                    "init-create",
                    path = files::shown(&self.root.join(&file.path))
                ),
                message!("init-exists"),
                message!("project-move-away"),
            ));
        }
        Ok(FileChange {
            path: file.path.clone(),
            before,
            after,
        })
    }

    fn planned(
        &self,
        layout: &'a ProjectLayout,
        changes: Vec<FileChange>,
        notes: Vec<Message>,
    ) -> PlannedSetup<'a> {
        PlannedSetup {
            locked: LockQuery {
                package: self.choice.manifest_package().to_owned(),
                edited: changes.iter().any(|change| {
                    change.path == self.language.manifest.file && change.action() != Action::None
                }),
                ..LockQuery::default()
            },
            plan: Plan { changes },
            layout,
            settings: Vec::new(),
            notes,
        }
    }
}

/// The line to add to a project that `tool` builds, or the command that adds it.
fn tool_advice(tool: &BuildTool, values: &Values) -> Result<Message> {
    let rendered = |text: &str| render("an advice of template.toml", text, values);
    Ok(match (&tool.line, &tool.command) {
        (Some(line), _) => message!(
            "init-tool-line",
            line = rendered(line)?,
            place = Message::from(tool.place.clone().unwrap_or_else(|| LocalizedText {
                en: tool.files.join(", "),
                zh: tool.files.join(", "),
            }))
        ),
        (None, Some(command)) => Message::quoted(rendered(command)?),
        (None, None) => message!("init-elsewhere"),
    })
}
