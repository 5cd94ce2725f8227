//! What can be installed.

use serde_json::{Value, json};

use crate::install::available::AvailableRelease;
use crate::tdengine::platform::Platform;

/// `data` of `list --available`.
pub fn available(releases: &[AvailableRelease], platform: Platform, mirror: Option<&str>) -> Value {
    let releases: Vec<Value> = releases
        .iter()
        .map(|release| {
            json!({
                "version": release.version,
                "edition": release.edition,
                "platform": release.platform.to_string(),
                "trust": release.trust,
                "file": release.file,
                "installed": release.installed,
                "known": release.known,
            })
        })
        .collect();
    json!({"platform": platform.to_string(), "mirror": mirror, "available": releases})
}
