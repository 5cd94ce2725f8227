//! The way to a target in `verify --json`. A number that was not measured is null, and `reason` says why.

use serde_json::{Value, json};

use crate::verify::route::{
    DialFact, DialOutcome, DnodeFact, NameFact, NameOutcome, PortFact, is_open,
};
use crate::verify::{Control, DefaultRoute, ResolverAnswer, TargetRoute};

/// Renders `path` of a target.
pub(super) fn route(route: &TargetRoute) -> Value {
    let ports: Vec<Value> = route.ports.iter().map(port).collect();
    let dnodes = route
        .dnodes
        .as_ref()
        .map(|dnodes| dnodes.iter().map(dnode).collect::<Vec<_>>());
    json!({
        "host": route.host,
        "name": name(&route.name),
        "proxy": route.proxy.as_ref().map(|proxy| json!({
            "variable": proxy.variable,
            "address": proxy.address,
        })),
        "ports": ports,
        "dnodes": dnodes,
        "reason": dnodes.is_none().then_some("no transport has come so far, or the user may not see them"),
    })
}

/// Renders `control` of a target: what can be reached from this machine.
pub(super) fn control(control: &Control) -> Value {
    let resolver = match &control.resolver {
        ResolverAnswer::Answers { server, ms } => {
            json!({ "state": "answers", "servers": [server], "ms": ms })
        }
        ResolverAnswer::Silent(servers) => unmeasured("silent", servers, "no answer"),
        ResolverAnswer::Unconfigured => unmeasured("unconfigured", &[], "no server is configured"),
        ResolverAnswer::Unknown => unmeasured("unknown", &[], "the configuration cannot be read"),
        ResolverAnswer::Unasked => unmeasured("not-asked", &[], "the target is this machine"),
    };
    json!({
        "ipv4": default_route(&control.ipv4),
        "ipv6": default_route(&control.ipv6),
        "resolver": resolver,
    })
}

fn unmeasured(state: &str, servers: &[String], reason: &str) -> Value {
    json!({ "state": state, "servers": servers, "ms": null, "reason": reason })
}

fn default_route(route: &DefaultRoute) -> Value {
    match route {
        DefaultRoute::Present { interface, gateway } => json!({
            "default_route": true,
            "interface": interface,
            "gateway": gateway,
        }),
        DefaultRoute::Absent => json!({ "default_route": false }),
        DefaultRoute::Unknown => {
            json!({ "default_route": null, "reason": "this system does not list its routes" })
        }
    }
}

fn name(name: &NameFact) -> Value {
    let mut value = json!({
        "outcome": name.outcome,
        "addresses": name.addresses,
        "ms": name.ms,
    });
    let reason = match name.outcome {
        NameOutcome::Literal => "an address needs no resolver",
        NameOutcome::NotMeasured => "not resolved",
        NameOutcome::Resolved
        | NameOutcome::NotFound
        | NameOutcome::ResolverFailed
        | NameOutcome::TimedOut => "measured with the connection",
    };
    with_reason(&mut value, name.ms, reason);
    value
}

fn port(port: &PortFact) -> Value {
    json!({
        "role": port.role,
        "port": port.number,
        "protocol": "tcp",
        "tls": port.tls,
        "transports": port.transports,
        "open": (!port.dials.is_empty()).then(|| is_open(&port.dials)),
        "reason": port.dials.is_empty().then_some("not connected to"),
        "addresses": port.dials.iter().map(dial).collect::<Vec<_>>(),
        "certificate": port.certificate,
    })
}

fn dial(dial: &DialFact) -> Value {
    let mut value = json!({
        "address": dial.address,
        "source": dial.source,
        "interface": dial.interface,
        "outcome": dial.outcome,
        "ms": dial.ms,
    });
    let reason = match dial.outcome {
        DialOutcome::TimedOut => "no answer within the limit",
        DialOutcome::NotAwaited => "another address answered first",
        DialOutcome::NoRoute => "no packet was sent",
        DialOutcome::Open | DialOutcome::Refused | DialOutcome::Reset | DialOutcome::Failed => {
            "the system reported an error"
        }
    };
    with_reason(&mut value, dial.ms, reason);
    value
}

fn dnode(dnode: &DnodeFact) -> Value {
    json!({
        "endpoint": dnode.advertised,
        "host": dnode.host,
        "port": dnode.port,
        "name": name(&dnode.name),
        "open": is_open(&dnode.dials),
        "taosd_answers": is_open(&dnode.dials) && !dnode.is_strange,
        "offline": dnode.is_offline,
        "addresses": dnode.dials.iter().map(dial).collect::<Vec<_>>(),
    })
}

/// Adds `reason` if there is no number.
pub(super) fn with_reason(value: &mut Value, number: Option<u64>, reason: &str) {
    if let (None, Some(object)) = (number, value.as_object_mut()) {
        object.insert("reason".to_owned(), reason.into());
    }
}
