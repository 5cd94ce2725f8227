#![no_main]

use taos_setup::fuzzing::ArchiveParser;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| taos_setup_fuzz::check(ArchiveParser::Tar, bytes));
