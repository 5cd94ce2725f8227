//! Files of pipelines and containers that people wrote, and pieces put into them. What is there keeps its bytes; a piece is recognized by
//! its own names, so that no marker is needed, and is put in once.

mod dockerfile;
mod jenkinsfile;
mod jsonc;
mod yaml_merge;
mod yaml_tree;

use serde::Deserialize;

use super::edit::{EditRefusal, Splice};
use super::text;
use crate::message::message;
pub use yaml_merge::YamlPiece;

/// How a piece is put into a file.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "form", rename_all = "kebab-case", deny_unknown_fields)]
pub enum PieceForm {
    /// Entries of tables.
    Yaml {
        /// The tables; an empty name is the document.
        tables: Vec<String>,
        /// A list that must hold a value, if it is there.
        #[serde(default)]
        required: Option<(String, String)>,
    },
    /// Documents behind the others.
    YamlDocuments,
    /// Members of objects, in JSON with comments.
    Jsonc {
        /// The objects whose members they are.
        objects: Vec<String>,
    },
    /// A stage, and instructions of the last stage that use it.
    Dockerfile {
        /// The name of the stage.
        stage: String,
    },
    /// A stage of a declarative pipeline.
    Jenkinsfile {
        /// The name of the stage.
        stage: String,
    },
}

/// Returns what puts the piece of `form` that the whole file `own` has into `source`; nothing if it is there.
///
/// # Errors
/// The line of `source` that cannot be read, does not leave a safe place, or has something else under the same name.
pub fn splice(form: &PieceForm, source: &[u8], own: &str) -> Result<Vec<Splice>, EditRefusal> {
    let source = text::decode(source)?;
    match form {
        PieceForm::Yaml { tables, required } => {
            yaml_merge::merge(source, yaml_piece(own, tables, required))
        }
        PieceForm::YamlDocuments => yaml_merge::append_documents(source, own),
        PieceForm::Jsonc { objects } => jsonc::merge(source, own, objects),
        PieceForm::Dockerfile { stage } => dockerfile::merge(source, own, stage),
        PieceForm::Jenkinsfile { stage } => jenkinsfile::merge(source, own, stage),
    }
}

/// Returns the piece of `form` that the whole file `own` has, as a person would add it.
pub fn fragment(form: &PieceForm, own: &str) -> String {
    match form {
        PieceForm::Yaml { tables, required } => {
            yaml_merge::fragment(yaml_piece(own, tables, required))
        }
        PieceForm::YamlDocuments | PieceForm::Jsonc { .. } => own.to_owned(),
        PieceForm::Dockerfile { stage } => dockerfile::fragment(own, stage),
        PieceForm::Jenkinsfile { stage } => jenkinsfile::fragment(own, stage),
    }
}

fn yaml_piece<'a>(
    text: &'a str,
    tables: &'a [String],
    required: &'a Option<(String, String)>,
) -> YamlPiece<'a> {
    YamlPiece {
        text,
        tables,
        required: required
            .as_ref()
            .map(|(list, value)| (list.as_str(), value.as_str())),
    }
}

/// The refusal of a name that something else has.
fn taken(line: usize, name: &str) -> EditRefusal {
    EditRefusal::Conflict {
        line,
        found: message!("splice-name-taken", name = name),
        next: message!("splice-name-taken-next", name = name),
    }
}

/// The refusal of a text that the piece does not fit into.
fn cannot(line: usize) -> EditRefusal {
    EditRefusal::Conflict {
        line,
        found: message!("splice-unsafe"),
        next: message!("splice-by-hand"),
    }
}

#[cfg(test)]
mod tests;
