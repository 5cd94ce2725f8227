//! Decides what changes together: a driver changes only with the address that it is given, and the other way round.

use std::collections::BTreeMap;

use super::deprecated_use::{ManualReason, UseRole};
use super::tree::FileUses;
use crate::tdengine::transport::Transport;

/// Files that make their directory a module of its own.
const MODULE_FILES: [&str; 5] = [
    "pom.xml",
    "build.gradle",
    "build.gradle.kts",
    "build.sbt",
    "go.mod",
];

type Connection = (&'static str, Transport);

/// What is known of the addresses of one connection in one place.
#[derive(Clone, Copy, Debug, Default)]
struct Addresses {
    automatic: bool,
    manual: bool,
}

impl Addresses {
    const fn is_empty(self) -> bool {
        !self.automatic && !self.manual
    }

    /// Whether a driver can change: its addresses are known, and all change with it.
    const fn all_change(self) -> bool {
        self.automatic && !self.manual
    }
}

/// Leaves to people what would no longer fit together. `modules`: directories with a file of [`MODULE_FILES`], with `/`.
pub fn hold_back(files: &mut [FileUses], modules: &[String]) {
    let mut by_module: BTreeMap<(String, Connection), Addresses> = BTreeMap::new();
    let mut everywhere: BTreeMap<Connection, Addresses> = BTreeMap::new();
    for file in &*files {
        let module = module_of(&file.path, modules);
        for found in &file.uses {
            let counts = match found.kind.role() {
                UseRole::Address => true,
                // A Go program names its driver twice, and both names are one change.
                UseRole::Driver => found.kind.connection().0 == "go" && !found.is_automatic(),
                UseRole::Independent => false,
            };
            if !counts {
                continue;
            }
            let key = (module.to_owned(), found.kind.connection());
            for known in [
                by_module.entry(key).or_default(),
                everywhere.entry(found.kind.connection()).or_default(),
            ] {
                known.automatic |= found.is_automatic();
                known.manual |= !found.is_automatic();
            }
        }
    }
    let drivers_change = |module: &str, connection: Connection| {
        let own = by_module
            .get(&(module.to_owned(), connection))
            .copied()
            .unwrap_or_default();
        let known = if own.is_empty() {
            everywhere.get(&connection).copied().unwrap_or_default()
        } else {
            own
        };
        known.all_change()
    };
    for file in files {
        let module = module_of(&file.path, modules).to_owned();
        let held: Vec<Connection> = file
            .uses
            .iter()
            .filter(|found| found.kind.role() == UseRole::Driver)
            .map(|found| found.kind.connection())
            .filter(|connection| !drivers_change(&module, *connection))
            .collect();
        let mut any = false;
        for found in &mut file.uses {
            let connection = found.kind.connection();
            let is_held = match found.kind.role() {
                UseRole::Driver => held.contains(&connection),
                // In Go a driver takes one form of address alone; in Java the URL names its driver, unless the file names both.
                UseRole::Address if connection.0 == "go" => !drivers_change(&module, connection),
                UseRole::Address => held.contains(&connection),
                UseRole::Independent => false,
            };
            if is_held && found.is_automatic() {
                found.hold(ManualReason::AddressElsewhere);
                any = true;
            }
        }
        if any {
            for (found, shown) in file.uses.iter().zip(&mut file.shown) {
                if !found.is_automatic() {
                    shown.after = None;
                }
            }
        }
    }
}

/// Whether the file `name` makes its directory a module.
pub fn is_module_file(name: &str) -> bool {
    MODULE_FILES.contains(&name)
}

/// The innermost module that has the file `path`; empty if there is none.
fn module_of<'a>(path: &str, modules: &'a [String]) -> &'a str {
    modules
        .iter()
        .filter(|module| {
            module.is_empty()
                || path
                    .strip_prefix(module.as_str())
                    .is_some_and(|rest| rest.starts_with('/'))
        })
        .max_by_key(|module| module.len())
        .map_or("", String::as_str)
}
