#![no_main]

use taos_setup::fuzzing::{MirrorManifest, seal_line};

// What is accepted is written as it was read. With the right last line, the others are read, too.
libfuzzer_sys::fuzz_target!(|lines: &[u8]| {
    let sealed = [lines, seal_line(lines).as_bytes()].concat();
    for bytes in [lines, &sealed] {
        if let Ok(manifest) = MirrorManifest::parse(bytes) {
            assert_eq!(manifest.render().as_bytes(), bytes);
        }
    }
});
