#![no_main]

use taos_setup::scaffold::manifest::{Format, Requirement, text};

const WANTED: [(Format, Requirement<'_>); 2] = [
    (
        Format::GoMod,
        Requirement {
            package: "github.com/taosdata/driver-go/v3",
            version: "v3.7.8",
            runtime: "1.21",
        },
    ),
    (
        Format::RequirementsTxt,
        Requirement {
            package: "taospy",
            version: "2.8.9",
            runtime: "3.8",
        },
    ),
];

// What is inserted leaves all other bytes as they were, and a second run changes nothing.
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Ok(old) = text::decode(bytes) else { return };
    for (format, requirement) in WANTED {
        let Ok(edit) = format.edit(old, requirement) else {
            continue;
        };
        let new = edit.apply(old);
        let again = format
            .edit(&new, requirement)
            .expect("what was written is read");
        assert_eq!(again.insertion, None, "{new:?}");
    }
});
