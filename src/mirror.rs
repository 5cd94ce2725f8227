//! Mirrors for machines without internet: a directory with client packages and all that projects need, which a manifest describes.

mod cargo_index;
pub mod check;
mod closure;
pub mod create;
mod entry_path;
mod fault;
mod index;
mod manifest;
mod npm_document;
mod part;
mod project_copy;
mod publication;
mod pypi;
pub mod serve;
mod settings;
mod stored;
mod sums;
mod tool;
pub mod verify;
mod walk;

pub use closure::{ProjectJob, remove_rendered};
pub use manifest::{MirrorManifest, seal_line};
pub use settings::MirrorBase;
