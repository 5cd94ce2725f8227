//! A plan of file changes for a project: templates rendered, manifests edited in place, shown as a diff or applied whole.
//! Planning reads and changes nothing; [`apply`] is the only file that writes.

pub mod apply;
pub mod diff;
pub mod language;
pub mod lock_file;
pub mod manifest;
pub mod plan;
pub mod project_file;
pub mod render;
