//! Which client fits the server (design, decision 4): from what the server told to one package, and why that one.

use crate::catalog::{Clients, Identity};
use crate::dsn::Target;
use crate::error::{Error, ErrorId, Result};
use crate::fetch::Origin;
use crate::tdengine::platform::Platform;
use crate::tdengine::version::{self, Edition, Version, client_for, native_compatible};
use crate::verify::Server;

use super::InstallRequest;
use super::config::FirstEp;

/// How a client came to be chosen for a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerMatch {
    /// The server.
    pub server: Server,
    /// The edition was not told, and is assumed.
    pub assumed: bool,
    /// Why this client, one line.
    pub why: String,
}

/// `request` with the version and edition that `server` needs, its `firstEp`, and why. Error `nothing-published` where the
/// file that was given, or the edition that was asked for, does not fit.
pub(super) fn settle(
    request: &InstallRequest,
    server: Server,
    catalog: &Clients,
    platform: Platform,
) -> Result<(InstallRequest, ServerMatch)> {
    let named = super::choose::named(&request.origin);
    let named = named.as_deref();
    let told = named.and_then(|name| {
        catalog
            .identify(name)
            .or_else(|| catalog.identify_server(name))
    });
    let edition = match (request.edition, server.edition, told) {
        (Some(asked), Some(is), _) if asked != is => {
            let observed = format!(
                "the server's edition is {is}, and {asked} was asked for; the two do not mix"
            );
            return Err(unfit(&server, catalog, is, platform, observed));
        }
        (Some(asked), _, _) => asked,
        (None, Some(is), _) => is,
        (None, None, Some(told)) => told.edition,
        (None, None, None) => Edition::default(),
    };
    if let Some(told) = told {
        if told.edition != edition {
            let observed = format!(
                "the file's name says {}, and the server needs {edition}; the two do not mix",
                told.edition
            );
            return Err(unfit(&server, catalog, edition, platform, observed));
        }
        if !native_compatible(told.version, server.version) || told.version > server.version {
            let observed = format!(
                "the file's name says {}, which does not fit the server",
                told.version
            );
            return Err(unfit(&server, catalog, edition, platform, observed));
        }
        if told.platform != platform {
            let observed = format!(
                "the file's name says {}, and {platform} is needed",
                told.platform
            );
            return Err(unfit(&server, catalog, edition, platform, observed));
        }
    }
    let published = catalog.published(edition, platform);
    let listed = client_for(server.version, published);
    if edition == Edition::Enterprise && listed.is_none() && request.origin == Origin::Vendor {
        let observed = "no Enterprise client for it is known to be published: the vendor's support hands them out".into();
        return Err(unfit(&server, catalog, edition, platform, observed));
    }
    let version = match (told, named) {
        (Some(told), _) => told.version,
        (None, Some(_)) => server.version,
        (None, None) => listed.unwrap_or(server.version),
    };
    let assumed = request.edition.is_none() && server.edition.is_none() && told.is_none();
    let why = why(
        &server,
        version,
        listed.is_some() || named.is_some(),
        assumed,
        edition,
    );
    let mut request = request.clone();
    request.version = Some(version::Request::Exact(version));
    request.edition = Some(edition);
    if request.first_ep.is_none() {
        request.first_ep = Some(FirstEp {
            endpoint: first_ep(&server),
            asked: false,
        });
    }
    let matched = ServerMatch {
        server,
        assumed,
        why,
    };
    Ok((request, matched))
}

/// One line: why this version.
fn why(server: &Server, client: Version, known: bool, assumed: bool, edition: Edition) -> String {
    let [a, b, c] = server.version.series();
    let reason = if client == server.version && known {
        format!("client {client} has the same four parts")
    } else if client == server.version {
        format!("the catalog knows no client {a}.{b}.{c}, so the same four parts are tried")
    } else {
        format!("client {client} is the newest of {a}.{b}.{c} that is not newer than the server")
    };
    let is = match server.edition {
        Some(edition) => format!(" {edition}"),
        None => String::new(),
    };
    let guess = if assumed {
        format!(
            "; {} may not see the edition, so {edition} is assumed: --edition says otherwise",
            server.user
        )
    } else {
        String::new()
    };
    format!(
        "{} is TDengine {}{is}: {reason}{guess}",
        server.target, server.version
    )
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

/// Error `nothing-published`: names the file to ask for, and the ways out.
pub(super) fn unfit(
    server: &Server,
    catalog: &Clients,
    edition: Edition,
    platform: Platform,
    observed: String,
) -> Error {
    let identity = Identity {
        edition,
        version: server.version,
        platform,
    };
    let packages = catalog.packages(identity);
    let file = packages
        .first()
        .map(|package| package.file.as_str())
        .unwrap_or("the client");
    let whom = match edition {
        Edition::Enterprise => "ask TDengine's support for",
        Edition::Oss => "get",
    };
    let is = server
        .edition
        .map(|edition| format!(" {edition}"))
        .unwrap_or_default();
    Error::new(
        ErrorId::NothingPublished,
        format!("match a client to {}", server.target),
        format!("it is TDengine {}{is}; {observed}", server.version),
        format!(
            "{whom} {file}, then: taos-setup install --from {file}\n\
             or connect over WebSocket, which needs no client: taos-setup init"
        ),
    )
}

#[cfg(test)]
mod tests;
