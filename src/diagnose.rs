//! Facts in, findings out. What each finding means, and its exit code, stands in `manifests/findings.toml`.

mod cause_kind;
pub mod codes;
mod description;
pub mod finding;
pub mod id;
pub mod judge;
pub mod judgement;
pub mod manifest;
pub mod merge;
pub mod service;
mod value;

pub use cause_kind::CauseKind;
pub use description::{FindingPlace, describe};
pub use finding::{Finding, Severity};
pub use id::Id;
pub use judgement::{FindingCause, Judgement, Status};
pub use manifest::FindingManifest;
pub use merge::{Diagnosis, FailedCheck, FindingSubject, Neighbors, diagnose};
pub use value::FindingValue;
