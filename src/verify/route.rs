//! What was measured between this machine and a target, apart from what it means: for reports, tickets, and lists of endpoints. A
//! number that was not measured is `None`, and the outcome next to it says why.

mod collection;

use serde::Serialize;

use crate::dsn::Transport;
pub(super) use collection::collect;

/// The way from this machine to a target. Every text is safe to show.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TargetRoute {
    /// The host that was named, without brackets.
    pub host: String,
    /// Its addresses.
    pub name: NameFact,
    /// The ports of the host that were asked, or would have been.
    pub ports: Vec<PortFact>,
    /// The endpoints that the dnodes advertise; `None` if they are not known.
    pub dnodes: Option<Vec<DnodeFact>>,
    /// The proxy that programs with REST go through.
    pub proxy: Option<ProxyFact>,
    /// The host is this machine.
    pub is_here: bool,
    /// The user who logs in; empty with a token, or without a login.
    pub user: String,
}

/// A name and its addresses.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NameFact {
    /// What the resolver said.
    pub outcome: NameOutcome,
    /// The addresses.
    pub addresses: Vec<String>,
    /// Milliseconds.
    pub ms: Option<u64>,
}

/// What the resolver said of a name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum NameOutcome {
    /// It is an address.
    Literal,
    /// It has addresses.
    Resolved,
    /// The resolver knows none.
    NotFound,
    /// No DNS server answered the resolver.
    ResolverFailed,
    /// The resolver did not answer within the limit.
    TimedOut,
    /// The resolver was not asked.
    #[default]
    NotMeasured,
}

/// One port of the target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PortFact {
    /// Whose port it is.
    pub role: PortRole,
    /// Its number.
    pub number: u16,
    /// Whether TLS is asked for.
    pub tls: bool,
    /// The transports that need it, among those that were asked for.
    pub transports: Vec<Transport>,
    /// One entry an address; empty if it was not connected to.
    pub dials: Vec<DialFact>,
    /// The certificate that it shows, if it was looked at.
    pub certificate: Option<CertificateFact>,
}

/// Whose port it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum PortRole {
    /// taosAdapter's.
    Adapter,
    /// taosd's, for native connections.
    Native,
}

/// A connection to one address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DialFact {
    /// The address.
    pub address: String,
    /// The address of this machine that is used for it; `None` without a route.
    pub source: Option<String>,
    /// The interface, if the system lists its routes.
    pub interface: Option<String>,
    /// How it ended.
    pub outcome: DialOutcome,
    /// Milliseconds.
    pub ms: Option<u64>,
}

/// How a connection ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum DialOutcome {
    /// Accepted.
    Open,
    /// Refused.
    Refused,
    /// No answer within the limit.
    TimedOut,
    /// No answer when another address had accepted; it was not waited for longer.
    NotAwaited,
    /// Accepted and reset.
    Reset,
    /// No route.
    NoRoute,
    /// The system gave another error.
    Failed,
}

/// Who a certificate is for and who issued it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CertificateFact {
    /// Who it is for.
    pub subject: String,
    /// Who issued it.
    pub issuer: String,
    /// Whether this machine trusts it.
    pub trusted: bool,
}

/// A dnode's endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DnodeFact {
    /// The endpoint as the server advertises it.
    pub advertised: String,
    /// Its host; empty if the endpoint does not parse.
    pub host: String,
    /// Its port; `None` if the endpoint does not parse.
    pub port: Option<u16>,
    /// The addresses of its host.
    pub name: NameFact,
    /// One entry an address.
    pub dials: Vec<DialFact>,
    /// Something else than taosd answers there.
    pub is_strange: bool,
    /// Its cluster reports it as offline.
    pub is_offline: bool,
}

/// A proxy of the environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProxyFact {
    /// The variable that names it.
    pub variable: String,
    /// Its host and port, if the variable holds a URL.
    pub address: Option<String>,
}

impl NameFact {
    /// Changes every text by `change`.
    fn map_texts(&mut self, change: &impl Fn(&str) -> String) {
        for address in &mut self.addresses {
            *address = change(address);
        }
    }
}

impl DialFact {
    fn map_texts(&mut self, change: &impl Fn(&str) -> String) {
        self.address = change(&self.address);
        self.source = self.source.as_deref().map(change);
    }
}

impl TargetRoute {
    /// Changes every text by `change`.
    pub fn map_texts(&mut self, change: &impl Fn(&str) -> String) {
        let Self {
            host,
            name,
            ports,
            dnodes,
            proxy,
            is_here: _,
            user,
        } = self;
        *host = change(host);
        *user = change(user);
        name.map_texts(change);
        for port in ports {
            for dial in &mut port.dials {
                dial.map_texts(change);
            }
            if let Some(certificate) = &mut port.certificate {
                certificate.subject = change(&certificate.subject);
                certificate.issuer = change(&certificate.issuer);
            }
        }
        for dnode in dnodes.iter_mut().flatten() {
            dnode.advertised = change(&dnode.advertised);
            dnode.host = change(&dnode.host);
            dnode.name.map_texts(change);
            for dial in &mut dnode.dials {
                dial.map_texts(change);
            }
        }
        if let Some(proxy) = proxy {
            proxy.address = proxy.address.as_deref().map(change);
        }
    }
}

/// Whether one of `dials` was accepted.
pub fn is_open(dials: &[DialFact]) -> bool {
    dials.iter().any(|dial| dial.outcome == DialOutcome::Open)
}
