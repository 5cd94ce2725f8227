//! The origin of packages, as options and the environment name it.

use std::path::{Path, PathBuf};

use super::file_name::is_package;
use crate::error::{Error, ErrorId, Result};
use crate::fetch::{Location, Origin, parse_location, shown};
use crate::message::message;
use crate::safety::printable::printable_path;
use crate::safety::redaction::{redact, redact_argument};
use crate::safety::shell::quoted;
use crate::system::env_vars;

/// Parses the values of `--from` and `--mirror`, else `TAOS_SETUP_MIRROR`: the origin of packages, and the arguments that name it
/// again, without secrets.
///
/// # Errors
/// `usage` if a mirror is one file, or an address cannot be used.
pub fn parse_origin(
    from: Option<String>,
    mirror: Option<String>,
    insecure_http: bool,
) -> Result<(Origin, Vec<String>)> {
    if let Some(from) = from {
        let origin = match parse_location(&from, insecure_http)? {
            Location::Address(url) => Origin::Address(url),
            Location::Path(path) => Origin::File(path),
        };
        return Ok((origin, vec!["--from".into(), without_secrets(from)]));
    }
    let (text, arguments) = match (mirror, env_vars::MIRROR.get()) {
        (Some(mirror), _) => {
            let arguments = vec!["--mirror".into(), without_secrets(mirror.clone())];
            (mirror, arguments)
        }
        (None, Some(mirror)) => match mirror.into_string() {
            Ok(mirror) => (mirror, Vec::new()),
            Err(path) => return Ok((Origin::Folder(PathBuf::from(path)), Vec::new())),
        },
        (None, None) => return Ok((Origin::Vendor, Vec::new())),
    };
    let origin = match parse_location(&text, insecure_http)? {
        Location::Address(url) if is_package(url.path()) => return Err(single_file(shown(&url))),
        Location::Address(url) => Origin::Mirror(url),
        Location::Path(path) if path.is_file() => {
            return Err(single_file(printable_path(&path)));
        }
        Location::Path(path) => Origin::Folder(path),
    };
    Ok((origin, arguments))
}

fn single_file(shown: String) -> Error {
    Error::new(
        ErrorId::Usage,
        message!("install-mirror-use"),
        message!("install-mirror-file", place = shown),
        message!("install-from-next", place = quoted(&shown)),
    )
}

/// `argument` without its secrets: it is printed again.
fn without_secrets(argument: String) -> String {
    match url::Url::parse(&argument) {
        Ok(url) if argument.contains("://") && has_secrets(&url) => shown(&url),
        // The name of a file may look like a login.
        _ if Path::new(&argument).exists() => redact(&argument),
        _ => redact_argument(&argument),
    }
}

fn has_secrets(url: &url::Url) -> bool {
    !url.username().is_empty() || url.password().is_some() || url.query().is_some()
}

#[cfg(test)]
mod tests;
