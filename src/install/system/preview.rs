//! `--dry-run --system`: what would change in the system's folders, as far as it can be known without a download.

use std::path::Path;

use super::plan::Change;
use super::planned;
use crate::catalog::Clients;
use crate::error::{Error, ErrorId, Result, io_words};
use crate::events::EventSink;
use crate::fetch::{self, Origin};
use crate::install::dry_run::{Action, Plan, Trust};
use crate::install::job::draft;
use crate::install::stop::Stop;
use crate::install::{Request, checks, choose, complete, libraries, parts, stream};
use crate::store::{Client, Receipt, System, Verified};

/// What would change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    /// Every path that would change. `None` where the package is not here yet: then nobody knows its files.
    pub changes: Option<Vec<Change>>,
}

/// What [`super::place`] would do after what `plan` tells. A package that is at hand and would be taken is unpacked in a
/// temporary folder, which goes again. Errors as it gives them.
pub(in crate::install) async fn preview(
    request: &Request,
    plan: &Plan,
    stop: &mut Stop,
    events: &EventSink,
) -> Result<Preview> {
    let client = &plan.client;
    if plan.action == Action::Nothing {
        return changes(request, client, &client.prefix, &client.receipt()?);
    }
    let at_hand = matches!(request.origin, Origin::File(_) | Origin::Folder(_));
    if !at_hand || plan.trust == Trust::Nothing {
        return Ok(Preview { changes: None });
    }
    let folder = tempfile::tempdir().map_err(|error| {
        Error::new(
            ErrorId::FileUnwritable,
            "unpack the package in a temporary folder",
            io_words(&error),
            "free some space, or set TMPDIR to another folder",
        )
    })?;
    let root = folder.path().join("client");
    std::fs::create_dir(&root).map_err(|error| {
        Error::new(
            ErrorId::FileUnwritable,
            format!("write {}", root.display()),
            io_words(&error),
            "set TMPDIR to another folder",
        )
    })?;
    let receipt = unpacked(request, client, &root, stop, events).await?;
    match receipt {
        Some(receipt) => changes(request, client, &root, &receipt),
        None => Ok(Preview { changes: None }),
    }
}

/// Unpacks and completes the package below `root`; `None` where it changed on the way.
async fn unpacked(
    request: &Request,
    client: &Client,
    root: &Path,
    stop: &mut Stop,
    events: &EventSink,
) -> Result<Option<Receipt>> {
    let chosen = choose::choose(request, Clients::builtin()?)?;
    let mut opened = stop
        .unless(fetch::open(
            &request.origin,
            &chosen.packages,
            &[],
            &request.fetch,
            &chosen.hint(),
            events,
        ))
        .await??;
    let into = Some(root.to_path_buf());
    let through = stream::through(&mut opened, into, false, false, stop, events).await?;
    let Some(streamed) = through else {
        return Ok(None);
    };
    if let Some(error) = streamed.refusal(&opened.place) {
        return Err(error);
    }
    let Some(unpacked) = &streamed.unpacked else {
        return Ok(None);
    };
    let parts = parts::of(request, client);
    libraries::check(&opened.place, client, root, unpacked, parts)?;
    let unpacked = checks::libraries(client, root, unpacked, events)?;
    let unpacked = parts::keep(root, client, parts, unpacked)?;
    let draft = draft(client, String::new(), &streamed, Verified::Given, parts);
    complete::complete(root, client, &unpacked, draft, None).map(Some)
}

fn changes(request: &Request, client: &Client, root: &Path, receipt: &Receipt) -> Result<Preview> {
    let system = System::of_this_machine();
    let before = system.receipt()?;
    let planned = planned(request, client, root, receipt, before.as_ref(), &system)?;
    Ok(Preview {
        changes: Some(planned.changes),
    })
}
