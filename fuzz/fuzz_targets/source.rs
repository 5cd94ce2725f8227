#![no_main]

use taos_setup::fuzzing::deprecated_use::automatic_splices;
use taos_setup::fuzzing::edit::apply_splices;
use taos_setup::fuzzing::{file_kind::Migrations, scan};

const NAMES: [&str; 8] = [
    "A.java",
    "a.kt",
    "a.go",
    "a.cs",
    "a.py",
    "a.xml",
    "a.yml",
    "a.properties",
];

// Any bytes are read and changed without a panic.
libfuzzer_sys::fuzz_target!(|input: (u8, &[u8])| {
    let (at, bytes) = input;
    let name = NAMES[usize::from(at) % NAMES.len()];
    let Some(syntax) = Migrations::built_in().syntax(name) else {
        return;
    };
    let splices = automatic_splices(&scan::find_uses(name, bytes, syntax, None));
    let _ = apply_splices(bytes, splices.iter().collect());
});
