#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = taos_setup::fuzzing::VendorList::parse(bytes);
});
