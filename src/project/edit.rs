//! Edits of manifests: values that say which bytes change, or why none may.

use crate::message::{Message, message};

/// What an edit comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edit {
    /// The bytes to insert, and where; `None` where the manifest already names the dependency.
    pub insertion: Option<Splice>,
    /// What makes way for what: versions that are upgraded.
    pub replacements: Vec<Splice>,
    /// The edits of other files of the same build: a workspace's root, a parent, a version catalog.
    pub elsewhere: Vec<FileEdit>,
    /// What the manifest asks of the package then, as this format writes it; `None` where that is not known.
    pub asked: Option<String>,
    /// Notes for the user.
    pub notes: Vec<Message>,
    /// The frameworks that the project is built on.
    pub frameworks: Vec<Framework>,
}

/// A framework that wants settings of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Framework {
    /// Spring Boot.
    SpringBoot {
        /// Where the parent or list that chooses the versions of the libraries is named, as `FILE:LINE`, and its name.
        managed_by: Option<(String, String)>,
        /// Its version, if it is known.
        version: Option<String>,
        /// The packages that the project depends on outside of its tests, as `GROUP:ARTIFACT`.
        packages: Vec<String>,
    },
}

impl Framework {
    /// The word for it in template.toml.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::SpringBoot { .. } => "spring-boot",
        }
    }
}

/// Bytes to insert at an offset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Splice {
    /// The offset in bytes.
    pub at: usize,
    /// How many bytes from there on make way: those of `/>`, where an empty XML element gets its first child.
    pub removes: usize,
    /// The text.
    pub text: String,
}

/// The edit of another file than the manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileEdit {
    /// The file, as [`super::requirement::Requirement::parents`] names it.
    pub path: String,
    /// Its changes.
    pub splices: Vec<Splice>,
}

impl FileEdit {
    /// `old` with the changes made.
    pub fn apply(&self, old: &str) -> String {
        splice_text(old, self.splices.iter().collect())
    }
}

/// Returns `old` with `splices` made. A splice that would cut a character leaves the text as it was.
fn splice_text(old: &str, splices: Vec<&Splice>) -> String {
    String::from_utf8(apply_splices(old.as_bytes(), splices)).unwrap_or_else(|_| old.to_owned())
}

/// Returns `old`, in any encoding, with `splices` made, which do not overlap.
pub fn apply_splices(old: &[u8], mut splices: Vec<&Splice>) -> Vec<u8> {
    splices.sort_by_key(|splice| splice.at);
    let mut new = Vec::with_capacity(old.len());
    let mut done = 0;
    for Splice { at, removes, text } in splices {
        new.extend_from_slice(old.get(done..*at).unwrap_or_default());
        new.extend_from_slice(text.as_bytes());
        done = done.max(at + removes);
    }
    new.extend_from_slice(old.get(done..).unwrap_or_default());
    new
}

/// Why a manifest cannot be edited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EditRefusal {
    /// It does not parse.
    Unparsable {
        /// The line, from 1.
        line: usize,
        /// The reason, as a clause.
        reason: Message,
    },
    /// It asks for something else.
    Conflict {
        /// The line, from 1.
        line: usize,
        /// What it asks for, as a sentence without a full stop.
        found: Message,
        /// The advice.
        next: Message,
    },
    /// It holds other projects together and has no program of its own.
    Aggregator {
        /// The line, from 1.
        line: usize,
        /// What it is, as a sentence without a full stop.
        found: Message,
        /// The directories of its members, as it names them; patterns stay patterns.
        members: Vec<String>,
    },
}

impl EditRefusal {
    /// The refusal of a line that does not parse.
    pub const fn unparsable(line: usize, reason: Message) -> Self {
        Self::Unparsable { line, reason }
    }

    /// The same refusal of line `own` of the manifest, which names what stands in `file`.
    pub fn elsewhere(self, own: usize, file: &str) -> Self {
        match self {
            Self::Conflict { line, found, next } => Self::Conflict {
                line: own,
                found: message!("project-elsewhere", file = file, line = line, text = found),
                next,
            },
            Self::Unparsable { .. } | Self::Aggregator { .. } => self,
        }
    }

    /// The line and the reason.
    pub fn message(&self) -> Message {
        let (Self::Unparsable { line, reason: text }
        | Self::Conflict {
            line, found: text, ..
        }
        | Self::Aggregator {
            line, found: text, ..
        }) = self;
        message!("project-line", line = line, text = text)
    }
}

impl Edit {
    /// `old` with the insertion and the replacements made.
    pub fn apply(&self, old: &str) -> String {
        splice_text(
            old,
            self.insertion.iter().chain(&self.replacements).collect(),
        )
    }
}
