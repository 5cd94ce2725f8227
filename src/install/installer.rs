//! The vendor's Windows installer, a program made with Inno Setup. It is fetched and verified as every package is, and kept;
//! `--run-installer` runs it on Windows, and without that it is the user's to run. Nothing unpacks it here: what it changes
//! is a machine's (docs/facts.md), and no reader of its format could be proven against one of the vendor's.

use std::path::Path;

use crate::error::{Error, ErrorId, Result};
use crate::safety::printable::printable;
use crate::store::Client;
use crate::system::events::{Event, EventSink};
use crate::tdengine::platform::{Os, Platform};

/// Inno Setup's own options for an installation without questions. `/DIR=` is not among them: the vendor's script names
/// C:\TDengine itself.
const SILENT: [&str; 3] = ["/VERYSILENT", "/SUPPRESSMSGBOXES", "/NORESTART"];

/// What it changes on the machine, as its script says.
const CHANGES: [&str; 5] = [
    r"it writes C:\TDengine, and keeps a taos.cfg that is there",
    r"it copies the driver's libraries into the system's own folder, C:\Windows\System32",
    "it registers the services taosd and taosadapter, for a client too",
    r"it adds C:\TDengine to the PATH of every user, and leaves it there when it is uninstalled",
    "it registers the ODBC driver",
];

/// The driver of an installer that has run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstallerRun {
    /// The client that was asked for.
    pub client: Client,
    /// Its library, which says that it is of that version.
    pub library: std::path::PathBuf,
}

/// Error `usage` where `--run-installer` cannot mean anything: here, or for that platform.
pub(super) fn check_asked(platform: Option<Platform>) -> Result<()> {
    let host = Platform::host();
    let observed = match (host, platform) {
        (Some(host), _) if host.os != Os::Windows => {
            format!("--run-installer runs a Windows installer, and this machine is {host}")
        }
        (Some(host), Some(platform)) if host != platform => {
            format!("--run-installer runs it on this machine, {host}, and {platform} is asked for")
        }
        _ => return Ok(()),
    };
    Err(Error::new(
        ErrorId::Usage,
        "run an installer",
        observed,
        "leave --run-installer out: the installer is then fetched, verified and kept",
    ))
}

/// What becomes of the verified installer at `path`. Error `platform-unsupported` with the command that runs it, unless it is
/// to be run here.
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
            format!("unpack {shown}"),
            format!(
                "it is an installer for Windows, and {} is asked for",
                client.platform
            ),
            format!("give the package for {}", client.platform),
        ));
    }
    if run {
        for change in CHANGES {
            events.emit(Event::note(change.to_owned()));
        }
        return launch(client, path, events).await;
    }
    Err(Error::new(
        ErrorId::PlatformUnsupported,
        format!("install {} into a folder", client.version),
        format!(
            "its package is an installer, a program that changes the whole machine; it is verified, and kept as {shown}"
        ),
        format!(
            "on Windows, as an administrator: \"{shown}\" {}\non Windows: taos-setup install {} --run-installer    # says what it changes, runs it and checks what it left",
            SILENT.join(" "),
            client.version
        ),
    ))
}

#[cfg(windows)]
async fn launch(client: &Client, path: &Path, events: &EventSink) -> Result<InstallerRun> {
    use crate::error::describe_io_error;
    use std::path::PathBuf;

    /// Windows refuses to start what asks for an administrator from a process that has none.
    const ELEVATION_REQUIRED: i32 = 740;

    let failed = |observed: String, next: &str| {
        Error::new(
            ErrorId::FileUnwritable,
            format!("run {}", path.display()),
            observed,
            next,
        )
    };
    let again = "read the newest \"Setup Log\" in the folder of temporary files, or run it without /VERYSILENT";
    let status = tokio::process::Command::new(path)
        .args(SILENT)
        .status()
        .await
        .map_err(|error| match error.raw_os_error() {
            Some(ELEVATION_REQUIRED) => failed(
                "it needs an administrator".into(),
                "run this command again in a terminal that was opened as an administrator",
            ),
            _ => failed(describe_io_error(&error).to_string(), again),
        })?;
    if !status.success() {
        return Err(failed(format!("it ended with {status}"), again));
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
            format!(r"it ended well, and C:\TDengine has no {library}"),
            again,
        ));
    };
    let missing = crate::driver::missing(folder, client.platform, Some(client.version));
    if !missing.is_empty() {
        return Err(Error::new(
            ErrorId::PackageIncomplete,
            format!("run {}", path.display()),
            format!("{} has no {}", folder.display(), missing.join(" and no ")),
            "",
        ));
    }
    super::checks::version(client, folder, &folder.join(r"..\cfg"), events).await?;
    Ok(InstallerRun {
        client: client.clone(),
        library: folder.join(library),
    })
}

/// Elsewhere [`check_asked`] has said no.
#[cfg(not(windows))]
async fn launch(client: &Client, _path: &Path, _events: &EventSink) -> Result<InstallerRun> {
    check_asked(Some(client.platform))?;
    Err(Error::new(
        ErrorId::Usage,
        "run an installer",
        "this system runs none for Windows",
        "leave --run-installer out",
    ))
}
