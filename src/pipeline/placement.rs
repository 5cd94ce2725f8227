//! The file that gets the piece: one of its own, or the user's.

use super::systems::PipelineSystem;
use super::{PipelineMode, PipelineRequest};
use crate::error::{Error, ErrorId, Result};
use crate::message::{Message, message};
use crate::project::files::{ProjectRoot, normal_path};
use crate::project::pipeline_file::PieceForm;

/// Where a piece goes.
#[derive(Debug)]
pub(super) enum PiecePlace {
    /// A file of its own, and its content, if it exists and matters.
    Own(Option<Vec<u8>>, &'static str),
    /// The user's file.
    Existing {
        /// Its path in the project, with `/`.
        path: String,
        /// How the piece is put into it.
        form: &'static PieceForm,
        /// Its content.
        before: Vec<u8>,
    },
}

impl PiecePlace {
    pub(super) fn path(&self) -> &str {
        match self {
            Self::Own(_, path) => path,
            Self::Existing { path, .. } => path,
        }
    }
}

/// The place for the piece of `request`: the file of `--into`; the system's own one if it exists or `--separate` is given; else the user's
/// file for that system, if there is one.
///
/// # Errors
/// `usage` if `--into` names a file that does not exist, is outside of the project, or is for a system without such files; those of reading.
pub(super) fn find(
    request: &PipelineRequest,
    system: &'static PipelineSystem,
    root: &ProjectRoot,
) -> Result<PiecePlace> {
    if let Some(path) = &request.into {
        let Some(form) = &system.piece else {
            return Err(into_refused(system, path, message!("pipeline-no-into")));
        };
        let normal = normal_path(path);
        if path.starts_with('/') || normal.starts_with("..") || normal.contains(['\\', ':']) {
            return Err(into_refused(
                system,
                path,
                message!("pipeline-into-outside"),
            ));
        }
        return match root.read(&normal)? {
            Some(before) => Ok(PiecePlace::Existing {
                path: normal,
                form,
                before,
            }),
            None => Err(into_refused(system, path, message!("io-not-found"))),
        };
    }
    if request.mode == PipelineMode::Print {
        return Ok(PiecePlace::Own(None, &system.file));
    }
    let own = root.read(&system.file)?;
    if let Some(form) = &system.piece
        && own.is_none()
        && !request.separate
    {
        for path in &system.existing {
            if let Some(before) = root.read(path)? {
                return Ok(PiecePlace::Existing {
                    path: path.clone(),
                    form,
                    before,
                });
            }
        }
    }
    Ok(PiecePlace::Own(own, &system.file))
}

fn into_refused(system: &PipelineSystem, path: &str, observed: Message) -> Error {
    Error::new(
        ErrorId::Usage,
        message!("pipeline-put-into", path = path),
        observed,
        Message::quoted(format!("taos-setup ci {} --write", system.id)),
    )
}
