//! `taos-setup.toml`, which people write, and `taos-setup.lock`, which [`LockFile`] reads and renders: the client's packages for
//! every platform and the connectors of every project. Neither holds a password or a token; the lock names no host and no mirror.

mod lock_file;
mod nearest_key;
mod search;
mod setup_edit;
mod setup_file;
mod toml_table;

pub use lock_file::{LockFile, LockedConnector, LockedPackage, LockedServer};
pub use search::{EffectiveSetup, in_effect, required};
pub use setup_edit::SetupEdit;
pub use setup_file::{ProjectSettings, SetupFile, WantedClientSettings};

/// The name of the lock.
pub const LOCK_FILE: &str = "taos-setup.lock";
/// The name of the file that people write.
pub const SETUP_FILE: &str = "taos-setup.toml";
