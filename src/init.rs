//! Puts the right connector into a project: chooses the release, plans what changes, and applies it.

mod commands;
mod connector;
mod defaults;
mod driver_jar;
mod ending_connections;
mod examples;
mod imported_manifests;
mod included_files;
mod java_names;
mod language_evidence;
mod lock_files;
mod manifest_choice;
mod names;
mod native_module;
mod notes;
mod openresty;
mod other_languages;
mod outside_manifest;
mod parents;
mod php_machine;
mod php_settings;
mod pin;
mod printed_command;
mod server;
mod setup;
mod spring_files;
mod surroundings;

use std::path::{Path, PathBuf};

use crate::catalog::connectors::{Connectors, Transport};
use crate::error::{Error, ErrorId, Result};
use crate::message::{Message, message};
use crate::project::example::BASIC;
use crate::project::files::ProjectRoot;
use crate::project::language::{self, ProjectLanguage};
use crate::project::plan::{Action, Plan};
use crate::project::plan::{apply, diff};
use crate::project::requirement::DependencyList;
use crate::system::events::EventSink;
use crate::tdengine::digest::Sha256;
use crate::tdengine::version::Version;
pub use connector::PackageSource;
use connector::WantedConnection;
pub use connector::preferred_transport;
pub use defaults::InitDefaults;
pub use driver_jar::JarRequest;
use driver_jar::{JarUser, ProjectJar};
use java_names::JavaNames;
use lock_files::LockQuery;
use native_module::NativeModuleBuild;
pub use other_languages::check as check_built_in_data;
pub use php_machine::{PhpKind, PhpRuntime};
use php_settings::PhpSettings;
pub use pin::{PinnedProject, PlannedPin};
pub use printed_command::FailedCommand;
use setup::{PlannedSetup, ProjectSetup};

/// The name of a project that nobody named.
const DEFAULT_NAME: &str = "my-app";

/// What was asked for.
#[derive(Clone, Debug, Default)]
pub struct InitRequest {
    /// The language, as `--lang` takes it; without it, that of the one manifest in the folder.
    pub language: Option<String>,
    /// The transport; without it, the first that the language has.
    pub transport: Option<Transport>,
    /// The project's folder.
    pub dir: PathBuf,
    /// The manifest to edit, where a project has several.
    pub manifest: Option<String>,
    /// The project's name, where one was given.
    pub name: Option<String>,
    /// The examples that were asked for. A new project has `basic` in any case.
    pub examples: Vec<String>,
    /// The Java package of a new project's programs.
    pub package: Option<String>,
    /// Maven's name for a new project's owner.
    pub group_id: Option<String>,
    /// Whether the list for development gets the connector.
    pub dev: bool,
    /// The group that gets the connector.
    pub group: Option<String>,
    /// The extra that gets the connector.
    pub extra: Option<String>,
    /// Whether the connector is wanted as one file that holds all that it needs.
    pub dist: bool,
    /// The server that it is for: its version, or where it can be asked.
    pub server: Option<String>,
    /// Whether it is for TDengine Cloud.
    pub cloud: bool,
    /// Where the connector comes from instead of its registry.
    pub source: Option<PackageSource>,
    /// What was asked about the connector's jar.
    pub jar: JarRequest,
    /// What the connection must be able to do besides running statements: words of `manifests/connectors.toml`.
    pub needs: Vec<String>,
    /// The source of the native connector, a directory or an archive, that is compiled.
    pub build: Option<PathBuf>,
    /// The digests of which that archive has one.
    pub sha256: Vec<Sha256>,
    /// The kinds of PHP for which the extension is enabled; all if it is empty.
    pub php_ini: Option<Vec<PhpKind>>,
    /// Whether an older version makes way, and retired packages go.
    pub upgrade: bool,
    /// Only show what would change.
    pub dry_run: bool,
    /// Only report whether something would change, or a lock file is stale.
    pub check: bool,
    /// Run the commands that refresh stale lock files.
    pub lock: bool,
    /// Whether those commands print only errors.
    pub quiet: bool,
}

impl InitRequest {
    /// A new project for `language` in `dir`, with the program `basic`, for a server that is not known.
    pub fn new_project(language: &str, dir: PathBuf) -> Self {
        Self {
            language: Some(language.to_owned()),
            transport: None,
            dir,
            manifest: None,
            name: Some(DEFAULT_NAME.to_owned()),
            examples: Vec::new(),
            package: None,
            group_id: None,
            dev: false,
            group: None,
            extra: None,
            dist: false,
            server: None,
            cloud: false,
            source: None,
            jar: JarRequest::default(),
            needs: Vec::new(),
            build: None,
            php_ini: None,
            sha256: Vec::new(),
            upgrade: false,
            dry_run: false,
            check: false,
            lock: false,
            quiet: true,
        }
    }

    /// The options that only Java has and that were given.
    fn java_options(&self) -> impl Iterator<Item = &'static str> {
        let package = self.package.is_some().then_some("--package");
        let group_id = self.group_id.is_some().then_some("--group-id");
        package.into_iter().chain(group_id)
    }

    /// The options that name a new project and were given.
    fn name_options(&self) -> Vec<&'static str> {
        let name = self.name.is_some().then_some("--name");
        name.into_iter().chain(self.java_options()).collect()
    }

    fn list(&self) -> DependencyList<'_> {
        match (&self.group, &self.extra, self.dev) {
            (Some(group), _, _) => DependencyList::Group(group),
            (None, Some(extra), _) => DependencyList::Extra(extra),
            (None, None, true) => DependencyList::Development,
            (None, None, false) => DependencyList::Main,
        }
    }
}

/// What was done, or would be.
#[derive(Clone, Debug)]
pub struct InitOutcome {
    /// The language, as `--lang` takes it.
    pub language: &'static str,
    /// The transport.
    pub transport: Transport,
    /// The project's folder, as it was asked for.
    pub dir: PathBuf,
    /// The server's version, where it is known.
    pub server: Option<Version>,
    /// Whether only a report was asked for.
    pub check: bool,
    /// Every file that was looked at, and what happened to it.
    pub changes: Vec<(String, Action)>,
    /// Commands that build the project, from its folder.
    pub build: Vec<String>,
    /// Commands that run it, from its folder.
    pub run: Vec<String>,
    /// Settings for the user to paste.
    pub settings: Vec<PastedSettings>,
    /// The commands that compile the native connector on this machine, for the user to run.
    pub module_build: Vec<String>,
    /// The kinds of PHP on this machine, as they were found.
    pub php: Vec<PhpRuntime>,
    /// Files that went stale.
    pub stale_locks: Vec<StaleLock>,
    /// Notes for the user.
    pub notes: Vec<Message>,
    /// Whether a command was interrupted while it changed the project, and nothing has completed the change.
    pub is_interrupted: bool,
    /// The diff, where nothing was to be written.
    pub diff: Option<String>,
    /// Whether the commands were run, too.
    pub ran: bool,
}

/// A file that some tool made from the manifest, which has changed since.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaleLock {
    /// Its path in the project.
    pub file: String,
    /// The command that refreshes it.
    pub refresh: String,
}

/// Settings that a framework wants, for the user to paste.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastedSettings {
    /// The sentence above the settings.
    pub heading: Message,
    /// The file that they belong into.
    pub file: String,
    /// The settings.
    pub text: String,
}

/// The language that `word` names, as `--lang` takes it.
///
/// # Errors
/// `usage` for another word.
pub fn canonical_language(word: &str) -> Result<String> {
    other_languages::named(word)
}

/// The language of the project in `directory`, if its files show one.
pub fn language_of(directory: &Path) -> Option<String> {
    let directory = ProjectRoot::open(directory).ok()?;
    language_evidence::language(&directory).ok()
}

/// The languages of the projects in `directory`: that of [`language_of`], else all whose manifests stand there.
pub fn languages_of(directory: &Path) -> Vec<String> {
    if let Some(language) = language_of(directory) {
        return vec![language];
    }
    let Ok(directory) = ProjectRoot::open(directory) else {
        return Vec::new();
    };
    let shown = language_evidence::shown_by_manifests(&directory).unwrap_or_default();
    shown.into_iter().map(|(id, ..)| id.to_owned()).collect()
}

/// Returns the language that `--lang` names by `word`.
///
/// # Errors
/// `usage` if there is none.
pub fn language_named(word: &str) -> Result<String> {
    other_languages::named(word)
}

/// Plans what `request` asks for and, unless it is a dry run or a check, applies it: all files or none. A server that is to be
/// asked is asked first.
pub fn run(request: &InitRequest, events: &EventSink) -> Result<InitOutcome> {
    let request = &outside_manifest::resolved(request)?;
    let directory = ProjectRoot::open(&request.dir)?;
    let shows = request.dry_run || request.check;
    let interrupted = match shows {
        true => apply::describe_interrupted(&directory),
        false => apply::recover(&directory)?,
    };
    let id = match &request.language {
        Some(word) => other_languages::named(word)?,
        None => language_evidence::language(&directory)?,
    };
    let language = language::load(&id)?;
    let language = manifest_choice::of_project(language, &directory, request.manifest.as_deref())?;
    let java = JavaNames::of_project(&language, request)?;
    let language = language.with_package(&java.package);
    let transport = request
        .transport
        .unwrap_or_else(|| connector::preferred_transport(&language));
    // What is wrong with it is reported after the connection.
    let name = names::of_project(&language, request.name.as_deref(), &request.dir);
    let language = language.with_project_name(name.as_deref().unwrap_or_default());
    let wanted = WantedConnection {
        language: &language,
        transport,
        needs: &request.needs,
        cloud: request.cloud,
    };
    wanted.check()?;
    let extra_examples = examples::beside_basic(&request.examples);
    refuse_missing_list(&language, request)?;
    let classifier = request
        .dist
        .then(|| connector::classifier(&language))
        .transpose()?;
    let name = name?;
    let php = PhpSettings::of(&language, transport, request, &directory)?;
    let module = request.build.as_deref();
    let module = module
        .map(|source| {
            NativeModuleBuild::of(&language, transport, source, &request.sha256, &php.tools)
        })
        .transpose()?;
    let server = server::known(request, transport, events)?;
    let excluded = connector::excluded(&language, &directory)?;
    let choice = wanted.release(server.version, &excluded)?;
    let jar_user = JarUser {
        language: &language,
        transport,
        server: server.version,
        upgrade: request.upgrade,
    };
    let jar = ProjectJar::find(jar_user, &choice, &request.jar, &directory)?;
    let choice = match &jar {
        Some(jar) => jar.release(choice, jar_user),
        None => choice,
    };
    examples::check(&wanted, &choice, server.version, &extra_examples)?;
    let source = request.source.as_ref();
    let location = source
        .map(|source| connector::location(&language, &choice, source))
        .transpose()?;
    let project = ProjectSetup {
        language: &language,
        transport,
        parts: examples::parts(&language, choice.parts, &extra_examples),
        choice,
        jar: jar.as_ref(),
        server: server.version,
        asked: server.asked.as_ref(),
        classifier,
        location: location.as_ref().map(|(location, _)| location.as_str()),
        cloud: request.cloud,
        upgrade: request.upgrade,
        is_pinned: false,
        builds_module: module.is_some(),
        example: request.examples.iter().any(|it| it == BASIC),
        extra_examples: &extra_examples,
        java: &java,
        list: request.list(),
        name,
        named: request.name_options(),
        root: &request.dir,
        directory: &directory,
    };
    let planned = project.plan();
    let PlannedSetup {
        mut plan,
        layout,
        locked,
        settings,
        notes,
    } = planned?;
    let values = project.values(layout, &locked.around)?;
    let mut stale_locks = project.stale_locks(&locked)?;
    if let Some(module) = &module {
        let change = module.compile(&directory, request.quiet, events)?;
        plan.changes.push(change);
    }
    let on_machine = php.changes();
    let diff = shows.then(|| diff::unified(&plan) + &diff::unified(&on_machine));
    if let Some(jar) = jar.as_ref().filter(|_| !shows) {
        plan.changes.extend(jar.obtain(&request.jar, events)?);
    }
    // From here on nothing but the writing itself can fail.
    if !shows {
        apply::apply(&plan, &directory)?;
        php.apply()?;
    }
    if request.lock && !shows {
        lock_files::refresh(&request.dir, &stale_locks, request.quiet, events)?;
        let written = LockQuery {
            edited: false,
            others_go: false,
            ..locked
        };
        stale_locks = project.stale_locks(&written)?;
        lock_files::refuse_still_stale(&stale_locks)?;
    }
    // Only if the language has something with more features.
    let has_more = Connectors::built_in().has(language.id, Transport::Ws, "tmq");
    let is_slow = transport == Transport::Rest && has_more && language.preferred != Some(transport);
    let price = is_slow.then(|| message!("init-rest-price"));
    let missing_jar = jar.as_ref().filter(|_| shows);
    let missing_jar = missing_jar.and_then(ProjectJar::note_about_missing);
    Ok(InitOutcome {
        language: language.id,
        transport,
        dir: request.dir.clone(),
        server: server.version,
        check: request.check,
        stale_locks,
        settings,
        changes: changed_files(&plan, &on_machine, jar.as_ref()),
        module_build: php.build_lines(&language, project.choice.version),
        build: values.build,
        run: values.run,
        is_interrupted: shows && !interrupted.is_empty(),
        notes: interrupted
            .into_iter()
            .chain(price)
            .chain(ending_connections::note(&language, transport))
            .chain(server.notes)
            .chain(project.choice.notes.clone())
            .chain(jar.iter().flat_map(|jar| jar.notes.clone()))
            .chain(missing_jar)
            .chain(location.map(|(_, note)| note))
            .chain(notes)
            .chain(openresty::notes(&language, transport, &directory))
            .chain(module.map(|module| module.note()))
            .chain(php.notes(shows))
            .collect(),
        php: php.machine.runtimes,
        diff,
        ran: false,
    })
}

/// Every file that was looked at: those of the project, those of the machine, and the connector's jar.
fn changed_files(
    plan: &Plan,
    on_machine: &Plan,
    jar: Option<&ProjectJar>,
) -> Vec<(String, Action)> {
    let files = plan.changes.iter().chain(&on_machine.changes);
    let mut files: Vec<_> = files
        .map(|change| (change.path.clone(), change.action()))
        .collect();
    if let Some(jar) = jar
        && files.iter().all(|(path, _)| *path != jar.path)
    {
        files.push((jar.path.clone(), jar.action()));
    }
    files
}

/// Refuses a list that the manifest does not have.
fn refuse_missing_list(language: &ProjectLanguage, request: &InitRequest) -> Result<()> {
    let file = &language.manifest.file;
    let option = match request.list() {
        DependencyList::Main => return Ok(()),
        DependencyList::Development => "--dev",
        DependencyList::Group(_) => "--group",
        DependencyList::Extra(_) => "--extra",
    };
    if language.manifest.format.reader().has_list(request.list()) {
        return Ok(());
    }
    Err(Error::new(
        ErrorId::Usage,
        message!("init-set-up-language", language = language.title),
        message!("init-no-list", file = file, option = option),
        message!("init-omit", option = option),
    ))
}

impl InitOutcome {
    /// Runs the commands that build and run the project, each after a note that names it. Their output goes to stderr unless `quiet`.
    ///
    /// # Errors
    /// The first command that did not succeed.
    pub fn run_programs(
        &self,
        quiet: bool,
        events: &EventSink,
    ) -> std::result::Result<(), FailedCommand> {
        let mut commands = self.build.iter().chain(&self.run);
        commands.try_for_each(|command| printed_command::run(&self.dir, command, quiet, events))
    }

    /// Whether a check found that the project is not as init would leave it.
    pub fn differs(&self) -> bool {
        let pending = |(_, action): &(String, Action)| *action != Action::None;
        let differs = self.changes.iter().any(pending) || !self.stale_locks.is_empty();
        self.check && (differs || self.is_interrupted)
    }
}
