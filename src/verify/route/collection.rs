//! Collects what the checks of a target have measured.

use std::net::IpAddr;

use super::{
    CertificateFact, DialFact, DialOutcome, DnodeFact, NameFact, NameOutcome, PortFact, PortRole,
    ProxyFact, TargetRoute,
};
use crate::diagnose::judgement::safe;
use crate::dsn::Transport;
use crate::probe::dns::Dns;
use crate::probe::endpoints::Endpoint;
use crate::probe::fingerprint::Fingerprint;
use crate::probe::tcp::{Dial, Tcp};
use crate::probe::tls::Handshake;
use crate::safety::printable::printable;
use crate::system::proxy;
use crate::system::routes::{self, NetworkRoute};
use crate::verify::port::{Port, Timed};
use crate::verify::site::Site;

/// The way to `site`. If `thorough`, ports that no check has connected to are connected to now, and certificates are read that are
/// trusted; else only what was measured already is told.
pub async fn collect(site: &Site, thorough: bool) -> TargetRoute {
    let sources = Sources::of_this_machine();
    let plan = &site.plan;
    let through_adapter = [Transport::Ws, Transport::Rest];
    let through_adapter = through_adapter.into_iter().filter(|it| site.asks(*it));
    let adapter: Vec<Transport> = through_adapter.collect();
    let mut ports = Vec::new();
    if !adapter.is_empty() {
        ports.push(
            port(
                &site.adapter,
                PortRole::Adapter,
                adapter,
                thorough,
                &sources,
            )
            .await,
        );
    }
    if site.asks(Transport::Native) && plan.token.is_none() {
        let native = vec![Transport::Native];
        ports.push(port(&site.native, PortRole::Native, native, thorough, &sources).await);
    }
    for certificate in ports
        .iter_mut()
        .filter_map(|port| port.certificate.as_mut())
    {
        let secrets = plan.secrets();
        certificate.subject = safe(&certificate.subject, &secrets);
        certificate.issuer = safe(&certificate.issuer, &secrets);
    }
    let name = site.adapter.known_dns().map(name_fact).unwrap_or_default();
    let addresses: Vec<IpAddr> = site
        .adapter
        .known_dns()
        .map(|timed| timed.seen.addresses())
        .unwrap_or_default();
    let dnodes = site.known_endpoints();
    let user = match plan.credentials().has_token() {
        true => String::new(),
        false => printable(&plan.user),
    };
    TargetRoute {
        host: printable(&plan.host),
        name,
        ports,
        dnodes: dnodes.map(|all| all.iter().map(|it| dnode(it, &sources)).collect()),
        proxy: site
            .asks(Transport::Rest)
            .then(|| proxy::variable_for(&site.adapter.url()))
            .flatten()
            .map(|variable| ProxyFact {
                variable: variable.to_owned(),
                address: proxy::address_in(variable),
            }),
        is_here: !addresses.is_empty() && addresses.iter().all(IpAddr::is_loopback),
        user,
    }
}

async fn port(
    port: &Port,
    role: PortRole,
    transports: Vec<Transport>,
    thorough: bool,
    sources: &Sources,
) -> PortFact {
    let tcp = match thorough {
        true => Some(&port.tcp().await.seen),
        false => port.known_tcp().map(|timed| &timed.seen),
    };
    let trusted = match port.known_handshake() {
        Some(Handshake::Trusted(_)) => Some(true),
        Some(Handshake::Untrusted(..)) => Some(false),
        _ => None,
    };
    // A certificate that is not trusted is worth a second handshake: who issued it says who is in between.
    let certificate = match trusted {
        Some(trusted) if thorough || !trusted => {
            port.certificate().await.map(|names| CertificateFact {
                subject: names.subject,
                issuer: names.issuer,
                trusted,
            })
        }
        _ => None,
    };
    PortFact {
        role,
        number: port.number,
        tls: port.secure(),
        transports,
        dials: tcp.map(|tcp| dials(tcp, sources)).unwrap_or_default(),
        certificate,
    }
}

fn dnode(endpoint: &Endpoint, sources: &Sources) -> DnodeFact {
    DnodeFact {
        advertised: printable(&endpoint.advertised),
        host: endpoint.host.clone(),
        port: (endpoint.port != 0).then_some(endpoint.port),
        name: NameFact {
            ms: None,
            ..of_dns(&endpoint.dns)
        },
        dials: endpoint
            .tcp
            .as_ref()
            .map(|tcp| dials(tcp, sources))
            .unwrap_or_default(),
        is_strange: matches!(
            endpoint.answers,
            Some(Fingerprint::Http(_) | Fingerprint::Foreign(_) | Fingerprint::Tls)
        ),
        is_offline: endpoint.offline,
    }
}

fn name_fact(timed: &Timed<Dns>) -> NameFact {
    let fact = of_dns(&timed.seen);
    NameFact {
        ms: (fact.outcome != NameOutcome::Literal).then_some(timed.ms),
        ..fact
    }
}

fn of_dns(dns: &Dns) -> NameFact {
    let outcome = match dns {
        Dns::Literal(_) => NameOutcome::Literal,
        Dns::Found(_) => NameOutcome::Resolved,
        Dns::Unknown(_) => NameOutcome::NotFound,
        Dns::Unsure(_) => NameOutcome::ResolverFailed,
        Dns::Unanswered => NameOutcome::TimedOut,
    };
    let addresses = dns.addresses();
    NameFact {
        outcome,
        addresses: addresses.iter().map(ToString::to_string).collect(),
        ms: None,
    }
}

fn dials(tcp: &Tcp, sources: &Sources) -> Vec<DialFact> {
    let dial = |attempt: &crate::probe::tcp::DialAttempt| {
        let outcome = match attempt.dial {
            Dial::Open => DialOutcome::Open,
            Dial::Refused => DialOutcome::Refused,
            Dial::TimedOut => DialOutcome::TimedOut,
            Dial::Outrun => DialOutcome::NotAwaited,
            Dial::Reset => DialOutcome::Reset,
            Dial::Unreachable => DialOutcome::NoRoute,
            Dial::Other(_) => DialOutcome::Failed,
        };
        let answered = match outcome {
            DialOutcome::Open | DialOutcome::Refused | DialOutcome::Reset => true,
            DialOutcome::TimedOut
            | DialOutcome::NotAwaited
            | DialOutcome::NoRoute
            | DialOutcome::Failed => false,
        };
        DialFact {
            address: attempt.address.to_string(),
            source: routes::source_address(attempt.address)
                .ok()
                .map(|source| source.to_string()),
            interface: sources.interface(attempt.address),
            outcome,
            ms: answered.then_some(attempt.ms),
        }
    };
    tcp.attempts.iter().map(dial).collect()
}

/// The routes of this machine, read once a target.
struct Sources {
    ipv4: Vec<NetworkRoute>,
    ipv6: Vec<NetworkRoute>,
}

impl Sources {
    fn of_this_machine() -> Self {
        Self {
            ipv4: routes::ipv4_routes().unwrap_or_default(),
            ipv6: routes::ipv6_routes().unwrap_or_default(),
        }
    }

    fn interface(&self, address: IpAddr) -> Option<String> {
        let routes = match address {
            IpAddr::V4(_) => &self.ipv4,
            IpAddr::V6(_) => &self.ipv6,
        };
        routes::route_to(routes, address).map(|route| printable(&route.interface))
    }
}
