//! Walks a directory: which files are read, and what is found in each. Files that .gitignore names, links, and binary files are left
//! out.

use std::path::{Path, PathBuf};
use std::sync::Mutex;

use ignore::{DirEntry, WalkBuilder, WalkState};

use super::connector::NewConnector;
use super::deprecated_use::DeprecatedUse;
use super::file_kind::Migrations;
use super::syntax::Syntax;
use super::{grouping, scan};
use crate::error::describe_io_error;
use crate::message::{Message, message};
use crate::project::files::LARGEST;
use crate::system::files::{UnfitFile, read_named};

/// The most uses that are reported: more are not read by people.
pub const MOST_USES: usize = 5_000;
/// The most directories inside each other that are entered.
const DEEPEST: usize = 128;

/// What is found in one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileUses {
    /// Its path from the directory, with `/`.
    pub path: String,
    /// How it is written.
    pub syntax: Syntax,
    /// The uses, in order.
    pub uses: Vec<DeprecatedUse>,
    /// Line and column of each use, from 1, and what it is before and after the change.
    pub shown: Vec<ShownUse>,
}

/// A use as people see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownUse {
    /// The line, from 1.
    pub line: usize,
    /// The column in bytes, from 1.
    pub column: usize,
    /// The text.
    pub before: String,
    /// The text after the change; `None` if a person changes it.
    pub after: Option<String>,
}

/// What a walk found.
#[derive(Debug, Default)]
pub struct FoundTree {
    /// Files with uses, sorted by path.
    pub files: Vec<FileUses>,
    /// Directories that are modules of their own, with `/`.
    pub modules: Vec<String>,
    /// How many files were read.
    pub read: usize,
    /// What could not be read, and why; sorted.
    pub unread: Vec<(String, Message)>,
    /// Whether there are more uses than are kept.
    pub is_cut: bool,
}

/// Returns the uses in all files below `root`, older connectors than `connector` included.
pub fn find(root: &Path, connector: Option<&NewConnector>) -> FoundTree {
    let found = Mutex::new((FoundTree::default(), 0_usize));
    let migrations = Migrations::built_in();
    let mut walk = WalkBuilder::new(root);
    walk.hidden(false)
        .require_git(false)
        .git_global(false)
        .git_exclude(false)
        .parents(false)
        .ignore(true)
        .follow_links(false)
        .max_depth(Some(DEEPEST))
        .filter_entry(move |entry| !is_skipped(migrations, entry));
    walk.build_parallel().run(|| {
        Box::new(|entry| {
            let outcome = match entry {
                Ok(entry) => {
                    if let Some(module) = module(root, &entry)
                        && let Ok(mut found) = found.lock()
                    {
                        found.0.modules.push(module);
                    }
                    look_at(root, &entry, migrations, connector)
                }
                Err(error) => FileOutcome::Unread(
                    shown_path(root, &path_of(&error).unwrap_or_else(|| root.to_path_buf())),
                    reason_of(&error),
                ),
            };
            let Ok(mut found) = found.lock() else {
                return WalkState::Quit;
            };
            let (tree, count) = &mut *found;
            match outcome {
                FileOutcome::Other => {}
                FileOutcome::Clean => tree.read += 1,
                FileOutcome::Unread(path, why) => tree.unread.push((path, why)),
                FileOutcome::Uses(file) => {
                    tree.read += 1;
                    *count += file.uses.len();
                    tree.files.push(file);
                    if *count > MOST_USES {
                        tree.is_cut = true;
                        return WalkState::Quit;
                    }
                }
            }
            WalkState::Continue
        })
    });
    let (mut tree, _) = found.into_inner().unwrap_or_default();
    tree.files.sort_by(|a, b| a.path.cmp(&b.path));
    tree.unread.sort_by(|a, b| a.0.cmp(&b.0));
    tree
}

/// The directory of `entry`, if it is a file that makes it a module.
fn module(root: &Path, entry: &DirEntry) -> Option<String> {
    let name = entry.file_name().to_str()?;
    grouping::is_module_file(name).then(|| shown_path(root, entry.path().parent().unwrap_or(root)))
}

fn is_skipped(migrations: &Migrations, entry: &DirEntry) -> bool {
    entry.depth() > 0
        && entry.file_type().is_some_and(|kind| kind.is_dir())
        && migrations.skips(
            &entry.file_name().to_string_lossy(),
            entry.path().parent().unwrap_or(Path::new("")),
        )
}

enum FileOutcome {
    /// Not a file that is read.
    Other,
    Clean,
    Uses(FileUses),
    Unread(String, Message),
}

fn look_at(
    root: &Path,
    entry: &DirEntry,
    migrations: &Migrations,
    connector: Option<&NewConnector>,
) -> FileOutcome {
    if !entry.file_type().is_some_and(|kind| kind.is_file()) {
        return FileOutcome::Other;
    }
    let Some((name, syntax)) = entry
        .file_name()
        .to_str()
        .and_then(|name| Some((name, migrations.syntax(name)?)))
    else {
        return FileOutcome::Other;
    };
    let path = shown_path(root, entry.path());
    let bytes = match read_named(entry.path(), LARGEST) {
        Ok(bytes) => bytes,
        // Generated data.
        Err(error) if matches!(UnfitFile::find(&error), Some(UnfitFile::TooLarge(_))) => {
            return FileOutcome::Other;
        }
        Err(error) => return FileOutcome::Unread(path, describe_io_error(&error)),
    };
    if !scan::may_have_uses(&bytes) {
        return FileOutcome::Clean;
    }
    let mut uses = scan::find_uses(name, &bytes, syntax, connector);
    // One more than is reported, so that it is seen that there are more.
    uses.truncate(MOST_USES + 1);
    if uses.is_empty() {
        return FileOutcome::Clean;
    }
    FileOutcome::Uses(FileUses::new(path, syntax, &bytes, uses))
}

impl FileUses {
    /// The uses of a file with the content `bytes`.
    pub fn new(path: String, syntax: Syntax, bytes: &[u8], uses: Vec<DeprecatedUse>) -> Self {
        let (mut line, mut start, mut at) = (1, 0, 0);
        let shown = uses
            .iter()
            .map(|found| {
                for (offset, byte) in bytes[at..found.at].iter().enumerate() {
                    if *byte == b'\n' {
                        line += 1;
                        start = at + offset + 1;
                    }
                }
                at = found.at;
                ShownUse {
                    line,
                    column: found.at - start + 1,
                    before: shorten(&bytes[found.at..found.end]),
                    after: found.after(bytes).map(|after| shorten(&after)),
                }
            })
            .collect();
        Self {
            path,
            syntax,
            uses,
            shown,
        }
    }
}

/// `bytes` as one line of at most 120 characters.
fn shorten(bytes: &[u8]) -> String {
    const LONGEST: usize = 120;
    let text = String::from_utf8_lossy(bytes);
    let line = text.lines().next().unwrap_or_default();
    match line.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", &line[..at]),
        None => line.to_owned(),
    }
}

fn shown_path(root: &Path, path: &Path) -> String {
    let relative = path.strip_prefix(root).unwrap_or(path);
    relative.to_string_lossy().replace('\\', "/")
}

fn path_of(error: &ignore::Error) -> Option<PathBuf> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path.clone()),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => {
            path_of(err)
        }
        ignore::Error::Partial(_)
        | ignore::Error::Loop { .. }
        | ignore::Error::Io(_)
        | ignore::Error::Glob { .. }
        | ignore::Error::UnrecognizedFileType(_)
        | ignore::Error::InvalidDefinition => None,
    }
}

fn reason_of(error: &ignore::Error) -> Message {
    match error.io_error() {
        Some(error) => describe_io_error(error),
        None => message!("migrate-unread"),
    }
}
