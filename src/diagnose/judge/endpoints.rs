//! Every dnode's advertised endpoint, as seen from here. The native driver is redirected there; WebSocket and REST are not.

use std::net::IpAddr;

use super::endpoint_names::{self as names, NameKind, word};
use super::ground::dial_words;
use crate::diagnose::{CauseKind, Id, Judgement};
use crate::message::{Message, message};
use crate::probe::endpoints::{Endpoint, MOST};
use crate::probe::fingerprint::Fingerprint;
use crate::probe::tcp::{Dial, Tcp};

/// From where the endpoints are seen.
#[derive(Clone, Copy, Debug, Default)]
pub struct View<'a> {
    /// The host that the user named.
    pub host: &'a str,
    /// The address at which the server was reached.
    pub reached: Option<IpAddr>,
    /// What the native port that the user named, or 6030, said to a connection; `None` where native is not asked for.
    pub native: Option<&'a Tcp>,
    /// Whether that address is one of this machine's own.
    pub here: bool,
}

/// Judges all endpoints, one judgement a kind of trouble, the worst first; a single good one where there is none. A dnode that
/// advertises the address that was reached, with another port, sits behind a port mapping.
pub fn endpoints(endpoints: &[Endpoint], view: View<'_>) -> Vec<Judgement> {
    let mut groups: Vec<(Id, Vec<(&Endpoint, Message)>)> = Vec::new();
    for endpoint in endpoints {
        let Some((id, words)) = trouble(endpoint, endpoints, view) else {
            continue;
        };
        match groups.iter_mut().find(|(known, _)| *known == id) {
            Some((_, group)) => group.push((endpoint, words)),
            None => groups.push((id, vec![(endpoint, words)])),
        }
    }
    if groups.is_empty() {
        let open = endpoints.len();
        let well = message!(
            "verify-endpoints-ok",
            open = open,
            all_looked_at = (open < MOST)
        );
        return vec![Judgement::ok(well).expecting(message!("verify-endpoints-expected"))];
    }
    // An offline dnode does not keep clients from connecting.
    groups.sort_by_key(|(id, _)| *id == Id::DnodeOffline);
    groups
        .into_iter()
        .map(|(id, group)| judgement(id, &group, endpoints.len(), view))
        .collect()
}

fn judgement(id: Id, group: &[(&Endpoint, Message)], all: usize, view: View<'_>) -> Judgement {
    let words = group.iter().map(|(_, words)| words.clone());
    let members: Vec<&Endpoint> = group.iter().map(|(endpoint, _)| *endpoint).collect();
    let advertised: Vec<&str> = members
        .iter()
        .map(|endpoint| endpoint.advertised.as_str())
        .collect();
    let first = members.first().copied();
    let host = first.map_or("", |endpoint| endpoint.host.as_str());
    let port = first.map_or(0, |endpoint| endpoint.port);
    // With one dnode in all, the server that was reached is it.
    let address = view.reached.filter(|_| all == 1).map(|it| it.to_string());
    let judgement = Judgement::failed(id, Message::joined(words, "; "))
        .expecting(message!("verify-endpoints-expected"))
        .with("endpoint", advertised.join(", "))
        .with("endpoint_host", word(host))
        .with("endpoint_port", port)
        .of_kind(kind(first, view))
        .with("fqdn", names::fqdn(host, view.host))
        .with("hosts", names::hosts(&members, address.as_deref()))
        .with("aliases", names::aliases(&members, address.as_deref()))
        .with_flag("own", members.iter().all(|it| is_own(it, view)));
    let judgement = match view.native {
        Some(native) => judgement.with("reached_port", native.port),
        None => judgement,
    };
    match id {
        Id::DnodeOffline => judgement.into_warning(),
        _ => judgement,
    }
}

/// What the texts depend on: the kind of the name, or `stranger` where something else than taosd answers.
fn kind(endpoint: Option<&Endpoint>, view: View<'_>) -> Option<CauseKind> {
    match endpoint {
        Some(endpoint) if strange(endpoint) && !leads_home(endpoint, view) => {
            Some(CauseKind::Stranger)
        }
        Some(endpoint) => NameKind::of(&endpoint.host).cause(),
        None => None,
    }
}

/// What is wrong with an endpoint, and how that was seen.
fn trouble(endpoint: &Endpoint, all: &[Endpoint], view: View<'_>) -> Option<(Id, Message)> {
    let advertised = &endpoint.advertised;
    // Seconds after its start the cluster still lists the server that has just answered as offline.
    if endpoint.offline && !answers_there(endpoint, view) {
        let words = message!("verify-endpoint-offline", advertised = advertised);
        return Some((Id::DnodeOffline, words));
    }
    let Some(tcp) = &endpoint.tcp else {
        let words = message!("verify-endpoint-unresolved", advertised = advertised);
        return Some((Id::DnodeUnresolved, words));
    };
    if leads_home(endpoint, view) {
        let words = message!("verify-endpoint-leads-home", advertised = advertised);
        return Some((Id::DnodeUnreachable, words));
    }
    if tcp.open().is_some() {
        let words = message!("verify-endpoint-stranger", advertised = advertised);
        return strange(endpoint).then_some((Id::DnodeUnreachable, words));
    }
    let dials: Vec<Message> = tcp
        .attempts
        .iter()
        .map(|attempt| dial_words(&attempt.dial))
        .collect();
    let words = dials
        .first()
        .cloned()
        .unwrap_or_else(|| message!("verify-dial-no-address"));
    let id = match view.native {
        Some(native) if remapped(tcp, native) && !all.iter().any(|it| it.port == native.port) => {
            Id::DnodePortRemapped
        }
        _ => Id::DnodeUnreachable,
    };
    Some((
        id,
        message!(
            "verify-endpoint-dial",
            advertised = advertised,
            words = words
        ),
    ))
}

/// Whether the endpoint is at the address that was reached, and taosd answers there.
fn answers_there(endpoint: &Endpoint, view: View<'_>) -> bool {
    let open = endpoint.tcp.as_ref().and_then(Tcp::open);
    open.is_some_and(|open| view.reached == Some(open.ip())) && !strange(endpoint)
}

/// Whether the endpoint leads to this machine though the server is another one.
fn leads_home(endpoint: &Endpoint, view: View<'_>) -> bool {
    let loopback = |tcp: &Tcp| {
        let mut attempts = tcp.attempts.iter();
        !tcp.attempts.is_empty() && attempts.all(|attempt| attempt.address.is_loopback())
    };
    !view.here && view.reached.is_some() && endpoint.tcp.as_ref().is_some_and(loopback)
}

/// Whether something else than taosd answers there.
fn strange(endpoint: &Endpoint) -> bool {
    matches!(
        endpoint.answers,
        Some(Fingerprint::Http(_) | Fingerprint::Foreign(_) | Fingerprint::Tls)
    )
}

/// Whether the endpoint is the native port that the user named: what is wrong there native tells itself.
fn is_own(endpoint: &Endpoint, view: View<'_>) -> bool {
    let (Some(native), Some(tcp)) = (view.native, &endpoint.tcp) else {
        return false;
    };
    let named = |address| native.attempts.iter().any(|it| it.address == address);
    tcp.port == native.port && tcp.attempts.iter().any(|it| named(it.address))
}

/// Whether the refused `advertised` endpoint is the server that was reached on another port.
fn remapped(advertised: &Tcp, native: &Tcp) -> bool {
    let refused = advertised
        .attempts
        .iter()
        .all(|attempt| attempt.dial == Dial::Refused);
    let reached = |address| native.open().is_some_and(|open| open.ip() == address);
    refused
        && advertised.port != native.port
        && advertised
            .attempts
            .iter()
            .any(|attempt| reached(attempt.address))
}

#[cfg(test)]
mod tests;
