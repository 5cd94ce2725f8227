//! `--dry-run --system`: the changes in the system's directories.

use std::path::Path;

use super::plan::SystemChange;
use super::planned;
use crate::error::Result;
use crate::install::InstallRequest;
use crate::store::{Client, Receipt, System};

/// The changes for every user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SystemPreview {
    /// Every path that would change. `None` if the package is not on this machine: its files are not known then.
    pub changes: Option<Vec<SystemChange>>,
}

/// The changes that [`super::place`] would make for `client`, whose files are below `root`. Errors as [`super::place`] has
/// them.
pub(in crate::install) fn preview(
    request: &InstallRequest,
    client: &Client,
    root: &Path,
    receipt: &Receipt,
) -> Result<SystemPreview> {
    let system = System::of_this_machine();
    let before = system.receipt()?;
    let planned = planned(request, client, root, receipt, before.as_ref(), &system)?;
    Ok(SystemPreview {
        changes: Some(planned.changes),
    })
}
