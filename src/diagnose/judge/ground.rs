//! Name, port, and who answers there.

use crate::diagnose::{CauseKind, Id, Judgement};
use crate::dsn::target::bracketed;
use crate::message::{Message, message};
use crate::probe::dns::Dns;
use crate::probe::tcp::{Dial, Tcp};

/// The name and its addresses.
pub fn dns(host: &str, dns: &Dns) -> Judgement {
    let expected = message!("verify-dns-expected");
    let failed = |observed: Message| {
        Judgement::failed(Id::DnsUnresolved, observed)
            .expecting(message!("verify-dns-expected"))
            .with("name", host)
    };
    match dns {
        Dns::Literal(address) => Judgement::ok(message!("verify-dns-literal", address = address)),
        Dns::Found(addresses) => {
            let addresses: Vec<String> = addresses.iter().map(ToString::to_string).collect();
            Judgement::ok(Message::quoted(addresses.join(", ")))
        }
        Dns::Unknown(words) => failed(message!("verify-dns-words", host = host, words = words)),
        Dns::Unsure(words) => failed(message!("verify-dns-words", host = host, words = words))
            .of_kind(CauseKind::Resolver),
        Dns::Unanswered => {
            failed(message!("verify-dns-unanswered", host = host)).of_kind(CauseKind::Resolver)
        }
    }
    .expecting(expected)
}

/// The port.
pub fn tcp(host: &str, tcp: &Tcp) -> Judgement {
    let address = format!("{}:{}", bracketed(host), tcp.port);
    let expected = message!("verify-tcp-expected");
    let open = tcp.open();
    let every: Vec<Message> = tcp
        .attempts
        .iter()
        .filter(|attempt| open.is_none_or(|open| open.ip() != attempt.address))
        .map(|attempt| {
            let at = bracketed(&attempt.address.to_string());
            message!(
                "verify-tcp-attempt",
                at = at,
                port = tcp.port,
                words = dial_words(&attempt.dial)
            )
        })
        .collect();
    if let Some(open) = open {
        let others = every.into_iter().fold(Message::default(), |all, other| {
            all.then(Message::quoted("; ")).then(other)
        });
        return Judgement::ok(message!("verify-tcp-open", open = open, others = others))
            .expecting(expected);
    }
    let any = |wanted: &Dial| tcp.attempts.iter().any(|attempt| attempt.dial == *wanted);
    let id = if any(&Dial::Refused) {
        Id::TcpRefused
    } else if any(&Dial::Reset) {
        Id::ClosedEarly
    } else {
        Id::TcpTimeout
    };
    // No packet can have been lost: the system itself reports no route.
    let no_way = !any(&Dial::TimedOut) && !any(&Dial::Outrun);
    let first = tcp.attempts.first().map(|attempt| attempt.address);
    Judgement::failed(id, Message::joined(every, ", "))
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
pub fn dial_words(dial: &Dial) -> Message {
    match dial {
        Dial::Open => message!("verify-dial-open"),
        Dial::Refused => message!("verify-dial-refused"),
        Dial::TimedOut => message!("verify-dial-timeout"),
        Dial::Outrun => message!("verify-dial-outrun"),
        Dial::Reset => message!("verify-dial-reset"),
        Dial::Unreachable => message!("verify-dial-no-route"),
        Dial::Other(words) => words.clone(),
    }
}

#[cfg(test)]
mod tests;
