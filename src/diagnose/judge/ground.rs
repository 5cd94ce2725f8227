//! Name, port, and who answers there.

use crate::diagnose::{CauseKind, Id, Judgement};
use crate::dsn::target::bracketed;
use crate::probe::dns::Dns;
use crate::probe::tcp::{Dial, Tcp};

/// The name and its addresses.
pub fn dns(host: &str, dns: &Dns) -> Judgement {
    let expected = "an address for the name";
    let failed = |observed: String| {
        Judgement::failed(Id::DnsUnresolved, observed)
            .expecting(expected)
            .with("name", host)
    };
    match dns {
        Dns::Literal(address) => Judgement::ok(format!("{address} (no name to resolve)")),
        Dns::Found(addresses) => {
            let addresses: Vec<String> = addresses.iter().map(ToString::to_string).collect();
            Judgement::ok(addresses.join(", "))
        }
        Dns::Unknown(words) => failed(format!("{host}: {words}")),
        Dns::Unsure(words) => failed(format!("{host}: {words}")).of_kind(CauseKind::Resolver),
        Dns::Unanswered => failed(format!("{host}: the resolver did not answer in time"))
            .of_kind(CauseKind::Resolver),
    }
    .expecting(expected)
}

/// The port.
pub fn tcp(host: &str, tcp: &Tcp) -> Judgement {
    let address = format!("{}:{}", bracketed(host), tcp.port);
    let expected = "a connection";
    let open = tcp.open();
    let every: Vec<String> = tcp
        .attempts
        .iter()
        .filter(|attempt| open.is_none_or(|open| open.ip() != attempt.address))
        .map(|attempt| {
            let at = bracketed(&attempt.address.to_string());
            format!("{at}:{} {}", tcp.port, dial_words(&attempt.dial))
        })
        .collect();
    if let Some(open) = open {
        let others: String = every.iter().map(|other| format!("; {other}")).collect();
        return Judgement::ok(format!("{open} accepts{others}")).expecting(expected);
    }
    let any = |wanted: &Dial| tcp.attempts.iter().any(|attempt| attempt.dial == *wanted);
    let id = if any(&Dial::Refused) {
        Id::TcpRefused
    } else if any(&Dial::Reset) {
        Id::ClosedEarly
    } else {
        Id::TcpTimeout
    };
    // Where no packet can have been lost: the system itself says that there is no way.
    let no_way = !any(&Dial::TimedOut) && !any(&Dial::Outrun);
    let first = tcp.attempts.first().map(|attempt| attempt.address);
    Judgement::failed(id, every.join(", "))
        .expecting(expected)
        .with("address", address)
        .with("port", tcp.port)
        .of_kind(if no_way {
            CauseKind::Route
        } else {
            CauseKind::Lost
        })
        .with(
            "name",
            first.map(|first| first.to_string()).unwrap_or_default(),
        )
}

/// How a dial ended, in words that follow an address.
pub fn dial_words(dial: &Dial) -> String {
    match dial {
        Dial::Open => "accepts".into(),
        Dial::Refused => "refused the connection".into(),
        Dial::TimedOut => "did not answer in time".into(),
        Dial::Outrun => "had not answered by then".into(),
        Dial::Reset => "accepted and reset the connection at once".into(),
        Dial::Unreachable => "cannot be reached: no route".into(),
        Dial::Other(words) => words.clone(),
    }
}

#[cfg(test)]
mod tests;
