//! Values of arguments that only this machine or the built-in data knows, for completions.

use clap_complete::engine::{ArgValueCandidates, CompletionCandidate};

use crate::diagnose::id::Id;
use crate::store::Store;

/// Versions of the installed clients. A store that cannot be read has none: completions report no errors.
pub(super) fn installed_versions() -> ArgValueCandidates {
    ArgValueCandidates::new(|| {
        let clients = Store::from_environment().and_then(|store| store.installed());
        let clients = clients.unwrap_or_default().into_iter();
        clients
            .map(|client| CompletionCandidate::new(client.version.to_string()))
            .collect()
    })
}

/// Installed versions, and the word that chooses the machine's own driver.
pub(super) fn usable_versions() -> ArgValueCandidates {
    ArgValueCandidates::new(|| {
        let mut values = installed_versions().candidates();
        values.push(CompletionCandidate::new("system"));
        values
    })
}

/// Ids of findings.
pub(super) fn finding_ids() -> ArgValueCandidates {
    ArgValueCandidates::new(|| {
        let ids = Id::ALL.iter();
        ids.map(|id| CompletionCandidate::new(id.as_str()))
            .collect()
    })
}
