//! The parsers of outside bytes, for the fuzz targets and for tests that compare them with other programs. The crate is a
//! program: nothing else of it is public.

pub mod answers;

pub use crate::catalog::connectors::VersionRules;
pub use crate::catalog::{OwnCatalog, VendorList};
pub use crate::commands::command_line;
pub use crate::driver::{loader_path, machine, needs, run_path, search, taos_cfg};
pub use crate::dsn::{Target, Transport, format, target};
pub use crate::lock::{
    EffectiveSetup, LockFile, LockedConnector, LockedPackage, LockedServer, ProjectSettings,
    SetupEdit, SetupFile, WantedClientSettings, in_effect, required,
};
pub use crate::migrate::{deprecated_use, file_kind, scan};
pub use crate::mirror::{MirrorManifest, seal_line};
pub use crate::project::{
    edit, go_work, lock_file, manifest, nginx_conf, php_ini, pipeline_file, requirement, text,
};
pub use crate::safety::{redaction, secret};
pub use crate::system::env_vars;
pub use crate::tdengine::platform;
pub use crate::unpack::{ArchiveParser, unpack_part};
