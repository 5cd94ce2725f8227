#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    taos_setup_fuzz::memory::limited(|| taos_setup::fuzzing::answers::inventory(bytes));
});
