#![no_main]

use taos_setup::fuzzing::MirrorManifest;

// What is accepted is written as it was read.
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(manifest) = MirrorManifest::parse(bytes) {
        assert_eq!(manifest.render().as_bytes(), bytes);
    }
});
