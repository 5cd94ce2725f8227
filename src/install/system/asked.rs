//! Whether `--system` can be done at all, before anything is downloaded.

use std::path::Path;

use super::vendor;
use crate::error::{Error, ErrorId, Result, describe_io_error};
use crate::install::InstallRequest;
use crate::safety::shell::quoted;
use crate::store::System;
use crate::system::directory::create_roots_directory;
use crate::tdengine::platform::{Os, Platform};

/// Passes where `request` can be carried out on this machine by this user. Errors: `platform-unsupported`; `file-unwritable`
/// for who is not root; `would-overwrite` where the vendor's client is installed and is not to be replaced.
pub(super) fn permit(request: &InstallRequest) -> Result<()> {
    is_possible(&what(request))?;
    if !request.dry_run {
        is_root(&what(request), || command(request, &[]))?;
    }
    let system = System::of_this_machine();
    let before = system.receipt()?;
    let found = vendor::find();
    let Some(vendor) = vendor::in_the_way(found.as_ref(), before.as_ref()) else {
        return Ok(());
    };
    if vendor.server {
        return Err(Error::new(
            ErrorId::WouldOverwrite,
            what(request),
            format!("{vendor}, and its own programs use its driver"),
            "use the driver that it brought: taos-setup use system; or install beside it, for you alone: leave --system out",
        ));
    }
    if request.replace {
        return Ok(());
    }
    Err(Error::new(
        ErrorId::WouldOverwrite,
        what(request),
        vendor.to_string(),
        format!(
            "{}    # moves what leads to it to {}; uninstall --system puts it back\ntaos-setup use system    # to use it as it is",
            command(request, &["--replace"]),
            system.backup_dir().display()
        ),
    ))
}

fn what(request: &InstallRequest) -> String {
    match (&request.version, &request.server) {
        (Some(version), _) => format!("install {version} for all users"),
        (None, Some(server)) => format!(
            "install the client that matches {} for all users",
            crate::safety::printable::printable(&crate::safety::redaction::redact_argument(server))
        ),
        (None, None) => "install a client for all users".into(),
    }
}

/// Error `platform-unsupported` elsewhere than on Linux and macOS.
pub(super) fn is_possible(tried: &str) -> Result<()> {
    match Platform::host() {
        Some(host) if host.os != Os::Windows => Ok(()),
        _ => Err(Error::new(
            ErrorId::PlatformUnsupported,
            tried,
            "--system is for Linux and macOS: on Windows, the vendor's own installer does this",
            "leave --system out for a client of your own, or run the vendor's installer as an administrator",
        )),
    }
}

/// Error `file-unwritable` for who is not root; `command` is the one to run again.
pub(super) fn is_root(tried: &str, command: impl Fn() -> String) -> Result<()> {
    #[cfg(unix)]
    if rustix::process::geteuid().is_root() {
        return Ok(());
    }
    Err(Error::new(
        ErrorId::FileUnwritable,
        tried,
        "it changes /usr/local and /etc/taos, which takes root, and this user is not",
        command(),
    ))
}

/// The command that asks for the same, as root, with `more`.
pub(super) fn command(request: &InstallRequest, more: &[&str]) -> String {
    let mut words = vec!["sudo taos-setup install".to_owned()];
    if let Some(version) = &request.version {
        words.push(version.to_string());
    }
    if let Some(server) = &request.server {
        words.push(format!(
            "--match {}",
            quoted(&crate::safety::redaction::redact_argument(server))
        ));
    }
    words.extend(request.origin_arguments.iter().map(|word| quoted(word)));
    words.extend(
        request
            .sha256
            .iter()
            .map(|digest| format!("--sha256 {digest}")),
    );
    for (is_set, option) in [
        (request.trust_on_first_use, "--trust-on-first-use"),
        (request.require_digest, "--require-digest"),
        (request.fetch.offline, "--offline"),
        (true, "--system"),
        (request.replace, "--replace"),
    ] {
        if is_set && !more.contains(&option) {
            words.push(option.to_owned());
        }
    }
    words.extend(more.iter().map(|option| (*option).to_owned()));
    words.join(" ")
}

/// Creates the directory `home` of the store if it is missing.
///
/// # Errors
///
/// `file-unwritable` if another user than root could change what is in the store while root copies it.
pub(super) fn create_roots_store(home: &Path) -> Result<()> {
    let Err(untrusted) = create_roots_directory(home) else {
        return Ok(());
    };
    Err(Error::new(
        ErrorId::FileUnwritable,
        format!("use the store {} for all users", home.display()),
        format!(
            "{}: {}; that user could change what becomes root's",
            untrusted.path.display(),
            describe_io_error(&untrusted.error)
        ),
        format!(
            "leave {} unset: then the store is {}",
            crate::system::env_vars::HOME.name,
            System::of_this_machine().home().display()
        ),
    ))
}
