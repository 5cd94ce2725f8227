#![no_main]

use taos_setup::fuzzing::redaction::redact_argument;
use taos_setup::fuzzing::{Target, taos_cfg};

libfuzzer_sys::fuzz_target!(|text: &str| {
    let _ = taos_cfg::entries(text).count();
    let _ = redact_argument(text);
    if let Ok(target) = text.parse::<Target>() {
        let shown = target.to_string();
        assert!(!shown.chars().any(char::is_control), "{shown:?}");
    }
});
