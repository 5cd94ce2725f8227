//! The installed clients: whether their files and links are as they were installed; with `--deep`, by the digest of every file.

use super::check_report::CheckReport;
use super::machine_facts::MachineFacts;
use crate::diagnose::{CauseKind, Id, Judgement};
use crate::error::{Error, Result};
use crate::message::message;
use crate::store::Client;

/// Runs the check.
pub fn check(facts: &MachineFacts) -> CheckReport {
    let store = match &facts.store {
        Ok(store) => store,
        Err(error) => return CheckReport::default().with(unusable(error)),
    };
    if store.clients.is_empty() {
        return CheckReport::skipped(message!("doctor-store-empty"));
    }
    let deep = facts.request.deep;
    let mut report = CheckReport::default();
    for client in &store.clients {
        let is_current = store.current.as_ref() == Some(client);
        report.details.push(message!(
            "doctor-client",
            version = client.version,
            edition = client.edition,
            platform = client.platform,
            current = is_current
        ));
        report = match damage(client, deep) {
            Ok(judgement) => report.with(judgement),
            Err(error) => report.with(unusable(&error)),
        };
    }
    report
}

/// The judgement of a client that is not as it was installed.
fn damage(client: &Client, deep: bool) -> Result<Option<Judgement>> {
    let link = client.broken_links()?.into_iter().next();
    let (file, kind) = match link {
        Some(link) => (link.path, Some(CauseKind::Links)),
        None => {
            let damaged = match deep {
                true => client.first_damage()?,
                false => client.receipt()?.first_difference(&client.prefix),
            };
            match damaged {
                Some(file) => (file, None),
                None => return Ok(None),
            }
        }
    };
    let path = client.prefix.join(&file);
    Ok(Some(
        Judgement::failed(
            Id::StoreDamaged,
            message!("doctor-store-differs", file = path.display()),
        )
        .expecting(message!("doctor-store-expected"))
        .of_kind(kind)
        .with("client_version", client.version)
        .with("file", file),
    ))
}

fn unusable(error: &Error) -> Judgement {
    let observed = message!(
        "doctor-error",
        tried = error.tried,
        observed = error.observed
    );
    Judgement::failed(Id::StoreUnusable, observed).with_message("why", error.next.clone())
}
