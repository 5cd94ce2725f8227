//! `--dry-run --system`: what would change in the system's folders, as far as it can be known without a download.

use std::path::Path;

use super::plan::Change;
use super::planned;
use crate::error::Result;
use crate::fetch::Origin;
use crate::install::dry_run::{Action, Plan};
use crate::install::job::draft;
use crate::install::rehearsal::Rehearsed;
use crate::install::{Request, checks, complete, parts};
use crate::store::{Client, Receipt, System, Verified};
use crate::system::events::EventSink;

/// What would change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    /// Every path that would change. `None` where the package is not here yet: then nobody knows its files.
    pub changes: Option<Vec<Change>>,
}

/// What [`super::place`] would do after what `plan` tells; `rehearsed` is the package, where it was unpacked for that. Errors as
/// it gives them.
pub(in crate::install) fn preview(
    request: &Request,
    plan: &Plan,
    rehearsed: Option<Rehearsed>,
    events: &EventSink,
) -> Result<Preview> {
    let client = &plan.client;
    if plan.action == Action::Nothing {
        return changes(request, client, &client.prefix, &client.receipt()?);
    }
    // What the cache has may be downloaded again.
    let at_hand = matches!(request.origin, Origin::File(_) | Origin::Folder(_));
    let Some(Rehearsed { folder, streamed }) = rehearsed.filter(|_| at_hand) else {
        return Ok(Preview { changes: None });
    };
    let Some(unpacked) = &streamed.unpacked else {
        return Ok(Preview { changes: None });
    };
    let root = folder.path();
    let parts = parts::of(request, client);
    let unpacked = checks::libraries(client, root, unpacked, events)?;
    let unpacked = parts::keep(root, client, parts, unpacked)?;
    let draft = draft(client, String::new(), &streamed, Verified::Given, parts);
    let receipt = complete::complete(root, client, &unpacked, draft, None)?;
    changes(request, client, root, &receipt)
}

fn changes(request: &Request, client: &Client, root: &Path, receipt: &Receipt) -> Result<Preview> {
    let system = System::of_this_machine();
    let before = system.receipt()?;
    let planned = planned(request, client, root, receipt, before.as_ref(), &system)?;
    Ok(Preview {
        changes: Some(planned.changes),
    })
}
