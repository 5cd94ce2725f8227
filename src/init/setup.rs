//! What `init` changes in one project.

mod frameworks;
mod lock_files;
mod requirement;
mod values;

use std::path::Path;

use super::lock_files::LockQuery;
use super::parents::{self, ParentManifest};
use super::surroundings::Surroundings;
use super::{PastedSettings, notes};
use crate::catalog::connectors::{Choice, Connectors, Transport};
use crate::error::{Error, ErrorId, Result};
use crate::project::files::{self, ProjectRoot};
use crate::project::language::{self, Language, Layout, TemplateFile};
use crate::project::manifest;
use crate::project::plan::{Action, Change, Plan};
use crate::project::template::{Values, render};

/// The project that is set up, and what it is set up with.
pub(super) struct ProjectSetup<'a> {
    pub(super) language: &'a Language,
    pub(super) transport: Transport,
    pub(super) choice: Choice,
    /// What `--dist` asks the registry for.
    pub(super) classifier: Option<&'a str>,
    pub(super) name: String,
    /// Where the package comes from instead of its registry, as the manifest writes it.
    pub(super) location: Option<&'a str>,
    /// Whether it is for TDengine Cloud.
    pub(super) cloud: bool,
    /// Whether an older version makes way, and retired packages go.
    pub(super) upgrade: bool,
    /// Whether the name was given.
    pub(super) named: bool,
    pub(super) root: &'a Path,
    /// The project's directory, held open.
    pub(super) directory: &'a ProjectRoot,
}

/// A plan, the layout that it follows, and notes.
pub(super) struct PlannedSetup<'a> {
    pub(super) plan: Plan,
    pub(super) layout: &'a Layout,
    /// What lock files are compared with.
    pub(super) locked: LockQuery,
    pub(super) settings: Vec<PastedSettings>,
    pub(super) notes: Vec<String>,
}

impl<'a> ProjectSetup<'a> {
    /// What is to change. Reads the project, and writes nothing.
    pub(super) fn plan(&self) -> Result<PlannedSetup<'a>> {
        let file = &self.language.manifest.file;
        let mut planned = match self.directory.read(file)? {
            None => self.plan_new()?,
            Some(before) => {
                let mut planned = self.plan_existing(before)?;
                if self.named {
                    planned.notes.push(format!(
                        "--name is for new projects; this one has a {file} already"
                    ));
                }
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
        if let Some((file, tool)) = self.language.builder_of(&self.directory.names()) {
            return Err(Error::new(
                ErrorId::Usage,
                format!("start a {} project", self.language.title),
                format!(
                    "{} is there: {tool} builds this project, and init does not edit its files",
                    files::shown(&self.root.join(file))
                ),
                "start one in another folder with --dir, and take over what you need; nothing was written",
            ));
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
        let changes = layout
            .files
            .iter()
            .map(|file| self.create(file, &values))
            .collect::<Result<_>>()?;
        let mut planned = self.planned(layout, changes, notes);
        planned.locked.around = around;
        planned.locked.asked = Some(self.choice.version.to_owned());
        Ok(planned)
    }

    /// A manifest: the dependency is spliced in, and a program is added unless there is one already.
    fn plan_existing(&self, before: Vec<u8>) -> Result<PlannedSetup<'a>> {
        let file = &self.language.manifest.file;
        let retired = Connectors::built_in().retired(self.language.id);
        let own_text = String::from_utf8_lossy(&before);
        let parents = parents::of_project(self.root, &self.language.manifest, &own_text);
        let format = self.language.manifest.format;
        let around = Surroundings::of(format, &own_text, &parents);
        let others = self.others(&own_text, parents);
        let requirement = self.requirement(&self.choice, &retired, &others);
        let shown = files::shown(&self.root.join(file));
        let (rest, gone) = match std::str::from_utf8(&before) {
            Ok(text) if self.upgrade => manifest::remove_retired(format, text, &retired),
            Ok(text) => (text.to_owned(), Vec::new()),
            // What is not text is refused.
            Err(_) => {
                manifest::edit(format, &shown, &before, requirement)?;
                (String::new(), Vec::new())
            }
        };
        let edit = manifest::edit(format, &shown, rest.as_bytes(), requirement)?;
        let after = edit.apply(&rest).into_bytes();
        let mut changes = vec![Change {
            path: file.clone(),
            before: Some(before),
            after,
        }];
        let own = self.own_program()?;
        let kept = own.is_some();
        let layout = match own {
            // A project that init made: its program stays as its owner left it, and so do the files around it.
            Some(layout) => {
                for file in &layout.files {
                    if file.path != self.language.manifest.file
                        && let Some(content) = self.directory.read(&file.path)?
                    {
                        changes.push(Change::keep(&file.path, content));
                    }
                }
                layout
            }
            None => {
                let layout = &self.language.existing;
                let values = self.values(layout, &around)?;
                for file in &layout.files {
                    changes.push(self.create(file, &values)?);
                }
                layout
            }
        };
        let mut notes = edit.notes;
        notes.extend(notes::strangers(self.language, &rest));
        if !kept {
            notes.extend(notes::beside(self.root, layout));
        }
        notes.extend(
            self.locks(&around)
                .iter()
                .flat_map(|found| self.notes_about_lock(found)),
        );
        let mut planned = self.planned(layout, changes, notes);
        planned.locked.asked = edit.asked;
        planned.locked.others_go = !gone.is_empty();
        for package in gone {
            let code = Connectors::built_in().code_of_retired(self.language.id, package);
            planned.notes.push(format!(
                "{file} no longer names {package}, which is retired; in programs that use it: {}",
                code.unwrap_or_default()
            ));
        }
        if !edit.replacements.is_empty() && kept {
            planned.notes.push(format!(
                "the example that is there was left as it is; taos-setup init in an empty folder shows what {} {} wants",
                self.choice.package, self.choice.version
            ));
        }
        for framework in &edit.frameworks {
            planned
                .settings
                .extend(self.settings(framework, layout, &around)?);
            planned.notes.extend(self.managed_libraries(framework));
        }
        planned.locked.around = around;
        Ok(planned)
    }

    /// The layout whose program is there and uses this connector over this transport.
    fn own_program(&self) -> Result<Option<&'a Layout>> {
        let Some(word) = self.language.uses.get(self.transport.as_str()) else {
            return Ok(None);
        };
        for layout in [&self.language.new, &self.language.existing] {
            if let Some(program) = layout.program()
                && let Some(content) = self.directory.read(&program.path)?
                && word.any_in(&String::from_utf8_lossy(&content))
            {
                return Ok(Some(layout));
            }
        }
        Ok(None)
    }

    fn create(&self, file: &TemplateFile, values: &Values) -> Result<Change> {
        let what = format!("{}/{}", self.language.id, file.template);
        let template = language::template(self.language.id, &file.template).unwrap_or_default();
        let after = render(&what, template, values)?.into_bytes();
        let before = self.directory.read(&file.path)?;
        if before.as_ref().is_some_and(|before| *before != after) {
            return Err(Error::new(
                ErrorId::WouldOverwrite,
                format!("create {}", files::shown(&self.root.join(&file.path))),
                "a file of that name is there, and holds something else",
                "move it away, or choose another folder with --dir; nothing was written",
            ));
        }
        Ok(Change {
            path: file.path.clone(),
            before,
            after,
        })
    }

    fn planned(
        &self,
        layout: &'a Layout,
        changes: Vec<Change>,
        notes: Vec<String>,
    ) -> PlannedSetup<'a> {
        PlannedSetup {
            locked: LockQuery {
                package: if self.choice.built_in {
                    String::new()
                } else {
                    self.choice.package.to_owned()
                },
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
