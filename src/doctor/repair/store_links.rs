//! Puts back links of installed clients.

use crate::doctor::machine_facts::MachineFacts;
use crate::error::Result;
use crate::message::{Message, message};
use crate::system::events::EventSink;

/// The links that are put back.
pub fn plan(facts: &MachineFacts) -> Result<Vec<Message>> {
    let Ok(store) = &facts.store else {
        return Ok(Vec::new());
    };
    let mut steps = Vec::new();
    for client in &store.clients {
        for link in client.broken_links()? {
            let path = client.prefix.join(&link.path);
            steps.push(message!(
                "doctor-step-link",
                path = path.display(),
                target = link.target
            ));
        }
    }
    Ok(steps)
}

/// Puts them back, under the lock of the store; those of one client all or none.
pub fn apply(facts: &MachineFacts, events: &EventSink) -> Result<()> {
    let Ok(store) = &facts.store else {
        return Ok(());
    };
    let lock = store.store.lock("doctor", events)?;
    for client in &store.clients {
        lock.repair_links(client)?;
    }
    Ok(())
}
