//! Facts in, findings out. What each finding means, and its exit code, stands in `manifests/findings.toml`.

pub mod finding;

pub use finding::{Finding, Severity};
