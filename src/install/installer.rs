//! The vendor's Windows installer, a program made with Inno Setup. It is fetched and verified as every package is, and kept;
//! `--run-installer` runs it on Windows. It is not unpacked: it changes the whole machine (docs/facts.md), and a reader of its format
//! could not be tested with one of the vendor's.

use std::path::Path;

use crate::error::{Error, ErrorId, Result};
use crate::message::{Message, message};
use crate::safety::printable::printable;
#[cfg(windows)]
use crate::safety::printable::printable_path;
use crate::store::Client;
use crate::system::events::{Event, EventSink};
use crate::tdengine::platform::{Os, Platform};

/// Inno Setup's own options for an installation without questions. `/DIR=` is not among them: the vendor's script names
/// C:\TDengine itself.
const SILENT: [&str; 3] = ["/VERYSILENT", "/SUPPRESSMSGBOXES", "/NORESTART"];

/// The changes of the installer on the machine, as its script has them.
fn changes() -> [Message; 5] {
    [
        message!("installer-writes"),
        message!("installer-copies"),
        message!("installer-services"),
        message!("installer-path"),
        message!("installer-odbc"),
    ]
}

/// The driver of an installer that has run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstallerRun {
    /// The requested client.
    pub client: Client,
    /// Its library, which reported that version.
    pub library: std::path::PathBuf,
}

/// Error `usage` if `--run-installer` cannot work on this machine or for that platform.
pub(super) fn check_supported(platform: Option<Platform>) -> Result<()> {
    let host = Platform::host();
    let observed = match (host, platform) {
        (Some(host), _) if host.os != Os::Windows => {
            message!("installer-not-here", host = host)
        }
        (Some(host), Some(platform)) if host != platform => {
            message!("installer-other-platform", host = host, platform = platform)
        }
        _ => return Ok(()),
    };
    Err(Error::new(
        ErrorId::Usage,
        message!("installer-tried"),
        observed,
        message!("installer-omit-next"),
    ))
}

/// Runs the verified installer at `path` if `run`; else error `platform-unsupported` with the command that runs it.
pub(super) async fn finish(
    client: &Client,
    path: &Path,
    run: bool,
    events: &EventSink,
) -> Result<InstallerRun> {
    let shown = printable(&path.to_string_lossy());
    if client.platform.os != Os::Windows {
        return Err(Error::new(
            ErrorId::PlatformUnsupported,
            message!("install-unpack-tried", place = shown),
            message!("installer-for-windows", platform = client.platform),
            message!("installer-for-windows-next", platform = client.platform),
        ));
    }
    if run {
        for change in changes() {
            events.emit(Event::note(change));
        }
        return launch(client, path, events).await;
    }
    Err(Error::new(
        ErrorId::PlatformUnsupported,
        message!("installer-directory-tried", version = client.version),
        message!("installer-kept", file = shown),
        message!(
            "installer-kept-next",
            file = shown,
            options = SILENT.join(" "),
            version = client.version
        ),
    ))
}

#[cfg(windows)]
async fn launch(client: &Client, path: &Path, events: &EventSink) -> Result<InstallerRun> {
    use crate::error::describe_io_error;
    use std::path::PathBuf;

    /// Windows refuses to start what asks for an administrator from a process that has none.
    const ELEVATION_REQUIRED: i32 = 740;

    let failed = |observed: Message, next: Message| {
        Error::new(
            ErrorId::FileUnwritable,
            message!("installer-run", file = printable_path(path)),
            observed,
            next,
        )
    };
    let again = || message!("installer-failed-next");
    let status = tokio::process::Command::new(path)
        .args(SILENT)
        .status()
        .await
        .map_err(|error| match error.raw_os_error() {
            Some(ELEVATION_REQUIRED) => failed(
                message!("installer-elevation"),
                message!("installer-elevation-next"),
            ),
            _ => failed(describe_io_error(&error), again()),
        })?;
    if !status.success() {
        return Err(failed(
            message!("installer-status", status = status),
            again(),
        ));
    }
    let folders: Vec<PathBuf> = [r"C:\TDengine\driver", r"C:\TDengine"]
        .map(PathBuf::from)
        .into();
    let library = client.platform.library_file("taos");
    let Some(folder) = folders
        .iter()
        .find(|folder| folder.join(&library).is_file())
    else {
        return Err(failed(
            message!("installer-no-driver", file = library),
            again(),
        ));
    };
    let missing = crate::driver::missing(folder, client.platform, Some(client.version));
    if !missing.is_empty() {
        return Err(Error::new(
            ErrorId::PackageIncomplete,
            message!("installer-run", file = printable_path(path)),
            message!(
                "installer-missing",
                directory = printable_path(folder),
                files = missing.join(", ")
            ),
            Message::default(),
        ));
    }
    super::machine_checks::check_version(client, folder, &folder.join(r"..\cfg"), events).await?;
    Ok(InstallerRun {
        client: client.clone(),
        library: folder.join(library),
    })
}

/// Never reached: [`check_supported`] has failed before.
#[cfg(not(windows))]
async fn launch(client: &Client, _path: &Path, _events: &EventSink) -> Result<InstallerRun> {
    check_supported(Some(client.platform))?;
    Err(Error::new(
        ErrorId::Usage,
        message!("installer-tried"),
        message!("installer-not-here", host = client.platform),
        message!("installer-omit-next"),
    ))
}
