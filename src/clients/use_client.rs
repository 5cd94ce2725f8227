//! The use case of `use`: chooses the current client.

use std::str::FromStr;

use crate::error::Result;
use crate::store::{Client, Receipt, Store};
use crate::system::events::EventSink;
use crate::tdengine::version::Request;

/// The choice of a current client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UseChoice {
    /// None: the machine's own driver.
    System,
    /// The newest installed client that the request admits.
    Client(Request),
}

impl FromStr for UseChoice {
    type Err = <Request as FromStr>::Err;

    fn from_str(text: &str) -> std::result::Result<Self, Self::Err> {
        match text {
            "system" => Ok(Self::System),
            _ => text.parse().map(Self::Client),
        }
    }
}

/// The client that is used now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UsedClient {
    /// The machine's own driver.
    System,
    /// A client of the store.
    Client(Client, Box<Receipt>),
}

/// Makes `choice` the current client of `store`.
///
/// # Errors
/// `nothing-installed` if no installed client fits; `store-busy`; those of reading and writing the store.
pub fn use_client(store: &Store, choice: &UseChoice, events: &EventSink) -> Result<UsedClient> {
    let UseChoice::Client(request) = choice else {
        if !store.uses_system()? || store.is_interrupted() {
            store.lock("use", events)?.use_system()?;
        }
        return Ok(UsedClient::System);
    };
    // Before the lock: nothing is created if nothing is installed.
    let mut client = store.choose(Some(request))?;
    if store.current()?.as_ref() != Some(&client) || store.is_interrupted() {
        let lock = store.lock("use", events)?;
        client = store.choose(Some(request))?;
        lock.make_current(&client)?;
    }
    let receipt = Box::new(client.receipt()?);
    Ok(UsedClient::Client(client, receipt))
}
