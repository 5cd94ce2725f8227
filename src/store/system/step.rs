//! One path of a change, forward and back. Either may be begun again after any of its moves: what was done shows on the disk.

use std::io;

use serde::{Deserialize, Serialize};

use super::change::{Comes, Goes, Swap};
use super::place::SystemPlace;
use super::receipt::{is_backup, is_changeable};
use super::shift::{self, shift};
use crate::store::disk;

/// One path: what is there goes to `goes`, then what is at `comes` takes its place.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Step {
    pub(super) path: String,
    pub(super) comes: Option<Aside>,
    pub(super) goes: Option<Aside>,
}

/// A place that is not the path's own.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Aside {
    /// Beside the path.
    Beside,
    /// In the folder of backups, under this name.
    Backup(String),
}

impl Step {
    pub(super) fn of(swap: &Swap) -> Self {
        Self {
            path: swap.path.clone(),
            comes: match &swap.comes {
                Comes::Nothing => None,
                Comes::Restored(name) => Some(Aside::Backup(name.clone())),
                Comes::Copy { .. } | Comes::Bytes(_) | Comes::Link(_) => Some(Aside::Beside),
            },
            goes: match &swap.goes {
                Goes::Nothing => None,
                Goes::Deleted => Some(Aside::Beside),
                Goes::Kept(name) => Some(Aside::Backup(name.clone())),
            },
        }
    }

    pub(super) fn is_honest(&self) -> bool {
        let honest = |aside: &Option<Aside>| match aside {
            Some(Aside::Backup(name)) => is_backup(name),
            _ => true,
        };
        is_changeable(&self.path) && honest(&self.comes) && honest(&self.goes)
    }
}

/// The open folders of a step.
pub(super) struct Opened {
    pub(super) path: SystemPlace,
    pub(super) comes: Option<SystemPlace>,
    pub(super) goes: Option<SystemPlace>,
    /// Whether what comes is a backup.
    pub(super) restores: bool,
    /// The beginning of the names of copies that are not whole.
    pub(super) part: String,
}

/// Does one step, or what is left of it.
pub(super) fn forward(open: &Opened) -> io::Result<()> {
    let there = |place: &SystemPlace| place.kind().map(|kind| kind.is_some());
    let Some(comes) = &open.comes else {
        let Some(goes) = &open.goes else {
            return Ok(());
        };
        return away(&open.path, goes, &open.part);
    };
    if !there(comes)? {
        return Ok(());
    }
    match &open.goes {
        Some(goes) if there(goes)? => {
            // A move across file systems, the first or the second, may have left its original.
            if there(&open.path)? {
                if shift::same(&open.path, goes)? {
                    disk::step()?;
                    open.path.remove()?;
                } else if shift::same(&open.path, comes)? {
                    disk::step()?;
                    return comes.remove();
                }
            }
        }
        Some(goes) => away(&open.path, goes, &open.part)?,
        None => {
            if there(&open.path)? && shift::same(&open.path, comes)? {
                disk::step()?;
                return comes.remove();
            }
        }
    }
    if open.restores {
        comes.folder.clear_special_bits(&comes.name)?;
    }
    shift(comes, &open.path, &open.part)
}

/// Moves what is at `path` to `goes`, as far as that is still to be done.
fn away(path: &SystemPlace, goes: &SystemPlace, part: &str) -> io::Result<()> {
    if path.kind()?.is_none() {
        return Ok(());
    }
    if goes.kind()?.is_some() {
        if !shift::same(path, goes)? {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        disk::step()?;
        return path.remove();
    }
    shift(path, goes, part)
}

/// Undoes one step, or what is left of it.
pub(super) fn back(open: &Opened) -> io::Result<()> {
    if let Some(comes) = &open.comes {
        let is_there = open.path.kind()?.is_some();
        if is_there && comes.kind()?.is_none() {
            shift(&open.path, comes, &open.part)?;
        } else if is_there
            && shift::same(&open.path, comes)?
            && match &open.goes {
                Some(goes) => goes.kind()?.is_some(),
                None => true,
            }
        {
            disk::step()?;
            open.path.remove()?;
        }
    }
    match &open.goes {
        Some(goes) => away(goes, &open.path, &open.part),
        None => Ok(()),
    }
}
