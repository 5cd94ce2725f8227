//! SystemChangeKind changes in the system's folders: from what is wanted, what is recorded and what is there. Nothing is done here.

use super::vendor::{self, VendorClient};
use super::wanted::{self, CONFIG, WantedConfig, WantedPath};
use crate::error::Result;
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
    /// SystemChangeKind was there is kept under this name in the folder of backups, and something takes its place.
    BackedUp(String),
    /// SystemChangeKind was there is kept under this name in the folder of backups, and nothing takes its place.
    MovedAway(String),
    /// `firstEp` changes, and the file as it was is kept under this name in the folder of backups; `None` where all of the
    /// file was ours.
    Pointed(Option<String>),
    /// It was ours and is no longer needed.
    Removed,
}

/// Something that is in the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PathConflict {
    pub(super) path: String,
    pub(super) why: String,
    /// Whether `--replace` moves it away.
    pub(super) movable: bool,
}

/// SystemChangeKind a plan is made of.
pub(super) struct SystemSituation<'a> {
    pub(super) wanted: &'a [WantedPath],
    pub(super) config: &'a WantedConfig,
    pub(super) before: Option<&'a SystemReceipt>,
    pub(super) vendor: Option<&'a VendorClient>,
    pub(super) replace: bool,
    /// Renew what was placed and changed since.
    pub(super) repair: bool,
    /// SystemChangeKind is at a path.
    pub(super) look: &'a dyn Fn(&str) -> Result<Found>,
    /// The name of a path in the folder of backups.
    pub(super) backup: &'a dyn Fn(&str) -> String,
}

/// A plan.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct SystemPlan {
    pub(super) swaps: Vec<Swap>,
    /// SystemChangeKind the record tells afterwards.
    pub(super) paths: Vec<PlacedPath>,
    pub(super) changes: Vec<SystemChange>,
    pub(super) conflicts: Vec<PathConflict>,
    pub(super) notes: Vec<String>,
}

/// Makes the plan. Errors are those of looking.
pub(super) fn plan(situation: &SystemSituation<'_>) -> Result<SystemPlan> {
    let mut planned = SystemPlan::default();
    for wanted in situation.wanted {
        planned.place(situation, wanted)?;
    }
    planned.configure(situation)?;
    planned.drop_others(situation)?;
    if let Some(vendor) = vendor::in_the_way(situation.vendor, situation.before) {
        for link in &vendor.links {
            planned.move_away(situation, link);
        }
        if !situation.replace && planned.conflicts.is_empty() {
            planned.conflicts.push(PathConflict {
                path: "/usr/local/taos".into(),
                why: "the vendor's folder".into(),
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
    fn place(&mut self, situation: &SystemSituation<'_>, wanted: &WantedPath) -> Result<()> {
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
                SystemChangeKind::BackedUp(name.clone()),
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
                format!(
                    "a link to {}",
                    crate::safety::printable::printable(&target.to_string_lossy())
                ),
                true,
            ),
            // No client has a folder there, and one may hold anything.
            Found::Folder => ("a folder".into(), false),
            Found::File { .. } => ("another file".into(), true),
            Found::Other | Found::Nothing => ("no regular file".into(), false),
        };
        let recorded = situation.before.and_then(|before| before.of(path));
        let why = if is_damaged(recorded, found) {
            format!("{why}, changed since it was placed; --repair renews it")
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
            (Found::File { .. }, Some(spliced)) if !wanted::put(spliced).is(&found) => {
                if ours {
                    (spliced, Goes::Deleted, SystemChangeKind::Pointed(None), old)
                } else {
                    let name = (situation.backup)(CONFIG);
                    (
                        spliced,
                        Goes::Kept(name.clone()),
                        SystemChangeKind::Pointed(Some(name.clone())),
                        Some(name),
                    )
                }
            }
            (Found::File { .. }, spliced) => {
                if config.pointed && spliced.is_none() {
                    self.notes.push(format!(
                        "{CONFIG} is no configuration that firstEp can be set in; it stays as it is"
                    ));
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
                let what = SystemChangeKind::BackedUp(name.clone());
                (&config.fresh, Goes::Kept(name.clone()), what, Some(name))
            }
        };
        self.swap(CONFIG, Comes::Bytes(bytes.clone()), goes, what);
        self.paths.push(PlacedPath {
            path: CONFIG.into(),
            put: Some(wanted::put(bytes)),
            backup,
        });
        Ok(())
    }

    /// SystemChangeKind another version had and this one has not.
    fn drop_others(&mut self, situation: &SystemSituation<'_>) -> Result<()> {
        let recorded = situation.before.map(|before| before.paths.as_slice());
        for placed in recorded.unwrap_or_default() {
            let wanted = |wanted: &WantedPath| wanted.path == placed.path;
            if placed.path == CONFIG || situation.wanted.iter().any(wanted) {
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
                    self.notes.push(format!(
                        "{} changed since it was placed, and stays",
                        placed.path
                    ));
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
                why: "a link of the vendor's".into(),
                movable: true,
            });
            return;
        }
        let name = (situation.backup)(link);
        let what = SystemChangeKind::MovedAway(name.clone());
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

/// SystemChangeKind uninstalling does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct SystemReversal {
    pub(super) swaps: Vec<Swap>,
    /// How many files and links of ours go.
    pub(super) removed: usize,
    /// SystemChangeKind is put back.
    pub(super) restored: Vec<String>,
    /// SystemChangeKind stays, because it is no longer what was placed.
    pub(super) kept: Vec<String>,
}

/// Plans to take away what `receipt` tells, as far as it is still that. `has` tells whether a backup is there.
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
