//! What can be installed.

use serde_json::{Value, json};

use crate::install::available::Release;
use crate::tdengine::platform::Platform;

/// `data` of `list --available`.
pub fn available(releases: &[Release], platform: Platform) -> Value {
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
            })
        })
        .collect();
    json!({"platform": platform.to_string(), "available": releases})
}
