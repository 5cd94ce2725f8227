//! The use case of `lock`.

use super::PackageSources;
use super::beginning;
use super::changes::{self, LockChange};
use super::projects;
use super::resolution::{Renewal, Resolver};
use super::{gaps, wanted};
use crate::error::{Error, ErrorId, Result};
use crate::lock::{self, LOCK_FILE, LockFile, SETUP_FILE, SetupEdit, SetupFile};
use crate::message::{Message, message};
use crate::project::files::ProjectRoot;
use crate::project::plan::{Action, FileChange, Plan, apply};
use crate::safety::printable::printable;
use crate::store::Store;
use crate::system::events::EventSink;
use crate::tdengine::platform::Platform;

/// What is chosen again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LockUpgrade {
    /// Everything.
    All,
    /// `server`, `client`, a project's directory, or a connector's package.
    One(String),
}

/// What was asked for.
#[derive(Clone, Debug)]
pub struct LockRequest {
    /// What is chosen again, although it fits.
    pub upgrade: Option<LockUpgrade>,
    /// Platforms to add to the settings.
    pub platforms: Vec<Platform>,
    /// Whether the settings are created first.
    pub init: bool,
    /// Only report whether something would change.
    pub check: bool,
    /// Where packages come from.
    pub sources: PackageSources,
}

/// What was done, or would be.
#[derive(Clone, Debug)]
pub struct LockOutcome {
    /// Whether only a report was asked for.
    pub check: bool,
    /// The path of the lock.
    pub path: String,
    /// The files that were created or changed.
    pub files: Vec<(String, Action)>,
    /// The entries of the lock that change.
    pub changes: Vec<LockChange>,
    /// Differences that are not resolved: only for a report.
    pub gaps: Vec<gaps::LockGap>,
    /// Notes for the user.
    pub notes: Vec<Message>,
}

impl LockOutcome {
    /// Whether a report found differences.
    pub fn differs(&self) -> bool {
        self.check && !(self.files.is_empty() && self.changes.is_empty() && self.gaps.is_empty())
    }
}

/// Resolves `taos-setup.toml` into `taos-setup.lock`. Nothing is written if nothing changes, or if only a report was asked for.
///
/// # Errors
/// `file-unreadable`, `file-unparsable` for both files; those of asking a server, and of choosing and downloading packages;
/// `would-overwrite`.
pub fn lock(request: &LockRequest, store: &Store, events: &EventSink) -> Result<LockOutcome> {
    let mut notes = Vec::new();
    let mut files: Vec<FileChange> = Vec::new();
    let mut setup = if request.init {
        let (setup, created, said) = beginning::new_setup(store)?;
        files.extend(created);
        notes.extend(said);
        setup
    } else {
        projects::recover(&lock::required()?, request.check)?;
        lock::required()?
    };
    let edit = SetupEdit::Platforms(request.platforms.clone());
    if !request.platforms.is_empty()
        && let Some(text) = edit.apply(&setup.text)
    {
        let before = (!request.init).then(|| setup.text.clone().into_bytes());
        files.retain(|file| file.path != SETUP_FILE);
        files.push(FileChange {
            path: SETUP_FILE.to_owned(),
            before,
            after: text.clone().into_bytes(),
        });
        setup = SetupFile::parse(&text, &setup.path)?;
    }
    let text = setup.lock_text()?;
    let mut has_conflicts = false;
    let existing = match &text {
        None => LockFile::default(),
        Some(text) => match LockFile::parse(text, &setup.lock_path()) {
            Ok(lock) => lock,
            Err(error) => {
                let merged = LockFile::parse_merged(text).ok_or(error)?;
                notes.push(message!("lock-merged"));
                has_conflicts = true;
                merged
            }
        },
    };
    let renewal = renewal(request.upgrade.as_ref(), &setup, &existing)?;
    if request.check {
        let mut open = gaps::find(&setup, &existing)?;
        let changes = match open.is_empty() {
            true if text.is_some() => later_digests(&setup, &existing)?,
            true | false => Vec::new(),
        };
        // The order does not matter: git may merge additions of two branches into another one.
        if has_conflicts || text.is_none() {
            files.push(lock_change(text.as_deref(), existing.render()));
        }
        if renewal != Renewal::default() {
            open.clear();
            return Err(Error::new(
                ErrorId::Usage,
                message!("lock-check-tried"),
                message!("lock-check-upgrade"),
                message!("lock-check-upgrade-next"),
            ));
        }
        return Ok(outcome(request, &setup, &files, changes, open, notes));
    }
    let resolver = Resolver {
        setup: &setup,
        sources: &request.sources,
        store,
        events,
    };
    let mut resolved = resolver.resolve(&existing, &renewal)?;
    if request.init
        || setup
            .client
            .as_ref()
            .is_some_and(|it| it.platforms.is_none())
    {
        add_named(&mut resolved, &resolver, &request.platforms)?;
    }
    notes.extend(left_out(&setup, &resolved));
    let changes = changes::between(&existing, &resolved);
    let rendered = resolved.render();
    if text.as_deref() != Some(rendered.as_str()) {
        files.push(lock_change(text.as_deref(), rendered));
    }
    if !files.is_empty() {
        let root = ProjectRoot::open(setup.directory())?;
        write(files.clone(), &root)?;
    }
    Ok(outcome(request, &setup, &files, changes, Vec::new(), notes))
}

/// Platforms that were asked for, and that the settings, which list none, do not want by themselves.
fn add_named(lock: &mut LockFile, resolver: &Resolver, platforms: &[Platform]) -> Result<()> {
    for platform in platforms {
        if lock.packages_for(*platform).next().is_some() {
            continue;
        }
        lock.packages.extend(resolver.package_for(*platform, lock)?);
    }
    lock.sort();
    Ok(())
}

/// A note about the platforms for which the client is not published, if all were wanted.
fn left_out(setup: &SetupFile, lock: &LockFile) -> Option<Message> {
    let version = lock.packages.first()?.version;
    let wants_all = setup
        .client
        .as_ref()
        .is_some_and(|it| it.platforms.is_none());
    let missing = Platform::ALL.into_iter();
    let missing = missing.filter(|it| lock.packages_for(*it).next().is_none());
    let missing: Vec<String> = missing.map(|it| it.to_string()).collect();
    let [a, b, c] = version.series();
    let is_noted = wants_all && !missing.is_empty();
    is_noted.then(|| {
        message!(
            "lock-left-out",
            series = format!("{a}.{b}.{c}"),
            platforms = missing.join(", ")
        )
    })
}

/// Connectors whose digest is known by now.
fn later_digests(setup: &SetupFile, lock: &LockFile) -> Result<Vec<LockChange>> {
    let mut later = lock.clone();
    for connector in later.connectors.iter_mut().filter(|it| it.digest.is_none()) {
        let settings = setup.projects.iter().find(|it| {
            it.dir == connector.dir
                && it.lang == connector.lang
                && wanted::transport(it).is_ok_and(|transport| transport == connector.transport)
        });
        if let Some(settings) = settings {
            let project = projects::project(setup, settings, connector.transport, lock);
            connector.digest = project.digest(&connector.package, &connector.version)?;
        }
    }
    Ok(changes::between(lock, &later))
}

fn lock_change(before: Option<&str>, after: String) -> FileChange {
    FileChange {
        path: LOCK_FILE.to_owned(),
        before: before.map(|text| text.as_bytes().to_vec()),
        after: after.into_bytes(),
    }
}

/// Writes `changes`, all or none. Another process that wrote the same is no conflict.
pub(super) fn write(changes: Vec<FileChange>, root: &ProjectRoot) -> Result<()> {
    let plan = Plan { changes };
    apply::apply(&plan, root).or_else(|error| {
        let is_done = plan.pending().all(|change| {
            let found = root.read(&change.path).ok().flatten();
            found.as_deref() == Some(change.after.as_slice())
        });
        match error.id == ErrorId::WouldOverwrite && is_done {
            true => Ok(()),
            false => Err(error),
        }
    })
}

fn outcome(
    request: &LockRequest,
    setup: &SetupFile,
    files: &[FileChange],
    changes: Vec<LockChange>,
    gaps: Vec<gaps::LockGap>,
    notes: Vec<Message>,
) -> LockOutcome {
    LockOutcome {
        check: request.check,
        path: setup.lock_path().display().to_string(),
        files: files
            .iter()
            .map(|file| (file.path.clone(), file.action()))
            .filter(|(_, action)| *action != Action::None)
            .collect(),
        changes,
        gaps,
        notes,
    }
}

/// What `upgrade` names.
///
/// # Errors
/// `usage` if it names nothing that is locked.
fn renewal(upgrade: Option<&LockUpgrade>, setup: &SetupFile, lock: &LockFile) -> Result<Renewal> {
    let all = || (0..setup.projects.len()).collect();
    let name = match upgrade {
        None => return Ok(Renewal::default()),
        Some(LockUpgrade::All) => {
            return Ok(Renewal {
                server: true,
                client: true,
                packages: false,
                connectors: all(),
            });
        }
        Some(LockUpgrade::One(name)) => name.as_str(),
    };
    if name == "client" && setup.client.is_some() {
        return Ok(Renewal {
            client: true,
            packages: true,
            ..Renewal::default()
        });
    }
    if name == "server" && setup.server_target().is_some() {
        return Ok(Renewal {
            server: true,
            ..Renewal::default()
        });
    }
    let dir = name.trim_end_matches('/');
    let dir = dir.strip_prefix("./").unwrap_or(dir);
    let packages = |settings: &lock::ProjectSettings| {
        let mut of_project = lock.connectors.iter();
        of_project
            .any(|it| it.dir == settings.dir && it.lang == settings.lang && it.package == name)
    };
    let named = setup.projects.iter().enumerate();
    let connectors: Vec<usize> = named
        .filter(|(_, it)| it.dir == dir || packages(it))
        .map(|(index, _)| index)
        .collect();
    if connectors.is_empty() {
        let known = ["client", "server"].into_iter().map(str::to_owned);
        let known = known.chain(setup.projects.iter().map(|it| it.dir.clone()));
        return Err(Error::new(
            ErrorId::Usage,
            message!("lock-upgrade-tried", name = printable(name)),
            message!("lock-upgrade-unknown"),
            message!(
                "lock-upgrade-next",
                known = known.collect::<Vec<_>>().join(", ")
            ),
        ));
    }
    Ok(Renewal {
        connectors,
        ..Renewal::default()
    })
}
