//! Manifests outside of the project's directory: a user's own files, which an absolute path names.

use std::path::Path;

use super::InitRequest;
use crate::error::{Error, ErrorId, Result};
use crate::message::message;

/// Directories whose files belong to the system and its packages.
const SYSTEM: [&str; 2] = ["/etc", "/usr"];

/// Returns `request` with the directory of a manifest that an absolute path names.
///
/// # Errors
/// `usage` for a file of the system.
pub(super) fn resolved(request: &InitRequest) -> Result<InitRequest> {
    let mut request = request.clone();
    let Some(path) = request.manifest.as_ref().map(Path::new) else {
        return Ok(request);
    };
    let (true, Some(directory), Some(name)) = (path.is_absolute(), path.parent(), path.file_name())
    else {
        return Ok(request);
    };
    if SYSTEM.iter().any(|it| directory.starts_with(it)) {
        return Err(Error::new(
            ErrorId::Usage,
            message!("init-set-up"),
            message!("init-system-file", path = path.display()),
            message!("init-system-file-next"),
        ));
    }
    let (directory, name) = (directory.to_owned(), name.to_string_lossy().into_owned());
    (request.dir, request.manifest) = (directory, Some(name));
    Ok(request)
}
