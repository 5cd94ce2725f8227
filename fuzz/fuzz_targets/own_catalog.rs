#![no_main]

use taos_setup::fuzzing::OwnCatalog;

// What is accepted is the same after it was written.
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(catalog) = OwnCatalog::parse(bytes) {
        assert_eq!(OwnCatalog::parse(catalog.render().as_bytes()), Ok(catalog));
    }
});
