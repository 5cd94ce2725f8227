//! Which client fits the server (design, decision 4): from what the server told to one package, and why that one.

use crate::catalog::{Clients, Identity};
use crate::dsn::Target;
use crate::error::{Error, ErrorId, Result};
use crate::fetch::Origin;
use crate::platform::Platform;
use crate::server::Server;
use crate::version::{self, Edition, Version, client_for, native_compatible};

use super::Request;
use super::config::FirstEp;

/// How a client came to be chosen for a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Matched {
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
    request: &Request,
    server: Server,
    catalog: &Clients,
    platform: Platform,
) -> Result<(Request, Matched)> {
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
    let matched = Matched {
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
mod tests {
    use super::*;

    fn server(version: &str, edition: Option<Edition>, dnodes: &[&str]) -> Server {
        Server {
            target: "db".into(),
            version: version.parse().unwrap(),
            edition,
            host: "db".into(),
            native_port: 6030,
            dnodes: dnodes.iter().map(|text| (*text).to_owned()).collect(),
            user: "root".into(),
        }
    }

    fn request(origin: Origin) -> Request {
        Request {
            version: None,
            origin,
            origin_arguments: Vec::new(),
            fetch: crate::fetch::Options {
                cache: crate::fetch::Cache::at("/nowhere".into()),
                offline: true,
                insecure_http: false,
                limits: crate::fetch::Limits::default(),
            },
            sha256: Vec::new(),
            trust_on_first_use: false,
            repair: false,
            parts: None,
            prefix: None,
            run_installer: false,
            system: false,
            replace: false,
            require_digest: false,
            dry_run: false,
            server: Some("db".into()),
            edition: None,
            platform: None,
            first_ep: None,
        }
    }

    fn settled(
        version: &str,
        edition: Option<Edition>,
        origin: Origin,
    ) -> Result<(String, String)> {
        let catalog = Clients::builtin().unwrap();
        let platform = "linux-x64".parse().unwrap();
        let server = server(version, edition, &[]);
        settle(&request(origin), server, catalog, platform)
            .map(|(request, matched)| (request.version.unwrap().to_string(), matched.why))
    }

    #[test]
    fn the_rule_and_its_reason() {
        let oss = Some(Edition::Oss);
        let (version, why) = settled("3.3.6.13", oss, Origin::Vendor).unwrap();
        assert_eq!(version, "3.3.6.13");
        assert_eq!(
            why,
            "db is TDengine 3.3.6.13 oss: client 3.3.6.13 has the same four parts"
        );
        let (version, why) = settled("3.3.6.12", oss, Origin::Vendor).unwrap();
        assert_eq!(version, "3.3.6.9");
        assert!(
            why.ends_with(
                "client 3.3.6.9 is the newest of 3.3.6 that is not newer than the server"
            )
        );
        let (version, why) = settled("3.9.1.2", oss, Origin::Vendor).unwrap();
        assert_eq!(version, "3.9.1.2");
        assert!(
            why.ends_with("the catalog knows no client 3.9.1, so the same four parts are tried")
        );
        let (_, why) = settled("3.3.6.13", None, Origin::Vendor).unwrap();
        assert!(why.ends_with(
            "root may not see the edition, so oss is assumed: --edition says otherwise"
        ));
    }

    #[test]
    fn enterprise_is_handed_out() {
        let error = settled("3.3.7.5", Some(Edition::Enterprise), Origin::Vendor).unwrap_err();
        assert_eq!(error.exit(), 3);
        assert!(error.next.starts_with(
            "ask TDengine's support for tdengine-tsdb-enterprise-client-3.3.7.5-linux-x64.tar.gz, then: taos-setup install --from"
        ));
    }

    #[test]
    fn a_file_that_does_not_fit() {
        let file = |name: &str| Origin::File(name.into());
        for name in [
            "TDengine-client-3.3.6.13-Linux-x64.tar.gz",
            "tdengine-tsdb-oss-client-3.3.7.6-linux-x64.tar.gz",
            "tdengine-tsdb-oss-client-3.3.7.5-linux-arm64.tar.gz",
            "tdengine-tsdb-enterprise-client-3.3.7.5-linux-x64.tar.gz",
        ] {
            let error = settled("3.3.7.5", Some(Edition::Oss), file(name)).unwrap_err();
            assert_eq!(error.exit(), 3, "{name}");
        }
        let name = "tdengine-tsdb-oss-client-3.3.7.4-linux-x64.tar.gz";
        assert_eq!(
            settled("3.3.7.5", Some(Edition::Oss), file(name))
                .unwrap()
                .0,
            "3.3.7.4"
        );
    }

    #[test]
    fn first_endpoints() {
        let ep = |dnodes: &[&str]| first_ep(&server("3.3.7.5", None, dnodes));
        assert_eq!(ep(&[]), "db:6030");
        assert_eq!(ep(&["tdengine:6030"]), "tdengine:6030");
        assert_eq!(ep(&["n1:6030", "DB:7030"]), "DB:7030");
        assert_eq!(ep(&["localhost:6030"]), "db:6030");
        assert_eq!(ep(&["a b:6030\nlogDir /", "x#:1"]), "db:6030");
    }
}
