//! Puts the right connector into a project: chooses the release, plans what changes, and applies it.

mod commands;
mod names;

use std::path::{Path, PathBuf};

use crate::catalog::connectors::{Choice, Connectors, Transport};
use crate::error::{Error, ErrorId, Result};
use crate::scaffold::language::{self, File, Language, Layout};
use crate::scaffold::manifest::{self, Requirement};
use crate::scaffold::plan::{Action, Change, Plan};
use crate::scaffold::render::{ConnectorValues, Values, render};
use crate::scaffold::{apply, diff, project_file};

/// What was asked for.
#[derive(Clone, Debug)]
pub struct Request {
    /// The language, as `--lang` takes it.
    pub language: String,
    /// The transport.
    pub transport: Transport,
    /// The project's folder.
    pub dir: PathBuf,
    /// The project's name, where one was given.
    pub name: Option<String>,
    /// Only show what would change.
    pub dry_run: bool,
}

/// What was done, or would be.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The language, as `--lang` takes it.
    pub language: &'static str,
    /// The transport.
    pub transport: Transport,
    /// The project's folder, as it was asked for.
    pub dir: PathBuf,
    /// Every file that was looked at, and what happened to it.
    pub changes: Vec<(String, Action)>,
    /// Commands that build the project, from its folder.
    pub build: Vec<String>,
    /// Commands that run it, from its folder.
    pub run: Vec<String>,
    /// Files that went stale.
    pub stale_locks: Vec<StaleLock>,
    /// What the user should know.
    pub notes: Vec<String>,
    /// The diff, where nothing was to be written.
    pub diff: Option<String>,
}

/// A file that some tool made from the manifest, which has changed since.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaleLock {
    /// Its path in the project.
    pub file: String,
    /// The command that makes it anew.
    pub refresh: String,
}

/// Plans what `request` asks for and, unless it is a dry run, applies it: all files or none.
pub fn run(request: &Request) -> Result<Outcome> {
    let language = language::load(&request.language)?;
    let choice = choose(&language, request.transport)?;
    let name = names::of_project(&language, request.name.as_deref(), &request.dir)?;
    let project = Project {
        language: &language,
        transport: request.transport,
        choice: &choice,
        name,
        named: request.name.is_some(),
        root: &request.dir,
    };
    let Planned {
        plan,
        layout,
        notes,
    } = project.plan()?;
    let diff = request.dry_run.then(|| diff::unified(&plan));
    if !request.dry_run {
        apply::apply(&plan)?;
    }
    let values = project.values(layout)?;
    let price = (request.transport == Transport::Rest).then(|| PRICE_OF_REST.to_owned());
    Ok(Outcome {
        language: language.id,
        transport: request.transport,
        dir: request.dir.clone(),
        stale_locks: project.stale_locks(&plan)?,
        changes: plan
            .changes
            .iter()
            .map(|change| (change.path.clone(), change.action()))
            .collect(),
        build: values.build,
        run: values.run,
        notes: price
            .into_iter()
            .chain(choice.notes.clone())
            .chain(notes)
            .collect(),
        diff,
    })
}

/// What REST cannot do (reference/connect-page.zh.md; reference/facts.md E, "Features").
const PRICE_OF_REST: &str = "REST is the slowest transport, and has no subscriptions and no binary types; --transport ws has both";

/// The release to use for `language` over `transport`, or what works instead.
fn choose(language: &Language, transport: Transport) -> Result<Choice> {
    let catalog = Connectors::built_in();
    let offered: Vec<_> = catalog
        .transports(language.id)
        .into_iter()
        .filter(|transport| language.uses.contains_key(transport.as_str()))
        .collect();
    let refuse = |observed: String| {
        let words: Vec<_> = offered
            .iter()
            .map(|it| format!("--transport {it}"))
            .collect();
        Error::new(
            ErrorId::TransportUnsupported,
            format!("set up {} over {}", language.title, transport.title()),
            observed,
            format!("say {}", words.join(" or ")),
        )
    };
    if !offered.contains(&transport) {
        return Err(refuse(format!(
            "init has no {} example for that transport yet; it needs the client library, too (taos-setup install)",
            language.title
        )));
    }
    catalog
        .choose(language.id, transport, None)
        .ok_or_else(|| refuse("no release of its connector fits".into()))
}

struct Project<'a> {
    language: &'a Language,
    transport: Transport,
    choice: &'a Choice,
    name: String,
    /// Whether the name was given.
    named: bool,
    root: &'a Path,
}

/// A plan, the layout that it follows, and notes.
struct Planned<'a> {
    plan: Plan,
    layout: &'a Layout,
    notes: Vec<String>,
}

impl<'a> Project<'a> {
    fn plan(&self) -> Result<Planned<'a>> {
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
        let values = self.values(layout)?;
        let changes = layout
            .files
            .iter()
            .map(|file| self.create(file, &values))
            .collect::<Result<_>>()?;
        Ok(self.planned(layout, changes, Vec::new()))
    }

    /// A manifest: the dependency is spliced in, and a program is added unless there is one already.
    fn plan_existing(&self, before: Vec<u8>) -> Result<Planned<'a>> {
        let file = &self.language.manifest.file;
        let requirement = Requirement {
            package: self.choice.package,
            version: self.choice.version,
            runtime: self.choice.runtime,
        };
        let shown = project_file::shown(&self.root.join(file));
        let edit = manifest::edit(self.language.manifest.format, &shown, &before, requirement)?;
        let after = match std::str::from_utf8(&before) {
            Ok(text) => edit.apply(text).into_bytes(),
            Err(_) => before.clone(),
        };
        let mut changes = vec![Change {
            path: file.clone(),
            before: Some(before),
            after,
        }];
        let layout = match self.own_program()? {
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
                let values = self.values(layout)?;
                for file in &layout.files {
                    changes.push(self.create(file, &values)?);
                }
                layout
            }
        };
        Ok(self.planned(layout, changes, edit.notes))
    }

    /// The layout whose program is there and uses this connector over this transport.
    fn own_program(&self) -> Result<Option<&'a Layout>> {
        let Some(word) = self.language.uses.get(self.transport.as_str()) else {
            return Ok(None);
        };
        for layout in [&self.language.new, &self.language.existing] {
            if let Some(program) = layout.program()
                && let Some(content) = project_file::read(self.root, &program.path)?
                && String::from_utf8_lossy(&content).contains(word)
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
            plan: Plan {
                root: self.root.to_path_buf(),
                changes,
            },
            layout,
            notes,
        }
    }

    /// What templates may name, with the commands of `layout`.
    fn values(&self, layout: &Layout) -> Result<Values> {
        let mut values = Values {
            name: self.name.clone(),
            program_title: names::program_title(layout.program().map_or("", |file| &file.path)),
            transport: self.transport.as_str(),
            transport_title: self.transport.title(),
            port: self.language.default_port,
            connector: ConnectorValues {
                package: self.choice.package,
                version: self.choice.version,
            },
            build: Vec::new(),
            run: Vec::new(),
            windows: cfg!(windows),
        };
        values.build = commands::rendered(&layout.build, &values)?;
        values.run = commands::rendered(&layout.run, &values)?;
        Ok(values)
    }

    /// The lock files that exist and no longer match, because the manifest changes.
    fn stale_locks(&self, plan: &Plan) -> Result<Vec<StaleLock>> {
        let edited = plan
            .pending()
            .any(|change| change.path == self.language.manifest.file);
        let mut stale = Vec::new();
        for lock in self.language.locks.iter().filter(|_| edited) {
            if project_file::read(self.root, &lock.file)?.is_some() {
                stale.push(StaleLock {
                    file: lock.file.clone(),
                    refresh: lock.refresh.clone(),
                });
            }
        }
        Ok(stale)
    }
}
