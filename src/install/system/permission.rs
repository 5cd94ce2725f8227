//! Checks that `--system` is possible, before anything is downloaded.

use std::path::Path;

use super::vendor_client;
use crate::error::{Error, ErrorId, Result, describe_io_error};
use crate::install::InstallRequest;
use crate::message::{Message, message};
use crate::safety::printable::{printable, printable_path};
use crate::safety::redaction::redact_argument;
use crate::safety::shell::quoted;
use crate::store::System;
use crate::system::directory::create_roots_directory;
use crate::tdengine::platform::{Os, Platform};

/// Checks that this user can carry out `request` on this machine.
///
/// # Errors
/// `platform-unsupported`; `file-unwritable` if the user is not root; `would-overwrite` if the vendor's client is installed and is not to
/// be replaced.
pub(super) fn check(request: &InstallRequest) -> Result<()> {
    check_platform(&describe(request))?;
    if !request.dry_run {
        check_root(&describe(request), || {
            Message::quoted(command(request, &[]))
        })?;
    }
    let system = System::of_this_machine();
    let before = system.receipt()?;
    let found = vendor_client::find();
    let Some(vendor) = vendor_client::in_the_way(found.as_ref(), before.as_ref()) else {
        return Ok(());
    };
    if vendor.server {
        return Err(Error::new(
            ErrorId::WouldOverwrite,
            describe(request),
            message!("system-vendor-server", vendor = vendor.describe()),
            message!("system-vendor-server-next"),
        ));
    }
    if request.replace {
        return Ok(());
    }
    Err(Error::new(
        ErrorId::WouldOverwrite,
        describe(request),
        vendor.describe(),
        message!(
            "system-vendor-next",
            command = command(request, &["--replace"]),
            backups = printable_path(&system.backup_dir())
        ),
    ))
}

fn describe(request: &InstallRequest) -> Message {
    match (&request.version, &request.server) {
        (Some(version), _) => message!("system-install-tried", version = version),
        (None, Some(server)) => message!(
            "system-match-tried",
            server = printable(&redact_argument(server))
        ),
        (None, None) => message!("system-any-tried"),
    }
}

/// Error `platform-unsupported` elsewhere than on Linux and macOS.
pub(super) fn check_platform(tried: &Message) -> Result<()> {
    match Platform::host() {
        Some(host) if host.os != Os::Windows => Ok(()),
        _ => Err(Error::new(
            ErrorId::PlatformUnsupported,
            tried.clone(),
            message!("system-windows"),
            message!("system-windows-next"),
        )),
    }
}

/// Error `file-unwritable` if the user is not root; `command` is the one to run again.
pub(super) fn check_root(tried: &Message, command: impl Fn() -> Message) -> Result<()> {
    #[cfg(unix)]
    if rustix::process::geteuid().is_root() {
        return Ok(());
    }
    Err(Error::new(
        ErrorId::FileUnwritable,
        tried.clone(),
        message!("system-needs-root"),
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
        words.push(format!("--match {}", quoted(&redact_argument(server))));
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
        message!("system-store-tried", home = printable_path(home)),
        message!(
            "system-store-untrusted",
            path = printable_path(&untrusted.path),
            why = describe_io_error(&untrusted.error)
        ),
        message!(
            "system-store-untrusted-next",
            variable = crate::system::env_vars::HOME.name,
            home = printable_path(System::of_this_machine().home())
        ),
    ))
}
