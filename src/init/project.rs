//! What `init` changes in one project.

use std::path::Path;

use super::locks::Locked;
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
    pub(super) choice: &'a Choice,
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
        match project_file::read(self.root, file)? {
            None => self.plan_new(),
            Some(before) => {
                let mut planned = self.plan_existing(before)?;
                if self.named {
                    planned.notes.push(format!(
                        "--name is for new projects; this one has a {file} already"
                    ));
                }
                Ok(planned)
            }
        }
    }

    /// No manifest: every file of the new layout is created, or is there already just so.
    fn plan_new(&self) -> Result<Planned<'a>> {
        let layout = &self.language.new;
        let values = self.values(layout, &[])?;
        let changes = layout
            .files
            .iter()
            .map(|file| self.create(file, &values))
            .collect::<Result<_>>()?;
        let mut planned = self.planned(layout, changes, Vec::new());
        planned.locked.asked = Some(self.choice.version.to_owned());
        Ok(planned)
    }

    /// A manifest: the dependency is spliced in, and a program is added unless there is one already.
    fn plan_existing(&self, before: Vec<u8>) -> Result<Planned<'a>> {
        let file = &self.language.manifest.file;
        let retired = Connectors::built_in().retired(self.language.id);
        let mut parents = self.parents(&before);
        parents.extend(self.included(&before));
        let requirement = Requirement {
            package: if self.choice.built_in {
                ""
            } else {
                self.choice.package
            },
            version: self.choice.version,
            runtime: self.choice.runtime,
            runtime_below: self.choice.runtime_below,
            classifier: self.classifier,
            retired: &retired,
            parts: self.choice.parts,
            or_parts: self.choice.or_parts,
            companions: self.choice.companions,
            parents: &parents,
            upgrade: self.upgrade,
            location: self.location,
        };
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
        let folders = folders_of(&parents);
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
                let values = self.values(layout, &folders)?;
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
        if edit.insertion.is_some() {
            notes.extend(self.notes_about_locks(&folders));
        }
        let mut planned = self.planned(layout, changes, notes);
        planned.locked.asked = edit.asked;
        planned.locked.project = format.project_name(&rest);
        planned.locked.folders = folders;
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
            planned.settings.extend(self.settings(framework, layout)?);
            planned.notes.extend(self.managed_libraries(framework));
        }
        Ok(planned)
    }

    /// The manifests that the one with the content `manifest` inherits from, nearest first, as far as they can be read: they
    /// are only read, and what cannot be read decides nothing.
    fn parents(&self, manifest: &[u8]) -> Vec<(String, String)> {
        /// A chain of parents that is longer is a ring.
        const MOST: usize = 8;
        let format = self.language.manifest.format;
        let mut parents: Vec<(String, String)> = Vec::new();
        let mut folder = String::new();
        let mut text = String::from_utf8_lossy(manifest).into_owned();
        while parents.len() < MOST {
            let candidates = format.parents(&text).into_iter();
            let found = candidates
                .map(|relative| format!("{folder}{relative}"))
                .find_map(|path| self.outside(path));
            let Some((path, parent)) = found else {
                break;
            };
            folder = path
                .rsplit_once('/')
                .map_or_else(String::new, |(folder, _)| format!("{folder}/"));
            if !format.adopts(&parent, &self.seen_from(&folder)) {
                break;
            }
            text.clone_from(&parent);
            parents.push((path, parent));
        }
        parents
    }

    /// The files that the manifest with the content `manifest` includes, and those that they include, as far as they can be read.
    fn included(&self, manifest: &[u8]) -> Vec<(String, String)> {
        /// Nobody includes more.
        const MOST: usize = 32;
        let format = self.language.manifest.format;
        let of = |folder: &str, text: &str| -> Vec<String> {
            let paths = format.includes(text).into_iter();
            paths.map(|path| format!("{folder}{path}")).collect()
        };
        let mut included: Vec<(String, String)> = Vec::new();
        let mut waiting = of("", &String::from_utf8_lossy(manifest));
        while let Some(path) = waiting.pop().filter(|_| included.len() < MOST) {
            if included.iter().any(|(known, _)| *known == path) {
                continue;
            }
            if let Some((path, text)) = self.outside(path) {
                let folder = path
                    .rsplit_once('/')
                    .map(|(folder, _)| format!("{folder}/"));
                waiting.extend(of(&folder.unwrap_or_default(), &text));
                included.push((path, text));
            }
        }
        included
    }

    /// The project's folder as it is seen from `folder`, which consists of `..`; nothing where that cannot be told.
    fn seen_from(&self, folder: &str) -> String {
        let depth = folder.split('/').filter(|part| *part == "..").count();
        let whole = self.root.canonicalize().unwrap_or_default();
        let whole: Vec<_> = whole.iter().map(|part| part.to_string_lossy()).collect();
        let inside = whole
            .len()
            .checked_sub(depth)
            .and_then(|at| whole.get(at..));
        inside.unwrap_or_default().join("/")
    }

    /// The manifest at `path`, or in the folder there, with its path; `None` where it cannot be read.
    fn outside(&self, mut path: String) -> Option<(String, String)> {
        if self.root.join(&path).is_dir() {
            let file = &self.language.manifest.file;
            path = format!("{}/{file}", path.trim_end_matches('/'));
        }
        let bytes = project_file::read_outside(&self.root.join(&path)).ok()??;
        Some((path, String::from_utf8(bytes).ok()?))
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
    fn settings(&self, framework: &Framework, layout: &Layout) -> Result<Vec<Settings>> {
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
                        &self.values(layout, &[])?,
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

    /// What templates may name, with the commands of `layout`. Lock files may stand in `folders`, too.
    pub(super) fn values(&self, layout: &Layout, folders: &[String]) -> Result<Values> {
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
        let own = |lock: &'a Lock| lock.build.as_ref().or(lock.builds.then_some(&lock.refresh));
        let locks = self.locks_in(folders);
        let builder = locks.iter().find_map(|(_, lock)| own(lock));
        if let (Some(build), Some(first)) = (builder, values.build.first_mut()) {
            first.clone_from(build);
        }
        if let Some((replaces, script)) = self.wrapper(layout, folders) {
            commands::wrap(replaces, &script, &mut values.build);
        }
        values.run = commands::rendered(&layout.run, &values)?;
        if let Some(runner) = locks.iter().find_map(|(_, lock)| lock.runner.as_ref()) {
            commands::run_by(runner, &mut values.run);
        }
        Ok(values)
    }

    /// The tool for which a script stands in the project, or in one of `folders`, and how that is started.
    fn wrapper<'l>(&self, layout: &'l Layout, folders: &[String]) -> Option<(&'l str, String)> {
        let wrapper = layout.wrapper.as_ref()?;
        let file = if cfg!(windows) {
            &wrapper.windows_file
        } else {
            &wrapper.file
        };
        let mut places = std::iter::once("./").chain(folders.iter().map(String::as_str));
        let folder = places.find(|folder| self.root.join(folder).join(file).is_file())?;
        let script = format!("{folder}{file}");
        let script = if cfg!(windows) {
            script.replace('/', "\\")
        } else {
            script
        };
        Some((&wrapper.replaces, script))
    }

    /// The lock files that exist beside the project's manifest, and in `folders`, each with its path.
    fn locks_in(&self, folders: &[String]) -> Vec<(String, &'a Lock)> {
        let folders = std::iter::once("").chain(folders.iter().map(String::as_str));
        let paths = folders.flat_map(|folder| {
            let locks = self.language.locks.iter();
            locks.map(move |lock| (format!("{folder}{}", lock.file), lock))
        });
        paths
            .filter(|(path, _)| self.root.join(path).exists())
            .collect()
    }

    /// Notes about what lock files hold that does not work with the connector.
    fn notes_about_locks(&self, folders: &[String]) -> Vec<String> {
        let mut notes = Vec::new();
        for (path, _) in self.locks_in(folders) {
            if let Ok(Some(bytes)) = project_file::read_outside(&self.root.join(&path))
                && let Ok(text) = String::from_utf8(bytes)
            {
                let format = self.language.manifest.format;
                notes.extend(format.notes_about_lock(&path, &text, self.choice.companions));
            }
        }
        notes
    }

    /// The lock files that exist and no longer match what `locked` says of the manifest.
    pub(super) fn stale_locks(&self, locked: &Locked) -> Result<Vec<StaleLock>> {
        let values = self.values(&self.language.existing, &[])?;
        self.locks_in(&locked.folders)
            .into_iter()
            .filter(|(path, lock)| locked.is_stale(self.root, path, lock))
            .map(|(file, lock)| {
                Ok(StaleLock {
                    file,
                    refresh: render("a command of template.toml", &lock.refresh, &values)?,
                })
            })
            .collect()
    }
}

/// The folders of the manifests that `parents` are, each with a `/` at its end.
fn folders_of(parents: &[(String, String)]) -> Vec<String> {
    let folders = parents.iter().filter_map(|(path, _)| path.rsplit_once('/'));
    folders.map(|(folder, _)| format!("{folder}/")).collect()
}
