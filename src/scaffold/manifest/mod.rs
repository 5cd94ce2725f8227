//! Manifests: files in which a project names its dependencies, one module a format. An edit is one splice on a lossless
//! reading, so everything outside the inserted bytes stays as it was (design, decision 11).

pub mod go_mod;
pub mod pep440;
pub mod requirements_txt;
pub mod text;

use serde::Deserialize;

use crate::error::{Error, ErrorId, Result};

/// How a manifest is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// Go's `go.mod`.
    GoMod,
    /// pip's `requirements.txt`.
    RequirementsTxt,
}

/// The dependency that a manifest is to name.
#[derive(Clone, Copy, Debug)]
pub struct Requirement<'a> {
    /// The package, as its registry names it.
    pub package: &'a str,
    /// The version, as this format writes it.
    pub version: &'a str,
    /// The oldest version of the language that the package builds with.
    pub runtime: &'a str,
}

/// What an edit comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edit {
    /// The bytes to insert, and where; `None` where the manifest already names the dependency.
    pub insertion: Option<Insertion>,
    /// What the user should know.
    pub notes: Vec<String>,
}

/// Bytes to insert at an offset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Insertion {
    /// The offset in bytes.
    pub at: usize,
    /// The text.
    pub text: String,
}

/// Why a manifest cannot be edited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It does not parse.
    Unparsable {
        /// The line, from 1.
        line: usize,
        /// Why, as a phrase.
        reason: String,
    },
    /// It asks for something else.
    Conflict {
        /// The line, from 1.
        line: usize,
        /// What it asks for, as a sentence without a full stop.
        found: String,
        /// What the user can do.
        next: String,
    },
}

impl Edit {
    /// `old` with the insertion made.
    pub fn apply(&self, old: &str) -> String {
        match &self.insertion {
            None => old.to_owned(),
            Some(Insertion { at, text }) => {
                let (before, after) = old.split_at(*at);
                [before, text, after].concat()
            }
        }
    }
}

impl Format {
    /// The edit that makes `text` name `requirement`.
    pub fn edit(self, text: &str, requirement: Requirement) -> std::result::Result<Edit, Refusal> {
        match self {
            Self::GoMod => go_mod::edit(text, requirement),
            Self::RequirementsTxt => requirements_txt::edit(text, requirement),
        }
    }

    /// Why `name` cannot be a project's name; `None` where it can.
    pub fn complaint_about_name(self, name: &str) -> Option<String> {
        match self {
            Self::GoMod => go_mod::complaint_about_module_path(name),
            Self::RequirementsTxt => requirements_txt::complaint_about_project_name(name),
        }
    }
}

/// The edit of the manifest `bytes`, which stand in the file shown as `path`; refusals become errors that name the file and
/// the line.
pub fn edit(format: Format, path: &str, bytes: &[u8], requirement: Requirement) -> Result<Edit> {
    let wanted = format!("{} {}", requirement.package, requirement.version);
    text::decode(bytes)
        .and_then(|text| format.edit(text, requirement))
        .map_err(|refusal| match refusal {
            Refusal::Unparsable { line, reason } => Error::new(
                ErrorId::FileUnparsable,
                format!("add {wanted} to {path}"),
                format!("{path}:{line}: {reason}"),
                "mend that line and run the command again; nothing was written",
            ),
            Refusal::Conflict { line, found, next } => Error::new(
                ErrorId::VersionConflict,
                format!("add {wanted} to {path}"),
                format!("{path}:{line}: {found}"),
                next,
            ),
        })
}
