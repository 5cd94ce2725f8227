#![no_main]

use taos_setup::fuzzing::lock_file::{LockFormat as Format, LockedProject};

const FORMATS: &[Format] = &[
    Format::PackageLock,
    Format::YarnLock,
    Format::PnpmLock,
    Format::BunLock,
    Format::GoSum,
    Format::GoVendor,
    Format::CargoLock,
    Format::ComposerLock,
    Format::PythonLock,
    Format::PipfileLock,
    Format::NugetLock,
    Format::RenvLock,
];

// Every text is judged, and the same way twice.
libfuzzer_sys::fuzz_target!(|text: &str| {
    for format in FORMATS {
        let _ = format.reader().pins(text, "");
        for member in ["", "a/b"] {
            let project = LockedProject {
                member,
                name: Some("a"),
            };
            let state = || {
                format
                    .reader()
                    .state(text, project, "@tdengine/websocket", "^3.1.0")
            };
            assert_eq!(state(), state(), "{format:?}");
        }
    }
});
