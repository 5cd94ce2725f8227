//! Every dnode's advertised endpoint, as seen from here. The native driver is redirected there; WebSocket and REST are not.

use super::ground::dial_words;
use crate::diagnose::{Id, Judgement};
use crate::probe::endpoints::{Endpoint, MOST};
use crate::probe::tcp::{Dial, Tcp};

/// Judges all endpoints: the first that does not work decides. `native` is the native port that was reached, with all of
/// its host's addresses: a dnode that advertises one of them with another port sits behind a port mapping.
pub fn endpoints(endpoints: &[Endpoint], native: Option<&Tcp>) -> Judgement {
    let expected = "every dnode's endpoint accepts connections from here";
    let broken = endpoints
        .iter()
        .find(|endpoint| endpoint.tcp.as_ref().is_none_or(|tcp| tcp.open().is_none()));
    let Some(endpoint) = broken else {
        let open = endpoints.len();
        let looked = if open == MOST {
            ", no more were dialled"
        } else {
            ""
        };
        return Judgement::ok(format!("{open} of {open} reachable from here{looked}"))
            .expecting(expected);
    };
    let judgement = match &endpoint.tcp {
        None => Judgement::failed(
            Id::DnodeUnresolved,
            format!("{} does not resolve here", endpoint.advertised),
        ),
        Some(tcp) => {
            let dials: Vec<String> = tcp
                .attempts
                .iter()
                .map(|attempt| dial_words(&attempt.dial))
                .collect();
            let first = dials.first().map_or("has no address", String::as_str);
            let id = match native {
                Some(native) if remapped(tcp, native) => Id::DnodePortRemapped,
                _ => Id::DnodeUnreachable,
            };
            let judgement = Judgement::failed(id, format!("{} {first}", endpoint.advertised));
            match native {
                Some(native) => judgement.with("reached_port", native.port),
                None => judgement,
            }
        }
    };
    judgement
        .expecting(expected)
        .with("endpoint", &endpoint.advertised)
        .with("endpoint_host", word(&endpoint.host))
        .with("endpoint_port", endpoint.port)
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

/// A name as it may stand in a line that users paste: anything but a plain name becomes `HOST`.
fn word(name: &str) -> &str {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ':');
    if !name.is_empty() && !name.starts_with('-') && name.chars().all(plain) {
        name
    } else {
        "HOST"
    }
}
