//! A name becomes addresses.

use std::net::IpAddr;
use std::time::Duration;

use crate::error::describe_io_error;
use crate::message::{Message, message};
use crate::system::resolver;

/// What the resolver said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Dns {
    /// The host is an address itself: nothing was asked.
    Literal(IpAddr),
    /// The name's addresses, in the resolver's order, each once; at least one.
    Found(Vec<IpAddr>),
    /// The resolver knows no address; its own words.
    Unknown(Message),
    /// The resolver could not find out: no DNS server answered it; its own words.
    Unsure(Message),
    /// The resolver did not answer within the limit.
    Unanswered,
}

impl Dns {
    /// The addresses to dial.
    pub fn addresses(&self) -> Vec<IpAddr> {
        match self {
            Self::Literal(address) => vec![*address],
            Self::Found(addresses) => addresses.clone(),
            Self::Unknown(_) | Self::Unsure(_) | Self::Unanswered => Vec::new(),
        }
    }
}

/// Asks the system's resolver (hosts file included) for `host`.
pub async fn resolve(host: &str, limit: Duration) -> Dns {
    if let Ok(address) = host.parse() {
        return Dns::Literal(address);
    }
    match tokio::time::timeout(limit, resolver::resolve(host)).await {
        Err(_) => Dns::Unanswered,
        // The system did not start a thread for the question.
        Ok(Err(error)) if error.raw_os_error().is_some() => Dns::Unsure(describe_io_error(&error)),
        Ok(Err(error)) => unresolved(resolver_words(&error)),
        Ok(Ok(addresses)) if addresses.is_empty() => {
            Dns::Unknown(message!("probe-name-without-address"))
        }
        Ok(Ok(addresses)) => Dns::Found(addresses),
    }
}

/// What the resolver's `words` mean. The library gives no number with them; `EAI_AGAIN` reads so in glibc, musl and BSD's.
fn unresolved(words: String) -> Dns {
    let again = ["Temporary failure", "Try again"];
    if again.iter().any(|start| words.starts_with(start)) {
        Dns::Unsure(Message::quoted(words))
    } else {
        Dns::Unknown(Message::quoted(words))
    }
}

/// The resolver's words, without the standard library's preamble.
fn resolver_words(error: &std::io::Error) -> String {
    let text = error.to_string();
    text.strip_prefix("failed to lookup address information: ")
        .unwrap_or(&text)
        .to_owned()
}

#[cfg(test)]
mod tests;
