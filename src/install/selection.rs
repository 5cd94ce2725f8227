//! Decides on a version before anything else: for a server, for a request on a mirror, or if nothing was said.

use crate::catalog::{Clients, Identity, Package};
use crate::error::{Error, ErrorId, Result};
use crate::fetch::Origin;
use crate::message::{Message, message};
use crate::safety::printable::printable_path;
use crate::safety::redaction::redact_argument;
use crate::system::events::{Event, EventSink};
use crate::system::interrupts::Interrupts;
use crate::tdengine::version;
use crate::verify::{self, DefaultServer, Server, ServerSource};

use super::mirror::{ClientQuery, Mirror, VersionQuery};
use super::{InstallRequest, ServerMatch, chosen_package};

/// The exit code of findings about a rejected login.
const REJECTED: u8 = 11;

/// A request whose version is decided.
pub(super) struct Selection {
    pub(super) request: InstallRequest,
    /// The places of the package on the mirror, if that was listed.
    pub(super) located: Vec<Package>,
    /// The server that it was chosen for.
    pub(super) matched: Option<ServerMatch>,
}

/// Whether `request` names neither a version, nor a server, nor a file.
pub(super) fn is_bare(request: &InstallRequest) -> bool {
    request.version.is_none()
        && request.server.is_none()
        && match request.origin {
            Origin::Vendor | Origin::Mirror(_) | Origin::Folder(_) => true,
            Origin::File(_) | Origin::Address(_) => false,
        }
}

/// The server that an installation without a version is for: the one that `verify` would ask. `None` if none answers, which
/// is reported to `events`.
///
/// # Errors
/// Those of the variables that name the server, and a rejected login: the server is there, and another client may not fit.
pub(super) async fn default_server(
    stop: &mut Interrupts,
    events: &EventSink,
) -> Result<Option<(String, Server)>> {
    let DefaultServer { target, source } = verify::default_server(events)?;
    match stop.unless(verify::ask(&target, events)).await? {
        Ok(server) => {
            let source = describe_source(&source);
            let server_shown = &server.target;
            let note = message!(
                "install-alone-server",
                server = server_shown,
                source = source
            );
            events.emit(Event::note(note));
            Ok(Some((target, server)))
        }
        Err(error) if error.exit() == REJECTED || error.exit() == ErrorId::Usage.exit() => {
            Err(Error {
                next: error.next.then(message!("install-alone-rejected-next")),
                ..error
            })
        }
        Err(error) => {
            let note = message!(
                "install-alone-no-server",
                server = redact_argument(&target),
                source = describe_source(&source),
                why = error.observed
            );
            events.emit(Event::note(note));
            Ok(None)
        }
    }
}

fn describe_source(source: &ServerSource) -> Message {
    match source {
        ServerSource::Variable => message!("install-alone-variable"),
        ServerSource::SetupFile(file) => Message::quoted(printable_path(file)),
        ServerSource::Config(file) => {
            message!("install-alone-config", file = file.display().to_string())
        }
        ServerSource::Localhost => message!("install-alone-localhost"),
    }
}

/// Decides on the version that `request` means: on a mirror the newest that it has, else as it is.
///
/// # Errors
/// `nothing-published` if the mirror has none, `platform-unsupported`, and those of reading the mirror's directory.
pub(super) async fn for_version(
    request: &InstallRequest,
    catalog: &Clients,
    events: &EventSink,
) -> Result<Selection> {
    let mut selection = Selection {
        request: request.clone(),
        located: Vec::new(),
        matched: None,
    };
    let mirror = Mirror::at(&request.origin, &request.fetch, catalog, events);
    let (Some(wanted), Some(mirror)) = (&request.version, mirror) else {
        return Ok(selection);
    };
    let platform = chosen_package::platform(request.platform, catalog)?;
    let edition = request.edition.unwrap_or_default();
    if let version::Request::Exact(version) = wanted {
        // An address is asked for the file itself first.
        if let Origin::Folder(_) = request.origin {
            let identity = Identity {
                edition,
                version: *version,
                platform,
            };
            selection.located = mirror.places(identity).await;
        }
        return Ok(selection);
    }
    let query = ClientQuery {
        editions: &[edition],
        platform,
        versions: VersionQuery::Request(wanted),
        newest_only: true,
    };
    let found = match mirror.find(&query).await {
        Ok(found) => found,
        Err(error) if matches!(request.origin, Origin::Folder(_)) => return Err(error),
        // The catalog decides; the download is retried, and reports what is wrong.
        Err(_) => return Ok(selection),
    };
    let Some(first) = found.first() else {
        return Err(Error::new(
            ErrorId::NothingPublished,
            message!("install-mirror-tried", wanted = wanted),
            message!(
                "install-mirror-none",
                place = mirror.place(),
                edition = edition,
                wanted = wanted,
                platform = platform
            ),
            message!(
                "install-mirror-next",
                options = chosen_package::origin_options(request)
            ),
        ));
    };
    let note = message!(
        "install-mirror-newest",
        version = first.version,
        place = mirror.place(),
        latest = *wanted == version::Request::Latest,
        wanted = wanted
    );
    events.emit(Event::note(note));
    selection.request.version = Some(version::Request::Exact(first.version));
    selection.located = Mirror::first_client(&found);
    Ok(selection)
}
