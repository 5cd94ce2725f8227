#![no_main]

use taos_setup::fuzzing::deprecated_use::{Replacement, apply};
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
    let splices: Vec<_> = scan::find_uses(bytes, syntax)
        .into_iter()
        .filter_map(|found| match found.replacement {
            Replacement::Automatic(splices) => Some(splices),
            Replacement::Manual(_) => None,
        })
        .flatten()
        .collect();
    let _ = apply(bytes, &splices);
});
