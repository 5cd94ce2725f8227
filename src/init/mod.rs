//! Puts the right connector into a project: chooses the release, plans what changes, and applies it.

mod commands;
mod manifests;
mod names;
mod project;

use std::path::PathBuf;

use crate::catalog::connectors::{Choice, Connectors, Transport};
use crate::error::{Error, ErrorId, Result};
use crate::scaffold::language::{self, Language};
use crate::scaffold::plan::Action;
use crate::scaffold::{apply, diff};
use project::{Planned, Project};

/// What was asked for.
#[derive(Clone, Debug)]
pub struct Request {
    /// The language, as `--lang` takes it.
    pub language: String,
    /// The transport.
    pub transport: Transport,
    /// The project's folder.
    pub dir: PathBuf,
    /// The manifest to edit, where a project has several.
    pub manifest: Option<String>,
    /// The project's name, where one was given.
    pub name: Option<String>,
    /// Whether the connector is wanted as one file that holds all that it needs.
    pub dist: bool,
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
    /// Settings for the user to paste.
    pub settings: Vec<Settings>,
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

/// Settings that a framework wants, for the user to paste.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The framework's name in prose.
    pub title: String,
    /// The file that they belong into.
    pub file: String,
    /// The settings.
    pub text: String,
}

/// Plans what `request` asks for and, unless it is a dry run, applies it: all files or none.
pub fn run(request: &Request) -> Result<Outcome> {
    let language = language::load(&request.language)?;
    let language = manifests::of_project(language, &request.dir, request.manifest.as_deref())?;
    let choice = choose(&language, request.transport)?;
    let classifier = request.dist.then(|| classifier(&language)).transpose()?;
    let name = names::of_project(&language, request.name.as_deref(), &request.dir)?;
    let project = Project {
        language: &language,
        transport: request.transport,
        choice: &choice,
        classifier,
        name,
        named: request.name.is_some(),
        root: &request.dir,
    };
    let Planned {
        plan,
        layout,
        settings,
        notes,
    } = project.plan()?;
    let values = project.values(layout)?;
    let stale_locks = project.stale_locks(&plan);
    // From here on nothing but the writing itself can fail.
    let diff = request.dry_run.then(|| diff::unified(&plan));
    if !request.dry_run {
        apply::apply(&plan)?;
    }
    let price = (request.transport == Transport::Rest).then(|| PRICE_OF_REST.to_owned());
    Ok(Outcome {
        language: language.id,
        transport: request.transport,
        dir: request.dir.clone(),
        stale_locks,
        settings,
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
    if let Some(reason) = language.refused.get(transport.as_str()) {
        return Err(refuse(reason.clone()));
    }
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

/// What `--dist` asks the registry for.
fn classifier(language: &Language) -> Result<&str> {
    language.dist.as_deref().ok_or_else(|| {
        let with_dist: Vec<_> = language::ids()
            .filter(|id| language::load(id).is_ok_and(|language| language.dist.is_some()))
            .collect();
        Error::new(
            ErrorId::Usage,
            format!("take the {} connector as one file", language.title),
            format!("--dist is for --lang {}", with_dist.join(", ")),
            "leave --dist out",
        )
    })
}
