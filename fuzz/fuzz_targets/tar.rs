#![no_main]

use taos_setup::fuzzing::Part;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| taos_setup_fuzz::check(Part::Tar, bytes));
