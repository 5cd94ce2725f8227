#![no_main]

use taos_setup::fuzzing::lock_file::{Format, Project};

const FORMATS: [Format; 8] = [
    Format::PackageLock,
    Format::YarnLock,
    Format::PnpmLock,
    Format::BunLock,
    Format::GoSum,
    Format::GoVendor,
    Format::CargoLock,
    Format::PythonLock,
];

// Every text is judged, and the same way twice.
libfuzzer_sys::fuzz_target!(|text: &str| {
    for format in FORMATS {
        for member in ["", "a/b"] {
            let project = Project {
                member,
                name: Some("a"),
            };
            let state = || format.state(text, project, "@tdengine/websocket", "^3.1.0");
            assert_eq!(state(), state(), "{format:?}");
        }
    }
});
