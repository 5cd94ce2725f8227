//! Finds connections that the vendor ends on 2027-01-01 (docs/facts.md) in a project, and changes what can be changed without a person.

mod address;
mod connector;
mod csharp_code;
pub mod deprecated_use;
pub mod file_kind;
mod go_code;
mod grouping;
mod java_code;
mod jdbc_url;
mod python_code;
mod r_code;
pub mod scan;
mod segment;
pub mod syntax;
mod tree;

use std::path::PathBuf;

use crate::catalog::endings::Endings;
use crate::error::{Error, ErrorId, Result};
use crate::message::{Message, message};
use crate::project::edit::apply_splices;
use crate::project::files::{ProjectRoot, shown};
use crate::project::plan::{FileChange, Plan, apply, diff};
use crate::system::files::TEXT_LIMIT;
use crate::tdengine::version::Version;
use connector::NewConnector;
use deprecated_use::{DeprecatedUse, UseKind, automatic_splices};
pub use tree::{FileUses, MOST_USES, ShownUse};

/// What was asked for.
#[derive(Clone, Debug)]
pub struct MigrateRequest {
    /// The directory.
    pub dir: PathBuf,
    /// The server's version, if it was named.
    pub server: Option<Version>,
    /// Only report uses.
    pub check: bool,
    /// Only show what would change.
    pub dry_run: bool,
}

/// What was found, and what was done about it.
#[derive(Clone, Debug)]
pub struct MigrateOutcome {
    /// The directory, as it was named.
    pub dir: PathBuf,
    /// Whether it was only a check.
    pub check: bool,
    /// The day on which the connections end.
    pub deadline: &'static str,
    /// Files with uses, sorted by path.
    pub files: Vec<FileUses>,
    /// How many files were read.
    pub read: usize,
    /// What could not be read, and why.
    pub unread: Vec<(String, Message)>,
    /// Whether there are more uses than are kept.
    pub is_cut: bool,
    /// What the user should know.
    pub notes: Vec<Message>,
    /// The diff, if nothing was to be written.
    pub diff: Option<String>,
}

impl MigrateOutcome {
    /// How many uses change without a person, and how many do not.
    pub fn counts(&self) -> (usize, usize) {
        let uses = || self.files.iter().flat_map(|file| &file.uses);
        let automatic = uses().filter(|found| found.is_automatic()).count();
        (automatic, uses().count() - automatic)
    }
}

/// Finds the uses below the directory of `request` and, unless it is a check or a dry run, changes those that need no person: all files
/// or none.
///
/// # Errors
/// `file-unreadable` if the directory cannot be opened; `would-overwrite` if there is more to change than one run takes; those of
/// [`apply::apply`].
pub fn run(request: &MigrateRequest) -> Result<MigrateOutcome> {
    let root = ProjectRoot::open(&request.dir)?;
    let (_, missing) = root.anchor();
    if !missing.is_empty() {
        return Err(Error::new(
            ErrorId::FileUnreadable,
            message!("migrate-tried", dir = shown(&request.dir)),
            message!("io-not-found"),
            message!("migrate-next-dir"),
        ));
    }
    let interrupted = match request.check || request.dry_run {
        true => apply::describe_interrupted(&root),
        false => apply::recover(&root)?,
    };
    let connector = NewConnector::for_server(request.server);
    let mut found = tree::find(&request.dir, connector.as_ref());
    grouping::hold_back(&mut found.files, &found.modules);
    let automatic = found.files.iter().flat_map(|file| &file.uses);
    let kinds: Vec<UseKind> = automatic
        .filter(|found| found.is_automatic())
        .map(|found| found.kind)
        .collect();
    let moved = connector
        .as_ref()
        .map_or_else(Vec::new, |connector| connector.notes(&kinds));
    let mut outcome = MigrateOutcome {
        dir: request.dir.clone(),
        check: request.check,
        deadline: &Endings::built_in().deadline,
        files: found.files,
        read: found.read,
        unread: found.unread,
        is_cut: found.is_cut,
        notes: interrupted.into_iter().chain(moved).collect(),
        diff: None,
    };
    if request.check {
        return Ok(outcome);
    }
    if outcome.is_cut {
        return Err(Error::new(
            ErrorId::WouldOverwrite,
            message!("migrate-tried-change", path = shown(&request.dir)),
            message!("migrate-too-many", limit = MOST_USES),
            message!("migrate-next-parts"),
        ));
    }
    let plan = plan(&root, &outcome.files, connector.as_ref())?;
    if request.dry_run {
        outcome.diff = Some(diff::unified(&plan));
    } else {
        apply::apply(&plan, &root)?;
    }
    Ok(outcome)
}

/// The changes of every use that needs no person. Files are read again through the directory that is held open.
fn plan(root: &ProjectRoot, files: &[FileUses], connector: Option<&NewConnector>) -> Result<Plan> {
    let mut changes = Vec::new();
    let mut total = 0_u64;
    for file in files {
        let splices = automatic_splices(&file.uses);
        if splices.is_empty() {
            continue;
        }
        let failed = |observed: Message, next: Message| {
            let path = shown(&root.path().join(&file.path));
            Error::new(
                ErrorId::WouldOverwrite,
                message!("migrate-tried-change", path = path),
                observed,
                next,
            )
        };
        let before = root.read(&file.path)?.unwrap_or_default();
        let name = file.path.rsplit('/').next().unwrap_or(&file.path);
        let again = scan::find_uses(name, &before, file.syntax, connector);
        let places = |uses: &[DeprecatedUse]| -> Vec<_> {
            uses.iter()
                .map(|found| (found.kind, found.at, found.end))
                .collect()
        };
        if places(&again) != places(&file.uses) {
            return Err(failed(
                message!("migrate-changed-meanwhile"),
                message!("migrate-run-again"),
            ));
        }
        total += before.len() as u64;
        if total > TEXT_LIMIT {
            return Err(failed(
                message!("migrate-too-much", limit = TEXT_LIMIT >> 20),
                message!("migrate-next-parts"),
            ));
        }
        changes.push(FileChange {
            path: file.path.clone(),
            after: apply_splices(&before, splices.iter().collect()),
            before: Some(before),
        });
    }
    Ok(Plan { changes })
}
