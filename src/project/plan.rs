//! A plan: which files of a project change, from what to what. A value; nothing is written yet.

pub mod apply;
pub mod diff;

/// What happens to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// It is new.
    Create,
    /// It is there, and changes.
    Edit,
    /// It is there, and stays.
    None,
}

impl Action {
    /// The word in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Edit => "edit",
            Self::None => "none",
        }
    }
}

/// A file, before and after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileChange {
    /// Its path in the project, with `/`.
    pub path: String,
    /// What it holds; `None` where it does not exist.
    pub before: Option<Vec<u8>>,
    /// What it is to hold.
    pub after: Vec<u8>,
}

impl FileChange {
    /// A file that stays as it is.
    pub fn keep(path: impl Into<String>, content: Vec<u8>) -> Self {
        Self {
            path: path.into(),
            before: Some(content.clone()),
            after: content,
        }
    }

    /// What happens to it.
    pub fn action(&self) -> Action {
        match &self.before {
            None => Action::Create,
            Some(before) if *before == self.after => Action::None,
            Some(_) => Action::Edit,
        }
    }
}

/// Every file that a run touches or looked at, in the order in which people read them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The files.
    pub changes: Vec<FileChange>,
}

impl Plan {
    /// The files that change.
    pub fn pending(&self) -> impl Iterator<Item = &FileChange> {
        self.changes
            .iter()
            .filter(|change| change.action() != Action::None)
    }
}
