//! Facts in, findings out. What each finding means, and its exit code, stands in `manifests/findings.toml`.

pub mod codes;
pub mod finding;
pub mod id;
pub mod judge;
pub mod judgement;
pub mod manifest;
pub mod merge;
pub mod service;

pub use finding::{Finding, Severity};
pub use id::Id;
pub use judgement::{Cause, Judgement, Status};
pub use manifest::Manifest;
pub use merge::{Diagnosis, Stop, Subject, diagnose};
