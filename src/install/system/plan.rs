//! Plans the changes in the system's directories, from the target files, the record, and the present files.

use std::path::{Path, PathBuf};

use super::target_files::{self, CONFIG, TargetConfig, TargetPath};
use super::vendor_client::{self, VendorClient};
use crate::error::Result;
use crate::message::{Message, message};
use crate::safety::printable::printable_path;
use crate::store::{Comes, Found, Goes, PlacedPath, Put, Swap, SystemReceipt};

/// Something that changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SystemChange {
    /// Its path.
    pub path: String,
    /// How it changes.
    pub what: SystemChangeKind,
}

/// How a path changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SystemChangeKind {
    /// Nothing was there.
    Placed,
    /// Another version's of ours was there.
    Replaced,
    /// The previous content is kept at this path, and something takes its place.
    BackedUp(PathBuf),
    /// The previous content is kept at this path, and nothing takes its place.
    MovedAway(PathBuf),
    /// `firstEp` changes, and the previous file is kept at this path; `None` if taos-setup created the file.
    Pointed(Option<PathBuf>),
    /// It was ours and is no longer needed.
    Removed,
}

/// Something that is in the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PathConflict {
    pub(super) path: String,
    pub(super) why: Message,
    /// Whether `--replace` moves it away.
    pub(super) movable: bool,
}

/// The input of a plan.
pub(super) struct SystemSituation<'a> {
    pub(super) targets: &'a [TargetPath],
    pub(super) config: &'a TargetConfig,
    pub(super) before: Option<&'a SystemReceipt>,
    pub(super) vendor: Option<&'a VendorClient>,
    pub(super) replace: bool,
    /// Renew what was placed and changed since.
    pub(super) repair: bool,
    /// What is at a path.
    pub(super) look: &'a dyn Fn(&str) -> Result<Found>,
    /// The name of a path in the folder of backups.
    pub(super) backup: &'a dyn Fn(&str) -> String,
    /// The directory of backups.
    pub(super) backup_dir: &'a Path,
}

/// A plan.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct SystemPlan {
    pub(super) swaps: Vec<Swap>,
    /// The record afterwards.
    pub(super) paths: Vec<PlacedPath>,
    pub(super) changes: Vec<SystemChange>,
    pub(super) conflicts: Vec<PathConflict>,
    pub(super) notes: Vec<Message>,
}

/// Makes the plan. Errors are those of looking.
pub(super) fn plan(situation: &SystemSituation<'_>) -> Result<SystemPlan> {
    let mut planned = SystemPlan::default();
    for wanted in situation.targets {
        planned.place(situation, wanted)?;
    }
    planned.configure(situation)?;
    planned.drop_others(situation)?;
    if let Some(vendor) = vendor_client::in_the_way(situation.vendor, situation.before) {
        for link in &vendor.links {
            planned.move_away(situation, link);
        }
        if !situation.replace && planned.conflicts.is_empty() {
            planned.conflicts.push(PathConflict {
                path: "/usr/local/taos".into(),
                why: message!("system-vendor-directory"),
                movable: true,
            });
        }
    }
    planned.paths.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(planned)
}

/// Whether something was placed there and changed since.
fn is_damaged(recorded: Option<&PlacedPath>, found: &Found) -> bool {
    recorded.is_some_and(|recorded| recorded.put.is_some())
        && matches!(found, Found::File { .. } | Found::Link(_))
}

impl SystemPlan {
    fn place(&mut self, situation: &SystemSituation<'_>, wanted: &TargetPath) -> Result<()> {
        let recorded = situation.before.and_then(|before| before.of(&wanted.path));
        let found = (situation.look)(&wanted.path)?;
        let old = recorded.and_then(|recorded| recorded.backup.clone());
        let ours = recorded
            .and_then(|recorded| recorded.put.as_ref())
            .is_some_and(|put| put.is(&found));
        let (goes, what, backup) = if ours && wanted.put.is(&found) {
            self.paths.extend(recorded.cloned());
            return Ok(());
        } else if ours || (situation.repair && is_damaged(recorded, &found)) {
            (Goes::Deleted, SystemChangeKind::Replaced, old)
        } else if found == Found::Nothing {
            (Goes::Nothing, SystemChangeKind::Placed, old)
        } else {
            let Some(name) = self.away(situation, &wanted.path, &found) else {
                return Ok(());
            };
            (
                Goes::Kept(name.clone()),
                SystemChangeKind::BackedUp(situation.backup_dir.join(&name)),
                Some(name),
            )
        };
        self.swap(&wanted.path, wanted.comes.clone(), goes, what);
        self.paths.push(PlacedPath {
            path: wanted.path.clone(),
            put: Some(wanted.put.clone()),
            backup,
        });
        Ok(())
    }

    /// The name under which something foreign is kept; `None` where it is in the way.
    fn away(
        &mut self,
        situation: &SystemSituation<'_>,
        path: &str,
        found: &Found,
    ) -> Option<String> {
        let (why, movable) = match found {
            Found::NoWay(why) => (why.clone(), false),
            Found::Link(target) => (
                message!(
                    "system-found-link",
                    target = printable_path(Path::new(target))
                ),
                true,
            ),
            // No client has a folder there, and one may hold anything.
            Found::Folder => (message!("system-found-directory"), false),
            Found::File { .. } => (message!("system-found-file"), true),
            Found::Other | Found::Nothing => (message!("system-found-other"), false),
        };
        let recorded = situation.before.and_then(|before| before.of(path));
        let why = if is_damaged(recorded, found) {
            message!("system-found-changed", found = why)
        } else {
            why
        };
        if situation.replace && movable {
            return Some((situation.backup)(path));
        }
        self.conflicts.push(PathConflict {
            path: path.to_owned(),
            why,
            movable,
        });
        None
    }

    /// The configuration is made where there is none. One that is there is the user's: `firstEp` alone changes in it.
    fn configure(&mut self, situation: &SystemSituation<'_>) -> Result<()> {
        let config = situation.config;
        let recorded = situation.before.and_then(|before| before.of(CONFIG));
        let found = (situation.look)(CONFIG)?;
        let old = recorded.and_then(|recorded| recorded.backup.clone());
        let ours = recorded
            .and_then(|recorded| recorded.put.as_ref())
            .is_some_and(|put| put.is(&found));
        let (bytes, goes, what, backup) = match (&found, &config.spliced) {
            (Found::Nothing, _) => (&config.fresh, Goes::Nothing, SystemChangeKind::Placed, old),
            (Found::File { .. }, Some(spliced)) if !target_files::put(spliced).is(&found) => {
                if ours {
                    (spliced, Goes::Deleted, SystemChangeKind::Pointed(None), old)
                } else {
                    let name = (situation.backup)(CONFIG);
                    (
                        spliced,
                        Goes::Kept(name.clone()),
                        SystemChangeKind::Pointed(Some(situation.backup_dir.join(&name))),
                        Some(name),
                    )
                }
            }
            (Found::File { .. }, spliced) => {
                if config.pointed && spliced.is_none() {
                    self.notes
                        .push(message!("system-config-unusable", file = CONFIG));
                }
                self.paths.extend(recorded.cloned());
                return Ok(());
            }
            _ if !config.pointed => {
                self.paths.extend(recorded.cloned());
                return Ok(());
            }
            _ => {
                let Some(name) = self.away(situation, CONFIG, &found) else {
                    return Ok(());
                };
                let what = SystemChangeKind::BackedUp(situation.backup_dir.join(&name));
                (&config.fresh, Goes::Kept(name.clone()), what, Some(name))
            }
        };
        self.swap(CONFIG, Comes::Bytes(bytes.clone()), goes, what);
        self.paths.push(PlacedPath {
            path: CONFIG.into(),
            put: Some(target_files::put(bytes)),
            backup,
        });
        Ok(())
    }

    /// Removes the paths of another version that this one lacks.
    fn drop_others(&mut self, situation: &SystemSituation<'_>) -> Result<()> {
        let recorded = situation.before.map(|before| before.paths.as_slice());
        for placed in recorded.unwrap_or_default() {
            let wanted = |wanted: &TargetPath| wanted.path == placed.path;
            if placed.path == CONFIG || situation.targets.iter().any(wanted) {
                continue;
            }
            if let Some(put) = &placed.put {
                let found = (situation.look)(&placed.path)?;
                if put.is(&found) {
                    self.swap(
                        &placed.path,
                        Comes::Nothing,
                        Goes::Deleted,
                        SystemChangeKind::Removed,
                    );
                } else if found != Found::Nothing {
                    self.notes
                        .push(message!("system-changed-stays", path = placed.path));
                }
            }
            if placed.backup.is_some() {
                self.paths.push(PlacedPath {
                    put: None,
                    ..placed.clone()
                });
            }
        }
        Ok(())
    }

    /// A link of the vendor's, outside the folders that files go to.
    fn move_away(&mut self, situation: &SystemSituation<'_>, link: &str) {
        if !situation.replace {
            self.conflicts.push(PathConflict {
                path: link.to_owned(),
                why: message!("system-vendor-link"),
                movable: true,
            });
            return;
        }
        let name = (situation.backup)(link);
        let what = SystemChangeKind::MovedAway(situation.backup_dir.join(&name));
        self.swap(link, Comes::Nothing, Goes::Kept(name.clone()), what);
        self.paths.retain(|placed| placed.path != link);
        self.paths.push(PlacedPath {
            path: link.to_owned(),
            put: None,
            backup: Some(name),
        });
    }

    fn swap(&mut self, path: &str, comes: Comes, goes: Goes, what: SystemChangeKind) {
        self.swaps.push(Swap {
            path: path.to_owned(),
            comes,
            goes,
        });
        self.changes.push(SystemChange {
            path: path.to_owned(),
            what,
        });
    }
}

/// The plan of a removal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct SystemReversal {
    pub(super) swaps: Vec<Swap>,
    /// The number of files and links to remove.
    pub(super) removed: usize,
    /// The restored paths.
    pub(super) restored: Vec<String>,
    /// The paths that stay, because they changed since.
    pub(super) kept: Vec<String>,
}

/// Plans to remove the unchanged paths of `receipt` and to restore backups; `has` returns whether a backup exists.
pub(super) fn reverse(
    receipt: &SystemReceipt,
    look: impl Fn(&str) -> Result<Found>,
    has: impl Fn(&str) -> bool,
) -> Result<SystemReversal> {
    let mut reversal = SystemReversal::default();
    for placed in &receipt.paths {
        let found = look(&placed.path)?;
        let ours = placed.put.as_ref().is_some_and(|put: &Put| put.is(&found));
        if !ours && found != Found::Nothing {
            reversal.kept.push(placed.path.clone());
            continue;
        }
        let backup = placed.backup.clone().filter(|name| has(name));
        if !ours && backup.is_none() {
            continue;
        }
        if ours {
            reversal.removed += 1;
        }
        let comes = match backup {
            Some(name) => {
                reversal.restored.push(placed.path.clone());
                Comes::Restored(name)
            }
            None => Comes::Nothing,
        };
        let goes = if ours { Goes::Deleted } else { Goes::Nothing };
        reversal.swaps.push(Swap {
            path: placed.path.clone(),
            comes,
            goes,
        });
    }
    Ok(reversal)
}
