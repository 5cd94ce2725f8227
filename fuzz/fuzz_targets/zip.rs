#![no_main]

use taos_setup::unpack::Part;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| taos_setup_fuzz::check(Part::Zip, bytes));
