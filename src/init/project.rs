//! What `init` changes in one project.

use std::path::Path;

use super::included;
use super::locks::{Around, FoundLock, Locked, Shared};
use super::parents::{self, Parent};
use super::{Settings, StaleLock, commands, left_alone, names};
use crate::catalog::connectors::{Choice, Connectors, Transport};
use crate::error::{Error, ErrorId, Result};
use crate::scaffold::language::{self, File, Language, Layout, Lock};
use crate::scaffold::manifest::{self, Framework, Requirement};
use crate::scaffold::plan::{Action, Change, Plan};
use crate::scaffold::project_file;
use crate::scaffold::render::{ConnectorValues, Values, render};

/// The port of taosd, which native connections use (`reference/facts.md` E).
const NATIVE_PORT: u16 = 6030;

/// The project that is set up, and what it is set up with.
pub(super) struct Project<'a> {
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
}

/// A plan, the layout that it follows, and notes.
pub(super) struct Planned<'a> {
    pub(super) plan: Plan,
    pub(super) layout: &'a Layout,
    /// What lock files are compared with.
    pub(super) locked: Locked,
    pub(super) settings: Vec<Settings>,
    pub(super) notes: Vec<String>,
}

impl<'a> Project<'a> {
    /// What is to change. Reads the project, and writes nothing.
    pub(super) fn plan(&self) -> Result<Planned<'a>> {
        let file = &self.language.manifest.file;
        let mut planned = match project_file::read(self.root, file)? {
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

    /// The first of the releases `newer` that the manifest asks for as it stands.
    pub(super) fn newer_that_is_there(&self, newer: Vec<Choice>) -> Result<Option<Choice>> {
        let Some(manifest) = project_file::read(self.root, &self.language.manifest.file)? else {
            return Ok(None);
        };
        let text = String::from_utf8_lossy(&manifest);
        let parents = parents::of_project(self.root, &self.language.manifest, &text);
        let others = self.others(&text, parents);
        Ok(newer.into_iter().find(|choice| {
            let requirement = Requirement {
                upgrade: false,
                ..self.requirement(choice, &[], &others)
            };
            let format = self.language.manifest.format;
            let edit = manifest::edit(format, "", &manifest, requirement);
            edit.is_ok_and(|edit| edit.insertion.is_none())
        }))
    }

    /// The manifests `parents`, and the files that the project's own, `text`, includes: their paths and texts.
    fn others(&self, text: &str, parents: Vec<Parent>) -> Vec<(String, String)> {
        let included = included::of_project(self.root, &self.language.manifest, text);
        let all = parents.into_iter().chain(included);
        all.map(|it| (it.path, it.text)).collect()
    }

    fn requirement<'r>(
        &'r self,
        choice: &'r Choice,
        retired: &'r [(&'r str, &'r str)],
        parents: &'r [(String, String)],
    ) -> Requirement<'r> {
        Requirement {
            package: if choice.built_in { "" } else { choice.package },
            version: choice.version,
            runtime: choice.runtime,
            runtime_below: choice.runtime_below,
            classifier: self.classifier,
            retired,
            parts: choice.parts,
            or_parts: choice.or_parts,
            companions: choice.companions,
            parents,
            upgrade: self.upgrade,
            location: self.location,
        }
    }

    /// No manifest: every file of the new layout is created, or is there already just so.
    fn plan_new(&self) -> Result<Planned<'a>> {
        if let Some((file, tool)) = self.language.builder_of(&project_file::names(self.root)) {
            return Err(Error::new(
                ErrorId::Usage,
                format!("start a {} project", self.language.title),
                format!(
                    "{} is there: {tool} builds this project, and init does not edit its files",
                    project_file::shown(&self.root.join(file))
                ),
                "start one in another folder with --dir, and take over what you need; nothing was written",
            ));
        }
        let layout = &self.language.new;
        let manifest = &self.language.manifest;
        let mut parents = parents::of_project(self.root, manifest, "");
        let mut notes = Vec::new();
        if let Some(Parent { path, text, member }) = parents.first()
            && let Some(note) = manifest.format.note_about_new_member(path, text, member)
        {
            // It is none of that workspace's, so its lock file is not, either.
            notes.push(note);
            parents.clear();
        }
        let around = Around {
            name: Some(self.name.clone()),
            ..Around::of(self.root, manifest.format, "", &parents)
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
    fn plan_existing(&self, before: Vec<u8>) -> Result<Planned<'a>> {
        let file = &self.language.manifest.file;
        let retired = Connectors::built_in().retired(self.language.id);
        let own_text = String::from_utf8_lossy(&before);
        let parents = parents::of_project(self.root, &self.language.manifest, &own_text);
        let around = Around::of(
            self.root,
            self.language.manifest.format,
            &own_text,
            &parents,
        );
        let others = self.others(&own_text, parents);
        let requirement = self.requirement(&self.choice, &retired, &others);
        let shown = project_file::shown(&self.root.join(file));
        let format = self.language.manifest.format;
        let (rest, gone) = match std::str::from_utf8(&before) {
            Ok(text) if self.upgrade => manifest::without_retired(format, text, &retired),
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
                        && let Some(content) = project_file::read(self.root, &file.path)?
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
        notes.extend(left_alone::strangers(self.language, &rest));
        if !kept {
            notes.extend(left_alone::beside(self.root, layout));
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
                && let Some(content) = project_file::read(self.root, &program.path)?
                && word.any_in(&String::from_utf8_lossy(&content))
            {
                return Ok(Some(layout));
            }
        }
        Ok(None)
    }

    fn create(&self, file: &File, values: &Values) -> Result<Change> {
        let what = format!("{}/{}", self.language.id, file.template);
        let template = language::template(self.language.id, &file.template).unwrap_or_default();
        let after = render(&what, template, values)?.into_bytes();
        let before = project_file::read(self.root, &file.path)?;
        if before.as_ref().is_some_and(|before| *before != after) {
            return Err(Error::new(
                ErrorId::WouldOverwrite,
                format!(
                    "create {}",
                    project_file::shown(&self.root.join(&file.path))
                ),
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

    fn planned(&self, layout: &'a Layout, changes: Vec<Change>, notes: Vec<String>) -> Planned<'a> {
        Planned {
            locked: Locked {
                package: if self.choice.built_in {
                    String::new()
                } else {
                    self.choice.package.to_owned()
                },
                edited: changes.iter().any(|change| {
                    change.path == self.language.manifest.file && change.action() != Action::None
                }),
                ..Locked::default()
            },
            plan: Plan {
                root: self.root.to_path_buf(),
                changes,
            },
            layout,
            settings: Vec::new(),
            notes,
        }
    }

    /// What the user of `framework` is to paste.
    fn settings(
        &self,
        framework: &Framework,
        layout: &Layout,
        around: &Around,
    ) -> Result<Vec<Settings>> {
        let wanted = self.language.settings.iter();
        wanted
            .filter(|settings| settings.framework == framework.as_str())
            .map(|settings| {
                let what = format!("{}/{}", self.language.id, settings.template);
                let template = language::template(self.language.id, &settings.template);
                Ok(Settings {
                    title: settings.title.clone(),
                    file: settings.file.clone(),
                    text: render(
                        &what,
                        template.unwrap_or_default(),
                        &self.values(layout, around)?,
                    )?,
                })
            })
            .collect()
    }

    /// A warning where `framework` chooses the versions of libraries that the connector brings along.
    fn managed_libraries(&self, framework: &Framework) -> Option<String> {
        let Framework::SpringBoot {
            managed_by: Some((place, parent)),
        } = framework
        else {
            return None;
        };
        let libraries = self.choice.libraries.iter();
        let libraries: Vec<_> = libraries
            .map(|(name, version)| format!("{name} {version}"))
            .collect();
        (!libraries.is_empty()).then(|| {
            format!(
                "{place}: {parent} chooses the versions of libraries that the connector needs, too; {} {} was built with {}: \
                 where it fails with a NoSuchMethodError, compare them with mvn dependency:tree",
                self.choice.package,
                self.choice.version,
                libraries.join(" and ")
            )
        })
    }

    /// What templates may name, with the commands of `layout` in a project with `around`.
    pub(super) fn values(&self, layout: &Layout, around: &Around) -> Result<Values> {
        let mut values = Values {
            name: self.name.clone(),
            existing: std::ptr::eq(layout, &raw const self.language.existing),
            cloud: self.cloud,
            dist: self.classifier.unwrap_or_default().to_owned(),
            program_title: names::program_title(layout.program().map_or("", |file| &file.path)),
            transport: self.transport.as_str(),
            transport_title: self.transport.title(),
            port: match self.transport {
                Transport::Native => NATIVE_PORT,
                Transport::Ws | Transport::Rest => self.language.default_port,
            },
            connector: ConnectorValues {
                package: self.choice.package,
                version: self.choice.version,
                location: self.location.unwrap_or_default().to_owned(),
                built_in: self.choice.built_in,
                features: self.choice.features,
                parts: self.choice.parts,
                companions: self.choice.companions,
            },
            build: Vec::new(),
            run: Vec::new(),
            windows: cfg!(windows),
        };
        values.build = commands::rendered(&layout.build, &values)?;
        let locks = self.locks(around);
        let build = |lock: &'a Lock| lock.build.as_ref().or(lock.builds.then_some(&lock.refresh));
        let builder = match &around.manager {
            Some(manager) if locks.is_empty() => {
                let mut builds = self.language.locks.iter().filter_map(build);
                builds.find(|command| command.split(' ').next() == Some(manager))
            }
            _ => locks.iter().find_map(|found| build(found.lock)),
        };
        if let (Some(build), Some(first)) = (builder, values.build.first_mut()) {
            first.clone_from(build);
        }
        if let Some((replaces, script)) = self.wrapper(layout, around) {
            commands::wrap(replaces, &script, &mut values.build);
        }
        values.run = commands::rendered(&layout.run, &values)?;
        let mut runners = locks.iter().filter_map(|found| found.lock.runner.as_ref());
        if let Some(runner) = runners.next() {
            commands::run_by(runner, &mut values.run);
        }
        Ok(values)
    }

    /// The tool for which a script stands in the project, or above it, and how that is started.
    fn wrapper<'l>(&self, layout: &'l Layout, around: &Around) -> Option<(&'l str, String)> {
        let wrapper = layout.wrapper.as_ref()?;
        let file = if cfg!(windows) {
            &wrapper.windows_file
        } else {
            &wrapper.file
        };
        let above = around
            .folders
            .iter()
            .map(|it| (it.path.as_str(), it.file.as_path()));
        let mut places = std::iter::once(("./", self.root)).chain(above);
        let (folder, _) = places.find(|(_, folder)| folder.join(file).is_file())?;
        let script = format!("{folder}{file}");
        let script = if cfg!(windows) {
            script.replace('/', "\\")
        } else {
            script
        };
        Some((&wrapper.replaces, script))
    }

    /// The lock files that exist beside the project's manifest, and beside those above it.
    fn locks(&self, around: &Around) -> Vec<FoundLock<'a>> {
        let own = Shared {
            file: self.root.to_path_buf(),
            ..Shared::default()
        };
        let folders = std::iter::once(&own).chain(&around.folders);
        let found = folders.flat_map(|folder| {
            let locks = self.language.locks.iter();
            locks.map(move |lock| FoundLock {
                file: folder.file.join(&lock.file),
                path: format!("{}{}", folder.path, lock.file),
                member: folder.member.clone(),
                lock,
            })
        });
        found.filter(|found| found.file.exists()).collect()
    }

    /// Notes about what the lock file `found` holds that does not work with the connector.
    fn notes_about_lock(&self, found: &FoundLock) -> Vec<String> {
        match project_file::read_lock(&found.file) {
            Ok(Some(bytes)) => self.language.manifest.format.notes_about_lock(
                &found.path,
                &String::from_utf8_lossy(&bytes),
                self.choice.companions,
            ),
            _ => Vec::new(),
        }
    }

    /// The lock files that exist and no longer match what `locked` says of the manifest.
    pub(super) fn stale_locks(&self, locked: &Locked) -> Result<Vec<StaleLock>> {
        let values = self.values(&self.language.existing, &locked.around)?;
        self.locks(&locked.around)
            .into_iter()
            .filter(|found| locked.is_stale(found) || !self.notes_about_lock(found).is_empty())
            .map(|FoundLock { path, lock, .. }| {
                Ok(StaleLock {
                    file: path,
                    refresh: render("a command of template.toml", &lock.refresh, &values)?,
                })
            })
            .collect()
    }
}
