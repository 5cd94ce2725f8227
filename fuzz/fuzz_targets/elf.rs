#![no_main]

use taos_setup::fuzzing::loader_path::add_loader_path;
use taos_setup::fuzzing::run_path::{RunPathEdit, add_origin};
use taos_setup::fuzzing::{machine, needs};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = machine::read(bytes, bytes.len() as u64);
    if let Some((place, flags)) = needs::read(bytes).executable_stack {
        let end = place + flags.len() as u64;
        assert!(end <= bytes.len() as u64, "{place} is not in the file");
    }
    if let Ok(RunPathEdit::Added(new)) = add_origin(bytes) {
        assert_eq!(add_origin(&new), Ok(RunPathEdit::Present));
    }
    if let Ok(RunPathEdit::Added(new)) = add_loader_path(bytes) {
        assert_eq!(add_loader_path(&new), Ok(RunPathEdit::Present));
    }
});
