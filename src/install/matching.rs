//! Chooses the client that fits a server (docs/decisions.md).

use crate::catalog::{Clients, Identity, Package};
use crate::dsn::Target;
use crate::error::{Error, ErrorId, Result};
use crate::fetch::Origin;
use crate::message::{Message, message};
use crate::system::events::EventSink;
use crate::tdengine::platform::Platform;
use crate::tdengine::version::{self, Edition, Version, client_for, native_compatible};
use crate::verify::Server;

use super::InstallRequest;
use super::config::FirstEp;
use super::mirror::{ClientQuery, Mirror, VersionQuery};
use super::selection::Selection;

/// The choice of a client for a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerMatch {
    /// The server.
    pub server: Server,
    /// The server did not give its edition, and it is assumed.
    pub assumed: bool,
    /// The reason for this client, one line.
    pub why: Message,
}

/// The requirements of a server, and the file that was named.
#[derive(Clone, Debug, PartialEq, Eq)]
struct ServerNeeds {
    edition: Edition,
    assumed: bool,
    /// A file or address was named.
    is_named: bool,
    /// The client that its name gives.
    named: Option<Identity>,
}

/// The version for a server, the reason for it, and the places of its package on a mirror.
struct FittingClient {
    version: Version,
    reason: MatchReason,
    located: Vec<Package>,
}

/// The reason for a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum MatchReason {
    /// It has the server's four parts.
    SameParts,
    /// It is the newest of the same three that is not newer than the server.
    Newest,
    /// Nothing is known of a client that fits: the server's four parts are tried.
    Untried,
}

/// Chooses the client for `server`: the same four parts first, whether the catalog has them or not; then the newest of the same
/// three that is not newer than the server, of what the mirror has.
///
/// # Errors
/// `nothing-published` if the mirror, the file that was given, or the edition that was asked for does not fit.
pub(super) async fn select(
    request: &InstallRequest,
    server: Server,
    catalog: &Clients,
    platform: Platform,
    events: &EventSink,
) -> Result<Selection> {
    let needs = needs(request, &server, catalog, platform)?;
    let client = find(request, &server, &needs, catalog, platform, events).await?;
    Ok(settle(request, server, &needs, client))
}

/// Checks the edition that was asked for and the file that was named against `server`.
fn needs(
    request: &InstallRequest,
    server: &Server,
    catalog: &Clients,
    platform: Platform,
) -> Result<ServerNeeds> {
    let name = super::chosen_package::file_name(&request.origin);
    let named = name.as_deref().and_then(|name| {
        catalog
            .identify(name)
            .or_else(|| catalog.identify_server(name))
    });
    let edition = match (request.edition, server.edition, named) {
        (Some(asked), Some(is), _) if asked != is => {
            let observed = message!("install-match-edition-asked", found = is, asked = asked);
            return Err(unfit(server, catalog, is, platform, observed));
        }
        (Some(asked), _, _) => asked,
        (None, Some(is), _) => is,
        (None, None, Some(named)) => named.edition,
        (None, None, None) => Edition::default(),
    };
    let unfit = |observed| Err(unfit(server, catalog, edition, platform, observed));
    if let Some(named) = named {
        if named.edition != edition {
            let (is, needed) = (named.edition, edition);
            return unfit(message!(
                "install-match-file-edition",
                found = is,
                needed = needed
            ));
        }
        if !native_compatible(named.version, server.version) || named.version > server.version {
            return unfit(message!(
                "install-match-file-version",
                version = named.version
            ));
        }
        if named.platform != platform {
            let (is, needed) = (named.platform, platform);
            return unfit(message!(
                "install-match-file-platform",
                found = is,
                needed = needed
            ));
        }
    }
    let published = catalog.published(edition, platform);
    if edition == Edition::Enterprise
        && request.origin == Origin::Vendor
        && client_for(server.version, published).is_none()
    {
        return unfit(message!("install-match-enterprise"));
    }
    Ok(ServerNeeds {
        edition,
        assumed: request.edition.is_none() && server.edition.is_none() && named.is_none(),
        is_named: name.is_some(),
        named,
    })
}

async fn find(
    request: &InstallRequest,
    server: &Server,
    needs: &ServerNeeds,
    catalog: &Clients,
    platform: Platform,
    events: &EventSink,
) -> Result<FittingClient> {
    let exact = Identity {
        edition: needs.edition,
        version: server.version,
        platform,
    };
    let client = |version, reason| FittingClient {
        version,
        reason,
        located: Vec::new(),
    };
    let same = || client(server.version, MatchReason::SameParts);
    let newest = |version: Version| match version == server.version {
        true => same(),
        false => client(version, MatchReason::Newest),
    };
    if needs.is_named {
        return Ok(newest(
            needs.named.map_or(server.version, |named| named.version),
        ));
    }
    let published = catalog.published(needs.edition, platform);
    let listed = client_for(server.version, published);
    let likely = || listed.map_or_else(|| client(server.version, MatchReason::Untried), newest);
    let cached = || request.fetch.cache.find(&catalog.digests(exact)).is_some();
    let vendor = Mirror::new(&request.origin, &request.fetch, catalog, events);
    let Some(mirror) = Mirror::at(&request.origin, &request.fetch, catalog, events) else {
        let is_known = listed == Some(server.version) || request.fetch.offline;
        return Ok(match !is_known && vendor.has(exact).await == Some(true) {
            true => same(),
            false => likely(),
        });
    };
    if let Origin::Mirror(_) = request.origin {
        if cached() {
            return Ok(same());
        }
        match mirror.has(exact).await {
            Some(true) => return Ok(same()),
            Some(false) => {}
            // The download is retried, and reports what is wrong.
            None => return Ok(likely()),
        }
    }
    let query = ClientQuery {
        editions: &[needs.edition],
        platform,
        versions: VersionQuery::Server(server.version),
        newest_only: true,
    };
    let found = match mirror.find(&query).await {
        Ok(found) => found,
        Err(error) if matches!(request.origin, Origin::Folder(_)) => return Err(error),
        Err(_) => return Ok(likely()),
    };
    match found.first() {
        Some(first) => Ok(FittingClient {
            located: Mirror::first_client(&found),
            ..newest(first.version)
        }),
        None => {
            let series = series(server.version);
            let place = mirror.place();
            let observed = message!("install-match-none", place = place, series = series);
            let edition = needs.edition;
            Err(unfit(server, catalog, edition, platform, observed))
        }
    }
}

/// `request` with the version, the edition, and the `firstEp` that `server` needs.
fn settle(
    request: &InstallRequest,
    server: Server,
    needs: &ServerNeeds,
    client: FittingClient,
) -> Selection {
    let mut request = request.clone();
    request.version = Some(version::Request::Exact(client.version));
    request.edition = Some(needs.edition);
    if request.first_ep.is_none() {
        request.first_ep = Some(FirstEp {
            endpoint: first_ep(&server),
            asked: false,
        });
    }
    let matched = ServerMatch {
        why: why(&server, &client, needs),
        assumed: needs.assumed,
        server,
    };
    Selection {
        request,
        located: client.located,
        matched: Some(matched),
    }
}

/// One line: the reason for this version.
fn why(server: &Server, client: &FittingClient, needs: &ServerNeeds) -> Message {
    let series = series(server.version);
    let version = client.version;
    let reason = match client.reason {
        MatchReason::SameParts => message!("install-match-same", version = version),
        MatchReason::Newest => {
            message!("install-match-newest", version = version, series = series)
        }
        MatchReason::Untried => message!("install-match-untried", series = series),
    };
    let assumed = match needs.assumed {
        true => message!(
            "install-match-assumed",
            user = server.user,
            edition = needs.edition
        ),
        false => Message::default(),
    };
    message!(
        "install-match-why",
        server = server.target,
        version = version_of(server),
        reason = reason,
        assumed = assumed
    )
}

/// The server's version, and its edition if it gave one.
fn version_of(server: &Server) -> String {
    match server.edition {
        Some(edition) => format!("{} {edition}", server.version),
        None => server.version.to_string(),
    }
}

fn series(version: Version) -> String {
    let [a, b, c] = version.series();
    format!("{a}.{b}.{c}")
}

/// The endpoint for `firstEp`: the dnode that was named, else the first, by the name that it advertises, because native
/// clients are sent there anyway. Where the dnodes are not seen, or advertise this machine while the server is another
/// one, the host that was named.
fn first_ep(server: &Server) -> String {
    let named = format!("{}:{}", server.host, server.native_port);
    let plain = |endpoint: &&String| {
        endpoint
            .parse::<Target>()
            .is_ok_and(|target| target.scheme.is_none() && target.port.is_some())
            && endpoint
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || ".-_:[]".contains(c))
    };
    let host = |endpoint: &str| {
        endpoint
            .rsplit_once(':')
            .map(|(host, _)| host.to_ascii_lowercase())
    };
    let here = |host: &str| host == "localhost" || host == "[::1]" || host.starts_with("127.");
    let same = |endpoint: &&&String| host(endpoint) == Some(server.host.to_ascii_lowercase());
    let dnodes: Vec<&String> = server.dnodes.iter().filter(plain).collect();
    let chosen = dnodes.iter().find(same).or(dnodes.first());
    match chosen {
        Some(endpoint) if here(&server.host) || !host(endpoint).is_some_and(|host| here(&host)) => {
            (*endpoint).clone()
        }
        _ => named,
    }
}

/// Error `nothing-published`: names the file to ask for, and the other ways.
pub(super) fn unfit(
    server: &Server,
    catalog: &Clients,
    edition: Edition,
    platform: Platform,
    observed: impl Into<Message>,
) -> Error {
    let identity = Identity {
        edition,
        version: server.version,
        platform,
    };
    let packages = catalog.packages(identity);
    let file = packages
        .first()
        .map(|package| package.file.clone())
        .unwrap_or_default();
    let enterprise = edition == Edition::Enterprise;
    let observed: Message = observed.into();
    Error::new(
        ErrorId::NothingPublished,
        message!("install-match-tried", server = server.target),
        message!(
            "install-match-observed",
            version = version_of(server),
            observed = observed
        ),
        message!("install-match-next", file = file, enterprise = enterprise),
    )
}

#[cfg(test)]
mod tests;
