//! Words for what can be reached from this machine, and for the checks.

use crate::message::{Message, message};
use crate::verify::{Check, Control, DefaultRoute, ResolverAnswer};

/// The control row.
pub(super) fn describe(control: &Control) -> Message {
    let resolver = match &control.resolver {
        ResolverAnswer::Answers { server, ms } => {
            message!("control-resolver-answers", server = server, ms = *ms)
        }
        ResolverAnswer::Silent(servers) => {
            message!("control-resolver-silent", servers = servers.join(", "))
        }
        ResolverAnswer::Unconfigured => message!("control-resolver-none"),
        ResolverAnswer::Unknown => message!("control-resolver-unknown"),
        ResolverAnswer::Unasked => message!("control-resolver-unasked"),
    };
    message!(
        "control-row",
        ipv4 = default_route(&control.ipv4, "IPv4"),
        ipv6 = default_route(&control.ipv6, "IPv6"),
        resolver = resolver
    )
}

fn default_route(route: &DefaultRoute, family: &str) -> Message {
    match route {
        DefaultRoute::Present { interface, gateway } => message!(
            "control-route",
            family = family,
            interface = interface.as_deref().unwrap_or_default(),
            gateway = gateway.as_deref().unwrap_or_default()
        ),
        DefaultRoute::Absent => message!("control-no-route", family = family),
        DefaultRoute::Unknown => message!("control-route-unknown", family = family),
    }
}

/// The name of a check in prose.
pub(super) fn check_title(check: Check) -> Message {
    match check {
        Check::Library => message!("check-library"),
        Check::Load => message!("check-load"),
        Check::ClientVersion => message!("check-client-version"),
        Check::Config => message!("check-config"),
        Check::Dns => message!("check-dns"),
        Check::Tcp => message!("check-tcp"),
        Check::Tls => message!("check-tls"),
        Check::Fingerprint => message!("check-fingerprint"),
        Check::Protocol => message!("check-protocol"),
        Check::Auth => message!("check-auth"),
        Check::Connect => message!("check-connect"),
        Check::Version => message!("check-version"),
        Check::Query => message!("check-query"),
        Check::Endpoints => message!("check-endpoints"),
        Check::Clock => message!("check-clock"),
        Check::Write => message!("check-write"),
        Check::Connector => message!("check-connector"),
    }
}
